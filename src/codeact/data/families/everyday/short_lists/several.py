"""Two lists beside each other, a list with gaps, and numbers by names.

Invariant: what is gone, or ranked first, is known from how the list was drawn. It does not: compare more than two lists.
"""

import heapq
from fractions import Fraction

from codeact.data.families.everyday.short_lists.asking import Kind, family
from codeact.data.families.everyday.short_lists.draws import NamedNumbers, gaps, named_numbers, two_lists, two_of_one_length
from codeact.data.families.everyday.short_lists.figures import mean, root, variance
from codeact.data.family import Family, Slip


def _correlation(xs: list[int], ys: list[int]) -> Fraction:
    """The variance of the sums is that of both lists and twice their covariance."""
    sums = [*map(int.__add__, xs, ys)]
    covariance = (variance(sums, 0) - variance(xs, 0) - variance(ys, 0)) / 2
    return covariance / root(variance(xs, 0) * variance(ys, 0))


def _percentage(drawn: NamedNumbers) -> Fraction | None:
    """Of the total, if that is of any sense, as that of ages is not."""
    if drawn.xs not in ("prices", "costs"):
        return None
    return Fraction(100 * drawn.item, sum(number for _, number in drawn.values))


FAMILIES: tuple[Family, ...] = (
    family(
        "two-lists",
        "thing",
        two_lists,
        (
            Kind(
                "the entries that are in both {them} and {those}",
                "[n for n in {xs} if n in {ys}]",
                lambda xs, drawn: {*xs} & {*drawn.others},
                plural=True,
            ),
            Kind(
                "the entries of {them} that are missing in {those}",
                "[n for n in {xs} if n not in {ys}]",
                lambda xs, drawn: {*xs} - {*drawn.others},
                plural=True,
            ),
            Kind(
                "all entries of {them} and {those}, each once",
                "sorted(set({xs}) | set({ys}))",
                lambda xs, drawn: {*xs, *drawn.others},
                plural=True,
            ),
            Kind(
                "the number of entries that {them} and {those} share",
                "len(set({xs}) & set({ys}))",
                lambda xs, drawn: sum(n in drawn.others for n in xs),
            ),
        ),
        slip=Slip("wrong type", "{given}\nprint({xs} - {ys})"),
    ),
    family(
        "lists-of-one-length",
        "thing",
        two_of_one_length,
        (
            Kind(
                "the sums of {them} and {those}, entry by entry",
                "[a + b for a, b in zip({xs}, {ys})]",
                lambda xs, drawn: [*map(int.__add__, xs, drawn.others)],
                plural=True,
            ),
            Kind(
                "the pairs of {them} and {those}, entry by entry",
                "list(zip({xs}, {ys}))",
                lambda xs, drawn: [[xs[k], drawn.others[k]] for k in range(len(xs))],
                plural=True,
            ),
            Kind(
                "the merged and sorted list of {them} and {those}",
                "sorted({xs} + {ys})",
                lambda xs, drawn: [*heapq.merge(sorted(xs), sorted(drawn.others))],
            ),
            Kind(
                "the dot product of {them} and {those}",
                "sum(a * b for a, b in zip({xs}, {ys}))",
                lambda xs, drawn: sum(map(int.__mul__, xs, drawn.others)),
            ),
            Kind(
                "the Pearson correlation of {them} and {those}",
                "statistics.correlation({xs}, {ys})",
                lambda xs, drawn: _correlation(xs, drawn.others),
            ),
        ),
        slip=Slip("wrong type", "{given}\nprint({xs} * {ys})"),
    ),
    family(
        "missing-number",
        "thing",
        gaps,
        (
            Kind(
                "all numbers from {low} to {high} that are missing in {them}",
                "[n for n in range({low}, {high} + 1) if n not in {xs}]",
                lambda _, drawn: drawn.gone,
                plural=True,
            ),
            Kind(
                "the number that is missing in {them}, from {low} to {high}",
                "sum(range({low}, {high} + 1)) - sum({xs})",
                lambda _, drawn: drawn.gone[0] if len(drawn.gone) == 1 else None,
            ),
        ),
        slip=Slip("wrong type", "{given}\nprint(range({high}) - {xs})"),
    ),
    family(
        "named-numbers",
        "question",
        named_numbers,
        (
            Kind(
                "{who} is the {high}",
                "max({xs}, key={xs}.get)",
                lambda _, drawn: drawn.ranked[-1],
            ),
            Kind(
                "{who} is the {low}",
                "min({xs}, key={xs}.get)",
                lambda _, drawn: drawn.ranked[0],
            ),
            Kind(
                "{who} comes right after the {high}",
                "sorted({xs}, key={xs}.get)[-2]",
                lambda _, drawn: drawn.ranked[-2],
            ),
            Kind(
                "what is the order from the {low} to the {high}",
                "sorted({xs}, key={xs}.get)",
                lambda _, drawn: drawn.ranked,
            ),
            Kind(
                "what is the average {single}",
                "sum({xs}.values()) / len({xs})",
                lambda xs, _: mean([n for _, n in xs]),
            ),
            Kind(
                "what do the {noun} add up to",
                "sum({xs}.values())",
                lambda xs, _: sum(n for _, n in xs),
            ),
            Kind(
                "by how much do the {high} and the {low} differ",
                "max({xs}.values()) - min({xs}.values())",
                lambda xs, _: max(a - b for _, a in xs for _, b in xs),
            ),
            Kind(
                "for which is the {single} over {limit}",
                "[k for k, n in {xs}.items() if n > {limit}]",
                lambda xs, drawn: [k for k, n in xs if n > drawn.limit],
            ),
            Kind(
                "what percentage of the total is the {single} of {one}",
                "{xs}[{literal}] / sum({xs}.values()) * 100",
                lambda _, drawn: _percentage(drawn),
            ),
        ),
        slip=Slip("wrong type", "{given}\nprint(max({xs}.values).key)"),
    ),
)
