"""What cannot be sent, in words; and values in a few words, for messages.

Invariant: a message names the type of what is refused, where in the value it is, and what to return instead; no `repr` of a foreign object
is asked for, which may do and say anything. It does not: decide what is refused.
"""

import reprlib
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from io import IOBase
from pathlib import PurePath
from types import ModuleType
from typing import Any
from uuid import UUID

MOST_INT_BITS = 14_000
"""Bits of one integer: Python reads no more than 4300 digits."""

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


def too_large(what: str) -> Unfit:
    """A refusal of what is too much."""
    return Unfit(ValueError, what, "return a part of it, a summary, or the bytes of a file")


def unknown(value: Any) -> Unfit:
    """A refusal of a value whose type cannot be sent."""
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    advice = next((advice for cls, advice in _ADVICE if isinstance(value, cls)), f"return {_FITTING}")
    return Unfit(TypeError, f"a value of type {name}", advice)
