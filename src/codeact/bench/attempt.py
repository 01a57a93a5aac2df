"""One attempt at a task: the agent in a session of its own, its answers graded while that is open, and what came of it as a `Result`.

Invariant: the right answer stays here; what the model is told is that its answer is wrong, while it may give another, and nothing else. It
does not: choose what is attempted.
"""

import shutil
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codeact import build, config, errors, events
from codeact.agent.conversation import Conversation
from codeact.bench import failures
from codeact.bench.face import Face
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.results import Key, Result
from codeact.bench.suite import Rule, Suite
from codeact.bench.task import Score, Task
from codeact.protocols import Completion, Model, ModelRequest
from codeact.trajectory import Trajectory

WRONG = "Your answer is wrong."


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same for all attempts.

    Args:
        suite: the tasks.
        settings: all of them, limits and format as the attempts have them.
        rule: which answers count.
        check: in place of the tasks' own.
    """

    suite: Suite
    settings: config.Settings
    rule: Rule
    check: str | None = None


class Timed(Face):
    """A model, and how long it was waited for.

    Args:
        model: of whom it is the face.
    """

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.waited = 0.0

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """What the model writes."""
        began = time.perf_counter()
        try:
            async with aclosing(super().generate(request)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self.waited += time.perf_counter() - began


@dataclass(slots=True)
class _Judge:
    """Grades each answer, and decides whether it is the last to its message."""

    grade: Grader
    rule: Rule
    workspace: Callable[[], Path | None]
    scores: list[tuple[str, Score]] = field(default_factory=list)
    begun: int = 0
    """How many scores there were before the present message."""

    async def __call__(self, answer: str) -> str:
        """See `codeact.protocols.Verify`."""
        score = await self.grade(answer, self.workspace())
        self.scores.append((answer, score))
        most = self.rule.answers
        return "" if score.success or (most is not None and len(self.scores) - self.begun >= most) else WRONG

    @property
    def last(self) -> Score | None:
        """Of the last answer to the present message."""
        return self.scores[-1][1] if len(self.scores) > self.begun else None


async def attempt(conditions: Conditions, task: Task, model: Model, key: Key, *, path: Path, shown: str) -> Result:
    """Make an attempt.

    Args:
        conditions: what is the same for all.
        task: what is to be done.
        model: who does it; it is not closed.
        key: which attempt this is.
        path: file for the record, which is made anew.
        shown: the same file, as the result names it.

    Raises:
        InputError: the task's tools, files or check cannot be used.
        ModelError: the model cannot be had at all, see `is_lasting`: that is no result.
    """
    began, suite = time.perf_counter(), conditions.suite
    sessions: list[build.Session] = []
    settings = conditions.settings
    tools = suite.tools(task, settings.format)
    grader = Grader(suite, task, tools, sandbox_of(settings, settings.limits), conditions.check)
    judge = _Judge(grader, conditions.rule, lambda: sessions[-1].workspace if sessions else None)
    timed = Timed(model)
    record = Trajectory(path)
    aside = path.with_suffix(".files")  # beside the record and not in /tmp: if we are killed, the next attempt clears it away
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        agent = build.agent(settings, model=timed, tools=tools, verify=judge, on_session=sessions.append)
        async with agent, agent.conversation(record) as conversation:
            run, sent = await _talk(conversation, judge, [_prompt(conditions, task), *task.messages], suite.files(task, aside))
            if run.error is not None and is_lasting(run.error):
                raise run.error
            final = await _final(judge, grader)
            if sent <= len(task.messages) and final.success:
                final = Score.of(False, f"the run ended at message {sent} of {1 + len(task.messages)}")
    finally:
        record.close()
        shutil.rmtree(aside, ignore_errors=True)
        for tool in tools:
            close = getattr(tool, "close", None)
            if callable(close):
                with suppress(OSError):
                    close()
    return _result(key, task, run, judge, final, seconds=time.perf_counter() - began, waited=timed.waited, shown=shown)


def is_lasting(error: BaseException | None) -> bool:
    """Whether an error would come again with every attempt: the server or the sandbox cannot be had, or the suite is broken."""
    lasting = (errors.ModelAuthError, errors.ModelNotFoundError, errors.ModelUnavailableError, errors.IsolationError, errors.InputError)
    return isinstance(error, lasting)


def _prompt(conditions: Conditions, task: Task) -> str:
    note = conditions.rule.note.format(answers=conditions.rule.answers, turns=conditions.settings.limits.turns)
    return f"{task.prompt}\n\n{note}" if note else task.prompt


async def _talk(conversation: Conversation, judge: _Judge, messages: list[str], files: list[Path]) -> tuple[build.Run, int]:
    """Send the messages, as long as the answers are right; returns the last run, with what all of them used, and how many were sent."""
    run = await conversation.asend(messages[0], files)
    usage, sent = run.usage, 1
    while sent < len(messages) and judge.last is not None and judge.last.success:
        judge.begun = len(judge.scores)
        run = await conversation.asend(messages[sent])
        usage, sent = usage + run.usage, sent + 1
    return replace(run, usage=usage), sent


async def _final(judge: _Judge, grader: Grader) -> Score:
    """The score that counts: of the right answer, or of the last; without any, what the suite says of the end."""
    return judge.last or await grader(None, judge.workspace())


def _result(key: Key, task: Task, run: build.Run, judge: _Judge, final: Score, *, seconds: float, waited: float, shown: str) -> Result:
    record: Any = run.trajectory
    returned = record.of_type(events.ToolReturned)
    return Result(
        **key._asdict(),
        tags=task.tags,
        state=run.state,
        score=final,
        first=final.success and len(judge.scores) <= 1 + len(task.messages),
        answers=len(judge.scores),
        answer=judge.scores[-1][0] if judge.scores else None,
        failure="" if final.success else failures.failure(run.state, record),
        reason=run.reason,
        turns=len(record.of_type(events.ModelTurn)),
        actions=len(record.of_type(events.Action)),
        calls=len(record.of_type(events.ToolCalled)),
        wrong_calls=sum(event.error is not None for event in returned),
        wrong_actions=failures.wrong_actions(record),
        malformed=failures.malformed_turns(record),
        usage=run.usage,
        seconds=seconds,
        waited=waited,
        trajectory=shown,
    )
