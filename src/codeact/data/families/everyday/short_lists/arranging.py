"""Places in a list, entries in another order, and lists in a list.

Invariant: the list itself stays as the question has it, in the expert's code alone it may change. It does not: sort.
"""

import math
from itertools import chain

from codeact.data.families.everyday.short_lists.asking import Kind, family
from codeact.data.families.everyday.short_lists.draws import mixed, nested_list
from codeact.data.family import Family, Slip

FAMILIES: tuple[Family, ...] = (
    family(
        "position-in-list",
        "thing",
        mixed,
        (
            Kind(
                "the first position of {one} in {them}, counting from 1",
                "{xs}.index({literal}) + 1",
                lambda xs, drawn: ["", *xs].index(drawn.item),
            ),
            Kind(
                "the index of {one} in {them}, counting from 0",
                "{xs}.index({literal})",
                lambda xs, drawn: [n == drawn.item for n in xs].index(True),
            ),
            Kind(
                "the last but one of {them}|the second to last entry of {them}",
                "{xs}[-2]",
                lambda xs, _: xs[len(xs) - 2],
            ),
            Kind(
                "the {ordinal} entry of {them}",
                "{xs}[{at}]",
                lambda xs, drawn: xs[: drawn.nth][-1],
            ),
        ),
        slip=Slip("no such method", "{given}\nprint({xs}.find({literal}))"),
    ),
    family(
        "rearranged-list",
        "deed",
        mixed,
        (
            Kind(
                "reverse {them}|turn {them} around",
                "{xs}[::-1]",
                lambda xs, _: [*reversed(xs)],
            ),
            Kind(
                "move the last {some} of {them} to the front",
                "{xs}[-{few}:] + {xs}[:-{few}]",
                lambda xs, drawn: [xs[k - drawn.few] for k in range(len(xs))],
            ),
            Kind(
                "swap the first and the last of {them}",
                "{xs}",
                lambda xs, _: [xs[-1], *xs[1:-1], xs[0]],
                before="{xs}[0], {xs}[-1] = {xs}[-1], {xs}[0]",
            ),
            Kind(
                "take every second one of {them}, starting with the first",
                "{xs}[::2]",
                lambda xs, _: [n for k, n in enumerate(xs) if not k & 1],
            ),
            Kind(
                "split {them} into groups of {few}",
                "[{xs}[i:i + {few}] for i in range(0, len({xs}), {few})]",
                lambda xs, drawn: [xs[k:][: drawn.few] for k in range(len(xs))][:: drawn.few],
            ),
            Kind(
                "remove {one} from {them}, each time it occurs",
                "[n for n in {xs} if n != {literal}]",
                lambda xs, drawn: [*filter(drawn.item.__ne__, xs)],
            ),
        ),
        slip=Slip("prints None", "{given}\nprint({xs}.reverse())"),
    ),
    family(
        "nested-list",
        "deed",
        nested_list,
        (
            Kind(
                "flatten {them}|turn {them} into one flat list",
                "[n for row in {xs} for n in row]",
                lambda xs, _: [*chain(*xs)],
            ),
            Kind(
                "add up each inner list in {them}",
                "[sum(row) for row in {xs}]",
                lambda xs, _: [int(math.fsum(one)) for one in xs],
            ),
            Kind(
                "find the largest number of each inner list in {them}",
                "[max(row) for row in {xs}]",
                lambda xs, _: [sorted(one)[-1] for one in xs],
            ),
            Kind(
                "add up all numbers in {them}",
                "sum(n for row in {xs} for n in row)",
                lambda xs, _: sum(map(sum, xs)),
            ),
        ),
    ),
)
