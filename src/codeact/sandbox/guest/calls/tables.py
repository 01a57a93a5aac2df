"""DataFrames and Series as JSON, and back. `codeact.tools.values` describes the form, and `codeact.tools.tables` what a cell is.

Invariant: names, dtypes, labels and cells come back as they went. It does not: turn cells into JSON (`values` does).
"""

import datetime
import importlib
import re
import sys
import zoneinfo
from collections.abc import Callable
from typing import Any

MOST_COLUMNS = 10_000

_LIBRARY = "pandas"
_COUNTED = re.compile(r"(datetime|timedelta)64\[(\w+)(?:, (.+))?\]")
_WHOLE = re.compile(r"object|bool|complex\d+|u?int\d+")
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_NOTHING = -(2**63)

Write = Callable[[Any, str], Any]  # a list as JSON, and what it is called in errors
Read = Callable[[Any], Any]


def zone_of(name: str) -> datetime.tzinfo | None:
    """A zone by its name or offset, None if it is not known here."""
    if name.startswith("UTC"):
        return datetime.datetime.fromisoformat(f"2000-01-01T00:00{name[3:] or '+00:00'}").tzinfo
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        return None


def _name_of(zone: Any) -> str:
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if isinstance(name, str):
        return name
    offset = zone.utcoffset(None)
    return "UTC" if offset is None else str(datetime.timezone(offset))


def to_json(value: Any, write: Write) -> dict[str, Any]:
    """A DataFrame or Series as JSON.

    Args:
        value: either.
        write: writes cells.
    """
    series = not hasattr(value, "columns")
    parts = [value] if series else [value.iloc[:, number] for number in range(value.shape[1])]
    names = [value.name] if series else list(value.columns)
    columns = [_column(part, write, f"column {name!r}") for part, name in zip(parts, names, strict=True)]
    index = value.index
    plain = bool(parts) and list(index.names) == [None] and str(index.dtype) == "int64" and index.tolist() == [*range(len(index))]
    body = {
        "$": "table",
        "columns": write(names, "its name") if series else _axis(value.columns, write, "its columns"),
        "dtypes": [kind for kind, _ in columns],
        "data": [cells for _, cells in columns],
        "index": None if plain else _axis(index, write, "its index"),
    }
    return {**body, "series": True} if series else body


def _axis(index: Any, write: Write, where: str) -> dict[str, Any]:
    levels = [_column(index.get_level_values(number), write, where) for number in range(index.nlevels)]
    return {
        "names": write(list(index.names), where),
        "dtypes": [kind for kind, _ in levels],
        "data": [cells for _, cells in levels],
    }


def _column(column: Any, write: Write, where: str) -> tuple[Any, Any]:
    """The dtype and the cells of a Series or Index."""
    kind = str(column.dtype)
    if kind == "category":
        inner, values = _column(column.dtype.categories, write, f"the categories of {where}")
        codes = [None if code < 0 else code for code in column.array.codes.tolist()]
        return {"categories": values, "dtype": inner, "ordered": bool(column.dtype.ordered)}, codes
    counted = _COUNTED.fullmatch(kind)
    if counted:
        zone = getattr(column.dtype, "tz", None)
        kind = f"{counted[1]}64[{counted[2]}{'' if zone is None else f', {_name_of(zone)}'}]"
        return kind, [None if count == _NOTHING else count for count in column.array.asi8.tolist()]
    cells = column.tolist()
    if kind == "object":
        return kind, write([_marked(cell) for cell in cells], where)
    if not _WHOLE.fullmatch(kind):
        cells = [None if missing else cell for cell, missing in zip(cells, column.isna().tolist(), strict=True)]
    return kind, write(cells, where)


class Missing:
    """NA or NaT, where it stands in a column that may hold anything: elsewhere it is None."""

    def __init__(self, name: str) -> None:
        self.name = name


def _marked(cell: Any) -> Any:
    pandas = sys.modules[_LIBRARY]
    return Missing("NA") if cell is pandas.NA else Missing("NaT") if cell is pandas.NaT else cell


def from_json(data: dict[str, Any], read: Read) -> Any:
    """The table of JSON; where there is no pandas, lists.

    Args:
        data: as `to_json` makes it.
        read: reads cells.
    """
    series = data.get("series", False)
    columns = [(_dtype(kind, read), read(cells)) for kind, cells in zip(data["dtypes"], data["data"], strict=True)]
    try:
        pandas = importlib.import_module(_LIBRARY)  # only where a table comes
    except ImportError:
        return _as_lists(data["columns"], columns, read, series=series)
    index = None if data["index"] is None else _index(pandas, data["index"], read)
    if series:
        column = _made(pandas, *columns[0]).rename(read(data["columns"])[0])
        return column if index is None else column.set_axis(index)
    if not columns:
        return pandas.DataFrame(index=index, columns=_index(pandas, data["columns"], read))
    frame = pandas.DataFrame(dict(enumerate(_made(pandas, kind, cells) for kind, cells in columns)))
    frame.columns = _index(pandas, data["columns"], read)
    if index is not None:
        frame.index = index
    return frame


def missing(name: str) -> Any:
    """NA or NaT, None where there is no pandas."""
    return getattr(sys.modules.get(_LIBRARY), name, None)


def _dtype(kind: Any, read: Read) -> Any:
    return kind if isinstance(kind, str) else (kind["dtype"], read(kind["categories"]), kind["ordered"])


def _index(pandas: Any, axis: Any, read: Read) -> Any:
    if isinstance(axis, list):
        return _level(pandas, _made(pandas, "", read(axis)), None)
    names = read(axis["names"])
    levels = [_made(pandas, _dtype(kind, read), read(cells)) for kind, cells in zip(axis["dtypes"], axis["data"], strict=True)]
    if len(levels) > 1:
        return pandas.MultiIndex.from_arrays([_level(pandas, level, None) for level in levels], names=names)
    return _level(pandas, levels[0], names[0])


def _level(pandas: Any, cells: Any, name: Any) -> Any:
    return pandas.Index(cells.array, dtype=cells.dtype, name=name, tupleize_cols=False)


def _made(pandas: Any, kind: Any, cells: list[Any]) -> Any:
    """A column as a Series."""
    if not isinstance(kind, str):
        values = _level(pandas, _made(pandas, *kind[:2]), None)
        codes = [-1 if code is None else code for code in cells]
        return pandas.Series(pandas.Categorical.from_codes(codes, values, ordered=kind[2]))
    counted = _COUNTED.fullmatch(kind)
    if counted:
        counts = pandas.array([_NOTHING if count is None else count for count in cells], dtype="int64").to_numpy()
        column = pandas.Series(counts.view(f"{counted[1]}64[{counted[2]}]"))
        return column if counted[3] is None else column.dt.tz_localize("UTC").dt.tz_convert(zone_of(counted[3]) or datetime.UTC)
    column = pandas.Series(cells, dtype=object)
    if kind == "object":
        return column
    try:
        return column.astype(kind) if kind else column.infer_objects()
    except (TypeError, ValueError):  # a dtype that the pandas of this session does not have
        return column.infer_objects()


def _as_lists(header: Any, columns: list[tuple[Any, Any]], read: Read, *, series: bool) -> Any:
    data = [_plain(kind, cells) for kind, cells in columns]
    if series:
        return data[0]
    if isinstance(header, list):
        names = read(header)
    else:
        levels = [_plain(_dtype(kind, read), read(cells)) for kind, cells in zip(header["dtypes"], header["data"], strict=True)]
        names = levels[0] if len(levels) == 1 else list(zip(*levels, strict=True))
    return [dict(zip(names, row, strict=True)) for row in zip(*data, strict=True)]


def _plain(kind: Any, cells: list[Any]) -> list[Any]:
    """Cells as the values that they stand for."""
    if not isinstance(kind, str):
        values = _plain(kind[0], kind[1])
        return [None if code is None else values[code] for code in cells]
    counted = _COUNTED.fullmatch(kind)
    if not counted:
        return cells
    unit, zone = _UNITS[counted[2]], zone_of(counted[3]) if counted[3] else None
    spans = [None if count is None else datetime.timedelta(microseconds=count * 10**6 // unit) for count in cells]
    if counted[1] == "timedelta":
        return spans
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    moments = [None if span is None else start + span for span in spans]
    return [moment and (moment.astimezone(zone) if zone else moment.replace(tzinfo=None)) for moment in moments]
