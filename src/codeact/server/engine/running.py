"""An action of a kept session that somebody waits for; several may, who ask for the same with the same key.

Invariant: it is interrupted when nobody waits for it any more: at once, or, if it has a key, when nobody has come back to it for a moment.
It does not: run it (`live_session` does).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from codeact import errors, events
from codeact.server.engine.interpreter import Interpreter
from codeact.server.engine.once import check
from codeact.store.requests import Request

OnChunk = Callable[[events.StreamChunk], None]

_AGAIN_SECONDS = 0.05
_RETURN_SECONDS = 3.0


@dataclass(slots=True)
class Running:
    """See the module's docstring.

    Args:
        code, timeout, on_begun: see `LiveSession.run`.
        request: that it is run for.
    """

    code: str
    timeout: float | None
    on_begun: Callable[[], object] | None
    request: Request | None
    _work: "asyncio.Future[events.Observation] | None" = None
    _hearers: list[OnChunk] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: int = 0
    _is_left: bool = False

    def begin(self, work: "asyncio.Future[events.Observation]") -> None:
        """It is worked on."""
        self._work = work

    def check_wanted(self) -> None:
        """See that somebody waits for it.

        Raises:
            SessionBusyError: nobody does any more.
        """
        if self._is_left:
            raise errors.SessionBusyError("the client went away before the action had begun; nothing was run")

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl-C would, or as soon as it runs."""
        self._stop.set()

    async def ended(self, on_chunk: OnChunk | None) -> events.Observation:
        """Wait for its end.

        Args:
            on_chunk: told of text that comes from now on.
        """
        assert self._work is not None
        self._waiting += 1
        self._hearers += [] if on_chunk is None else [on_chunk]
        try:
            return await asyncio.shield(self._work)
        finally:
            self._waiting -= 1
            if on_chunk is not None:
                self._hearers.remove(on_chunk)
            if self.request is None:
                self._leave()
            else:
                asyncio.get_running_loop().call_later(_RETURN_SECONDS, self._leave)

    def hear(self, turn: int, name: Literal["stdout", "stderr"], text: str) -> None:
        """It has written something."""
        for hearer in self._hearers:
            hearer(events.StreamChunk(turn=turn, name=name, text=text))

    async def stopped(self, interpreter: Interpreter) -> None:
        """Interrupt what runs once that is wanted, and again: it may not have begun yet."""
        await self._stop.wait()
        while True:
            await interpreter.interrupt()
            await asyncio.sleep(_AGAIN_SECONDS)

    def _leave(self) -> None:
        if self._waiting == 0:
            self._is_left = True
            self._stop.set()


def same(running: Running | None, request: Request | None) -> Running | None:
    """The running action, if it is that of a request.

    Raises:
        StoreConflictError: it has the key of the request, and is another.
    """
    if request is None or running is None or running.request is None or running.request.name != request.name:
        return None
    check(request, running.request.body)
    return running
