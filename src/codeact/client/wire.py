"""Requests to one server, through httpx.

Invariants: the key goes to this server and nowhere else (redirects are not followed), and is in no error, repr or log; what may have been
done is sent again only if it is done once all the same; each event loop has connections of its own. It does not: know what is asked.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from codeact import __version__, errors
from codeact.client import addresses, answers
from codeact.client.patience import Patience
from codeact.client.sse import Reader, Sent

if TYPE_CHECKING:
    import httpx

T = TypeVar("T", bound=BaseModel)

KEY_VARIABLE = "CODEACT_KEY"
CONNECT_SECONDS = 10.0
PING_SECONDS = 15.0
"""A server says something in each stream as often as this."""

_IDLE_SECONDS = 2.0  # servers close idle connections after 5 and more: a request never meets the end of one
_MOST_IDLE = 20


class Wire:
    """The way to a server.

    Args:
        url: of the server.
        key: that it is shown; None takes `CODEACT_KEY`, an empty one is none.
        timeout: longest silence of the server, in seconds.
        patience: seconds for which it is waited for when it was there and went away.

    Raises:
        InputError: the address or the key is none.
        MissingExtraError: `httpx` is not installed.
    """

    def __init__(self, url: str, key: str | None, *, timeout: float, patience: float) -> None:
        try:
            import httpx
        except ImportError:
            raise errors.MissingExtraError("httpx", "client", "the client of a codeact server") from None
        self.url = addresses.checked(url)
        self.patience = patience
        self.reached = False
        self._httpx = httpx
        self._timeout = timeout
        self._headers = {"User-Agent": f"codeact/{__version__}", **_authorization(key)}
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()
        self._closed = False

    async def ask(self, kind: type[T], method: str, path: str, *, repeats: bool = False, **more: Any) -> T:
        """Send a request and read the value in its answer.

        Args:
            kind: of the value.
            method, path: of the request.
            repeats: sending it twice does what sending it once does, by what it is or by its header (`once`).
            more: `json`, `content`, `params`, `headers`, as httpx has them.

        Raises:
            CodeactError: the server's error.
            ServerError: what else can happen, see its kinds.
        """
        return answers.read(kind, await self.send(method, path, repeats=repeats, **more), self.url)

    async def send(self, method: str, path: str, *, repeats: bool = False, patience: float | None = None, **more: Any) -> bytes:
        """Send a request; returns the body of its answer. Arguments and errors as `ask` has them; `patience` in place of the client's."""
        waits = Patience(self.patience if patience is None else patience)
        while True:
            try:
                response = await self._client().request(method, self.url + path, **more)
            except self._httpx.RequestError as error:
                unsent = self._is_unsent(error)
                self.reached = self.reached or not unsent
                if self.reached and (repeats or unsent) and await waits.wait():  # who was never there is not waited for
                    continue
                raise self._lost(error, unsent=unsent, twice=repeats) from error
            if response.is_success:
                self.reached = True
                return response.content
            away = response.status_code in answers.AWAY and not answers.is_told(response.content)
            if away and repeats and self.reached and await waits.wait(_asked(response.headers)):
                continue
            raise answers.error_of(response.status_code, response.headers, response.content, self.url)

    async def stream(self, method: str, path: str, **more: Any) -> AsyncGenerator[Sent]:
        """Send a request and yield the events of its answer as they come; it is not sent again.

        Args:
            method, path, more: as for `ask`.

        Raises:
            CodeactError: the server's error.
            ServerUnavailableError: it cannot be reached, or went away meanwhile.
            ServerError: it answers with something else.
        """
        silence = max(self._timeout, 2 * PING_SECONDS)
        timeout = self._httpx.Timeout(silence, connect=min(CONNECT_SECONDS, self._timeout))
        headers = {**more.pop("headers", {}), "Accept": "text/event-stream"}
        try:
            async with self._client().stream(method, self.url + path, headers=headers, timeout=timeout, **more) as response:
                await self._check_stream(response)
                self.reached = True
                reader = Reader()
                async with aclosing(cast("AsyncGenerator[bytes]", response.aiter_bytes())) as chunks:
                    async for chunk in chunks:
                        for sent in reader.feed(chunk):
                            yield sent
        except self._httpx.RequestError as error:
            unsent = self._is_unsent(error)
            self.reached = self.reached or not unsent
            raise self._lost(error, unsent=unsent, twice=method == "GET") from error

    async def aclose(self) -> None:
        """Close the connections of this event loop; nothing is sent any more."""
        self._closed = True
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def _client(self) -> "httpx.AsyncClient":
        if self._closed:
            raise errors.InputError("the client is closed; make a new one")
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            here = addresses.is_loopback(self.url)
            client = self._clients[loop] = self._httpx.AsyncClient(
                headers=self._headers,
                timeout=self._httpx.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
                limits=self._httpx.Limits(max_connections=None, max_keepalive_connections=_MOST_IDLE, keepalive_expiry=_IDLE_SECONDS),
                follow_redirects=False,
                trust_env=not here,  # a proxy of the environment does not lead to this machine
                verify=not (here and self.url.startswith("http:")),  # reading certificates takes 0.2 s, and here none is ever shown
            )
        return client

    async def _check_stream(self, response: "httpx.Response") -> None:
        if not response.is_success:
            raise answers.error_of(response.status_code, response.headers, await response.aread(), self.url)
        kind = response.headers.get("content-type", "no type").partition(";")[0]
        if kind != "text/event-stream":
            raise errors.ServerError(f"{self.url} answered with {kind!r}, and not with events: see that it is a codeact server")

    def _is_unsent(self, error: Exception) -> bool:
        return isinstance(error, self._httpx.ConnectError | self._httpx.ConnectTimeout | self._httpx.PoolTimeout)

    def _lost(self, error: Exception, *, unsent: bool, twice: bool) -> errors.ServerUnavailableError:
        said = str(error) or type(error).__name__
        if unsent:
            return errors.ServerUnavailableError(f"{self.url} cannot be reached ({said}): see that the server runs (codeact serve)")
        doubt = "" if twice else "; it is not known whether it has done what was asked: look before asking again"
        return errors.ServerUnavailableError(f"{self.url} went away before it had answered ({said}){doubt}")


def once() -> dict[str, str]:
    """A header by which a server knows a request again, so that it may be sent twice and is done once."""
    return {"Idempotency-Key": secrets.token_hex(16)}


def _authorization(key: str | None) -> dict[str, str]:
    """The header that shows the key.

    Raises:
        InputError: it cannot be one.
    """
    shown = os.environ.get(KEY_VARIABLE, "") if key is None else key
    if not shown:
        return {}
    if not (shown.isascii() and shown.isprintable()) or " " in shown:
        raise errors.InputError(
            "the key holds characters that no key has (a line break at its end?): give it as `codeact keys make` wrote it"
        )
    return {"Authorization": f"Bearer {shown}"}


def _asked(headers: Mapping[str, str]) -> float | None:
    return answers.retry_after(headers["retry-after"]) if "retry-after" in headers else None
