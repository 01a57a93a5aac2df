"""Experts whose actions are known before the first is run: one after the other, or all in one.

Invariant: the answer is the last line that was printed, never a value from elsewhere. It does not: look at what is printed before that.
"""

import random
from collections.abc import Callable

from codeact.bench.policies import CodePolicy
from codeact.bench.task import Tolerance

TWO_DECIMALS = Tolerance(rel=1e-9, abs=0.01001)
"""For answers that are rounded to two decimals: a half may be rounded either way, in a large number too."""
THREE_DECIMALS = Tolerance(rel=1e-9, abs=0.001001)
"""The same for three."""


def check_of(answer: object) -> str:
    """The check that an answer of its type has, by name: lists in order, texts to the letter, numbers by value."""
    if isinstance(answer, list):
        return "list"
    return "exact" if isinstance(answer, str) else "number"


def in_turn(*actions: str) -> Callable[[], CodePolicy]:
    """A policy of actions, each run whatever those before it printed.

    Args:
        actions: the last prints the answer on its last line.
    """

    def code() -> CodePolicy:
        said = ""
        for action in actions:
            said = yield action
        return (said.strip().splitlines() or [""])[-1].strip()

    return code


def worked(chance: random.Random, *steps: tuple[str, str], apart: float = 0.25) -> Callable[[], CodePolicy]:
    """A policy of steps, now in one action and now an action each.

    Args:
        chance: decides.
        steps: code of each, empty if it needs none, and the expression that is printed after it if the action ends there.
        apart: how often each step is an action.
    """
    if chance.random() < apart:
        return in_turn(*(_action((code,), shown) for code, shown in steps))
    return in_turn(_action([code for code, _ in steps], steps[-1][1]))


def _action(codes: list[str] | tuple[str, ...], shown: str) -> str:
    return "\n".join([*(code for code in codes if code), f"print({shown})"])
