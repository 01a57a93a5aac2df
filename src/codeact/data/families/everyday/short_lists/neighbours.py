"""Steps from one number of a list to the next, pairs of numbers, and what is so of all or of any.

Invariant: two numbers are compared by other code than the expert's. It does not: look beyond two at a time.
"""

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

from codeact.data.families.everyday.short_lists.asking import Kind, family
from codeact.data.families.everyday.short_lists.draws import numbers
from codeact.data.families.everyday.short_lists.figures import exact, frequencies, mean
from codeact.data.family import Family, Slip


def _pairs_with_sum(xs: list[int], target: int) -> list[list[int]]:
    return [[a, b] for place, a in enumerate(xs) for b in xs[place:] if b == target - a and a != b]


def _closest(xs: list[Any], limit: int) -> Any:
    """None if two are equally close."""
    for number in xs:
        if all(abs(number - limit) < abs(other - limit) for other in xs if other != number):
            return number
    return None


FAMILIES: tuple[Family, ...] = (
    family(
        "list-changes",
        "thing",
        numbers(),
        (
            Kind(
                "the running totals of {them}|the cumulative sums of {them}",
                "list(accumulate({xs}))",
                lambda xs, _: [sum(xs[: k + 1]) for k in range(len(xs))],
                plural=True,
            ),
            Kind(
                "the differences of neighbours in {them}, later minus earlier",
                "[b - a for a, b in zip({xs}, {xs}[1:])]",
                lambda xs, _: [b - a for a, b in pairwise(xs)],
                plural=True,
            ),
            Kind(
                "the percent changes from each value to the next in {them}",
                "[round((b - a) / a * 100, 2) for a, b in zip({xs}, {xs}[1:])]",
                lambda xs, _: [Fraction(100 * b, a) - 100 for a, b in pairwise(xs)] if min(xs) > 0 else None,
                plural=True,
            ),
            Kind(
                "the largest jump in {them}, up or down",
                "max(abs(b - a) for a, b in zip({xs}, {xs}[1:]))",
                lambda xs, _: max(max(pair) - min(pair) for pair in pairwise(xs)),
            ),
            Kind(
                "the number of upward steps in {them}",
                "sum(b > a for a, b in zip({xs}, {xs}[1:]))",
                lambda xs, _: len([1 for a, b in pairwise(xs) if a - b < 0]),
            ),
        ),
        slip=Slip("wrong type", "{given}\nprint({xs}[1:] - {xs}[:-1])"),
    ),
    family(
        "pairs-in-list",
        "thing",
        numbers(repeats=0),
        (
            Kind(
                "the pairs in {them} that add up to {target}",
                "[(a, b) for a, b in combinations({xs}, 2) if a + b == {target}]",
                lambda xs, drawn: _pairs_with_sum(xs, drawn.target),
                plural=True,
            ),
            Kind(
                "the largest product of any two of {them}",
                "max(a * b for a, b in combinations({xs}, 2))",
                lambda xs, _: max(math.prod(sorted(xs)[:2]), math.prod(sorted(xs)[-2:])),
            ),
        ),
    ),
    family(
        "list-check",
        "question",
        numbers(most_places=2),
        (
            Kind(
                "are all of {them} above {near}",
                "all(n > {near} for n in {xs})",
                lambda xs, drawn: sorted(xs)[0] > drawn.near,
            ),
            Kind(
                "is any of {them} below {near}",
                "any(n < {near} for n in {xs})",
                lambda xs, drawn: sorted(xs)[0] < drawn.near,
            ),
            Kind(
                "is {maybe} among {them}",
                "{maybe} in {xs}",
                lambda xs, drawn: Fraction(drawn.maybe) in exact(xs),
            ),
            Kind(
                "do any of {them} occur twice",
                "len(set({xs})) < len({xs})",
                lambda xs, _: frequencies(xs)[0][1] > 1,
            ),
            Kind(
                "are all of {them} in ascending order",
                "{xs} == sorted({xs})",
                lambda xs, _: all(a <= b for a, b in pairwise(xs)),
            ),
            Kind(
                "how many of {them} are above {limit}",
                "sum(n > {limit} for n in {xs})",
                lambda xs, drawn: len([n for n in xs if n > drawn.limit]),
            ),
            Kind(
                "which of {them} is closest to {limit}",
                "min({xs}, key=lambda n: abs(n - {limit}))",
                lambda xs, drawn: _closest(xs, drawn.limit),
            ),
            Kind(
                "what is the mean of {them} and {limit} together",
                "(sum({xs}) + {limit}) / (len({xs}) + 1)",
                lambda xs, drawn: mean([*xs, drawn.limit]),
            ),
        ),
    ),
)
