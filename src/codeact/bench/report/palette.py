"""Colours by what they stand for, for light and for dark.

Invariant: no two parts have the same light colour, so that a drawn chart can be given the reader's colours afterwards; formats and failures
are told apart without red and green. It does not: draw.
"""

from typing import NamedTuple


class Shade(NamedTuple):
    """A colour on a light and on a dark page."""

    light: str
    dark: str


PALETTE: dict[str, Shade] = {
    "ink": Shade("#1f2328", "#e6e8eb"),
    "muted": Shade("#59636e", "#a3abb5"),
    "line": Shade("#d5d9de", "#3a4149"),
    "paper": Shade("#fefefe", "#14171b"),
    "raised": Shade("#f5f6f8", "#1d2126"),
    "link": Shade("#0a58b5", "#79b8ff"),
    "heat": Shade("#3d85c6", "#2f74b5"),
    "good": Shade("#1a7f45", "#4cc38a"),
    "bad": Shade("#b3261e", "#ff8a80"),
    "code": Shade("#0067a3", "#5cb8f0"),
    "json": Shade("#c25700", "#ffa34d"),
    "text": Shade("#00806a", "#3ed6ae"),
    "other": Shade("#6e5a9c", "#b9a5ec"),
    "failed-format": Shade("#6b4fa0", "#b39ae8"),
    "failed-tool": Shade("#c8590a", "#ff9b52"),
    "failed-reasoning": Shade("#0f6cab", "#62b5ee"),
    "failed-limit": Shade("#8c7a12", "#d9c552"),
    "failed-ours": Shade("#7d2b4c", "#f083ad"),
    "succeeded": Shade("#dfe3e7", "#30363d"),
}


def light(part: str) -> str:
    """The light colour of a part; of `other` for a format that is not known."""
    return PALETTE.get(part, PALETTE["other"]).light


def with_variables(svg: str) -> str:
    """A drawing whose colours are those of the page that holds it."""
    for part, shade in PALETTE.items():
        svg = svg.replace(shade.light, f"var(--{part}, {shade.light})")
    return svg


def declarations(dark: bool) -> str:
    """The colours as properties of a style sheet."""
    return "".join(f"--{part}:{shade.dark if dark else shade.light};" for part, shade in PALETTE.items())
