"""Ctrl-C once stops the action, twice the run; SIGTERM stops the run.

Invariant: the run is stopped by cancelling its task, so that it ends its own record and session before the command leaves. It does
not: kill anything.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

CLOSE_SECONDS = 2.0
"""Presses that lie further apart, with a new action begun between them, count from one again."""


class Interrupts:
    """Steers one piece of work at a time by the signals of the process.

    Args:
        say: prints a line for the user.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._presses = 0
        self._last = 0.0
        self._action_runs = False
        self._stopping = False
        self._errands: set[asyncio.Task[None]] = set()

    def action_began(self) -> None:
        """An action runs from now on: a press stops it first."""
        self._action_runs = True
        if time.monotonic() - self._last > CLOSE_SECONDS:
            self._presses = 0

    def action_ended(self) -> None:
        """No action runs any more."""
        self._action_runs = False

    async def steer(self, work: Coroutine[Any, Any, T], stop_action: Callable[[], Coroutine[Any, Any, None]]) -> T:
        """Run the work to its end, signals handled.

        Args:
            work: the run.
            stop_action: interrupts the action that runs.

        Raises:
            asyncio.CancelledError: the run was stopped by a signal, and has ended.
        """
        self._presses, self._action_runs, self._stopping = 0, False, False
        task = asyncio.ensure_future(work)
        loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
        loop.add_signal_handler(signal.SIGINT, self._pressed, task, stop_action)
        loop.add_signal_handler(signal.SIGTERM, self._stop, task)
        try:
            return await task
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)
            signal.signal(signal.SIGTERM, before)  # the loop leaves what ends the process at once
            if self._errands:
                await asyncio.wait(self._errands)

    def _pressed(self, task: asyncio.Future[Any], stop_action: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._presses += 1
        self._last = time.monotonic()
        if self._presses > 1:
            self._stop(task)
        elif self._action_runs:
            self._say("stopping the action; press Ctrl-C again to stop the run")
            errand = asyncio.ensure_future(stop_action())
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)
        else:
            self._say("no action is running; press Ctrl-C again to stop the run")

    def _stop(self, task: asyncio.Future[Any]) -> None:
        if not self._stopping:  # once: a second cancel would cut the clean-up short
            self._stopping = True
            self._say("stopping the run")
            task.cancel()
