"""An ASGI application on a socket, until it is to end.

Invariant: signals are left to the command line; what is being answered when it ends gets a moment to end by itself. It does not: know what
is served.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from codeact import errors

GRACE_SECONDS = 2

_UVICORN: dict[str, Any] = {
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "ws": "none",
    "lifespan": "off",
    "timeout_keep_alive": 30,
}


class Quiet(uvicorn.Server):
    """A server that leaves signals to the command line.

    Args:
        application: what answers.
        grace: seconds that answers get to end, when the server does.
        more: of uvicorn's settings.
    """

    def __init__(self, application: ASGIApp, *, grace: int = GRACE_SECONDS, **more: Any) -> None:
        super().__init__(uvicorn.Config(application, timeout_graceful_shutdown=grace, **{**_UVICORN, **more}))

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
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)  # who connects before the server runs has to wait, and is not turned away
    except (OSError, OverflowError) as error:
        listener.close()
        raise errors.InputError(f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}; {mend}") from error
    return listener


async def serve(
    application: ASGIApp, listener: socket.socket, ending: Callable[[], Awaitable[None]], *, most: int | None = None, prefix: str = ""
) -> None:
    """Serve until cancelled.

    Args:
        application: what answers.
        listener: from `listen`; closed at the end.
        ending: called when it is to end, before answers are waited for: what answers wait for ends by it.
        most: connections at once; more are answered with 503.
        prefix: path under which a proxy shows the application.
    """
    web = Quiet(application, limit_concurrency=most, root_path=prefix)
    serving = asyncio.ensure_future(web.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        web.should_exit = True
        await ending()
        await asyncio.wait([serving])
        listener.close()
