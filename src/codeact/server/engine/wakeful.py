"""What there is of a kept session in this process: nothing while it sleeps, its record and its interpreter while it is awake.

Invariant: the interpreter is handed out only with the whole state that the record tells of. It does not: order calls (`live_session`
does), or know how a state is rebuilt (`retracing` does).
"""

import platform
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from codeact import __version__, build, errors, events
from codeact.agent.seeding import SEED, seed_of
from codeact.config import Settings
from codeact.server.engine import retracing
from codeact.server.engine.interpreter import Interpreter
from codeact.store.kept import Store
from codeact.trajectory import Trajectory

T = TypeVar("T")

FORMAT = "code"
_DIFFERS = "The session had been put to sleep and was rebuilt by running its actions once more, which did not all come out as before."
_BROKEN_OFF = "Action {turn} was broken off before its end, when the server or the session ended, and undone: all is as it was before it."


@dataclass(slots=True)
class Leave:
    """Whether a session may be here at all; `reason`: why not."""

    reason: errors.CodeactError | None = None

    def check(self) -> None:
        """Look whether it may.

        Raises:
            CodeactError: it may not, for the reason.
        """
        if self.reason is not None:
            raise self.reason


class Wakeful:
    """See the module's docstring. Its callers take turns.

    Args:
        session_id: of the session.
        store: where it is kept.
        settings: of interpreters.
        take, free: a slot for one that is awake.
        leave: whether it may be here.
    """

    def __init__(
        self,
        session_id: str,
        store: Store,
        settings: Settings,
        *,
        take: Callable[[], Awaitable[None]],
        free: Callable[[], None],
        leave: Leave,
    ) -> None:
        self.isolation = ""
        self.actions: int | None = None
        self._id = session_id
        self._store = store
        self._settings = settings
        self._take = take
        self._free = free
        self._leave = leave
        self._record: Trajectory | None = None
        self._interpreter: Interpreter | None = None
        self._is_built = False

    @property
    def awake(self) -> Interpreter | None:
        """The interpreter, if it is there and has the session's state."""
        return self._interpreter if self._is_built else None

    def note(self, record: Trajectory) -> None:
        """Take from the record what is told of a session."""
        self.isolation = started(record).isolation
        self.actions = len(record.of_type(events.Action))

    async def begin(self, owner: str, limits: events.Limits) -> None:
        """Make the session.

        Raises:
            BusyError, SessionError, StoreError: it cannot be had.
        """
        record = self._store.new()
        seed = seed_of(record)
        interpreter = await self._opened(limits, seed)
        record.append(
            events.RunStarted(
                run_id=self._id,
                model="",
                format=FORMAT,
                system="",
                isolation=interpreter.isolation,
                limits=limits,
                environment={"codeact": __version__, "python": platform.python_version(), "platform": platform.platform()},
                owner=owner,
                options={SEED: seed},
            )
        )
        await record.settled()
        self._record, self._is_built = record, True
        self.note(record)

    async def copied(self, begun: Sequence[events.AnyEvent], other: Interpreter | None, mark: str | None) -> None:
        """Make the session as a copy of another: awake, if that has an interpreter that can be copied and there is room, else asleep.

        Args:
            begun: what its record begins with.
            other: of the other session.
            mark: of the checkpoint that it is copied from; None: as things are now.

        Raises:
            StoreError: it cannot be kept.
        """
        record = self._store.new()
        for event in begun:
            record.append(event)
        await record.settled()
        self.note(record)
        if other is None:
            return
        try:
            await self._take()
            self._interpreter = await other.twin(mark)
            self._record, self._is_built = record, True
        except (errors.BusyError, errors.SessionError):
            return
        finally:
            if self._interpreter is None:
                self._free()

    async def record(self) -> Trajectory:
        """The record, to go on with.

        Raises:
            StoreError: it cannot be read.
        """
        if self._record is None:
            self._record = await self._store.resume(self._id)
            self.note(self._record)
        return self._record

    async def interpreter(self) -> Interpreter:
        """The interpreter with the session's state, rebuilt if it sleeps.

        Raises:
            BusyError: there is no room for one more that is awake.
            SessionError: it cannot be had.
            StoreError: the record cannot be read.
        """
        if self._interpreter is not None and self._is_built:
            return self._interpreter
        record = await self.record()
        limits = started(record).limits
        interpreter = await self._opened(limits, seed_of(record))
        past = retracing.past_of(record.events)
        differences = await retracing.retrace(interpreter, past, record.file, limits)
        broken_off = [] if past.broken_off is None else [_BROKEN_OFF.format(turn=past.broken_off)]
        interpreter.news = " ".join([*broken_off, *([_DIFFERS, *differences] if differences else [])])
        self._is_built = True
        return interpreter

    async def ask(self, question: Callable[[Interpreter], Awaitable[T]]) -> T:
        """What the interpreter says to a question; woken for it, if it sleeps.

        Raises:
            BusyError, SessionError, StoreError: see `interpreter`.
        """
        return await question(await self.interpreter())

    async def back(self, mark: str | None, turn: int) -> str:
        """Bring the interpreter to where the record says that the session is; returns what is not as it was.

        Args:
            mark: of the checkpoint that was gone back to; None: it was the state before an action.
            turn: number of that action.

        Raises:
            BusyError, SessionError, StoreError: see `interpreter`.
        """
        awake = self.awake
        if awake is not None:
            try:
                return await (awake.undo(turn) if mark is None else awake.go_back(mark))
            except errors.CheckpointError:
                await self._end()
        interpreter = await self.interpreter()
        told, interpreter.news = interpreter.news, ""
        return told

    async def end(self) -> None:
        """End the interpreter, also in the middle of an action; who waits for that is told by an error."""
        if self._interpreter is not None:
            await self._interpreter.aclose()

    async def drop(self) -> None:
        """Go to sleep."""
        await self._end()
        self._record = None
        self._free()

    async def _opened(self, limits: events.Limits, seed: int | None) -> Interpreter:
        await self._take()
        session = await build.open_session(self._settings.model_copy(update={"limits": limits}))
        session.seed = seed
        self._interpreter = Interpreter(session)
        self._leave.check()
        return self._interpreter

    async def _end(self) -> None:
        interpreter, self._interpreter, self._is_built = self._interpreter, None, False
        if interpreter is not None:
            await interpreter.aclose()


def started(record: Trajectory) -> events.RunStarted:
    """The start of a record.

    Raises:
        StoreError: it has none.
    """
    first = record.events[0] if record.events else None
    if not isinstance(first, events.RunStarted):
        raise errors.StoreError("the record of the session has no start")
    return first
