"""The chart of `benchmarks/session.py`: one panel a measure, one bar a peer, logarithmic. It does not: measure."""

from pathlib import Path

_PANELS = {
    "create p50": "create, ms (shorter is better)",
    "libraries": "create and import libraries, ms",
    "action p50": "next action, ms",
    "sessions/s": "new sessions a second (longer is better)",
    "memory MB": "memory a session, MB (shorter is better)",
    "loop": "loop of 10^6, times plain CPython",
}
_OURS, _OTHERS = "#1b6ca8", "#b0b0b0"
_LEAST = 0.001


def draw(rows: list[dict], path: Path) -> None:
    """Save the chart.

    Args:
        rows: lines of the table.
        path: a PNG file.
    """
    import matplotlib  # only who wants a chart needs it

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 3, figsize=(17, 8), layout="constrained")
    for place, (key, title) in zip(axes.flat, _PANELS.items(), strict=True):
        shown = [row for row in reversed(rows) if row[key] is not None]
        values = [max(row[key], _LEAST) for row in shown]
        names = [row["name"] for row in shown]
        bars = place.barh(names, values, color=[_OURS if name.startswith("codeact") else _OTHERS for name in names])
        place.bar_label(bars, labels=[f"{row[key]:,.0f}" if row[key] >= 100 else f"{row[key]:.3g}" for row in shown], padding=3, fontsize=9)
        place.set_xscale("log")
        place.set_xlim(min(values) / 2, max(values) * 6)
        place.set_title(title, fontsize=11)
        place.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
