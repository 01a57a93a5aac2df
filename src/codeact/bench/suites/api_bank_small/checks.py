"""The check: whether the first call is the one that the dialogue has.

Texts are the same but for case and white space around them; the description of a fault is free, as long as it is there.

Invariant: both calls are made in equal workshops, and what comes of them is the same. It does not: read the answer.
"""

from collections.abc import Sequence
from typing import Any

from codeact.bench.calling import LoggedTool, Made
from codeact.bench.suites.api_bank_small.tools import functions, run
from codeact.bench.task import Score, Task

_FREE = {"description"}


def called(task: Task, tools: Sequence[LoggedTool]) -> Score:
    """Of the calls since the last answer, the first is right."""
    made = tools[0].log.fresh()
    if not made:
        return Score.of(False, "no tool was called")
    call: Any = task.data["call"]
    return _score(made[0], run(functions(task), call))


def _score(made: Made, wanted: Made) -> Score:
    if made.tool != wanted.tool:
        return Score.of(False, f"{made.tool} was called, not {wanted.tool}")
    for name, value in wanted.arguments.items():
        if name not in _FREE and _plain(made.arguments.get(name)) != _plain(value):
            return Score.of(False, f"{made.tool}: {name} is {made.arguments.get(name)!r:.200}, not {value!r}")
    same = (made.value, made.error is None) == (wanted.value, wanted.error is None)
    return Score.of(same, f"{made.tool} gave {made.error or made.value!r:.200}, not {wanted.error or wanted.value!r}")


def _plain(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value
