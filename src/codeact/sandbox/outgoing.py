"""Frames on their way to a guest, which may read them late or never.

Invariant: frames leave whole and in order; nobody waits for a guest that does not read. It does not: report a guest that is gone (the
warden does).
"""

import asyncio
import socket


class Outgoing:
    """The way out of one connected, non-blocking socket.

    Args:
        connection: to the guest.
        loop: that tells when it takes more.
    """

    def __init__(self, connection: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._rest = bytearray()

    @property
    def empty(self) -> bool:
        """Whether all has left."""
        return not self._rest

    def write(self, data: bytes) -> None:
        """Send, now or as soon as there is room."""
        sent = 0
        if not self._rest:
            try:
                sent = self._connection.send(data)
            except BlockingIOError:
                pass
            except OSError:
                return
        if sent < len(data):
            if not self._rest:
                self._loop.add_writer(self._connection, self._flush)
            self._rest += memoryview(data)[sent:]

    def close(self) -> None:
        """Give up what has not left."""
        if self._rest:
            self._rest.clear()
            self._loop.remove_writer(self._connection)

    def _flush(self) -> None:
        try:
            del self._rest[: self._connection.send(memoryview(self._rest)[: 1 << 20].tobytes())]
        except BlockingIOError:
            return
        except OSError:
            self._rest.clear()
        if not self._rest:
            self._loop.remove_writer(self._connection)
