"""A word problem of daily life, and the family that is made of its maker.

Invariant: an answer is rounded once, at the end, and the wording then says so, unless it comes out even. It does not: make values.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from pydantic import JsonValue

from codeact.data.families.mathematics.household.wordings import WORDINGS
from codeact.data.families.worked import TWO_DECIMALS, check_of, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_SIGNS = ("${}", "${}", "€{}", "£{}", "{} euros", "{} dollars")
_ROUND = (" Round to two decimals.", " Two decimals, please.", " Give two decimals.", " Answer to two decimals.", " (two decimals)")

_Right = Fraction | float | str | list[Fraction]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem.

    Args:
        values: of the places in the wordings, all but ``round``.
        right: the answer; a Fraction, a float or a list is rounded to two decimals, a whole number or a name is taken as it is.
        steps: code, which may be run at once or one after the other; the last line of each begins with the name of what it finds.
        wrong: code of a wrong first try, empty for none.
    """

    values: Mapping[str, object]
    right: _Right
    steps: tuple[str, ...]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of several things that may be asked of the same situation.

    Args:
        what: it is called.
        right: the answer.
        steps: code for it, after the steps that all have in common.
    """

    what: str
    right: Fraction | float
    steps: tuple[str, ...] = ()


def family(name: str, make: Callable[[random.Random], Problem]) -> Family:
    """A family of mathematics.

    Args:
        name: without its domain; its wordings are had by it.
        make: a problem, of chance.
    """
    wordings = WORDINGS[name]
    return Family(f"mathematics/{name}", "mathematics", partial(_instance, make), wordings.seen, wordings.unseen)


def _instance(make: Callable[[random.Random], Problem], chance: random.Random, phrase: Phrase) -> Instance:
    problem = make(chance)
    to_round = _to_round(problem.right)
    prompt = phrase(**problem.values, round=_rounding(chance, to_round))
    *before, last = ((step, found_in(step)) for step in problem.steps)
    return Instance(
        prompt,
        _answer(problem.right),
        worked(chance, *before, (last[0], _shown(last[1], problem.right)), apart=0.2),
        check=check_of(problem.right),
        tolerance=TWO_DECIMALS if to_round else None,
        slips=(Slip("wrong first try", problem.wrong),) if problem.wrong else (),
    )


def found_in(code: str) -> str:
    """The name that the last line of code gives to something."""
    return code.rpartition("\n")[2].split(maxsplit=1)[0]


def _to_round(right: _Right) -> list[Fraction | float]:
    if isinstance(right, list):
        return [*right]
    return [right] if isinstance(right, Fraction | float) else []


def _rounding(chance: random.Random, to_round: list[Fraction | float]) -> str:
    """What the wording says of rounding: often nothing if there is nothing to round off."""
    even = all(isinstance(number, Fraction) and (number * 100).denominator == 1 for number in to_round)
    if even and chance.random() < 0.7:
        return ""
    return chance.choice(_ROUND) if to_round else ""


def _answer(right: _Right) -> JsonValue:
    if isinstance(right, list):
        return [float(round(number, 2)) for number in right]
    return float(round(right, 2)) if isinstance(right, Fraction | float) else right


def _shown(name: str, right: _Right) -> str:
    return f"round({name}, 2)" if isinstance(right, Fraction | float) else name


def any_money(chance: random.Random) -> Callable[[object], str]:
    """A currency: what writes a number as an amount of it."""
    return chance.choice(_SIGNS).format


def any_price(chance: random.Random, low: int, high: int) -> str:
    """A number with two decimals or none, between bounds."""
    cents = chance.randrange(low * 100, high * 100, chance.choice((1, 5, 10, 50, 100)))
    return f"{cents / 100:.2f}" if cents % 100 else str(cents // 100)


def any_measure(chance: random.Random, low: int, high: int) -> str:
    """A number with one decimal or none, between bounds in tenths."""
    return f"{chance.randrange(low, high) / 10:g}"


def price_of(value: Fraction) -> str:
    """A number with two decimals or, where they are zeros, none."""
    return f"{float(value):.2f}".removesuffix(".00")


def listed(items: list[str], last: str) -> str:
    """Items between commas, the word ``last`` before the last."""
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
