"""The events of a run as an async iterator, while it runs.

Invariant: every event of the trajectory comes out, in order, and the run has ended when the iterator has. It does not: record anything.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from codeact.events import AnyEvent
from codeact.trajectory import Trajectory


async def streamed(trajectory: Trajectory, run: Callable[[], Coroutine[Any, Any, Any]]) -> AsyncGenerator[AnyEvent]:
    """Run a coroutine and yield what is recorded meanwhile; closing the iterator cancels it.

    Args:
        trajectory: what the coroutine records in.
        run: makes the coroutine; what it raises is raised after the last event.
    """
    waiting: asyncio.Queue[AnyEvent | None] = asyncio.Queue()
    stop_listening = trajectory.listen(waiting.put_nowait)
    task = asyncio.create_task(run())
    task.add_done_callback(lambda _: waiting.put_nowait(None))
    try:
        while (event := await waiting.get()) is not None:
            yield event
        await task
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        stop_listening()
