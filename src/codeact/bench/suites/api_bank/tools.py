"""The tools of an attempt, on tables of its own that are as the earlier calls of the dialogue left them.

Invariant: attempts share nothing that can change. It does not: hold the right call.
"""

from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.calling import Log, LoggedTool, Made
from codeact.bench.suites.api_bank import dialogues
from codeact.bench.suites.api_bank.catalogue import functions, typed
from codeact.bench.suites.api_bank.desk import Desk
from codeact.bench.task import Task


def make_tools(task: Task, data: Path | None) -> list[LoggedTool]:
    """The tools that a task names.

    Raises:
        InputError: the tables cannot be read.
    """
    log, there = Log(), functions(desk(task, data))
    return [log.tool(there[name], name) for name in task.tools or ()]


def desk(task: Task, data: Path | None) -> Desk:
    """Tables as the earlier calls of a dialogue left them.

    Raises:
        InputError: they cannot be read.
    """
    if data is None:
        raise errors.InputError("the suite 'api-bank' needs the original's data: give its folder")
    made = Desk(data / dialogues.TABLES, dialogues.record(data))
    there = functions(made)
    before: Any = task.data["before"]
    for call in before:
        run(there[call["tool"]], Made(call["tool"], typed(call["tool"], call["arguments"])))
    return made


def run(function: Any, call: Made) -> Made:
    """A call with what came of it filled in."""
    try:
        call.value = function(**call.arguments)
    except (ValueError, TypeError, KeyError) as error:
        call.error = f"{type(error).__name__}: {error}"
    return call
