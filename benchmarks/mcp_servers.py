"""MCP servers used from code in a session: what a start and a call cost, and what the code sees of a server that is killed in a call.

    python benchmarks/mcp_servers.py [--calls N] [--server NAME=COMMAND ...] [--json FILE]

Without options: the server of tests/tools/mcp, made with the official SDK, over its standard streams and over HTTP. `--server` adds one
that is installed here, started by a command, for example ``time='python -m mcp_server_time'``. A call of it is of the tool that needs no
arguments, or those of `CALLS`; it is killed while a call waits for it (it is stopped first, so that the call is surely under way). It
asserts nothing.
"""

import argparse
import ast
import asyncio
import json
import os
import shlex
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact import Session
from codeact.protocols import Tool
from codeact.tools.bridge import Bridge
from codeact.tools.mcp_client import McpServers
from tools.mcp.conftest import free_port, http, served, stdio

CALLS = {
    "add": "add(1, 2)",
    "get_current_time": "get_current_time('UTC')",
    "git_status": "git_status('.')",
    "list_tables": "list_tables()",
}
"""Calls to measure, by tool; the first that a server has is taken."""


_TIMED = """
import statistics
taken = []
for _ in range({calls}):
    began = time.perf_counter()
    {call}
    taken.append(time.perf_counter() - began)
statistics.median(taken)
"""

Again = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One server over one transport; times in milliseconds. `killed` is what the code saw, `after` the next call's value."""

    server: str
    tools: int
    start: float
    call: float
    host_call: float
    killed: str
    after_ms: float
    after: str


def measured(name: str, config: dict[str, Any], calls: int, server: int | None = None, again: Again | None = None) -> Row:
    """Start a server, call it, kill it in a call, call it again.

    Args:
        name: for the table.
        config: as of `McpServers`, of one server.
        calls: how many.
        server: its process, if it is not started here.
        again: starts such a server again.
    """
    began = time.perf_counter()
    with McpServers(config) as servers:
        start = time.perf_counter() - began
        tool, call = _chosen(servers)
        with Session(calls=Bridge(servers.tools, lambda event: None), preload=()) as session:
            session.run(f"import time\nfrom tools.{tool.spec.module} import {tool.spec.name}\n{call}")
            inside = session.run(_TIMED.format(calls=calls, call=call))
            host = asyncio.run(_host_calls(tool, call, calls))
            killed = _killed(session, call, server)
            with again() if again is not None else nullcontext():
                began = time.perf_counter()
                after = session.run(call)
                took = time.perf_counter() - began
    return Row(name, len(servers.tools), start * 1e3, float(inside.result or "nan") * 1e3, host * 1e3, killed, took * 1e3, _seen(after))


def _chosen(servers: McpServers) -> tuple[Tool, str]:
    named = {tool.spec.name: tool for tool in servers.tools}
    name = next((name for name in CALLS if name in named), next(iter(named)))
    return named[name], CALLS.get(name, f"{name}()")


async def _host_calls(tool: Tool, call: str, calls: int) -> float:
    """Median seconds of a call without a session."""
    tree = ast.parse(call, mode="eval").body
    args = [ast.literal_eval(each) for each in tree.args] if isinstance(tree, ast.Call) else []
    taken: list[float] = []
    for _ in range(calls):
        began = time.perf_counter()
        await tool.acall(args, {})
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _killed(session: Session, call: str, server: int | None) -> str:
    """What a call gives whose server is killed meanwhile."""
    process = server if server is not None else _child()
    os.kill(process, signal.SIGSTOP)

    async def run() -> str:
        running = asyncio.create_task(asyncio.to_thread(session.run, call))
        await asyncio.sleep(0.5)
        os.kill(process, signal.SIGKILL)
        return _seen(await running)

    return asyncio.run(run())


def _child() -> int:
    """The one server that was started by this process: of its children the one that leads a session, and is no sandbox."""
    for line in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for pid in map(int, line.read_text().split()):
            if os.getsid(pid) == pid and b"guest" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    raise SystemExit("there is no process of a server")


def _seen(observation: Any) -> str:
    error = observation.error
    return f"{error.name}: {error.message}" if error is not None else str(observation.result)


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    yield measured("ours, stdio", stdio(), options.calls)
    port = free_port()
    with served(port) as first:
        yield measured("ours, HTTP", http(port), options.calls, first, lambda: served(port))
    for each in options.server:
        name, _, command = each.partition("=")
        program, *arguments = shlex.split(command)
        yield measured(name, {"mcpServers": {name: {"command": program, "args": arguments}}}, options.calls)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--server", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[Row] = []
    for row in _rows(options):
        rows.append(row)
        print(f"{row.server}: {row.tools} tools, start {row.start:.0f} ms; call {row.call:.2f} ms, on the host {row.host_call:.2f} ms")
        print(f"    killed in a call: {row.killed}\n    the next call, after {row.after_ms:.0f} ms: {row.after[:200]}", flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
