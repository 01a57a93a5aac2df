"""Draws from a seed that is text.

Invariant: the same seed gives the same draws in every version of Python: nothing but `random.random` is used, whose sequence is
promised. It does not: know what is drawn.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A source of draws.

    Args:
        seed: any text; other texts give other draws.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def between(self, least: int, most: int, step: int = 1) -> int:
        """A whole number, both ends included."""
        return least + step * int(self._random.random() * ((most - least) // step + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of several."""
        return items[self.between(0, len(items) - 1)]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Several different ones, in any order."""
        left = list(items)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(count)]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All, in any order."""
        return self.some(items, len(items))
