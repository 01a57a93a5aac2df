"""Figures of a list, exactly.

Invariant: decimals count as what is written of them, so 0.1 is a tenth; only a root is not exact. It does not: round.
"""

import math
from fractions import Fraction
from itertools import groupby
from typing import Any


def exact(values: list[Any]) -> list[Any]:
    """Decimals as fractions, anything else as it is."""
    return [Fraction(str(value)) if isinstance(value, float) else value for value in values]


def mean(values: list[Any]) -> Fraction:
    return Fraction(sum(exact(values))) / len(values)


def variance(values: list[Any], less: int) -> Fraction:
    """The sum of the squared distances from the mean, divided by how many there are less `less`: 1 for a sample, 0 for a population."""
    return sum(((n - mean(values)) ** 2 for n in exact(values)), Fraction(0)) / (len(values) - less)


def root(value: Fraction) -> Fraction:
    return Fraction(math.sqrt(value))


def frequencies(values: list[Any]) -> list[tuple[Any, int]]:
    """How often each entry comes, the most frequent first."""
    return sorted(((one, len([*same])) for one, same in groupby(sorted(values))), key=lambda pair: -pair[1])


def most_frequent(values: list[Any]) -> Any:
    """None if there are several."""
    first, second, *_ = [*frequencies(values), ("", 0)]
    return first[0] if first[1] > second[1] else None
