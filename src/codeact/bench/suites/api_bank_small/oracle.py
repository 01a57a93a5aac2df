"""The oracle: the dialogue's own call, as in `api_bank`.

Invariant: it makes one call, then answers. It does not: look at what the call gave.
"""

from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, call_of, code_of
from codeact.bench.task import Task
from codeact.protocols import Call

DONE = "done"


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    return code_of(_call(task), DONE)


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    return call_of(_call(task), DONE)


def _call(task: Task) -> Call:
    call: Any = task.data["call"]
    return Call(call["tool"], (), dict(call["arguments"]))
