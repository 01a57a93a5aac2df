"""Python values as JSON with binary parts, and back: what calls of tools carry. `codeact.tools.values` is the host's end.

Invariant: a value comes out as it went in, or is refused with a TypeError that says which part of it, and what can be sent instead.
It does not: import a library (what is not loaded cannot be the value's type), or evaluate anything.
"""

import base64
import contextlib
import dataclasses
import datetime
import decimal
import enum
import importlib
import math
import pathlib
import sys
import uuid
from collections.abc import Callable
from typing import Any

_TABLES = "pandas"
_DEEPEST = 60  # two levels of JSON each, of which the host reads 200


def _seconds(value: datetime.timedelta) -> str:
    """Exact to the microsecond."""
    whole = value // datetime.timedelta(microseconds=1)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 10**6}.{whole % 10**6:06}"


def _duration(text: str) -> datetime.timedelta:
    return datetime.timedelta(microseconds=int(decimal.Decimal(text) * 10**6))


_TEXTS: dict[str, tuple[type, Any, Any]] = {
    "datetime": (datetime.datetime, datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "time": (datetime.time, datetime.time.isoformat, datetime.time.fromisoformat),
    "timedelta": (datetime.timedelta, _seconds, _duration),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "path": (pathlib.PurePath, str, pathlib.Path),
    "complex": (complex, str, complex),
}
_SEQUENCES: dict[str, type] = {"tuple": tuple, "set": set, "frozenset": frozenset}
_INSTEAD = "send JSON types, bytes, tuples, sets, dates, dataclasses or a DataFrame"


class Record:
    """An object that a tool returned and that has no class here: its fields are attributes."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and (type(self).__name__, vars(self)) == (type(other).__name__, vars(other))

    __hash__ = None  # type: ignore[assignment] # its attributes may change


class Image:
    """A picture that a tool returned; the value of an action shows it.

    Args:
        kind: MIME type.
        data: of the file.
    """

    def __init__(self, kind: str, data: bytes) -> None:
        self.kind = kind
        self.data = data

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), self.kind: base64.b64encode(self.data).decode()}

    def __repr__(self) -> str:
        return f"<{self.kind}, {len(self.data)} bytes>"


def encode(value: Any, parts: list[bytes], where: str = "it", depth: int = 0) -> Any:
    """A value as JSON.

    Args:
        value: of any type.
        parts: takes the binary parts.
        where: names the value in errors.
        depth: how far inside another it is.

    Raises:
        TypeError: its type cannot be sent.
        ValueError: it is too deep, or holds itself.
    """
    if depth > _DEEPEST:
        raise ValueError(f"{where} is nested more than {_DEEPEST} deep, or holds itself")
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$": "float", "v": repr(value)}
    if kind is list:
        return [encode(each, parts, f"{where}[{index}]", depth + 1) for index, each in enumerate(value)]
    if kind is dict:
        return _mapping(value, parts, where, depth)
    return _other(value, parts, where, depth)


def decode(data: Any, parts: list[bytes], classes: dict[str, type]) -> Any:
    """The value of JSON that the host sent.

    Args:
        data: as `encode` makes it.
        parts: the binary parts.
        classes: by name, for objects and members of enumerations.
    """
    if isinstance(data, list):
        return [decode(each, parts, classes) for each in data]
    if not isinstance(data, dict):
        return data
    if "$" not in data:
        return {key: decode(each, parts, classes) for key, each in data.items()}
    kind = data["$"]
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](decode(data["v"], parts, classes))
    if kind in _TEXTS:
        return _TEXTS[kind][2](data["v"])
    return _DECODERS[kind](data, parts, classes)


def _mapping(value: dict[Any, Any], parts: list[bytes], where: str, depth: int) -> Any:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: encode(each, parts, f"{where}[{key!r}]", depth + 1) for key, each in value.items()}
    pairs = [
        [encode(key, parts, f"a key of {where}", depth + 1), encode(each, parts, f"{where}[{key!r}]", depth + 1)]
        for key, each in value.items()
    ]
    return {"$": "dict", "v": pairs}


def _other(value: Any, parts: list[bytes], where: str, depth: int) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        parts.append(bytes(value))
        return {"$": "bytes", "part": len(parts) - 1}
    if isinstance(value, enum.Enum):
        return {"$": "enum", "type": type(value).__name__, "name": value.name, "v": encode(value.value, parts, where, depth + 1)}
    for name, kind in _SEQUENCES.items():
        if isinstance(value, kind):
            if hasattr(value, "_asdict"):  # a named tuple
                return _fields(value, value._asdict(), parts, where, depth)
            return {"$": name, "v": [encode(each, parts, f"an element of {where}", depth + 1) for each in value]}
    for name, (kind, write, _) in _TEXTS.items():
        if isinstance(value, kind):
            return {"$": name, "v": write(value)}
    bases: tuple[Any, ...] = (dict, list, str, int, float)
    for base in bases:
        if isinstance(value, base):  # of a class of its own
            return encode(base(value), parts, where, depth + 1)
    return _of_a_library(value, parts, where, depth)


def _of_a_library(value: Any, parts: list[bytes], where: str, depth: int) -> Any:
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic | numpy.ndarray):
        return encode(value.tolist(), parts, where, depth + 1)
    if pandas is not None and isinstance(value, pandas.Series):
        return {**_of_table(value.to_frame(), parts, where, depth), "series": True}
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _of_table(value, parts, where, depth)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return _fields(value, fields, parts, where, depth)
    names = getattr(type(value), "model_fields", None)
    if names is not None:  # of pydantic
        return _fields(value, {name: getattr(value, name) for name in names}, parts, where, depth)
    if isinstance(value, Record):
        return _fields(value, vars(value), parts, where, depth)
    if isinstance(value, Image):
        parts.append(value.data)
        return {"$": "image", "type": value.kind, "part": len(parts) - 1}
    raise TypeError(f"{where} is of type {type(value).__name__!r}, which a call of a tool cannot carry; {_INSTEAD}")


def _fields(value: Any, fields: dict[str, Any], parts: list[bytes], where: str, depth: int) -> Any:
    encoded = {name: encode(each, parts, f"{where}.{name}", depth + 1) for name, each in fields.items()}
    return {"$": "object", "type": type(value).__name__, "fields": encoded}


def _of_table(frame: Any, parts: list[bytes], where: str, depth: int) -> dict[str, Any]:
    def listed(values: Any, what: str) -> Any:
        return encode(list(values), parts, f"{what} of {where}", depth + 1)

    index = frame.index
    plain = index.names == [None] and str(index.dtype) == "int64" and index.tolist() == list(range(len(index)))
    columns = [frame.iloc[:, number] for number in range(frame.shape[1])]
    return {
        "$": "table",
        "columns": listed(frame.columns, "the columns"),
        "dtypes": [str(kind) for kind in frame.dtypes],
        "data": [
            listed((None if missing else cell for cell, missing in zip(column.tolist(), column.isna(), strict=True)), f"column {name!r}")
            for name, column in zip(frame.columns, columns, strict=True)
        ],
        "index": None if plain else {"names": listed(index.names, "the index"), "labels": listed(index.tolist(), "the index")},
    }


def _member(data: dict[str, Any], parts: list[bytes], classes: dict[str, type]) -> Any:
    kind = classes.get(data["type"])
    if kind is not None and issubclass(kind, enum.Enum) and data["name"] in kind.__members__:
        return kind[data["name"]]
    return decode(data["v"], parts, classes)


def _object(name: str, fields: dict[str, Any], classes: dict[str, type]) -> Any:
    kind = classes.get(name)
    if kind is not None and dataclasses.is_dataclass(kind):
        made = object.__new__(kind)
        for each, value in fields.items():
            object.__setattr__(made, each, value)
        return made
    return type(name if name.isidentifier() else Record.__name__, (Record,), {})(**fields)


def _table(data: dict[str, Any], parts: list[bytes], classes: dict[str, type]) -> Any:
    columns = [decode(name, parts, classes) for name in data["columns"]]
    rows = [decode(column, parts, classes) for column in data["data"]]
    try:
        pandas = importlib.import_module(_TABLES)  # only where a table comes: without it, lists do
    except ImportError:
        return rows[0] if data.get("series") else [dict(zip(map(str, columns), row, strict=True)) for row in zip(*rows, strict=True)]
    frame = pandas.DataFrame(dict(enumerate(rows)), index=_index(pandas, decode(data["index"], parts, classes)))
    for number, kind in enumerate(data["dtypes"]):
        if str(frame[number].dtype) != kind:
            with contextlib.suppress(TypeError, ValueError):  # a type that this pandas does not have
                frame[number] = frame[number].astype(kind)
    frame.columns = columns
    return frame.iloc[:, 0] if data.get("series") else frame


def _index(pandas: Any, index: dict[str, Any] | None) -> Any:
    if index is None:
        return None
    if len(index["names"]) > 1:
        return pandas.MultiIndex.from_tuples(index["labels"], names=index["names"])
    return pandas.Index(index["labels"], name=index["names"][0])


_DECODERS: dict[str, Callable[[dict[str, Any], list[bytes], dict[str, type]], Any]] = {
    "float": lambda data, parts, classes: float(data["v"]),
    "dict": lambda data, parts, classes: {decode(key, parts, classes): decode(each, parts, classes) for key, each in data["v"]},
    "bytes": lambda data, parts, classes: parts[data["part"]],
    "image": lambda data, parts, classes: Image(data["type"], parts[data["part"]]),
    "object": lambda data, parts, classes: _object(
        data["type"], {name: decode(each, parts, classes) for name, each in data["fields"].items()}, classes
    ),
    "enum": _member,
    "table": _table,
}
