"""How a scripted oracle solves a task: the policies that a suite's `oracle.py` holds.

Invariant: a policy knows the prompt, the signatures and docstrings of the tools, and what it has been shown, and nothing else; it never
errs. In code it composes all that can be written without having seen what comes between, and ends an action to look only where somebody has
to read before going on. In calls it makes those side by side that can be written already; comparing, counting and adding cost nothing
there: they happen in the head. It does not: run anything.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.formats import calls as written
from codeact.protocols import Call


@dataclass(frozen=True, slots=True)
class Said:
    """An answer after which more is asked, in a task of several messages: a policy yields it and goes on with the next.

    Args:
        text: the answer.
    """

    text: str


CodePolicy = Generator[str | Said, str, str]
"""Yields code, is sent the output that it is shown, and returns the answer. To a `Said` it is sent the next message."""

CallPolicy = Generator[Sequence[Call] | Said, list[Any], Any]
"""Yields calls that can be made side by side, is sent the value of each, and returns the answer. To a `Said` it is sent nothing."""


def at_once(code: str) -> CodePolicy:
    """The policy of a task in which nothing has to be read before the end: one action, whose last line of output is the answer."""
    shown = yield code.strip()
    return (shown.strip().splitlines() or [""])[-1]


def calls_of(tool: str, *arguments: Sequence[Any]) -> list[Call]:
    """Calls of one tool, each with its arguments in their order."""
    return [Call(tool, tuple(given)) for given in arguments]


def code_of(call: Call, answer: str) -> CodePolicy:
    """The policy of a task that is one call, in code; what the call gives is not looked at."""
    yield written.expression(call)
    return answer


def call_of(call: Call, answer: str) -> CallPolicy:
    """The same in calls."""
    yield [call]
    return answer
