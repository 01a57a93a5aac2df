"""Problems about what things cost: prices with tax or a discount, packs to compare, bills to share, sales that pay off.

Invariant: as in `problem`. It does not: know today's prices.
"""

import itertools
import random
from fractions import Fraction

from codeact.data.families.mathematics.household.problem import (
    Problem,
    Wanted,
    any_money,
    any_price,
    listed,
    price_of,
)
from codeact.data.families.wordlists import CITIES, GOODS, PEOPLE
from codeact.data.families.words import with_article

_SHOPS = ("market", "kiosk", "supermarket", "bakery", "farm", "corner shop")
_BY_WEIGHT = ("coffee", "rice", "muesli", "flour")
_BY_VOLUME = ("olive oil", "shampoo", "juice", "vinegar")
_SOLD = ("candle", "mug", "cushion", "basket", "poster", "muffin", "waffle", "pretzel", "bagel", "lamp", "smoothie")


def original_price(chance: random.Random) -> Problem:
    """A price before a tax or a reduction, of the price after it."""
    drawn_old = Fraction(chance.randrange(8, 900))
    percent = chance.choice((5, 7, 8, 10, 12, 15, 19, 20, 21, 25, 30))
    taxed = chance.random() < 0.6
    change = chance.choice(("including {}% VAT", "with {}% tax included") if taxed else ("after {}% off", "after a discount of {}%"))
    factor = Fraction(100 + percent if taxed else 100 - percent, 100)
    written = any_price(chance, 5, 900) if chance.random() < 0.5 else price_of(drawn_old * factor)
    old = Fraction(written) / factor
    wanted = _price_before(old, taxed)
    if chance.random() < 0.35:
        wanted = _difference(abs(Fraction(written) - old), taxed)
    now = any_money(chance)(written)
    divided = f"now / (1 {'+' if taxed else '-'} percent / 100)"
    return Problem(
        {"now": now, "change": change.format(percent), "thing": with_article(chance.choice(GOODS)), "what": wanted.what},
        wanted.right,
        (f"now = {written}\npercent = {percent}\nbefore = {divided}", *wanted.steps),
        wrong=f'now = "{now}"\npercent = {percent}\nprint({divided})',
    )


def _price_before(right: Fraction, taxed: bool) -> Wanted:
    return Wanted("the price before tax" if taxed else "the price before the reduction", right)


def _difference(right: Fraction, taxed: bool) -> Wanted:
    if taxed:
        return Wanted("the tax in it", right, ("difference = now - before",))
    return Wanted("the money saved", right, ("difference = before - now",))


def best_value(chance: random.Random) -> Problem:
    """The place where a pack costs least for its size."""
    unit = chance.choice(("g", "ml"))
    money = any_money(chance)
    level = chance.uniform(0.004, 0.03)
    packs: dict[str, tuple[int, str]] = {}
    for place in chance.sample(_SHOPS, chance.choice((2, 2, 3))):
        size = chance.randrange(3, 40) * 50
        packs[place] = size, f"{max(0.4, size * level * chance.uniform(0.8, 1.2)):.2f}"
    cheapest = min(packs, key=lambda place: Fraction(packs[place][1]) / packs[place][0])
    offers = [f"{size} {unit} for {money(price)} at the {place}" for place, (size, price) in packs.items()]
    what = chance.choice(_BY_WEIGHT if unit == "g" else _BY_VOLUME)
    divided = ", ".join(f'"{place}": {price} / {size}' for place, (size, price) in packs.items())
    code = f"prices = {{{divided}}}\nbest = min(prices, key=prices.get)"
    return Problem(
        {"offers": listed(offers, "or"), "what": what, "unit": unit, "name": next(iter(packs))},
        cheapest,
        (code,),
        wrong=code.replace("key=prices.get", "key=price") + "\nprint(best)",
    )


def tip_share(chance: random.Random) -> Problem:
    """What each pays of a bill with a tip."""
    bill = any_price(chance, 12, 400)
    tip = chance.choice((5, 8, 10, 12, 15, 18, 20, 22))
    people = chance.randrange(2, 9)
    told_bill = any_money(chance)(bill)
    return Problem(
        {"bill": told_bill, "tip": tip, "people": people, "name": chance.choice(PEOPLE), "city": chance.choice(CITIES)},
        Fraction(bill) * (100 + tip) / 100 / people,
        (f"bill = {bill}\ntotal = bill * (1 + {tip} / 100)", f"share = total / {people}"),
        wrong=f'bill = "{told_bill}"\nprint(bill * 1.{tip:02d} / {people})',
    )


def break_even(chance: random.Random) -> Problem:
    """How many sold things cover the costs, or the profit with so many sold."""
    cost = any_price(chance, 2, 12)
    drawn_gain = any_price(chance, 2, 15)
    fixed = chance.randrange(4, 200) * 10
    sold = chance.randrange(20, 900)
    gain = Fraction(drawn_gain)
    price = price_of(Fraction(cost) + gain)
    money = any_money(chance)
    thing = chance.choice(_SOLD)
    values = {"cost": money(cost), "price": money(price), "fixed": money(fixed), "thing": thing}
    if chance.random() < 0.4:
        return Problem(
            {**values, "what": f"what is the profit (minus for a loss) with {sold} sold"},
            sold * gain - fixed,
            (f"gain = {price} - {cost}", f"profit = {sold} * gain - {fixed}"),
        )
    return Problem(
        {**values, "what": "how many must be sold to cover the costs"},
        next(number for number in itertools.count(1) if number * gain >= fixed),
        (f"import math\ngain = round({price} - {cost}, 2)", f"count = math.ceil({fixed} / gain)"),
    )
