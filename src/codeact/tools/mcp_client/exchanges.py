"""Single requests to a server over HTTP: one that fails is the matter of its own call.

Invariant: a request that fails on its way to a tool gets an answer that says whether it may have arrived, and other calls go on; without
this the SDK ends the whole connection. A connection that has been idle for longer than `IDLE_SECONDS` is not used again: servers close
such ones after a while, uvicorn and node after 5 s, and a request that crosses the closing is lost without a word of whether it was read
(RFC 9112, section 9.3.1, forbids to send it again by oneself). Of an answer no more than `MOST_MESSAGE` bytes are read, unpacked; one that
is larger has failed on its way. It does not: judge whether the server is still there (`life` does).
"""

import json
from contextlib import aclosing
from functools import cache
from typing import TYPE_CHECKING, Any

from codeact.tools.mcp_client.process import MOST_MESSAGE

if TYPE_CHECKING:
    import httpx2

IDLE_SECONDS = 1.0
NOT_SENT = "the request was not sent"
BROKEN = "the connection broke before the answer was whole"

_MOST_CONNECTIONS = 100
_OF_THE_WAY = {"content-encoding", "content-length", "transfer-encoding"}
"""Headers of how an answer was sent, which do not hold for what was read."""


def client(
    headers: "dict[str, str] | None" = None,
    timeout: "httpx2.Timeout | None" = None,
    auth: "httpx2.Auth | None" = None,
    **options: Any,
) -> "httpx2.AsyncClient":
    """An HTTP client for the SDK's transports, see the module's docstring.

    Args:
        headers, timeout, auth, options: as of `httpx2.AsyncClient`.
    """
    import httpx2

    limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
    return _kind()(headers=headers, timeout=timeout, auth=auth, limits=limits, **options)


@cache
def _kind() -> "type[httpx2.AsyncClient]":
    import httpx2

    class Exchanges(httpx2.AsyncClient):
        async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
            try:
                response = await super().send(request, stream=True, **options)
                is_json = response.headers.get("content-type", "").lower().startswith("application/json")
                return await _read(response) if is_json or not stream else response
            except httpx2.TransportError as error:
                answer = _instead(request, error)
                if answer is None:
                    raise
                return answer

    return Exchanges


async def _read(response: "httpx2.Response") -> "httpx2.Response":
    """The answer, read whole.

    Raises:
        ReadError: it is too large.
    """
    import httpx2

    parts, size = list[bytes](), 0
    try:
        async with aclosing(response.aiter_bytes()) as pieces:
            async for piece in pieces:
                size += len(piece)
                if size > MOST_MESSAGE:
                    raise httpx2.ReadError(f"an answer of more than {MOST_MESSAGE} bytes", request=response.request)
                parts.append(piece)
    finally:
        await response.aclose()
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_WAY]
    return httpx2.Response(
        response.status_code, headers=headers, content=b"".join(parts), request=response.request, extensions=response.extensions
    )


def _instead(request: "httpx2.Request", error: "httpx2.TransportError") -> "httpx2.Response | None":
    """What stands in for the answer that did not come: to a call of a tool, or to a notification or a reply, which may be lost."""
    import httpx2
    from mcp import types

    message = json.loads(request.content) if request.method == "POST" else {}
    number = message.get("id")
    if message and (number is None or "method" not in message):
        return httpx2.Response(202, request=request)
    if message.get("method") != "tools/call":
        return None
    not_sent = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout | httpx2.ProxyError)
    said = {"code": types.CONNECTION_CLOSED, "message": NOT_SENT if not_sent else BROKEN}
    return httpx2.Response(502, json={"jsonrpc": "2.0", "id": number, "error": said}, request=request)
