"""A client that costs next to nothing beside the server it measures: HTTP/1.1 by hand, one connection, one request after another."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit


class Plain:
    """A connection, made when it is first used, and again when it was lost.

    Args:
        url: of the server.
    """

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self._host, self._port = split.hostname or "", split.port or 80
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        status, headers = await self._send(method, path, body)
        assert self._reader is not None
        text = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return status, json.loads(text) if text else None

    async def events(self, path: str) -> AsyncIterator[tuple[str, str, str]]:
        """Server-sent events: id, type and data.

        Raises:
            ConnectionError: the server answers otherwise, or the stream is cut off.
        """
        status, _ = await self._send("GET", path, None)
        if status != 200:
            raise ConnectionError(f"{path} is answered with {status}")
        number = kind = data = ""
        rest = b""
        while part := await self._chunk():
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                name, _, value = line.partition(b": ")
                match name:
                    case b"id":
                        number = value.decode()
                    case b"event":
                        kind = value.decode()
                    case b"data":
                        data = value.decode()
                    case b"" if data:
                        yield number, kind, data
                        number = kind = data = ""
                    case _:
                        pass

    def close(self) -> None:
        """Close the connection."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()

    async def _send(self, method: str, path: str, body: Any) -> tuple[int, dict[str, str]]:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        return int(lines[0].split()[1]), headers

    async def _chunk(self) -> bytes:
        """The next part of a body in parts; empty at its end."""
        assert self._reader is not None
        size = int(await self._reader.readline() or b"0", 16)
        return (await self._reader.readexactly(size + 2))[:-2]
