"""The sync face of an async core: one private event loop, driven from ordinary code.

Invariant: a coroutine given to `LoopRunner.call` has ended, one way or another, when `call` returns, and Ctrl-C cancels it
and comes out as `KeyboardInterrupt`. All calls of one runner use one loop, so that what one call opened the next can use. It
does not: know what it runs, or let two threads in at once. `Closeable` gives both faces their `with` blocks.
"""

import asyncio
import contextvars
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Self, TypeVar

from codeact import errors

T = TypeVar("T")
_LOOK_AFTER = 0.5  # seconds


class LoopRunner:
    """Runs coroutines to their end on a loop of its own, made at the first call.

    Where the calling thread runs a loop already (Jupyter, an async application that calls a sync face), the private loop
    turns in a worker thread while the caller waits; everywhere else it turns in the calling thread. A runner that is dropped without
    `close` frees its loop, but what was left on it is not waited for.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._lock = threading.Lock()
        self._closed = False
        self._last_resort: weakref.finalize[[], LoopRunner] | None = None

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine and return its result.

        Args:
            coroutine: not started yet.

        Raises:
            InputError: the runner is closed, or another call of it is running (from another thread, or from inside this one).
            KeyboardInterrupt: Ctrl-C; the coroutine was cancelled and has ended.
        """
        if not self._lock.acquire(blocking=False):
            coroutine.close()
            raise errors.InputError(
                f"a call is running already, {coroutine.__qualname__!r} cannot run beside it: "
                "give each thread an object of its own, or use the async methods (those that start with 'a')"
            )
        try:
            if self._closed:
                coroutine.close()
                raise errors.InputError(f"{coroutine.__qualname__!r} was called on a closed object: make a new one")
            if self._last_resort is None:
                self._last_resort = weakref.finalize(self, self._runner.get_loop().close)
            if _loop_runs_here():
                return self._call_in_thread(coroutine)
            return self._runner.run(coroutine, context=contextvars.copy_context())
        finally:
            self._lock.release()

    def close(self) -> None:
        """Cancel what is left on the loop and close it. Calling it twice does nothing more.

        Raises:
            InputError: a call is running.
        """
        if not self._lock.acquire(blocking=False):
            raise errors.InputError("cannot close while a call is running: interrupt it first, or wait for its end")
        try:
            self._closed = True
            if _loop_runs_here():
                with ThreadPoolExecutor(max_workers=1) as pool:  # a loop cannot be turned, not even to close it, beside a running one
                    pool.submit(self._runner.close).result()
            else:
                self._runner.close()
        finally:
            self._lock.release()

    def _call_in_thread(self, coroutine: Coroutine[Any, Any, T]) -> T:
        loop = self._runner.get_loop()
        task = loop.create_task(coroutine, context=contextvars.copy_context())
        ended = threading.Event()  # not a thread pool and not join(): both lose the thread when Ctrl-C arrives while it starts

        def turn() -> None:
            try:
                with suppress(KeyboardInterrupt, SystemExit):  # the task keeps them, its result() raises them in the caller
                    loop.run_until_complete(asyncio.wait([task]))
            finally:
                ended.set()

        try:
            threading.Thread(target=turn, name="codeact-sync").start()
            while not ended.wait(_LOOK_AFTER):
                pass  # a signal that comes just before the wait begins does not end it: Python acts on it between two waits
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(task.cancel)
            ended.wait()
            raise
        return task.result()


class Closeable(ABC):
    """What a `with` block, sync or async, closes at its end."""

    @abstractmethod
    async def aclose(self) -> None:
        """Close it."""

    @abstractmethod
    def close(self) -> None:
        """Sync face of `aclose`."""

    async def __aenter__(self) -> Self:
        """The object itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.aclose()

    def __enter__(self) -> Self:
        """The object itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def _loop_runs_here() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
