"""Scores of a run, `scores.json`: success with intervals, amounts, failures, domains, and the formats of each model side by side.

Invariant: they follow from the plan and the results, without times and places, so that a run that was interrupted has the same bytes as one
that was not. It does not: hold what depends on the clock; `times` does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from codeact import errors, events
from codeact.bench.failures import FAILURES
from codeact.bench.plan import Plan
from codeact.bench.report import intervals
from codeact.bench.report.folder import Run
from codeact.bench.report.intervals import Estimate, Test
from codeact.bench.results import Result

FILE = "scores.json"
VERSION = 1
BASELINES = ("silent", "guess", "oracle", "oracle:single")
"""Between whose scores every other lies; `flawed` stands for a model, and is none of them."""

MADE_TO_FAIL = ("silent", "guess")
"""Of whom only the success says anything."""

_DIGITS = 6
_COUNTED = ("turns", "actions", "calls", "wrong_calls", "wrong_actions", "malformed")
_TOKENS = ("input_tokens", "output_tokens", "cached_tokens", "cost")

Means = dict[str, Fraction]


class Amounts(events.Value):
    """What attempts took: sums, or means of an attempt. The names are those of `codeact.bench.results.Result`; cost is in dollars."""

    turns: int | float
    actions: int | float
    calls: int | float
    wrong_calls: int | float
    wrong_actions: int | float
    malformed: int | float
    input_tokens: int | float
    output_tokens: int | float
    cached_tokens: int | float
    cost: float


class Domain(events.Value):
    """Success in the tasks of one domain."""

    name: str
    tasks: int
    attempts: int
    successes: int
    success: Estimate


class Cell(events.Value):
    """Scores of a model in a format.

    Args:
        model, format: whose.
        baseline: the model is one of `BASELINES`.
        planned, attempts, tasks: attempts of the plan; those that have a result; tasks that they are of.
        successes: attempts that succeeded.
        success: their rate.
        first: rate of attempts whose first answer is right.
        value: mean of the scores' values, which is the rate but for checks that give parts.
        turns: mean of the turns.
        turns_or_limit: the same with the limit on turns for each failure, as the paper counts; None without a limit.
        mean, total: amounts of an attempt, and of all.
        states: attempts by how they ended.
        failures: attempts by why they failed, of `codeact.bench.failures`.
        domains: success by domain.
    """

    model: str
    format: str
    baseline: bool
    planned: int
    attempts: int
    tasks: int
    successes: int
    success: Estimate
    first: float
    value: float
    turns: Estimate
    turns_or_limit: float | None
    mean: Amounts
    total: Amounts
    states: dict[events.State, int]
    failures: dict[str, int]
    domains: tuple[Domain, ...]


class Contrast(events.Value):
    """A paired difference, its test, and p adjusted for the tests of the same measure beside it (Holm)."""

    difference: Estimate
    test: Test
    p_adjusted: float


class Pair(events.Value):
    """Two formats of a model, on the tasks that have results in both: the first less the second."""

    model: str
    first: str
    second: str
    tasks: int
    success: Contrast
    turns: Contrast


class Scores(events.Value):
    """All scores of a run.

    Args:
        codeact, version: that this is one, and of which form.
        plan: what was run.
        planned, attempts: attempts of the plan, and those that have a result.
        level, resamples, seed: of the intervals.
        cells: by model and format, in the order of the plan.
        pairs: of formats, by model.
    """

    codeact: Literal["scores"] = "scores"
    version: Literal[1] = VERSION
    plan: Plan
    planned: int
    attempts: int
    level: float = intervals.LEVEL
    resamples: int = intervals.RESAMPLES
    seed: int = intervals.SEED
    cells: tuple[Cell, ...] = Field(min_length=1)
    pairs: tuple[Pair, ...] = ()

    def cell(self, model: str, format: str) -> Cell | None:
        """The scores of a model in a format, None if there are none."""
        return next((cell for cell in self.cells if (cell.model, cell.format) == (model, format)), None)

    @property
    def models(self) -> list[str]:
        """Models that have scores, baselines last."""
        there = dict.fromkeys(cell.model for cell in sorted(self.cells, key=lambda cell: cell.baseline))
        return list(there)

    @property
    def telling_models(self) -> list[str]:
        """Models whose turns, failures and differences say something; all, if there is none."""
        return [model for model in self.models if model not in MADE_TO_FAIL] or self.models

    @property
    def own_models(self) -> list[str]:
        """Models that have scores and are no baseline."""
        return [model for model in self.models if model not in BASELINES]

    @property
    def json_text(self) -> str:
        """What `scores.json` holds."""
        return self.model_dump_json(indent=1) + "\n"


def scores(run: Run) -> Scores:
    """The scores of a run.

    Args:
        run: as `codeact.bench.report.folder.read` reads it.

    Raises:
        MissingExtraError: `scipy` is not installed.
    """
    pairs = [pair for model in run.plan.models for pair in _pairs(run, model)]
    cells = tuple(_cell(run, results) for results in run.cells.values())
    return Scores(plan=run.plan, planned=run.planned, attempts=len(run.results), cells=cells, pairs=tuple(pairs))


def read_scores(folder: Path) -> Scores:
    """The scores that were written to a folder of results.

    Raises:
        InputError: there are none, or they cannot be read.
    """
    path = folder / FILE
    try:
        return Scores.model_validate_json(path.read_bytes())
    except OSError as error:
        raise errors.InputError(f"cannot read the scores {str(path)!r}: {error.strerror}; write the report of that folder first") from None
    except ValidationError as error:
        raise errors.InputError(
            f"{str(path)!r} holds no scores of version {VERSION}: {error.errors(include_url=False)[0]['msg']}"
        ) from None


def task_successes(results: Sequence[Result]) -> Means:
    """The success rate of each task, exact, in the order of the tasks' ids, of results of one model in one format."""
    return _task_means(results, _success)


def _task_means(results: Sequence[Result], measure: Callable[[Result], int]) -> Means:
    return {task: Fraction(sum(map(measure, each)), len(each)) for task, each in by_task(results).items()}


def by_task(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results by their task, in the order of the tasks' ids."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.task].append(result)
    return dict(sorted(found.items()))


def success_of(first: Sequence[Result], second: Sequence[Result]) -> tuple[Estimate, Test, list[str]]:
    """How much more one succeeds than another, on the tasks of both, and their ids."""
    a, b = _task_means(first, _success), _task_means(second, _success)
    common = [task for task in a if task in b]
    one, other = [a[task] for task in common], [b[task] for task in common]
    once = all(len(each[task]) == 1 for each in (by_task(first), by_task(second)) for task in common)
    test = (intervals.mcnemar if once else intervals.sign_flip)(one, other)
    return intervals.difference(one, other, rates=True), test, common


def turns_of(first: Sequence[Result], second: Sequence[Result]) -> tuple[Estimate, Test]:
    """How many more turns one takes than another, on the tasks of both."""
    a, b = _task_means(first, _turns), _task_means(second, _turns)
    common = [task for task in a if task in b]
    one, other = [a[task] for task in common], [b[task] for task in common]
    return intervals.difference(one, other, rates=False), intervals.sign_flip(one, other)


def contrasts(found: Sequence[tuple[Estimate, Test]]) -> list[Contrast]:
    """Differences and tests that are made together."""
    adjusted = intervals.holm([test.p for _, test in found])
    return [Contrast(difference=value, test=test, p_adjusted=p) for (value, test), p in zip(found, adjusted, strict=True)]


def success_rate(results: Sequence[Result]) -> Estimate:
    """The success rate of results of one model in one format."""
    return intervals.rate([(sum(map(_success, each)), len(each)) for each in by_task(results).values()])


def _pairs(run: Run, model: str) -> Iterator[Pair]:
    formats = [format for format in run.plan.formats if (model, format) in run.cells]
    cells = {format: run.cells[model, format] for format in formats}
    pairs = [(a, b) for a, b in combinations(formats, 2) if by_task(cells[a]).keys() & by_task(cells[b]).keys()]
    succeeded = [success_of(cells[a], cells[b]) for a, b in pairs]
    success = contrasts([each[:2] for each in succeeded])
    turns = contrasts([turns_of(cells[a], cells[b]) for a, b in pairs])
    for (a, b), (_, _, common), one, other in zip(pairs, succeeded, success, turns, strict=True):
        yield Pair(model=model, first=a, second=b, tasks=len(common), success=one, turns=other)


def _cell(run: Run, results: Sequence[Result]) -> Cell:
    total = _total(results)
    turns = [float(each) for each in _task_means(results, _turns).values()]
    most = run.plan.limits.turns
    return Cell(
        model=results[0].model,
        format=results[0].format,
        baseline=results[0].model in BASELINES,
        planned=run.planned_by_cell[results[0].model, results[0].format],
        attempts=len(results),
        tasks=len(turns),
        successes=sum(map(_success, results)),
        success=success_rate(results),
        first=_mean([result.first for result in results]),
        value=_mean([result.score.value for result in results]),
        turns=intervals.mean(turns),
        turns_or_limit=None if most is None else _mean([result.turns if result.score.success else most for result in results]),
        mean=Amounts(**{name: round(value / len(results), _DIGITS) for name, value in total.items()}),
        total=Amounts(**{**total, "cost": round(total["cost"], _DIGITS)}),
        states={state: count for state in ("answered", "gave_up", "limit", "error", "cancelled") if (count := _ended(results, state))},
        failures={failure: sum(result.failure == failure for result in results) for failure in FAILURES},
        domains=tuple(_domains(results)),
    )


def _domains(results: Sequence[Result]) -> Iterator[Domain]:
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.domain].append(result)
    for name, each in sorted(found.items()):
        successes = sum(map(_success, each))
        yield Domain(name=name, tasks=len(by_task(each)), attempts=len(each), successes=successes, success=success_rate(each))


def _total(results: Sequence[Result]) -> Mapping[str, int | float]:
    counted = {name: sum(getattr(result, name) for result in results) for name in _COUNTED}
    return counted | {name: sum(getattr(result.usage, name) for result in results) for name in _TOKENS}


def _ended(results: Sequence[Result], state: str) -> int:
    return sum(result.state == state for result in results)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), _DIGITS)


def _success(result: Result) -> int:
    return int(result.score.success)


def _turns(result: Result) -> int:
    return result.turns
