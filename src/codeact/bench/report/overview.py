"""The page `report.html`: what was run, scores, formats side by side, failures, domains, failed attempts, and the paper's table.

Invariant: one file that needs no other and no network; every figure on it is in `scores.json` or `times.json`, or is the paper's. It does
not: compute scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeact.bench.failures import FAILURES
from codeact.bench.plan import Plan
from codeact.bench.report import failed_runs, pages, paper
from codeact.bench.report.charts import Chart
from codeact.bench.report.folder import Run
from codeact.bench.report.scores import MADE_TO_FAIL, Cell, Domain, Scores
from codeact.bench.report.times import Times
from codeact.bench.report.words import name_of, percent
from codeact.bench.results import Result

_BASELINES = ("silent", "guess", "oracle")
_MOST_BY_CHANCE = 0.05
_PARTS = (
    ("run", "What was run"),
    ("scores", "Scores"),
    ("formats", "Formats side by side"),
    ("turns", "Turns"),
    ("failures", "Why attempts failed"),
    ("domains", "Domains"),
    ("failed", "Failed attempts"),
    ("paper", "Beside the paper"),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the tables: a cell, the success of the three baselines in its format, its seconds, and its domains in their order."""

    cell: Cell
    baselines: tuple[float | None, ...]
    seconds: float
    domains: tuple[Domain | None, ...]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A failed attempt, the file of its page, and what was wrong."""

    result: Result
    page: str
    why: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Failed attempts of a model in a format."""

    model: str
    format: str
    attempts: tuple[_Attempt, ...]


@dataclass(frozen=True, slots=True)
class _Ours:
    """A model of ours, as the paper's table has its models."""

    model: str
    baseline: bool
    cells: tuple[Cell | None, ...]


def overview(run: Run, scores: Scores, times: Times, charts: Sequence[Chart]) -> str:
    """The page.

    Args:
        run: what it is about.
        scores, times, charts: of that run.

    Raises:
        MissingExtraError: `jinja2` is not installed.
    """
    domains = _domains(scores)
    return pages.page(
        "report.html",
        plan=scores.plan,
        scores=scores,
        times=times,
        parts=_PARTS,
        notes=list(_notes(scores)),
        limits=_limits(scores.plan),
        charts={name: None for name in ("success", "differences", "turns", "failures", "paper")} | {chart.name: chart for chart in charts},
        lines=_lines(scores, times, domains),
        methods=list(dict.fromkeys(cell.success.method for cell in scores.cells)),
        pairs=[pair for model in scores.telling_models for pair in scores.pairs if pair.model == model],
        own_models=scores.own_models,
        failures=FAILURES,
        domains=domains,
        failed=_failed(run, scores),
        ours=[_ours(scores, model) for model in scores.models if model not in MADE_TO_FAIL],
        paper=paper,
        paper_means=[*paper.mean(lambda row: row.success), *paper.mean(lambda row: row.turns), *paper.mean(lambda row: row.api_bank)],
    )


def failures_shown(run: Run) -> list[Result]:
    """Failed attempts that have a page: all but those of the baselines that are made to fail."""
    return [result for results in run.cells.values() for result in results if not result.score.success and result.model not in MADE_TO_FAIL]


def _notes(scores: Scores) -> Iterator[str]:
    """What the reader must know before the scores."""
    if scores.attempts < scores.planned:
        yield f"Not finished: {scores.attempts:,} of {scores.planned:,} attempts have a result. The rest may change every score."
    if scores.plan.only:
        tasks = {name_of(cell.format): cell.planned // scores.plan.repeats for cell in scores.cells}
        counts = ", ".join(f"{count:,} in {format}" for format, count in tasks.items())
        yield f"Not all tasks can be done in all formats: {counts}. Formats side by side are compared on the tasks of both."
    missing = [name for name in _BASELINES if name not in scores.models]
    if missing:
        yield f"Not run: {', '.join(missing)}. Add them with --model: a score means something between the three baselines only."
    for model in scores.models:
        cells = [cell for cell in scores.cells if cell.model == model]
        if model == "oracle" and (short := [cell for cell in cells if cell.success.value < 1]):
            yield f"The oracle solves {_rates(short)}, and not all: the suite has a defect there."
        if model in MADE_TO_FAIL and (high := [cell for cell in cells if cell.success.value >= _MOST_BY_CHANCE]):
            yield f"{model.capitalize()} reaches {_rates(high)}: so much of a score there says nothing."
        if ours := [cell for cell in cells if cell.failures["ours"]]:
            where = ", ".join(f"{cell.failures['ours']:,} in {name_of(cell.format)}" for cell in ours)
            yield f"Attempts of {model} that failed through the server, the sandbox or codeact, and count as failures: {where}."


def _rates(cells: Sequence[Cell]) -> str:
    return ", ".join(f"{percent(cell.success.value)} in {name_of(cell.format)}" for cell in cells)


def _limits(plan: Plan) -> str:
    limits = plan.limits
    named = (("turns", limits.turns), ("tokens", limits.tokens), ("seconds", limits.seconds), ("dollars", limits.cost))
    return ", ".join(f"{value:g} {name}" for name, value in named if value is not None) or "none"


def _domains(scores: Scores) -> list[Domain]:
    """One of each name, with the most tasks that a cell has of it."""
    found: dict[str, Domain] = {}
    for domain in sorted((domain for cell in scores.cells for domain in cell.domains), key=lambda domain: (domain.name, -domain.tasks)):
        found.setdefault(domain.name, domain)
    return list(found.values())


def _lines(scores: Scores, times: Times, domains: Sequence[Domain]) -> list[_Line]:
    lines = []
    for cell in (cell for model in scores.models for cell in scores.cells if cell.model == model):
        there = [None if cell.baseline else scores.cell(name, cell.format) for name in _BASELINES]
        took = times.cell(cell.model, cell.format)
        own = {domain.name: domain for domain in cell.domains}
        lines.append(
            _Line(
                cell,
                tuple(None if each is None else each.success.value for each in there),
                0.0 if took is None else took.mean,
                tuple(own.get(domain.name) for domain in domains),
            )
        )
    return lines


def _failed(run: Run, scores: Scores) -> list[_Group]:
    groups: dict[tuple[str, str], list[_Attempt]] = {}
    for result in failures_shown(run):
        why = "; ".join(filter(None, (result.score.reason, result.reason)))
        groups.setdefault((result.model, result.format), []).append(_Attempt(result, failed_runs.file_name(result), why))
    order = sorted(groups, key=lambda key: scores.models.index(key[0]))
    return [_Group(*key, tuple(groups[key])) for key in order]


def _ours(scores: Scores, model: str) -> _Ours:
    cells = tuple(scores.cell(model, format) for format in paper.FORMATS)
    return _Ours(model, model not in scores.own_models, cells)
