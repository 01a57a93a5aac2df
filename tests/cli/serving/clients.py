"""The official MCP client, connected to `codeact mcp` over each transport, and a process that speaks the protocol by hand."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, types
from mcp.client.streamable_http import streamable_http_client

from cli.conftest import COMMAND
from cli.serving.started import Process, Started

T = TypeVar("T")

HELLO: list[dict[str, Any]] = [
    {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}},
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


class Stdio:
    """Starts servers of a test: each call connects a new client to a new process.

    Args:
        command: what a client starts; `codeact`, or what stands in its place.
        environment, folder: of the process.
    """

    def __init__(self, command: Sequence[str], environment: dict[str, str], folder: Path) -> None:
        self.command = command
        self.environment = environment
        self.folder = folder

    def __call__(self, *arguments: str | Path, mode: str = "auto") -> Client:
        """A client, to be used in a with block."""
        program, *first = self.command
        server = StdioServerParameters(command=program, args=[*first, "mcp", *map(str, arguments)], env=self.environment, cwd=self.folder)
        return Client(server, mode=mode)

    def by_hand(self, *messages: dict[str, Any], options: Sequence[str] = (), loaded: bool = True) -> Process:
        """A process that was sent these messages after the handshake; its standard input stays open."""
        process = _started(["mcp", *options], self.environment, self.folder, loaded=loaded)
        assert process.stdin is not None
        for message in (*HELLO, *messages):
            process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        return process


class Http:
    """A server on a free port, and clients of it.

    Args:
        environment, folder: of the process.
        arguments: of the command.
        loaded: whether it is forked from the process that has loaded the command.
    """

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str, loaded: bool = True) -> None:
        self.process = _started(["mcp", "--http", "0", *arguments], environment, folder, loaded=loaded)
        assert self.process.stderr is not None
        self.url = self.process.stderr.readline().split()[-1]
        self.token = environment.get("CODEACT_MCP_TOKEN") or self.process.stderr.readline().split()[-1]

    @asynccontextmanager
    async def client(self, *, mode: str = "auto") -> AsyncIterator[Client]:
        """A client that has the token."""
        async with self.web() as web, Client(streamable_http_client(self.url, http_client=web), mode=mode) as client:
            yield client

    def web(self, token: str | None = None, **headers: str) -> httpx2.AsyncClient:
        """An HTTP client with a token, the right one if none is given."""
        return httpx2.AsyncClient(headers={"Authorization": f"Bearer {token or self.token}"} | headers, timeout=60)

    def end(self) -> tuple[int | None, str, str]:
        """SIGTERM: exit code, standard output, standard error."""
        self.process.terminate()
        out, error = self.process.communicate(timeout=60)
        return self.process.returncode, out, error

    def __enter__(self) -> "Http":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def _started(arguments: list[str], environment: dict[str, str], folder: Path, *, loaded: bool) -> Process:
    if loaded:
        return Started(arguments, environment=environment, folder=folder)
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=folder)


class Calls(Protocol):
    """Whatever calls tools."""

    async def call_tool(self, name: str, arguments: dict[str, Any] | None = None) -> types.CallToolResult:
        """Call one."""
        ...


class Shared:
    """A client that several tests use, each from a loop of its own; it lives in a loop of a thread.

    Args:
        portal: to the thread.
        client: connected there.
    """

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self._client = client

    async def call_tool(self, name: str, arguments: dict[str, Any] | None = None) -> types.CallToolResult:
        """Call a tool."""
        return await self._there(self._client.call_tool, name, arguments)

    async def list_resources(self) -> types.ListResourcesResult:
        """The files of the workspace."""
        return await self._there(self._client.list_resources)

    async def read_resource(self, uri: str) -> types.ReadResourceResult:
        """One of them."""
        return await self._there(self._client.read_resource, uri)

    async def _there(self, work: Callable[..., Awaitable[T]], *arguments: object) -> T:
        return await asyncio.wrap_future(self._portal.start_task_soon(work, *arguments))


@contextmanager
def shared(client: Client) -> Iterator[Shared]:
    """Connect a client for several tests."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client) as connected:
        yield Shared(portal, connected)


def text(result: types.CallToolResult) -> str:
    """All text of a result."""
    return "\n".join(part.text for part in result.content if isinstance(part, types.TextContent))


async def run(client: Calls, code: str, **arguments: object) -> str:
    """Text that `run_python` answers."""
    return text(await client.call_tool("run_python", {"code": code, **arguments}))


async def cancelled_when(client: Client, code: str, mark: str) -> None:
    """Run code until it has printed the mark, then cancel the request."""
    printed = asyncio.Event()

    async def told(progress: float, total: float | None, message: str | None) -> None:
        if message is not None and mark in message:
            printed.set()

    request = asyncio.ensure_future(client.call_tool("run_python", {"code": code}, progress_callback=told))
    await asyncio.wait_for(printed.wait(), 60)
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    assert request.cancelled()


KILLED_CLIENT = """
import json, subprocess, sys

command, environment, messages = map(json.loads, sys.argv[1:])
server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)
for message in messages:
    server.stdin.write(json.dumps(message) + "\\n")
    server.stdin.flush()
    while message.get("id") == 1 and json.loads(server.stdout.readline()).get("id") != 1:
        pass
print("ready", flush=True)
server.wait()
"""


def client_to_be_killed(environment: dict[str, str]) -> subprocess.Popen[str]:
    """A client in a process of its own, in the middle of a call when this returns; it starts its server as the SDK does."""
    codes = ["import subprocess; subprocess.Popen(['sleep', '1000']); 1", "while True: pass"]
    calls = [
        {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": "run_python", "arguments": {"code": code}}}
        for number, code in enumerate(codes, 1)
    ]
    given = [json.dumps(one) for one in ([*COMMAND, "mcp", "--cell-timeout", "1000"], environment, [*HELLO, *calls])]
    process = subprocess.Popen([sys.executable, "-c", KILLED_CLIENT, *given], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process
