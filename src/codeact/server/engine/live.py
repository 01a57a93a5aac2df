"""A run that is in this process: its conversation, who watches it, and what somebody is asked about.

Invariant: a watcher sees an event only when it is kept; numbered events come in order, without gaps, however slow the watcher is, and what
is only shown as it happens may be left out for it. It does not: know who may see it (`api` does) or when it is to sleep (`runs` does).
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from codeact import errors, events
from codeact.agent.conversation import Conversation, Run
from codeact.protocols import Decision, Question
from codeact.server.engine import questions, records
from codeact.server.engine.order import is_asked, is_unknown
from codeact.trajectory import Trajectory

_MOST_BEHIND = 2000
_MOST_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """An event for watchers: its number (None: it is only shown as it happens), its type, its JSON."""

    number: int | None
    event: events.AnyEvent
    line: str


class _Watcher:
    """What one watcher has yet to see."""

    def __init__(self, after: int) -> None:
        self.next = after + 1
        self.fresh: deque[Shown] = deque()
        self.behind = self.is_new = True
        self.woken = asyncio.Event()

    def push(self, shown: Shown) -> None:
        """Take what has just happened; who falls too far behind reads it from the record."""
        if len(self.fresh) >= _MOST_BEHIND:
            self.fresh.clear()
            self.behind = True
        if not self.behind:
            self.fresh.append(shown)
        self.woken.set()


class LiveRun:
    """A run in this process.

    Args:
        record: its trajectory.
        owner: whose it is.
        ask: what somebody is asked about, see `order.Ask`.
    """

    def __init__(self, record: Trajectory, owner: str, ask: str) -> None:
        self.record = record
        self.owner = owner
        self.conversation: Conversation | None = None
        self.questions: dict[str, tuple[Question, asyncio.Future[Decision]]] = {}
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.last_used = asyncio.get_running_loop().time()
        self.wakes = 0
        self.queued = False
        self.ask = ask
        self._for_run = set(questions.allowed_for_run(record))
        self._watchers: set[_Watcher] = set()
        self._lines: list[Shown] = [Shown(number, event, event.model_dump_json()) for number, event in enumerate(record.events)]
        self._present: deque[Shown] = deque(maxlen=_MOST_BEHIND)
        self._coming: deque[events.AnyEvent] = deque()
        self._come = asyncio.Event()
        self._work: asyncio.Task[Run] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = record.listen(self._on_event)
        self.counted = False
        self.waits_since = 0.0
        self._asks = asyncio.Event()
        self._under_way: set[str] = set()
        self._asked: set[str] = set()
        self._quiet: asyncio.Future[None] | None = None
        self._asleep, self._lost, self._before = False, False, 0

    @property
    def run_id(self) -> str:
        """Its id; empty before it has begun."""
        started = next((event for event in self.record.events if isinstance(event, events.RunStarted)), None)
        return "" if started is None else started.run_id

    @property
    def works(self) -> bool:
        """Whether a message is being worked on."""
        return self._work is not None and not self._work.done()

    @property
    def sleeps(self) -> bool:
        """Whether it was put to sleep over a question, and is to be woken by the decision."""
        return self._work is None and bool(questions.open_in(self.record))

    @property
    def gone(self) -> bool:
        """Whether it has left this process; what was worked on then is gone on with by another."""
        return self._asleep

    @property
    def watched(self) -> bool:
        """Whether somebody watches."""
        return bool(self._watchers)

    def work(self, coroutine: Coroutine[Any, Any, Run]) -> None:
        """Begin to work on a message, or to go on with one.

        Args:
            coroutine: of the conversation.

        Raises:
            SessionBusyError: another is being worked on.
        """
        if self.works:
            coroutine.close()
            raise errors.SessionBusyError("the run is working on a message: wait for its end, or cancel it")
        self.begun, self._before = asyncio.get_running_loop().create_future(), len(self.record.events)
        self._work = asyncio.ensure_future(coroutine)
        self._work.add_done_callback(self._over)

    async def ended(self) -> Run | None:
        """Wait for the end of what is being worked on, and until watchers have been shown it; None if it was cancelled, or nothing was.

        Raises:
            CodeactError: it could not be begun, or its record could not be kept.
        """
        if self._work is None:
            return None
        await asyncio.wait([self._work])
        return None if self._work.cancelled() else self._work.result()

    async def cancel(self) -> None:
        """End what is being worked on, or sleeps over a question: the run ends as cancelled. Nothing if nothing is."""
        if self._work is not None and not self._work.done():
            self._work.cancel()
            await asyncio.wait([self._work])
        with suppress(errors.StoreError):
            if not self._asleep and not self.works and self.record.is_unfinished:  # nobody worked on it who would have said so
                records.cancel(self.record)
            await self.record.settled()

    @property
    def approve(self) -> "Asking":
        """Whoever is to decide, as an `Approve`."""
        return Asking(self)

    def asks(self, question: Question) -> bool:
        """Whether somebody is to be asked about it."""
        allowed = (question.subject, question.tool) in self._for_run
        return is_unknown(question) or (is_asked(self.ask, question) and not allowed)

    async def decided(self, question: Question) -> Decision:
        """Wait for somebody's decision; at once where nobody is to be asked."""
        if not self.asks(question):
            return Decision()
        await self.record.settled()  # a question is shown when it is kept
        waiting: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.questions[question.number] = (question, waiting)
        self.waits_since = asyncio.get_running_loop().time()
        self._asks.set()
        try:
            decision = await waiting
        finally:
            del self.questions[question.number]
        if decision.for_run:
            self._for_run.add((question.subject, question.tool))
        return decision

    async def decide(self, number: str, decision: Decision) -> None:
        """Decide about an open question; returns when the decision is kept.

        Args:
            number: of the question.
            decision: the answer.

        Raises:
            InputError: there is no such question, or it is decided.
            StoreError: it could not be kept.
        """
        while self.works and number not in self.questions and number in {one.number for one in questions.open_in(self.record)}:
            await self._asking()  # the run was woken for this, and has not come to its question yet
        found = self.questions.get(number)
        if found is None or found[1].done():
            names = ", ".join(sorted(self.questions)) or "none"
            raise errors.InputError(f"the question {number!r} is not open (any more); open are: {names}")
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def note(event: events.AnyEvent) -> None:
            if isinstance(event, events.ApprovalGiven) and event.approval_id == number and not given.done():
                given.set_result(None)

        stop_listening = self.record.listen(note)
        try:
            found[1].set_result(decision)
            await asyncio.wait([given, *([] if self._work is None else [self._work])], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop_listening()
        if not given.done():
            raise errors.InputError(f"the run ended before the question {number!r} was decided")
        await self.record.settled()

    @property
    def open_questions(self) -> Sequence[Question]:
        """What somebody has to decide about; of a run that is not worked on (yet), what it will ask about again."""
        return [question for question, _ in self.questions.values()] if self.works and not self.queued else questions.open_in(self.record)

    @property
    def dozes(self) -> bool:
        """Whether it does nothing but wait for somebody who decides about an action."""
        return self.works and bool(self.questions) and all(question.subject == "action" for question, _ in self.questions.values())

    async def watch(self, after: int = -1, *, follow: bool = False) -> AsyncGenerator[Shown]:
        """What has happened and what happens, to the end of the message that is worked on.

        What is only shown as it happens comes from the latest numbered event on, also if it was seen before.

        Args:
            after: number of the last event that was seen; -1: none was.
            follow: do not end with the message, but when the run leaves this process.
        """
        async with aclosing(self.watch_parts(after, follow=follow)) as parts:
            async for part in parts:
                for shown in part:
                    yield shown

    async def watch_parts(self, after: int = -1, *, follow: bool = False) -> AsyncGenerator[Sequence[Shown]]:
        """As `watch`, what can be shown at once together."""
        watcher = _Watcher(after)
        self._watchers.add(watcher)
        try:
            while True:
                watcher.woken.clear()
                due = self._due(watcher)
                for first in range(0, len(due), _MOST_TOGETHER):
                    yield due[first : first + _MOST_TOGETHER]
                caught_up = not watcher.fresh and not watcher.behind
                if caught_up and (self._asleep or (not follow and self._is_over())):
                    return
                if caught_up:
                    await watcher.woken.wait()
        finally:
            self._watchers.discard(watcher)

    async def leave(self, grace: float = 0.0) -> None:
        """Leave this process without a trace, as if it had been killed: what is kept can be gone on with.

        Args:
            grace: seconds for which calls of tools that are under way are waited for, so that their outcome is known.
        """
        if self._under_way and self.works and grace:
            self._quiet = asyncio.get_running_loop().create_future()
            await asyncio.wait(
                [self._quiet, *([] if self._work is None else [self._work])], timeout=grace, return_when=asyncio.FIRST_COMPLETED
            )
        self.record.sever()
        self._asleep = True
        if self._work is not None and not self._work.done():
            self._work.cancel()
            await asyncio.wait([self._work])
        if self.conversation is not None:
            with suppress(errors.CodeactError):
                await self.conversation.aclose()
        self._stop_listening()
        with suppress(errors.StoreError):
            await self.record.settled()
        if self._pump is not None:
            self._come.set()
            await asyncio.wait([self._pump])
        for watcher in self._watchers:
            watcher.woken.set()

    async def _asking(self) -> None:
        """Wait until something is asked about, or the work is over."""
        self._asks.clear()
        asking = asyncio.ensure_future(self._asks.wait())
        await asyncio.wait([asking, *([] if self._work is None else [self._work])], return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()

    def _due(self, watcher: _Watcher) -> list[Shown]:
        """What the watcher has not seen, and can be shown now."""
        if watcher.behind:
            found, watcher.behind = self._lines[watcher.next :], False
            if watcher.is_new:
                found, watcher.is_new = [*found, *self._present], False
            watcher.fresh.clear()
        else:
            found = list(watcher.fresh)
            watcher.fresh.clear()
        numbered = [shown for shown in found if shown.number is None or shown.number >= watcher.next]
        watcher.next = max([watcher.next, *(shown.number + 1 for shown in numbered if shown.number is not None)])
        return numbered

    def _is_over(self) -> bool:
        """Whether nothing is worked on, or is to be, and watchers were shown all of it."""
        shown = self._lost or len(self._lines) == len(self.record.events)
        return not self.works and not self._coming and shown and not self.sleeps

    def _on_event(self, event: events.AnyEvent) -> None:
        self._note_call(event)
        self._coming.append(event)
        self._pump = self._pump or asyncio.ensure_future(self._show_all())
        self._come.set()

    def _note_call(self, event: events.AnyEvent) -> None:
        """Know which calls of tools are under way; one that somebody is asked about is not."""
        match event:
            case events.ToolCalled():
                self._under_way.add(event.call_id)
            case events.ApprovalGiven() if event.approval_id in self._asked:
                self._under_way.add(event.approval_id)
            case events.ApprovalAsked(subject="call"):
                self._asked.add(event.approval_id)
                self._under_way.discard(event.approval_id)
            case events.ToolReturned():
                self._under_way.discard(event.call_id)
            case _:
                return
        if not self._under_way and self._quiet is not None:
            self.record.sever()  # at once: the next call must not be made any more
            if not self._quiet.done():
                self._quiet.set_result(None)

    async def _show_all(self) -> None:
        """Show what happens, once it is kept."""
        while not self._asleep or self._coming:
            await self._come.wait()
            self._come.clear()
            batch = list(self._coming)
            if any(not event.transient for event in batch):
                try:
                    await self.record.settled()
                except errors.StoreError:
                    if not self.record.severed:  # what is not kept is not shown; the run ends by the same error
                        self._coming.clear()
                        self._lost = True
                        self._not_begun(errors.StoreError("the message could not be kept"))
                        self._wake_all()
                        continue
            for event in batch:
                self._show(event)
                self._coming.popleft()
            self._wake_all()

    def _show(self, event: events.AnyEvent) -> None:
        number = None if event.transient else len(self._lines)
        shown = Shown(number, event, event.model_dump_json())
        if number is not None:
            self._lines.append(shown)
            self._present.clear()
        else:
            self._present.append(shown)
        for watcher in self._watchers:
            watcher.push(shown)
        if isinstance(event, events.TaskGiven) and not self.begun.done():
            self.begun.set_result(None)

    def _over(self, work: asyncio.Task[Run]) -> None:
        self.last_used = asyncio.get_running_loop().time()
        error: BaseException | None = None
        if not work.cancelled():
            error = work.exception()
        elif self.record.severed or not any(isinstance(event, events.TaskGiven) for event in self.record.events[self._before :]):
            error = errors.BusyError("the message was let go of, or cancelled, before it was taken; try again", 5)
        self._not_begun(error)
        self._come.set()
        self._wake_all()

    def _not_begun(self, error: BaseException | None) -> None:
        if error is not None and not self.begun.done():
            self.begun.set_exception(error)
            self.begun.exception()  # nobody has to ask

    def _wake_all(self) -> None:
        for watcher in self._watchers:
            watcher.woken.set()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who decides about what a run asks: an `Approve`, which asks nobody about the rest (`Sparing`)."""

    live: LiveRun

    def asks(self, question: Question) -> bool:
        """See `LiveRun.asks`."""
        return self.live.asks(question)

    async def __call__(self, question: Question) -> Decision:
        """See `LiveRun.decided`."""
        return await self.live.decided(question)
