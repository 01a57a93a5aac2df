"""What is looked at of every request before its route: where it comes from, how large it is, how long it takes to come.

Invariant: a page of another site reaches nothing on a server that asks for no key: neither by a name that it had point to this machine
(Host) nor by its visitor's browser (Origin). A body is never larger in memory than is let through. It does not: know keys (`access` does).
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codeact.server.api.faults import Fault, FaultError

MOST_JSON = 8 << 20
"""Bytes of a body, where it is no file."""
MOST_FILE = 64 << 20
"""Bytes of an uploaded file."""
BODY_SECONDS = 20.0
"""A client that sends nothing of its body for so long is left."""
SLOWEST = 4096
"""Bytes a second, without which a body that came in drops would be waited for as long as it has bytes."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
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
        seconds: for which the next part of a body is waited for.
    """

    def __init__(self, application: ASGIApp, hosts: Iterable[str] | None, seconds: float = BODY_SECONDS) -> None:
        self._application = application
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(send)
        try:
            self._check_source(headers)
            most = MOST_FILE if scope["method"] == "PUT" else MOST_JSON
            _check_length(headers, most)
            body = _Bounded(receive, most, self._seconds, answer)
            await self._application(scope, body, answer)
        except FaultError as fault:
            if answer.began:
                raise
            await answer.refuse(fault)

    def _check_source(self, headers: Headers) -> None:
        if self._hosts is None:
            return
        given = ",".join(headers.getlist("host")).lower()  # two are none
        host = _name(given)
        if host not in self._hosts:
            raise FaultError(
                403,
                f"this server is not reached by the name {host or given!r} (--allow-host adds it), but by {', '.join(sorted(self._hosts))}",
                "wrong_host",
                type="access",
            )
        if not self._is_own(headers, given):
            said = headers.get("origin") or f"another site ({headers.get('sec-fetch-site')})"
            raise FaultError(403, f"requests of pages from {said!r} are not taken", "wrong_origin", type="access")

    def _is_own(self, headers: Headers, host: str) -> bool:
        """Whether no page of another origin sends it; pages of other ports of this machine are such, too."""
        origin = headers.get("origin")
        if origin is None:  # a browser sends none for pictures, scripts and links
            foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
            return not foreign or headers.get("sec-fetch-mode") == "navigate"
        scheme, _, authority = origin.lower().partition("://")
        if scheme not in ("http", "https"):
            return False
        name = _name(authority)
        return authority == host or (name not in LOOPBACK and name in (self._hosts or ()))


class _Answer:
    """What is sent, until the body turns out to be refused: then that, whatever the route makes of a body that ends early."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._refused = False
        self.began = False
        self.fault: FaultError | None = None

    async def __call__(self, message: Message) -> None:
        """Send a part."""
        if self._refused:
            return
        if message["type"] == "http.response.start":
            if self.fault is not None:
                await self.refuse(self.fault)
                return
            self.began = True
            own = list(message.get("headers", ()))
            named = {name.lower() for name, _ in own}  # a frame of the page names who may show it itself
            message = {**message, "headers": [*own, *(header for header in _HEADERS if header[0] not in named)]}
        await self._send(message)

    async def refuse(self, fault: FaultError) -> None:
        """Send an error instead."""
        body = json.dumps(Fault(error=fault.told).model_dump()).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *_HEADERS]
        headers += [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
        self.began = self._refused = True
        await self._send({"type": "http.response.start", "status": fault.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


class _Bounded:
    """A body as it comes, up to so many bytes, and not too slowly."""

    def __init__(self, receive: Receive, most: int, seconds: float, answer: _Answer) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._answer = answer
        self._came = 0
        self._whole = False
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self._began: float | None = None

    async def __call__(self) -> Message:
        """The next part."""
        if self._whole:
            return await self._receive()  # a disconnect, whenever it comes
        self._began = self._began or self._now()
        left = self._seconds + self._came / SLOWEST - (self._now() - self._began)
        try:
            message = await asyncio.wait_for(self._receive(), min(left, self._seconds))
        except TimeoutError:
            return self._refused(FaultError(408, f"the body came too slowly, or not at all for {self._seconds:g} s", "too_slow"))
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._came > self._most:
                return self._refused(_too_large(self._most))
        return message

    def _refused(self, fault: FaultError) -> Message:
        """A client whose body is not taken is as good as gone, if it is being answered already.

        Raises:
            FaultError: it is not.
        """
        if self._answer.began:
            return {"type": "http.disconnect"}
        fault.headers["Connection"] = "close"
        self._answer.fault = fault
        raise fault


def _check_length(headers: Headers, most: int) -> None:
    if "content-length" in headers and "transfer-encoding" in headers:  # a proxy may have seen another request in it
        raise FaultError(400, "a body has a length or comes in chunks, and not both", "two_lengths", headers={"Connection": "close"})
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > most:
        raise _too_large(most)


def _too_large(most: int) -> FaultError:
    return FaultError(413, f"the body is larger than {most} bytes", "too_large", headers={"Connection": "close"})


def _name(authority: str) -> str:
    """A host without its port; empty if it is no name of one."""
    found = _AUTHORITY.fullmatch(authority)
    return "" if found is None else found[1]
