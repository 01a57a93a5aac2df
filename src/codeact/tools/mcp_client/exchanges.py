"""Single requests to a server over HTTP: one that fails is the matter of its own call.

Invariant: a request that fails on its way to a tool gets an answer that says whether it may have arrived, and other calls go on; without
this the SDK ends the whole connection. A connection that has been idle for longer than `IDLE_SECONDS` is not used again: servers close
such ones after a while, uvicorn and node after 5 s, and a request that crosses the closing is lost without a word of whether it was read
(RFC 9112, section 9.3.1, forbids to send it again by oneself). It does not: judge whether the server is still there (`life` does).
"""

import json
from typing import Any

import httpx2
from mcp import types

IDLE_SECONDS = 1.0
NOT_SENT = "the request was not sent"
BROKEN = "the connection broke before the answer was whole"

_NOT_SENT_ERRORS = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
_MOST_CONNECTIONS = 100


class Exchanges(httpx2.AsyncClient):
    """The SDK's HTTP client for the transport of 2025 and later, see the module's docstring.

    Args:
        headers, timeout, auth, options: as of `httpx2.AsyncClient`.
    """

    def __init__(
        self,
        headers: dict[str, str] | None = None,
        timeout: httpx2.Timeout | None = None,
        auth: httpx2.Auth | None = None,
        **options: Any,
    ) -> None:
        limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
        super().__init__(headers=headers, timeout=timeout, auth=auth, limits=limits, **options)

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request; see `httpx2.AsyncClient.send`.

        Raises:
            httpx2.TransportError: it failed, and was neither a call of a tool nor a notification.
        """
        try:
            response = await super().send(request, **options)
            if response.headers.get("content-type", "").lower().startswith("application/json"):
                await response.aread()
            return response
        except httpx2.TransportError as error:
            answer = _instead(request, error)
            if answer is None:
                raise
            return answer


def _instead(request: httpx2.Request, error: httpx2.TransportError) -> httpx2.Response | None:
    """What stands in for the answer that did not come."""
    message = json.loads(request.content) if request.method == "POST" else {}
    if "method" not in message or (message.get("id") is not None and message["method"] != "tools/call"):
        return None
    if message.get("id") is None:
        return httpx2.Response(202, request=request)  # a notification may be lost
    words = NOT_SENT if isinstance(error, _NOT_SENT_ERRORS) else BROKEN
    failed = {"jsonrpc": "2.0", "id": message["id"], "error": {"code": types.CONNECTION_CLOSED, "message": words}}
    return httpx2.Response(502, json=failed, request=request)
