"""What a tool returned, as wire values (their form: `values`).

Invariant: what comes out is JSON and bytes, and `incoming.decode` reads it; what cannot be sent is refused with its type, where in the
value it is, and what to return instead. numpy and pandas are never imported: a value of theirs is here only if they are. It does
not: read wire values.
"""

import dataclasses
import json
import math
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, JsonValue

from codeact.tools import tables
from codeact.tools.incoming import Fields
from codeact.tools.moments import extras_of
from codeact.tools.refusals import MOST_INT_BITS, Unfit, short, too_large, unknown

MOST_DEPTH = 100
MOST_VALUES = 1_000_000
MOST_BYTES = 64 * 2**20
MOST_JSON = 16 * 2**20
"""Bounds of one value: levels, values in it, bytes of text and parts, and bytes of JSON (what the wire takes, `sandbox.channel`)."""

LONG_TEXT = 1 << 16
"""Text of more characters than this is a binary part: JSON would be longer, and takes longer."""

_SURELY_SHORT = (20_000, 1 << 20)  # values and bytes of text, below which JSON need not be measured


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A picture that a session shows: its MIME type, and the bytes of its file."""

    kind: str
    data: bytes


def encode(value: Any) -> tuple[JsonValue, list[bytes]]:
    """A value as wire values.

    Args:
        value: what a tool returned.

    Returns:
        the JSON body and its binary parts.

    Raises:
        TypeError: a type in it cannot be sent.
        ValueError: it holds itself, is too deep or too large, or holds text that is not Unicode.
    """
    encoder = _Encoder()
    try:
        body = encoder.value(value, 0)
        encoder.measure(body)
    except Unfit as unfit:
        told = unfit.told()
    else:
        return body, encoder.parts
    raise told


def module_class(module: str, name: str) -> type | tuple[()]:
    """A class of a module if that is loaded, else what no value is an instance of."""
    return getattr(sys.modules.get(module), name, ())


def numbers_of(array: Any) -> Any:
    """A numpy array or scalar as Python values; times are cut to microseconds, which is what `datetime` holds."""
    if array.dtype.kind in "mM":
        return array.astype(f"{array.dtype.kind}8[us]").tolist()
    return array.tolist()


class _Encoder:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._values = 0
        self._bytes = 0
        self._open: set[int] = set()

    def measure(self, body: JsonValue) -> None:
        """Refuse what is too long as JSON, although there are not too many values in it.

        Raises:
            Unfit: it is.
        """
        if self._values > _SURELY_SHORT[0] or self._bytes > _SURELY_SHORT[1]:
            size = len(json.dumps(body, separators=(",", ":")))
            if size > MOST_JSON:
                raise too_large(f"a value of {size} bytes of JSON (at most {MOST_JSON} can be)")

    def value(self, value: Any, depth: int) -> JsonValue:
        self._values += 1
        if self._values > MOST_VALUES:
            raise too_large(f"a value of more than {MOST_VALUES} parts")
        known = _BY_TYPE.get(type(value))
        if known is not None:
            return known(self, value, depth)
        for kind, method in _by_instance():
            if isinstance(value, kind):
                return method(self, value, depth)
        image = getattr(type(value), "_repr_png_", None)
        if image is not None and isinstance(data := image(value), bytes):
            return {"$": "image", "type": "image/png", "part": self._part(data)}
        raise unknown(value)

    def _same(self, value: Any, depth: int) -> JsonValue:
        return value

    def _none(self, value: Any, depth: int) -> JsonValue:
        return None

    def _int(self, value: int, depth: int) -> JsonValue:
        if value.bit_length() > MOST_INT_BITS:
            raise Unfit(ValueError, f"an integer of {value.bit_length()} bits", "return it as text, hex(value) for example")
        if value.bit_length() > 64:
            self._count(value.bit_length() // 3)
        return int.__int__(value)

    def _float(self, value: float, depth: int) -> JsonValue:
        plain = float.__float__(value)
        return plain if math.isfinite(plain) else {"$": "float", "v": repr(plain)}

    def _text(self, value: str) -> str:
        plain = str.__str__(value)
        try:
            self._count(len(plain) if plain.isascii() else len(plain.encode()))
        except UnicodeEncodeError:
            raise Unfit(
                ValueError,
                f"text with a lone surrogate, {short(plain)},",
                "return bytes: value.encode('utf-8', 'surrogateescape')",
            ) from None
        return plain

    def _str(self, value: Any, depth: int) -> JsonValue:
        plain = self._text(value)
        if len(plain) <= LONG_TEXT:
            return plain
        self.parts.append(plain.encode())
        return {"$": "text", "part": len(self.parts) - 1}

    def _binary(self, value: Any, depth: int) -> JsonValue:
        return {"$": "bytes", "part": self._part(bytes(value))}

    def _part(self, data: bytes) -> int:
        self._count(len(data))
        self.parts.append(data)
        return len(self.parts) - 1

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise too_large(f"a value of more than {MOST_BYTES} bytes")

    def _items(self, owner: Any, items: Any, depth: int, place: Callable[[Any], str] = "[{}]".format) -> list[JsonValue]:
        """Values of a container in order; `items` yields pairs of where and what."""
        if id(owner) in self._open:
            raise Unfit(ValueError, f"a {type(owner).__name__} that holds itself", "return a value without a cycle")
        if depth >= MOST_DEPTH:
            raise Unfit(ValueError, f"a value of more than {MOST_DEPTH} levels", "return a flatter one")
        self._open.add(id(owner))
        done: list[JsonValue] = []
        where: Any = None
        try:
            for step, item in items:
                where = step
                done.append(self.value(item, depth + 1))
        except Unfit as unfit:
            unfit.path.append(place(where))
            raise
        finally:
            self._open.discard(id(owner))
        return done

    def _list(self, value: Any, depth: int) -> JsonValue:
        return self._items(value, enumerate(value), depth)

    def _tuple(self, value: Any, depth: int) -> JsonValue:
        names = getattr(type(value), "_fields", None)
        if names is not None:
            return {**self._object(value, dict(zip(names, value, strict=True)), depth), "tuple": True}
        return {"$": "tuple", "v": self._items(value, enumerate(value), depth)}

    def _set(self, value: Any, depth: int) -> JsonValue:
        try:
            members = sorted(value)
        except TypeError:
            members = sorted(value, key=repr)  # some order that the hash seed does not change
        kind = "set" if isinstance(value, set) else "frozenset"
        return {"$": kind, "v": self._items(value, enumerate(members), depth, lambda where: f"{{{where}}}")}

    def _dict(self, value: Any, depth: int) -> JsonValue:
        values = self._items(value, value.items(), depth, lambda key: f"[{short(key)}]")
        if all(type(key) is str and not key.startswith("$") for key in value):
            for key in value:
                self._text(key)
            return dict(zip(value, values, strict=True))
        keys = self._items(value, ((key, key) for key in value), depth, lambda key: f" key {short(key)}")
        return {"$": "dict", "v": [[key, item] for key, item in zip(keys, values, strict=True)]}

    def _object(self, value: Any, fields: Mapping[str, Any], depth: int) -> dict[str, JsonValue]:
        values = self._items(value, fields.items(), depth, ".{}".format)
        return {"$": "object", "type": type(value).__name__, "fields": dict(zip(fields, values, strict=True))}

    def _model(self, value: BaseModel, depth: int) -> JsonValue:
        kind = type(value)
        names = [*kind.model_fields, *kind.model_computed_fields, *(value.model_extra or {})]
        return self._object(value, {name: getattr(value, name) for name in names}, depth)

    def _dataclass(self, value: Any, depth: int) -> JsonValue:
        missing = object()
        fields = {field.name: getattr(value, field.name, missing) for field in dataclasses.fields(value)}
        return self._object(value, {name: item for name, item in fields.items() if item is not missing}, depth)

    def _fields(self, value: Fields, depth: int) -> JsonValue:
        return {
            "$": "object",
            "type": value.kind,
            "fields": dict(zip(value, self._items(value, value.items(), depth, ".{}".format), strict=True)),
        }

    def _image(self, value: Image, depth: int) -> JsonValue:
        return {"$": "image", "type": value.kind, "part": self._part(value.data)}

    def _enum(self, value: Enum, depth: int) -> JsonValue:
        try:
            inner = self.value(value.value, depth + 1)
        except Unfit:
            inner = value.name  # a member is known by its name where its value cannot travel
        return {"$": "enum", "type": type(value).__name__, "name": value.name or str(value), "v": inner}

    def _datetime(self, value: Any, depth: int) -> JsonValue:
        if value is getattr(sys.modules.get("pandas"), "NaT", _NOTHING):
            return None
        exact = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        return {"$": "datetime", "v": exact.isoformat(), **extras_of(exact)}

    def _date(self, value: date, depth: int) -> JsonValue:
        return {"$": "date", "v": value.isoformat()}

    def _time(self, value: time, depth: int) -> JsonValue:
        return {"$": "time", "v": value.isoformat(), **extras_of(value)}

    def _timedelta(self, value: timedelta, depth: int) -> JsonValue:
        microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        whole, rest = divmod(abs(microseconds), 1_000_000)
        return {"$": "timedelta", "v": f"{'-' if microseconds < 0 else ''}{whole}.{rest:06d}"}

    def _written(self, value: Any, depth: int) -> JsonValue:
        kind = next(name for cls, name in _TEXTS.items() if isinstance(value, cls))
        return {"$": kind, "v": self._text(str(value))}

    def _array(self, value: Any, depth: int) -> JsonValue:
        if value.size > MOST_VALUES:
            raise too_large(f"an array of shape {value.shape}, {value.size} values,")
        plain = numbers_of(value)
        if type(plain) is type(value):  # a long double is its own Python value
            plain = float(plain)
        return self.value(plain, depth)

    def _table(self, value: Any, depth: int) -> JsonValue:
        rows, columns = value.shape if len(value.shape) > 1 else (len(value), 1)
        if rows * columns > MOST_VALUES or columns > tables.MOST_COLUMNS:
            raise too_large(f"a table of {rows} x {columns}")
        table = tables.taken_apart(value)
        labels = table.columns.levels[0] if len(table.columns.levels) == 1 else list(zip(*table.columns.levels, strict=True))
        columns = zip(table.kinds, table.data, labels, strict=True)
        body: dict[str, JsonValue] = {
            "$": "table",
            "columns": self._header(value, table, depth),
            "dtypes": [self._dtype(value, kind, depth) for kind in table.kinds],
            "data": [self._cells(value, kind, cells, f"[{short(label)}]", depth) for kind, cells, label in columns],
            "index": None if table.index is None else self._axis(value, table.index, ".index", depth),
        }
        return {**body, "series": True} if table.series else body

    def _header(self, owner: Any, table: tables.Table, depth: int) -> JsonValue:
        """Names of columns: a plain list where the dtype of that is the dtype of the names."""
        axis, labels = table.columns, table.columns.levels[0]
        kinds = {type(label) for label in labels}
        if table.series or (axis.names == [None] and (axis.kinds, kinds) in ((["str"], {str}), (["int64"], {int}))):
            return self._cells(owner, "object", labels, ".columns", depth)
        return self._axis(owner, axis, ".columns", depth)

    def _axis(self, owner: Any, axis: tables.Axis, place: str, depth: int) -> JsonValue:
        return {
            "names": self._cells(owner, "object", axis.names, f"{place}.names", depth),
            "dtypes": [self._dtype(owner, kind, depth) for kind in axis.kinds],
            "data": [self._cells(owner, *level, place, depth) for level in zip(axis.kinds, axis.levels, strict=True)],
        }

    def _dtype(self, owner: Any, kind: tables.Kind, depth: int) -> JsonValue:
        if isinstance(kind, str):
            return kind
        values = self._cells(owner, kind.kind, kind.values, ".categories", depth)
        return {"categories": values, "dtype": kind.kind, "ordered": kind.ordered}

    def _cells(self, owner: Any, kind: tables.Kind, cells: list[Any], place: str, depth: int) -> list[JsonValue]:
        if kind == "object":
            pandas = sys.modules["pandas"]
            names = {id(pandas.NA): _Missing("NA"), id(pandas.NaT): _Missing("NaT")}
            cells = [names.get(id(cell), cell) for cell in cells]
        try:
            return self._items(owner, enumerate(cells), depth)
        except Unfit as unfit:
            unfit.path.append(place)
            raise

    def _missing(self, value: Any, depth: int) -> JsonValue:
        return {"$": "missing", "v": value.name}


class _Missing:
    """A missing value of pandas, where it stands in a column that may hold any: elsewhere it is None."""

    def __init__(self, name: str) -> None:
        self.name = name


_NOTHING = object()
_TEXTS: dict[type, str] = {Decimal: "decimal", UUID: "uuid", PurePath: "path", complex: "complex"}

_Method = Callable[[_Encoder, Any, int], JsonValue]
_BY_TYPE: dict[type, _Method] = {
    type(None): _Encoder._none,
    bool: _Encoder._same,
    int: _Encoder._int,
    float: _Encoder._float,
    str: _Encoder._str,
    list: _Encoder._list,
    dict: _Encoder._dict,
    tuple: _Encoder._tuple,
    bytes: _Encoder._binary,
    Fields: _Encoder._fields,
    Image: _Encoder._image,
    _Missing: _Encoder._missing,
}
_BY_INSTANCE: list[tuple[Any, _Method]] = [
    (Enum, _Encoder._enum),
    (datetime, _Encoder._datetime),
    (date, _Encoder._date),
    (time, _Encoder._time),
    (timedelta, _Encoder._timedelta),
    (tuple(_TEXTS), _Encoder._written),
    (str, _Encoder._str),
    (int, _Encoder._int),
    (float, _Encoder._float),
    ((bytes, bytearray, memoryview), _Encoder._binary),
    ((list, deque, range), _Encoder._list),
    (tuple, _Encoder._tuple),
    ((set, frozenset), _Encoder._set),
    ((dict, MappingProxyType), _Encoder._dict),
    (BaseModel, _Encoder._model),
]
_BY_LIBRARY: list[tuple[str, str, _Method]] = [
    ("numpy", "generic", _Encoder._array),
    ("numpy", "ndarray", _Encoder._array),
    ("pandas", "DataFrame", _Encoder._table),
    ("pandas", "Series", _Encoder._table),
    ("pandas", "Index", lambda encoder, value, depth: encoder._list(value.tolist(), depth)),
]


class _Dataclass(type):
    """Makes `isinstance` true of an instance of any dataclass."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return dataclasses.is_dataclass(instance) and not isinstance(instance, type)


class _AnyDataclass(metaclass=_Dataclass):
    pass


def _by_instance() -> Iterator[tuple[Any, _Method]]:
    """Kinds in the order in which they are tried: a scalar of numpy may be a `float`, and a missing value of pandas anything."""
    yield from ((module_class(module, name), method) for module, name, method in _BY_LIBRARY)
    yield type(getattr(sys.modules.get("pandas"), "NA", _BY_TYPE)), _Encoder._none
    yield from _BY_INSTANCE
    yield _AnyDataclass, _Encoder._dataclass
