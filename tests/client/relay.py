"""A way to a server that a test can cut, and lead to another server: what a client sees of a restart, or of a bad network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Relay:
    """See the module's docstring; `url` is where clients reach it."""

    def __init__(self) -> None:
        self.url = ""
        self.taken = 0
        self._to: tuple[str, int] | None = None
        self._open: set[asyncio.StreamWriter] = set()

    def lead(self, url: str | None) -> None:
        """Lead new connections to a server; None: refuse them."""
        parts = urlsplit(url or "")
        self._to = None if url is None else (parts.hostname or "", parts.port or 0)

    def cut(self) -> None:
        """Break all connections off."""
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection."""
        self.taken += 1
        try:
            if self._to is None:
                raise ConnectionRefusedError
            there, on = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, on}
        await asyncio.wait([asyncio.ensure_future(_pour(reader, on)), asyncio.ensure_future(_pour(there, writer))])
        self._open -= {writer, on}


@asynccontextmanager
async def relay() -> AsyncIterator[Relay]:
    """A relay, up while the block lasts."""
    made = Relay()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        made.cut()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(1 << 16):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError):
        writer.close()
