"""Writes the report of a folder of results beside them: `scores.json`, `times.json`, `report.html`, `charts/*.png`, `failed/*.html`.

Invariant: a file is there whole or not at all, and what an earlier report left is gone; the scores are written first, so that they are
there even where charts and pages cannot be made. It does not: change a result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeact import errors
from codeact.bench.report import charts, failed_runs, folder, overview, words
from codeact.bench.report import scores as scoring
from codeact.bench.report import times as timing
from codeact.bench.report.folder import Run
from codeact.bench.report.scores import Scores
from codeact.bench.report.times import Times

PAGE = "report.html"
CHARTS, FAILED = "charts", "failed"
COLUMNS = ("model", "format", "success", "95% interval", "turns", "calls", "tokens", "cached", "seconds", "cost")


@dataclass(frozen=True, slots=True)
class Written:
    """A report.

    Args:
        page: the file to open.
        scores, times: what it shows.
        files: all that was written.
    """

    page: Path
    scores: Scores
    times: Times
    files: tuple[Path, ...]


def write(path: Path) -> Written:
    """Write the report of a folder of results; one that is there is made anew.

    Args:
        path: the folder, as a runner leaves it, finished or not.

    Raises:
        InputError: the folder holds no results, or cannot be written to.
        MissingExtraError: a package of the extra `bench` is not installed; without `matplotlib` or `jinja2` the scores are written all the
            same.
    """
    run = folder.read(path)
    scores, times = scoring.scores(run), timing.times(run)
    try:
        files = tuple(_files(run, scores, times))
    except OSError as error:
        raise errors.InputError(f"cannot write the report to {str(path)!r}: {error.strerror}; the results are kept") from error
    return Written(path / PAGE, scores, times, files)


def summary(scores: Scores, times: Times | None = None) -> list[tuple[str, ...]]:
    """Scores as rows of text, a model and a format each, baselines last; `COLUMNS` heads them. Amounts are means of an attempt.

    Args:
        scores: of a run.
        times: of the same; None leaves seconds out.
    """
    rows = []
    for cell in (cell for model in scores.models for cell in scores.cells if cell.model == model):
        took = times.cell(cell.model, cell.format) if times is not None else None
        tokens = cell.mean.input_tokens + cell.mean.output_tokens
        rows.append(
            (
                cell.model,
                words.name_of(cell.format),
                words.percent(cell.success.value),
                f"{words.percent(cell.success.low)} to {words.percent(cell.success.high)}",
                words.amount(cell.turns.value),
                words.amount(cell.mean.calls),
                words.amount(tokens),
                words.amount(cell.mean.cached_tokens),
                words.seconds(took.mean) if took is not None else "",
                words.money(cell.mean.cost),
            )
        )
    return rows


def _files(run: Run, scores: Scores, times: Times) -> Iterator[Path]:
    yield _write(run.folder / scoring.FILE, scores.json_text)
    yield _write(run.folder / timing.FILE, times.json_text)
    drawn = charts.charts(scores)
    _clear(run.folder / CHARTS, "*.png")
    for chart in drawn:
        yield _write(run.folder / CHARTS / f"{chart.name}.png", chart.png)
    _clear(run.folder / FAILED, "*.html")
    for result in overview.failures_shown(run):
        yield _write(run.folder / FAILED / failed_runs.file_name(result), failed_runs.page(run.folder, result))
    yield _write(run.folder / PAGE, overview.overview(run, scores, times, drawn))


def _clear(path: Path, pattern: str) -> None:
    path.mkdir(exist_ok=True)
    for old in path.glob(pattern):
        old.unlink()


def _write(path: Path, content: str | bytes) -> Path:
    """A file that is there whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    beside.replace(path)
    return path
