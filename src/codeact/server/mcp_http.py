"""MCP over streamable HTTP on loopback, for clients that have the token.

Invariants: only this machine can connect; a request without the token, or one that a web page could send (a foreign Host or Origin),
reaches nothing; each MCP session has a sandbox session of its own. It does not: handle signals, or speak TLS.

Protocol version 2026-07-28 has no sessions over HTTP, so that one client's requests cannot be told from another's: it is refused with
the list of versions that are served, by which clients choose.
"""

import asyncio
import secrets
import socket

from mcp import types
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend
from mcp.server.auth.provider import AccessToken
from mcp.server.context import CallNext, HandlerResult
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codeact.server import hosting, mcp_server
from codeact.server.mcp_tools import Context
from codeact.server.rooms import House

HOST, PATH = "127.0.0.1", "/mcp"

_SESSION_HEADER = "mcp-session-id"
_MOST_BODY = 24 << 20
_GRACE_SECONDS = 1


def listen(port: int) -> socket.socket:
    """A socket on loopback.

    Args:
        port: 0 takes one that is free.

    Raises:
        InputError: the port cannot be had.
    """
    return hosting.listen(HOST, port, mend="give another --http PORT, or 0 for any")


async def serve(house: House, listener: socket.socket, token: str) -> None:
    """Serve until cancelled; sessions are closed then.

    Args:
        house: where clients have their sessions.
        listener: from `listen`.
        token: what clients show.
    """
    server = mcp_server.make(house, _client_of)
    server.middleware.append(_refuse_what_has_no_sessions)
    server.get_tool_input_schema = lambda _: None  # else the SDK would list the tools to look, and be refused too
    web = hosting.Quiet(application(server, house, listener.getsockname()[1], token), grace=_GRACE_SECONDS)
    serving = None
    try:
        async with server.session_manager.run():
            serving = asyncio.ensure_future(web.serve(sockets=[listener]))
            try:
                await asyncio.shield(serving)
            finally:
                web.should_exit = True  # before sessions end, and with them the answers that it would wait for
    finally:
        if serving is not None:
            await asyncio.wait([serving])
        listener.close()


def application(server: Server[House], house: House, port: int, token: str) -> ASGIApp:
    """The ASGI application; the server's `session_manager` has to run meanwhile.

    Args:
        server: what answers.
        house: where its clients have their sessions.
        port: at which clients say that they reach it.
        token: what they show.
    """
    verifier = Verifier(token)
    application = server.streamable_http_app(
        streamable_http_path=PATH,
        token_verifier=verifier,
        max_request_body_size=_MOST_BODY,
        session_idle_timeout=house.terms.idle,
        max_sessions=house.terms.most,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[f"{name}:{port}" for name in (HOST, "localhost")],
            allowed_origins=[f"http://{name}:{port}" for name in (HOST, "localhost")],
        ),
    )
    application.add_middleware(AuthenticationMiddleware, backend=BearerAuthBackend(verifier))
    return Farewell(application, house)


class Verifier:
    """Knows the one token that there is.

    Args:
        token: what clients show.
    """

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        """What the token gives a right to, None if it is another."""
        if not secrets.compare_digest(token.encode(), self._token):
            return None
        return AccessToken(token=token, client_id="codeact", scopes=[])


class Farewell:
    """Closes the session of a client that takes its leave (DELETE), once the application has let it go.

    Args:
        application: what answers.
        house: where the sessions are.
    """

    def __init__(self, application: ASGIApp, house: House) -> None:
        self._application = application
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "DELETE":
            await self._application(scope, receive, send)
            return
        statuses: list[int] = []

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        await self._application(scope, receive, note)
        if statuses == [200]:
            await self._house.leave(Headers(scope=scope)[_SESSION_HEADER])


def _client_of(context: Context) -> str:
    """The MCP session, which the SDK has made sure is one of this server's."""
    if context.request is None:
        raise MCPError(types.INVALID_REQUEST, "a request that came over HTTP has no headers")
    return context.request.headers[_SESSION_HEADER]


async def _refuse_what_has_no_sessions(ctx: Context, call_next: CallNext) -> HandlerResult:
    if ctx.protocol_version in HANDSHAKE_PROTOCOL_VERSIONS:
        return await call_next(ctx)
    served = list(HANDSHAKE_PROTOCOL_VERSIONS)
    raise MCPError(
        types.UNSUPPORTED_PROTOCOL_VERSION,
        f"version {ctx.protocol_version} has no sessions over HTTP, and a sandbox needs one; use one of {', '.join(served)}, or stdio",
        types.UnsupportedProtocolVersionErrorData(supported=served, requested=ctx.protocol_version).model_dump(mode="json"),
    )
