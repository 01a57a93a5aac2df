"""The checks: whether the calls were the right ones, and whether the simulators are as the right calls leave them.

Invariant: after each message the state is the right one, and whatever the right calls of that message returned was returned to the model
by then; further calls that change nothing do no harm. It does not: read the answer.
"""

from collections.abc import Sequence
from typing import Any

from codeact.bench.suites.gorilla.matching import mismatch
from codeact.bench.suites.gorilla.schema import SchemaTool
from codeact.bench.suites.gorilla.tools import Simulated
from codeact.bench.task import Score, Task


def calls(task: Task, tools: Sequence[SchemaTool]) -> Score:
    """All calls of the run are the right ones."""
    right: Any = task.data["right"]
    why = mismatch(tools[0].log.calls, right)
    return Score.of(not why, why)


def state(answer: str | None, task: Task, tools: Sequence[Simulated]) -> Score:
    """What was done since the last message is what it asked for."""
    if answer is None:
        return Score.of(False, "there is no answer")
    stage = tools[0].stage
    rounds: Any = task.data["right"]
    right = rounds[stage.messages]
    stage.messages += 1
    returned = [stage.wanted.run(call) for call in right]
    if not right:
        return Score.of(True)
    different = stage.world.differences(stage.wanted)
    if different:
        return Score.of(False, f"message {stage.messages}: {', '.join(different)} is not as {'; '.join(right)} leaves it")
    left = list(stage.results)
    for text in returned:
        if text not in left:
            return Score.of(False, f"message {stage.messages}: no call returned {text[:200]!r}, as one of {'; '.join(right)} does")
        left.remove(text)
    return Score.of(True)
