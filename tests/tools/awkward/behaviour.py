"""Tools that are awkward in what they do: asynchronous, generators, with state, slow, raising, returning nonsense."""

import asyncio
import functools
import math
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from codeact.tools.function import tool
from tools.awkward.case import Case, call


class StockError(Exception):
    """Nothing is left."""


class Shop:
    """A shop with a till."""

    def __init__(self) -> None:
        self._till = 0.0

    def buy(self, item: str, price: float = 1.0) -> float:
        """Buy something; gives what is in the till."""
        if item == "moon":
            raise StockError(f"no {item} left")
        self._till += price
        return self._till

    @staticmethod
    def opening(day: str) -> int:
        """When it opens."""
        return len(day)

    @classmethod
    def kind(cls, upper: bool = False) -> str:
        """What it is."""
        return cls.__name__.upper() if upper else cls.__name__

    @tool(calls=2, effect=True)
    def close(self, reason: str) -> str:
        """Close the shop."""
        return f"closed for {reason}"


class WordCounter:
    """Counts words of a text."""

    def __call__(self, text: str) -> int:
        return len(text.split())


async def fetch(page: int, *, retries: int = 3) -> str:
    """A page."""
    await asyncio.sleep(0)
    return f"page {page}"


def countdown(start: int) -> Iterator[int]:
    """Numbers down to 1."""
    yield from range(start, 0, -1)


async def ticks(count: int) -> AsyncIterator[str]:
    """So many ticks."""
    for number in range(count):
        await asyncio.sleep(0)
        yield f"tick {number}"


def slow(seconds: float) -> str:
    """Take a while."""
    time.sleep(seconds)
    return "done"


def connection(kind: str = "socket") -> Any:
    """Nothing that can be sent."""
    if kind == "socket":
        with socket.socket() as made:
            return {"made": [made]}
    return {"lambda": {"made": lambda: 1}, "none": None}[kind]


def cyclic(deep: bool) -> list[Any]:
    """A list, in itself if it is deep."""
    made: list[Any] = [1]
    if deep:
        made.append(made)
    return made


def huge(count: int) -> list[int]:
    """As many zeros."""
    return [0] * count


def leave(code: int) -> int:
    """End the process, unless the code is 0."""
    if code:
        raise SystemExit(code)
    return code


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator like many."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


@logged
def wrapped(x: int, *, y: int = 2) -> int:
    """Behind a decorator."""
    return x * y


@functools.lru_cache
def cached(x: int) -> int:
    """Remembers."""
    return x + 1


CASES = (
    Case(
        "method with state that raises its own exception",
        lambda: Shop().buy,
        "buy(item: str, price: float = 1.0) -> float",
        "Buy something; gives what is in the till.",
        call("apple"),
        1.0,
        call("moon"),
        (StockError, "no moon left"),
    ),
    Case(
        "static method",
        lambda: Shop.opening,
        "opening(day: str) -> int",
        "When it opens.",
        call("mon"),
        3,
        call(b"mon"),
        (TypeError, "opening() argument 'day' (str): should be a valid string, got b'mon' (bytes)"),
    ),
    Case(
        "class method",
        lambda: Shop.kind,
        "kind(upper: bool = False) -> str",
        "What it is.",
        call(),
        "Shop",
        call(1),
        (TypeError, "kind() argument 'upper' (bool): should be a valid boolean, got 1 (int)"),
    ),
    Case(
        "decorated method with limits",
        lambda: Shop().close,
        "close(reason: str) -> str",
        "Close the shop.",
        call("fun"),
        "closed for fun",
        call(),
        (TypeError, "close() missing 1 required positional argument: 'reason'"),
    ),
    Case(
        "callable object",
        WordCounter,
        "word_counter(text: str) -> int",
        "Counts words of a text.",
        call("a b"),
        2,
        call(),
        (TypeError, "word_counter() missing 1 required positional argument: 'text'"),
    ),
    Case(
        "async",
        lambda: fetch,
        "async fetch(page: int, *, retries: int = 3) -> str",
        "A page.",
        call(1, retries=2),
        "page 1",
        call(1, 2),
        (TypeError, "fetch() takes 1 positional argument but 2 were given"),
    ),
    Case(
        "generator",
        lambda: countdown,
        "countdown(start: int) -> list[int]",
        "Numbers down to 1.",
        call(3),
        [3, 2, 1],
        call(20000),
        (ValueError, "countdown() yields more than 10000 values, which is the most that a call gives; ask it for less"),
    ),
    Case(
        "async generator",
        lambda: ticks,
        "async ticks(count: int) -> list[str]",
        "So many ticks.",
        call(2),
        ["tick 0", "tick 1"],
        call(-1.5),
        (ValueError, "ticks() argument 'count' (int): should be a valid integer, got -1.5 (float)"),
    ),
    Case(
        "slow",
        lambda: slow,
        "slow(seconds: float) -> str",
        "Take a while.",
        call(0),
        "done",
        call("long"),
        (TypeError, "slow() argument 'seconds' (float): should be a valid number, got 'long' (str)"),
    ),
    Case(
        "returning a socket",
        lambda: connection,
        "connection(kind: str = 'socket') -> Any",
        "Nothing that can be sent.",
        call("none"),
        None,
        call(),
        (
            TypeError,
            "a value of type socket.socket (at value['made'][0]) cannot be sent to the session: return None, "
            "bool, int, float, str, list, tuple, set, dict, bytes, dates, a dataclass, a pydantic model, or a table",
        ),
    ),
    Case(
        "returning a lambda",
        lambda: connection,
        "connection(kind: str = 'socket') -> Any",
        "Nothing that can be sent.",
        call("none"),
        None,
        call("lambda"),
        (TypeError, "a value of type function (at value['made']) cannot be sent to the session: call it, and return what it gives"),
    ),
    Case(
        "returning a list in itself",
        lambda: cyclic,
        "cyclic(deep: bool) -> list[Any]",
        "A list, in itself if it is deep.",
        call(False),
        [1],
        call(True),
        (ValueError, "a list that holds itself (at value[1]) cannot be sent to the session: return a value without a cycle"),
    ),
    Case(
        "returning a huge list",
        lambda: huge,
        "huge(count: int) -> list[int]",
        "As many zeros.",
        call(2),
        [0, 0],
        call(2000000),
        (
            ValueError,
            "a value of more than 1000000 parts (at value[999999]) cannot be sent to the session: return a part "
            "of it, a summary, or the bytes of a file",
        ),
    ),
    Case(
        "ending the process",
        lambda: leave,
        "leave(code: int) -> int",
        "End the process, unless the code is 0.",
        call(0),
        0,
        call(3),
        (RuntimeError, "leave() tried to end the host's process: SystemExit(3)"),
    ),
    Case(
        "wrapped by a decorator",
        lambda: wrapped,
        "wrapped(x: int, *, y: int = 2) -> int",
        "Behind a decorator.",
        call(2),
        4,
        call(2, 3),
        (TypeError, "wrapped() takes 1 positional argument but 2 were given"),
    ),
    Case(
        "cached",
        lambda: cached,
        "cached(x: int) -> int",
        "Remembers.",
        call(2),
        3,
        call([]),
        (TypeError, "cached() argument 'x' (int): should be a valid integer, got [] (list)"),
    ),
    Case(
        "builtin function",
        lambda: math.sqrt,
        "sqrt(x, /)",
        "Return the square root of x.",
        call(4),
        2.0,
        call(),
        (TypeError, "sqrt() missing 1 required positional argument: 'x'"),
    ),
)
