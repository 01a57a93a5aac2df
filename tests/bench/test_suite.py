"""Folders of tasks as users write them, right and wrong."""

import json
import shutil
from pathlib import Path

import pytest

from codeact import events
from codeact.bench import suite as suites
from codeact.bench.suite import Suite, limits_of
from codeact.errors import InputError

ERRANDS = Path(__file__).parents[2] / "examples" / "suites" / "errands"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example, to be broken."""
    return shutil.copytree(ERRANDS, tmp_path / "errands", ignore=shutil.ignore_patterns("__pycache__"))


def with_task(folder: Path, **fields: object) -> Path:
    """Add a task."""
    task = {"id": "new", "prompt": "What?", "answer": "x", **fields}
    with (folder / "tasks.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(task) + "\n")
    return folder


def test_the_example_is_read(tmp_path: Path) -> None:
    suite = suites.read(ERRANDS)
    assert [task.id for task in suite.tasks] == ["cheapest", "basket", "above", "note"]
    assert [tool.__name__ for tool in suite.tools(suite.tasks[0])] == ["get_price"]
    assert suite.tools(suite.tasks[3]) == []
    assert suite.files(suite.tasks[3], tmp_path) == [ERRANDS / "files" / "letter.txt"]
    assert suite.tasks[0].domain == "prices"
    assert suite.has_oracle
    assert suite.rule().answers == 1
    assert suite.rule("retry").answers == 3


def test_a_folder_that_is_no_suite_is_named_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no suite .* name one of m3"):
        suites.read(tmp_path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"check": "exactly"}, "no check 'exactly'"),
        ({"check": "python:nothing"}, "no function 'nothing'"),
        ({"prompt": ""}, "line 5: prompt"),
        ({"promt": "What?"}, "line 5: promt"),
        ({"id": "basket"}, "another task with the id 'basket'"),
        ({"files": ["../oracle.py"]}, "leads out of the folder files/"),
        ({"files": ["/etc/passwd"]}, "leads out of the folder files/"),
        ({"formats": ["xml"]}, "line 5: formats"),
        ({"tolerance": {"rel": -1}}, "tolerance.rel"),
    ],
)
def test_a_wrong_task_is_an_error_that_says_where_and_what(folder: Path, fields: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        suites.read(with_task(folder, **fields))


def test_a_line_that_is_not_json_is_named(folder: Path) -> None:
    with (folder / "tasks.jsonl").open("a", encoding="utf-8") as file:
        file.write("{no\n")
    with pytest.raises(InputError, match=r"tasks.jsonl', line 5 is not JSON"):
        suites.read(folder)


def test_a_line_ends_at_a_line_feed_and_at_no_other_character(folder: Path) -> None:
    text = "one\u2028two\u2029three\x85four"
    task = {"id": "lines", "prompt": text, "answer": "x"}
    with (folder / "tasks.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(task, ensure_ascii=False)}\n")
    assert suites.read(folder).tasks[-1].prompt == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = 5", "name: .*it is 5"),
        ("nam = 'x'", "nam"),
        ("name = ", "mend it"),
        ("name = 'x'\nformats = ['xml']", "formats"),
        ("name = 'x'\n[modules]\ntool = 'x.py'", "modules.tool is none of the parts"),
        ("name = 'x'\n[modules]\ntools = 'y.py'", "which is not there"),
        ("name = 'x'\n[rules.one]\nanswers = 0", "rules.one.answers"),
    ],
)
def test_a_wrong_manifest_is_an_error_that_shows_the_value(folder: Path, text: str, words: str) -> None:
    (folder / "suite.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        suites.read(folder)


def test_a_module_that_cannot_be_loaded_is_named(folder: Path) -> None:
    (folder / "tools.py").write_text("import nothing_like_it", encoding="utf-8")
    with pytest.raises(InputError, match=r"tools.py' cannot be loaded"):
        suites.read(folder)


def test_a_tool_or_file_that_is_not_there_is_named_with_its_task(folder: Path, tmp_path: Path) -> None:
    suite = suites.read(with_task(folder, tools=["get_prize"], files=["nothing.txt"]))
    with pytest.raises(InputError, match=r"the task 'new' names the tool 'get_prize'; .* has: get_price"):
        suite.tools(suite.tasks[-1])
    with pytest.raises(InputError, match=r"the task 'new' needs the file .*nothing.txt"):
        suite.files(suite.tasks[-1], tmp_path)


def test_tools_with_state_are_made_anew_for_each_attempt(folder: Path) -> None:
    (folder / "tools.py").write_text(
        "def make_tools(task):\n    seen = []\n"
        "    def note(word: str) -> int:\n        seen.append(word)\n        return len(seen)\n    return [note]\n",
        encoding="utf-8",
    )
    suite = suites.read(with_task(folder))
    first, second = suite.tools(suite.tasks[-1]), suite.tools(suite.tasks[-1])
    assert [first[0]("a"), first[0]("b"), second[0]("c")] == [1, 2, 1]


def test_tasks_can_be_made_by_a_function_with_a_seed_and_options(folder: Path) -> None:
    (folder / "tasks.py").write_text(
        "def make_tasks(data, seed, count=1):\n    return [{'id': f'{seed}-{n}', 'prompt': 'x', 'answer': 'x'} for n in range(count)]\n",
        encoding="utf-8",
    )
    made = suites.read(folder, seed=7, options={"count": 3})
    assert [task.id for task in made.tasks] == ["7-0", "7-1", "7-2"]
    assert made.fingerprint != suites.read(folder, seed=8, options={"count": 3}).fingerprint
    with pytest.raises(InputError, match="make_tasks has no option 'amount'"):
        suites.read(folder, options={"amount": 3})


def test_bounds_come_from_the_settings_the_suite_the_rule_and_the_user_the_last_winning() -> None:
    suite = suites.read(ERRANDS)
    assert limits_of(suite, suite.rule(), events.Limits(seconds=5)).model_dump(include={"turns", "seconds"}) == {"turns": 8, "seconds": 5}
    assert limits_of(suite, suite.rule(), events.Limits(), {"turns": 3, "seconds": None}).turns == 3
    with pytest.raises(InputError, match="limits of the suite 'errands': turns"):
        limits_of(suite, suite.rule(), events.Limits(), {"turns": "many"})


def test_an_unknown_rule_or_grading_is_named_with_those_that_there_are() -> None:
    suite: Suite = suites.read(ERRANDS)
    with pytest.raises(InputError, match="no rule 'mild'; it has: strict, retry"):
        suite.rule("mild")
    with pytest.raises(InputError, match="no grading 'mild'; it has: none"):
        suite.grading("mild")


def test_a_rule_may_take_any_number_of_answers_but_not_none_at_all(folder: Path) -> None:
    manifest = folder / "suite.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("answers = 3", 'answers = "any"'), encoding="utf-8")
    assert suites.read(folder).rule("retry").answers is None
    for wrong in ("0", '"many"'):
        manifest.write_text(text.replace("answers = 3", f"answers = {wrong}"), encoding="utf-8")
        with pytest.raises(InputError, match=r"rules\.retry\.answers"):
            suites.read(folder)


def test_a_format_does_without_the_tools_that_are_spared_in_it(folder: Path) -> None:
    with (folder / "suite.toml").open("a", encoding="utf-8") as file:
        file.write('\n[spared]\ncode = ["get_price"]\n')
    suite = suites.read(folder)
    task = suite.tasks[0]
    assert suite.tools(task, "code") == []
    assert [tool.__name__ for tool in suite.tools(task, "json")] == [tool.__name__ for tool in suite.tools(task)] == ["get_price"]


def test_an_oracle_that_wants_to_know_is_told_whether_it_may_make_one_call_a_turn(folder: Path) -> None:
    oracle = folder / "oracle.py"
    text = oracle.read_text(encoding="utf-8")
    oracle.write_text(text + "\n\ndef calls(task, *, single=False):\n    yield []\n    return single\n", encoding="utf-8")
    suite = suites.read(folder)
    for single in (False, True):
        policy = suite.policy(suite.tasks[0], "json", single=single)
        assert policy is not None
        assert next(policy) == []
        with pytest.raises(StopIteration) as end:
            policy.send([])  # type: ignore[arg-type]
        assert end.value.value is single
