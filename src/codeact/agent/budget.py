"""What a run may use, and what it has used: turns, tokens, seconds, money.

Invariant: it only counts and compares; whoever holds it decides what follows. A limit is reached when the use equals it.
"""

import time
from collections.abc import Awaitable
from typing import TypeVar

from codeact.events import LimitHit, Limits, Usage

T = TypeVar("T")


class Budget:
    """The budget of one run (of one message, in a conversation); the clock runs from the moment it is made.

    Args:
        limits: the bounds; None in a field is no bound.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._started = time.monotonic()
        self._excused = 0.0
        self._deciding = 0
        self._asked = 0.0
        self.turns = 0
        self.usage = Usage()
        self.malformed = 0

    @classmethod
    def used(cls, limits: Limits, *, turns: int, usage: Usage, seconds: float, malformed: int) -> "Budget":
        """The budget of a run that is gone on with, of which this much is used."""
        budget = cls(limits)
        budget.turns, budget.usage, budget.malformed = turns, usage, malformed
        budget._started -= seconds
        return budget

    @property
    def seconds(self) -> float:
        """Seconds since the run began, without those that somebody took to decide."""
        now = time.monotonic()
        return now - self._started - self._excused - (now - self._asked if self._deciding else 0.0)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the limit, at least 0; None without a limit."""
        return None if self._limits.seconds is None else max(0.0, self._limits.seconds - self.seconds)

    def out_of_patience(self, repeats: int) -> str:
        """Why the run is given up, in words; empty if another turn may begin.

        Args:
            repeats: times in a row that an action failed just as the one before it did.
        """
        if self.malformed > 0 and self.malformed >= self._limits.malformed:
            return f"{self.malformed} messages of the model in a row could not be used"
        if repeats > 0 and self._limits.repeats is not None and repeats >= self._limits.repeats:
            return f"the same action failed in the same way {repeats + 1} times in a row"
        return ""

    async def excusing(self, deciding: Awaitable[T]) -> T:
        """Wait for somebody who decides: time that does not count, and once where several decide side by side."""
        if not self._deciding:
            self._asked = time.monotonic()
        self._deciding += 1
        try:
            return await deciding
        finally:
            self._deciding -= 1
            if not self._deciding:
                self._excused += time.monotonic() - self._asked

    def spend(self, usage: Usage) -> None:
        """Count one model turn."""
        self.turns += 1
        self.usage += usage

    def reached(self) -> LimitHit | None:
        """The first limit that is reached, with its value; None if another turn may begin."""
        limits = self._limits
        used: dict[str, tuple[float, float | None]] = {
            "turns": (self.turns, limits.turns),
            "tokens": (self.usage.output_tokens, limits.tokens),
            "seconds": (self.seconds, limits.seconds),
            "cost": (self.usage.cost, limits.cost),
        }
        return next((LimitHit(name=name, value=most) for name, (use, most) in used.items() if most is not None and use >= most), None)

    def tokens_for_turn(self, most: int) -> int:
        """How many tokens the next turn may write: `most`, or what the run has left, at least 1."""
        return most if self._limits.tokens is None else max(1, min(most, self._limits.tokens - self.usage.output_tokens))

    def seconds_for_action(self) -> float | None:
        """The wall-clock limit to give an action because the run ends before its own; None if the session's own limit is the nearer."""
        left, own = self.seconds_left, self._limits.action_seconds
        return None if left is None or (own is not None and own <= left) else left
