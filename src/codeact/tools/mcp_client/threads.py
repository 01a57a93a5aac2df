"""An event loop in a thread of its own, which code on any other loop, or on none, hands work to.

Invariant: the loop turns from the first moment to `close`; who is cancelled while waiting cancels the work. It does not: keep the
process from ending (the thread is a daemon), or know what it runs.
"""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """See the module's docstring. It may be used from many threads at once.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether it takes no more work."""
        return self._loop.is_closed()

    @property
    def is_here(self) -> bool:
        """Whether the code that asks runs in the thread."""
        return threading.current_thread() is self._thread

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end there, and block until then."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C while waiting; nothing if it has ended
            raise

    async def acall(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end there, and wait for it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        """Cancel what is left, and end the thread. Calling it twice does nothing more."""
        if self._loop.is_closed():
            return
        with suppress(asyncio.CancelledError):
            self.call(_drained())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _drained() -> None:
    """Cancel all other tasks of this loop, and wait for their ends."""
    loop = asyncio.get_running_loop()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
