"""A real HTTP server on loopback that answers as its script says: well, slowly, brokenly.

Invariant: one reply a request, in order; requests are kept as they came. It does not know anything of models.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Reply:
    """One answer. `abort`: the connection is reset at the end. `gate`: what is after the first part waits for it."""

    parts: list[bytes]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    abort: bool = False
    gate: asyncio.Event | None = None


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


def chunk(text: str | None = None, *, finish: str | None = None, usage: dict[str, Any] | None = None) -> bytes:
    """A server-sent event of a chat completion."""
    choices = [] if text is None and finish is None else [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]
    data = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices, "usage": usage}
    return f"data: {json.dumps(data)}\n\n".encode()


def call(
    arguments: str, name: str | None = None, *, index: int | None = 0, identity: str | None = None, content: str | None = None
) -> bytes:
    """A server-sent event with a piece of a call of a function; the first piece of a call has its name."""
    piece = {"index": index, "id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}
    choices = [{"index": 0, "delta": {"content": content, "tool_calls": [piece]}, "finish_reason": None}]
    data = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices, "usage": None}
    return f"data: {json.dumps(data)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def stream(*parts: bytes, abort: bool = False, gate: asyncio.Event | None = None) -> Reply:
    """A streamed answer."""
    return Reply(list(parts), headers={"Content-Type": "text/event-stream"}, abort=abort, gate=gate)


def writes(text: str, finish: str = "stop") -> Reply:
    """A good answer, word by word, with usage."""
    words = [chunk(word) for word in text.replace(" ", " \0").split("\0")]
    usage = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25, "prompt_tokens_details": {"cached_tokens": 12}}
    return stream(*words, chunk(finish=finish), chunk(usage=usage), DONE)


def calls(*made: tuple[str, str], content: str = "", finish: str = "tool_calls", size: int = 7) -> Reply:
    """An answer that calls functions, its arguments in pieces of a size, with usage."""
    words = [chunk(content)] if content else []
    for index, (name, arguments) in enumerate(made):
        words.append(call("", name, index=index, identity=f"id-{index}"))
        words += [call(arguments[start : start + size], index=index) for start in range(0, len(arguments), size)]
    usage = {"prompt_tokens": 30, "completion_tokens": 9, "total_tokens": 39}
    return stream(*words, chunk(finish=finish), chunk(usage=usage), DONE)


def refuses(
    status: int, message: str, *, code: str | None = None, param: str | None = None, headers: dict[str, str] | None = None
) -> Reply:
    """An error in OpenAI's form."""
    body = {"error": {"message": message, "type": "error", "code": code, "param": param}}
    return Reply([json.dumps(body).encode()], status, {"Content-Type": "application/json", **(headers or {})})


class ScriptedServer:
    """The server; `requests` holds what it was asked, `closed_early` is set once a client left before the end."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[Received] = []
        self.closed_early = asyncio.Event()
        self._arrived = asyncio.Semaphore(0)
        self._replies = list(replies)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Base URL of the API."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    @property
    def unused(self) -> int:
        """Replies that nobody asked for."""
        return len(self._replies)

    async def arrived(self) -> None:
        """Wait for the next request that nobody has waited for."""
        await self._arrived.acquire()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exception: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append(await _read(reader))
            self._arrived.release()
            await self._answer(self._replies.pop(0), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.closed_early.set()
        finally:
            writer.close()

    async def _answer(self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = {**reply.headers, "Connection": "close"}
        writer.write(f"HTTP/1.1 {reply.status} Scripted\r\n".encode())
        writer.write("".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n")
        for number, part in enumerate(reply.parts):
            if number == 1 and reply.gate is not None:
                await self._until(reply.gate, reader)
            writer.write(part)
            await writer.drain()
        if reply.abort:
            writer.transport.abort()

    async def _until(self, gate: asyncio.Event, reader: asyncio.StreamReader) -> None:
        """Wait for the gate, or for the client to leave."""
        opened, left = asyncio.ensure_future(gate.wait()), asyncio.ensure_future(reader.read(1))
        await asyncio.wait((opened, left), return_when=asyncio.FIRST_COMPLETED)
        if not gate.is_set():
            opened.cancel()
            raise ConnectionResetError
        left.cancel()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(first.split(" ")[1], headers, json.loads(body or b"{}"))
