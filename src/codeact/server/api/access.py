"""Who asks, and what it may do: keys with scopes, checked before anything else of a request is looked at.

Invariant: without a right key nothing is reached but health; where no key has been made, the server listens on loopback only, and whoever
can connect may do everything. It does not: hold keys (`store.keys` does) or count what they use (`engine` does).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from codeact.server.api.faults import FaultError
from codeact.store.keys import SCOPES, Keys


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
        needed: whether one has to be shown.
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
        if not self._needed and not shown.startswith("cak_"):
            return ANYBODY  # clients of OpenAI's API always send some key
        key = await self._keys.check(shown) if shown else None
        if key is None:
            said = "this key is not known, or was revoked" if shown else "a key is needed: send the header  Authorization: Bearer KEY"
            raise FaultError(401, said, "invalid_api_key", type="access", headers={"WWW-Authenticate": "Bearer"})
        return Caller(key.id, key.scopes, key.most_sessions, key.most_runs, key.most_tokens)


def allowed(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency of a route: the caller, who has this scope (or ``admin``)."""

    async def caller(request: Request) -> Caller:
        found = await request.app.state.access.caller(request)
        if scope not in found.scopes and "admin" not in found.scopes:
            raise FaultError(
                403, f"this key has not the scope {scope!r}; it has: {', '.join(sorted(found.scopes)) or 'none'}", "no_scope", type="access"
            )
        return found

    return caller
