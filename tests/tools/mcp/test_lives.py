"""Servers that end, hang, are cancelled and are closed: what the code sees, that the next call works, and that nothing is left."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from codeact.errors import InputError, ToolServerError
from codeact.tools.bridge import Bridge
from codeact.tools.mcp_client import McpServers
from tools.mcp.conftest import BARE, TOKEN, bare, free_port, http, served
from tools.mcp.in_session import Cells
from tools.mcp.test_use import named

LOST = (
    "ConnectionError: the MCP server 'shop' {} while it made this call; whether the call had an effect is not known; it is being {} again"
)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens elsewhere."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def killer(started: Path, number: int = signal.SIGKILL) -> threading.Thread:
    """Ends the server's process as soon as its tool has begun."""

    def kill() -> None:
        until(started.exists)
        os.kill(int(started.read_text()), number)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_server_that_is_killed_in_a_call_is_a_typed_error_and_the_next_call_works(tmp_path: Path, notes: list[str]) -> None:
    started = tmp_path / "started"
    with McpServers(bare(), on_note=notes.append) as servers, Cells(servers) as cells:
        thread = killer(started)
        assert LOST.format("was ended by SIGKILL", "started") in cells.value(f"from tools.shop import begin, add\nbegin({str(started)!r})")
        thread.join()
        assert "3" in cells.value("add(1, 2)")
        assert not alive(int(started.read_text()))
    assert notes == ["the MCP server 'shop' was ended by SIGKILL; it is being started again"]


def test_the_exit_code_is_told_and_the_secret_in_stderr_is_not(notes: list[str]) -> None:
    with McpServers(bare(), on_note=notes.append) as servers, Cells(servers) as cells:
        assert LOST.format("ended (exit code 3)", "started") in cells.value("from tools.shop import die, add\ndie(3)")
        assert "3" in cells.value("add(1, 2)")
        assert TOKEN not in "".join(event.model_dump_json() for event in cells.events)
    assert notes == ["the MCP server 'shop' ended (exit code 3); its stderr ends: dying ***; it is being started again"]


@pytest.mark.parametrize("more", [(), ("stateless",)])
def test_a_server_elsewhere_that_is_killed_in_a_call_is_connected_to_again(tmp_path: Path, more: tuple[str, ...]) -> None:
    started, port = tmp_path / "started", free_port()
    with served(port, "http", *more) as first, McpServers(http(port)) as servers, Cells(servers) as cells:
        thread = killer(started)
        assert LOST.format("went away", "connected to") in cells.value(f"from tools.shop import begin, add\nbegin({str(started)!r})")
        thread.join()
        until(lambda: not alive(first))
        with served(port, "http", *more):
            assert "3" in cells.value("add(1, 2)")


def test_a_server_elsewhere_that_was_started_anew_between_calls_is_connected_to_again() -> None:
    port = free_port()
    with served(port):
        servers = McpServers(http(port))
    with servers, served(port), Cells(servers) as cells:
        assert "3" in cells.value("from tools.shop import add\nadd(1, 2)")


def test_calls_wait_for_a_server_that_is_started_again() -> None:
    async def calls(servers: McpServers) -> list[Any]:
        with pytest.raises(ConnectionError):
            await named(servers, "die").acall((1,), {})
        return await asyncio.gather(*(named(servers, "add").acall((number, 0), {}) for number in range(20)))

    with McpServers(bare()) as servers:
        assert asyncio.run(calls(servers)) == [str(number) for number in range(20)]


def test_a_server_that_hangs_is_a_timeout_and_others_go_on(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with McpServers(bare(timeout=0.5)) as servers, Cells(servers) as cells:
        assert "TimeoutError: hang took longer than its limit of 0.5 s" in cells.value(
            f"from tools.shop import hang, add\nhang({str(started)!r})"
        )
        os.kill(int(started.read_text()), signal.SIGCONT)
    assert not alive(int(started.read_text()))


def test_a_stopped_server_is_ended_with_its_client(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with McpServers(bare(timeout=0.2)) as servers, Cells(servers) as cells:
        cells.ran(f"from tools.shop import hang\nhang({str(started)!r})")
    assert not alive(int(started.read_text()))


async def test_who_stops_waiting_cancels_the_request(tmp_path: Path, shop: McpServers) -> None:
    started = tmp_path / "started"
    call = asyncio.create_task(named(shop, "begin").acall((str(started),), {}))
    await asyncio.to_thread(until, started.exists)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.to_thread(until, Path(f"{started}.cancelled").exists)
    assert await named(shop, "add").acall((1, 2), {}) == 3


def test_budgets_are_of_each_tool() -> None:
    with McpServers(bare(calls=1)) as servers, Cells(servers) as cells:
        assert "RuntimeError: shop.add may be called 1 time in a run" in cells.value("from tools.shop import add\nadd(1, 2)\nadd(1, 2)")


def test_changed_tools_are_noted_once_and_the_list_stays(notes: list[str]) -> None:
    with McpServers(bare(), on_note=notes.append) as servers, Cells(servers) as cells:
        before = [tool.spec for tool in servers.tools]
        assert cells.value("from tools.shop import change\nchange() + change()") == "'donedone'"
        until(lambda: bool(notes))
        assert [tool.spec for tool in servers.tools] == before
    assert notes == ["the MCP server 'shop' has other tools now; those that were listed at the start stay"]


def test_nothing_is_left_after_the_end() -> None:
    def state() -> tuple[set[str], int, set[str]]:
        gc.collect()
        children = set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
        return {thread.name for thread in threading.enumerate()}, len(list(Path("/proc/self/fd").iterdir())), children

    before = state()
    with McpServers(bare()) as servers:
        pid = int(asyncio.run(named(servers, "process").acall((), {})))
        with pytest.raises(ConnectionError):
            asyncio.run(named(servers, "die").acall((0,), {}))
        again = int(asyncio.run(named(servers, "process").acall((), {})))
    assert state() == before
    assert not alive(pid)
    assert not alive(again)


def test_tools_keep_their_servers_and_forgotten_ones_are_ended() -> None:
    before = set(threading.enumerate())
    tools = McpServers(bare()).tools
    process = next(tool for tool in tools if tool.spec.name == "process")
    gc.collect()
    pid = int(asyncio.run(process.acall((), {})))
    del tools, process
    gc.collect()
    until(lambda: not alive(pid) and set(threading.enumerate()) <= before)


def test_calls_during_and_after_the_end_are_connection_errors(tmp_path: Path) -> None:
    started = tmp_path / "started"
    servers = McpServers(bare())
    begin = named(servers, "begin")

    async def closed_meanwhile() -> str:
        call = asyncio.create_task(begin.acall((str(started),), {}))
        await asyncio.to_thread(until, started.exists)
        await servers.aclose()
        with pytest.raises(ConnectionError) as caught:
            await call
        return str(caught.value)

    assert "it was closed" in asyncio.run(closed_meanwhile())
    with pytest.raises(ConnectionError, match="were closed"):
        asyncio.run(begin.acall((str(started),), {}))
    servers.close()


def test_servers_end_with_a_host_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "servers.json"
    file.write_text(json.dumps(bare()))
    code = (
        "import asyncio, sys, time\nfrom codeact.tools.mcp_client import McpServers\n"
        f"servers = McpServers({str(file)!r})\n"
        "print(asyncio.run(next(tool for tool in servers.tools if tool.spec.name == 'process').acall((), {})), flush=True)\n"
        f"asyncio.run(next(tool for tool in servers.tools if tool.spec.name == 'hang').acall(({str(tmp_path / 'started')!r},), {{}}))\n"
    )
    host = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    server = int(host.stdout.readline())
    until((tmp_path / "started").exists)
    host.kill()
    host.wait()
    host.stdout.close()
    until(lambda: not alive(server))


def test_servers_that_were_forgotten_end_with_the_interpreter(tmp_path: Path) -> None:
    code = (
        "import asyncio\nfrom codeact.tools.mcp_client import McpServers\nimport json, sys\n"
        "servers = McpServers(json.loads(sys.argv[1]))\n"
        "print(asyncio.run(next(tool for tool in servers.tools if tool.spec.name == 'process').acall((), {})))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(bare())], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    until(lambda: not alive(int(done.stdout)))


@pytest.mark.parametrize(
    ("command", "args", "said"),
    [
        (sys.executable, ["-c", "import sys; sys.exit('no token: ' + __import__('os').environ['SHOP_TOKEN'])"], "ended (exit code 1); its stderr ends: no token: ***"),
        ("no-such-command-anywhere", [], "no-such-command-anywhere: No such file or directory"),
        ("/bin/cat", ["/dev/null"], "ended (exit code 0)"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_started_says_why(command: str, args: list[str], said: str) -> None:
    with pytest.raises(ToolServerError) as caught:
        McpServers(bare(command=command, args=args))
    assert caught.value.server == "shop"
    assert str(caught.value).startswith("the MCP server 'shop' (")
    assert said in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_an_address_where_nobody_listens_is_told() -> None:
    with pytest.raises(ToolServerError, match=r"the MCP server 'shop' \(http://127\.0\.0\.1:\d+/mcp\) cannot be reached: "):
        McpServers(http(free_port()))


def test_an_address_that_refuses_is_told_with_its_status() -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(401)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever).start()
        with pytest.raises(ToolServerError, match=r"\(http://127\.0\.0\.1:\d+/mcp\) answered HTTP 401, so look at 'headers'$"):
            McpServers(http(server.server_port, url=f"http://127.0.0.1:{server.server_port}/mcp?key={TOKEN}"))
        server.shutdown()


def test_all_that_fail_are_told_and_none_is_left() -> None:
    shop = bare()["mcpServers"]["shop"]
    bad = {"command": sys.executable, "args": ["-c", "raise SystemExit(4)"]}
    before = set(threading.enumerate())
    with pytest.raises(ToolServerError, match=r"'first'.*exit code 4.*'second'.*exit code 4"):
        McpServers({"mcpServers": {"first": bad, "shop": shop, "second": bad}})
    until(lambda: set(threading.enumerate()) <= before)  # asyncio waits for each process in a thread, which may end a moment after it


def test_tools_are_chosen_by_their_names() -> None:
    with McpServers(bare(tools=["process", "add"])) as servers:
        assert [tool.spec.name for tool in servers.tools] == ["add", "process"]
    with pytest.raises(InputError, match="server 'shop', key 'tools': it has no tool 'adds'; it has 'add'"):
        McpServers(bare(tools=["adds"]))


def test_servers_with_tools_of_one_name_stand_side_by_side() -> None:
    entry = {"command": sys.executable, "args": [str(BARE)], "tools": ["add"]}
    with (
        McpServers({"mcpServers": {"one": entry, "the-other": entry, "off": {**entry, "disabled": True}}}) as servers,
        Cells(servers) as cells,
    ):
        assert cells.value("from tools import one, the_other\nint(one.add(1, 2)) + int(the_other.add(3, 4))") == "10"
        assert len(Bridge(servers.tools, print).specs) == 2


def test_a_server_may_use_the_code_of_a_lost_connection_for_its_own_errors() -> None:
    with McpServers(bare()) as servers, Cells(servers) as cells:
        assert cells.value("from tools.shop import refuse, process\nbefore = process()\nrefuse()") == "McpError: not today, ***"
        assert cells.value("process() == before") == "True"


def test_a_large_answer_comes_whole_and_one_too_large_is_a_lost_connection() -> None:
    with McpServers(bare()) as servers, Cells(servers) as cells:
        assert cells.value("from tools.shop import large, add\nlen(large(20_000_000))") == "20000000"
        assert "ConnectionError: the MCP server 'shop' sent a message of more than 67108864 bytes" in cells.value("len(large(70_000_000))")
        assert "3" in cells.value("add(1, 2)")


def test_a_server_that_dies_at_every_call_is_started_again_each_time() -> None:
    with McpServers(bare()) as servers:
        for _ in range(3):
            with pytest.raises(ConnectionError, match="exit code 5"):
                asyncio.run(named(servers, "die").acall((5,), {}))
        assert asyncio.run(named(servers, "add").acall((1, 2), {})) == "3"


def test_without_the_extra_the_error_says_what_to_install() -> None:
    code = "import sys\nsys.modules['mcp'] = None\nfrom codeact.tools.mcp_client import McpServers\nMcpServers({'mcpServers': {}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith("needs the package 'mcp'. Install it with: pip install 'codeact[mcp]'")
