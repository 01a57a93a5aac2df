"""Servers to test with: the one of `server`, over its standard streams and over HTTP."""

import atexit
import functools
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from codeact.tools.mcp_client import McpServers

SERVER = Path(__file__).with_name("server.py")
BARE = Path(__file__).with_name("bare.py")
TOKEN = "sk-" + "shop-token-987654"


def stdio(**keys: Any) -> dict[str, Any]:
    """A file with the server, started here."""
    return {"mcpServers": {"shop": {"command": sys.executable, "args": [str(SERVER)], "env": {"SHOP_TOKEN": TOKEN}, **keys}}}


def bare(*arguments: str, **keys: Any) -> dict[str, Any]:
    """A file with the server of `bare`, which starts at once."""
    return {"mcpServers": {"shop": {"command": sys.executable, "args": [str(BARE), *arguments], "env": {"SHOP_TOKEN": TOKEN}, **keys}}}


def http(port: int, **keys: Any) -> dict[str, Any]:
    """A file with the server, reached over HTTP."""
    return {"mcpServers": {"shop": {"url": f"http://127.0.0.1:{port}/mcp", "headers": {"Authorization": f"Bearer {TOKEN}"}, **keys}}}


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(port: int, kind: str = "http", *more: str) -> Iterator[int]:
    """The server, listening on a port; gives the number of its process."""
    forking = _forking()
    assert forking.stdin is not None and forking.stdout is not None
    forking.stdin.write(f"{kind} {port} {' '.join(more)}\n")
    forking.stdin.flush()
    pid = int(forking.stdout.readline())
    process = os.pidfd_open(pid)
    try:
        while not listens(port):
            assert not _ended(process, 50)
        yield pid
    finally:
        if not _ended(process, 0):
            signal.pidfd_send_signal(process, signal.SIGKILL)
            assert _ended(process, 60_000)
        os.close(process)


@functools.cache
def _forking() -> subprocess.Popen[str]:
    """What forks servers: it has loaded the SDK, and ends with this process."""
    process = subprocess.Popen(
        [sys.executable, str(SERVER), "forking"],
        env={**os.environ, "SHOP_TOKEN": TOKEN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def _ended(process: int, milliseconds: int) -> bool:
    """Whether the process of a descriptor ends within this time."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(milliseconds))


def listens(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module", params=["stdio", "http", "http stateless", "sse"])
def shop(request: pytest.FixtureRequest) -> Iterator[McpServers]:
    """The server's tools, over each transport."""
    if request.param == "stdio":
        with McpServers(stdio()) as servers:
            yield servers
        return
    port = free_port()
    kind, *more = request.param.split()
    with served(port, kind, *more):
        config = http(port) if kind == "http" else http(port, type="sse", url=f"http://127.0.0.1:{port}/sse")
        with McpServers(config) as servers:
            yield servers


@pytest.fixture
def notes() -> list[str]:
    """What is told about servers."""
    return []
