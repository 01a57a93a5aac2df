"""Servers over HTTP that break off single requests: the call that it happened to fails, others go on, and the connection stands."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from codeact.tools.mcp_client import McpServers
from codeact.tools.mcp_client.exchanges import IDLE_SECONDS
from codeact.tools.mcp_client.process import MOST_MESSAGE
from tools.mcp.conftest import free_port, http, served
from tools.mcp.test_lives import until
from tools.mcp.test_use import named

NAMES = ["drop", "half", "text", "slow", "connections", "large", "large_error"]


class Breaking(ThreadingHTTPServer):
    """A server of the older protocol that answers with JSON, and breaks off what its tools are named for."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.connections, self.sessions = 0, 0
        self.slow_began, self.slow_may_end, self.cancelled = threading.Event(), threading.Event(), threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _breaking(self) -> Breaking:
        assert isinstance(self.server, Breaking)
        return self.server

    def setup(self) -> None:
        self._breaking.connections += 1
        super().setup()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self._answer(405)

    def do_DELETE(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if message["method"] == "notifications/cancelled":
            self.close_connection = True
            self._breaking.cancelled.set()
        elif "id" not in message:
            self._answer(202)
        else:
            self._request(message["id"], message["method"], message.get("params") or {})

    def _request(self, number: Any, method: str, params: dict[str, Any]) -> None:
        result: dict[str, Any] | None = None
        if method == "initialize":
            self._breaking.sessions += 1
            info = {"name": "breaking", "version": "1"}
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": info}
        elif method == "tools/list":
            result = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in NAMES]}
        elif method == "tools/call":
            name = params["name"]
            if name in ("drop", "half"):
                self.close_connection = True
            if name == "drop":
                return
            if name == "slow":
                self._breaking.slow_began.set()
                self._breaking.slow_may_end.wait()
            said = str(self._breaking.connections) if name == "connections" else "done"
            if name.startswith("large"):
                self._large(number, error=name.endswith("error"))
                return
            result = {"content": [{"type": "text", "text": said}]}
        error = {"code": -32601, "message": "no such method"}
        whole = json.dumps({"jsonrpc": "2.0", "id": number, **({"error": error} if result is None else {"result": result})}).encode()
        self._answer(200, whole, len(whole) + (10 if params.get("name") == "half" else 0))

    def _large(self, number: Any, *, error: bool) -> None:
        """Little that is unpacked to more than is taken."""
        said = "x" * MOST_MESSAGE
        result = {"content": [{"type": "text", "text": said}]}
        rest = {"error": {"code": -32000, "message": "no", "data": said}} if error else {"result": result}
        body = gzip.compress(json.dumps({"jsonrpc": "2.0", "id": number, **rest}).encode(), 1)
        self.send_response(500 if error else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def breaking() -> Iterator[Breaking]:
    with Breaking() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.slow_may_end.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["drop", "half"])
async def test_a_request_that_breaks_is_the_matter_of_its_own_call(breaking: Breaking, name: str, notes: list[str]) -> None:
    with McpServers(http(breaking.server_port), on_note=notes.append) as servers:
        slow = asyncio.create_task(named(servers, "slow").acall((), {}))
        await asyncio.to_thread(breaking.slow_began.wait)
        with pytest.raises(ConnectionError) as caught:
            await named(servers, name).acall((), {})
        assert str(caught.value) == (
            "the MCP server 'shop' broke off its answer while it made this call; whether the call had an effect is not known"
        )
        breaking.slow_may_end.set()
        assert await slow == "done"
        assert await named(servers, "text").acall((), {}) == "done"
    assert notes == []
    assert breaking.sessions == 1


@pytest.mark.parametrize("name", ["large", "large_error"])
async def test_an_answer_that_is_too_large_is_not_read_and_the_matter_of_its_own_call(
    breaking: Breaking, name: str, notes: list[str]
) -> None:
    with McpServers(http(breaking.server_port), on_note=notes.append) as servers:
        with pytest.raises(ConnectionError, match="broke off its answer"):
            await named(servers, name).acall((), {})
        assert await named(servers, "text").acall((), {}) == "done"
    assert (notes, breaking.sessions) == ([], 1)


async def test_a_notification_that_breaks_is_no_matter(breaking: Breaking, notes: list[str]) -> None:
    with McpServers(http(breaking.server_port), on_note=notes.append) as servers:
        slow = asyncio.create_task(named(servers, "slow").acall((), {}))
        await asyncio.to_thread(breaking.slow_began.wait)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        await asyncio.to_thread(breaking.cancelled.wait)
        assert await named(servers, "text").acall((), {}) == "done"
    assert notes == []


async def test_a_connection_that_was_idle_is_not_used_again(breaking: Breaking) -> None:
    with McpServers(http(breaking.server_port)) as servers:
        connections = named(servers, "connections")
        before = [int(await connections.acall((), {})) for _ in range(3)]
        await asyncio.sleep(IDLE_SECONDS + 0.1)
        assert int(await connections.acall((), {})) == before[-1] + 1


async def test_a_call_that_could_not_be_sent_is_made_when_the_server_is_back(notes: list[str]) -> None:
    port = free_port()
    with served(port):
        servers = McpServers(http(port), on_note=notes.append)
        assert await named(servers, "add").acall((1, 2), {}) == 3
    with servers:
        call = asyncio.create_task(named(servers, "add").acall((3, 4), {}))
        await asyncio.to_thread(until, lambda: bool(notes))
        with served(port):
            assert await call == 7
