"""What an attacker has: every route of the server, and a socket to write any bytes to."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
from fastapi.routing import iter_route_contexts

from codeact.server.api.access import OPEN
from codeact.server.api.application import Parts, application

BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/runs": {"task": "add"},
    "/api/v1/runs/{run_id}/messages": {"text": "and now?"},
    "/api/v1/runs/{run_id}/questions/{question_id}": {"decision": "allow"},
    "/api/v1/runs/{run_id}/branch": {"turn": 1, "message": "x"},
    "/api/v1/sessions": {},
    "/api/v1/sessions/{session_id}/run": {"code": "1 + 1"},
    "/api/v1/sessions/{session_id}/rollback": {},
    "/api/v1/sessions/{session_id}/fork": {},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "add"}]},
    "/v1/responses": {"input": "add"},
}
"""A body that each route takes which takes one."""

SHELLS = (
    *("/", "/compare", "/runs/{run_id}", "/static/{version}/{name}"),
    *("/page/guest/{run_id}/{number}/{place}/{proof}", "/page/guest/file/{run_id}/{digest}/{proof}/{path:file}"),
)
"""Routes of the page that hold no data, or are reached by an address that proves itself."""

_QUERIES = {"/api/v1/runs/{run_id}/export": "?to=md", "/page/compare": "?left={run_id}&right={run_id}"}


@dataclass(frozen=True, slots=True)
class Route:
    """A route: its method and its path, with names in braces."""

    method: str
    path: str

    def to(self, **names: str) -> tuple[str, str]:
        """The method and a path with these names in it, ``x`` for others."""
        path = self.path.replace(":path", "").replace(":file", "") + _QUERIES.get(self.path, "")
        for name in ("run_id", "session_id", "question_id", "response_id", "path", "name", "model"):
            path = path.replace(f"{{{name}}}", names.get(name, "x"))
        return self.method, path

    @property
    def more(self) -> dict[str, Any]:
        """The body of a right request."""
        if self.method == "PUT":
            return {"content": b"x"}
        body = BODIES.get(self.path)
        return {"json": body} if body is not None and self.method == "POST" else {}


def all_routes() -> list[Route]:
    """Every route of the application, those that its schema does not tell of too."""
    nothing = cast(Any, None)
    made = application(Parts(nothing, nothing, nothing, nothing, "strict"))
    contexts = list(iter_route_contexts(made.routes))
    return [Route(method, str(one.path)) for one in contexts for method in sorted(one.methods or ())]


def kept_routes() -> list[Route]:
    """Those that a key is needed for."""
    return [route for route in all_routes() if route.path not in (*OPEN, *SHELLS)]


@dataclass(slots=True)
class Line:
    """A connection to a server, of which nobody checks what goes over it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes | str) -> None:
        """Write bytes."""
        self.writer.writelines(part.encode() if isinstance(part, str) else part for part in parts)
        await self.writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """The status and the body of the next answer."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if "content-length" in headers:
            return status, await self.reader.readexactly(int(headers["content-length"]))
        return status, b"" if status in (204, 304) else await self.reader.read()

    async def ended(self) -> bytes:
        """What still comes before the server closes the connection."""
        try:
            return await self.reader.read()
        except ConnectionResetError:
            return b""


@asynccontextmanager
async def line(url: str) -> AsyncIterator[Line]:
    """A connection, open while the block lasts."""
    at = httpx.URL(url)
    reader, writer = await asyncio.open_connection(at.host, at.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


def head(url: str, target: str = "/health", method: str = "GET", *more: str, version: str = "1.1") -> str:
    """The head of a request, with the server's own name."""
    at = httpx.URL(url)
    return "\r\n".join([f"{method} {target} HTTP/{version}", f"Host: {at.host}:{at.port}", *more, "", ""])


async def said(url: str, target: str, method: str = "GET", headers: Sequence[str] = (), body: bytes = b"") -> tuple[int, bytes]:
    """The answer to a request whose head is taken as it stands."""
    async with line(url) as one:
        length = [f"Content-Length: {len(body)}"] if body else []
        await one.send(head(url, target, method, *headers, *length), body)
        return await asyncio.wait_for(one.answer(), 30)


def is_fault(answer: httpx.Response) -> bool:
    """Whether an answer is an error of the one shape."""
    told = json.loads(answer.content)["error"]
    return sorted(told) == ["code", "message", "param", "type"] and bool(told["message"])
