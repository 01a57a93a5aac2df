"""Plays the recorded runs of a folder, several at a time, and goes on where it was stopped.

Invariant: each run is played once, and its line is on disk before it counts. It does not: print anything.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from codeact import config, errors
from codeact.bench.recorded.lines import PlayedFile, PlayedRun
from codeact.bench.recorded.playing import Stage, play_run
from codeact.bench.recorded.record import Name, RecordedRun, read
from codeact.bench.recorded.report import Report
from codeact.bench.recorded.web import Searches
from codeact.bench.side_by_side import side_by_side
from codeact.bench.suite import Suite
from codeact.bench.task import Task

PLAYED = "recorded.jsonl"
"""The file in the folder `out`."""

_LEAST_SHARED = 0.5

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
    names = {run.name for run in read(folder, models, subsets)}
    chosen = list(_first([run for run in everything if run.name in names], limit))
    tasks = match(suite, chosen)
    stage = Stage(suite, Searches(everything), settings)
    file = PlayedFile(out / PLAYED)
    try:
        await _all(stage, chosen, tasks, file, jobs=jobs, on_progress=on_progress)
        return Report.of([file.lines[run.name] for run in chosen])
    finally:
        file.close()


async def _all(
    stage: Stage,
    chosen: Sequence[RecordedRun],
    tasks: Mapping[Name, Task],
    file: PlayedFile,
    *,
    jobs: int,
    on_progress: OnProgress | None,
) -> None:
    """Play what is not in the file, the runs of one task after one another: what it takes to start it may be kept between them."""
    todo = sorted((run for run in chosen if run.name not in file.lines), key=lambda run: (*run.name[1:], run.name.model))
    done = sum(run.name in file.lines for run in chosen)

    async def work(run: RecordedRun) -> None:
        nonlocal done
        played = await play_run(stage, run, tasks[run.name])
        file.append(played)
        done += 1
        if on_progress is not None:
            on_progress(played, done, len(chosen))

    await side_by_side(todo, work, jobs)


def match(suite: Suite, runs: Iterable[RecordedRun]) -> Mapping[Name, Task]:
    """The suite's task of each run: `SUBSET/NUMBER` is its id, and it asks for the same.

    Raises:
        InputError: a run has none, or another task has its id.
    """
    tasks = {task.id: task for task in suite.tasks}
    found: dict[Name, Task] = {}
    for run in runs:
        wanted = f"{run.name.subset}/{run.name.number}"
        task = tasks.get(wanted)
        if task is None:
            raise errors.InputError(
                f"the suite {suite.name!r} has no task {wanted!r}, of which there are recorded runs: "
                f"give the data from which they were made, or other subsets"
            )
        if _shared(run.prompt, task.prompt) < _LEAST_SHARED:
            raise errors.InputError(
                f"the task {wanted!r} of the suite {suite.name!r} is not the one that was recorded: {run.prompt[:80]!r}"
            )
        found[run.name] = task
    return found


def _shared(recorded: str, prompt: str) -> float:
    """The share of the words of a recorded prompt that another holds too."""
    words, there = recorded.split(), set(prompt.split())
    return sum(word in there for word in words) / max(1, len(words))


def _first(runs: Iterable[RecordedRun], limit: int | None) -> Iterable[RecordedRun]:
    counts: dict[tuple[str, str], int] = {}
    for run in runs:
        key = (run.name.model, run.name.subset)
        counts[key] = counts.get(key, 0) + 1
        if limit is None or counts[key] <= limit:
            yield run
