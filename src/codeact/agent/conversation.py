"""A conversation: messages of the user one after another, on one session and one trajectory, each with a typed end.

Invariant: every message that was taken ends in a `RunEnded`, whatever happens; the session is opened with the first message and lives
until `aclose`, a cancellation or a failure. It does not: decide what the agent does (`loop` does).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeact import errors, events
from codeact.agent.budget import Budget
from codeact.protocols import Session
from codeact.sync import Closeable, LoopRunner
from codeact.trajectory import Trajectory

NEW_SESSION = "This is a new Python session: variables, imports and files of the earlier one are gone."
NO_SESSION = "none"


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
        ending: state and reason, once it is over.
        answer, value: as in `Run`.
    """

    session: Session
    trajectory: Trajectory
    budget: Budget
    turn: int
    ending: tuple[events.State, str] = ("error", "")
    answer: str | None = None
    value: Any = field(default=None)


class Conversation(Closeable):
    """Messages on one session; made by `Agent.conversation`.

    Args:
        open_session: makes the session; takes the record, and what tells the number of the turn that a call of a tool belongs to.
        start: the `RunStarted` for an isolation tier.
        loop: brings a round to its end.
        limits: of each round.
        trajectory: what has happened before; None begins a new one.
        runner: for the sync face.
    """

    def __init__(
        self,
        open_session: Callable[[Trajectory, Callable[[], int]], Awaitable[Session]],
        start: Callable[[str], events.RunStarted],
        loop: Callable[[Round], Awaitable[None]],
        *,
        limits: events.Limits,
        trajectory: Trajectory | None,
        runner: LoopRunner,
    ) -> None:
        self.trajectory = Trajectory() if trajectory is None else trajectory
        self._open_session = open_session
        self._start = start
        self._loop = loop
        self._limits = limits
        self._runner = runner
        self._session: Session | None = None
        self._current: Round | None = None
        self._busy = False
        self._is_new = False

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
        if self._busy:
            raise errors.InputError("the agent is working on a message: wait for its end, or use another conversation")
        self._busy = True
        try:
            run = await self._round(text, files)
            await self.trajectory.settled()  # an answer that is given is kept
            return run
        finally:
            self._busy = False

    def send(self, text: str, files: Sequence[Path] = ()) -> Run:
        """Sync face of `asend`."""
        return self._runner.call(self.asend(text, files))

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
        budget = Budget(self._limits)
        current: Round | None = None
        try:
            session, names = await self._ready(files)
            self._begin(session.isolation, text, names)
            current = self._current = Round(session, self.trajectory, budget, self._turns)
            await self._loop(current)
        except errors.CodeactError as error:
            if current is None:
                if isinstance(error, errors.InputError):
                    raise
                self._begin(NO_SESSION, text, ())
            return await self._failed(error, budget)
        except asyncio.CancelledError:
            if current is None:
                self._begin(NO_SESSION, text, ())
            self._end("cancelled", "cancelled from outside", budget)
            await self.aclose()
            raise
        state, reason = current.ending
        self._end(state, reason, budget)
        return Run(state, current.answer, current.value, budget.usage, self.trajectory, reason=reason)

    async def _ready(self, files: Sequence[Path]) -> tuple[Session, tuple[str, ...]]:
        """The open session, with the files in its workspace, and their names there."""
        with errors.crossing("session"):
            if self._session is None:
                self._session = await self._open_session(self.trajectory, lambda: self._current.turn if self._current is not None else 0)
                self._is_new = True
            names = [await self._session.aadd_file(Path(file)) for file in files]
        return self._session, tuple(names)

    @property
    def _turns(self) -> int:
        return len(self.trajectory.of_type(events.ModelTurn))

    def _begin(self, isolation: str, text: str, names: tuple[str, ...]) -> None:
        """Record the start of the run, once, and the message; say so if an earlier session's state is gone."""
        if self.trajectory.last(events.RunStarted) is None:
            self.trajectory.append(self._start(isolation))
        elif self._is_new and self.trajectory.last(events.Action) is not None:
            self.trajectory.append(events.Feedback(turn=self._turns, reason="other", text=NEW_SESSION))
        self._is_new = False
        self.trajectory.append(events.TaskGiven(text=text, files=names))

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
