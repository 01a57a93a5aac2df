"""Whole runs of the example suite with scripted models: what they find, how they go on, how they end."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from codeact import config, events
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.plan import Plan
from codeact.bench.results import Result, ResultFile, read
from codeact.bench.runner import Runner, slug
from codeact.bench.task import Score
from codeact.errors import InputError, ModelError
from codeact.trajectory import load

ERRANDS = Path(__file__).parents[2] / "examples" / "suites" / "errands"
SUITE = suites.read(ERRANDS)
SETTINGS = config.Settings.model_validate({"preload": ()})
COMMAND = [
    sys.executable,
    "-m",
    "codeact.cli.main",
    "bench",
    str(ERRANDS),
    "--model",
    "flawed:0.3",
    "--no-baselines",
    "--repeats",
    "4",
    "--quiet",
]


def planned(*models: str, **more: Any) -> Plan:
    """A plan of the example."""
    formats = more.pop("formats", ["code", "json", "text"])
    return plans.plan(SUITE, SETTINGS, models=models, formats=formats, **more)


async def run(plan: Plan, out: Path, *, jobs: int = 2, settings: config.Settings = SETTINGS) -> dict[tuple[str, str, str, int], Result]:
    """Its results by key."""
    return {result.key: result for result in await Runner(plan, SUITE, settings, out, jobs).arun()}


def timeless(folder: Path) -> list[dict[str, Any]]:
    """Results without what differs from run to run."""
    return [result.model_dump(exclude={"seconds", "waited"}) for result in read(folder / "results.jsonl")]


async def test_the_oracle_is_right_the_silent_one_is_not_and_each_has_its_record(tmp_path: Path) -> None:
    results = await run(planned("oracle", "silent", "guess"), tmp_path / "out")
    assert len(results) == 3 * (3 * 3 + 1)
    oracle = [result for result in results.values() if result.model == "oracle"]
    assert [result.key for result in oracle if not result.score.success] == []
    assert {result.turns for result in oracle} == {2}
    silent = [result for result in results.values() if result.model == "silent"]
    assert {(result.score.success, result.state, result.failure) for result in silent} == {(False, "gave_up", "format")}
    guessed = [result for result in results.values() if result.model == "guess"]
    assert {result.state for result in guessed} == {"answered"}
    for result in results.values():
        ended = load(tmp_path / "out" / result.trajectory).last(events.RunEnded)
        assert ended is not None
        assert ended.state == result.state


async def test_the_first_answer_counts_by_the_strict_rule_and_may_be_mended_by_the_other(tmp_path: Path) -> None:
    flawed = "flawed:0.5"
    strict = await run(planned(flawed, formats=["code"], repeats=6), tmp_path / "strict")
    retry = await run(planned(flawed, formats=["code"], repeats=6, rule="retry"), tmp_path / "retry")
    assert {result.answers for result in strict.values()} <= {0, 1}
    mended = [key for key, result in retry.items() if result.score.success and not result.first]
    assert mended
    assert not any(strict[key].score.success for key in mended)
    told = load(tmp_path / "retry" / retry[mended[0]].trajectory)
    assert next(event.text for event in told.of_type(events.Feedback) if event.reason == "answer_rejected") == "Your answer is wrong."
    assert "You may answer 3 times." in told.messages[1].content


async def test_no_right_answer_ever_enters_the_record_before_it_was_given(tmp_path: Path) -> None:
    results = await run(planned("guess", formats=["code"]), tmp_path / "out")
    for result in results.values():
        record = load(tmp_path / "out" / result.trajectory)
        assert str(next(task.answer for task in SUITE.tasks if task.id == result.task)) not in record.messages[0].content


async def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    plan, out = planned("oracle", formats=["code"]), tmp_path / "out"
    before = await run(plan, out)
    lines = (out / "results.jsonl").read_text().splitlines(keepends=True)
    (out / "results.jsonl").write_text("".join(lines[:2]) + lines[2][:40])  # killed while it wrote the third
    told: list[tuple[str, int, int]] = []
    after = await Runner(plan, SUITE, SETTINGS, out, 1, lambda result, done, total: told.append((result.task, done, total))).arun()
    assert [(done, total) for _, done, total in told] == [(3, 4), (4, 4)]
    assert [result.score for result in after] == [result.score for result in before.values()]
    assert (out / "results.jsonl").read_text().splitlines(keepends=True)[:2] == lines[:2]


async def test_the_scores_do_not_depend_on_how_many_run_side_by_side(tmp_path: Path) -> None:
    plan = planned("flawed:0.3", repeats=2)
    await run(plan, tmp_path / "one", jobs=1)
    await run(plan, tmp_path / "many", jobs=5)
    assert timeless(tmp_path / "one") == timeless(tmp_path / "many")


def test_a_bench_killed_at_three_moments_ends_with_the_results_of_one_that_was_not(tmp_path: Path) -> None:
    environment = {**os.environ, "CODEACT_PRELOAD": "[]"}
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run([*COMMAND, "--out", str(whole)], env=environment, check=True, timeout=120)
    chance, seen = random.Random(3), 0
    for _ in range(3):
        wanted = seen + chance.randrange(2, 9)
        process = subprocess.Popen([*COMMAND, "--out", str(killed)], env=environment)
        while process.poll() is None and len(_lines(killed)) < wanted:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen = len(_lines(killed))
    assert seen < len(_lines(whole))
    subprocess.run([*COMMAND, "--out", str(killed)], env=environment, check=True, timeout=120)
    assert len(_lines(killed)) == len(_lines(whole)) == 40
    assert timeless(killed) == timeless(whole)
    assert not list(killed.rglob("*.files"))  # the tasks' files, of the attempts that were cut short too
    assert (killed / "scores.json").read_bytes() == (whole / "scores.json").read_bytes()


def _lines(folder: Path) -> list[bytes]:
    path = folder / "results.jsonl"
    return path.read_bytes().splitlines() if path.exists() else []


async def test_a_folder_with_another_plan_is_refused_with_the_difference(tmp_path: Path) -> None:
    await run(planned("silent", formats=["code"]), tmp_path / "out")
    with pytest.raises(InputError, match=r"another plan: its models is \('silent',\), not \('guess',\)"):
        await run(planned("guess", formats=["code"]), tmp_path / "out")


async def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else than results"):
        await run(planned("silent", formats=["code"]), tmp_path)
    assert os.listdir(tmp_path) == ["letter.txt"]  # noqa: PTH208 -- names, no paths


async def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    plan = planned("oracle", formats=["code"], repeats=5)
    begun = asyncio.Event()
    first = asyncio.create_task(Runner(plan, SUITE, SETTINGS, tmp_path, 1, lambda *_: begun.set()).arun())
    await begun.wait()
    with pytest.raises(InputError, match="is in use"):
        await run(plan, tmp_path)
    assert len(await first) == 20


async def test_a_model_that_cannot_be_reached_ends_the_run_and_no_attempt_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    settings = SETTINGS.model_copy(update={"base_url": "http://127.0.0.1:9/v1"})
    plan = plans.plan(SUITE, settings, models=["silent", "openai:nobody"], formats=["code"])
    with pytest.raises(ModelError):
        await Runner(plan, SUITE, settings, tmp_path, 2).arun()
    assert {result.model for result in read(tmp_path / "results.jsonl")} == {"silent"}


@pytest.mark.parametrize(
    ("models", "more", "words"),
    [
        (["nobody"], {}, "no model is called 'nobody'"),
        (["flawed:2"], {}, "needs a rate between 0 and 1"),
        (["silent", "silent"], {}, "one of the models is named twice"),
        (["silent"], {"formats": ["xml"]}, "cannot be done in 'xml'"),
        (["silent"], {"tasks": ["nothing"]}, "has no task 'nothing'"),
        (["silent"], {"rule": "mild"}, "no rule 'mild'"),
        ([], {}, "the plan's models"),
    ],
)
def test_a_plan_that_cannot_be_run_is_refused_before_anything_is(models: list[str], more: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        planned(*models, **more)


def test_a_broken_line_of_the_results_is_named(tmp_path: Path) -> None:
    result = Result(model="m", format="code", task="t", repeat=0, state="answered", score=Score.of(True))
    path = tmp_path / "results.jsonl"
    path.write_text(f"{result.model_dump_json()}\n{{}}\n{result.model_dump_json()}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2 is no result"):
        ResultFile(path)


def test_names_of_files_differ_where_names_do() -> None:
    assert slug("local") == "local"
    assert slug("openai:a/b") != slug("openai:a-b")
    assert "/" not in slug("../..")
    assert slug("../..") not in (".", "..")
