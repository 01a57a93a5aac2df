"""A suite's own checks: what they are given, what they may return, and what becomes of their mistakes."""

import shutil
from pathlib import Path

import pytest

from codeact import config, events
from codeact.bench import suite as suites
from codeact.bench.grading import Grader, sandbox_of
from codeact.errors import InputError

ERRANDS = Path(__file__).parents[2] / "examples" / "suites" / "errands"
SANDBOX = sandbox_of(config.Settings.model_validate({"preload": ()}), events.Limits())


def grader(tmp_path: Path, code: str) -> Grader:
    """Of a suite whose check `mine` has this code."""
    folder = shutil.copytree(ERRANDS, tmp_path / "suite", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "checks.py").write_text(code, encoding="utf-8")
    (folder / "tasks.jsonl").write_text('{"id": "one", "prompt": "What?", "answer": 5, "check": "python:mine"}\n', encoding="utf-8")
    suite = suites.read(folder)
    return Grader(suite, suite.tasks[0], ["a tool"], SANDBOX)


async def test_a_check_gets_what_its_parameters_name_and_may_say_yes_or_no(tmp_path: Path) -> None:
    code = (
        "def mine(answer, task, workspace, tools):\n"
        "    return answer == '5' and task.answer == 5 and workspace.name == 'w' and tools == ['a tool']\n"
    )
    grade = grader(tmp_path, code)
    assert (await grade("5", Path("/w"))).success
    assert not (await grade("6", Path("/w"))).success


async def test_a_check_may_run_what_the_model_wrote_in_a_sandbox(tmp_path: Path) -> None:
    code = (
        "async def mine(answer, sandbox):\n"
        "    seen = await sandbox(answer + '\\nimport os; print(os.getppid(), double(4))')\n"
        "    return seen.stdout.split()[-1:] == ['8']\n"
    )
    grade = grader(tmp_path, code)
    assert (await grade("def double(x):\n    return 2 * x", None)).success
    assert not (await grade("def double(x):\n    return x", None)).success


async def test_a_check_of_the_end_is_asked_even_if_there_is_no_answer(tmp_path: Path) -> None:
    grade = grader(tmp_path, "def mine(answer, tools):\n    return answer is None and bool(tools)\n")
    assert (await grade(None, None)).success


async def test_an_answer_that_is_missing_is_wrong_for_every_check_that_comes_with_codeact() -> None:
    suite = suites.read(ERRANDS)
    score = await Grader(suite, suite.tasks[0], (), SANDBOX)(None, None)
    assert not score.success
    assert score.reason == "there is no answer"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def mine(answer):\n    return 1 / 0\n", "failed on task 'one': ZeroDivisionError"),
        ("def mine(answer):\n    return 'yes'\n", "returned 'yes'; let it return a Score or a bool"),
        ("def mine(reply):\n    return True\n", "has a parameter 'reply'; it may have: answer, task"),
    ],
)
async def test_a_mistake_of_a_check_is_an_error_that_names_it(tmp_path: Path, code: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        await grader(tmp_path, code)("5", None)
