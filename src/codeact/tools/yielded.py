"""What a generator yields, as the one list that a call gives.

Invariant: it is all that there was, or an error; the generator is closed. It does not: wait for more than the most that is taken.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing
from itertools import islice
from typing import Any

MOST_YIELDED = 10_000
"""Values that are taken of a generator; one that gives more is an error, since a part would look like the whole."""


def list_of(name: str, items: Generator[Any, Any, Any]) -> list[Any]:
    """What a generator yields.

    Args:
        name: of the tool.
        items: is closed.

    Raises:
        ValueError: there is too much of it.
    """
    with closing(items):
        taken = list(islice(items, MOST_YIELDED + 1))
    return _bounded(name, taken)


async def all_of(name: str, items: AsyncGenerator[Any, Any]) -> list[Any]:
    """The same of an asynchronous one."""
    taken: list[Any] = []
    async with aclosing(items):
        async for item in items:
            taken.append(item)
            if len(taken) > MOST_YIELDED:
                break
    return _bounded(name, taken)


def _bounded(name: str, taken: list[Any]) -> list[Any]:
    if len(taken) > MOST_YIELDED:
        raise ValueError(f"{name}() yields more than {MOST_YIELDED} values, which is the most that a call gives; ask it for less")
    return taken
