"""The sandbox of each client: a session of its own, opened when it is first used, its calls one after another.

Invariants: no client reaches another's session; a call that is cancelled has been undone when the next one begins; a session that was
lost, or closed because nobody called, is told of in the next result, and that call has a new one. It does not: know a protocol.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

import anyio

from codeact import build, errors
from codeact.config import Settings
from codeact.events import Observation
from codeact.protocols import OnOutput
from codeact.sandbox.guest.confine import WORKSPACE
from codeact.sandbox.workspace import files_in

T = TypeVar("T")

MOST_WRITTEN = 8 << 20
"""Bytes that a client may write to a file at once."""

_GONE = "its variables, imports and files are gone"
_KEPT_EMPTY = 256


@dataclass(frozen=True, slots=True)
class Terms:
    """What every session is made of.

    Args:
        settings: of the sandbox.
        files: of the host, copied into each new session.
        idle: seconds without a call after which a session is closed; None: never.
        most: sessions that are open at once.
    """

    settings: Settings
    files: tuple[Path, ...] = ()
    idle: float | None = None
    most: int = 1


class Room:
    """One client's place: its session, if one is open, and the queue of its calls.

    Args:
        terms: what its sessions are made of.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._session: build.Session | None = None
        self._turn = asyncio.Lock()
        self._calls = 0
        self._used = False
        self._undo: str | None = None
        self._news = ""
        self._closed = False
        self._alarm: asyncio.TimerHandle | None = None
        self._errand: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether it has a session, or is about to have one."""
        return self._session is not None or self._calls > 0

    async def run(self, code: str, *, timeout: float | None = None, on_output: OnOutput | None = None) -> Observation:
        """Run an action; cancelled, it is undone.

        Args:
            code: Python, as in a notebook cell.
            timeout: seconds; the session's own limit counts if it is less, or if this is None.
            on_output: told of text as it comes.

        Raises:
            SessionError: there is no session to be had, or it was lost.
        """
        limit = self._terms.settings.limits.action_seconds
        seconds = min((one for one in (timeout, limit) if one is not None), default=None)

        return await self._in_turn(lambda session: self._act(session, code, seconds, on_output))

    async def reset(self) -> None:
        """A new session in place of the one there is.

        Raises:
            SessionError: there is no session to be had.
        """

        async def work(_: build.Session) -> None:
            await self._drop()
            await self._opened()

        await self._in_turn(work)
        self._news = ""

    async def undo(self) -> str:
        """Go back to before the latest action; returns what could not be put back, in a sentence.

        Raises:
            CheckpointError: there is nothing to go back to.
            SessionError: there is no session to be had, or it was lost.
        """

        async def work(session: build.Session) -> str:
            mark, self._undo = self._undo, None
            if mark is None:
                raise errors.CheckpointError("there is nothing to undo: no action has changed this session since it began or was put back")
            return await session.arollback(mark or None)

        return await self._in_turn(work)

    async def files(self) -> tuple[dict[str, int], bool]:
        """The files of the workspace with their sizes in bytes, and whether these are all.

        Raises:
            SessionError: there is no session to be had.
        """
        return await self._in_turn(lambda session: asyncio.to_thread(files_in, session.workspace))

    async def read(self, path: str) -> bytes:
        """Content of a file of the workspace.

        Raises:
            InputError: it cannot be read, or the path leads outside.
            SessionError: there is no session to be had.
        """
        return await self._in_turn(lambda session: session.aread_file(_inside(path)))

    async def write(self, path: str, data: bytes) -> Observation:
        """Make or replace a file of the workspace, with the folders on its way, as an action of the session that `undo` takes back.

        Raises:
            InputError: the path leads outside, or there is too much data.
            SessionError: there is no session to be had, or it was lost.
        """
        name = _inside(path)
        if len(data) > MOST_WRITTEN:
            raise errors.InputError(f"{len(data)} bytes are more than the {MOST_WRITTEN} that can be written at once; write it in parts")

        async def work(session: build.Session) -> Observation:
            root = WORKSPACE if session.isolation == "strict" else str(session.workspace)
            observation = await self._act(session, _writing(f"{root}/{name}", data))
            if observation.status == "ok" and await session.aread_file(name) != data:
                raise errors.InputError(f"the code in the session keeps {path!r} from being written; reset the session, then try again")
            return observation

        return await self._in_turn(work)

    async def aclose(self) -> None:
        """Close the session, also in the middle of an action; calls that come later are refused."""
        self._closed = True
        self._quiet()
        await self._drop()
        if self._errand is not None:
            await asyncio.wait([self._errand])

    async def _in_turn(self, work: Callable[[build.Session], Awaitable[T]]) -> T:
        """Do it when the calls before are done; if the caller is cancelled, go on to the end of undoing it."""
        self._calls += 1
        self._quiet()
        task = asyncio.ensure_future(self._alone(work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            self._calls -= 1
            if self._calls == 0 and self._session is not None and self._terms.idle is not None and not self._closed:
                self._alarm = asyncio.get_running_loop().call_later(self._terms.idle, self._nobody_called, self._terms.idle)

    async def _alone(self, work: Callable[[build.Session], Awaitable[T]]) -> T:
        async with self._turn:
            session = await self._opened()
            try:
                return await work(session)
            except (errors.CheckpointError, errors.SessionBusyError):
                raise
            except errors.SessionError as error:
                await self._drop()
                raise errors.SessionError(f"the session was lost ({error}): {_GONE}; the next call begins a new one") from error

    async def _opened(self) -> build.Session:
        if self._closed:
            raise errors.SessionClosedError("the server is ending")
        if self._session is None:
            session = await build.open_session(self._terms.settings)
            try:
                for file in self._terms.files:
                    await session.aadd_file(file)
                if self._closed:
                    raise errors.SessionClosedError("the server is ending")
            except BaseException:  # nobody else will
                await session.aclose()
                raise
            self._session, self._used, self._undo = session, False, None
        return self._session

    async def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.aclose()

    async def _act(self, session: build.Session, code: str, seconds: float | None = None, on_output: OnOutput | None = None) -> Observation:
        """Run an action, and note how to undo it: the first of an interpreter, which has no checkpoint of its own, gets one here."""
        mark, self._undo = "" if self._used else await _marked(session), None
        observation = await session.arun(code, timeout=seconds, on_output=on_output)
        if not observation.restored:
            self._used, self._undo = not observation.state_lost, None if observation.state_lost else mark
        news, self._news = self._news, ""
        if not news:
            return observation
        return observation.model_copy(update={"notice": f"{news} {observation.notice}".strip(), "state_lost": True})

    def _quiet(self) -> None:
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.cancel()

    def _nobody_called(self, seconds: float) -> None:
        self._errand = asyncio.ensure_future(self._close_idle(seconds))

    async def _close_idle(self, seconds: float) -> None:
        async with self._turn:
            if self._calls == 0 and self._session is not None:
                self._news = f"The session before this one was closed after {seconds:g} seconds without a call: {_GONE}."
                await self._drop()


class House:
    """The rooms of a server.

    Args:
        terms: what the sessions in them are made of.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._rooms: dict[str, Room] = {}

    def room(self, client: str) -> Room:
        """The client's room, made when it is first asked for.

        Raises:
            SessionError: as many sessions as may be are open, and this client has none.
        """
        room = self._rooms.get(client)
        taken = sum(one.open for one in self._rooms.values())
        if (room is None or not room.open) and taken >= self.terms.most:
            raise errors.SessionError(f"all {self.terms.most} sessions of this server are in use; try again later, or raise its --sessions")
        if room is None:
            empty = [name for name, one in self._rooms.items() if not one.open]
            for name in empty[:-_KEPT_EMPTY]:
                del self._rooms[name]
            room = self._rooms[client] = Room(self.terms)
        return room

    async def warm(self) -> None:
        """Open a session and close it, so that those of clients open in milliseconds, and to know that they can.

        Raises:
            SessionError: no session can be had.
        """
        await (await build.open_session(self.terms.settings)).aclose()

    async def leave(self, client: str) -> None:
        """The client is gone: close its session."""
        room = self._rooms.pop(client, None)
        if room is not None:
            await room.aclose()

    async def aclose(self) -> None:
        """Close all sessions."""
        await asyncio.gather(*(self.leave(client) for client in list(self._rooms)))


async def _marked(session: build.Session) -> str | None:
    try:
        return await session.acheckpoint()
    except errors.CheckpointError:
        return None


def _inside(path: str) -> str:
    """The path relative to the workspace; it may be given as code in a session sees it.

    Raises:
        InputError: it is absolute, leads upwards, or is empty.
    """
    parts = PurePosixPath(path.removeprefix(f"{WORKSPACE}/")).parts
    if not parts or "\0" in path or any("/" in part or part == ".." for part in parts):
        raise errors.InputError(f"{path!r} is not a path inside the workspace; give one relative to it, for example 'data/prices.csv'")
    return "/".join(parts)


def _writing(path: str, data: bytes) -> str:
    """An action that writes a file and leaves no name behind."""
    text = base64.b64encode(data).decode("ascii")
    return (
        "(lambda path, data: (path.parent.mkdir(parents=True, exist_ok=True), path.write_bytes(data)))"
        f"(__import__('pathlib').Path({path!r}), __import__('base64').b64decode('{text}'));"
    )
