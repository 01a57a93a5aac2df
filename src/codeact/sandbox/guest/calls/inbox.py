"""Who gets which frame while an action runs: replies to calls of tools, and acknowledgements of displays.

Invariant: whoever waits reads for all, one at a time; a frame is read whole or not at all, so that an interruption never loses step
with the host. A reply that nobody waits for any more is dropped. It does not: send anything.
"""

import asyncio
import select
import signal
import threading
from typing import Any

from .. import wire

Reply = tuple[dict, list[bytes]]

_ACKNOWLEDGED = 0  # calls count from 1
_SIGNALS = {signal.SIGINT}


class Inbox:
    """See the module's docstring.

    Args:
        connection: of the process's data socket.
    """

    def __init__(self, connection: wire.Wire) -> None:
        self._wire = connection
        self._change = threading.Condition()
        self._reading = False
        self._waited: dict[int, Reply | None] = {}
        self._futures: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[Reply]]] = {}

    def expect(self, number: int) -> None:
        """From here on, keep the reply to this call."""
        with self._change:
            self._waited[number] = None

    def forget(self, number: int) -> None:
        """Nobody waits for it any more."""
        with self._change:
            self._waited.pop(number, None)
            self._futures.pop(number, None)

    def wait(self, number: int = _ACKNOWLEDGED) -> Reply:
        """Wait for a reply that is expected; without a number, for an acknowledgement.

        Raises:
            EOFError: the host is gone.
        """
        while True:
            with self._change:
                reply = self._waited[number]
                if reply is not None:
                    del self._waited[number]
                    return reply
                if self._reading:
                    self._change.wait()
                    continue
                self._reading = True
            self._read()

    def _read(self) -> None:
        try:
            select.select([self._wire.connection], [], [])
            self._take()
        finally:
            with self._change:
                self._reading = False
                self._change.notify_all()

    def _take(self) -> None:
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            kind, body, _, parts = self._wire.receive()
            self.put(kind, body, parts)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def put(self, kind: int, body: dict, parts: list[bytes]) -> None:
        """Hand a frame to who waits for it."""
        number = _ACKNOWLEDGED if kind == wire.ACKNOWLEDGE else body["id"]
        with self._change:
            if number in self._waited:
                self._waited[number] = (body, parts)
            loop, future = self._futures.pop(number, (None, None))
        if loop is not None and future is not None and not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, future, (body, parts))

    async def arrival(self, number: int) -> Reply:
        """The same as `wait`, for a coroutine: others run meanwhile.

        Args:
            number: of a call that is sent after this began.
        """
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._change:
            self._futures[number] = (loop, future)
        connection = self._wire.connection
        loop.add_reader(connection, self._readable)
        try:
            return await future
        finally:
            self.forget(number)
            if not any(each is loop for each, _ in self._futures.values()):
                loop.remove_reader(connection)

    def _readable(self) -> None:
        with self._change:
            if self._reading:
                return
            self._reading = True
        try:
            if select.select([self._wire.connection], [], [], 0)[0]:
                self._take()
        finally:
            with self._change:
                self._reading = False
                self._change.notify_all()


def _resolve(future: "asyncio.Future[Any]", reply: Reply) -> None:
    if not future.done():
        future.set_result(reply)
