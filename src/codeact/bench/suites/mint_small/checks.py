"""The checks: a letter, a program, and what became of the house.

Invariant: a program runs in the sandbox, see `codeact.bench.suites.mint.programs`; in a house counts what was done, and not what is said.
It does not: check numbers and names; the checks that come with codeact do.
"""

from collections.abc import Sequence
from typing import Any

from codeact.bench.grading import Sandbox
from codeact.bench.suites.mint import programs, reasoning
from codeact.bench.task import Score, Task


def choice(answer: str | None, task: Task) -> Score:
    """A letter, or the text of its option."""
    options: Any = task.data["options"]
    return reasoning.grade("mmlu", answer or "", task.answer, options=options)


async def program(answer: str | None, task: Task, sandbox: Sandbox) -> Score:
    """A function that passes its tests."""
    name, tests = str(task.data["name"]), str(task.data["tests"])
    return await programs.passes(answer or "", prompt="", tests=tests, name=name, sandbox=sandbox)


def house(task: Task, tools: Sequence[Any]) -> Score:
    """All things lie where they should, as they should be."""
    here = tools[0].house
    goal: Any = task.data["goal"]
    missing = [wish for wish in goal if not here.has(*wish)]
    return Score.of(not missing, f"not so: {missing}")
