"""`codeact mcp --http`: sessions of several clients kept apart, and nobody let in who has not the token."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from mcp.shared.exceptions import MCPError

from cli.conftest import Codeact, environment_in
from cli.processes import all_gone, children_of, sleepers_of
from cli.serving.clients import HELLO, Http, cancelled_when, run, text
from codeact.cli.exits import Exit


@pytest.fixture
def serve(environment: dict[str, str], folder: Path) -> Iterator[Callable[..., Http]]:
    """Start a server; it ends with the test."""
    with ExitStack() as stack:
        yield lambda *arguments, loaded=True, **variables: stack.enter_context(
            Http(environment | variables, folder, *arguments, loaded=loaded)
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """A server that several tests use, each with clients of its own, which leave before it ends."""
    home = tmp_path_factory.mktemp("mcp-http")
    with Http(environment_in(home), home) as server:
        yield server


async def test_two_clients_at_once_do_not_see_each_other(server: Http) -> None:
    async with server.client() as one, server.client() as other:
        await asyncio.gather(run(one, "x = 'one'; open('one.txt', 'w').close()"), run(other, "x = 'other'"))
        assert await run(one, "x") == "Output:\n'one'"
        assert await run(other, "import os; x, os.listdir()") == "Output:\n('other', [])"
        with pytest.raises(MCPError, match=r"cannot read 'one\.txt'"):
            await other.read_resource("workspace:///one.txt")


async def test_a_client_of_the_version_without_sessions_falls_back_to_one_with_them(server: Http) -> None:
    async with server.client() as client:
        assert client.protocol_version == "2025-11-25"
    async with server.client(mode="2026-07-28") as modern:
        with pytest.raises(MCPError, match="2026-07-28 has no sessions over HTTP"):
            await modern.call_tool("run_python", {"code": "1"})


async def test_a_cancelled_request_is_undone_and_others_go_on(server: Http) -> None:
    async with server.client() as one, server.client() as other:
        await run(one, "x = 1")
        await asyncio.gather(
            cancelled_when(one, "x = 2\nprint('on', flush=True)\nwhile True: pass", "on"),
            run(other, "import time; time.sleep(0.5); y = 1"),
        )
        assert (await run(one, "x")).startswith("Output:\n1\n[The action before this one was cancelled")
        assert await run(other, "y") == "Output:\n1"


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("not-the-token-of-this-server", {}, 401),
        (None, {"Authorization": ""}, 401),
        (None, {"Authorization": "Basic eDp5"}, 401),
        (None, {"Host": "attacker.example"}, 421),
        (None, {"Origin": "http://attacker.example"}, 403),
        (None, {"Origin": "null"}, 403),
        (None, {}, 200),
    ],
)
async def test_who_has_not_the_token_or_comes_from_a_web_page_is_refused(
    server: Http, token: str | None, headers: dict[str, str], status: int
) -> None:
    async with server.web(token, Accept="application/json, text/event-stream", **headers) as web:
        answer = await web.post(server.url, json=HELLO[0])
    assert answer.status_code == status
    assert ("mcp-session-id" in answer.headers) == (status == 200)


async def test_only_so_many_clients_are_served_and_one_that_leaves_makes_room(serve: Callable[..., Http]) -> None:
    server = serve("--sessions", "1")
    async with server.client() as one:
        await run(one, "x = 1")
        async with server.web(Accept="application/json, text/event-stream") as web:
            assert (await web.post(server.url, json=HELLO[0])).status_code == 503
    async with server.client() as other:
        assert "NameError" in await run(other, "x")


async def test_a_client_that_leaves_takes_its_processes_along(server: Http) -> None:
    async with server.client() as one:
        await run(one, "import subprocess; subprocess.Popen(['sleep', '1000'])")
        started = sleepers_of(server.process.pid)
    assert len(started) == 1
    assert all_gone(started)


async def test_sigterm_ends_the_server_in_the_middle_of_an_action(serve: Callable[..., Http]) -> None:
    server = serve(loaded=False)
    async with server.client() as client:
        await run(client, "import subprocess; subprocess.Popen(['sleep', '1000']); 1")
        request = asyncio.ensure_future(run(client, "while True: pass"))
        await asyncio.sleep(0.5)
        started = children_of(server.process.pid)
        code, out, error = await asyncio.to_thread(server.end)
        await asyncio.gather(request, return_exceptions=True)
    assert (code, out) == (Exit.CANCELLED, "")
    assert "Traceback" not in error
    assert all_gone(started)


async def test_a_token_of_the_environment_is_taken_and_not_printed(serve: Callable[..., Http]) -> None:
    server = serve(CODEACT_MCP_TOKEN="a-secret-of-the-environment")
    async with server.client() as client:
        assert text(await client.call_tool("list_files", {})) == "[the workspace is empty]"
    assert "a-secret-of-the-environment" not in server.end()[2]


def test_a_token_that_is_no_secret_and_a_port_that_is_taken_are_refused(codeact: Codeact) -> None:
    short = codeact("mcp", "--http", "0", CODEACT_MCP_TOKEN="short")
    assert (short.returncode, "at least 16 ASCII characters" in short.stderr, "short\n" in short.stderr) == (Exit.INPUT, True, False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = codeact("mcp", "--http", str(port))
    assert refused.returncode == Exit.INPUT
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in refused.stderr
