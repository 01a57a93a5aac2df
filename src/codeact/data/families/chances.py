"""What chance makes of a value, to be told once and drawn later.

Invariant: what is drawn follows from the generator that it is given. It does not: hold one.
"""

import random
from collections.abc import Callable
from typing import Any


def between(low: int, high: int) -> Callable[[random.Random], int]:
    """Whole numbers of a range, both ends included."""
    return lambda chance: chance.randint(low, high)


def one_of(*values: Any) -> Callable[[random.Random], Any]:
    """One of some values."""
    return lambda chance: chance.choice(values)
