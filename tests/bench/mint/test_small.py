"""The small suite of our own: its oracle does all of it, and who does not try does none."""

from pathlib import Path

import pytest

from codeact import config
from codeact.bench.plan import plan
from codeact.bench.results import Result
from codeact.bench.runner import Runner
from codeact.bench.suite import read

SUITE = read("mint-small")
SETTINGS = config.Settings.model_validate({"preload": ()})


async def run(out: Path, model: str, *formats: str, repeats: int = 1, tasks: list[str] | None = None) -> list[Result]:
    """All results of a baseline."""
    what = plan(SUITE, SETTINGS, models=[model], formats=formats, repeats=repeats, tasks=tasks)
    return await Runner(what, SUITE, SETTINGS, out, jobs=4).arun()


def test_it_has_tasks_of_each_kind() -> None:
    assert len(SUITE.tasks) == 24
    assert {task.domain for task in SUITE.tasks} == {"sums", "choice", "mathematics", "code", "house", "facts"}


def test_a_choice_is_one_of_ten() -> None:
    assert {len(task.data["options"]) for task in SUITE.tasks if task.domain == "choice"} == {10}  # type: ignore[arg-type]  # a dict


@pytest.mark.parametrize("format", ["code", "json", "text"])
async def test_the_oracle_does_all_tasks(tmp_path: Path, format: str) -> None:
    results = await run(tmp_path, "oracle", format)
    assert [result.task for result in results if not result.score.success] == []


async def test_silence_is_worth_nothing(tmp_path: Path) -> None:
    some = ["bakery", "residue", "urn", "runs", "cup", "river"]
    assert not any(result.score.success for result in await run(tmp_path, "silent", "code", tasks=some))


async def test_guesses_are_worth_next_to_nothing(tmp_path: Path) -> None:
    results = await run(tmp_path, "guess", "code", repeats=2)
    assert sum(result.score.success for result in results) < 0.05 * len(results)


async def test_code_needs_fewer_turns_than_calls_in_a_house(tmp_path: Path) -> None:
    code, calls = await run(tmp_path, "oracle", "code", "json", tasks=["egg"])
    assert code.turns < calls.turns
