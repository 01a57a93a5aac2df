"""Work on many things, several at a time.

Invariant: when it returns, or raises, nothing of it runs any more; an error comes out as it was raised, in every version of Python. It does
not: keep what came of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from codeact import errors

T = TypeVar("T")


async def side_by_side(things: Iterable[T], work: Callable[[T], Awaitable[None]], jobs: int) -> None:
    """Work on each, in their order, so many at a time; the first error cancels what runs, and no more is begun.

    Args:
        things: taken one by one.
        work: on one of them.
        jobs: how many at a time.

    Raises:
        Exception: the first error, one of codeact's own before any other.
    """
    queue = iter(things)

    async def take() -> None:
        task = asyncio.current_task()
        for thing in queue:
            await work(thing)
            if task is not None and task.cancelling():  # what waited in it may have lost the cancellation, as `wait_for` can
                raise asyncio.CancelledError

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(jobs):
                group.create_task(take())
    except BaseExceptionGroup as group:  # not except*: what is raised there comes out wrapped in some versions
        raise _first(group) from None


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    ours = [each for each in group.exceptions if isinstance(each, errors.CodeactError | BaseExceptionGroup)]
    inner = (ours or group.exceptions)[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
