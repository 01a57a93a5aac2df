"""The check: whether the first call is the one that the record has.

Invariant: the right call is made anew on tables of its own, and what came of it is compared, so that an error of the tables is the same for
both. It does not: read the answer.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codeact.bench.calling import LoggedTool, Made
from codeact.bench.suites.api_bank.catalogue import functions, typed
from codeact.bench.suites.api_bank.comparing import difference
from codeact.bench.suites.api_bank.tools import desk, run
from codeact.bench.task import Score, Task


def called(task: Task, tools: Sequence[LoggedTool], data: Path | None) -> Score:
    """Of the calls since the last answer, the first is right."""
    made = tools[0].log.fresh()
    if not made:
        return Score.of(False, "no tool was called")
    why = difference(made[0], wanted(task, data))
    return Score.of(not why, why)


def wanted(task: Task, data: Path | None) -> Made:
    """The right call of a task, and what comes of it."""
    call: Any = task.data["call"]
    return run(functions(desk(task, data))[call["tool"]], Made(call["tool"], typed(call["tool"], call["arguments"])))
