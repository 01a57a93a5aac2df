"""The agent and its loop: ask the model, parse what it wrote, run the action, record all of it, until there is an answer or a limit.

Invariant: the trajectory is the only state of a run; each request holds its messages, and so starts with the messages of the request
before. It does not: know what stands behind the seams, or end a run on an exception (`conversation` types those).
"""

import asyncio
import platform
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from codeact import errors, events
from codeact.agent import approval
from codeact.agent.answers import AnswerType
from codeact.agent.conversation import Conversation, Round, Run
from codeact.agent.rebuilding import File, rebuild, rehearse
from codeact.agent.repetition import failed_again, told_of_repetition
from codeact.agent.seeding import SEED, said_before, seed_of
from codeact.agent.standing import Given, Past, Standing
from codeact.agent.streaming import streamed
from codeact.agent.writing import Writing
from codeact.protocols import (
    ActionFormat,
    Approve,
    Bridge,
    Calls,
    Decision,
    Model,
    ModelRequest,
    Native,
    NativeModel,
    Session,
    Step,
    Tool,
    Verify,
)
from codeact.sync import Closeable, LoopRunner
from codeact.trajectory import Trajectory

_installed = cache(version)  # reading it costs a millisecond


class Agent(Closeable):
    """A model that acts by running code, made of live objects.

    Args:
        model: who writes the turns; `close` and `aclose` free it.
        format: how an action is written.
        open_session: makes a session for a run.
        tools: what the model is told of that it can call.
        verify: asked about each answer; what it takes counts for no limit.
        owned: what `close` and `aclose` close besides the model.
        limits: of each run.
        answer_type: type of the answer, checked by pydantic; None for free text.
        temperature, seed: for sampling.
        max_tokens: most tokens of one turn.

    Raises:
        InputError: the answer type is none that can be checked, two tools have one name, or the format writes an endpoint's own calls and
            the model has none.
    """

    def __init__(
        self,
        model: Model,
        format: ActionFormat,
        open_session: Callable[[Calls | None], Awaitable[Session]],
        *,
        tools: Sequence[Tool] = (),
        bridge: Bridge | None = None,
        approve: Approve | None = None,
        verify: Verify | None = None,
        owned: Sequence[Closeable] = (),
        limits: events.Limits | None = None,
        answer_type: Any = None,
        temperature: float = 0.0,
        seed: int | None = None,
        max_tokens: int = 1024,
    ) -> None:
        self._model = model
        self._format = format
        self._open_session = open_session
        self._tools = tools
        self._specs = _specs(tools)
        self._native = _native(model, format, self._specs)
        self._bridge = bridge
        self._approve = approve
        self._verify = verify
        self._owned = owned
        self._limits = limits if limits is not None else events.Limits()
        self._answer_type = AnswerType(answer_type)
        self._temperature = temperature
        self._seed = seed
        self._max_tokens = max_tokens
        self._runner = LoopRunner()

    def conversation(
        self,
        trajectory: Trajectory | None = None,
        *,
        rebuilds: bool = False,
        earlier: Sequence[events.Message] = (),
        run_id: str | None = None,
        owner: str = "",
        options: Mapping[str, JsonValue] | None = None,
    ) -> Conversation:
        """A conversation that keeps the session's state and the messages.

        Args:
            trajectory: to go on from, or to record in; None keeps it in memory.
            rebuilds: with a trajectory of earlier messages, the session is rebuilt by its actions (see `Conversation.aresume`); else the
                model is told that their state is gone.
            earlier: messages of the user and answers that were given, somewhere else, before a new conversation begins.
            run_id, owner, options: for the record, see `events.RunStarted`; without an id, one is made.
        """
        number = run_id or f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        seed = seed_of(trajectory)
        noted = {**(options or {}), **({} if seed is None else {SEED: seed})}

        def start(isolation: str) -> Sequence[events.AnyEvent]:
            return [self._started(number, isolation, owner, noted), *said_before(earlier, self._format)]

        faces = (self._opened, start, self._loop, self._rebuild)
        return Conversation(*faces, limits=self._limits, trajectory=trajectory, rebuilds=rebuilds, seed=seed, runner=self._runner)

    async def arun(self, task: str, *, files: Sequence[Path] = (), trajectory: Trajectory | None = None) -> Run:
        """Do one task on a session of its own.

        Args:
            task: what to do.
            files: host files to copy into the session's workspace.
            trajectory: where to record it; None keeps it in memory.

        Raises:
            InputError: see `Conversation.asend`; a run that fails is a `Run` with a typed state.
        """
        async with self.conversation(trajectory) as conversation:
            return await conversation.asend(task, files)

    def run(self, task: str, *, files: Sequence[Path] = (), trajectory: Trajectory | None = None) -> Run:
        """Sync face of `arun`."""
        return self._runner.call(self.arun(task, files=files, trajectory=trajectory))

    async def aresume(self, trajectory: Trajectory) -> Run:
        """Go on with a run that was broken off, on a session of its own; see `Conversation.aresume`.

        Args:
            trajectory: its record, open to go on with (`store.resume`, `trajectory.resume`).
        """
        async with self.conversation(trajectory) as conversation:
            return await conversation.aresume()

    def resume(self, trajectory: Trajectory) -> Run:
        """Sync face of `aresume`."""
        return self._runner.call(self.aresume(trajectory))

    def stream(self, task: str, *, files: Sequence[Path] = (), trajectory: Trajectory | None = None) -> AsyncGenerator[events.AnyEvent]:
        """The events of `arun` as they happen, the transient ones too. Closing the iterator early cancels the run."""
        record = Trajectory() if trajectory is None else trajectory
        return streamed(record, lambda: self.arun(task, files=files, trajectory=record))

    async def aclose(self) -> None:
        """Free the model, and what else the agent owns."""
        try:
            await self._model.aclose()
        finally:
            for each in self._owned:
                await each.aclose()

    def close(self) -> None:
        """Free the model, what else the agent owns, and the loop of the sync face."""
        try:
            self._runner.call(self.aclose())
        finally:
            self._runner.close()

    async def _opened(self, record: Trajectory, turn: Callable[[], int], budget: approval.BudgetOf) -> tuple[Session, Calls | None]:
        """A session whose calls of tools are answered and recorded."""
        if not self._tools or self._bridge is None:
            return await self._open_session(None), None
        approve = None if self._approve is None else approval.Excused(self._approve, budget)
        calls = self._bridge(self._tools, record.append, turn, approve, record.settled if record.waits else None)
        return await self._open_session(calls), calls

    def _started(self, run_id: str, isolation: str, owner: str, options: dict[str, JsonValue]) -> events.RunStarted:
        return events.RunStarted(
            run_id=run_id,
            model=self._model.name,
            format=self._format.name,
            system=self._format.system(self._specs, self._answer_type.phrase),
            isolation=isolation,
            limits=self._limits,
            tools=self._specs,
            answer_schema=self._answer_type.schema,
            environment={"codeact": _installed("codeact"), "python": platform.python_version(), "platform": platform.platform()},
            owner=owner,
            options=options,
        )

    async def _loop(self, current: Round) -> None:
        """Bring a round to its end: ask, parse, act, record."""
        if current.resumed is not None:
            over = await self._taken_up(current, current.resumed)
            current.resumed = None
            if over:
                return
        while not (reason := current.budget.out_of_patience(failed_again(current.trajectory.events, current.turn))):
            if (hit := current.budget.reached()) is not None:
                current.trajectory.append(events.LimitReached(turn=current.turn, limit=hit))
                current.ending = "limit", f"the run reached its limit of {hit.name}: {hit.value:g}"
                return
            writing = await self._ask(current)
            if writing.finish == "cancelled":
                continue  # the run's seconds are over, as the budget will say
            if await self._follow(current, writing.text, writing.finish):
                return
        current.ending = "gave_up", reason

    async def _follow(self, current: Round, text: str, finish: str, stands: Standing | None = None) -> bool:
        """Do what a turn of the model asks for; whether the round is over by that."""
        step = self._understood(current, text, finish)
        if step is not None and (step.code is not None or step.calls):
            await self._act_all(current, step, stands)
            if told := told_of_repetition(current.trajectory.events, current.turn):
                current.trajectory.append(events.Feedback(turn=current.turn, reason="repeated", text=told))
        elif step is not None and step.answer is not None and await self._accepted(current, step.answer, step.thought):
            current.ending = "answered", ""
            return True
        return False

    async def _taken_up(self, current: Round, stands: Standing) -> bool:
        """Do what was left of the latest turn when the run was broken off; whether the round is over by that."""
        if stands.ending is not None:
            current.ending = stands.ending
            answered = current.trajectory.last(events.Answered)
            if stands.ending[0] == "answered" and answered is not None:
                current.answer, current.value = answered.text, self._answer_type.read(answered.text)
            return True
        if stands.turn is None:
            return False
        return await self._follow(current, stands.turn.text, stands.turn.finish, stands)

    async def _rebuild(self, session: Session, calls: Calls | None, steps: Sequence[Past | Given], file: File) -> str:
        """Bring a new session to where another stood; what the model is to be told of what did not come out as before."""
        return await rebuild(session, calls, steps, partial(self._format.show, most=self._limits.output_chars), file)

    async def _ask(self, current: Round) -> Writing:
        """One model turn, recorded however it ends; its `finish` is ``cancelled`` if the run's seconds are over."""
        current.turn += 1
        writing = Writing(self._model, self._format, current.turn, current.trajectory.append)
        started = current.trajectory.last(events.RunStarted)
        request = ModelRequest(
            messages=tuple(current.trajectory.messages),
            stop=tuple(self._format.stop) if self._native is None else (),
            max_tokens=current.budget.tokens_for_turn(self._max_tokens),
            temperature=self._temperature,
            seed=self._seed,
            grammar=self._format.grammar() if self._model.uses_grammar and self._native is None else None,
            cache_key=started.run_id if started is not None else "",
            native=self._native,
        )
        clock = asyncio.timeout(current.budget.seconds_left)
        try:
            async with clock:
                await writing.write(request)
        except TimeoutError:
            if not clock.expired():
                raise
        finally:
            if writing.text or writing.finish != "cancelled":
                current.budget.spend(writing.usage)
                current.trajectory.append(writing.event())
        return writing

    def _understood(self, current: Round, text: str, finish: str) -> Step | None:
        """The turn, parsed; None, and the model told why, if it cannot be."""
        if finish == "length" and self._format.complete(text) != text:  # out of tokens inside an action or an answer
            self._tell(current, "malformed", f"{self._cut_note()} Write a shorter one, to its end.")
            return None
        try:
            return self._format.parse(text)
        except errors.FormatError as error:
            note = f"{self._cut_note()} " if finish == "length" else ""
            self._tell(current, "malformed", note + error.feedback, usable=error.meant and not note)
            return None

    async def _act_all(self, current: Round, step: Step, stands: Standing | None = None) -> None:
        """Run the turn's code, or its calls one after another: each is an action of its own. What is done already is not done again."""
        current.budget.malformed = 0
        done, begun = (stands.observed, stands.begun) if stands is not None else (0, None)
        if step.code is not None:
            if not done:
                await self._act(current, events.Action(turn=current.turn, code=step.code, thought=step.thought), begun)
            return
        for number, call in list(enumerate(step.calls, start=1))[done:]:
            thought, more = step.thought if number == 1 else "", number < len(step.calls)
            code = self._format.source(call, self._specs)
            action = events.Action(turn=current.turn, code=code, thought=thought, tool=call.tool, more=more)
            observation = await self._act(current, action, begun)
            begun = None
            if observation is None:
                return
            if more and observation.status == "interrupted":
                left = len(step.calls) - number
                text = f"{left} more of your calls {'was' if left == 1 else 'were'} not made, since the user interrupted this one."
                current.trajectory.append(events.Feedback(turn=current.turn, reason="other", text=text))
                return
            if more and current.budget.seconds_left == 0:
                return  # the run's seconds are over, as the budget will say

    async def _act(self, current: Round, action: events.Action, begun: Past | None = None) -> events.Observation | None:
        """Run an action, if it is allowed, and record it and what came back; None, and the model told, if it is not."""
        turn, record = current.turn, current.trajectory.append
        if begun is not None:
            action = begun.action  # it was allowed and recorded before the run was broken off
            rehearse(current.calls, begun.calls, more=True)
        else:
            allowed = await self._allowed(current, action)
            if allowed is None:
                return None
            action = allowed
            record(action)
        await current.settled()
        with errors.crossing("session"):
            observation = await current.session.arun(
                action.code,
                on_output=lambda name, text: record(events.StreamChunk(turn=turn, name=name, text=text)),
                timeout=current.budget.seconds_for_action(),
            )
        rehearse(current.calls, None, more=True)
        text = self._format.show(observation, self._limits.output_chars)
        record(observation.model_copy(update={"turn": turn, "text": text}))
        return observation

    async def _allowed(self, current: Round, action: events.Action) -> events.Action | None:
        """The action as it may be run; None, and the model told, if it may not. Where an action is one call, the call is asked about."""
        if self._approve is None or action.tool:
            return action
        record, stands = current.trajectory.append, current.resumed
        known = stands.given if stands is not None else None
        if known is not None:  # decided, and not begun, before the run was broken off
            decision = Decision(known.decision, known.content, known.reason)
        else:
            asked = stands.asked if stands is not None else None
            decision = await current.budget.excusing(approval.ask(self._approve, record, current.turn, action.code, asked))
        if decision.decision == "deny":
            record(events.Feedback(turn=current.turn, reason="other", text=approval.refusal(decision)))
            return None
        return action if decision.content is None else action.model_copy(update={"code": decision.content})

    async def _accepted(self, current: Round, text: str, thought: str) -> bool:
        """Whether the answer is of the wanted type, and stands; the model is told if not."""
        try:
            value = self._answer_type.read(text)
        except errors.FormatError as error:
            self._tell(current, "answer_rejected", error.feedback)
            return False
        if self._verify is not None and (objection := await current.budget.excusing(self._verify(text))):
            self._tell(current, "answer_rejected", objection, usable=True)
            return False
        current.value = value
        current.answer = text
        stored = self._answer_type.stored(value)
        current.trajectory.append(events.Answered(turn=current.turn, text=text, value=stored, thought=thought))
        return True

    def _tell(self, current: Round, reason: Any, text: str, *, usable: bool = False) -> None:
        """Tell the model; `usable`: patience is as after code with a syntax error in it, which is run and is an action."""
        current.budget.malformed = 0 if usable else current.budget.malformed + 1
        current.trajectory.append(events.Feedback(turn=current.turn, reason=reason, text=text))

    def _cut_note(self) -> str:
        return f"Your message was cut off at its limit of {self._max_tokens} tokens."


def _specs(tools: Sequence[Tool]) -> tuple[events.ToolSpec, ...]:
    specs = tuple(tool.spec for tool in tools)
    names = [(spec.module, spec.name) for spec in specs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise errors.InputError(f"two tools are called {'.'.join(filter(None, twice))!r}; give one of them another name")
    return specs


def _native(model: Model, action_format: ActionFormat, specs: Sequence[events.ToolSpec]) -> Native | None:
    native = action_format.native(specs)
    if native is not None and not (isinstance(model, NativeModel) and model.takes_native):
        raise errors.InputError(
            f"the model {model.name!r} has no calls of its own, so actions have to be text: leave native out (--no-native), "
            "or take openai:NAME"
        )
    return native
