"""What a task with an oracle is, and the policies that most of them need.

Invariant: a policy knows the prompt, the signatures and docstrings of the tools, and what it has been shown, and nothing else; it never
errs. It does not: run anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.bench import policies
from codeact.bench.policies import CallPolicy, CodePolicy, calls_of

__all__ = ["CallPolicy", "CodePolicy", "Task", "at_once", "calls_of"]


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
    """The policy of a task in which nothing has to be read before the end, anew at each call."""
    return lambda: policies.at_once(code)
