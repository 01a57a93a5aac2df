"""Problems about recipes for more or fewer people, and about mixtures that are thinned.

Invariant: as in `problem`. It does not: know what a recipe takes.
"""

import random
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.mathematics.household.problem import Problem, listed
from codeact.data.families.wordlists import PEOPLE


@dataclass(frozen=True, slots=True)
class _Ingredient:
    unit: str
    name: str


_INGREDIENTS = (
    _Ingredient("g", "flour"),
    _Ingredient("g", "sugar"),
    _Ingredient("g", "butter"),
    _Ingredient("ml", "milk"),
    _Ingredient("g", "rice"),
    _Ingredient("ml", "cream"),
    _Ingredient("g", "oats"),
    _Ingredient("ml", "stock"),
)


def recipe(chance: random.Random) -> Problem:
    """A recipe for another number of people: all amounts, or one."""
    old, new = chance.sample(range(2, 13), 2)
    ingredients = chance.sample(_INGREDIENTS, chance.choice((2, 3, 3)))
    amounts = [chance.randrange(4, 60) * 10 for _ in ingredients]
    takes = [f"{amount} {one.unit} of {one.name}" for amount, one in zip(amounts, ingredients, strict=True)]
    values = {"takes": listed(takes, "and"), "old": old, "new": new, "name": chance.choice(PEOPLE)}
    if chance.random() < 0.4:
        return Problem(
            {**values, "what": "what are the new amounts, as a list in that order"},
            [Fraction(amount, old) * new for amount in amounts],
            (f"amounts = {amounts}\nnew = [round(a * {new} / {old}, 2) for a in amounts]",),
            wrong=f"amounts = {amounts}\nprint(amounts / {old} * {new})",
        )
    place = chance.randrange(len(ingredients))
    asked = ingredients[place]
    return Problem(
        {**values, "what": f"how many {asked.unit} of {asked.name} are needed"},
        Fraction(amounts[place], old) * new,
        (f"one = {amounts[place]} / {old}", f"needed = one * {new}"),
    )


def dilution(chance: random.Random) -> Problem:
    """The water that thins a mixture."""
    amount = 2 * chance.randrange(1, 60)
    low, high = sorted(chance.sample(range(2, 97), 2))
    unit = chance.choice(("litres", "cups", "kg"))
    what = chance.choice(("salt", "acid", "juice", "sugar"))
    return Problem(
        {"amount": f"{amount} {unit}", "unit": unit, "low": low, "high": high, "what": what, "name": chance.choice(PEOPLE)},
        Fraction(amount * (high - low), low),
        (f"pure = {amount} * {high} / 100", f"water = pure / ({low} / 100) - {amount}"),
    )
