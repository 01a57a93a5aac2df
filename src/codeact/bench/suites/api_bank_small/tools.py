"""The tools of an attempt, in a workshop of its own that is as the earlier calls of the dialogue left it.

Invariant: attempts share nothing. It does not: hold the right call.
"""

from collections.abc import Callable
from typing import Any

from codeact.bench.calling import Log, LoggedTool, Made
from codeact.bench.suites.api_bank_small.workshop import Workshop
from codeact.bench.task import Task

METHODS = {name.title().replace("_", ""): name for name, thing in vars(Workshop).items() if callable(thing) and name[0] != "_"}
"""Name of a tool to its method."""


def make_tools(task: Task) -> list[LoggedTool]:
    """All tools of the workshop."""
    log, there = Log(), functions(task)
    return [log.tool(function, name) for name, function in there.items()]


def functions(task: Task) -> dict[str, Callable[..., Any]]:
    """All tools, in a workshop as the earlier calls of a dialogue left it."""
    workshop = Workshop()
    made = {name: getattr(workshop, method) for name, method in METHODS.items()}
    before: Any = task.data["before"]
    for call in before:
        run(made, call)
    return made


def run(there: dict[str, Callable[..., Any]], call: dict[str, Any]) -> Made:
    """A recorded call, made, with what came of it."""
    made = Made(call["tool"], dict(call["arguments"]))
    try:
        made.value = there[made.tool](**made.arguments)
    except ValueError as error:
        made.error = f"ValueError: {error}"
    return made
