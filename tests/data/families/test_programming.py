"""How functions that are written are graded."""

import asyncio
from pathlib import Path

import pytest

from codeact import config
from codeact.bench.grading import sandbox_of
from codeact.bench.task import Score, Task
from codeact.data.catalogue import family
from codeact.data.families.programming.writing import written

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
