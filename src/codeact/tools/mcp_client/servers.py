"""Tools of MCP servers: each server is a module of the session, each of its tools a function with the types of its schemas.

Invariant: the tools are those that the servers had when they were started; a call of one may come from any event loop, many at a time;
after `close` nothing of a server that was started here is left. It does not: sample, elicit, give roots, read resources or prompts, or
log in to a server.
"""

import asyncio
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from codeact.errors import InputError, MissingExtraError, ToolServerError
from codeact.protocols import Tool
from codeact.sync import Closeable
from codeact.tools.mcp_client.connection import Connection
from codeact.tools.mcp_client.entries import Entry, read
from codeact.tools.mcp_client.names import identifier
from codeact.tools.mcp_client.threads import LoopThread
from codeact.tools.mcp_client.tool import Ask, McpTool


class McpServers(Closeable):
    """See the module's docstring. All servers are started at once; this blocks until they have told their tools.

    Args:
        config: path of a JSON file with ``mcpServers``, or its content.
        on_note: told in a sentence what happens to a server: it ended and is started again, it has other tools, a key of the file has no
            meaning. It is called from another thread.

    Raises:
        MissingExtraError: `mcp` is not installed.
        InputError: the file cannot be read, or an entry does not fit; the message names the server and the key.
        ToolServerError: a server cannot be started or reached; the message has the end of its stderr.
    """

    def __init__(self, config: str | Path | Mapping[str, Any], *, on_note: Callable[[str], None] | None = None) -> None:
        try:
            import mcp  # noqa: F401 -- before a thread is started, and here, where a lack of it can be told
        except ImportError:
            raise MissingExtraError("mcp", "mcp", "the use of MCP servers") from None
        note = on_note or _unheard
        entries = read(config, note)
        home = _Home(note)
        self._last_resort = weakref.finalize(self, home.close)
        self._home = home
        try:
            self.tools: Sequence[Tool] = home.thread.call(home.start(entries, self))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connections and the servers that were started here; calls that run end with ConnectionError."""
        self._last_resort()

    async def aclose(self) -> None:
        """The same, while other tasks go on."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="codeact-mcp-close") as pool:
            await asyncio.get_running_loop().run_in_executor(pool, self.close)

    def __repr__(self) -> str:
        return f"<MCP servers: {', '.join(dict.fromkeys(tool.spec.module for tool in getattr(self, 'tools', ()))) or 'none'}>"


class _Home:
    """Where the connections live: what has to be closed when its owner is gone."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.thread = LoopThread("codeact-mcp")
        self._note = note
        self._connections: list[Connection] = []

    async def start(self, entries: list[Entry], owner: object) -> list[Tool]:
        """Start all, and make their tools.

        Args:
            entries: the servers.
            owner: is kept for as long as one of the tools is.

        Raises:
            ToolServerError, InputError: as of `McpServers`.
        """
        self._connections = [Connection(one, self._tell) for one in entries]
        done = await asyncio.gather(*(one.start() for one in self._connections), return_exceptions=True)
        failed = [each for each in done if isinstance(each, BaseException)]
        if len(failed) > 1 and all(isinstance(each, ToolServerError) for each in failed):
            raise ToolServerError(
                "; ".join(map(str, failed)), ", ".join(each.server for each in failed if isinstance(each, ToolServerError))
            )
        if failed:
            raise failed[0]
        return [tool for entry, each in zip(entries, self._connections, strict=True) for tool in self._tools(entry, each, owner)]

    def _tools(self, entry: Entry, connection: Connection, owner: object) -> list[Tool]:
        listed = connection.tools
        if entry.tools is not None:
            names = [one["name"] for one in listed]
            for name in entry.tools:
                if name not in names:
                    raise InputError(
                        f"server {entry.name!r}, key 'tools': it has no tool {name!r}; it has {', '.join(map(repr, names[:50]))}"
                    )
            listed = [one for one in listed if one["name"] in entry.tools]
        used: dict[str, str] = {}
        for one in listed:
            used[identifier(one["name"], taken=used, otherwise="tool")] = one["name"]
        return [McpTool(entry, one, name, self._asking(connection, owner), used.keys()) for name, one in zip(used, listed, strict=True)]

    def _asking(self, connection: Connection, owner: object) -> Ask:
        async def ask(tool: str, arguments: dict[str, Any], kept: object = owner) -> dict[str, Any]:
            if self.thread.closed:
                raise ConnectionError("the MCP servers were closed: make them anew")
            return await self.thread.acall(connection.call(tool, arguments))

        return ask

    def _tell(self, text: str) -> None:
        asyncio.get_running_loop().call_soon(self._note, text)  # what it raises is logged, and ends no connection

    async def _end(self) -> None:
        await asyncio.gather(*(one.close() for one in self._connections))

    def close(self) -> None:
        """End all, and the thread."""
        if self.thread.is_here:  # the owner was found to be forgotten by a collection of garbage in the thread itself
            threading.Thread(target=self.close, name="codeact-mcp-close").start()
        elif not self.thread.closed:
            self.thread.call(self._end())
            self.thread.close()


def _unheard(text: str) -> None:
    """Notes without a listener."""
