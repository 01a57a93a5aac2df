"""The sessions of a server, without an agent: made, reached, copied, put to sleep, removed.

Invariant: a session that was made is there until it is removed, whatever becomes of this process; its interpreter is there only while it is
used, or was a while ago and nobody else needs the room. It does not: know HTTP, or what is done in a session (`live_session` does).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from codeact import errors, events
from codeact.config import Settings
from codeact.server.engine.live_session import Grounds, LiveSession, State
from codeact.server.engine.lowering import lowered
from codeact.server.engine.once import Once
from codeact.server.engine.slots import Slots
from codeact.store.kept import Store
from codeact.store.requests import Request
from codeact.store.summary import Summary

MOST_LISTED = 200
_LOOK_SECONDS = 1.0
_LOWERED = ("action_seconds", "memory_mb", "processes", "output_chars", "disk_mb", "file_mb")


class Owner(Protocol):
    """Whose session it is to be."""

    @property
    def id(self) -> str:
        """Of the owner."""
        ...

    @property
    def scopes(self) -> frozenset[str]:
        """What the owner may do."""
        ...

    @property
    def most_sessions(self) -> int | None:
        """Sessions that may be awake at once."""
        ...

    def sees(self, owner: str) -> bool:
        """Whether it may know of that owner's."""
        ...


@dataclass(frozen=True, slots=True)
class Glance:
    """A session in short.

    Args:
        summary: of its record.
        state: see `live_session.State`.
        isolation: the tier that it has, or had when it was made.
        actions: that it was asked to run.
    """

    summary: Summary
    state: State
    isolation: str
    actions: int


class Sessions:
    """See the module's docstring.

    Args:
        store: where they are kept.
        settings: of the interpreters; their limits are the highest that a session may have.
        most: that are awake at once.
        idle: seconds after which one that nobody uses is put to sleep.
    """

    def __init__(self, store: Store, settings: Settings, *, most: int = 32, idle: float = 600.0) -> None:
        self.store = store
        self.settings = settings
        self._slots = Slots(most)
        self._grounds = Grounds(store, settings, self._slots, Once(store))
        self._idle = idle
        self._live: dict[str, LiveSession] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._ends = False

    @property
    def awake(self) -> int:
        """How many are awake."""
        return len(self._slots.taken)

    async def make(self, owner: Owner, limits: Mapping[str, float | None] | None = None, request: Request | None = None) -> LiveSession:
        """Make a session, once for a request; returns when it is kept.

        Args:
            owner: whose it is to be.
            limits: fields of `events.Limits` that are to be lower than the server's.
            request: that it is made for.

        Raises:
            InputError: a limit cannot be had.
            BusyError: not now.
            SessionError: there is no interpreter to be had.
            StoreError: it cannot be kept.
        """
        bounds = lowered(self.settings.limits, limits or {}, _LOWERED, of=" for a session")
        return await self._made(owner, request, lambda made: made.begin(bounds))

    async def reach(self, session_id: str, owner: Owner) -> LiveSession:
        """A session, which may be asleep: it wakes when it is used.

        Raises:
            NotFoundError: there is none of that id, or it is another's.
        """
        self._check_not_ending()
        live = self._live.get(session_id)
        if live is None or live.state == "asleep":
            summary = await self._found(session_id)
            live = self._hold(session_id, summary.owner)
        if not owner.sees(live.owner):
            raise _unknown(session_id)
        live.most_own = owner.most_sessions if owner.id == live.owner else None
        return live

    async def glance(self, session_id: str, owner: Owner) -> Glance:
        """A session in short.

        Raises:
            NotFoundError: there is none of that id, or it is another's.
        """
        await self.reach(session_id, owner)
        return await self._glance(await self._found(session_id))

    async def list(self, owner: Owner) -> list[Glance]:
        """The sessions that an owner may see in short, the newest first, at most 200."""
        whose = None if "admin" in owner.scopes else owner.id
        found = await self.store.runs(sessions=True, owner=whose, most=MOST_LISTED)
        glances: list[Glance] = []
        for summary in found:
            with suppress(errors.StoreError):  # removed meanwhile
                glances.append(await self._glance(summary))
        return glances

    async def fork(self, session_id: str, owner: Owner, mark: str | None = None, request: Request | None = None) -> LiveSession:
        """Make a session with the state of another, once for a request.

        Args:
            session_id: of the other.
            owner: of the new one.
            mark: of a checkpoint of the other; None: as it is now.
            request: that it is made for.

        Raises:
            NotFoundError: there is none of that id, or it is another's.
            CheckpointError: there is no such checkpoint (any more).
            SessionBusyError: it is running an action.
            StoreError: it cannot be kept.
        """
        source = await self.reach(session_id, owner)
        return await self._made(owner, request, lambda made: source.fork(made, mark))

    async def sleep(self, session_id: str) -> None:
        """Put a session to sleep, if it is awake and nobody uses it."""
        live = self._live.get(session_id)
        if live is not None:
            await live.sleep()

    async def remove(self, session_id: str, owner: Owner) -> None:
        """End a session, also in the middle of an action, and remove all that is kept of it.

        Raises:
            NotFoundError: there is none of that id, or it is another's.
        """
        live = await self.reach(session_id, owner)
        try:
            await live.leave(_unknown(session_id))
            await self._found(session_id)  # two may remove it
            await self.store.remove(session_id)
        finally:
            self._live.pop(session_id, None)

    async def aclose(self) -> None:
        """Put all to sleep, also in the middle of actions: these are undone. Calling it twice does nothing more."""
        self._ends = True
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        leaving = [live.leave(_ending()) for live in list(self._live.values())]
        await asyncio.gather(*leaving, return_exceptions=True)  # each as far as it can be

    async def _made(self, owner: Owner, request: Request | None, begin: Callable[[LiveSession], Awaitable[None]]) -> LiveSession:
        """A new session when it has begun, which is forgotten if it cannot; the one that was made for the request before."""
        async with self._grounds.once.of(request) as known:
            if known is not None:
                return await self.reach(known.run_id, owner)
            made = self._new(owner)
            try:
                with self.store.requests.expected(made.id, events.RunStarted, request):
                    await begin(made)
            except errors.CodeactError:
                del self._live[made.id]
                raise
            return made

    def _new(self, owner: Owner) -> LiveSession:
        self._check_not_ending()
        made = self._hold(f"session-{secrets.token_hex(8)}", owner.id)
        made.most_own = owner.most_sessions
        return made

    def _hold(self, session_id: str, owner: str) -> LiveSession:
        """The one object that stands for a session in this process."""
        if self._keeper is None and not self._ends:
            self._keeper = asyncio.ensure_future(self._put_to_sleep())
        return self._live.setdefault(session_id, LiveSession(session_id, owner, self._grounds))

    async def _glance(self, summary: Summary) -> Glance:
        live = self._hold(summary.id, summary.owner)
        if live.actions is None:
            live.note(await self.store.read(summary.id))
        return Glance(summary, live.state, live.isolation, live.actions or 0)

    async def _found(self, session_id: str) -> Summary:
        try:
            summary = await self.store.find(session_id)
        except errors.StoreUnavailableError:
            raise
        except errors.StoreError as error:
            raise _unknown(session_id) from error
        if summary.model:
            raise _unknown(session_id)
        return summary

    def _check_not_ending(self) -> None:
        if self._ends:
            raise _ending()

    async def _put_to_sleep(self) -> None:
        """Put those to sleep that nobody has used for a while."""
        while True:
            await asyncio.sleep(min(_LOOK_SECONDS, self._idle))
            now = asyncio.get_running_loop().time()
            for one in self._slots.taken:
                if one.idle and now - one.last_used > self._idle:
                    with suppress(errors.SessionError):  # it is gone all the same
                        await one.sleep()


def _unknown(session_id: str) -> errors.NotFoundError:
    return errors.NotFoundError(f"there is no session {session_id!r}")


def _ending() -> errors.BusyError:
    return errors.BusyError("the server is ending; an action that was running is undone; try again when it is back", 5)
