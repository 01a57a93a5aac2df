"""Plays the recorded runs of a folder, several at a time, and goes on where it was stopped.

Invariant: each run is played once, and its line is on disk before it counts. It does not: print anything.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from codeact import config, errors
from codeact.bench.recorded.lines import PlayedFile, PlayedRun
from codeact.bench.recorded.playing import Stage, play_run
from codeact.bench.recorded.record import RecordedRun, read
from codeact.bench.recorded.report import Report
from codeact.bench.recorded.web import Searches
from codeact.bench.suite import Suite
from codeact.bench.task import Task

PLAYED = "recorded.jsonl"
"""The file in the folder `out`."""

OnProgress = Callable[[PlayedRun, int, int], object]


async def play(
    folder: Path,
    *,
    suite: Suite,
    out: Path,
    settings: config.Settings,
    models: Collection[str] | None = None,
    subsets: Collection[str] | None = None,
    limit: int | None = None,
    jobs: int = 2,
    on_progress: OnProgress | None = None,
) -> Report:
    """Play recorded runs, and say how they compare.

    Args:
        folder: holds MODEL/DOMAIN/SUBSET/results.jsonl.
        suite: has their tasks, each with its subset as its first tag.
        out: folder for the file of what was played; one that is there is gone on with.
        settings: of the sessions.
        models: only of these; None: of all.
        subsets: only of these; None: of all.
        limit: only so many runs of each model in each subset; None: all.
        jobs: how many at a time.
        on_progress: told of each run that was played, how many are done, and how many there are.

    Raises:
        InputError: the record, the suite or `out` cannot be used.
        SessionError: the sandbox cannot be had; what is done is kept.
    """
    everything = read(folder)
    wanted = set(read(folder, models, subsets))
    chosen = list(_first([run for run in everything if run in wanted], limit))
    tasks = match(suite, chosen)
    stage = Stage(suite, Searches(everything), settings)
    file = PlayedFile(out / PLAYED)
    try:
        todo = iter([run for run in chosen if run.name not in file.runs])
        done = sum(run.name in file.runs for run in chosen)

        async def work() -> None:
            nonlocal done
            for run in todo:
                played = await play_run(stage, run, tasks[run])
                file.append(played)
                done += 1
                if on_progress is not None:
                    on_progress(played, done, len(chosen))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(jobs):
                    group.create_task(work())
        except* errors.CodeactError as several:
            raise _innermost(several) from None
        return Report.of([file.runs[run.name] for run in chosen])
    finally:
        file.close()


def match(suite: Suite, runs: Iterable[RecordedRun]) -> Mapping[RecordedRun, Task]:
    """The suite's task of each run: of the same subset, and of the same number, or else with the same prompt.

    Raises:
        InputError: a run has none.
    """
    numbered = {(task.domain, number): task for task in suite.tasks if (number := _number(task)) is not None}
    prompted = {(task.domain, _squeezed(task.prompt)): task for task in suite.tasks}
    found: dict[RecordedRun, Task] = {}
    for run in runs:
        task = prompted.get((run.name.subset, _squeezed(run.prompt))) or numbered.get((run.name.subset, run.name.number))
        if task is None:
            raise errors.InputError(
                f"the suite {suite.name!r} has no task for the recorded run {run.name.number!r} in {run.name.subset!r}; "
                f"give the data from which the runs were made, or other subsets"
            )
        found[run] = task
    return found


def _number(task: Task) -> str | None:
    """What stands behind the last sign of a task's id: `gsm8k/17` is the 17th."""
    last = re.search(r"(\d+)\Z", task.id)
    return last[1] if last is not None else None


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _first(runs: Iterable[RecordedRun], limit: int | None) -> Iterable[RecordedRun]:
    counts: dict[tuple[str, str], int] = {}
    for run in runs:
        key = (run.name.model, run.name.subset)
        counts[key] = counts.get(key, 0) + 1
        if limit is None or counts[key] <= limit:
            yield run


def _innermost(group: BaseExceptionGroup) -> BaseException:
    inner = group.exceptions[0]
    return _innermost(inner) if isinstance(inner, BaseExceptionGroup) else inner
