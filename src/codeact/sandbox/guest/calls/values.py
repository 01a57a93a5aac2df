"""Python values as JSON with binary parts, and back: what calls of tools carry. `codeact.tools.values` is the host's end.

Invariant: a value comes out as it went in, or is refused with a TypeError or ValueError that says which part of it, and what can be sent
instead. It does not: import a library but for a table that came, or evaluate anything.
"""

import dataclasses
import datetime
import decimal
import enum
import math
import pathlib
import sys
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import tables
from .objects import Image, Record, made

MOST_DEPTH = 60  # two levels of JSON each, of which the host reads 200
MOST_VALUES = 1_000_000
MOST_INT_BITS = 14_000  # Python reads no more than 4300 digits
LONG_TEXT = 1 << 16  # longer text is a binary part

_SHOWN_STEPS = 8
_INSTEAD = "send JSON types, bytes, tuples, sets, dates, dataclasses or a DataFrame"


class Unfit(Exception):
    """A value cannot be sent; `path` grows from the inside outwards."""

    def __init__(self, kind: type[Exception], what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.path: list[str] = []

    def told(self, where: str) -> Exception:
        """The exception to raise."""
        steps = self.path[::-1]
        shown = "".join(steps[:_SHOWN_STEPS]) + ("..." if len(steps) > _SHOWN_STEPS else "")
        return self.kind(f"{where}{shown} {self.what}")


class Writer:
    """Writes the values of one call; `parts` are their binary parts."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._left = MOST_VALUES
        self._open: set[int] = set()

    def write(self, value: Any, where: str) -> Any:
        """A value as JSON.

        Args:
            value: of any type.
            where: names the value in errors.

        Raises:
            TypeError: a type in it cannot be sent.
            ValueError: it is too deep or too large, holds itself, or holds text that is not Unicode.
        """
        try:
            return self._value(value, 0)
        except Unfit as unfit:
            told = unfit.told(where)
        raise told

    def _value(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Unfit(ValueError, f"makes this call one of more than {MOST_VALUES} values: send a part of it, or bytes")
        method = _BY_TYPE.get(type(value))
        if method is not None:
            return method(self, value, depth)
        for kind, method in _BY_INSTANCE:
            if isinstance(value, kind):
                return method(self, value, depth)
        return self._of_a_library(value, depth)

    def _same(self, value: Any, depth: int) -> Any:
        return value

    def _int(self, value: int, depth: int) -> int:
        if value.bit_length() > MOST_INT_BITS:
            raise Unfit(ValueError, f"is an integer of {value.bit_length()} bits, and at most {MOST_INT_BITS} go: send hex() of it")
        return int.__int__(value)

    def _float(self, value: float, depth: int) -> Any:
        plain = float.__float__(value)
        return plain if math.isfinite(plain) else {"$": "float", "v": repr(plain)}

    def _text(self, value: str) -> str:
        plain = str.__str__(value)
        try:
            _ = plain.isascii() or plain.encode()
        except UnicodeEncodeError:
            raise Unfit(
                ValueError, "is text with a lone surrogate, which cannot be sent: send value.encode('utf-8', 'surrogateescape')"
            ) from None
        return plain

    def _str(self, value: str, depth: int) -> Any:
        plain = self._text(value)
        return plain if len(plain) <= LONG_TEXT else {"$": "text", "part": self._part(plain.encode())}

    def _binary(self, value: Any, depth: int) -> Any:
        return {"$": "bytes", "part": self._part(bytes(value))}

    def _image(self, value: Image, depth: int) -> Any:
        return {"$": "image", "type": value.kind, "part": self._part(value.data)}

    def _part(self, data: bytes) -> int:
        self.parts.append(data)
        return len(self.parts) - 1

    def _items(self, owner: Any, items: Iterable[tuple[Any, Any]], depth: int, place: Callable[[Any], str] = "[{}]".format) -> list[Any]:
        """Values of a container; `items` are pairs of where and what."""
        if id(owner) in self._open:
            raise Unfit(ValueError, f"is a {type(owner).__name__} that holds itself: send a value without a cycle")
        if depth >= MOST_DEPTH:
            raise Unfit(ValueError, f"is nested more than {MOST_DEPTH} deep: send a flatter value")
        self._open.add(id(owner))
        done: list[Any] = []
        where: Any = None
        try:
            for each in items:
                where, item = each
                done.append(self._value(item, depth + 1))
        except Unfit as unfit:
            unfit.path.append(place(where))
            raise
        finally:
            self._open.discard(id(owner))
        return done

    def _list(self, value: Any, depth: int) -> Any:
        return self._items(value, enumerate(value), depth)

    def _tuple(self, value: Any, depth: int) -> Any:
        names = getattr(type(value), "_fields", None)
        if names is not None:
            return {**self._fields(value, dict(zip(names, value, strict=True)), depth), "tuple": True}
        return {"$": "tuple", "v": self._items(value, enumerate(value), depth)}

    def _set(self, value: Any, depth: int) -> Any:
        kind = "set" if isinstance(value, set) else "frozenset"
        return {"$": kind, "v": self._items(value, enumerate(value), depth, lambda where: " (an element)")}

    def _dict(self, value: Any, depth: int) -> Any:
        values = self._items(value, value.items(), depth, lambda key: f"[{_shown(key)}]")
        if all(type(key) is str and not key.startswith("$") and len(key) <= LONG_TEXT for key in value):
            for key in value:
                self._text(key)
            return dict(zip(value, values, strict=True))
        keys = self._items(value, ((key, key) for key in value), depth, lambda key: f" (the key {_shown(key)})")
        return {"$": "dict", "v": [[key, each] for key, each in zip(keys, values, strict=True)]}

    def _fields(self, value: Any, fields: Mapping[str, Any], depth: int) -> dict[str, Any]:
        values = self._items(value, fields.items(), depth, ".{}".format)
        return {"$": "object", "type": type(value).__name__, "fields": dict(zip(fields, values, strict=True))}

    def _record(self, value: Record, depth: int) -> Any:
        return self._fields(value, vars(value), depth)

    def _enum(self, value: enum.Enum, depth: int) -> Any:
        try:
            inner = self._value(value.value, depth + 1)
        except Unfit:
            inner = value.name  # a member is known by its name where its value cannot travel
        return {"$": "enum", "type": type(value).__name__, "name": value.name or str(value), "v": inner}

    def _moment(self, value: Any, depth: int) -> Any:
        if value is tables.missing("NaT"):
            return None
        if hasattr(value, "to_pydatetime"):
            value = value.to_pydatetime(warn=False)
        kind = "datetime" if isinstance(value, datetime.datetime) else "time"
        body: dict[str, Any] = {"$": kind, "v": value.isoformat()}
        zone = getattr(value.tzinfo, "key", None)
        if isinstance(zone, str):
            body["zone"] = zone
        return {**body, "fold": 1} if value.fold else body

    def _written(self, value: Any, depth: int) -> Any:
        kind, write = next((name, write) for name, (kind, write, _) in _TEXTS.items() if isinstance(value, kind))
        return {"$": kind, "v": self._text(write(value))}

    def _missing(self, value: tables.Missing, depth: int) -> Any:
        return {"$": "missing", "v": value.name}

    def _of_a_library(self, value: Any, depth: int) -> Any:
        pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
        if numpy is not None and isinstance(value, numpy.generic | numpy.ndarray):
            return self._array(value, depth)
        if pandas is not None and isinstance(value, pandas.Series | pandas.DataFrame):
            return self._table(value, depth)
        if pandas is not None and isinstance(value, pandas.Index):
            return self._list(value.tolist(), depth)
        if pandas is not None and value is pandas.NA:
            return None
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if hasattr(value, each.name)}
            return self._fields(value, fields, depth)
        names = getattr(type(value), "model_fields", None)
        if isinstance(names, dict):  # of pydantic
            return self._fields(value, {name: getattr(value, name) for name in names}, depth)
        raise Unfit(TypeError, f"is of type {type(value).__name__!r}, which a call of a tool cannot carry; {_INSTEAD}")

    def _array(self, value: Any, depth: int) -> Any:
        if value.dtype.kind in "mM":
            value = value.astype(f"{value.dtype.kind}8[us]")
        plain = value.tolist()
        return self._value(float(plain) if type(plain) is type(value) else plain, depth)

    def _table(self, value: Any, depth: int) -> Any:
        def write(cells: list[Any], where: str) -> list[Any]:
            try:
                return self._items(value, enumerate(cells), depth)
            except Unfit as unfit:
                unfit.path.append(f" ({where})")
                raise

        if value.size > MOST_VALUES or (value.ndim > 1 and value.shape[1] > tables.MOST_COLUMNS):
            raise Unfit(ValueError, f"is a table of shape {value.shape}: send a part of it, or bytes")
        return tables.to_json(value, write)


def _shown(key: Any) -> str:
    text = repr(key)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _seconds(value: datetime.timedelta) -> str:
    """Exact to the microsecond."""
    whole = value // datetime.timedelta(microseconds=1)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 10**6}.{whole % 10**6:06}"


def _duration(text: str) -> datetime.timedelta:
    whole, _, rest = text.removeprefix("-").partition(".")
    size = datetime.timedelta(seconds=int(whole), microseconds=int(rest.ljust(6, "0") or 0))
    return -size if text.startswith("-") else size


_TEXTS: dict[str, tuple[type, Any, Any]] = {
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "timedelta": (datetime.timedelta, _seconds, _duration),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "path": (pathlib.PurePath, str, pathlib.Path),
    "complex": (complex, str, complex),
}
_Method = Callable[[Writer, Any, int], Any]
_BY_TYPE: dict[type, _Method] = {
    type(None): Writer._same,
    bool: Writer._same,
    int: Writer._int,
    float: Writer._float,
    str: Writer._str,
    list: Writer._list,
    dict: Writer._dict,
    tuple: Writer._tuple,
    bytes: Writer._binary,
    tables.Missing: Writer._missing,
}
_BY_INSTANCE: list[tuple[Any, _Method]] = [
    (enum.Enum, Writer._enum),
    ((datetime.datetime, datetime.time), Writer._moment),
    (tuple(kind for kind, _, _ in _TEXTS.values()), Writer._written),
    (Image, Writer._image),
    (Record, Writer._record),
    ((bytes, bytearray, memoryview), Writer._binary),
    (str, Writer._str),
    (int, Writer._int),
    (float, Writer._float),
    (tuple, Writer._tuple),
    ((list, deque, range), Writer._list),
    ((set, frozenset), Writer._set),
    (Mapping, Writer._dict),
]


def decode(data: Any, parts: list[bytes], classes: Mapping[str, type]) -> Any:
    """The value of JSON that the host sent.

    Args:
        data: as `Writer` makes it.
        parts: the binary parts.
        classes: by name, for objects and members of enumerations.
    """
    if type(data) is list:
        return [decode(each, parts, classes) for each in data]
    if type(data) is not dict:
        return data
    if "$" not in data:
        return {key: decode(each, parts, classes) for key, each in data.items()}
    kind = data["$"]
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](decode(data["v"], parts, classes))
    if kind in _TEXTS:
        return _TEXTS[kind][2](data["v"])
    return _DECODERS[kind](data, parts, classes)


def _moment(data: dict[str, Any]) -> Any:
    kind = datetime.datetime if data["$"] == "datetime" else datetime.time
    made = kind.fromisoformat(data["v"]).replace(fold=data.get("fold", 0))
    zone = tables.zone_of(data["zone"]) if "zone" in data else None
    return made if zone is None else made.replace(tzinfo=zone)


def _member(data: dict[str, Any], parts: list[bytes], classes: Mapping[str, type]) -> Any:
    kind, value = classes.get(data["type"]), decode(data["v"], parts, classes)
    if kind is None or not issubclass(kind, enum.Enum):
        return value
    if data["name"] in kind.__members__:
        return kind[data["name"]]
    try:
        return kind(value)  # several flags
    except ValueError:
        return value


_SEQUENCES: dict[str, type] = {"tuple": tuple, "set": set, "frozenset": frozenset}
_DECODERS: dict[str, Callable[[dict[str, Any], list[bytes], Mapping[str, type]], Any]] = {
    "float": lambda data, parts, classes: float(data["v"]),
    "text": lambda data, parts, classes: parts[data["part"]].decode(),
    "datetime": lambda data, parts, classes: _moment(data),
    "time": lambda data, parts, classes: _moment(data),
    "missing": lambda data, parts, classes: tables.missing(data["v"]),
    "dict": lambda data, parts, classes: {decode(key, parts, classes): decode(each, parts, classes) for key, each in data["v"]},
    "bytes": lambda data, parts, classes: parts[data["part"]],
    "image": lambda data, parts, classes: Image(data["type"], parts[data["part"]]),
    "object": lambda data, parts, classes: made(
        data["type"], decode(data["fields"], parts, classes), classes.get(data["type"]), ordered=data.get("tuple", False)
    ),
    "enum": _member,
    "table": lambda data, parts, classes: tables.from_json(data, lambda cells: decode(cells, parts, classes)),
}
