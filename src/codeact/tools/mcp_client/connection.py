"""A server as its tools see it: there, or being started again.

Invariant: one connection at a time; one that is lost is made anew at once, and after failures in a row with longer and longer waits; a
call that comes meanwhile waits for it, for a while. A call whose outcome is not known is never made again. It does not: know what the
tools take and give.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from codeact.errors import ToolServerError
from codeact.tools.mcp_client.entries import Entry
from codeact.tools.mcp_client.life import Life, LostError, StaleError

PATIENCE = 20.0
"""Seconds that a call waits for a server that is being started again."""

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_MOST_TRIES = 6
"""Starts in a row that may fail; after that, only a call has it tried again."""


class Connection:
    """See the module's docstring. Everything of it happens on one loop.

    Args:
        entry: the server.
        note: told what happens to the server, in a sentence.
    """

    def __init__(self, entry: Entry, note: Callable[[str], None]) -> None:
        self._entry = entry
        self._note = note
        self._life: Life | None = None
        self._standing: asyncio.Future[Life] = asyncio.get_running_loop().create_future()
        self._keeper: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._ending = asyncio.Event()
        self._closing = False
        self._tries = 0
        self._why = ""
        self._known: list[dict[str, Any]] | None = None

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools that it had when it was first started, as the protocol has them."""
        return self._known or []

    async def start(self) -> None:
        """Connect for the first time.

        Raises:
            ToolServerError: it cannot be started, or reached.
        """
        self._keeper = asyncio.create_task(self._keep())
        await asyncio.wait([self._keeper, self._standing], return_when=asyncio.FIRST_COMPLETED)
        if self._known is None:
            raise ToolServerError(f"the MCP server {self._entry.name!r} ({self._entry.address}) {self._why}", self._entry.name)

    async def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a tool of the server; see `Life.ask`.

        Raises:
            McpError: the server's own error.
            ConnectionError: it is not there, or ended meanwhile.
        """
        tried = False
        while True:
            life = await self._living()
            try:
                result = await life.ask(tool, arguments)
            except StaleError as stale:
                if not tried:
                    tried = True
                    continue
                what = f"{stale}; the call was not made"
            except LostError as lost:
                what = f"{lost} while it made this call; whether the call had an effect is not known"
            else:
                self._tries = 0
                return result
            raise ConnectionError(f"the MCP server {self._entry.name!r} {what}{self._sequel(life)}")

    def _sequel(self, life: Life) -> str:
        if self._closing:
            return "; it was closed"
        return f"; it is being {self._verb} again" if life.lost else ""

    @property
    def _verb(self) -> str:
        return "started" if self._entry.command else "connected to"

    async def _living(self) -> Life:
        self._wanted.set()
        standing = self._standing
        if not self._closing:
            await asyncio.wait([standing], timeout=PATIENCE)
        if self._closing or standing.cancelled():
            raise ConnectionError(f"the MCP server {self._entry.name!r} was closed")
        if not standing.done():
            raise ConnectionError(f"the MCP server {self._entry.name!r} is not there: it could not be {self._verb} again; try later")
        return standing.result()

    async def close(self) -> None:
        """End the connection and what was started for it."""
        self._closing = True
        self._ending.set()
        self._wanted.set()
        self._standing.cancel()
        if self._life is not None:
            self._life.lose()
        if self._keeper is not None:
            await asyncio.wait([self._keeper])

    async def _keep(self) -> None:
        while not self._closing:
            life = self._life = Life(self._entry, self._fell, self._changed)
            running = asyncio.create_task(life.run(self._rose))
            try:
                await asyncio.wait([running])
            finally:
                running.cancel()
            self._why = life.reason(None if running.cancelled() else running.exception())
            if self._known is None or self._closing:
                return
            self._note(f"the MCP server {self._entry.name!r} {self._why}; it is being {self._verb} again")
            await self._pause()

    def _rose(self) -> None:
        life = self._life
        assert life is not None
        if self._known is None:
            self._known = life.tools
        elif life.tools != self._known:
            self._changed()
        if not self._standing.done():
            self._standing.set_result(life)

    def _fell(self) -> None:
        self._tries += 1
        if self._standing.done() and not self._closing:
            self._standing = asyncio.get_running_loop().create_future()
            self._wanted.clear()

    def _changed(self) -> None:
        self._note(f"the MCP server {self._entry.name!r} has other tools now; those that were listed at the start stay")

    async def _pause(self) -> None:
        """Wait before the next try: not at all after a connection that had served a call."""
        if self._tries > _MOST_TRIES:
            self._wanted.clear()
            await self._wanted.wait()
        elif self._tries > 1:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (self._tries - 2))):
                    await self._ending.wait()
