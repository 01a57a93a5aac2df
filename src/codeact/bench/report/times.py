"""Times of a run, `times.json`: seconds of an attempt, how many of them the model was waited for, attempts a second.

Invariant: everything here depends on the machine, and nothing in `scores.json` does. It does not: count time in which no attempt was under
way, as between a run that was stopped and the one that went on with it.
"""

import json
from collections.abc import Iterator, Sequence
from statistics import fmean, median, quantiles
from typing import Literal

from codeact import events
from codeact.bench.report.folder import Run
from codeact.bench.results import Result

FILE = "times.json"
VERSION = 1
_TAIL_BYTES = 65_536
_DIGITS = 6


class CellTimes(events.Value):
    """Times of a model in a format, in seconds.

    Args:
        model, format: whose.
        attempts: that have a result.
        mean, median, p90, longest: of an attempt, from the opening of its session to its grade.
        waited: of the mean, waiting for the model.
        rest: of the mean, all else: sandbox, tools, grading, codeact itself.
    """

    model: str
    format: str
    attempts: int
    mean: float
    median: float
    p90: float
    longest: float
    waited: float
    rest: float


class Times(events.Value):
    """Times of a run.

    Args:
        codeact, version: that this is one, and of which form.
        attempts: that have a result.
        seconds, waited: summed over all attempts.
        busy: seconds of wall clock in which an attempt was under way; None if the records do not tell.
        tasks_a_second: attempts in a second of those.
        cells: by model and format.
    """

    codeact: Literal["times"] = "times"
    version: Literal[1] = VERSION
    attempts: int
    seconds: float
    waited: float
    busy: float | None
    tasks_a_second: float | None
    cells: tuple[CellTimes, ...]

    def cell(self, model: str, format: str) -> CellTimes | None:
        """The times of a model in a format, None if there are none."""
        return next((cell for cell in self.cells if (cell.model, cell.format) == (model, format)), None)

    @property
    def json_text(self) -> str:
        """What `times.json` holds."""
        return self.model_dump_json(indent=1) + "\n"


def times(run: Run) -> Times:
    """The times of a run; when an attempt ended is read off the last line of its record.

    Args:
        run: as `codeact.bench.report.folder.read` reads it.
    """
    busy = _busy(run)
    return Times(
        attempts=len(run.results),
        seconds=_rounded(sum(result.seconds for result in run.results)),
        waited=_rounded(sum(result.waited for result in run.results)),
        busy=None if busy is None else _rounded(busy),
        tasks_a_second=_rounded(len(run.results) / busy) if busy else None,
        cells=tuple(_cell(results) for results in run.cells.values()),
    )


def _cell(results: Sequence[Result]) -> CellTimes:
    seconds = [result.seconds for result in results]
    mean, waited = fmean(seconds), fmean(result.waited for result in results)
    return CellTimes(
        model=results[0].model,
        format=results[0].format,
        attempts=len(results),
        mean=_rounded(mean),
        median=_rounded(median(seconds)),
        p90=_rounded(quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]),
        longest=_rounded(max(seconds)),
        waited=_rounded(waited),
        rest=_rounded(max(0.0, mean - waited)),
    )


def _busy(run: Run) -> float | None:
    """Length of the union of the attempts' times."""
    spans = sorted(_spans(run))
    if len(spans) < len(run.results):
        return None
    total, until = 0.0, float("-inf")
    for begin, end in spans:
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


def _spans(run: Run) -> Iterator[tuple[float, float]]:
    for result in run.results:
        ended = _last_time(run, result)
        if ended is not None:
            yield ended - result.seconds, ended


def _last_time(run: Run, result: Result) -> float | None:
    """When the last event of a record happened."""
    try:
        with (run.folder / result.trajectory).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            return float(json.loads(file.read().splitlines()[-1])["time"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
