"""A value in short, for the record of a run, and whole beside it if it is not large.

Invariant: any value at all comes out as JSON of bounded size, and nothing of the value's own code is run but that of plain types. The
short form is for reading, not for reading back.
"""

import base64
import dataclasses
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import BaseModel, JsonValue

from codeact.protocols import CallReply
from codeact.tools.outgoing import module_class
from codeact.tools.refusals import MOST_INT_BITS

MOST_DEPTH = 6
MOST_ITEMS = 50
MOST_CHARACTERS = 2_000
MOST_TOTAL = 16_000
MOST_SENT = 256 << 10
"""Bounds: levels, members of one container, characters of one text, characters of all texts together; and bytes of a value that is kept
whole."""

_NUMBERS = (int, float)  # tuples: a union would be made anew for each value
_WRITTEN = (date, time, timedelta, Decimal, UUID, PurePath, complex)


def plain(value: Any) -> JsonValue:
    """A value as short JSON: texts and lists are cut, bytes and tables are summarised, what is foreign is named by its type.

    Args:
        value: anything.
    """
    return value if _is_short(value) else _Summary().of(value, 0)


def _is_short(value: Any) -> bool:
    """Whether it is its own short form, as most arguments are."""
    kind = type(value)
    if kind is str:
        return len(value) <= MOST_CHARACTERS and value.isascii()
    return value is None or kind is bool or (kind is int and -(2**63) < value < 2**63) or (kind is float and math.isfinite(value))


def shown(args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Arguments of a call, the same way."""
    return {"args": [plain(each) for each in args], "kwargs": {name: plain(each) for name, each in kwargs.items()}}


def returned(value: Any, reply: CallReply) -> dict[str, Any]:
    """Of a tool's value, what `events.ToolReturned` holds.

    Args:
        value: as the tool returned it.
        reply: with that value, as it goes into the session.
    """
    short = plain(value)
    if not reply.parts and reply.value == short:
        return {"value": short}
    size = sum(map(len, reply.parts)) + len(json.dumps(reply.value))
    if size > MOST_SENT:
        return {"value": short, "summary": True}
    parts = tuple(base64.b64encode(part).decode() for part in reply.parts)
    return {"value": short, "summary": True, "sent": (reply.value, parts)}


class _Summary:
    def __init__(self) -> None:
        self._left = MOST_TOTAL

    def of(self, value: Any, depth: int) -> JsonValue:
        if self._left <= 0:
            return "..."
        self._left -= 4  # what stands around a value counts too
        if value is None or type(value) is bool:
            return value
        if isinstance(value, Enum):
            return self._text(f"{type(value).__name__}.{value.name}")
        if isinstance(value, str):
            return self._text(str.__str__(value))
        if isinstance(value, _NUMBERS):
            return self._number(value)
        if isinstance(value, _WRITTEN):
            return self._text(str(value))
        return self._large(value, depth)

    def _text(self, text: str) -> str:
        most = max(0, min(MOST_CHARACTERS, self._left))
        short = text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"
        self._left -= len(short)
        return short.encode("utf-8", "replace").decode()

    def _number(self, value: int | float) -> JsonValue:
        if isinstance(value, int):
            size = value.bit_length()
            self._left -= size // 3
            return int(value) if size <= MOST_INT_BITS else f"<int of {size} bits>"
        return float(value) if math.isfinite(value) else repr(float(value))

    def _large(self, value: Any, depth: int) -> JsonValue:
        if isinstance(value, bytes | bytearray | memoryview):
            return f"<{type(value).__name__}, {memoryview(value).nbytes} bytes>"
        if isinstance(value, (module_class("pandas", "DataFrame"), module_class("pandas", "Series"), module_class("numpy", "ndarray"))):
            return self._text(f"<{type(value).__name__} {' x '.join(map(str, value.shape))}{_columns(value)}>")
        if isinstance(value, module_class("numpy", "generic")):
            inner = value.item()
            return self.of(inner, depth) if type(inner) is not type(value) else self._text(str(inner))
        if depth >= MOST_DEPTH:
            return f"<{type(value).__name__}>"
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> JsonValue:
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, BaseModel):
            return self._mapping({name: value.__dict__.get(name) for name in type(value).model_fields}, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._mapping({field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}, depth)
        if isinstance(value, tuple) and hasattr(type(value), "_fields"):
            return self._mapping(dict(zip(type(value)._fields, value, strict=False)), depth)  # pyright: ignore[reportAttributeAccessIssue]
        if isinstance(value, list | tuple | set | frozenset):
            return self._items(value, len(value), depth)
        return self._text(f"<{type(value).__module__}.{type(value).__qualname__}>")

    def _items(self, value: Iterable[Any], count: int, depth: int) -> JsonValue:
        shown = [self.of(item, depth + 1) for item in islice(value, MOST_ITEMS) if self._left > 0]
        return [*shown, f"... ({count} items)"] if count > len(shown) else shown

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> JsonValue:
        shown: dict[str, JsonValue] = {}
        for key, item in islice(value.items(), MOST_ITEMS):
            if self._left <= 0:
                break
            shown[str(self.of(key, MOST_DEPTH))] = self.of(item, depth + 1)
        return {**shown, "...": f"({len(value)} items)"} if len(value) > len(shown) else shown


def _columns(value: Any) -> str:
    if not isinstance(value, module_class("pandas", "DataFrame")):
        return ""
    names = [str(name)[:40] for name in value.columns[:20]]
    return f": {', '.join(names)}{', ...' if len(value.columns) > len(names) else ''}"
