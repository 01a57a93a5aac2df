"""DataFrames and Series taken apart to columns of plain cells, and put together again.

A column is a dtype and its cells. What a cell is depends on the dtype:

    object                              the value itself: None, NaN, NA and NaT stay apart
    datetime64[unit, zone], timedelta64[unit]   a whole number of units (of UTC, since 1970)
    `Categories`                        the number of one of them
    complex128                          the value itself
    all others                          the value itself

None is a missing cell, but in columns of dtype object, where it is itself.

Invariant: what is put together is of the dtypes that are listed here, whatever was asked for, and its size is bounded by its cells. pandas
is never imported. It does not: know wire values.
"""

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from codeact.tools.moments import name_of, zone_of

MOST_COLUMNS = 10_000
"""Columns of one table: each costs some kilobytes, however short it is."""

_PLAIN = re.compile(r"bool|boolean|str|string|[uU]?[iI]nt(8|16|32|64)|[fF]loat(16|32|64)|complex(64|128)", re.ASCII)
_COUNTED = re.compile(r"(datetime|timedelta)64\[(s|ms|us|ns)(?:, ([A-Za-z0-9_+:./-]{1,60}))?\]", re.ASCII)
_WHOLE = re.compile(r"object|bool|complex\d+|u?int\d+")  # have no missing cells, or have them as values
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_NOTHING = -(2**63)  # NaT, among counts


@dataclass(frozen=True, slots=True)
class Categories:
    """The dtype of a categorical column."""

    kind: str
    values: list[Any]
    ordered: bool


Kind = str | Categories


@dataclass(frozen=True, slots=True)
class Axis:
    """Labels of rows or columns: for each level a name, a dtype and the labels."""

    names: list[Any]
    kinds: list[Kind]
    levels: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in pieces; index None: the rows are counted from 0."""

    columns: Axis
    kinds: list[Kind]
    data: list[list[Any]]
    index: Axis | None
    series: bool


def is_native(kind: Kind) -> bool:
    """Whether the cells are no Python objects once they are put together."""
    return not isinstance(kind, str) or bool(_PLAIN.fullmatch(kind) or _COUNTED.fullmatch(kind))


def taken_apart(value: Any) -> Table:
    """A DataFrame or Series in pieces."""
    series = not hasattr(value, "columns")
    parts = [value] if series else [value.iloc[:, number] for number in range(value.shape[1])]
    columns = [_column(part) for part in parts]
    header = Axis([None], ["object"], [[value.name]]) if series else _axis(value.columns)
    index = None if parts and _is_counted_from_0(value.index) else _axis(value.index)
    return Table(header, [kind for kind, _ in columns], [cells for _, cells in columns], index, series)


def _is_counted_from_0(index: Any) -> bool:
    if list(index.names) != [None] or str(index.dtype) != "int64":
        return False
    return len(index) == 0 or bool(index[0] == 0 and index[-1] == len(index) - 1 and (index.to_numpy() == range(len(index))).all())


def _axis(index: Any) -> Axis:
    levels = [_column(index.get_level_values(number)) for number in range(index.nlevels)]
    return Axis(list(index.names), [kind for kind, _ in levels], [cells for _, cells in levels])


def _column(column: Any) -> tuple[Kind, list[Any]]:
    """The dtype and the cells of a Series or Index."""
    kind, array = str(column.dtype), column.array
    if kind == "category":
        inner, values = _column(column.dtype.categories)
        codes = [None if code < 0 else code for code in array.codes.tolist()]
        return Categories(inner if isinstance(inner, str) else "object", values, bool(column.dtype.ordered)), codes
    counted = re.match(r"(datetime|timedelta)64\[(\w+)", kind)
    if counted is not None:
        zone = getattr(column.dtype, "tz", None)
        kind = f"{counted[0]}]" if zone is None else f"{counted[0]}, {name_of(zone)}]"
        return kind, [None if count == _NOTHING else count for count in array.asi8.tolist()]
    cells = column.tolist()
    if _WHOLE.fullmatch(kind):
        return kind, cells
    return kind, [None if missing else cell for cell, missing in zip(cells, column.isna().tolist(), strict=True)]


def put_together(table: Table) -> Any:
    """The table as a DataFrame or Series; without pandas as a list of dicts, or as a list.

    Raises:
        ValueError, TypeError, OverflowError, ArithmeticError, LookupError, AttributeError: no table can be that.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return _without_pandas(table)
    columns = [_made(pandas, kind, cells) for kind, cells in zip(table.kinds, table.data, strict=True)]
    if table.series:
        column = columns[0].rename(table.columns.levels[0][0])
        return column if table.index is None else column.set_axis(_index(pandas, table.index))
    if not columns:
        return pandas.DataFrame(index=_index(pandas, table.index) if table.index else None, columns=_index(pandas, table.columns))
    frame = pandas.DataFrame(dict(enumerate(columns)))
    frame.columns = _index(pandas, table.columns)
    if table.index is not None:
        frame.index = _index(pandas, table.index)
    return frame


def _index(pandas: Any, axis: Axis) -> Any:
    levels = [_made(pandas, kind, cells) for kind, cells in zip(axis.kinds, axis.levels, strict=True)]
    if len(levels) > 1:
        return pandas.MultiIndex.from_arrays([_level(pandas, level, None) for level in levels], names=axis.names)
    return _level(pandas, levels[0], axis.names[0])


def _level(pandas: Any, cells: Any, name: Any) -> Any:
    return pandas.Index(cells.array, dtype=cells.dtype, name=name, tupleize_cols=False)


def _made(pandas: Any, kind: Kind, cells: list[Any]) -> Any:
    """A column as a Series."""
    if isinstance(kind, Categories):
        values = _level(pandas, _made(pandas, kind.kind, kind.values), None)
        codes = [-1 if code is None else code for code in _whole(cells)]
        return pandas.Series(pandas.Categorical.from_codes(codes, values, ordered=kind.ordered))
    counted = _COUNTED.fullmatch(kind)
    if counted is not None:
        return _moments(pandas, counted, cells)
    column = pandas.Series(cells, dtype=object)
    if kind == "object":
        return column
    return column.astype(kind) if _PLAIN.fullmatch(kind) else column.infer_objects()


def _moments(pandas: Any, counted: re.Match[str], cells: list[Any]) -> Any:
    counts = pandas.array([_NOTHING if count is None else count for count in _whole(cells)], dtype="int64").to_numpy()
    column = pandas.Series(counts.view(f"{counted[1]}64[{counted[2]}]"))
    return column if counted[3] is None else column.dt.tz_localize("UTC").dt.tz_convert(zone_of(counted[3]))


def _whole(cells: list[Any]) -> list[int | None]:
    for cell in cells:
        if cell is not None and type(cell) is not int:
            raise ValueError(f"its cells must be whole numbers, not {type(cell).__name__}")
    return cells


def _without_pandas(table: Table) -> Any:
    data = [_read(kind, cells) for kind, cells in zip(table.kinds, table.data, strict=True)]
    if table.series:
        return data[0]
    levels = [_read(kind, cells) for kind, cells in zip(table.columns.kinds, table.columns.levels, strict=True)]
    names = levels[0] if len(levels) == 1 else list(zip(*levels, strict=True))
    return [dict(zip(names, row, strict=True)) for row in zip(*data, strict=True)]


def _read(kind: Kind, cells: list[Any]) -> list[Any]:
    """Cells as the values that they stand for."""
    if isinstance(kind, Categories):
        values = _read(kind.kind, kind.values)
        return [None if code is None or code < 0 else values[code] for code in _whole(cells)]
    counted = _COUNTED.fullmatch(kind)
    if counted is None:
        return cells
    unit, zone = _UNITS[counted[2]], zone_of(counted[3]) if counted[3] else None
    spans = [None if count is None else timedelta(microseconds=count * 10**6 // unit) for count in _whole(cells)]
    if counted[1] == "timedelta":
        return spans
    start = datetime(1970, 1, 1, tzinfo=UTC)
    moments = [None if span is None else start + span for span in spans]
    return [moment and (moment.astimezone(zone) if zone else moment.replace(tzinfo=None)) for moment in moments]
