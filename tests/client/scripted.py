"""A server on a real socket that answers each request with what a test has written, byte for byte, and may break off anywhere.

Invariant: what it was asked is kept, in order. It does not: know codeact's API.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from codeact import events

RUN = {"id": "run-1", "title": "add", "model": "m", "format": "code", "state": "running"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: whole, or broken off after its body; `hangs` until the client goes away; without a status, nothing at all."""

    status: int | None = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    hangs: bool = False


@dataclass(slots=True)
class Scripted:
    """A server that is up."""

    url: str
    asked: list[Asked]
    left: list[Said | Callable[[Asked], Said]]


def said(value: Any, status: int = 200, **headers: str) -> Said:
    """An answer in JSON."""
    return Said(status, json.dumps(value).encode(), headers={name.replace("_", "-"): text for name, text in headers.items()})


def fault(status: int, code: str, message: str = "so it is", type: str = "input", **headers: str) -> Said:
    """An error as codeact tells it."""
    return said({"error": {"message": message, "type": type, "code": code, "param": None}}, status, **headers)


def sent(shown: Iterable[tuple[int | None, events.Event]], *, ends: str | None = None, broken: bool = False, hangs: bool = False) -> Said:
    """Events of a run, each with its number, and the end of the stream if there is one."""
    text = "".join(
        ("" if number is None else f"id: {number}\n") + f"event: {getattr(event, 'type', '')}\ndata: {event.model_dump_json()}\n\n"
        for number, event in shown
    )
    text += "" if ends is None else f'event: end\ndata: {{"state": "{ends}"}}\n\n'
    return Said(body=text.encode(), kind="text/event-stream", broken=broken, hangs=hangs)


@asynccontextmanager
async def scripted(*answers: Said | Callable[[Asked], Said]) -> AsyncIterator[Scripted]:
    """A server, up while the block lasts, that gives these answers, one after another; after the last it says nothing any more."""
    up = Scripted("", [], [*answers])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await _read(reader)
            up.asked.append(asked)
            answer = up.left.pop(0) if up.left else Said(None)
            await _write(writer, reader, answer(asked) if callable(answer) else answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    up.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield up


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _write(writer: asyncio.StreamWriter, reader: asyncio.StreamReader, answer: Said) -> None:
    if answer.status is None:
        return
    length = len(answer.body) + (1 if answer.broken or answer.hangs else 0)
    headers = {"content-type": answer.kind, "content-length": str(length), "connection": "close", **answer.headers}
    head = f"HTTP/1.1 {answer.status} x\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(head.encode() + b"\r\n" + answer.body)
    await writer.drain()
    if answer.hangs:
        await reader.read()
