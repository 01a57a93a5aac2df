"""What a task with an oracle is, and the policies that most of them need.

Invariant: a policy knows the prompt, the signatures and docstrings of the tools, and what it has been shown, and nothing else; it never
errs. It does not: run anything.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.protocols import Call

CodePolicy = Generator[str, str, str]
"""Yields code, is sent the output that it is shown, and returns the answer."""

CallPolicy = Generator[Sequence[Call], list[Any], Any]
"""Yields calls that can be made side by side, is sent what each gave, and returns the answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Args:
        name: unique.
        prompt: for the agent.
        make: the tools, anew for each run.
        code: the policy in the format `code`.
        calls: the policy in the formats `json` and `text`.
        gold: the answer, computed from the data and with no tool.
    """

    name: str
    prompt: str
    make: Callable[[], Sequence[Any]]
    code: Callable[[], CodePolicy]
    calls: Callable[[], CallPolicy]
    gold: Callable[[], Any]


def at_once(code: str) -> Callable[[], CodePolicy]:
    """The policy of a task in which nothing has to be read before the end: one action, whose last line of output is the answer."""

    def policy() -> CodePolicy:
        shown = yield code.strip()
        return shown.splitlines()[-1]

    return policy


def calls_of(tool: str, *arguments: Sequence[Any]) -> list[Call]:
    """Calls of one tool, each with its arguments in their order."""
    return [Call(tool, tuple(given)) for given in arguments]
