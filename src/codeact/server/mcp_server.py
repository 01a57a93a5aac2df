"""The MCP server: the tools and the workspace's files, over whatever a client is connected by.

Invariant: nothing that a client sends ends the server. It does not: open a connection (`mcp_stdio` and `mcp_http` do).
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from mcp import types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from codeact import __version__, errors
from codeact.server import mcp_results, mcp_tools
from codeact.server.mcp_tools import Context
from codeact.server.rooms import House

_INSTRUCTIONS = (
    "A sandboxed Python that keeps its state. Compute with run_python rather than in your head; "
    "put files in with write_file, and get them out with read_file."
)


def make(house: House, client_of: Callable[[Context], str]) -> Server[House]:
    """A server whose sessions end with it.

    Args:
        house: where clients have their sessions.
        client_of: tells clients apart by their requests.
    """
    settings = house.terms.settings
    tools = types.ListToolsResult(tools=mcp_tools.offered(settings))

    @asynccontextmanager
    async def lifespan(_: Server[House]) -> AsyncIterator[House]:
        try:
            yield house
        finally:
            await house.aclose()

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return tools

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in mcp_tools.TOOLS:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name!r}; there are: {', '.join(mcp_tools.TOOLS)}")
        try:
            room = house.room(client_of(context))
        except errors.SessionError as error:
            return mcp_results.said(str(error), is_error=True)
        return await mcp_tools.answer(mcp_tools.Call(room, context, settings), params.name, params.arguments or {})

    async def list_resources(context: Context, _: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        with _told():
            return mcp_results.listed((await house.room(client_of(context)).files())[0])

    async def read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        with _told():
            path = mcp_results.path_of(params.uri)
            return mcp_results.resource(path, await house.room(client_of(context)).read(path))

    return Server(
        "codeact",
        version=__version__,
        title="Python sandbox",
        instructions=_INSTRUCTIONS,
        lifespan=lifespan,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with a resource is the client's to know; there is no result that it could stand in."""
    try:
        yield
    except errors.InputError as error:
        raise MCPError(types.INVALID_PARAMS, mcp_results.harmless(str(error))) from error
    except errors.SessionError as error:
        raise MCPError(types.INTERNAL_ERROR, mcp_results.harmless(str(error))) from error
