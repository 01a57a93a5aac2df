"""A conversation: messages of the user one after another, on one session and one trajectory, each with a typed end.

Invariant: every message that was taken ends in a `RunEnded`, whatever happens; the session is opened with the first message and lives
until `aclose`, a cancellation or a failure; a message that a `StoppedError` ends leaves it open. It does not: decide what the agent does
(`loop` does).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeact import errors, events
from codeact.agent import standing
from codeact.agent.approval import BudgetOf
from codeact.agent.budget import Budget
from codeact.agent.rebuilding import File, SeededSession, ShownFolders
from codeact.agent.standing import Given, Past, Standing
from codeact.protocols import Calls, Session
from codeact.sync import Closeable, LoopRunner
from codeact.trajectory import Trajectory

NEW_SESSION = "This is a new Python session: variables, imports and files of the earlier one are gone."
NO_SESSION = "none"
_CONFINED = {"strict", "landlock"}


@dataclass(frozen=True, slots=True)
class Run:
    """How a run went.

    Args:
        state: how it ended.
        answer: the answer as written, None if there is none.
        value: the answer as a value of the wanted type; None without one.
        usage: tokens and money of this run.
        trajectory: everything that happened.
        error: what failed, if `state` is ``error``.
        reason: in a sentence, why it ended without an answer.
    """

    state: events.State
    answer: str | None
    value: Any
    usage: events.Usage
    trajectory: Trajectory
    error: errors.CodeactError | None = None
    reason: str = ""


@dataclass(slots=True)
class Round:
    """One message and what follows from it: what the loop works on.

    Args:
        session: where its actions run.
        trajectory: where everything is recorded.
        budget: what it may use.
        turn: number of the latest model turn.
        calls: the host's end of the calls of its actions, None without tools.
        resumed: where it stood when it was broken off; None if it never was.
        ending: state and reason, once it is over.
        answer, value: as in `Run`.
    """

    session: Session
    trajectory: Trajectory
    budget: Budget
    turn: int
    calls: Calls | None = None
    resumed: Standing | None = None
    ending: tuple[events.State, str] = ("error", "")
    answer: str | None = None
    value: Any = field(default=None)
    _settling: "asyncio.Future[None] | None" = None

    async def settled(self) -> None:
        """Wait until as much of the record is safe as must be before an action is run.

        Nothing of an action in a confined session outlives this process but what its calls of tools do, and these wait for the record
        themselves (`tools.bridge`). So such an action waits for what was recorded up to the action before it: the record is a turn
        behind at most. Elsewhere what is done is known to have been begun, whatever happens to this process.

        Raises:
            StoreError: see `Trajectory.settled`.
        """
        if not self.trajectory.waits or self.session.isolation not in _CONFINED:
            await self.trajectory.settled()
            return
        before, self._settling = self._settling, asyncio.ensure_future(self.trajectory.settled())
        self._settling.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also where nobody waits for it
        if before is not None:
            await before


def _folders(session: Session) -> tuple[str, ...]:
    return session.folders if isinstance(session, ShownFolders) else ()


class Conversation(Closeable):
    """Messages on one session; made by `Agent.conversation`.

    Args:
        open_session: makes the session and the host's end of its calls; takes the record, and what tells the turn that a call of a tool
            belongs to, and the budget of its round, if there is one.
        start: the `RunStarted` for an isolation tier, and what was said before.
        loop: brings a round to its end.
        rebuild: brings a new session to the state that these steps gave to another; returns what the model is to be told of differences.
        limits: of each round.
        trajectory: what has happened before; None begins a new one.
        rebuilds: a session that is gone is rebuilt by what is recorded, and not begun anew.
        seed: of the random numbers of sessions, where they take one; None: they draw their own.
        runner: for the sync face.
    """

    def __init__(
        self,
        open_session: Callable[[Trajectory, Callable[[], int], BudgetOf], Awaitable[tuple[Session, Calls | None]]],
        start: Callable[[str], Sequence[events.AnyEvent]],
        loop: Callable[[Round], Awaitable[None]],
        rebuild: Callable[[Session, Calls | None, Sequence[Past | Given], File], Awaitable[str]],
        *,
        limits: events.Limits,
        trajectory: Trajectory | None,
        rebuilds: bool = False,
        seed: int | None = None,
        runner: LoopRunner,
    ) -> None:
        self.trajectory = Trajectory() if trajectory is None else trajectory
        self._open_session = open_session
        self._start = start
        self._loop = loop
        self._rebuild = rebuild
        self._limits = limits
        self._rebuilds = rebuilds
        self._seed = seed
        self._runner = runner
        self._session: Session | None = None
        self._calls: Calls | None = None
        self._current: Round | None = None
        self._busy = False
        self._news = ""

    async def asend(self, text: str, files: Sequence[Path] = ()) -> Run:
        """Give the agent a message and wait for the end of what follows from it.

        Args:
            text: the message.
            files: host files to copy into the session's workspace first.

        Raises:
            StoreError: the record cannot be kept.
            InputError: the message is empty, a file cannot be had, another message is being worked on, or the trajectory's file
                cannot be written. Whatever fails at the model or the session is in the `Run` and not raised.
        """
        if not text.strip():
            raise errors.InputError(f"the message {text!r} is empty: say what to do")
        return await self._kept(lambda: self._round(text, files))

    async def aresume(self) -> Run:
        """Go on with the latest message, on which the process that worked ended before it was over; wait for the end of it.

        The session is rebuilt first: the recorded actions are run again, with the recorded results of their calls, so that no tool is
        called twice; if the model would be shown something else than before, it is told. Turns of the model and calls that are over are
        taken from the record. A call of a tool with ``effect=True`` that was not over is made again only if `approve` is asked and says
        so. What was used of the limits before counts.

        Raises:
            StoreError: the record cannot be kept.
            InputError: the message is over, or was given files, which a record does not hold; or another message is being worked on.
        """
        stands = standing.standing(self.trajectory)
        return await self._kept(lambda: self._resumed(stands))

    def resume(self) -> Run:
        """Sync face of `aresume`."""
        return self._runner.call(self.aresume())

    async def _kept(self, work: Callable[[], Awaitable[Run]]) -> Run:
        """One message at a time; an answer that is given is kept."""
        if self._busy:
            raise errors.InputError("the agent is working on a message: wait for its end, or use another conversation")
        self._busy = True
        try:
            run = await work()
            await self.trajectory.settled()
            return run
        finally:
            self._busy = False

    def send(self, text: str, files: Sequence[Path] = ()) -> Run:
        """Sync face of `asend`."""
        return self._runner.call(self.asend(text, files))

    @property
    def session(self) -> Session | None:
        """The session, if one is open."""
        return self._session

    async def aopen(self) -> Session:
        """The session, opened if none is open: with the state of the conversation, where it is to be rebuilt.

        Raises:
            InputError: a message is being worked on, and has none yet.
            SessionError: it cannot be opened.
        """
        if self._session is not None:
            return self._session
        if self._busy:
            raise errors.InputError("the agent is working on a message and has no session yet: wait for it")
        self._busy = True
        try:
            return await self._opened()
        finally:
            self._busy = False

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; the round goes on with what it has written. Nothing if none runs."""
        if self._session is not None:
            with errors.crossing("session"):
                await self._session.ainterrupt()

    async def aclose(self) -> None:
        """End the session. A later message opens a new one, without the old one's state. Calling it twice does nothing more."""
        session, self._session = self._session, None
        if session is not None:
            with errors.crossing("session"):
                await session.aclose()

    def close(self) -> None:
        """Sync face of `aclose`."""
        self._runner.call(self.aclose())

    async def _round(self, text: str, files: Sequence[Path]) -> Run:
        async def begun() -> Round:
            session = await self._opened()
            names, digests = await self._given(session, files)
            self._begin(session.isolation, text, names, digests, self._untold(session))
            return Round(session, self.trajectory, budget, self._turns, self._calls)

        budget = Budget(self._limits)
        return await self._to_its_end(budget, begun, lambda: self._begin(NO_SESSION, text))

    async def _resumed(self, stands: Standing) -> Run:
        async def begun() -> Round:
            session = await self._opened(stands.rebuilt)
            self._tell_news()
            return Round(session, self.trajectory, budget, self._turns, self._calls, stands)

        budget = Budget.used(self._limits, turns=stands.turns, usage=stands.usage, seconds=stands.seconds, malformed=stands.malformed)
        return await self._to_its_end(budget, begun, lambda: None)

    async def _to_its_end(self, budget: Budget, begun: Callable[[], Awaitable[Round]], without: Callable[[], None]) -> Run:
        """Bring a round to its end; `without` records its beginning if it has no session."""
        current: Round | None = None
        try:
            current = self._current = await begun()
            await self._loop(current)
        except errors.StoppedError as error:
            if current is None:
                without()
            self._end("cancelled", str(error), budget)
            return Run("cancelled", None, None, budget.usage, self.trajectory, reason=str(error))
        except errors.CodeactError as error:
            if current is None:
                if isinstance(error, errors.InputError):
                    raise
                without()
            return await self._failed(error, budget)
        except asyncio.CancelledError:
            if current is None:
                without()
            self._end("cancelled", "cancelled from outside", budget)
            await self.aclose()
            raise
        state, reason = current.ending
        self._end(state, reason, budget)
        return Run(state, current.answer, current.value, budget.usage, self.trajectory, reason=reason)

    async def _opened(self, steps: Sequence[Past | Given] | None = None) -> Session:
        """The open session; a new one has the state of these steps, or of all that is recorded if that is wanted."""
        if self._session is not None:
            return self._session
        if steps is None and self._rebuilds:
            steps = standing.state_of(self.trajectory)
        with errors.crossing("session"):
            session, calls = await self._open_session(self.trajectory, self._turn, self._budget)
        if isinstance(session, SeededSession):
            session.seed = self._seed
        self._session, self._calls, self._news = session, calls, ""
        if steps is not None:
            try:
                self._news = await self._rebuild(session, calls, steps, self.trajectory.file)
            except BaseException:  # half a state is none
                await self.aclose()
                raise
        elif self.trajectory.last(events.Action) is not None:
            self._news = NEW_SESSION
        if gone := [path for path in self._told if path not in _folders(session)]:
            self._news = " ".join(filter(None, (self._news, f"These folders cannot be read any more: {', '.join(gone)}.")))
        return session

    async def _given(self, session: Session, files: Sequence[Path]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Files copied into the workspace, and kept where the record is: their names there, and their digests."""
        names, digests = [], []
        for file in map(Path, files):
            with errors.crossing("session"):
                names.append(await session.aadd_file(file))
            if self.trajectory.waits:
                digests.append(await self.trajectory.keep_file(await asyncio.to_thread(file.read_bytes)))
        return tuple(names), tuple(filter(None, digests))

    def _turn(self) -> int:
        return self._current.turn if self._current is not None else 0

    def _budget(self) -> Budget | None:
        return self._current.budget if self._current is not None else None

    @property
    def _turns(self) -> int:
        return len(self.trajectory.of_type(events.ModelTurn))

    @property
    def _told(self) -> tuple[str, ...]:
        """The folders that the model was told of last."""
        return next((event.folders for event in reversed(self.trajectory.of_type(events.TaskGiven)) if event.folders), ())

    def _untold(self, session: Session) -> tuple[str, ...]:
        """Folders that the session is shown, if they are not what the model was told last, or there was news of another session since."""
        shown = _folders(session)
        for event in reversed(self.trajectory.events):
            if isinstance(event, events.Feedback) and event.reason == "rebuilt":
                return shown
            if isinstance(event, events.TaskGiven) and event.folders:
                return () if event.folders == shown else shown
        return shown

    def _begin(
        self,
        isolation: str,
        text: str,
        names: tuple[str, ...] = (),
        digests: tuple[str, ...] = (),
        folders: tuple[str, ...] = (),
    ) -> None:
        """Record the start of the run, once, and the message; say so if an earlier session's state is gone or another."""
        if self.trajectory.last(events.RunStarted) is None:
            for event in self._start(isolation):
                self.trajectory.append(event)
        self._tell_news()
        self.trajectory.append(events.TaskGiven(text=text, files=names, digests=digests, folders=folders))

    def _tell_news(self) -> None:
        news, self._news = self._news, ""
        if news:
            self.trajectory.append(events.Feedback(turn=self._turns, reason="rebuilt", text=news))

    async def _failed(self, error: errors.CodeactError, budget: Budget) -> Run:
        """Record a failure; a session that failed is ended."""
        failed = events.Failed(turn=self._turns, boundary=error.boundary, kind=type(error).__name__, message=str(error))
        self.trajectory.append(failed)
        if error.boundary == errors.SessionError.boundary:
            with suppress(errors.CodeactError):  # what it failed of is recorded already
                await self.aclose()
        self._end("error", str(error), budget)
        return Run("error", None, None, budget.usage, self.trajectory, error=error, reason=str(error))

    def _end(self, state: events.State, reason: str, budget: Budget) -> None:
        ended = events.RunEnded(state=state, reason=reason, turns=budget.turns, usage=budget.usage, seconds=budget.seconds)
        self.trajectory.append(ended)
