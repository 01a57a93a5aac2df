"""A task before it has its place in the suite, and how one is drawn that fits.

Invariant: tolerances leave room for the rounding that a prompt asks for and for nothing more; no check compares by a share of the
number. It does not: word a prompt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from codeact.bench.suites.m3.chance import Chance

CENTS = {"rel": 0.0, "abs": 0.005}
WHOLE = {"rel": 0.0, "abs": 1e-6}
"""Tolerances: of amounts that are asked for with two decimals, and of whole numbers."""

_MOST_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A task.

    Args:
        prompt: what the agent is told.
        answer: the right one, computed from what the task was made of.
        check: one of the built-in checks.
        tolerance: of numbers, None for text.
        data: what the tools need, and what the prompt says in a form that an oracle can read.
    """

    prompt: str
    answer: JsonValue
    check: str
    tolerance: dict[str, float] | None = None
    data: dict[str, Any] = field(default_factory=dict)


Pattern = Callable[[Chance], Draft | None]
"""Draws a task; None: what was drawn does not make a good one, draw again."""


def drawn(pattern: Pattern, chance: Chance) -> Draft:
    """The first draft of a pattern that fits.

    Raises:
        RuntimeError: none does, which is a fault of the pattern.
    """
    for _ in range(_MOST_DRAWS):
        draft = pattern(chance)
        if draft is not None:
            return draft
    raise RuntimeError(f"nothing that fits was drawn for {pattern} in {_MOST_DRAWS} draws")
