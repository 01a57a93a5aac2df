"""An agent that knows the answers: the references, the solutions, and the trajectories that come with the original's data.

Invariant: it shows that every task can be done and is graded right; unlike the oracles of suites of our own it computes nothing.
It does not: play a house without such a trajectory.
"""

import json
from typing import Any, cast

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import Task
from codeact.protocols import Call


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    expert = _expert(task)
    if expert:
        yield "\n".join(f"print({name}({', '.join(map(repr, args))}))" for name, *args in expert)
    return answer_of(task)


def calls(task: Task) -> CallPolicy:
    """The policy in calls: a house is acted in one call a turn, for each depends on the one before."""
    for name, *args in _expert(task):
        yield [Call(name, tuple(args))]
    return answer_of(task)


def answer_of(task: Task) -> str:
    """The right answer, as text."""
    return task.answer if isinstance(task.answer, str) else json.dumps(task.answer)


def _expert(task: Task) -> list[list[Any]]:
    return cast(list[list[Any]], task.data.get("expert", []))
