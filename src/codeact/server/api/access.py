"""Who asks, and what it may do: keys with scopes, checked before anything else of a request is looked at.

Invariant: without a right key nothing is reached but health; where no key has been made, the server listens on loopback only, and whoever
can connect may do everything. It does not: hold keys (`store.keys` does) or count what they use (`engine` does).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from codeact import errors
from codeact.server.api.faults import FaultError, of_error
from codeact.store.keys import SCOPES, Keys

SCHEMA = "/api/v1/openapi.json"
"""Where the OpenAPI schema is."""
OPEN = frozenset({"/health", "/ready", SCHEMA})
"""Paths for which no key is needed."""
_OPEN_TO_READ = ("/runs/", "/static/", "/page/guest/")
_PAGES = frozenset({"/", "/compare"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Args:
        id: of its key; empty where no key is needed.
        scopes: what it may do.
        most_sessions, most_runs: that it may have open at once; None: as many as the server has.
        most_tokens: that its runs may use in 24 hours; None: any number.
    """

    id: str
    scopes: frozenset[str]
    most_sessions: int | None = None
    most_runs: int | None = None
    most_tokens: int | None = None

    def sees(self, owner: str) -> bool:
        """Whether it may know of what is that owner's."""
        return "admin" in self.scopes or owner == self.id


ANYBODY = Caller("", frozenset(SCOPES))
"""Who asks where no key is needed."""


class Access:
    """Finds out who asks.

    Args:
        keys: that there are.
        needed: whether one has to be shown; once there is one, it has to be in any case.
    """

    def __init__(self, keys: Keys, *, needed: bool) -> None:
        self._keys = keys
        self._needed = needed

    async def caller(self, request: Request) -> Caller:
        """Who asks.

        Raises:
            FaultError: no key, or not a right one.
        """
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        shown = text.strip() if scheme.lower() == "bearer" else ""
        if not shown.startswith("cak_") and not await self._is_needed():
            return ANYBODY  # clients of OpenAI's API always send some key
        key = await self._keys.check(shown) if shown else None
        if key is None:
            said = "this key is not known, or was revoked" if shown else "a key is needed: send the header  Authorization: Bearer KEY"
            raise FaultError(401, said, "invalid_api_key", type="access", headers={"WWW-Authenticate": "Bearer"})
        return Caller(key.id, key.scopes, key.most_sessions, key.most_runs, key.most_tokens)

    async def _is_needed(self) -> bool:
        self._needed = self._needed or await self._keys.any()
        return self._needed


class Gate:
    """Refuses who shows no right key before any of a body is read: a route would read and parse it first.

    Args:
        application: what answers.
        access: finds out who asks.
    """

    def __init__(self, application: ASGIApp, access: Access) -> None:
        self._application = application
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it.

        Raises:
            FaultError: no key, or not a right one.
        """
        if scope["type"] == "http" and not _is_open(scope):
            request = Request(scope)
            try:
                request.state.caller = await self._access.caller(request)
            except errors.CodeactError as error:
                raise of_error(error) from error
        await self._application(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    """Whether no key is needed: the page holds no data, and addresses of guests' documents prove themselves."""
    root = scope.get("root_path", "")
    path: str = scope["path"]
    path = path.removeprefix(root) if path.startswith(f"{root}/") else path
    return path in OPEN or (scope["method"] in ("GET", "HEAD") and (path in _PAGES or path.startswith(_OPEN_TO_READ)))


def allowed(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency of a route: the caller, who has this scope (or ``admin``)."""

    async def caller(request: Request) -> Caller:
        known: Caller | None = getattr(request.state, "caller", None)
        found = known or await request.app.state.access.caller(request)
        if scope not in found.scopes and "admin" not in found.scopes:
            raise FaultError(
                403, f"this key has not the scope {scope!r}; it has: {', '.join(sorted(found.scopes)) or 'none'}", "no_scope", type="access"
            )
        return found

    return caller
