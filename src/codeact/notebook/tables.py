"""HTML of a session made harmless: its tables, built anew from the text of their cells.

Invariant: what comes out holds the elements of a table and paragraphs of text, and of attributes only colspan and rowspan with small
numbers, so that nothing in it can run, load or link. It does not: keep styles, links or images.
"""

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

MOST_HTML = 2_000_000
"""Characters of HTML that are read."""

MOST_CELLS = 10_000
_MOST_SPAN = 1_000
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "title", "head"}


@dataclass(slots=True)
class _Cell:
    """A cell: `th` or `td`."""

    tag: str
    spans: str
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Piece:
    """A table, or text beside tables; the first `head` rows are its head."""

    rows: list[list[_Cell]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    table: bool = False
    head: int = 0


class _Reader(HTMLParser):
    """Reads cells and text, whatever the HTML is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces = [_Piece()]
        self.cells = 0
        self._depth = 0
        self._silent: list[str] = []
        self._in_head = False
        self._cell: _Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.pieces.append(_Piece(table=True))
                self._cell, self._in_head = None, False
        elif self._depth == 1:
            self._inside(tag, attrs)
        elif tag in {"br", "p", "div", "li", "h1", "h2", "h3"}:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self.pieces.append(_Piece())
        elif self._depth == 1 and tag in {"td", "th", "tr"}:
            self._cell = None
        elif tag == "thead":
            self._in_head = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._cell is not None and self._depth:
            self._cell.text.append(data)
        elif not self._depth:
            self.pieces[-1].text.append(data)

    def _inside(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        piece = self.pieces[-1]
        if tag == "thead":
            self._in_head = True
        elif tag == "tr" or (tag in {"td", "th"} and not piece.rows):
            piece.rows.append([])
            piece.head += self._in_head
            self._cell = None
        if tag in {"td", "th"}:
            self.cells += 1
            self._cell = _Cell(tag, _spans(attrs))
            piece.rows[-1].append(self._cell)
        elif tag == "br":
            self.handle_data(" ")


def harmless_tables(html: str) -> str | None:
    """The tables of some HTML, and the text beside them; None if there is no table in it, or it cannot be read.

    Args:
        html: of a session: anything.
    """
    reader = _read(html)
    if reader is None or not any(piece.table for piece in reader.pieces):
        return None
    return "".join(_written(piece) for piece in reader.pieces)


def text_of(html: str) -> str:
    """The text of some HTML, in one line; empty if it cannot be read."""
    reader = _read(html)
    if reader is None:
        return ""
    cells = (cell.text for piece in reader.pieces for row in piece.rows for cell in row)
    return " ".join("".join(each).strip() for each in [*(piece.text for piece in reader.pieces), *cells]).strip()


def _read(html: str) -> _Reader | None:
    reader = _Reader()
    try:
        reader.feed(html[:MOST_HTML])
        reader.close()
    except AssertionError:  # how the parser says that a declaration is broken
        return None
    return reader


def _spans(attrs: list[tuple[str, str | None]]) -> str:
    wide = {name: value for name, value in attrs if name in {"colspan", "rowspan"} and value and value.isascii() and value.isdigit()}
    return "".join(f' {name}="{min(int(value[:6]), _MOST_SPAN)}"' for name, value in sorted(wide.items()))


def _written(piece: _Piece) -> str:
    if not piece.table:
        text = " ".join("".join(piece.text).split())
        return f"<p>{escape(text)}</p>" if text else ""
    left, rows = MOST_CELLS, list[str]()
    for row in piece.rows:
        left -= len(row)
        if left < 0:
            break
        rows.append("<tr>" + "".join(f"<{c.tag}{c.spans}>{escape(''.join(c.text).strip())}</{c.tag}>" for c in row) + "</tr>")
    head, body = rows[: piece.head], rows[piece.head :]
    hidden = len(piece.rows) - len(rows)
    table = (f"<thead>{''.join(head)}</thead>" if head else "") + f"<tbody>{''.join(body)}</tbody>"
    return f'<table border="1" class="dataframe">{table}</table>' + (f"<p>{hidden:,} more rows</p>" if hidden else "")
