"""Tables out of what guests show: the HTML of a data frame, read into cells of text, and files of comma-separated values.

Invariant: of the HTML nothing is kept but text and spans; a table is only what a data frame writes, and anything else is no table. It does
not: make HTML.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

MOST_ROWS = 2_000
MOST_COLUMNS = 200
_MOST_SPAN = 200
_MOST_HTML = 2_000_000
_MOST_HEAD = 50
_TAGS = {"div", "style", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br"}
_WHOLE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_TAGS))})(?:\s[^<>]*)?>")
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9A-Fa-f]{8}")
_NUMBER = set("0123456789.,-+eE%")


@dataclass(slots=True)
class Cell:
    """Text in a table; `heads`: it names a row or a column."""

    text: str = ""
    heads: bool = False
    columns: int = 1
    rows: int = 1

    @property
    def is_number(self) -> bool:
        """Whether it reads as a number, and is put to the right."""
        text = self.text.strip()
        return text in ("NaN", "nan", "inf", "-inf") or (any(mark.isdigit() for mark in text) and set(text) <= _NUMBER)


@dataclass(slots=True)
class Table:
    """A table; `left_out` says how many rows are not in it, `note` stands below it."""

    head: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)
    note: str = ""
    left_out: int = 0

    @property
    def sorts(self) -> bool:
        """Whether it can be sorted by a column: each has one name, and no cell spans several."""
        return len(self.head) == 1 and all(cell.columns == cell.rows == 1 for row in (*self.head, *self.body) for cell in row)

    def pages(self, rows: int = 25) -> list[list[list[Cell]]]:
        """The rows of its body, so many a page."""
        return [self.body[start : start + rows] for start in range(0, len(self.body), rows)]


def of_html(html: str) -> Table | None:
    """The table that a data frame wrote; None if the HTML is anything else."""
    if len(html) > _MOST_HTML or 'class="dataframe"' not in html or not _is_plain(html):
        return None
    reader = _Reader()
    reader.feed(html)
    reader.close()
    table = reader.table
    if not reader.fits or not table.body:
        return None
    return table


def _is_plain(html: str) -> bool:
    """Whether every ``<`` begins a whole tag of those that a data frame writes: on others `HTMLParser` may take the square of the length,
    and fail on a reference to a character that is no number that Python reads."""
    return html.count("<") == len(_WHOLE_TAG.findall(html)) and _LONG_REFERENCE.search(html) is None


def of_csv(text: str, delimiter: str) -> Table | None:
    """The table in a file of values; None if it has none."""
    table = Table()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter)):
            cells = [Cell(value, heads=number == 0) for value in row[:MOST_COLUMNS]]
            if number == 0:
                table.head.append(cells)
            elif len(table.body) < MOST_ROWS:
                table.body.append(cells)
            else:
                table.left_out += 1
    except csv.Error:
        return None
    if not table.head or len(table.head[0]) == 0:
        return None
    width = len(table.head[0])
    for row in table.body:
        row.extend(Cell() for _ in range(width - len(row)))
    return table


class _Reader(HTMLParser):
    """Reads the HTML of a data frame."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.table = Table()
        self.fits = True
        self._tables = 0
        self._in_head = self._in_style = self._in_note = False
        self._row: list[Cell] | None = None
        self._cell: Cell | None = None
        self._pieces: list[str] = []
        self._note: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        if tag not in _TAGS:
            self.fits = False
        match tag:
            case "table":
                self._tables += 1
                self.fits = self.fits and self._tables == 1
            case "thead" | "tbody" | "tfoot":
                self._in_head = tag == "thead"
            case "tr":
                self._row = []
            case "th" | "td" if self._row is not None:
                self._open_cell(tag, dict(attrs))
            case "style" | "p":
                self._in_style, self._in_note = tag == "style", tag == "p"
            case "br" if self._cell is not None:
                self._pieces.append("\n")
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        """See `HTMLParser`."""
        match tag:
            case "tr":
                self._close_row()
            case "th" | "td":
                self._close_cell()
            case "style":
                self._in_style = False
            case "p":
                self._in_note = False
            case _:
                pass

    def handle_data(self, data: str) -> None:
        """See `HTMLParser`."""
        if self._cell is not None:
            self._pieces.append(data)
        elif self._in_note:
            self._note.append(data)

    def close(self) -> None:
        """See `HTMLParser`."""
        super().close()
        self._close_cell()
        self.table.note = "".join(self._note)

    def _open_cell(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._close_cell()
        self._cell = Cell("", tag == "th", _span(attributes.get("colspan")), _span(attributes.get("rowspan")))
        if self._row is not None and len(self._row) < MOST_COLUMNS:
            self._row.append(self._cell)

    def _close_cell(self) -> None:
        """Put together what was told of it: piece by piece would take the square of its length."""
        if self._cell is not None:
            self._cell.text = "".join(self._pieces)
        self._cell, self._pieces = None, []

    def _close_row(self) -> None:
        self._close_cell()
        row, self._row = self._row, None
        if not row:
            return
        if self._in_head:
            self.fits = self.fits and len(self.table.head) < _MOST_HEAD
            self.table.head.append(row)
        elif len(self.table.body) < MOST_ROWS:
            self.table.body.append(row)
        else:
            self.table.left_out += 1


def _span(text: str | None) -> int:
    if text is None or re.fullmatch(r"0*[1-9][0-9]{0,5}", text) is None:  # Python reads no number of thousands of digits
        return 1
    return min(int(text[-7:]), _MOST_SPAN)
