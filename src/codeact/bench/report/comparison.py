"""Two folders of results of one suite, side by side: which tasks got better, which worse, and whether that may be chance.

Invariant: only what was measured on the same tasks is compared, and what else differs between the two plans is said. It does not: write.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeact import errors
from codeact.bench.plan import Plan
from codeact.bench.report import folder, scores, words
from codeact.bench.report.folder import Run
from codeact.bench.report.intervals import Estimate
from codeact.bench.report.scores import Contrast
from codeact.bench.results import Result

COLUMNS = ("model", "format", "tasks", "first", "second", "difference", "95% interval", "p", "adjusted", "better", "worse", "turns", "p")
_MAY_DIFFER = ("fingerprint", "suite", "description", "source", "licence", "models", "formats", "tasks")
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A task whose success is another: its rate in the first folder and in the second."""

    task: str
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Row:
    """A model and a format in both folders, on the tasks of both.

    Args:
        first_model, second_model: the same, unless each folder has only one.
        format: of both; ``FIRST → SECOND`` where each folder has one only, and they differ.
        tasks: that both have results of.
        first, second: success, with intervals.
        success, turns: what the second has more than the first.
        better, worse: tasks with more success in the second, and with less.
    """

    first_model: str
    second_model: str
    format: str
    tasks: int
    first: Estimate
    second: Estimate
    success: Contrast
    turns: Contrast
    better: tuple[Change, ...]
    worse: tuple[Change, ...]

    @property
    def model(self) -> str:
        """The model, or both."""
        same = self.first_model == self.second_model
        return self.first_model if same else f"{self.first_model} \N{RIGHTWARDS ARROW} {self.second_model}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two folders of results have in common.

    Args:
        first, second: the folders.
        suite: of both.
        notes: what else differs, or is missing, a sentence each.
        rows: by model and format.
    """

    first: Path
    second: Path
    suite: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]


def compare(first: Path, second: Path) -> Comparison:
    """Compare two folders of results.

    Args:
        first, second: folders; differences are what the second has more than the first. A model is compared with the one of its name; where
            each folder has one model beside the baselines, and they have no name in common, they are compared with each other; so are
            formats, for example of models that were trained for one each.

    Raises:
        InputError: a folder holds no results; they are of different tasks, or have no model and format in common.
        MissingExtraError: `scipy` is not installed.
    """
    a, b = folder.read(first), folder.read(second)
    for name in ("suite", "fingerprint"):
        if getattr(a.plan, name) != getattr(b.plan, name):
            raise errors.InputError(
                f"{str(first)!r} and {str(second)!r} are of different tasks: the {name} is {getattr(a.plan, name)!r} in the first and "
                f"{getattr(b.plan, name)!r} in the second; compare two runs of one suite, with the same data and seed"
            )
    pairs = list(_pairs(a, b))
    if not pairs:
        raise errors.InputError(
            f"{str(first)!r} and {str(second)!r} have no model and format with results of the same task in common: "
            f"the first has {_there(a)}; the second {_there(b)}"
        )
    return Comparison(first, second, a.plan.suite, tuple(_notes(a, b)), tuple(_rows(pairs)))


def table(comparison: Comparison) -> list[tuple[str, ...]]:
    """Rows of text, which `COLUMNS` heads."""
    return [
        (
            row.model,
            words.name_of(row.format),
            str(row.tasks),
            words.percent(row.first.value),
            words.percent(row.second.value),
            words.points(row.success.difference.value),
            f"{words.points(row.success.difference.low)} to {words.points(row.success.difference.high)}",
            words.bare_p(row.success.test.p),
            words.bare_p(row.success.p_adjusted),
            str(len(row.better)),
            str(len(row.worse)),
            words.signed(row.turns.difference.value, 1),
            words.bare_p(row.turns.test.p),
        )
        for row in comparison.rows
    ]


def text(comparison: Comparison) -> str:
    """All of it as plain text: notes, the table, and the tasks that changed."""
    rows = [COLUMNS, *table(comparison)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    lines = [f"{comparison.suite}: the second, {comparison.second}, less the first, {comparison.first}", *comparison.notes, ""]
    lines += [
        "  ".join(_aligned(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows
    ]
    tests = dict.fromkeys(row.success.test.name for row in comparison.rows)
    lines += ["", f"p of success: {', '.join(tests)}; adjusted for all rows together (Holm)."]
    for row in comparison.rows:
        for name, changes in (("better", row.better), ("worse", row.worse)):
            if changes:
                lines.append(f"{name}, {row.model}, {words.name_of(row.format)}: {_named(changes)}")
    return "\n".join(lines) + "\n"


def _aligned(cell: str, width: int, at: int) -> str:
    return cell.ljust(width) if at < 2 else cell.rjust(width)


def _named(changes: Sequence[Change]) -> str:
    named = ", ".join(
        f"{change.task} ({words.percent(change.first)} to {words.percent(change.second)})" for change in changes[:_MOST_NAMED]
    )
    more = len(changes) - _MOST_NAMED
    return f"{named} and {more:,} more" if more > 0 else named


Pair = tuple[Sequence[Result], Sequence[Result]]


def _pairs(a: Run, b: Run) -> Iterator[Pair]:
    names = {model: model for model in a.plan.models if model in b.plan.models}
    own = [[model for model in run.plan.models if model not in scores.BASELINES] for run in (a, b)]
    if len(own[0]) == len(own[1]) == 1:
        names[own[0][0]] = own[1][0]
    formats = {format: format for format in a.plan.formats if format in b.plan.formats}
    if len(a.plan.formats) == len(b.plan.formats) == 1:
        formats[a.plan.formats[0]] = b.plan.formats[0]
    for (model, format), results in a.cells.items():
        others = b.cells.get((names.get(model, ""), formats.get(format, "")), [])
        if scores.by_task(results).keys() & scores.by_task(others).keys():
            yield results, others


def _rows(pairs: Sequence[Pair]) -> Iterator[Row]:
    success = scores.contrasts([scores.success_of(second, first)[:2] for first, second in pairs])
    turns = scores.contrasts([scores.turns_of(second, first) for first, second in pairs])
    for (first, second), one, other in zip(pairs, success, turns, strict=True):
        yield _row(first, second, one, other)


def _row(first: Sequence[Result], second: Sequence[Result], success: Contrast, turns: Contrast) -> Row:
    before, after = scores.task_successes(first), scores.task_successes(second)
    common = [task for task in before if task in after]
    changes = [Change(task, round(float(before[task]), 6), round(float(after[task]), 6)) for task in common if before[task] != after[task]]
    return Row(
        first_model=first[0].model,
        second_model=second[0].model,
        format=first[0].format if first[0].format == second[0].format else f"{first[0].format} \N{RIGHTWARDS ARROW} {second[0].format}",
        tasks=len(common),
        first=scores.success_rate([result for result in first if result.task in after]),
        second=scores.success_rate([result for result in second if result.task in before]),
        success=success,
        turns=turns,
        better=tuple(change for change in changes if change.second > change.first),
        worse=tuple(change for change in changes if change.second < change.first),
    )


def _notes(a: Run, b: Run) -> Iterator[str]:
    for name in Plan.model_fields:
        one, other = getattr(a.plan, name), getattr(b.plan, name)
        if name not in _MAY_DIFFER and one != other:
            yield f"Not the same: {name} is {one!s} in the first, {other!s} in the second."
    for name, run in (("first", a), ("second", b)):
        if run.missing:
            yield f"Not finished: the {name} lacks {run.missing:,} of its {run.planned:,} attempts."
    if a.plan.tasks != b.plan.tasks:
        yield f"Not the same tasks: {len(a.plan.tasks):,} in the first, {len(b.plan.tasks):,} in the second; compared are those of both."


def _there(run: Run) -> str:
    return ", ".join(f"{model} in {format}" for model, format in run.cells)
