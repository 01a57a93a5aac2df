"""Threads in which synchronous tools run, beside the event loop.

Invariant: a call never waits for another's thread (there are as many as there are calls at once; idle ones are kept for the next), and a
tool that hangs never keeps the process from ending: the threads are daemons. It does not: stop a function that runs; nobody can.
"""

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

MOST_IDLE = 16

_Job = Callable[[], None]


class _Outcome:
    """Runs a function and keeps what it gives or raises, whatever that is, for the one who waits for it."""

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None

    def __enter__(self) -> "_Outcome":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        return True


class Crew:
    """A set of threads that grows with the calls that are made at once."""

    def __init__(self) -> None:
        self._idle: list[queue.SimpleQueue[_Job]] = []

    async def run(self, function: Callable[[], Any]) -> Any:
        """Call the function in a thread, in a copy of the caller's context, and wait for it.

        If the waiting is cancelled, the function runs on and what it gives is dropped.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Outcome] = loop.create_future()
        context = contextvars.copy_context()

        def job() -> None:
            outcome = _Outcome()
            with outcome:
                outcome.value = context.run(function)
            _tell(loop, done, outcome)

        self._start(job)
        outcome = await done
        if outcome.error is not None:
            try:
                raise outcome.error
            finally:
                outcome.error = None  # or the frame and the exception hold each other
        return outcome.value

    def _start(self, job: _Job) -> None:
        try:
            jobs = self._idle.pop()
        except IndexError:
            jobs = queue.SimpleQueue()
            threading.Thread(target=self._work, args=(jobs,), name="codeact-tool", daemon=True).start()
        jobs.put(job)

    def _work(self, jobs: queue.SimpleQueue[_Job]) -> None:
        while True:
            job = jobs.get()
            job()
            del job  # nothing of a call outlives it
            if len(self._idle) >= MOST_IDLE:
                return
            self._idle.append(jobs)


def _tell(loop: asyncio.AbstractEventLoop, done: "asyncio.Future[_Outcome]", outcome: _Outcome) -> None:
    def settle() -> None:
        if not done.done():
            done.set_result(outcome)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
        return


CREW = Crew()
"""For all tools: a thread is not a tool's own."""
