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

from codeact.tools import tables
from codeact.tools.moments import moment_of

MOST_DEPTH = 130
MOST_VALUES = 2_000_000
MOST_HASHED = 10_000
"""Members of one set, or keys of one dict that are not text: their hashes are the sender's choice, and may all be one."""

_MOST_TEXT = 4_500
_MOST_EXPONENT = 6_144
_SECONDS = re.compile(r"(-?)(\d{1,14})(?:\.(\d{1,6}))?", re.ASCII)
_PLAIN = frozenset((str, int, float, bool))
_FLOATS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


class Fields(dict[str, Any]):
    """The fields of an object of the session.

    Args:
        kind: the name of its class there, which is only a claim.
        fields: by name.
        ordered: it is a named tuple.
    """

    def __init__(self, kind: str, fields: dict[str, Any], *, ordered: bool = False) -> None:
        super().__init__(fields)
        self.kind = kind
        self.ordered = ordered


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
    "date": date.fromisoformat,
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
        if depth > MOST_DEPTH:
            raise ValueError(f"more than {MOST_DEPTH} levels")
        kind = type(body)
        if body is None or kind in _PLAIN:
            return body
        if kind is dict:
            return self._kind(body, place, depth) if "$" in body else self._mapping(body, place, depth)
        if kind is list:
            return self._items(body, place, depth)
        raise ValueError(f"{place} is no JSON value: {_cut(body)}")

    def _items(self, body: Any, place: str, depth: int) -> list[Any]:
        self._count(len(_list(body, place)))
        return [
            item if item is None or type(item) in _PLAIN else self.value(item, f"{place}[{number}]" if depth < 4 else place, depth + 1)
            for number, item in enumerate(body)
        ]

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES} values")

    def _mapping(self, body: Any, place: str, depth: int) -> dict[str, Any]:
        if type(body) is not dict:
            raise ValueError(f"{place} must be an object, not {_cut(body)}")
        for key in body:
            if type(key) is not str or key.startswith("$"):
                raise ValueError(f"{place} has the key {_cut(key)}; a dict with such keys is sent as kind 'dict'")
        self._count(len(body))
        return {
            key: item
            if item is None or type(item) in _PLAIN
            else self.value(item, f"{place}[{_cut(key)}]" if depth < 4 else place, depth + 1)
            for key, item in body.items()
        }

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

    def _moment(self, body: dict[str, Any], place: str, depth: int) -> Any:
        zone, fold = body.get("zone"), body.get("fold", 0)
        _known({key: item for key, item in body.items() if key not in ("zone", "fold")}, {"$", "v"}, place)
        text, kind = _text(body["v"], place), body["$"]
        if type(fold) is not int or fold not in (0, 1):
            raise ValueError(f"{place} has {_cut(fold)} for 'fold'; it must be 0 or 1")
        try:
            return moment_of(datetime if kind == "datetime" else time, text, None if zone is None else _text(zone, place), fold)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{place} is no {kind}: {_cut(text)}: {error}") from None

    def _missing(self, body: dict[str, Any], place: str, depth: int) -> Any:
        _known(body, {"$", "v"}, place)
        if body["v"] not in ("NA", "NaT"):
            raise ValueError(f"{place} has {_cut(body['v'])} for what is missing; it must be 'NA' or 'NaT'")
        return getattr(sys.modules.get("pandas"), body["v"], None)

    def _long_text(self, body: dict[str, Any], place: str, depth: int) -> str:
        _known(body, {"$", "part"}, place)
        try:
            return self._part(body["part"], place).decode()
        except UnicodeDecodeError:
            raise ValueError(f"{place} is no text: its part is not UTF-8") from None

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
        ordered = body.get("tuple", False)
        _known({key: item for key, item in body.items() if key != "tuple"}, {"$", "type", "fields"}, place)
        if type(ordered) is not bool:
            raise ValueError(f"{place} has {_cut(ordered)} for 'tuple'; it must be true or false")
        return Fields(_text(body["type"], place), self._mapping(body["fields"], place, depth), ordered=ordered)

    def _enum(self, body: dict[str, Any], place: str, depth: int) -> Any:
        _known(body, {"$", "type", "name", "v"}, place)
        _text(body["type"], place)
        _text(body["name"], place)
        return self.value(body["v"], place, depth + 1)

    def _table(self, body: dict[str, Any], place: str, depth: int) -> Any:
        series = body.get("series", False)
        _known({key: item for key, item in body.items() if key != "series"}, {"$", "columns", "dtypes", "data", "index"}, place)
        columns = self._header(body["columns"], f"{place}.columns", depth)
        kinds = self._dtypes(body["dtypes"], f"{place}.dtypes", depth)
        data = [self._items(column, f"{place}.data", depth) for column in _list(body["data"], f"{place}.data")]
        index = None if body["index"] is None else self._axis(body["index"], f"{place}.index", depth)
        rows = {len(column) for column in data} | ({len(index.levels[0])} if index else set())
        fits = len(columns.levels[0]) == len(kinds) == len(data) and len(rows) <= 1
        if not fits or type(series) is not bool or (series and (len(data) != 1 or len(columns.levels) != 1)):
            raise ValueError(f"{place} is a table whose columns, dtypes, data and index do not fit each other")
        try:
            return tables.put_together(tables.Table(columns, kinds, data, index, series))
        except (ValueError, TypeError, OverflowError, ArithmeticError, LookupError, AttributeError) as error:
            raise ValueError(f"{place} is no table that pandas can hold: {_cut(str(error))}") from None

    def _header(self, body: Any, place: str, depth: int) -> tables.Axis:
        labels = self._items(body, place, depth) if type(body) is list else None
        axis = tables.Axis([None], [""], [labels]) if labels is not None else self._axis(body, place, depth)
        if len(axis.levels[0]) > tables.MOST_COLUMNS:
            raise ValueError(f"{place} are {len(axis.levels[0])}; at most {tables.MOST_COLUMNS} are taken")
        for level in axis.levels:
            self._hashed(level, place)
        return axis

    def _axis(self, body: Any, place: str, depth: int) -> tables.Axis:
        if type(body) is not dict or body.keys() != {"names", "dtypes", "data"}:
            raise ValueError(f"{place} must be an object of names, dtypes and data")
        names, kinds = self._items(body["names"], place, depth), self._dtypes(body["dtypes"], place, depth)
        levels = [self._items(level, place, depth) for level in _list(body["data"], place)]
        if not 0 < len(names) == len(kinds) == len(levels) <= _MOST_LEVELS or len({len(level) for level in levels}) != 1:
            raise ValueError(f"{place} must have a name, a dtype and as many labels as the others for each of 1 to {_MOST_LEVELS} levels")
        self._hashed(names, place)
        for kind, level in zip(kinds, levels, strict=True):
            self._hashed([] if tables.is_native(kind) else [label for label in level if type(label) not in _SAFELY_HASHED], place)
        return tables.Axis(names, kinds, levels)

    def _dtypes(self, body: Any, place: str, depth: int) -> list[tables.Kind]:
        return [self._dtype(kind, place, depth) for kind in _list(body, place)]

    def _dtype(self, body: Any, place: str, depth: int) -> tables.Kind:
        if type(body) is not dict:
            return _text(body, place)
        if body.keys() != {"categories", "dtype", "ordered"} or type(body["ordered"]) is not bool:
            raise ValueError(f"{place} must be text, or an object of categories, dtype and ordered")
        values = self._items(body["categories"], place, depth)
        kind = _text(body["dtype"], place)
        self._hashed([] if tables.is_native(kind) else [value for value in values if type(value) not in _SAFELY_HASHED], place)
        return tables.Categories(kind, values, body["ordered"])


_MOST_LEVELS = 50
_SAFELY_HASHED = (str, type(None), bool)

_KINDS: dict[str, Callable[[_Decoder, dict[str, Any], str, int], Any]] = {
    "bytes": _Decoder._bytes,
    "datetime": _Decoder._moment,
    "dict": _Decoder._dict,
    "enum": _Decoder._enum,
    "frozenset": _Decoder._set,
    "image": _Decoder._image,
    "missing": _Decoder._missing,
    "object": _Decoder._object,
    "set": _Decoder._set,
    "table": _Decoder._table,
    "text": _Decoder._long_text,
    "time": _Decoder._moment,
    "tuple": _Decoder._tuple,
}
