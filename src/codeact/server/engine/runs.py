"""The runs of a server: begun, gone on with after a restart, reached, put to sleep, ended.

Invariant: a run that was begun comes to its end, by this process or the next one; it is in memory while it is worked on, watched, or was
used a while ago, and in the store always. It does not: know HTTP, or what a watcher is shown (`live` does).
"""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from weakref import WeakValueDictionary

from codeact import build, errors, events
from codeact.agent.conversation import Conversation, Run
from codeact.protocols import Decision
from codeact.server.engine import questions, records
from codeact.server.engine.agents import Agents
from codeact.server.engine.at_hand import at_hand
from codeact.server.engine.line import Line
from codeact.server.engine.live import LiveRun
from codeact.server.engine.once import Once
from codeact.server.engine.order import NOTHING, GivenFile, Onward, Order
from codeact.server.engine.owner import Owner
from codeact.server.engine.places import Places, unused
from codeact.store.kept import Store
from codeact.store.requests import Request
from codeact.store.summary import Summary

_LOOK_SECONDS = 1.0
_MOST_OPENINGS = 8
_GRACE_SECONDS = 3.0


class Runs:
    """See the module's docstring.

    Args:
        store: where they are kept.
        agents: who does them.
        most: runs that are worked on at once.
        idle: seconds for which a run that nobody uses stays in memory, with its session; of more such runs than `most`, those that were
            used last.
        openings: runs of an earlier process whose sessions are rebuilt at a time; None: as many as there are processors.
        on_begun: told of each run that is worked on in this process.
    """

    def __init__(
        self,
        store: Store,
        agents: Agents,
        *,
        most: int = 16,
        idle: float = 600.0,
        openings: int | None = None,
        on_begun: Callable[[LiveRun], object] | None = None,
    ) -> None:
        self.store = store
        self.agents = agents
        self.most = most
        self._idle = idle
        self._on_begun = on_begun
        self._live: dict[str, LiveRun] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._places = Places(store, most)
        self._openings = asyncio.Semaphore(_MOST_OPENINGS)
        self.line = Line(openings or len(os.sched_getaffinity(0)))
        self._once = Once(store)
        self._keeper: asyncio.Task[None] | None = None
        self._ends = False

    @property
    def ends(self) -> bool:
        """Whether no more runs are taken."""
        return self._ends

    @property
    def working(self) -> int:
        """How many runs are worked on."""
        return self._places.taken(self._working())

    @property
    def in_memory(self) -> int:
        """How many runs are in this process."""
        return len(self._live)

    def live(self, run_id: str) -> LiveRun | None:
        """The run, if it is in this process."""
        return self._live.get(run_id)

    async def start(self, order: Order, owner: Owner, request: Request | None = None) -> LiveRun:
        """Begin a run, once for a request; returns when it is known that it will be done.

        Raises:
            InputError, ModelError: it cannot be had.
            errors.BusyError: not now.
            StoreError: it cannot be kept.
        """
        async with self._once.of(request) as known:
            if known is not None:
                return await self.reach(known.run_id, owner)
            self.agents.check(order)
            run_id = f"run-{secrets.token_hex(8)}"
            with self.store.requests.expected(run_id, events.RunStarted, request):
                return await self._started(order, owner, run_id)

    async def send(self, run_id: str, text: str, files: Sequence[GivenFile], owner: Owner, request: Request | None = None) -> LiveRun:
        """Give a run its next message, once for a request; returns when it is kept.

        Raises:
            errors.NotFoundError: there is no such run.
            InputError: the message cannot be used.
            SessionBusyError: it is working.
            errors.BusyError: not now.
        """
        if not text.strip():
            raise errors.InputError(f"the message {text!r} is empty: say what to do")
        live = await self.reach(run_id, owner)
        async with self._once.of(request) as known:
            if known is not None:
                return live
            if live.works or live.sleeps:
                raise errors.SessionBusyError("the run is working on a message, or waits for a decision: wait for its end, or cancel it")
            async with self._place(run_id, owner):
                self._equip(live)
                with self.store.requests.expected(run_id, events.TaskGiven, request):
                    await self._begin(live, lambda paths: self._conversation(live).asend(text, paths), files, run_id)
        return live

    async def reach(self, run_id: str, owner: Owner) -> LiveRun:
        """A run that is kept, brought into memory if it is not there.

        Raises:
            errors.NotFoundError: there is no such run.
        """
        async with self._lock(run_id):
            live = self._live.get(run_id)
            if live is None:
                await self.seen(run_id, owner)
                live = self._live[run_id] = await self._loaded(run_id)
                self._watch_over()
        self.line.hurry(run_id)
        if not owner.sees(live.owner):
            raise errors.NotFoundError(f"there is no run {run_id!r}")
        live.last_used = asyncio.get_running_loop().time()
        return live

    async def seen(self, run_id: str, owner: Owner) -> Summary:
        """A run in short.

        Raises:
            NotFoundError: there is no such run, or the owner may not know of it.
        """
        try:
            summary = await self.store.find(run_id)
        except errors.StoreUnavailableError:
            raise
        except errors.StoreError as error:
            raise errors.NotFoundError(f"there is no run {run_id!r}") from error
        if not summary.model or not owner.sees(summary.owner):
            raise errors.NotFoundError(f"there is no run {run_id!r}")
        self.line.hurry(run_id)
        return summary

    async def workspace(self, run_id: str, owner: Owner) -> build.Session:
        """The session of a run, to look at its files; woken if it sleeps.

        Raises:
            NotFoundError: there is no such run.
            SessionError: it cannot be woken.
        """
        live = await self.reach(run_id, owner)
        self._equip(live)
        await self.line.passed(run_id)
        live.wakes += 1
        try:
            async with self._lock(f"look {run_id}"):  # two who look at once wake it once
                session = await self._conversation(live).aopen()
        finally:
            live.wakes -= 1
            live.last_used = asyncio.get_running_loop().time()
        assert isinstance(session, build.Session)  # `build.agent` opens no others
        return session

    async def branch(self, run_id: str, turn: int, owner: Owner, onward: Onward, request: Request | None = None) -> LiveRun:
        """Begin a run with the past of another one, up to the end of a turn, once for a request.

        Args:
            run_id: of the other.
            turn: of the model; 0: before the first message.
            owner: of the new one.
            onward: how it goes on.
            request: that it is done for.

        Raises:
            errors.NotFoundError: there is no such run.
            InputError: it has no such turn, or the message or a file of it cannot be used.
            StoreError: a file is not kept.
            errors.BusyError: not now.
        """
        source = await self.reach(run_id, owner)
        async with self._once.of(request) as known:
            return await (self._branched(source, turn, owner, onward, request) if known is None else self.reach(known.run_id, owner))

    async def _branched(self, source: LiveRun, turn: int, owner: Owner, onward: Onward, request: Request | None) -> LiveRun:
        child = f"run-{secrets.token_hex(8)}"
        past = records.past(source.record, turn, child, owner.id, onward)
        record, expected = self.store.new(), self.store.requests.expected
        async with self._place(child, owner):
            with expected(child, events.RunStarted, request if onward.message is None else None):
                for event in past:
                    record.append(event)
            await record.settled()
            live = LiveRun(record, owner.id, source.ask)
            self._equip(live)
            conversation = self._conversation(live)
            if (message := onward.message) is None:
                await self._begin(live, lambda _: conversation.aresume(), (), child, begun=True)
            else:
                try:
                    with expected(child, events.TaskGiven, request):
                        await self._begin(live, lambda paths: conversation.asend(message, paths), onward.files, child)
                except errors.CodeactError:  # what was begun with the past of another is not gone on with by itself
                    await self.remove(child, owner)
                    raise
        source.record.append(events.Branched(turn=turn, child=child))
        await source.record.settled()
        return live

    async def decide(self, run_id: str, number: str, decision: Decision, owner: Owner) -> LiveRun:
        """Decide about an open question; a run that sleeps over it is woken. Returns when the decision is kept.

        Raises:
            NotFoundError: there is no such run.
            InputError: the question is not open.
            BusyError: the run cannot be woken now.
        """
        live = await self.reach(run_id, owner)
        async with self._lock(f"wake {run_id}"):
            if not live.works and any(question.number == number for question in questions.open_in(live.record)):
                async with self._place(run_id, owner):
                    if live.sleeps:  # it was not cancelled meanwhile
                        self._equip(live)
                        await self._begin(live, lambda _: self._resumed(live), (), run_id, begun=True)
        await live.decide(number, decision)
        return live

    async def take_up(self) -> tuple[int, list[str]]:
        """Go on with the runs that an earlier process left; how many, and the ids of those with which it cannot be: they have ended."""
        taken, lost = 0, list[str]()
        for summary in await self.store.unfinished():
            if summary.id in self._live:
                continue
            live = await self._loaded(summary.id)
            if records.is_stray(live.record):
                await self.store.remove(summary.id)
                continue
            try:
                self._equip(live)
            except errors.CodeactError as error:
                records.fail(live.record, error)
                await live.record.settled()
                lost.append(summary.id)
                continue
            live.queued = True
            await self._begin(live, lambda _, live=live: self._in_line(live), (), summary.id, begun=True)
            taken += 1
        return taken, lost

    async def remove(self, run_id: str, owner: Owner) -> None:
        """End a run and remove all that is kept of it.

        Raises:
            errors.NotFoundError: there is no such run.
        """
        live = await self.reach(run_id, owner)
        await live.cancel()
        async with self._lock(run_id):  # who reaches for it meanwhile finds it gone
            await self._let_go(run_id)
            await self.store.remove(run_id)

    async def aclose(self) -> None:
        """Let all runs go, those that are worked on too: the next process goes on with them."""
        self._ends = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        await asyncio.gather(*(self._let_go(run_id, _GRACE_SECONDS) for run_id in list(self._live)))

    def _lock(self, name: str) -> asyncio.Lock:
        """One at a time with this name."""
        return self._locks.setdefault(name, asyncio.Lock())

    async def _started(self, order: Order, owner: Owner, run_id: str) -> LiveRun:
        live = LiveRun(self.store.new(), owner.id, order.ask)
        async with self._place(run_id, owner):
            agent = self.agents.for_order(order, live.approve)
            live.conversation = agent.conversation(
                live.record, rebuilds=True, earlier=order.earlier, run_id=run_id, owner=owner.id, options=order.options
            )
            await self._begin(live, lambda files: self._first(live, order.task, files), order.files, run_id)
        return live

    async def _first(self, live: LiveRun, task: str, files: Sequence[Path]) -> Run:
        """Work on the first message; of many runs that begin at once, only some open their sessions at a time, which is sooner for all."""
        async with self._openings:
            with suppress(errors.CodeactError):  # then opening it for the message fails as well, and is recorded
                await self._conversation(live).aopen()
        return await self._conversation(live).asend(task, files)

    async def _loaded(self, run_id: str) -> LiveRun:
        record = await self.store.resume(run_id)
        started = records.start_of(record)
        return LiveRun(record, started.owner, str(started.options.get("ask", NOTHING)))

    def _place(self, run_id: str, owner: Owner) -> AbstractAsyncContextManager[None]:
        """Room for one more run that is worked on; see `Places.taking`."""
        if self._ends:
            raise errors.BusyError("the server is ending; try again when it is back", 5)
        return self._places.taking(run_id, owner, self._working())

    def _working(self) -> dict[str, str]:
        """The runs that are worked on, with their owners."""
        return {run_id: live.owner for run_id, live in self._live.items() if live.works}

    def _equip(self, live: LiveRun) -> None:
        """Give a run from the store what it needs to be worked on."""
        if live.conversation is None:
            agent = self.agents.for_record(live.record, live.approve)
            live.conversation = agent.conversation(live.record, rebuilds=True)

    def _conversation(self, live: LiveRun) -> Conversation:
        assert live.conversation is not None
        return live.conversation

    async def _resumed(self, live: LiveRun) -> Run:
        """Go on with a run; one that cannot be gone on with ends."""
        try:
            return await self._conversation(live).aresume()
        except errors.InputError as error:
            records.fail(live.record, error)
            raise

    async def _in_line(self, live: LiveRun) -> Run:
        """Go on with a run when it is its turn: to rebuild the sessions of all at once would take longer for each."""
        try:
            async with self.line.turn(live.run_id):
                live.queued = False
                with suppress(errors.CodeactError):  # then opening it to go on fails as well, and is recorded
                    await self._conversation(live).aopen()
        except asyncio.CancelledError:
            live.queued = False
            records.cancel(live.record)
            raise
        return await self._resumed(live)

    async def _begin(
        self,
        live: LiveRun,
        work: Callable[[Sequence[Path]], Awaitable[Run]],
        files: Sequence[GivenFile],
        run_id: str,
        *,
        begun: bool = False,
    ) -> None:
        """Have a run worked on; returns when its message is kept, which it is already if it has `begun`."""

        async def with_files() -> Run:
            async with at_hand(self.store, files) as paths:
                return await work(paths)

        live.work(with_files())
        self._live[run_id] = live
        self._watch_over()
        if self._on_begun is not None:
            self._on_begun(live)
        if begun:
            return
        try:
            await asyncio.shield(live.begun)
        except BaseException:
            if not live.run_id:
                await self._let_go(run_id)
            raise

    def _watch_over(self) -> None:
        if self._keeper is None:
            self._keeper = asyncio.ensure_future(self._put_to_sleep())

    async def _put_to_sleep(self) -> None:
        """Let go of runs that nobody has used for a while."""
        while True:
            await asyncio.sleep(min(_LOOK_SECONDS, self._idle))
            await asyncio.gather(*map(self._let_go, unused(self._live, self.most, self._idle)))

    async def _let_go(self, run_id: str, grace: float = 0.0) -> None:
        live = self._live.pop(run_id, None)
        if live is not None:
            await live.leave(grace)
