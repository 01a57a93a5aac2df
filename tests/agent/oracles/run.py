"""A task done by its oracle: the real agent, a real session, the real bridge, and a model that follows the policy.

Invariant: what the policy is sent is read from the messages that a model would be shown. It does not: judge the answer.
"""

import ast
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from agent.oracles.task import CallPolicy, CodePolicy, Task
from codeact import build, events
from codeact.agent.loop import Agent
from codeact.protocols import ActionFormat, Call, Calls, Completion, ModelRequest, Step
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools

_CALL = re.compile(r"^\[call \d+: [\w.]+\]\n", re.MULTILINE)
_WIDE = events.Limits(turns=None, output_chars=20_000)


@dataclass(frozen=True, slots=True)
class Done:
    """How a task went: the answer, how many turns and calls, and the texts that were written and shown."""

    answer: str
    turns: int
    calls: int
    written: tuple[str, ...]
    shown: tuple[str, ...]


class Oracle:
    """A model that writes what a policy says.

    Args:
        task: whose.
        format: how it is written.
        single: calls one a turn, even those that could be made side by side.
    """

    name = "oracle"
    uses_grammar = False

    def __init__(self, task: Task, format: ActionFormat, *, single: bool = False) -> None:
        self._format = format
        policy = _code_steps(task.code()) if format.name == "code" else _call_steps(task.calls(), single=single)
        self._policy = policy
        self._begun = False

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """Write the next turn, after a look at the last message."""
        step = self._policy.send(request.messages[-1].content if self._begun else None)
        self._begun = True
        text = self._format.write(step)
        yield text
        yield Completion(text)

    async def aclose(self) -> None:
        """Nothing to free."""


async def done(task: Task, format: str, *, single: bool = False) -> Done:
    """Run a task.

    Args:
        task: which.
        format: `code`, `json` or `text`.
        single: see `Oracle`.
    """
    action_format = build.format(format)
    async with Agent(
        Oracle(task, action_format, single=single), action_format, _opened, tools=as_tools(task.make()), bridge=Bridge, limits=_WIDE
    ) as agent:
        run = await agent.arun(task.prompt)
    record = run.trajectory
    return Done(
        run.answer if run.answer is not None else f"none: {run.state}, {run.reason}",
        len(record.of_type(events.ModelTurn)),
        len(record.of_type(events.ToolCalled)),
        tuple(turn.text for turn in record.of_type(events.ModelTurn)),
        tuple(message.content for message in record.messages[2:] if message.role == "user"),
    )


def right(task: Task, answer: str) -> bool:
    """Whether an answer is the task's, numbers to a cent."""
    gold = task.gold()
    if isinstance(gold, str):
        return answer.strip() == gold
    try:
        return abs(float(answer) - gold) < 0.005
    except ValueError:
        return False


async def _opened(calls: Calls | None) -> Session:
    session = Session(limits=_WIDE, preload=(), calls=calls)
    await session.astart()
    return session


def _code_steps(policy: CodePolicy) -> Any:
    """The steps of a policy in code; it is sent outputs without what stands above them."""
    try:
        code = next(policy)
        while True:
            message = yield Step("", code=code)
            code = policy.send(message.removeprefix("Output:\n"))
    except StopIteration as end:
        yield Step("", answer=str(end.value))


def _call_steps(policy: CallPolicy, *, single: bool) -> Any:
    """The steps of a policy of calls; it is sent values, read from the messages."""
    try:
        wanted = list(next(policy))
        while True:
            values: list[Any] = []
            for turn in [[call] for call in wanted] if single else [wanted]:
                values += _values((yield Step("", calls=tuple(turn))), turn)
            wanted = list(policy.send(values))
    except StopIteration as end:
        yield Step("", answer=str(end.value))


def _values(message: str, turn: list[Call]) -> list[Any]:
    parts = _CALL.split(message)[1:] if len(turn) > 1 else [message]
    return [ast.literal_eval(part.strip().removeprefix("Output:\n")) for part in parts]
