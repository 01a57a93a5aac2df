"""What a tool returned, as wire values (their form: `values`).

Invariant: what comes out is JSON and bytes, and `incoming.decode` reads it; what cannot be sent is refused with its type, where in the
value it is, and what to return instead. numpy and pandas are never imported: a value of theirs is here only if they are. It does
not: read wire values.
"""

import dataclasses
import math
import reprlib
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from io import IOBase
from pathlib import PurePath
from types import MappingProxyType, ModuleType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, JsonValue

from codeact.tools.incoming import Fields

MOST_DEPTH = 100
MOST_VALUES = 1_000_000
MOST_BYTES = 64 * 2**20
MOST_INT_BITS = 14_000
"""Bounds of one value: levels, values in it, bytes of text and parts, and bits of one integer (Python reads no more than 4300 digits)."""

_SHOWN_STEPS = 8
_FITTING = "None, bool, int, float, str, list, tuple, set, dict, bytes, dates, a dataclass, a pydantic model, or a table"
_ADVICE: list[tuple[Any, str]] = [
    (type, "return its name, or an instance"),
    (ModuleType, "return its name, or what you need of it"),
    (BaseException, "raise it, or return str() of it"),
    (IOBase, "read it, and return the text or the bytes"),
    (Iterator, "return list() of it"),
    (Callable, "call it, and return what it gives"),
]


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A picture that a session shows: its MIME type, and the bytes of its file."""

    kind: str
    data: bytes


class Unfit(Exception):
    """A value cannot be sent. `path` grows from the inside outwards; `kind` is what to raise in the end."""

    def __init__(self, kind: type[Exception], what: str, advice: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.advice = advice
        self.path: list[str] = []

    def told(self) -> Exception:
        """The exception to raise, worded."""
        steps = [*reversed(self.path)]
        if len(steps) > _SHOWN_STEPS:
            steps = [*steps[:_SHOWN_STEPS], "..."]
        place = f" (at value{''.join(steps)})" if steps else ""
        return self.kind(f"{self.what}{place} cannot be sent to the session: {self.advice}")


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

    def value(self, value: Any, depth: int) -> JsonValue:
        self._values += 1
        if self._values > MOST_VALUES:
            raise _large(f"a value of more than {MOST_VALUES} parts")
        known = _BY_TYPE.get(type(value))
        if known is not None:
            return known(self, value, depth)
        for kind, method in _by_instance():
            if isinstance(value, kind):
                return method(self, value, depth)
        image = getattr(type(value), "_repr_png_", None)
        if image is not None and isinstance(data := image(value), bytes):
            return {"$": "image", "type": "image/png", "part": self._part(data)}
        raise _unknown(value)

    def _same(self, value: Any, depth: int) -> JsonValue:
        return value

    def _none(self, value: Any, depth: int) -> JsonValue:
        return None

    def _int(self, value: int, depth: int) -> JsonValue:
        if value.bit_length() > MOST_INT_BITS:
            raise Unfit(ValueError, f"an integer of {value.bit_length()} bits", "return it as text, hex(value) for example")
        return int(value)

    def _float(self, value: float, depth: int) -> JsonValue:
        return float(value) if math.isfinite(value) else {"$": "float", "v": repr(float(value))}

    def _str(self, value: str, depth: int) -> JsonValue:
        try:
            self._count(len(value) if value.isascii() else len(value.encode()))
        except UnicodeEncodeError:
            raise Unfit(
                ValueError,
                f"text with a lone surrogate, {short(value)},",
                "return bytes: value.encode('utf-8', 'surrogateescape')",
            ) from None
        return str.__str__(value)

    def _binary(self, value: Any, depth: int) -> JsonValue:
        return {"$": "bytes", "part": self._part(bytes(value))}

    def _part(self, data: bytes) -> int:
        self._count(len(data))
        self.parts.append(data)
        return len(self.parts) - 1

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise _large(f"a value of more than {MOST_BYTES} bytes")

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
            return self._object(value, dict(zip(names, value, strict=True)), depth)
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
                self._str(key, depth)
            return dict(zip(value, values, strict=True))
        keys = self._items(value, ((key, key) for key in value), depth, lambda key: f" key {short(key)}")
        return {"$": "dict", "v": [[key, item] for key, item in zip(keys, values, strict=True)]}

    def _object(self, value: Any, fields: Mapping[str, Any], depth: int) -> JsonValue:
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
        return {"$": "datetime", "v": exact.isoformat()}

    def _iso(self, value: Any, depth: int) -> JsonValue:
        return {"$": "date" if isinstance(value, date) else "time", "v": value.isoformat()}

    def _timedelta(self, value: timedelta, depth: int) -> JsonValue:
        microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        whole, rest = divmod(abs(microseconds), 1_000_000)
        return {"$": "timedelta", "v": f"{'-' if microseconds < 0 else ''}{whole}.{rest:06d}"}

    def _text(self, value: Any, depth: int) -> JsonValue:
        kind = next(name for cls, name in _TEXTS.items() if isinstance(value, cls))
        return {"$": kind, "v": self._str(str(value), depth)}

    def _array(self, value: Any, depth: int) -> JsonValue:
        if value.size > MOST_VALUES:
            raise _large(f"an array of shape {value.shape}, {value.size} values,")
        plain = numbers_of(value)
        if type(plain) is type(value):  # a long double is its own Python value
            plain = float(plain)
        return self.value(plain, depth)

    def _frame(self, value: Any, depth: int) -> JsonValue:
        rows, columns = value.shape
        if rows * columns > MOST_VALUES:
            raise _large(f"a table of {rows} x {columns}")
        data = [self._column(value.iloc[:, number], f"[{short(name)}]", depth) for number, name in enumerate(value.columns)]
        return {
            "$": "table",
            "columns": self._items(value, enumerate(value.columns), depth, ".columns[{}]".format),
            "dtypes": [str(kind) for kind in value.dtypes],
            "data": data,
            "index": self._index(value.index, depth),
        }

    def _column(self, column: Any, place: str, depth: int) -> JsonValue:
        cells = [None if missing else cell for cell, missing in zip(column.tolist(), column.isna(), strict=True)]
        try:
            return self._items(column, enumerate(cells), depth)
        except Unfit as unfit:
            unfit.path.append(place)
            raise

    def _index(self, index: Any, depth: int) -> JsonValue:
        names = list(index.names)
        if names == [None] and index.equals(type(index)(range(len(index)))) and str(index.dtype) == "int64":
            return None
        labels = self._items(index, enumerate(index.tolist()), depth, ".index[{}]".format)
        return {"names": self._items(names, enumerate(names), depth, ".index.names[{}]".format), "labels": labels}

    def _series(self, value: Any, depth: int) -> JsonValue:
        table = self._frame(value.to_frame(), depth)
        return {**table, "series": True} if isinstance(table, dict) else table


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
}
_BY_INSTANCE: list[tuple[Any, _Method]] = [
    (Enum, _Encoder._enum),
    (datetime, _Encoder._datetime),
    ((date, time), _Encoder._iso),
    (timedelta, _Encoder._timedelta),
    (tuple(_TEXTS), _Encoder._text),
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
    ("pandas", "DataFrame", _Encoder._frame),
    ("pandas", "Series", _Encoder._series),
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


class _Short(reprlib.Repr):
    """`repr` of plain values, cut; of anything else its type, since a foreign `repr` may do and say anything."""

    def repr_int(self, x: int, level: int) -> str:
        return f"<int of {x.bit_length()} bits>" if x.bit_length() > MOST_INT_BITS else super().repr_int(x, level)

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, bool | float | complex | bytes | date | time | timedelta | Decimal | UUID | PurePath | Enum | None):
            text = repr(x)
            return text if len(text) <= self.maxother else f"{text[: self.maxother - 3]}..."
        return f"<{type(x).__qualname__}>"


_SHORT = _Short()
_SHORT.maxlevel, _SHORT.maxdict, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong = 3, 4, 60, 60, 40


def short(value: Any, most: int = 120) -> str:
    """A value in a few words for a message: its `repr` if it is plain, cut; else its type."""
    text = _SHORT.repr(value)
    return text if len(text) <= most else f"{text[: most - 13]}...{text[-10:]}"


def _large(what: str) -> Unfit:
    return Unfit(ValueError, what, "return a part of it, a summary, or the bytes of a file")


def _unknown(value: Any) -> Unfit:
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    advice = next((advice for cls, advice in _ADVICE if isinstance(value, cls)), f"return {_FITTING}")
    return Unfit(TypeError, f"a value of type {name}", advice)
