"""Lists in order, numbers that pass a test, repeats, and votes.

Invariant: an expert's test and the one behind the right answer are different code. It does not: choose among several right answers.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from codeact.data.families.everyday.short_lists.asking import Kind, family
from codeact.data.families.everyday.short_lists.draws import OneList, ballots, mixed, numbers
from codeact.data.families.everyday.short_lists.figures import frequencies, mean, most_frequent
from codeact.data.family import Family, Slip


@dataclass(frozen=True, slots=True)
class _Test:
    """What numbers may pass.

    Args:
        passing: those that do, in words.
        code: the test as an expression of n.
        passes: the same for the right answer.
    """

    passing: str
    code: str
    passes: Callable[[int, OneList], bool]


_TESTS = (
    _Test("odd values", "n % 2 == 1", lambda n, _: bool(n & 1)),
    _Test("even values", "n % 2 == 0", lambda n, _: not n & 1),
    _Test("values above {limit}", "n > {limit}", lambda n, drawn: n - drawn.limit > 0),
    _Test("negative values", "n < 0", lambda n, _: str(n)[0] == "-"),
    _Test("multiples of {divisor}", "n % {divisor} == 0", lambda n, drawn: math.gcd(n, drawn.divisor) == drawn.divisor),
)


def _selected(test: _Test) -> tuple[Kind[OneList], ...]:
    """The numbers that pass, how many they are, and their sum, unless it is 0."""

    def passing(xs: list[int], drawn: OneList) -> list[int]:
        return [n for n in xs if test.passes(n, drawn)]

    return (
        Kind(f"the {test.passing} in {{them}}", f"[n for n in {{xs}} if {test.code}]", passing, plural=True),
        Kind(
            f"the number of {test.passing} in {{them}}",
            f"len([n for n in {{xs}} if {test.code}])",
            lambda xs, drawn: len(passing(xs, drawn)) or None,
        ),
        Kind(
            f"the sum of the {test.passing} in {{them}}",
            f"sum(n for n in {{xs}} if {test.code})",
            lambda xs, drawn: sum(passing(xs, drawn)) or None,
        ),
    )


FAMILIES: tuple[Family, ...] = (
    family(
        "sorted-numbers",
        "deed",
        numbers(most_places=2),
        (
            Kind(
                "sort {them} in ascending order|put {them} in order, low to high",
                "sorted({xs})",
                lambda xs, _: [*heapq.merge(*([n] for n in xs))],
            ),
            Kind(
                "sort {them} in descending order|rank {them} from high to low",
                "sorted({xs}, reverse=True)",
                lambda xs, _: sorted(xs)[::-1],
            ),
            Kind(
                "sort {them} from low to high, dropping repeats",
                "sorted(set({xs}))",
                lambda xs, _: [n for n, _ in groupby(sorted(xs))],
            ),
        ),
        slip=Slip("prints None", "{given}\nprint({xs}.sort())"),
    ),
    family(
        "selected-numbers",
        "thing",
        numbers(),
        tuple(kind for test in _TESTS for kind in _selected(test)),
    ),
    family(
        "repeats-in-list",
        "thing",
        mixed,
        (
            Kind(
                "the entries of {them} without repeats, in their order",
                "list(dict.fromkeys({xs}))",
                lambda xs, _: sorted({*xs}, key=xs.index),
                plural=True,
            ),
            Kind(
                "the entries that occur more than once in {them}",
                "[n for n in dict.fromkeys({xs}) if {xs}.count(n) > 1]",
                lambda xs, _: {n for n, k in frequencies(xs) if k > 1},
                plural=True,
            ),
            Kind(
                "the entries found only once in {them}",
                "[n for n in {xs} if {xs}.count(n) == 1]",
                lambda xs, _: {n for n, k in frequencies(xs) if k < 2},
                plural=True,
            ),
            Kind(
                "the number of different entries in {them}",
                "len(set({xs}))",
                lambda xs, _: len(frequencies(xs)),
            ),
            Kind(
                "the number of times that {one} occurs in {them}",
                "{xs}.count({literal})",
                lambda xs, drawn: dict(frequencies(xs))[drawn.item],
            ),
        ),
        slip=Slip("no such method", "{given}\nprint({xs}.unique())"),
    ),
    family(
        "vote-tally",
        "thing",
        ballots,
        (
            Kind(
                "the winner among {them}",
                "Counter({xs}).most_common(1)[0][0]",
                lambda xs, _: most_frequent(xs),
            ),
            Kind(
                "the number of votes for {one} in {them}",
                "{xs}.count({literal})",
                lambda xs, drawn: dict(frequencies(xs))[drawn.item],
            ),
            Kind(
                "the share of {one} in {them}, in percent",
                "{xs}.count({literal}) / len({xs}) * 100",
                lambda xs, drawn: 100 * mean([n == drawn.item for n in xs]),
            ),
            Kind(
                "the tally of {them} as a dictionary",
                "dict(Counter({xs}))",
                lambda xs, _: dict(frequencies(xs)),
            ),
        ),
    ),
)
