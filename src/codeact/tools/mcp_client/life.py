"""One connection to a server, from its start to its end: the handshake, the list of tools, the calls.

Invariant: a call that fails says of which kind that is: the server's own error, a connection that was lost (the call may have had an
effect), or a call that was not made (the request did not arrive, or the server no longer knew the session). What a server asks of its
client (sampling, input, roots) is declined. It does not: connect again (`connection` does).
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from codeact import __version__
from codeact.tools.mcp_client.entries import Entry
from codeact.tools.mcp_client.exchanges import BROKEN, NOT_SENT, client
from codeact.tools.mcp_client.process import MOST_MESSAGE, ServerProcess

START_SECONDS = 60.0
"""For the start of a server, the handshake and the list of its tools."""

MOST_TOOLS = 1000
_MOST_PAGES = 100
_PROBE_SECONDS = 20.0
_NOTICE_SECONDS = 1.0
_CONNECT_SECONDS = 30.0
_MOST_TOLD = 600


@cache
def _results() -> TypeAdapter[Any]:
    """What a call may give."""
    from mcp import types

    return TypeAdapter(types.CallToolResult | types.InputRequiredResult)


class McpError(Exception):
    """The server's own error: its tool failed, or it refused the call."""


class LostError(Exception):
    """The connection ended during a call."""


class StaleError(Exception):
    """The server did not make the call: the request did not reach it, or it has forgotten the session."""


class Life:
    """See the module's docstring. Everything of it happens on one loop.

    Args:
        entry: the server.
        on_lost: called once, when the connection is of no more use.
        on_change: called once, when the server says that its tools have changed.
    """

    def __init__(self, entry: Entry, on_lost: Callable[[], None], on_change: Callable[[], None]) -> None:
        self._entry = entry
        self._on_lost = on_lost
        self._on_change = on_change
        self._client: Any = None
        self._process = ServerProcess(entry, self.lose) if entry.command else None
        self._status = 0
        self._changed = False
        self._probing = asyncio.Lock()
        self._lost = asyncio.Event()
        self.tools: list[dict[str, Any]] = []

    @property
    def lost(self) -> bool:
        """Whether the connection is of no more use."""
        return self._lost.is_set()

    def lose(self) -> None:
        """Let go of the connection."""
        if not self._lost.is_set():
            self._lost.set()
            self._on_lost()

    def _change(self) -> None:
        if not self._changed:
            self._changed = True
            self._on_change()

    async def run(self, up: Callable[[], None]) -> None:
        """Connect, call `up`, and stay until the connection is lost.

        Raises:
            TimeoutError: the server did not answer in time.
            Exception: whatever the SDK's transport raises.
        """
        try:
            async with AsyncExitStack() as stack:
                clock = await stack.enter_async_context(asyncio.timeout(START_SECONDS))
                self._client = await stack.enter_async_context(self._connected(await self._transport(stack)))
                self.tools = await self._listed()
                stack.callback(self._watched().cancel)
                clock.reschedule(None)
                up()
                await self._lost.wait()
        finally:
            self.lose()

    async def _transport(self, stack: AsyncExitStack) -> Any:
        if self._process is not None:
            return self._process
        import httpx2
        from mcp.client.sse import sse_client
        from mcp.client.streamable_http import streamable_http_client

        if self._entry.sse:
            headers = dict(self._entry.headers)
            return sse_client(self._entry.url, headers, timeout=_CONNECT_SECONDS, sse_read_timeout=24 * 3600, httpx_client_factory=client)
        http = client(
            headers=dict(self._entry.headers),
            timeout=httpx2.Timeout(_CONNECT_SECONDS, read=None, pool=None),
            event_hooks={"response": [self._answered]},
        )
        await stack.enter_async_context(http)
        return streamable_http_client(self._entry.url, http_client=http, max_sse_event_size=MOST_MESSAGE)

    async def _answered(self, response: Any) -> None:
        if response.status_code >= 400:
            self._status = response.status_code

    def _connected(self, transport: Any) -> Any:
        from mcp import Client, types

        async def heard(message: Any) -> None:
            if isinstance(message, types.ToolListChangedNotification):
                self._change()

        info = types.Implementation(name="codeact", version=__version__)
        return Client(transport, message_handler=heard, client_info=info, cache=None)

    async def _listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self._client.list_tools(cursor=cursor)
            found += [tool.model_dump(by_alias=True, mode="json") for tool in page.tools]
            cursor = page.next_cursor
            if cursor is None or len(found) > MOST_TOOLS:
                break
        return found[:MOST_TOOLS]

    def _watched(self) -> asyncio.Task[None]:
        return asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Servers of the protocol of 2026 tell of changes only those that listen."""
        from mcp import MCPError
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

        tools = self._client.server_capabilities.tools
        if tools is None or not tools.list_changed:
            return
        try:
            async with self._client.listen(tools_list_changed=True) as events:
                async for _ in events:
                    self._change()
        except (ListenNotSupportedError, SubscriptionLost, MCPError, TimeoutError):
            return

    async def ask(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a tool.

        Args:
            tool: its name at the server.
            arguments: JSON.

        Returns:
            the result as the protocol has it.

        Raises:
            McpError, LostError, StaleError: see the module's docstring.
        """
        from mcp import MCPError, types

        request = types.CallToolRequest(params=types.CallToolRequestParams(name=tool, arguments=arguments))
        try:
            result = await self._client.session.send_request(request, _results())
        except MCPError as error:
            raise await self._meaning(error) from None
        except ValidationError:
            raise McpError(f"the MCP server {self._entry.name!r} answered with what is no result of a call") from None
        if isinstance(result, types.InputRequiredResult):
            raise McpError(f"the MCP server {self._entry.name!r} asks for input before it goes on, which is not given here")
        return result.model_dump(by_alias=True, mode="json")

    async def _meaning(self, error: Any) -> Exception:
        from mcp import types

        words = self._entry.secrets.hidden(str(error.message))
        if self._process is None:
            if error.code == types.CONNECTION_CLOSED:
                over = await self._is_over(words)
                if words == NOT_SENT:
                    return StaleError("could not be reached")
                if over or words == BROKEN or words.startswith("SSE stream "):
                    return LostError("went away" if over else "broke off its answer")
            if error.code == types.INVALID_REQUEST and words == "Session terminated":
                self.lose()
                return StaleError("has forgotten the session")
        elif error.code == types.CONNECTION_CLOSED and await self._is_over(words):
            await self._process.gone(_NOTICE_SECONDS)
            return LostError(self._process.fate)
        return McpError(words or f"error {error.code}")

    async def _is_over(self, words: str) -> bool:
        """Whether there is no server behind the connection any more; a server may use the same error code for its own errors."""
        if self._process is not None:
            if words == "Connection closed":
                with suppress(TimeoutError):
                    async with asyncio.timeout(_NOTICE_SECONDS):
                        await self._lost.wait()
            return self._lost.is_set()
        async with self._probing:
            if not self._lost.is_set():
                probe = asyncio.create_task(self._client.session.list_tools())
                await asyncio.wait([probe], timeout=_PROBE_SECONDS)
                if not probe.done() or probe.cancelled() or probe.exception() is not None:
                    probe.cancel()
                    self.lose()
            return self._lost.is_set()

    def reason(self, error: BaseException | None) -> str:
        """Why it came to an end, for the host's user: what was raised, and the end of what the server wrote to stderr."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if self._process is not None and self._process.started and not isinstance(error, TimeoutError):
            words = self._process.fate
        elif isinstance(error, TimeoutError):
            words = f"did not answer within {START_SECONDS:g} s"
        elif self._status:
            words = f"answered HTTP {self._status}" + (", so look at 'headers'" if self._status in (401, 403) else "")
        else:
            words = f"cannot be reached: {self._entry.secrets.hidden(str(error) or type(error).__name__)}"
        tail = self._process.stderr if self._process is not None else ""
        return f"{words}; its stderr ends: {tail[-_MOST_TOLD:]}" if tail else words
