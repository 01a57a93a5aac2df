"""Sums, means, spread, and the places of numbers by size.

Invariant: figures are exact until the answer is rounded, but for roots. It does not: average over a window, which is a family that
training has none of.
"""

import heapq
import math
from fractions import Fraction

from codeact.data.families.everyday.short_lists.asking import Kind, family
from codeact.data.families.everyday.short_lists.draws import numbers
from codeact.data.families.everyday.short_lists.figures import exact, mean, most_frequent, root, variance
from codeact.data.family import Family, Slip

FAMILIES: tuple[Family, ...] = (
    family(
        "list-basics",
        "thing",
        numbers(most_places=2),
        (
            Kind(
                "the sum of {them}|the total of {them}",
                "sum({xs})",
                lambda xs, _: sum(exact(xs)),
            ),
            Kind(
                "the mean of {them}|the average of {them}",
                "sum({xs}) / len({xs})",
                lambda xs, _: mean(xs),
            ),
            Kind(
                "the median of {them}",
                "statistics.median({xs})",
                lambda xs, _: mean(sorted(xs)[(len(xs) - 1) // 2 : len(xs) // 2 + 1]),
            ),
            Kind(
                "the mode of {them}",
                "statistics.mode({xs})",
                lambda xs, _: most_frequent(xs),
            ),
            Kind(
                "the gap between the highest and the lowest of {them}",
                "max({xs}) - min({xs})",
                lambda xs, _: exact([max(xs)])[0] - min(exact(xs)),
            ),
            Kind(
                "the product of {them}",
                "math.prod({xs})",
                lambda xs, _: math.prod(exact(xs)) if len(xs) < 6 and max(xs) < 60 else None,
            ),
        ),
        slip=Slip("wrong type", '{xs} = "{them}"\nprint(sum({xs}))'),
    ),
    family(
        "means-and-spread",
        "thing",
        numbers(least=1),
        (
            Kind(
                "the geometric mean of {them}",
                "statistics.geometric_mean({xs})",
                lambda xs, _: Fraction(math.prod(xs) ** (1 / len(xs))),
            ),
            Kind(
                "the harmonic mean of {them}",
                "statistics.harmonic_mean({xs})",
                lambda xs, _: 1 / mean([Fraction(1, n) for n in xs]),
            ),
            Kind(
                "the root mean square of {them}",
                "math.sqrt(sum(n * n for n in {xs}) / len({xs}))",
                lambda xs, _: root(mean([n**2 for n in xs])),
            ),
            Kind(
                "the mean of {them} without the highest and the lowest|the trimmed mean of {them}, with one value cut off at each end",
                "sum(kept) / len(kept)",
                lambda xs, _: Fraction(sum(xs) - max(xs) - min(xs), len(xs) - 2),
                before="kept = sorted({xs})[1:-1]",
            ),
            Kind(
                "the sample standard deviation of {them}",
                "statistics.stdev({xs})",
                lambda xs, _: root(variance(xs, 1)),
            ),
            Kind(
                "the population standard deviation of {them}",
                "statistics.pstdev({xs})",
                lambda xs, _: root(variance(xs, 0)),
            ),
            Kind(
                "the sample variance of {them}|the variance of {them}, divided by n - 1",
                "statistics.variance({xs})",
                lambda xs, _: variance(xs, 1),
            ),
            Kind(
                "the z-score of {one} in {them}, with the population standard deviation",
                "({literal} - statistics.mean({xs})) / statistics.pstdev({xs})",
                lambda xs, drawn: (Fraction(drawn.one) - mean(xs)) / root(variance(xs, 0)),
            ),
        ),
        slip=Slip("wrong name", "import statistics\n{given}\nprint(statistics.std({xs}))"),
    ),
    family(
        "nth-value",
        "thing",
        numbers(most_places=2, repeats=0),
        (
            Kind(
                "the {ordinal} largest of {them}|the {ordinal}-highest in {them}",
                "sorted({xs})[-{nth}]",
                lambda xs, drawn: heapq.nlargest(drawn.nth, xs)[-1],
            ),
            Kind(
                "the {ordinal} smallest of {them}|the {ordinal}-lowest in {them}",
                "sorted({xs})[{at}]",
                lambda xs, drawn: heapq.nsmallest(drawn.nth, xs)[-1],
            ),
            Kind(
                "the {some} largest of {them}, largest first",
                "sorted({xs}, reverse=True)[:{few}]",
                lambda xs, drawn: heapq.nlargest(drawn.few, xs),
                plural=True,
            ),
            Kind(
                "the sum of the {some} lowest of {them}",
                "sum(sorted({xs})[:{few}])",
                lambda xs, drawn: sum(exact(heapq.nsmallest(drawn.few, xs))),
            ),
            Kind(
                "the largest of {them} below {limit}",
                "max(n for n in {xs} if n < {limit})",
                lambda xs, drawn: max({n for n in xs if drawn.limit > n}, default=None),
            ),
        ),
        slip=Slip("prints None", "{given}\nprint({xs}.sort())"),
    ),
)
