"""The oracle: the recorded call itself. It is the one suite in which the oracle is the record, since nobody else knows what was meant.

Invariant: it makes one call, then answers. It does not: look at what the call gave.
"""

from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, call_of, code_of
from codeact.bench.suites.api_bank.catalogue import typed
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
    return Call(call["tool"], (), typed(call["tool"], call["arguments"]))
