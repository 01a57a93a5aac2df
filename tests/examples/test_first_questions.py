"""The first questions: well-formed, every answer computed anew by code that has nothing to do with the file, and the suite made of them."""

import itertools
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from codeact import Session
from codeact.bench.checks import check
from codeact.bench.suite import Suite, read
from codeact.bench.task import Task
from examples.answers import arithmetic, dates, files, lists, text

EXAMPLES = Path(__file__).parents[2] / "examples"
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in (EXAMPLES / "first_questions.jsonl").read_text().splitlines()]
FIELDS = ["id", "prompt", "tools", "files", "answer", "check", "tolerance", "tags"]
KINDS = {
    "arithmetic": arithmetic.ANSWERS,
    "dates": dates.ANSWERS,
    "strings": text.ANSWERS,
    "statistics": lists.ANSWERS,
    "file": files.ANSWERS,
}
ANSWERS = {name: answer for answers in KINDS.values() for name, answer in answers.items()}


@pytest.fixture(scope="module")
def suite() -> Suite:
    return read(EXAMPLES / "suites" / "first_questions")


def same(found: Any, computed: Any) -> bool:
    if isinstance(computed, list):
        return len(found) == len(computed) and all(itertools.starmap(same, zip(found, computed, strict=True)))
    if isinstance(computed, str):
        return found == computed
    return math.isclose(found, computed, rel_tol=1e-9, abs_tol=0.0)


def test_the_questions_have_the_fields_of_a_suite_and_different_ids_and_words() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len({question["prompt"] for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert list(question) == FIELDS
        assert question["check"] in ("exact", "number", "list", "set")
        assert (question["tolerance"] is not None) == (question["check"] == "number")
        assert question["tags"][0] in KINDS
        assert question["id"].startswith(f"{question['tags'][0]}-")


def test_there_are_enough_of_each_kind() -> None:
    counted = Counter(question["tags"][0] for question in QUESTIONS)
    assert len(QUESTIONS) >= 210
    assert counted["file"] >= 30
    assert min(counted[kind] for kind in KINDS if kind != "file") >= 45


def test_a_question_about_a_file_names_it_and_the_file_is_there() -> None:
    there = {f"files/{path.name}" for path in (EXAMPLES / "files").iterdir()}
    assert {name for question in QUESTIONS for name in question["files"]} == there
    for question in QUESTIONS:
        assert question["files"] == [name for name in sorted(there) if Path(name).name in question["prompt"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_is_what_independent_code_computes(question: dict[str, Any]) -> None:
    computed = ANSWERS[question["id"]]()
    if question["check"] == "set":
        assert sorted(question["answer"]) == sorted(computed)
    else:
        assert same(question["answer"], computed)


def test_every_answer_has_its_question() -> None:
    assert [name for kind, answers in KINDS.items() for name in answers if not name.startswith(f"{kind}-")] == []
    assert set(ANSWERS) == {question["id"] for question in QUESTIONS}


@pytest.mark.parametrize(
    "amounts",
    [
        files.units_by_region().values(),
        files.money_by_product().values(),
        [count for _, count in files.common_words()],
        map(len, files.diary().values()),
        map(len, set(files.words())),
        files.column("year"),
        Counter(lists.MODE).values(),
        Counter(lists.VOTES).values(),
        Counter("bookkeeper").values(),
        [abs(number - 53) * -1 for number in (48, 61, 55, 39, 70)],
    ],
    ids=["region", "best", "common", "line", "word", "year", "mode", "votes", "letter", "closest"],
)
def test_what_is_the_most_of_its_kind_is_not_tied(amounts: Any) -> None:
    first, second = sorted(amounts, reverse=True)[:2]
    assert first > second


def test_the_oldest_book_is_not_tied() -> None:
    first, second = sorted(files.column("year"))[:2]
    assert first < second


def test_the_suite_has_the_questions_as_they_are_but_for_their_files(suite: Suite) -> None:
    assert suite.manifest.formats == ("code",)
    for task, question in zip(suite.tasks, QUESTIONS, strict=True):
        assert (task.id, task.prompt, task.answer, task.check) == tuple(question[key] for key in ("id", "prompt", "answer", "check"))
        assert task.tools == task.files == ()


def test_the_suite_gives_a_question_its_files_under_their_bare_names(suite: Suite, tmp_path: Path) -> None:
    for task, question in zip(suite.tasks, QUESTIONS, strict=True):
        aside = tmp_path / task.id
        aside.mkdir()
        paths = suite.files(task, aside)
        assert [path.name for path in paths] == [Path(name).name for name in question["files"]]
        assert [path.read_bytes() for path in paths] == [(EXAMPLES / name).read_bytes() for name in question["files"]]


def code_of(suite: Suite, task: Task) -> str:
    policy = suite.policy(task, "code")
    assert policy is not None
    code = next(policy)
    assert isinstance(code, str)
    return code


@pytest.mark.parametrize("kind", KINDS)
def test_the_oracle_computes_every_answer_of_a_kind_and_holds_none(kind: str, suite: Suite) -> None:
    tasks = [task for task in suite.tasks if task.domain == kind]
    codes = [code_of(suite, task) for task in tasks]
    with Session(preload=(), checkpoints=False) as session:
        for path in files.FILES.iterdir():
            session.add_file(path)
        lines = session.run("\n".join(codes)).stdout.splitlines()  # each prints one
    for task, code, line in zip(tasks, codes, lines, strict=True):
        assert f"print({task.answer!r})" not in code
        assert check(task.check, line, task.answer, task.tolerance).success, task.id
