"""A task done by its oracle: the real agent, a real session, the real bridge, and a model that follows the policy.

Invariant: what the policy is sent is read from the messages that a model would be shown. It does not: judge the answer.
"""

from dataclasses import dataclass

from agent.oracles.task import Task
from codeact import build, events
from codeact.agent.loop import Agent
from codeact.bench.baselines import Scripted, Stepping, call_steps, code_steps
from codeact.protocols import Calls
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools

_WIDE = events.Limits(turns=None, output_chars=20_000)


@dataclass(frozen=True, slots=True)
class Done:
    """How a task went: the answer, how many turns and calls, and the texts that were written and shown."""

    answer: str
    turns: int
    calls: int
    written: tuple[str, ...]
    shown: tuple[str, ...]


async def done(task: Task, format: str, *, single: bool = False) -> Done:
    """Run a task.

    Args:
        task: which.
        format: `code`, `json` or `text`.
        single: calls one a turn, even those that could be made side by side.
    """
    action_format = build.format(format)
    steps = code_steps(task.code()) if format == "code" else call_steps(task.calls(), single=single)
    async with Agent(
        Scripted("oracle", Stepping(action_format, steps)), action_format, _opened, tools=as_tools(task.make()), bridge=Bridge, limits=_WIDE
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
