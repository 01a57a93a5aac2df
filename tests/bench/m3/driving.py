"""Tasks of m3 done by the oracle in this process: its policies against the tools themselves, without an agent or a session.

Arguments go through the same checks as in a session. It does not: grade.
"""

import contextlib
import io
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from codeact.bench import checks
from codeact.bench import suite as suites
from codeact.bench.suite import Suite
from codeact.bench.task import Score, Task
from codeact.protocols import Call
from codeact.tools.function import FunctionTool, as_tools

SUITE = suites.read("m3")
VARIANTS = suites.read("m3", seed=5, options={"variants": 100})
TASKS = (*SUITE.tasks, *VARIANTS.tasks)

Calling = Generator[Sequence[Call], list[Any], Any]
Coding = Generator[str, str, str]
"""Policies that give one answer."""


@dataclass(frozen=True)
class Done:
    """The answer, and the calls of each turn."""

    answer: str
    turns: tuple[tuple[Call, ...], ...]

    @property
    def calls(self) -> int:
        """How many there were."""
        return sum(map(len, self.turns))


def tools_of(task: Task, suite: Suite = SUITE, format: str | None = None) -> dict[str, FunctionTool]:
    """The tools of a task by name."""
    return {tool.spec.name: tool for tool in as_tools(suite.tools(task, format)) if isinstance(tool, FunctionTool)}


@cache
def by_calls(number: int, *, single: bool) -> Done:
    """A task of `TASKS`, done with calls."""
    task, turns = TASKS[number], list[tuple[Call, ...]]()
    tools, policy = tools_of(task), cast(Calling, SUITE.policy(task, "json", single=single))
    try:
        wanted = next(policy)
        while True:
            turns.append(tuple(wanted))
            wanted = policy.send([tools[call.tool].call(call.args, call.kwargs) for call in wanted])
    except StopIteration as end:
        return Done(str(end.value), tuple(turns))


def by_code(task: Task) -> str:
    """The answer to a task, got with code."""
    names: dict[str, Any] = dict(tools_of(task, format="code"))
    policy = cast(Coding, SUITE.policy(task, "code"))
    try:
        code = next(policy)
        while True:
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                exec(code, names)  # the oracle's own
            code = policy.send(shown.getvalue())
    except StopIteration as end:
        return str(end.value)


def graded(task: Task, answer: str) -> Score:
    """What the task's check says."""
    return checks.check(task.check, answer, task.answer, task.tolerance)
