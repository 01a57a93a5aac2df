"""An ASGI application on a socket, until it is to end.

Invariant: signals are left to the command line; what is being answered when it ends gets a moment to end by itself; a client that neither
sends its request nor takes its answer loses its connection. It does not: know what is served.
"""

import asyncio
import contextlib
import functools
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from codeact import errors

GRACE_SECONDS = 2
PATIENCE_SECONDS = 20.0
"""A client that is to send or to take something is waited for so long."""

_UVICORN: dict[str, Any] = {
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "ws": "none",
    "lifespan": "off",
    "timeout_keep_alive": 30,
}


class Patient(H11Protocol):
    """A connection that is not kept open for a client that does nothing, as uvicorn itself does.

    The head of a request has to be there in so many seconds after the connection or the first of its bytes, and of an answer that waits
    to be taken, something has to be taken in that time. A body is looked after by the application.

    Args:
        patience: seconds.
        given: by uvicorn.
    """

    def __init__(self, *given: Any, patience: float = PATIENCE_SECONDS, **named: Any) -> None:
        super().__init__(*given, **named)
        self._patience = patience
        self._asked_by: asyncio.TimerHandle | None = None
        self._taken_by: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A client has connected."""
        super().connection_made(transport)
        self._asked_by = self.loop.call_later(self._patience, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client, or this server, has left."""
        self._asked_by, self._taken_by = _cancelled(self._asked_by), _cancelled(self._taken_by)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request has come."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._asked_by = _cancelled(self._asked_by)
        elif self._asked_by is None:
            self._asked_by = self.loop.call_later(self._patience, self.transport.abort)

    def shutdown(self) -> None:
        """The server ends: who is still sending a body is not waited for."""
        super().shutdown()
        if self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete:
            self.transport.abort()

    def pause_writing(self) -> None:
        """More is to be sent than the client has taken."""
        super().pause_writing()
        self._look_whether_taken(self.transport.get_write_buffer_size() + 1)

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        self._taken_by = _cancelled(self._taken_by)
        super().resume_writing()

    def _look_whether_taken(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= before:
            self.transport.abort()
        else:
            self._taken_by = self.loop.call_later(self._patience, self._look_whether_taken, left)


def _cancelled(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


class Quiet(uvicorn.Server):
    """A server that leaves signals to the command line.

    Args:
        application: what answers.
        grace: seconds that answers get to end, when the server does.
        patience: see `Patient`.
        more: of uvicorn's settings.
    """

    def __init__(self, application: ASGIApp, *, grace: int = GRACE_SECONDS, patience: float = PATIENCE_SECONDS, **more: Any) -> None:
        settings = {**_UVICORN, "http": functools.partial(Patient, patience=patience), **more}
        super().__init__(uvicorn.Config(application, timeout_graceful_shutdown=grace, **settings))

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


def listen(host: str, port: int, *, mend: str = "give another port, or 0 for any") -> socket.socket:
    """A socket to serve on.

    Args:
        host: an address of this machine.
        port: 0 takes one that is free.
        mend: what to do if it cannot be had, for the message.

    Raises:
        InputError: the address or the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # by the protocol asyncio knows to send at once
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)  # who connects before the server runs has to wait, and is not turned away
    except (OSError, OverflowError) as error:
        listener.close()
        raise errors.InputError(f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}; {mend}") from error
    return listener


async def serve(
    application: ASGIApp,
    listener: socket.socket,
    ending: Callable[[], Awaitable[None]],
    *,
    most: int | None = None,
    patience: float = PATIENCE_SECONDS,
) -> None:
    """Serve until cancelled.

    Args:
        application: what answers.
        listener: from `listen`; closed at the end.
        ending: called when it is to end, before answers are waited for: what answers wait for ends by it.
        most: connections at once; more are answered with 503.
        patience: see `Patient`.
    """
    web = Quiet(application, limit_concurrency=most, patience=patience)
    serving = asyncio.ensure_future(web.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        web.should_exit = True
        await ending()
        await asyncio.wait([serving])
        listener.close()
