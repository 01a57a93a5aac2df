"""How functions that are written are graded."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from codeact import config
from codeact.bench.grading import sandbox_of
from codeact.bench.task import Score, Task
from codeact.data.catalogue import FAMILIES, family
from codeact.data.families.programming.writing import written
from codeact.data.phrasing import expansions

SETTINGS = config.Settings.model_validate({"preload": ()})
TASK = Task(
    id="double",
    prompt="Write it.",
    check="python:written",
    answer={"name": "double", "tests": "assert double(2) == 4\nassert double(-1) == -2", "filed": True},
)


def _graded(answer: str | None, workspace: Path | None, task: Task = TASK) -> Score:
    return asyncio.run(written(answer, task, workspace, sandbox_of(SETTINGS, SETTINGS.limits)))


def test_a_right_function_in_the_file_passes_the_hidden_tests(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def double(n):\n    return 2 * n\n")
    assert _graded("done", tmp_path).success


def test_a_function_that_fits_one_example_only_fails_them(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def double(n):\n    return 4\n")
    assert not _graded("done", tmp_path).success


def test_no_file_and_a_link_are_no_solution(tmp_path: Path) -> None:
    assert "no file" in _graded("done", tmp_path).reason
    (tmp_path / "elsewhere.py").write_text("def double(n):\n    return 2 * n\n")
    (tmp_path / "solution.py").symlink_to(tmp_path / "elsewhere.py")
    assert "no file" in _graded("done", tmp_path).reason


def test_an_answer_that_is_not_done_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def double(n):\n    return 2 * n\n")
    assert not _graded("I saved it somewhere", tmp_path).success
    assert not _graded(None, tmp_path).success


def test_the_code_may_be_the_answer_itself() -> None:
    task = TASK.model_copy(update={"answer": {"name": "double", "tests": "assert double(2) == 4", "filed": False}})
    assert _graded("def double(n):\n    return n + n", None, task).success
    assert not _graded("def double(n):\n    return n", None, task).success


@pytest.mark.parametrize("name", ["write-numbers", "write-words", "write-text", "write-whole", "repair"])
def test_an_answer_in_code_never_holds_what_would_end_it(name: str) -> None:
    for number in range(40):
        made = family(f"programming/{name}").instance("train", 0, number)
        policy = made.code()
        next(policy)
        with pytest.raises(StopIteration) as ended:
            policy.send("")
        assert "<" not in ended.value.value


WRITTEN = [one.name for one in FAMILIES if one.name.startswith("programming/write-")]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_hidden_tests_are_not_passed_by_a_function_that_always_returns_the_same_or_what_it_was_given(name: str) -> None:
    one = family(name)
    for number in range(60):
        answer: Any = one.instance("unseen-tools" if one.held_out else "train", 3, number).answer
        hidden = answer["tests"].splitlines()[2:]  # the first two are shown
        cases = [line.removeprefix(f"assert {answer['name']}(").rpartition(") == ") for line in hidden]
        assert len({result for _, _, result in cases}) > 1, hidden
        assert any(argument != result for argument, _, result in cases), hidden


def test_a_function_that_tells_primes_is_tried_on_numbers_of_both_kinds() -> None:
    asked = [family("programming/write-whole").instance("train", 3, number) for number in range(100)]
    tests = [str(one.answer) for one in asked if "prime" in one.prompt]
    assert tests
    assert all(each.count("== False") >= 3 and each.count("== True") >= 3 for each in tests)


def test_no_bound_on_the_length_of_words_keeps_all_words_or_none() -> None:
    asked = [family("programming/write-words").instance("train", 3, number) for number in range(300)]
    bounds = {int(found[1]) for one in asked if (found := re.search(r"longer than (\d) letters", one.prompt))}
    lengths = {len(word) for one in asked for word in re.findall(r"'(\w+)'", one.prompt.partition("Example")[2])}
    assert bounds and min(lengths) <= min(bounds) and max(bounds) < max(lengths)


def test_pairs_are_always_told_to_be_of_places() -> None:
    one = family("programming/pairs")
    said = {wording for template in one.phrasings for wording in expansions(template)}
    assert not [wording for wording in said if "Each pair counts once" in wording]
