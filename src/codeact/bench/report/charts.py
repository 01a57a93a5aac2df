"""Charts of scores, each as SVG for a page and as PNG.

Invariant: equal scores give equal drawings; a chart has a text that says what it shows; formats differ in their marks and not only in
colour; names are drawn as they are, never as mathematics. It does not: compute, or write files.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codeact import errors
from codeact.bench.failures import FAILURES
from codeact.bench.report import palette, paper
from codeact.bench.report.intervals import Estimate
from codeact.bench.report.scores import Cell, Contrast, Scores
from codeact.bench.report.words import name_of, p_value, percent, points, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 4.9
_ROW, _TOP, _BOTTOM = 0.235, 0.1, 0.34
_LEFT, _RIGHT = 0.68, 1.16
_MARKS = {"code": "o", "json": "s", "text": "^"}
_OURS = (("D", 40), ("P", 60), ("X", 60), ("*", 95), ("v", 55), ("<", 55), (">", 55), ("h", 60))
_DPI = 200
_ID = re.compile(r'(\bid="|url\(#|xlink:href="#)')
_PROLOGUE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<(metadata|style)\b.*?</\1>", re.DOTALL)
_SIZE = re.compile(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"|(<svg[^>]*?) height="[^"]*"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Args:
        name: of its file, without a suffix.
        title: above it.
        note: how to read it.
        alt: what it shows, in words.
        svg, png: the drawing; the SVG takes its colours from the page, see `palette`.
    """

    name: str
    title: str
    note: str
    alt: str
    svg: str
    png: bytes


def charts(scores: Scores) -> list[Chart]:
    """All charts of a run for which there is something to draw.

    Raises:
        MissingExtraError: `matplotlib` is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise errors.MissingExtraError("matplotlib", "bench", "the charts of a report") from None
    style: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.size": 8.5,
        "svg.fonttype": "none",
        "svg.hashsalt": "codeact",
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.6,
    }
    with matplotlib.rc_context(style):
        return [chart for draw in (_success, _differences, _turns, _failures, _beside_paper) if (chart := draw(scores)) is not None]


def _success(scores: Scores) -> Chart:
    rows = _grouped(scores, scores.models, lambda cell: cell.success, percent, lambda value: f"{100 * value:.0f}")
    figure = _dots(rows, most=1.0, ticks=[0, 0.25, 0.5, 0.75, 1], tick=percent)
    return _chart("success", "Success", "Share of attempts that succeeded, with the 95% interval.", rows, figure)


def _turns(scores: Scores) -> Chart:
    rows = _grouped(scores, scores.telling_models, lambda cell: cell.turns, lambda value: f"{value:.1f}", lambda value: f"{value:.1f}")
    most = max(row.value.high for row in rows if row.value is not None)
    figure = _dots(rows, most=max(most * 1.05, 1.0), ticks=None, tick=lambda value: f"{value:g}")
    note = "Turns of the model in an attempt, failed ones as they ended, with the 95% interval."
    return _chart("turns", "Turns", note, rows, figure)


def _differences(scores: Scores) -> Chart | None:
    if not scores.pairs:
        return None
    rows: list[_Row] = []
    for model in scores.telling_models:
        pairs = [pair for pair in scores.pairs if pair.model == model]
        rows += [_Row(model)] * bool(pairs)
        rows += [
            _Row(f"{name_of(p.first)} \N{MINUS SIGN} {name_of(p.second)}", p.first, p.success.difference, _tested(p.success)) for p in pairs
        ]
    values = [row.value for row in rows if row.value is not None]
    most = max(0.1, *(max(abs(each.low), abs(each.high)) for each in values)) * 1.05
    figure = _dots(rows, least=-most, most=most, ticks=None, tick=lambda value: signed(100 * value, 0), left=0.92, right=1.28, zero=True)
    note = (
        "Points of success that the first format has more than the second, on the same tasks, with the 95% interval; p of the paired test."
    )
    return _chart("differences", "Formats side by side", note, rows, figure)


def _failures(scores: Scores) -> Chart:
    rows = _grouped(scores, scores.telling_models, lambda cell: cell.success, percent, percent)
    figure, axes = _canvas(rows, left=_LEFT, right=0.35, top=0.3)
    for at, row in enumerate(rows):
        if row.cell is not None:
            _stack(axes, at, row.cell)
    _x_axis(axes, 0, 1, [0, 0.25, 0.5, 0.75, 1], percent)
    handles = [axes.barh([0], [0], color=_failed(name), label=name) for name in FAILURES]
    _legend(axes, _LEFT, ncols=5, handlelength=0.9, columnspacing=1.0, handles=handles)
    cells = [row.cell for row in rows if row.cell is not None]
    alt = "; ".join(f"{cell.model}, {name_of(cell.format)}: {_failure_words(cell)}" for cell in cells)
    svg, png = _drawn("failures", "Why attempts failed", figure)
    note = "Share of attempts that failed, by why; what is left of the bar succeeded."
    return Chart("failures", "Why attempts failed", note, alt, svg, png)


def _stack(axes: "Axes", at: int, cell: Cell) -> None:
    left = 0.0
    for failure in FAILURES:
        width = cell.failures.get(failure, 0) / cell.attempts
        if width:
            axes.barh([at], [width], left=left, height=0.66, color=_failed(failure), edgecolor=palette.light("paper"), linewidth=0.6)
        left += width
    axes.barh([at], [1 - left], left=left, height=0.66, color=palette.light("succeeded"))


def _beside_paper(scores: Scores) -> Chart:
    """Ours over the paper's: a row a format, a small dot for each of its models, a large mark for each of ours."""
    means = paper.mean(lambda row: row.success)._asdict()
    rows = [_Row(name_of(format), format, Estimate(mean / 100, 0, 0, "")) for format, mean in means.items()]
    models = scores.own_models or scores.telling_models
    figure, axes = _canvas(rows, left=_LEFT, right=0.35, top=0.16 * (len(models) + 2) + 0.14, row=0.62)
    _theirs(axes)
    for number, model in enumerate(models):
        found = [(at, cell) for at, format in enumerate(paper.FORMATS) if (cell := scores.cell(model, format)) is not None]
        mark, size = _OURS[number % len(_OURS)]
        look: dict[str, Any] = {"marker": mark, "edgecolors": palette.light("paper"), "linewidths": 0.7, "zorder": 3}
        colours = [palette.light(cell.format) for _, cell in found]
        axes.scatter([cell.success.value for _, cell in found], [at for at, _ in found], c=colours, s=size, **look)
        axes.scatter([], [], color=palette.light("ink"), label=_short(model), s=0.7 * size, **look)
    _x_axis(axes, -0.02, 1.02, [0, 0.25, 0.5, 0.75, 1], percent)
    _legend(axes, _LEFT, ncols=1, labelspacing=0.3)
    words = [f"{cell.model}, {name_of(cell.format)}: {percent(cell.success.value)}" for cell in scores.cells if cell.model in models]
    theirs = ", ".join(f"{name_of(format)} {mean}%" for format, mean in means.items())
    alt = f"Means of the paper's 17 models: {theirs}. Ours: {'; '.join(words)}."
    svg, png = _drawn("paper", "Beside the paper", figure)
    note = "Success on another suite, by another grader: what the two have in common is the question, not the measure."
    return Chart("paper", "Beside the paper", note, alt, svg, png)


def _theirs(axes: "Axes") -> None:
    """The paper's models, apart by height only so that each is seen, and their mean."""
    muted = palette.light("muted")
    heights = [0.28 * ((7 * number) % 17 / 8 - 1) for number in range(len(paper.ROWS))]
    for at, format in enumerate(paper.FORMATS):
        theirs = [getattr(row.success, format) / 100 for row in paper.ROWS]
        labels = (None, None) if at else ("the paper's 17 models", "their mean")
        axes.scatter(theirs, [at + each for each in heights], s=11, color=muted, alpha=0.6, linewidths=0, label=labels[0])
        mean = sum(theirs) / len(theirs)
        axes.plot([mean, mean], [at - 0.36, at + 0.36], color=muted, lw=1.4, label=labels[1])


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a chart: a heading without a value, or a label, a value with its interval, what is written at its end, and of what cell."""

    label: str
    format: str = ""
    value: Estimate | None = None
    text: str = ""
    cell: Cell | None = None


def _grouped(
    scores: Scores, models: Sequence[str], measure: Callable[[Cell], Estimate], shown: Callable[[float], str], bound: Callable[[float], str]
) -> list[_Row]:
    """A heading for each model, and a row for each of its formats."""

    def rows() -> Iterator[_Row]:
        for model in models:
            yield _Row(model)
            for cell in scores.cells:
                if cell.model == model:
                    value = measure(cell)
                    text = f"{shown(value.value)}  [{bound(value.low)}, {bound(value.high)}]"
                    yield _Row(name_of(cell.format), cell.format, value, text, cell)

    return list(rows())


def _dots(
    rows: Sequence[_Row],
    *,
    most: float,
    least: float = 0.0,
    ticks: Sequence[float] | None,
    tick: Callable[[float], str],
    left: float = _LEFT,
    right: float = _RIGHT,
    zero: bool = False,
) -> "Figure":
    """A dot for each value, on the line of its interval."""
    figure, axes = _canvas(rows, left=left, right=right, top=_TOP)
    if zero:
        axes.axvline(0, color=palette.light("muted"), lw=1, zorder=1)
    for at, row in enumerate(rows):
        if row.value is not None:
            colour = palette.light(row.format)
            axes.plot([row.value.low, row.value.high], [at, at], color=colour, lw=1.8, alpha=0.55, solid_capstyle="butt", zorder=2)
            axes.plot([row.value.value], [at], marker=_MARKS.get(row.format, "D"), ms=5.5, color=colour, ls="", zorder=3, clip_on=False)
            place: Any = ("axes fraction", "data")
            axes.annotate(row.text, (1, at), (7, 0), xycoords=place, textcoords="offset points", va="center", fontsize=7.5)
    _x_axis(axes, least, most, ticks, tick)
    return figure


def _canvas(rows: Sequence[_Row], *, left: float, right: float, top: float, row: float = _ROW) -> "tuple[Figure, Axes]":
    """A figure that is as high as its rows, margins in inches; headings stand at its left edge."""
    from matplotlib.figure import Figure

    height = row * len(rows) + top + _BOTTOM
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((left / WIDTH, _BOTTOM / height, (WIDTH - left - right) / WIDTH, row * len(rows) / height))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    values = [(at, each) for at, each in enumerate(rows) if each.value is not None]
    axes.set_yticks([at for at, _ in values], [each.label for _, each in values])
    for at, each in enumerate(rows):
        if each.value is None:
            box = {"facecolor": palette.light("paper"), "edgecolor": "none", "pad": 1.5}  # no line of the grid crosses a name
            place: Any = ("figure fraction", "data")
            axes.annotate(_short(each.label), (0.005, at), xycoords=place, va="center", fontweight="bold", bbox=box)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(palette.light("line"))
    axes.tick_params(length=0, pad=5, colors=palette.light("ink"))
    axes.grid(axis="x", color=palette.light("line"), lw=0.7)
    axes.set_axisbelow(True)
    return figure, axes


def _legend(axes: "Axes", left: float, **look: Any) -> None:
    """Above the rows, from the left edge of the figure on; `left` is the margin, in inches."""
    width = axes.get_position().width * WIDTH
    axes.legend(loc="lower left", bbox_to_anchor=(-left / width, 1), frameon=False, fontsize=8, borderaxespad=0.2, **look)


def _x_axis(axes: "Axes", least: float, most: float, ticks: Sequence[float] | None, tick: Callable[[float], str]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(least, most)
    if ticks is None:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    else:
        axes.set_xticks(list(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))


def _chart(name: str, title: str, note: str, rows: Sequence[_Row], figure: "Figure") -> Chart:
    words, heading = list[str](), ""
    for row in rows:
        if row.value is None:
            heading = row.label
        else:
            words.append(f"{heading}, {row.label}: {' '.join(row.text.split())}")
    svg, png = _drawn(name, title, figure)
    return Chart(name, title, note, "; ".join(words), svg, png)


def _drawn(name: str, title: str, figure: "Figure") -> tuple[str, bytes]:
    """The drawing as SVG that can stand in a page beside others, and as PNG."""
    texts: list[Any] = figure.findobj(_is_text)
    for text in texts:
        if text.get_color() == "black":
            text.set_color(palette.light("ink"))
    drawn, pixels = io.StringIO(), io.BytesIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    figure.text(0.005, 1, title, fontsize=10, fontweight="bold", va="bottom", color=palette.light("ink"))
    figure.savefig(
        pixels, format="png", dpi=_DPI, facecolor=palette.light("paper"), metadata={"Software": None}, bbox_inches="tight", pad_inches=0.1
    )
    svg = _METADATA.sub("", _PROLOGUE.sub("", drawn.getvalue()))
    svg = _SIZE.sub(r"\1", svg, count=1)
    svg = _ID.sub(rf"\g<1>{name}-", svg).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return palette.with_variables(svg), pixels.getvalue()


def _is_text(artist: Any) -> bool:
    from matplotlib.text import Text

    return isinstance(artist, Text)


def _tested(contrast: Contrast) -> str:
    return f"{points(contrast.difference.value)}  {p_value(contrast.test.p)}"


def _failure_words(cell: Cell) -> str:
    there = [f"{name} {percent(count / cell.attempts)}" for name, count in cell.failures.items() if count]
    return ", ".join(there) or "no failure"


def _failed(failure: str) -> str:
    return palette.light(f"failed-{failure}")


def _short(name: str, most: int = 52) -> str:
    return name if len(name) <= most else f"{name[: most - 3]}..."
