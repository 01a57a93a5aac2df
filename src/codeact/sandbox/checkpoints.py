"""The checkpoints of a session: which there are, and going back to one.

Invariant: a checkpoint is a frozen copy of the interpreter and a snapshot of the workspace, both or nothing; there are never more than
`MOST_KEPT` that were asked for, and one from before the latest action. It does not: undo what left the session (tool calls),
threads, or the positions of open files, which copies share.

The copy for the next action is made ahead, while the caller thinks, and what is not needed any more ends when nobody waits for it. So
what a signal handler of the code changes while no action runs may be undone with the action that follows.
"""

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field

from codeact.errors import CheckpointError
from codeact.sandbox.guest_process import GuestProcess
from codeact.sandbox.snapshots import Snapshot, Snapshots
from codeact.sandbox.workspace import Listing

MOST_KEPT = 8

_BEFORE = "before-"
_ANSWER_SECONDS = 5.0
_THINKING_SECONDS = 0.001


@dataclass
class Checkpoints:
    """Of one running interpreter.

    Args:
        process: the interpreter.
        snapshots: of its workspace; they outlive the interpreter.
    """

    process: GuestProcess
    snapshots: Snapshots
    _kept: dict[str, Snapshot] = field(default_factory=dict)
    _before: str | None = None
    _pending: "asyncio.Future[str] | None" = None
    _ahead: "tuple[str, asyncio.Future[str]] | None" = None
    _stale: str | None = None
    _latest: int | None = None
    _given_up: str = ""

    def before_action(self, number: int, listing: Listing, mapped: Collection[str], fresh: bool) -> None:
        """Take one before the action `number`, in place of the one before the last, which `settle` ends; nothing is waited for.

        Args:
            number: of the action.
            listing: the workspace now.
            mapped: its files that the interpreter has open as shared memory.
            fresh: the interpreter has run nothing yet: a new one is as good as a copy, only the files are kept.
        """
        self.settle()
        self._given_up = ""
        self._stale, self._before, self._latest = self._before, f"{_BEFORE}{number}", number
        self._pending = None if fresh else self._copied_ahead(self._before) or self.process.checkpoint(self._before)
        self._kept[self._before] = self.snapshots.take(listing, mapped)

    def long_action(self) -> None:
        """The running action takes long: look after it, and give its memory what an old checkpoint holds."""
        self.settle()
        self.process.order_watch()

    def rest(self, number: int) -> None:
        """The action `number` is over: copy the interpreter for the next, if that does not come at once and the loop runs on meanwhile."""
        if self._latest == number:
            asyncio.get_running_loop().call_later(_THINKING_SECONDS, self._copy_ahead, number)
        self.settle()

    def _copy_ahead(self, number: int) -> None:
        if self._latest == number:
            self.copy_now(number)

    def copy_now(self, number: int) -> None:
        """Copy the interpreter, as it is after the action `number`, for the next one, if that has not been done."""
        if self._ahead is None:
            mark = f"{_BEFORE}{number + 1}"
            self._ahead = mark, self.process.checkpoint(mark)

    async def put_back(self) -> bool:
        """Go on from the copy for the next action, and let all else of the interpreter end; False if there is none."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return False
        if not ahead[1].done():
            self.process.catch_up()
        return ahead[1].done() and await self.process.restore(ahead[0])

    def settle(self) -> None:
        """End the one that the latest action's took the place of."""
        stale, self._stale = self._stale, None
        if stale is not None:
            self._drop(stale)

    @property
    def trouble(self) -> str:
        """Why there is none from before the latest action, empty if there is one or none was asked for."""
        if self._pending is not None and self._pending.done():
            return self._pending.result()
        return self._given_up

    async def take(self, mark: str, listing: Listing, mapped: Collection[str]) -> None:
        """Take one that stays; the oldest goes when there are too many.

        Raises:
            CheckpointError: the interpreter cannot be copied now.
        """
        reason = await self._answered(mark)
        if reason:
            raise CheckpointError(
                f"no checkpoint could be taken: {reason}; end those threads (executors, background tasks), then try again"
            )
        self._kept[mark] = self.snapshots.take(listing, mapped)
        asked = [mark for mark in self._kept if not mark.startswith(_BEFORE)]
        for old in asked[:-MOST_KEPT]:
            self._drop(old)

    async def undo(self, keep: str | None = None) -> tuple[Listing, str] | None:
        """Go back to before the latest action.

        Args:
            keep: a file of the host's in the workspace, to leave there.

        Returns:
            the files now and what could not be put back, None if there is no such checkpoint.
        """
        if self._pending is not None and not self._pending.done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._pending), 1.0)
        trouble, before = self.trouble, self._before
        self._before = self._pending = None
        self._forget_ahead()
        if before is None or not await self.process.restore(before):
            self._given_up = trouble or ("it was given up" if before is not None else "")
            return None
        snapshot = self._kept.pop(before)
        try:
            return await asyncio.to_thread(self.snapshots.restore, snapshot, keep)
        finally:
            self.snapshots.drop(snapshot)

    def files_before(self) -> Snapshot | None:
        """The workspace before the latest action; the caller drops it."""
        before, self._before = self._before, None
        return self._kept.pop(before, None) if before is not None else None

    async def go_back(self, mark: str) -> tuple[Listing, str]:
        """Go back to a checkpoint; it stays, later ones go.

        Raises:
            CheckpointError: there is none of that mark (any more).
        """
        self._check(mark)
        marks = list(self._kept)
        for later in marks[marks.index(mark) + 1 :]:
            self._drop(later)
        if self._before is not None:
            self._drop(self._before)
        self._before = self._pending = None
        self._forget_ahead()
        if not await self.process.restore(mark):
            raise CheckpointError(f"the checkpoint {mark!r} was given up meanwhile (memory); go back to another")
        restored = await asyncio.to_thread(self.snapshots.restore, self._kept[mark], None)
        await self._answered(mark)
        return restored

    def files_at(self, mark: str) -> Snapshot:
        """The workspace at a checkpoint.

        Raises:
            CheckpointError: there is none of that mark (any more).
        """
        self._check(mark)
        return self._kept[mark]

    def close(self) -> None:
        """Give all up; their processes end with the interpreter's."""
        self._latest = None
        for snapshot in self._kept.values():
            self.snapshots.drop(snapshot)
        self._kept.clear()

    def _check(self, mark: str) -> None:
        if mark not in self._kept or not self.process.has(mark):
            there = ", ".join(repr(mark) for mark in self._kept if not mark.startswith(_BEFORE)) or "none"
            raise CheckpointError(f"there is no checkpoint {mark!r} (any more); there are: {there}")

    def _copied_ahead(self, mark: str) -> "asyncio.Future[str] | None":
        """The copy made ahead, if it is still there or to come: it may have been given up, or threads were in its way."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and not ahead[1].done():
            self.process.catch_up()
        if ahead is None or (ahead[1].done() and not self.process.has(mark)):
            return None
        return ahead[1]

    def _forget_ahead(self) -> None:
        """The interpreter becomes another: a copy of this one is before no action to come."""
        ahead, self._ahead, self._latest = self._ahead, None, None
        if ahead is not None:
            self.process.drop(ahead[0])

    async def _answered(self, mark: str) -> str:
        """Ask for a checkpoint, but not for ever: why there is none, empty if there is."""
        try:
            return await asyncio.wait_for(self.process.checkpoint(mark), _ANSWER_SECONDS)
        except TimeoutError:
            self.process.drop(mark)
            return "the interpreter does not answer"

    def _drop(self, mark: str) -> None:
        self.process.drop(mark)
        snapshot = self._kept.pop(mark, None)
        if snapshot is not None:
            self.snapshots.drop(snapshot)
