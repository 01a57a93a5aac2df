"""What is looked at of every request before its route: where it comes from, how large it is, how long it takes to come.

Invariant: a page of another site reaches nothing on a server that asks for no key: neither by a name that it had point to this machine
(Host) nor by its visitor's browser (Origin). A body is never larger in memory than is let through. It does not: know keys (`access` does).
"""

import asyncio
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codeact.server.api.faults import Fault, FaultError

MOST_JSON = 8 << 20
"""Bytes of a body, where it is no file."""
MOST_FILE = 64 << 20
"""Bytes of an uploaded file."""
BODY_SECONDS = 30.0
"""A client that sends nothing of its body for so long is left."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)


class Guard:
    """See the module's docstring.

    Args:
        application: what answers.
        hosts: names by which the server may be reached; None: any, for a server that asks for keys.
    """

    def __init__(self, application: ASGIApp, hosts: Iterable[str] | None) -> None:
        self._application = application
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        began = [False]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                began[0] = True
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        try:
            self._check_source(headers)
            most = MOST_FILE if scope["method"] == "PUT" else MOST_JSON
            _check_length(headers, most)
            await self._application(scope, _Bounded(receive, most), sending)
        except FaultError as fault:
            if began[0]:
                raise
            await _refuse(fault, sending)

    def _check_source(self, headers: Headers) -> None:
        if self._hosts is None:
            return
        host = _name(headers.get("host", ""))
        if host not in self._hosts:
            raise FaultError(
                403,
                f"this server is not reached by the name {host!r} (--allow-host adds it); it is by {', '.join(sorted(self._hosts))}",
                "wrong_host",
                type="access",
            )
        origin = headers.get("origin")
        if origin is not None and _name(urlsplit(origin).netloc) not in self._hosts:
            raise FaultError(403, f"requests of pages from {origin!r} are not taken", "wrong_origin", type="access")


class _Bounded:
    """A body as it comes, up to so many bytes, and not too slowly."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._most = most
        self._whole = False

    async def __call__(self) -> Message:
        """The next part."""
        if self._whole:
            return await self._receive()  # a disconnect, whenever it comes
        try:
            message = await asyncio.wait_for(self._receive(), BODY_SECONDS)
        except TimeoutError:
            raise FaultError(408, f"nothing of the body came for {BODY_SECONDS:g} s", "too_slow") from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._left < 0:
                raise _too_large(self._most)
        return message


def _check_length(headers: Headers, most: int) -> None:
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > most:
        raise _too_large(most)


def _too_large(most: int) -> FaultError:
    return FaultError(413, f"the body is larger than {most} bytes", "too_large", headers={"Connection": "close"})


def _name(netloc: str) -> str:
    """A host without its port."""
    name = netloc.rpartition("@")[2].lower()
    return name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]


async def _refuse(fault: FaultError, send: Send) -> None:
    body = json.dumps(Fault(error=fault.told).model_dump()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
