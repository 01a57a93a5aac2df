"""A session: a confined interpreter that keeps its state, and the observations of what runs in it.

Invariants: whatever the code does, `run` returns an observation, within the action's limit plus a short grace; after an action whose
process ended, the next one finds a new interpreter and is told so. One action runs at a time. It does not: confine
(`guest.confine` does) or choose what a model is shown (the format does).
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from codeact.errors import CheckpointError, SessionBusyError, SessionClosedError, SessionError
from codeact.events import Limits, Observation, Variables
from codeact.protocols import Calls, OnOutput
from codeact.sandbox import channel, twins
from codeact.sandbox.action import ABANDONED, Clock, RunningAction, Stop
from codeact.sandbox.channel import Ends
from codeact.sandbox.checkpoints import Checkpoints
from codeact.sandbox.desk import Desk
from codeact.sandbox.guest_process import GuestProcess
from codeact.sandbox.hearing import Hearing, Seen
from codeact.sandbox.isolation import folder_names
from codeact.sandbox.seat import Seat, Wish
from codeact.sandbox.sync_face import SyncFace
from codeact.sandbox.workspace import EMPTY

PRELOAD = ("numpy", "pandas", "matplotlib.pyplot")
"""Imported by the zygote where they are installed, so that sessions have them at once."""

_START_SECONDS = 30.0
_GRACE_SECONDS = 1.0
_WATCH_SECONDS = 0.05


class Session(Hearing, SyncFace):
    """A sandboxed, stateful Python. Use it as a context manager, sync or async; it starts when first used.

    Args:
        limits: bounds of each action and of the session as a whole.
        isolation: ``strict``, ``landlock``, ``process``, or ``auto``: the strongest of the first two that works here.
        preload: modules to have imported before the session starts; those not installed are passed over.
        checkpoints: take one before each action, so that a crash, a kill or `undo` goes back to it.
        calls: who answers the calls of tools that the code makes; None: there are no tools.
        python: another interpreter to run in (its environment needs IPython); None: the one that runs codeact.
        folders: of the host, that the code can read and import from, at their own paths, without a copy; it can write to none.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        isolation: Literal["auto", "strict", "landlock", "process"] = "auto",
        preload: Sequence[str] = PRELOAD,
        checkpoints: bool = True,
        calls: Calls | None = None,
        python: str | Path | None = None,
        folders: Sequence[str | Path] = (),
    ) -> None:
        super().__init__(Desk(calls))
        self.limits = limits if limits is not None else Limits()
        self.seed: int | None = None  # 32 bits; a new interpreter's random numbers begin with it, so that they come out the same again
        self.folders = folder_names(folders)
        self._wish = Wish(isolation, tuple(preload), str(python) if python is not None else None, self.limits, self.folders)
        self._seat: Seat | None = None
        self._ends: Ends | None = None
        self._equipped, self._fresh = False, True
        self._number = self._marks = 0
        self._take_checkpoints = checkpoints
        self._checkpoints: Checkpoints | None = None
        self._files, self._mapped, self._news = EMPTY, tuple[str, ...](), ""
        self._left = self._closed = False
        self._starting, self._forking, self._turn = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

    @property
    def isolation(self) -> str:
        """The tier in force.

        Raises:
            SessionError: not started yet.
        """
        return (self._seat or self._running_seat()).server.kind.tier

    @property
    def workspace(self) -> Path:
        """The working directory as the host sees it. All in it is the guest's: never follow its links.

        Raises:
            SessionError: not started yet.
        """
        return self._running_seat().workspace.path

    async def astart(self) -> None:
        """Start the session if it is not running.

        Raises:
            InputError: a folder cannot be shown.
            IsolationError: the tier cannot be had here.
            SessionError: it cannot start.
        """
        async with self._starting:
            if self._closed:
                raise SessionClosedError("the session is closed; make a new one")
            if self._seat is None:
                self._seat, self._ends = await Seat.take(self._wish)
            if self._process is None:
                ends, self._ends = self._ends if self._ends is not None else self._seat.spawn(), None
                self._process = await self._begin_process(ends)
                if not self._equipped:
                    self._desk.install(self._process)
            if self._checkpoints is None:
                self._checkpoints = Checkpoints(self._process, self._seat.snapshots)

    async def arun(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> Observation:
        """Run an action to its end; see `protocols.Session.arun`.

        Args:
            code: Python, as in a notebook cell.
            on_output: called with the stream's name and text while the action runs.
            timeout: seconds; None takes `limits.action_seconds`.

        Raises:
            SessionBusyError: another action is running.
            SessionClosedError: the session is closed, or was while the action ran.
            SessionError: it cannot be started.
        """
        self._check_not_forking("run an action")
        action, ended_before = await self._begun(on_output)
        assert self._process is not None and self._checkpoints is not None
        loop, checkpoints = asyncio.get_running_loop(), self._checkpoints
        seconds = timeout if timeout is not None else self.limits.action_seconds
        watch = loop.call_later(_WATCH_SECONDS, checkpoints.long_action)
        action.clock = Clock(seconds, lambda: self._stop("timeout", seconds))
        action.clock.resume()
        try:
            self._process.send(channel.RUN, {"id": action.number, "code": code, "seed": self.seed if self._fresh else None})
            await action.end()
        except BaseException:  # cancelled, or the caller's on_output raised: nobody waits for the action any more
            await self._abandon(action)
            raise
        finally:
            watch.cancel()
            action.clock.stop()
            self._desk.close()
            self._action = None
            action.close()
        if self._closed:
            raise SessionClosedError("the session was closed while the action ran")
        if action.process_ended:
            async with self._turn:
                await self._recover(action)
        else:
            self._fresh, self._mapped = False, action.mapped
            self._files = self._running_seat().workspace.listing()
        loop.call_soon(checkpoints.rest, action.number)
        return action.observe(self._files, ended_before)

    async def avariables(self) -> Variables:
        """The variables that the code has made; between actions, and without running the code or changing anything.

        Raises:
            SessionBusyError: an action is running.
            SessionError: the interpreter has ended, or does not answer; it is put back if there is a copy of it.
        """
        self._check_not_forking("tell the variables")
        async with self._turn:
            checkpoints = await self._idle_checkpoints("tell the variables")
            if self._ended_between or self._process is None:
                raise SessionError("the variables are gone: the interpreter has ended since the last action; the next finds a new one")
            if self._take_checkpoints and not self._fresh:
                checkpoints.copy_now(self._number)
            seen = await self._looks.at(self._process, self.limits.action_seconds)
            if seen.found is None:
                raise SessionError(f"the variables cannot be told: {seen.trouble}{await self._mended(seen, checkpoints)}")
        return seen.found

    async def acheckpoint(self) -> str:
        """Take a checkpoint of the interpreter and the workspace; returns its mark. The latest 8 are kept.

        Raises:
            CheckpointError: other threads are alive in the session.
            SessionBusyError: an action is running.
        """
        self._check_not_forking("take a checkpoint")
        async with self._turn:
            checkpoints = await self._idle_checkpoints("take a checkpoint")
            self._marks += 1
            mark = f"checkpoint-{self._marks}"
            await checkpoints.take(mark, self._files, self._mapped)
        return mark

    async def arollback(self, mark: str | None = None) -> str:
        """Go back to a checkpoint, which stays; later ones go. What left the session (tool calls) is not undone.

        Args:
            mark: from `checkpoint`; None: to before the latest action.

        Returns:
            what could not be put back, in a sentence, empty if all was.

        Raises:
            CheckpointError: there is none of that mark (any more).
            SessionBusyError: an action is running.
        """
        self._check_not_forking("go back")
        async with self._turn:
            checkpoints = await self._idle_checkpoints("go back")
            undone = await (checkpoints.undo() if mark is None else checkpoints.go_back(mark))
            if undone is None:
                raise CheckpointError(f"there is no checkpoint from before the latest action: {checkpoints.trouble or 'none was taken'}")
            self._files, self._ended_between = undone[0], False
        return undone[1]

    async def afork(self, mark: str | None = None) -> Self:
        """A twin: another session with a copy of the interpreter and of the workspace, which goes its own way from here on.

        Relative and absolute paths lead each to its own workspace. Files in /tmp are shared, and files that are open stay this
        session's. Close both.

        Args:
            mark: of a checkpoint to start from, which stays; None: from how things are now.

        Raises:
            CheckpointError: it cannot be copied: other threads are alive, the tier is not strict, there is no such checkpoint.
            SessionBusyError: an action is running.
        """
        async with self._forking, self._turn:
            checkpoints = await self._idle_checkpoints("fork")
            assert self._process is not None
            seat = self._running_seat()
            if mark is not None:
                made = await twins.fork(self._process, seat, checkpoints.files_at(mark), mark)
            else:
                made = await twins.fork_now(self._process, seat, self._mapped)
        wish = self._wish
        twin = type(self)(limits=self.limits, checkpoints=self._take_checkpoints, calls=self._desk.calls)
        twin._wish, twin._number, twin._fresh, twin._equipped = wish, self._number, False, True
        twin._seat, twin._ends, twin._files, twin._news = made.seat, made.ends, made.files, made.lost
        return twin

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; nothing if none runs."""
        self._stop("interrupted", None)

    async def aadd_file(self, source: str | Path, name: str | None = None) -> str:
        """Copy a host file into the workspace; returns its name there.

        Args:
            source: path on the host.
            name: plain file name in the workspace, None for the source's own.

        Raises:
            InputError: no such file, the name is taken or not a plain one.
        """
        await self.astart()
        added = await asyncio.to_thread(self._running_seat().workspace.add, Path(source), name)
        if self._action is None:
            self._files = self._running_seat().workspace.listing()
        return added

    async def aread_file(self, name: str) -> bytes:
        """Content of a regular file of the workspace.

        Args:
            name: path relative to the workspace.

        Raises:
            InputError: not there, not a regular file, or behind a link.
        """
        return await asyncio.to_thread(self._running_seat().workspace.read, name)

    async def aclose(self) -> None:
        """End the session and everything it started, and remove its workspace. Calling it twice does nothing more."""
        self._closed = True
        await self._drop_process()
        ends, self._ends = self._ends, None
        if ends is not None:
            await ends.aclose()
        if self._seat is not None and not self._left:
            self._left = True
            await self._seat.leave()

    async def _begun(self, on_output: OnOutput | None) -> tuple[RunningAction, bool]:
        """A new action, in an interpreter that is there, and whether the one of the action before had ended between the two."""
        async with self._turn:
            if self._action is not None:
                raise SessionBusyError("an action is running already in this session; wait for it, or open a second session")
            ended_before, self._ended_between = self._ended_between, False
            if ended_before:
                await self._drop_process()
            if self._process is None or self._closed:
                await self.astart()
            return self._begin(on_output), ended_before

    def _begin(self, on_output: OnOutput | None) -> RunningAction:
        self._number += 1
        create = self._running_seat().workspace.create
        action = self._action = RunningAction(self._number, self.limits, on_output, self._files, create)
        if self._take_checkpoints and self._checkpoints is not None:
            self._checkpoints.before_action(self._number, self._files, self._mapped, self._fresh)
        news, self._news = self._news, ""
        action.remark(news)
        self._between.pour(action.collector)
        return action

    def _stop(self, reason: Stop, seconds: float | None) -> None:
        """Interrupt the running action; kill it if that does not help."""
        action = self._action
        if action is None or self._process is None or action.stopped is not None:
            return
        action.stop(reason, seconds)
        self._process.interrupt()
        asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._kill_if_running, action)

    def _kill_if_running(self, action: RunningAction) -> None:
        if self._action is action and action.running and self._process is not None:
            self._process.kill()

    async def _recover(self, action: RunningAction) -> None:
        """Bring the session back to before an action whose process ended, if there is a checkpoint."""
        assert self._checkpoints is not None
        snapshots = self._running_seat().snapshots
        checkpoints, trouble, undone = self._checkpoints, "", None
        if action.broken == "before":
            trouble = "the interpreter was broken already before it began"
        elif not self._fresh:
            undone = await checkpoints.undo(action.full_output)
            trouble = checkpoints.trouble
        elif (before := checkpoints.files_before()) is not None:
            await self._drop_process()
            undone = await asyncio.to_thread(snapshots.restore, before, action.full_output)
            snapshots.drop(before)
        if undone is not None:
            self._files = undone[0]
            action.restored(undone[1])
        else:
            action.not_restored(trouble)
            await self._drop_process()
            self._files = self._running_seat().workspace.listing()

    async def _abandon(self, action: RunningAction) -> None:
        """Undo an action that nobody waits for any more; if that is cut short too, the interpreter is given up."""
        fresh, undone = self._fresh, False
        try:
            if not self._closed:
                await self._recover(action)
                undone = action.was_restored
        finally:
            if undone:
                self._news = ABANDONED
            else:
                self._ended_between = not fresh
                await self._drop_process()

    async def _mended(self, seen: Seen, checkpoints: Checkpoints) -> str:
        """Put back an interpreter that ended in a look or does not answer; what became of it, for the message."""
        if self._closed:
            raise SessionClosedError("the session was closed while its variables were looked at")
        if seen.lost and not self._fresh and await checkpoints.put_back():
            return "; it is as it was before"
        if seen.lost == "ended" or (seen.lost and self._fresh):
            self._ended_between = not self._fresh
            await self._drop_process()
        return ""

    async def _idle_checkpoints(self, wish: str) -> Checkpoints:
        if self._action is not None:
            raise SessionBusyError(f"cannot {wish} while an action runs; wait for it")
        await self.astart()
        assert self._checkpoints is not None
        return self._checkpoints

    def _check_not_forking(self, wish: str) -> None:
        if self._forking.locked():
            raise SessionBusyError(f"cannot {wish} while the session is forked; wait for it")

    async def _begin_process(self, ends: Ends) -> GuestProcess:
        process = GuestProcess(ends, self)
        try:
            await process.start(_START_SECONDS)
        except BaseException:
            await process.close()
            raise
        return process

    async def _drop_process(self) -> None:
        process, self._process = self._process, None
        if self._checkpoints is not None:
            self._checkpoints.close()
            self._checkpoints = None
        self._fresh, self._equipped = True, False
        if process is not None:
            await process.close()

    def _running_seat(self) -> Seat:
        if self._left:
            raise SessionClosedError("the session is closed: it has no workspace")
        if self._seat is None:
            raise SessionError("the session is not started; use it in a with block or call start()")
        return self._seat
