"""The official MCP client, connected to `codeact mcp` over each transport, and a process that speaks the protocol by hand."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from mcp import Client, StdioServerParameters, types
from mcp.client.streamable_http import streamable_http_client

from cli.conftest import COMMAND

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
        environment, folder: of the process.
    """

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder

    def __call__(self, *arguments: str | Path, mode: str = "auto") -> Client:
        """A client, to be used in a with block."""
        server = StdioServerParameters(
            command=COMMAND[0], args=[*COMMAND[1:], "mcp", *map(str, arguments)], env=self.environment, cwd=self.folder
        )
        return Client(server, mode=mode)

    def by_hand(self, *messages: dict[str, Any], options: Sequence[str] = ()) -> subprocess.Popen[str]:
        """A process that was sent these messages after the handshake; its standard input stays open."""
        process = subprocess.Popen(
            [*COMMAND, "mcp", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.folder,
        )
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
    """

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "mcp", "--http", "0", *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=folder,
        )
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

    def end(self) -> tuple[int, str, str]:
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


def text(result: types.CallToolResult) -> str:
    """All text of a result."""
    return "\n".join(part.text for part in result.content if isinstance(part, types.TextContent))


async def run(client: Client, code: str, **arguments: object) -> str:
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
import asyncio, json, sys
from mcp import Client, StdioServerParameters

async def main():
    command, *arguments = json.loads(sys.argv[1])
    async with Client(StdioServerParameters(command=command, args=arguments, env=json.loads(sys.argv[2]))) as client:
        await client.call_tool("run_python", {"code": "import subprocess; subprocess.Popen(['sleep', '1000']); 1"})
        print("ready", flush=True)
        await client.call_tool("run_python", {"code": "while True: pass", "timeout": 1000})

asyncio.run(main())
"""


def client_to_be_killed(environment: dict[str, str]) -> subprocess.Popen[str]:
    """A client in a process of its own, in the middle of a call when this returns."""
    arguments = [sys.executable, "-c", KILLED_CLIENT, json.dumps([*COMMAND, "mcp"]), json.dumps(environment)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process
