"""A kept session in this process, asleep or awake, and the queue of its calls.

Invariant: what is done is in the record before it is done, and what came of it before it is told; what fails in between is undone by
rebuilding the session from the record. It does not: know whose calls these are (`sessions` does).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from codeact import build, errors, events
from codeact.config import Settings
from codeact.server.engine import once, retracing
from codeact.server.engine.interpreter import Interpreter, inside
from codeact.server.engine.running import OnChunk, Running, same
from codeact.server.engine.slots import Slots
from codeact.server.engine.wakeful import FORMAT, Leave, Wakeful, started
from codeact.store.kept import Store
from codeact.store.requests import Request
from codeact.trajectory import Trajectory

T = TypeVar("T")

State = Literal["open", "asleep", "busy"]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What sessions of a server stand on.

    Args:
        store: where they are kept.
        settings: of the interpreters.
        slots: for those that are awake.
        once: what is asked with a key.
    """

    store: Store
    settings: Settings
    slots: Slots
    once: once.Once


class LiveSession:
    """See the module's docstring. A new one is asleep.

    Args:
        session_id: of the session.
        owner: whose it is.
        grounds: what it stands on.
    """

    def __init__(self, session_id: str, owner: str, grounds: Grounds) -> None:
        self.id = session_id
        self.owner = owner
        self.last_used = asyncio.get_running_loop().time()
        self.most_own: int | None = None
        self._grounds = grounds
        self._leave = Leave()
        self._here = Wakeful(
            session_id, grounds.store, grounds.settings, take=self._take, free=lambda: grounds.slots.free(self), leave=self._leave
        )
        self._turn = asyncio.Lock()
        self._calls = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._running: Running | None = None

    @property
    def state(self) -> State:
        """Whether it runs an action, is awake, or is asleep."""
        if self._running is not None:
            return "busy"
        return "asleep" if self._here.awake is None else "open"

    @property
    def idle(self) -> bool:
        """Whether nobody uses it."""
        return self._calls == 0

    @property
    def isolation(self) -> str:
        """The tier that it has, or had; empty if that is not known yet."""
        return self._here.isolation

    @property
    def actions(self) -> int | None:
        """How many it was asked to run; None if that is not known yet."""
        return self._here.actions

    def note(self, record: Trajectory) -> None:
        """Take from the record what is told of a session."""
        self._here.note(record)

    async def begin(self, limits: events.Limits) -> None:
        """Make it: open its interpreter and begin its record.

        Raises:
            BusyError: not now.
            SessionError: there is no interpreter to be had.
            StoreError: it cannot be kept.
        """
        await self._in_turn(lambda: self._here.begin(self.owner, limits))

    async def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        on_chunk: OnChunk | None = None,
        on_begun: Callable[[], object] | None = None,
        request: Request | None = None,
    ) -> events.Observation:
        """Run an action to its end; cancelled, it is interrupted, and goes on to its end by itself.

        Once for a request: what came of it is told again; what was undone, since the server or the session ended, is run again.

        Args:
            code: Python, as in a notebook cell.
            timeout: seconds; the session's own limit counts if it is less.
            on_chunk: told of text as it comes.
            on_begun: told when the action is kept, and about to run.
            request: that it is run for; cancelled, it is interrupted a moment later, unless it is asked for again.

        Raises:
            SessionBusyError: another one is running.
            BusyError: not now.
            SessionError: the session cannot be woken or go on.
            StoreError: it cannot be kept.
        """
        async with self._grounds.once.of(request) as known:
            running = same(self._running, request)
            if running is None:
                observation = None if known is None else await once.observation_of(self._grounds.store, known)
                if observation is not None:
                    return observation
                self._check_not_running("run an action")
                running = self._begin_action(Running(code, timeout, on_begun, request))
            elif on_begun is not None:
                on_begun()
        return await running.ended(on_chunk)

    def interrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would, or the one that is about to run; nothing if there is none."""
        if self._running is not None:
            self._running.interrupt()

    async def write(self, path: str, content: bytes) -> str:
        """Make or replace a file of the workspace, with the folders on its way; returns its path in plainest form.

        Raises:
            InputError: the path leads outside, or the file cannot be there.
            SessionError, BusyError, StoreError: see `run`.
        """
        path = inside(path)

        async def work() -> None:
            interpreter = await self._here.interpreter()
            record = await self._here.record()
            digest = await self._grounds.store.keep_file(content)
            record.append(events.TaskGiven(text="", files=(path,), digests=(digest,)))
            await record.settled()
            try:
                await interpreter.place(path, content)
            except errors.InputError as error:
                turn = retracing.past_of(record.events).turn
                record.append(events.Failed(turn=turn, boundary=error.boundary, kind=type(error).__name__, message=str(error)))
                await record.settled()
                raise

        await self._in_turn(work)
        return path

    async def read(self, path: str) -> bytes:
        """The content of a file of the workspace.

        Raises:
            InputError: it cannot be read, or the path leads outside.
            SessionError, BusyError, StoreError: see `run`.
        """
        path = inside(path)
        return await self._in_turn(lambda: self._here.ask(lambda interpreter: interpreter.read(path)))

    async def files(self) -> tuple[dict[str, int], bool]:
        """The files of the workspace with their sizes in bytes, and whether these are all.

        Raises:
            SessionError, BusyError, StoreError: see `run`.
        """
        return await self._in_turn(lambda: self._here.ask(Interpreter.files))

    async def variables(self) -> events.Variables:
        """The variables that the code has made.

        Raises:
            SessionBusyError, SessionError, BusyError, StoreError: see `run`.
        """
        self._check_not_running("tell the variables")
        return await self._in_turn(lambda: self._here.ask(Interpreter.variables))

    async def checkpoint(self, request: Request | None = None) -> str:
        """Take a checkpoint, once for a request; returns its mark. The latest 8 are kept.

        Raises:
            CheckpointError: it cannot be taken.
            SessionBusyError: an action is running.
            SessionError, BusyError, StoreError: see `run`.
        """

        async def work() -> str:
            interpreter = await self._here.interpreter()
            record = await self._here.record()
            mark = f"checkpoint-{len(record.of_type(events.CheckpointTaken)) + 1}"
            await interpreter.mark(mark)  # changes nothing, so it may come before it is kept
            with self._grounds.store.requests.expected(self.id, events.CheckpointTaken, request):
                record.append(events.CheckpointTaken(turn=retracing.past_of(record.events).turn, mark=mark))
            await record.settled()
            return mark

        async with self._grounds.once.of(request) as known:
            if known is not None:
                return await once.mark_of(self._grounds.store, known)
            self._check_not_running("take a checkpoint")
            return await self._in_turn(work)

    async def rollback(self, mark: str | None = None, request: Request | None = None) -> str:
        """Go back to a checkpoint, which stays, later ones go; once for a request.

        Where the interpreter has no copy to go back to, it is rebuilt by what is recorded.

        Args:
            mark: of the checkpoint; None: to before the latest action.
            request: that it is done for.

        Returns:
            What could not be put back, empty if all was.

        Raises:
            CheckpointError: there is none of that mark (any more), or nothing to undo.
            SessionBusyError: an action is running.
            SessionError, BusyError, StoreError: see `run`.
        """

        async def work() -> str:
            record = await self._here.record()
            past = retracing.past_of(record.events)
            past.until(mark)
            if mark is None and past.undoable is None:
                raise errors.CheckpointError("there is nothing to undo: no action was run since the session began or was put back")
            with self._grounds.store.requests.expected(self.id, events.RolledBack, request):
                record.append(events.RolledBack(turn=past.turn, mark=mark or retracing.before(past.undoable or 0)))
            await record.settled()
            notice = await self._here.back(mark, past.undoable or 0)
            if request is not None:
                await self._grounds.store.requests.answer(request.name, notice)
            return notice

        async with self._grounds.once.of(request) as known:
            if known is not None:
                return known.answer or ""  # where that was cut off, the next notice says what differs
            self._check_not_running("go back")
            return await self._in_turn(work)

    async def fork(self, child: "LiveSession", mark: str | None = None) -> None:
        """Make another session with the state of this one: awake, if this one is and there is room, else asleep.

        Args:
            child: new, of whoever asks.
            mark: of the checkpoint that it starts from; None: as things are now.

        Raises:
            CheckpointError: there is no such checkpoint (any more).
            SessionBusyError: an action is running.
            StoreError: it cannot be kept.
        """
        self._check_not_running("fork")

        async def work() -> None:
            record = await self._here.record()
            past = retracing.past_of(record.events)
            steps = past.until(mark)
            begun = {"run_id": child.id, "owner": child.owner, "parent": self.id, "time": time.time()}
            start = started(record).model_copy(update=begun)
            await child.copied([start, *retracing.as_events(steps)], self._here.awake, mark)
            record.append(events.Branched(turn=past.turn, child=child.id, mark=mark))
            await record.settled()

        await self._in_turn(work)

    async def copied(self, begun: Sequence[events.AnyEvent], other: Interpreter | None, mark: str | None) -> None:
        """Make it as a copy of another; see `Wakeful.copied`."""
        await self._in_turn(lambda: self._here.copied(begun, other, mark))

    async def sleep(self) -> None:
        """End the interpreter, if nobody uses it. Nothing is written."""

        async def work() -> None:
            if self.idle and not self._turn.locked():  # not: wait until it is, and keep others from waking meanwhile
                async with self._turn:
                    await self._here.drop()

        task = asyncio.ensure_future(work())  # begun, it is done to its end
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.shield(task)

    async def leave(self, reason: errors.CodeactError) -> None:
        """End it in this process, also in the middle of an action; calls are refused from now on.

        Args:
            reason: what callers are told.
        """
        self._leave.reason = reason
        await self._here.end()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._here.drop()

    def _begin_action(self, running: Running) -> Running:
        self._running = running

        async def work() -> events.Observation:
            interpreter = await self._here.interpreter()
            running.check_wanted()
            return await self._act(interpreter, await self._here.record(), running)

        def over(_: object) -> None:
            self._running = None

        task = self._task(work)
        task.add_done_callback(over)
        running.begin(task)
        return running

    async def _act(self, interpreter: Interpreter, record: Trajectory, running: Running) -> events.Observation:
        limits = started(record).limits
        seconds = min((one for one in (running.timeout, limits.action_seconds) if one is not None), default=None)
        turn = interpreter.turn_after(retracing.past_of(record.events).turn)
        action = events.Action(turn=turn, code=running.code)
        with self._grounds.store.requests.expected(self.id, events.Action, running.request):
            record.append(action)
        self.note(record)
        await record.settled()
        if running.on_begun is not None:
            running.on_begun()

        stopping = asyncio.ensure_future(running.stopped(interpreter))
        kept = record.last(events.Action) or action  # as it can be written
        try:
            observation = await interpreter.act(turn, kept.code, seconds, partial(running.hear, turn))
        finally:
            stopping.cancel()
        text = build.format(FORMAT).show(observation, limits.output_chars)
        record.append(observation.model_copy(update={"text": text}))
        await record.settled()
        return record.last(events.Observation) or observation

    async def _take(self) -> None:
        await self._grounds.slots.take(self, self.most_own)

    def _check_not_running(self, wish: str) -> None:
        if self._running is not None:
            raise errors.SessionBusyError(f"cannot {wish}: an action is running already in this session; wait for it, or interrupt it")

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do it when the calls before are done; it goes on to its end also if nobody waits for it any more."""
        return await asyncio.shield(self._task(work))

    def _task(self, work: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        self._calls += 1
        task = asyncio.ensure_future(self._alone(work))
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._calls -= 1
        self._tasks.discard(task)
        self.last_used = asyncio.get_running_loop().time()
        if not task.cancelled():
            task.exception()  # nobody may be there to ask

    async def _alone(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            self._leave.check()
            try:
                return await work()
            except BaseException as error:
                fine = isinstance(error, errors.InputError | errors.CheckpointError | errors.SessionBusyError | errors.BusyError)
                if not fine:  # what is in the interpreter may not be what is in the record, which counts
                    await self._here.drop()
                if self._leave.reason is not None:
                    raise self._leave.reason from error
                raise
            finally:
                if self._here.awake is None:
                    await self._here.drop()
