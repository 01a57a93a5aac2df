"""A server made with the official SDK, for tests and benchmarks: ``server.py [stdio | http PORT [stateless] | sse PORT | forking]``.

With ``forking`` it loads the SDK once, which takes seconds, and has a server for each line of standard input that holds such arguments;
it answers with the number of the server's process.

Its tools have typed results, pictures and other content, errors, progress, requests to the client, and ways of dying.
"""

import asyncio
import gc
import os
import signal
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from mcp.server import MCPServer
from mcp.server.mcpserver import Audio, Context, Image
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import EmbeddedResource, ResourceLink, TextResourceContents
from pydantic import BaseModel, Field

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)

server = MCPServer("shop")


class Label(BaseModel):
    """What an issue is about."""

    name: str
    colour: Literal["red", "green"] = "red"


class Issue(BaseModel):
    """An issue of the tracker."""

    number: int = Field(description="counts from 1")
    title: str
    labels: list[Label] = []
    parent: "Issue | None" = None


@dataclass
class Totals:
    """Sums of numbers."""

    total: float
    count: int


def _tell(file: str) -> None:
    """Write the process's number to a file, at once and whole."""
    Path(f"{file}.new").write_text(str(os.getpid()))
    Path(f"{file}.new").rename(file)


@server.tool(name="search-issues")
def search_issues(query: str, state: Literal["open", "closed"] = "open", limit: int = 2) -> list[Issue]:
    """Issues whose title holds the words."""
    return [Issue(number=number, title=f"{query} {number} {state}", labels=[Label(name="bug")]) for number in range(1, limit + 1)]


@server.tool()
def create_issue(title: str, labels: list[Label] | None = None, due: str | None = None) -> Issue:
    """Open an issue."""
    return Issue(number=7, title=f"{title} {due}", labels=labels or [], parent=Issue(number=1, title="all"))


@server.tool()
def totals(numbers: list[float]) -> Totals:
    """Sum numbers."""
    return Totals(sum(numbers), len(numbers))


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool(structured_output=False)
def texts(count: int) -> list[str]:
    """So many texts."""
    return [f"text {number}" for number in range(count)]


@server.tool()
def picture() -> Image:
    """A picture of one dot."""
    return Image(data=PNG, format="png")


@server.tool(structured_output=False)
def media() -> list[object]:
    """One of each kind of content."""
    return [
        "words",
        Image(data=PNG, format="png"),
        Audio(data=b"RIFF", format="wav"),
        ResourceLink(uri="file:///a.txt", name="a.txt", type="resource_link"),
        EmbeddedResource(type="resource", resource=TextResourceContents(uri="file:///b.txt", text="inside")),
    ]


@server.tool()
def fail(message: str) -> str:
    """Fail with a message."""
    raise ToolError(message)


@server.tool()
async def wait(seconds: float, ctx: Context) -> str:
    """Wait, and tell how far it is."""
    for step in range(10):
        await ctx.report_progress(step, 10)
        await asyncio.sleep(seconds / 10)
    return "waited"


@server.tool()
def hang(started: str) -> str:
    """Do not end: the process stops. A file tells that it has begun."""
    _tell(started)
    os.kill(os.getpid(), signal.SIGSTOP)
    return "woken"


@server.tool()
async def begin(started: str, seconds: float = 60) -> str:
    """Begin work that takes long. A file tells of the process, and of a cancellation."""
    _tell(started)
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        _tell(f"{started}.cancelled")
        raise
    return "done"


@server.tool()
def die(code: int) -> str:
    """End the process."""
    print("dying", os.environ.get("SHOP_TOKEN", ""), file=sys.stderr, flush=True)
    os._exit(code)


@server.tool()
def noise(lines: int) -> int:
    """Write to stderr and, as a careless library does, to stdout."""
    for number in range(lines):
        print(f"noise {number} " + "x" * 200, file=sys.stderr)
    os.write(1, b"a line that is no message\n")
    return lines


@server.tool()
def process() -> int:
    """Number of this process."""
    return os.getpid()


@server.tool()
def secret_length() -> int:
    """How long the token is."""
    return len(os.environ["SHOP_TOKEN"])


@server.tool()
async def ask(ctx: Context) -> str:
    """Ask the client for input."""
    answer = await ctx.elicit("Which?", Label)
    return str(answer)


@server.tool()
async def change(ctx: Context) -> str:
    """Say that the tools have changed."""
    await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()  # for clients of the older protocol
    return "changed"


@server.tool()
def weekday(day: str) -> str:
    """Name of the day of a date in ISO form."""
    return f"{date.fromisoformat(day):%A}"


def fork_servers() -> list[str]:
    """Fork for each line; returns its words in the forked process, and nothing at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            return line.split()
        print(pid, flush=True)
    return []


def main(arguments: list[str]) -> None:
    """Serve as the command line says."""
    kind, *rest = [*arguments, "stdio"][:3]
    if kind == "stdio":
        server.run("stdio")
    elif kind == "sse":
        server.run("sse", port=int(rest[0]))
    else:
        server.run("streamable-http", port=int(rest[0]), stateless_http="stateless" in arguments)


if __name__ == "__main__":
    if sys.argv[1:] != ["forking"]:
        main(sys.argv[1:])
    elif words := fork_servers():
        main(words)
