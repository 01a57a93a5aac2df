"""The variables of a session as a table for the terminal.

Invariant: a variable is one line, and nothing in it moves the cursor. It does not: print, or ask the session.
"""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from codeact.cli.flow import clean
from codeact.values import Variable, Variables

_HEAD = ("name", "type", "shape", "bytes", "value")
_WIDTHS = (24, 22, 14, 12, 60)  # at most


def lines_of(found: Variables) -> Iterator[str]:
    """A line on each variable, after the heads of the columns; nothing if there are none."""
    if not found.variables and not found.more:
        return
    rows = [_HEAD, *map(_cells, found.variables)]
    widths = [min(most, max(cell_len(row[place]) for row in rows)) for place, most in enumerate(_WIDTHS)]
    for row in rows:
        yield "  ".join(_fitted(text, width) for text, width in zip(row, widths, strict=True)).rstrip()
    if found.more:
        yield f"and {found.more} more"


def _cells(one: Variable) -> tuple[str, ...]:
    shape = " x ".join(map(str, one.shape)) if one.shape is not None else ""
    texts = (one.name, one.type, shape, "" if one.size is None else str(one.size), one.preview)
    return tuple(" ".join(clean(text).split()) for text in texts)


def _fitted(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"
