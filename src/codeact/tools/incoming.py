"""Wire values from a session, as Python values (their form: `values`).

Invariant: the input is hostile. Whatever comes, the only exception is `ValueError`; nothing is executed, imported or unpickled; depth,
count and the cost of hashing are bounded. It does not: check against a tool's annotations (`checking` does).
"""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

MOST_DEPTH = 110
MOST_VALUES = 2_000_000
MOST_HASHED = 10_000
"""Members of one set, or keys of one dict that are not text: their hashes are the sender's choice, and may all be one."""

_MOST_TEXT = 4_500
_MOST_EXPONENT = 6_144
_SECONDS = re.compile(r"(-?)(\d{1,14})(?:\.(\d{1,6}))?", re.ASCII)
_DTYPE = re.compile(
    r"bool|object|str|string|category|u?int(8|16|32|64)|float(16|32|64)|complex128|(datetime|timedelta)64\[[mun]?s\]", re.ASCII
)
_FLOATS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


class Fields(dict[str, Any]):
    """The fields of an object of the session; `kind` is the name of its class there, which is only a claim."""

    def __init__(self, kind: str, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.kind = kind


def decode(body: Any, parts: Sequence[bytes]) -> Any:
    """The value that wire values stand for.

    Objects come as `Fields`, members of an enumeration as their value, images as their bytes; tables as DataFrames if pandas is
    loaded, else as lists of dicts.

    Args:
        body: JSON as the wire read it.
        parts: its binary parts.

    Raises:
        ValueError: it is not of the form; the message says what and where.
    """
    return _Decoder(parts).value(body, "value", 0)


def _known(body: dict[str, Any], names: set[str], place: str) -> None:
    if body.keys() != names:
        raise ValueError(f"{place} of kind {_cut(body['$'])} has the keys {_cut(sorted(body))}; they must be {sorted(names)}")


def _cut(value: Any) -> str:
    text = repr(value[:60] if isinstance(value, str | list) else type(value))
    return text if len(text) <= 80 else f"{text[:77]}..."


def _text(value: Any, place: str) -> str:
    if type(value) is not str or len(value) > _MOST_TEXT:
        raise ValueError(f"{place} must be text of at most {_MOST_TEXT} characters, not {_cut(value)}")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if type(value) is not list:
        raise ValueError(f"{place} must be a list, not {_cut(value)}")
    return value


def _timedelta(text: str) -> timedelta:
    found = _SECONDS.fullmatch(text)
    if found is None:
        raise ValueError("it must be seconds in decimal digits")
    size = timedelta(seconds=int(found[2]), microseconds=int((found[3] or "").ljust(6, "0")))
    return -size if found[1] else size


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > _MOST_EXPONENT:
        raise ValueError(f"its exponent is beyond {_MOST_EXPONENT}")
    return number


_SCALARS: dict[str, Callable[[str], Any]] = {
    "float": _FLOATS.__getitem__,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": _timedelta,
    "decimal": _decimal,
    "uuid": UUID,
    "path": Path,
    "complex": complex,
}


class _Decoder:
    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._values = 0

    def value(self, body: Any, place: str, depth: int) -> Any:
        self._values += 1
        if self._values > MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES} values")
        if depth > MOST_DEPTH:
            raise ValueError(f"more than {MOST_DEPTH} levels")
        kind = type(body)
        if kind is dict:
            return self._kind(body, place, depth) if "$" in body else self._mapping(body, place, depth)
        if kind is list:
            return self._items(body, place, depth)
        if body is None or kind in (str, int, float, bool):
            return body
        raise ValueError(f"{place} is no JSON value: {_cut(body)}")

    def _items(self, body: Any, place: str, depth: int) -> list[Any]:
        return [self.value(item, f"{place}[{number}]" if depth < 4 else place, depth + 1) for number, item in enumerate(_list(body, place))]

    def _mapping(self, body: Any, place: str, depth: int) -> dict[str, Any]:
        if type(body) is not dict:
            raise ValueError(f"{place} must be an object, not {_cut(body)}")
        for key in body:
            if type(key) is not str or key.startswith("$"):
                raise ValueError(f"{place} has the key {_cut(key)}; a dict with such keys is sent as kind 'dict'")
        return {key: self.value(item, f"{place}[{_cut(key)}]" if depth < 4 else place, depth + 1) for key, item in body.items()}

    def _kind(self, body: dict[str, Any], place: str, depth: int) -> Any:
        kind = body["$"]
        if type(kind) is not str:
            raise ValueError(f"{place} has {_cut(kind)} for '$'; it must be text")
        if kind in _SCALARS:
            return self._scalar(body, kind, place)
        method = _KINDS.get(kind)
        if method is None:
            raise ValueError(f"{place} is of the unknown kind {_cut(kind)}; known are {', '.join(sorted({*_SCALARS, *_KINDS}))}")
        return method(self, body, place, depth)

    def _scalar(self, body: dict[str, Any], kind: str, place: str) -> Any:
        _known(body, {"$", "v"}, place)
        text = _text(body["v"], place)
        try:
            return _SCALARS[kind](text)
        except (ValueError, KeyError, OverflowError, InvalidOperation) as error:
            reason = f": {error}" if type(error) is ValueError else ""
            raise ValueError(f"{place} is no {kind}: {_cut(text)}{reason}") from None

    def _bytes(self, body: dict[str, Any], place: str, depth: int) -> bytes:
        _known(body, {"$", "part"}, place)
        return self._part(body["part"], place)

    def _image(self, body: dict[str, Any], place: str, depth: int) -> bytes:
        _known(body, {"$", "type", "part"}, place)
        _text(body["type"], place)
        return self._part(body["part"], place)

    def _part(self, index: Any, place: str) -> bytes:
        if type(index) is not int or not 0 <= index < len(self._parts):
            raise ValueError(f"{place} names part {index if type(index) is int else _cut(index)}; there are {len(self._parts)}")
        return self._parts[index]

    def _tuple(self, body: dict[str, Any], place: str, depth: int) -> tuple[Any, ...]:
        _known(body, {"$", "v"}, place)
        return tuple(self._items(body["v"], place, depth))

    def _set(self, body: dict[str, Any], place: str, depth: int) -> Any:
        _known(body, {"$", "v"}, place)
        members = self._items(body["v"], place, depth)
        self._hashed(members, place)
        return set(members) if body["$"] == "set" else frozenset(members)

    def _hashed(self, members: list[Any], place: str) -> None:
        if len(members) > MOST_HASHED:
            raise ValueError(f"{place} has {len(members)} members; at most {MOST_HASHED} are taken, send a list")
        for member in members:
            try:
                hash(member)
            except TypeError:
                raise ValueError(f"{place} has a member or key that cannot be one: {_cut(member)}") from None

    def _dict(self, body: dict[str, Any], place: str, depth: int) -> dict[Any, Any]:
        _known(body, {"$", "v"}, place)
        pairs = [self._items(pair, place, depth + 1) for pair in _list(body["v"], place)]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"{place} must hold pairs of key and value")
        self._hashed([key for key, _ in pairs], place)
        return dict(pairs)

    def _object(self, body: dict[str, Any], place: str, depth: int) -> Fields:
        _known(body, {"$", "type", "fields"}, place)
        return Fields(_text(body["type"], place), self._mapping(body["fields"], place, depth))

    def _enum(self, body: dict[str, Any], place: str, depth: int) -> Any:
        _known(body, {"$", "type", "name", "v"}, place)
        _text(body["type"], place)
        _text(body["name"], place)
        return self.value(body["v"], place, depth + 1)

    def _table(self, body: dict[str, Any], place: str, depth: int) -> Any:
        series = body.get("series", False)
        _known({key: item for key, item in body.items() if key != "series"}, {"$", "columns", "dtypes", "data", "index"}, place)
        columns = self._items(body["columns"], f"{place}.columns", depth)
        self._hashed(columns, f"{place}.columns")
        kinds = [_text(kind, f"{place}.dtypes") for kind in _list(body["dtypes"], f"{place}.dtypes")]
        data = [self._items(column, f"{place}.data", depth) for column in _list(body["data"], f"{place}.data")]
        index = self._index(body["index"], f"{place}.index", depth)
        lengths = {len(column) for column in data} | ({len(index[1])} if index else set())
        if not len(columns) == len(kinds) == len(data) or len(lengths) > 1 or type(series) is not bool or (series and len(data) != 1):
            raise ValueError(f"{place} is a table whose columns, dtypes, data and index do not fit each other")
        return _assembled(columns, kinds, data, index, series=series, place=place)

    def _index(self, body: Any, place: str, depth: int) -> tuple[list[Any], list[Any]] | None:
        if body is None:
            return None
        if type(body) is list:
            return [None], self._items(body, place, depth)
        if type(body) is not dict or body.keys() != {"names", "labels"}:
            raise ValueError(f"{place} must be null, a list of labels, or an object of names and labels")
        names, labels = self._items(body["names"], place, depth), self._items(body["labels"], place, depth)
        levels = len(names)
        if not names or (levels > 1 and any(type(label) is not tuple or len(label) != levels for label in labels)):
            raise ValueError(f"{place} must have a name for each level of its labels")
        return names, labels


_KINDS: dict[str, Callable[[_Decoder, dict[str, Any], str, int], Any]] = {
    "bytes": _Decoder._bytes,
    "image": _Decoder._image,
    "tuple": _Decoder._tuple,
    "set": _Decoder._set,
    "frozenset": _Decoder._set,
    "dict": _Decoder._dict,
    "object": _Decoder._object,
    "enum": _Decoder._enum,
    "table": _Decoder._table,
}


def _assembled(
    columns: list[Any], kinds: list[str], data: list[list[Any]], index: tuple[list[Any], list[Any]] | None, *, series: bool, place: str
) -> Any:
    """The table as a DataFrame or Series, or without pandas as a list of dicts or a list."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return data[0] if series else [dict(zip(columns, row, strict=True)) for row in zip(*data, strict=True)]
    try:
        labels = _labels(pandas, index, len(data[0]) if data else 0)
        made = [_column(pandas, column, kind, labels) for column, kind in zip(data, kinds, strict=True)]
        frame = pandas.concat(made, axis=1) if made else pandas.DataFrame(index=labels)
        frame.columns = pandas.Index(columns, tupleize_cols=all(type(column) is tuple for column in columns) and bool(columns))
    except (ValueError, TypeError, OverflowError, ArithmeticError, LookupError, AttributeError) as error:
        raise ValueError(f"{place} is no table that pandas can hold: {error}") from None
    return frame.iloc[:, 0] if series else frame


def _column(pandas: Any, cells: list[Any], kind: str, labels: Any) -> Any:
    column = pandas.Series(cells, dtype=object, index=labels)
    return column.astype(kind) if _DTYPE.fullmatch(kind) else column.infer_objects()


def _labels(pandas: Any, index: tuple[list[Any], list[Any]] | None, rows: int) -> Any:
    if index is None:
        return pandas.RangeIndex(rows)
    names, labels = index
    if len(names) == 1:
        return pandas.Index(labels, name=names[0], tupleize_cols=False)
    return pandas.MultiIndex.from_tuples(labels, names=names)
