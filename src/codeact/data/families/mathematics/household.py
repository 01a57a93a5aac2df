"""Word problems of daily life: prices, pay, trips, recipes, rooms, loans and data, told as people tell them.

Invariant: right answers are made with exact fractions where that can be, or by another formula than the expert's, and rounded once, at the
end; a factor between units that is not common knowledge is in the question. It does not: know today's rates or prices.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.mathematics.household_wordings import WORDINGS
from codeact.data.families.wordlists import CITIES, GOODS, PEOPLE
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_SIGNS = ("${}", "${}", "€{}", "£{}", "{} euros", "{} dollars")
_ROUND = (" Round to two decimals.", " Two decimals, please.", " Give two decimals.", " Answer to two decimals.", " (two decimals)")


@dataclass(frozen=True, slots=True)
class _Problem:
    """Places of the wording, the right answer (Fractions and floats are rounded), code in one step or two, what it prints, wrong code."""

    values: Mapping[str, object]
    right: Fraction | float | str | list[Fraction]
    code: str
    shown: str
    wrong: str = ""


def _family(name: str, make: Callable[[random.Random], _Problem]) -> Family:
    seen, unseen = (tuple(" ".join(part.split()).split(" // ")) for part in WORDINGS[name].split(" /// "))

    def instance(chance: random.Random, phrase: Phrase) -> Instance:
        made = make(chance)
        right: JsonValue
        if isinstance(made.right, list):
            right, check, parts, shown = list[JsonValue](float(round(part, 2)) for part in made.right), "list", made.right, made.shown
        elif isinstance(made.right, Fraction | float):
            right, check, parts, shown = float(round(made.right, 2)), "number", [made.right], f"round({made.shown}, 2)"
        else:
            right, check, parts, shown = made.right, "exact" if isinstance(made.right, str) else "number", [], made.shown
        even = all(isinstance(part, Fraction) and (part * 100).denominator == 1 for part in parts)
        ask = "" if (even and chance.random() < 0.7) or not parts else chance.choice(_ROUND)
        steps = [(code, code.split("\n")[-1].split(" = ")[0]) for code in made.code.split("\n\n")]
        return Instance(
            phrase(**made.values, round=ask),
            right,
            worked(chance, *steps[:-1], (steps[-1][0], shown), apart=0.2),
            check=check,
            tolerance=TWO_DECIMALS if parts else None,
            slips=(Slip("wrong first try", made.wrong),) if made.wrong else (),
        )

    return Family(f"mathematics/{name}", "mathematics", instance, seen, unseen)


def _amount(chance: random.Random, low: int, high: int) -> str:
    cents = chance.randrange(low * 100, high * 100, chance.choice((1, 5, 10, 50, 100)))
    return f"{cents / 100:.2f}" if cents % 100 else str(cents // 100)


def _tenths(chance: random.Random, low: int, high: int) -> str:
    """A measure with one decimal or none, of bounds in tenths."""
    return f"{chance.randrange(low, high) / 10:g}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _original(chance: random.Random) -> _Problem:
    old, percent, up = Fraction(chance.randrange(8, 900)), chance.choice((5, 7, 8, 10, 12, 15, 19, 20, 21, 25, 30)), chance.random() < 0.6
    kind = chance.choice(("including {}% VAT", "with {}% tax included") if up else ("after {}% off", "after a discount of {}%"))
    exact = old * (100 + percent if up else 100 - percent) / 100
    written = _amount(chance, 5, 900) if chance.random() < 0.5 else f"{float(exact):.2f}".removesuffix(".00")
    old = Fraction(written) / exact * old
    divided = f"now / (1 {'+' if up else '-'} percent / 100)"
    what, right, more = "the price before tax" if up else "the price before the reduction", old, ""
    if chance.random() < 0.35:
        what, right = "the tax in it" if up else "the money saved", abs(Fraction(written) - old)
        more = f"\n\ndifference = {'now - before' if up else 'before - now'}"
    now = chance.choice(_SIGNS).format(written)
    values = {"now": now, "change": kind.format(percent), "thing": _a(chance.choice(GOODS)), "what": what}
    code = f"now = {written}\npercent = {percent}\nbefore = {divided}{more}"
    return _Problem(values, right, code, "difference" if more else "before", f'now = "{now}"\npercent = {percent}\nprint({divided})')


def _best(chance: random.Random) -> _Problem:
    unit, sign, level, packs = chance.choice(("g", "ml")), chance.choice(_SIGNS), chance.uniform(0.004, 0.03), list[tuple[str, int, str]]()
    for name in chance.sample(("market", "kiosk", "supermarket", "bakery", "farm", "corner shop"), chance.choice((2, 2, 3))):
        size = chance.randrange(3, 40) * 50
        packs.append((name, size, f"{max(0.4, size * level * chance.uniform(0.8, 1.2)):.2f}"))
    ranked = sorted(packs, key=lambda pack: Fraction(pack[2]) / pack[1])
    offers = [f"{size} {unit} for {sign.format(price)} at the {name}" for name, size, price in packs]
    what = chance.choice(("coffee", "rice", "muesli", "flour") if unit == "g" else ("olive oil", "shampoo", "juice", "vinegar"))
    values = {"offers": f"{', '.join(offers[:-1])} or {offers[-1]}", "what": what, "unit": unit, "name": packs[0][0]}
    data = ", ".join(f'"{name}": {price} / {size}' for name, size, price in packs)
    code = f"prices = {{{data}}}\nbest = min(prices, key=prices.get)"
    return _Problem(values, ranked[0][0], code, "best", code.replace("key=prices.get", "key=price") + "\nprint(best)")


def _raise(chance: random.Random) -> _Problem:
    now, percent, years = chance.randrange(4, 120) * 50, f"{chance.randrange(2, 41) / 4:g}", chance.randrange(2, 7)
    step = now * Fraction(percent) / 100
    many = now * (1 + Fraction(percent) / 100) ** years
    kinds = (
        ("the new amount per month", now + step, "now * (1 + percent / 100)"),
        ("the new amount per month", now + step, "now + now * percent / 100"),
        ("the difference over a whole year", 12 * step, "now * percent / 100 * 12"),
        ("the new amount per year", 12 * (now + step), "now * (1 + percent / 100) * 12"),
        (f"the monthly amount after {years} such increases in a row", many, f"now * (1 + percent / 100) ** {years}"),
    )
    what, right, result = chance.choice(kinds)
    thing = chance.choice(("rent", "salary", "wage", "pension", "rent", "office rent", "allowance"))
    values = {"thing": thing, "now": chance.choice(_SIGNS).format(now), "what": what, "name": chance.choice(PEOPLE)}
    values["percent"] = percent + chance.choice(("%", "%", " %", " percent"))
    return _Problem(values, right, f"now = {now}\npercent = {percent}\nresult = {result}", "result")


_MONEY = (
    ("EUR", "USD", 108), ("GBP", "EUR", 117), ("USD", "JPY", 14900), ("EUR", "CHF", 95), ("EUR", "PLN", 431), ("USD", "INR", 8350),
    ("euro", "dollars", 108), ("pound", "euros", 117), ("dollar", "pesos", 1710), ("euro", "kroner", 1140), ("pound", "rupees", 10500),
)  # fmt: skip


def _exchange(chance: random.Random) -> _Problem:
    one, other, cents = chance.choice(_MONEY)
    rate, many, back = f"{cents * chance.uniform(0.85, 1.15) / 100:.3f}", one if one.isupper() else f"{one}s", chance.random() < 0.5
    amount = chance.randrange(5, 400) * 5 * (max(1, cents // 1000) if back else 1)
    have, want = (other, many) if back else (many, other)
    told = chance.choice((f"1 {one} is {rate} {other}.", f"The rate is {rate} {other} for 1 {one}.", f"One {one} is worth {rate} {other}."))
    values = {"have": f"{amount} {have}", "want": want, "told": told, "thing": _a(chance.choice(GOODS)), "city": chance.choice(CITIES)}
    right, sign = (amount / Fraction(rate), "/") if back else (amount * Fraction(rate), "*")
    wrong = f'amount = "{amount} {have}"\nprint(amount {sign} {rate})'
    return _Problem(values, right, f"amount = {amount}\nrate = {rate}\nresult = amount {sign} rate", "result", wrong)


_UNITS = (
    ("cup", "cups", "ml", "236.6"), ("tablespoon", "tablespoons", "ml", "15"), ("US gallon", "US gallons", "litres", "3.785"),
    ("pint", "pints", "litres", "0.568"), ("mph", "mph", "km/h", "1.609"), ("nautical mile", "nautical miles", "km", "1.852"),
    ("GB", "GB", "MB", "1024"), ("TB", "TB", "GB", "1000"), ("kWh", "kWh", "MJ", "3.6"), ("kcal", "kcal", "kJ", "4.184"),
    ("inch", "inches", "cm", "2.54"), ("pound", "pounds", "kg", "0.4536"), ("ounce", "ounces", "g", "28.35"),
    ("horsepower", "horsepower", "kW", "0.7457"), ("square foot", "square feet", "square metres", "0.0929"), ("MB", "MB", "KB", "1024"),
)  # fmt: skip
_TWO_UNITS = (
    ("feet", "inches", 12, "cm", "* 2.54", "1 foot is 12 inches and 1 inch is 2.54 cm."),
    ("stone", "pounds", 14, "kg", "* 0.4536", "1 stone is 14 pounds and 1 pound is 0.4536 kg."),
    ("pounds", "ounces", 16, "kg", "* 0.02835", "1 pound is 16 ounces and 1 ounce is 0.02835 kg."),
    ("hours", "minutes", 60, "decimal hours", "/ 60", "1 hour has 60 minutes."),
)


def _units(chance: random.Random) -> _Problem:
    if chance.random() < 0.35:
        big, small, count, to, factor, told = chance.choice(_TWO_UNITS)
        first, second = chance.randrange(2, 16), chance.randrange(2, count)
        right = Fraction(first * count + second) * (Fraction(1, 60) if "/" in factor else Fraction(factor[2:]))
        values = {"have": f"{first} {big} {chance.choice(('and ', ''))}{second} {small}", "to": to, "told": told}
        return _Problem(values, right, f"total = {first} * {count} + {second}\n\nresult = total {factor}", "result")
    one, many, to, factor = chance.choice(_UNITS)
    amount, back = chance.choice((str(chance.randrange(2, 900)), _tenths(chance, 15, 400))), chance.random() < 0.4
    amount = str(chance.randrange(10, 900) * 10) if back and float(factor) > 50 else amount
    right, sign = (Fraction(amount) / Fraction(factor), "/") if back else (Fraction(amount) * Fraction(factor), "*")
    values = {"have": f"{amount} {to if back else many}", "to": many if back else to, "told": f"1 {one} is {factor} {to}."}
    return _Problem(values, right, f"amount = {amount}\nfactor = {factor}\nresult = amount {sign} factor", "result")


def _fuel(chance: random.Random) -> _Problem:
    km, use, price = chance.randrange(8, 1400), _tenths(chance, 38, 130), f"{chance.randrange(105, 260) / 100:.2f}"
    people, back = chance.randrange(2, 6), chance.random() < 0.3
    litres = Fraction(km * (1 + back)) * Fraction(use) / 100
    kinds = (
        (f"\n\ncost = litres * {price}", "what does the fuel cost", litres * Fraction(price)),
        (f"\n\ncost = litres * {price} / {people}", f"what does each of {people} pay for the fuel", litres * Fraction(price) / people),
        ("", "how many litres of fuel are used", litres),
    )
    more, what, right = chance.choice(kinds)
    trip = f"{km} km{' each way, there and back' if back else ''}"
    values = {"trip": trip, "use": use, "price": chance.choice(_SIGNS).format(price), "what": what, "city": chance.choice(CITIES)}
    return _Problem(values, right, f"litres = {km}{' * 2' if back else ''} * {use} / 100{more}", "cost" if more else "litres")


def _legs(chance: random.Random) -> _Problem:
    (first, second), (fast, slow) = (chance.randrange(4, 300) for _ in range(2)), chance.sample(range(8, 130), 2)
    hours = Fraction(first, fast) + Fraction(second, slow)
    what, right, more, shown = chance.choice(
        (
            ("the average speed of the whole trip in km/h", (first + second) / hours, f"\n\nspeed = ({first} + {second}) / hours", "speed"),
            ("the whole time in minutes", hours * 60, "\n\nminutes = hours * 60", "minutes"),
            ("the time in hours", hours, "", "hours"),
        )
    )
    values = {"first": f"{first} km at {fast} km/h", "second": f"{second} km at {slow} km/h", "what": what, "name": chance.choice(PEOPLE)}
    return _Problem(values, right, f"hours = {first} / {fast} + {second} / {slow}{more}", shown)


_INGREDIENTS = ("g of flour", "g of sugar", "g of butter", "ml of milk", "g of rice", "ml of cream", "g of oats", "ml of stock")


def _recipe(chance: random.Random) -> _Problem:
    (old, new), kinds = chance.sample(range(2, 13), 2), chance.sample(_INGREDIENTS, chance.choice((2, 3, 3)))
    amounts = [chance.randrange(4, 60) * 10 for _ in kinds]
    takes, rights = [f"{amount} {kind}" for amount, kind in zip(amounts, kinds, strict=True)], [Fraction(n, old) * new for n in amounts]
    values = {"takes": f"{', '.join(takes[:-1])} and {takes[-1]}", "old": old, "new": new, "name": chance.choice(PEOPLE)}
    if chance.random() < 0.4:
        what = "what are the new amounts, as a list in that order"
        code = f"amounts = {amounts}\nnew = [round(a * {new} / {old}, 2) for a in amounts]"
        return _Problem({**values, "what": what}, rights, code, "new", f"amounts = {amounts}\nprint(amounts / {old} * {new})")
    place = chance.randrange(len(kinds))
    unit, _, name = kinds[place].split(" ")
    code = f"one = {amounts[place]} / {old}\n\nneeded = one * {new}"
    return _Problem({**values, "what": f"how many {unit} of {name} are needed"}, rights[place], code, "needed")


def _materials(chance: random.Random) -> _Problem:
    a, b, c = chance.randrange(3, 25), chance.randrange(3, 25), chance.randrange(4, 14)
    tile, pack, panel = chance.choice((10, 20, 25, 50)), chance.randrange(6, 25), chance.choice(("1.5", "1.8", "2", "2.5"))
    bag, depth, tin = chance.choice((40, 50, 60)), chance.randrange(3, 16), chance.choice(("tin", "bucket", "can"))
    kinds = (
        (f"The walls have {a * b} square metres and get {depth % 3 + 2} coats of paint; one {tin} covers {c} square metres.",
         f"how many {tin}s of paint to buy", Fraction(a * b * (depth % 3 + 2), c), f"area = {a * b} * {depth % 3 + 2}", f"area / {c}"),
        (f"A floor of {a} m by {b} m gets square tiles of {tile} cm, sold in boxes of {pack}.", "how many boxes of tiles to buy",
         Fraction(a * b * 10_000, tile**2 * pack), f"tiles = ({a} * 100 // {tile}) * ({b} * 100 // {tile})", f"tiles / {pack}"),
        (f"A garden of {a} m by {b} m gets a fence on all sides, made of panels of {panel} m.", "how many panels to order",
         2 * (a + b) / Fraction(panel), f"around = 2 * ({a} + {b})", f"around / {panel}"),
        (f"A bed of {a} m by {b} m gets {depth} cm of soil; a bag holds {bag} litres.", "how many bags of soil to get",
         Fraction(a * b * depth * 10, bag), f"litres = {a} * {b} * {depth} * 10", f"litres / {bag}"),
        (f"A lawn of {a} m by {b} m needs {c * 5} g of seed per square metre, and a pack has 2 kg.", "how many packs of seed to buy",
         Fraction(a * b * c * 5, 2000), f"grams = {a} * {b} * {c * 5}", "grams / 2000"),
    )  # fmt: skip
    story, what, exact, code, count = chance.choice(kinds)
    whole, wrong = f"import math\n{code}\n\ncount = math.ceil({count})", f"{code}\nprint(ceil({count}))"
    return _Problem({"story": story, "what": what}, -(-exact.numerator // exact.denominator), whole, "count", wrong)


def _rooms(chance: random.Random) -> _Problem:
    a, b, c, d = chance.randrange(6, 30), chance.randrange(5, 25), chance.randrange(1, 4), chance.randrange(2, 90)
    w, h, z = chance.randrange(30, 150), chance.randrange(25, 90), chance.randrange(20, 60)
    kinds = (
        (f"A pool is {a} m long, {b} m wide and {c}.5 m deep.", "how many litres of water the pool holds",
         Fraction(a * b * (2 * c + 1) * 500), f"volume = {a} * {b} * {c}.5\n\nlitres = volume * 1000"),
        (f"An aquarium measures {w} by {h} by {z} cm.", "how many litres the aquarium holds",
         Fraction(w * h * z, 1000), f"volume = {w} * {h} * {z}\n\nlitres = volume / 1000"),
        (f"A screen is {w} cm wide and {h} cm high.", "the length of the screen's diagonal in cm",
         math.hypot(w, h), f"import math\ndiagonal = math.sqrt({w} ** 2 + {h} ** 2)"),
        (f"A screen has a diagonal of {d} inches and the format 16:9.", "the width of the screen in inches",
         d * math.cos(math.atan2(9, 16)), f"import math\nwidth = {d} * 16 / math.sqrt(16 ** 2 + 9 ** 2)"),
        (f"A ladder of {a} m leans on a wall, its foot {c} m from the wall.", "how high the ladder reaches in metres",
         math.sqrt((a - c) * (a + c)), f"import math\nheight = math.sqrt({a} ** 2 - {c} ** 2)"),
        (f"A lawn of {a} m by {b} m has a path {c} m wide all around it.", "the area of the path in square metres",
         Fraction(2 * c * (a + b + 2 * c)), f"area = ({a} + 2 * {c}) * ({b} + 2 * {c}) - {a} * {b}"),
        (f"A room of {a} m by {b} m has a corner of {c} m by {c + 1} m cut off for a cupboard.", "the floor area left in square metres",
         Fraction((a - c) * b + c * (b - c - 1)), f"area = {a} * {b} - {c} * {c + 1}"),
        (f"A wall {a} m wide and {c + 2} m high has {c + 1} windows of 1.2 m by 0.9 m.", "how many square metres of wall to paint",
         a * (c + 2) - (c + 1) * Fraction("1.08"), f"area = {a} * {c + 2} - {c + 1} * 1.2 * 0.9"),
        (f"A round table has a diameter of {w} cm.", "the length of the table's edge in cm",
         math.pi * w, f"import math\nedge = math.pi * {w}"),
        (f"A round garden bed has a diameter of {b} m.", "the area of the bed in square metres",
         math.pi * b * b / 4, f"import math\narea = math.pi * ({b} / 2) ** 2"),
    )  # fmt: skip
    story, what, right, code = chance.choice(kinds)
    shown = code.split("\n")[-1].split(" = ")[0]
    wrong = f"{code.replace('math.sqrt', 'sqrt').replace('math.pi', 'pi')}\nprint({shown})" if "math" in code else ""
    return _Problem({"story": story, "what": what}, right, code, shown, wrong)


def _loan(chance: random.Random) -> _Problem:
    amount, rate, years = chance.randrange(4, 600) * 500, f"{chance.randrange(8, 48) / 4:g}", chance.randrange(2, 31)
    months, monthly = 12 * years, float(rate) / 1200
    payment = amount / math.fsum((1 + monthly) ** -month for month in range(1, months + 1))
    kinds = (
        ("the monthly payment", payment, "", "payment"),
        ("the interest paid in all", payment * months - amount, f"\n\ninterest = payment * {months} - {amount}", "interest"),
        ("the sum of all payments", payment * months, f"\n\ntotal = payment * {months}", "total"),
    )
    what, right, more, shown = chance.choice(kinds)
    values = {"amount": chance.choice(_SIGNS).format(amount), "rate": rate, "years": years, "what": what, "name": chance.choice(PEOPLE)}
    code = f"r = {rate} / 100 / 12\npayment = {amount} * r / (1 - (1 + r) ** -{months}){more}"
    return _Problem(values, right, code, shown)


def _falling(chance: random.Random) -> _Problem:
    start, rate, years = chance.randrange(5, 900) * 100, chance.randrange(4, 31), chance.randrange(2, 12)
    left, count, limit = Fraction(start), 0, start * chance.randrange(20, 75) // 100
    sign = chance.choice(_SIGNS)
    values = {"start": sign.format(start), "rate": rate, "thing": chance.choice(("car", "boat", "piano", "van"))}
    if chance.random() < 0.5:
        what, right = f"how much is it worth after {years} years", start * Fraction(100 - rate, 100) ** years
        return _Problem({**values, "what": what}, right, f"value = {start} * (1 - {rate} / 100) ** {years}", "value")
    while left >= limit:
        left, count = left * (100 - rate) / 100, count + 1
    code = f"value = {start}\nyears = 0\nwhile value >= {limit}:\n    value = value * (1 - {rate} / 100)\n    years += 1"
    return _Problem({**values, "what": f"after how many whole years is it worth less than {sign.format(limit)}"}, count, code, "years")


def _download(chance: random.Random) -> _Problem:
    size, speed, bits = _tenths(chance, 5, 900), chance.randrange(2, 500), chance.random() < 0.6
    seconds = Fraction(size) * (8000 if bits else 1000) / speed
    unit, factor, more = chance.choice((("minutes", 60, "\n\nminutes = seconds / 60"), ("seconds", 1, "")))
    told = "1 GB is 8000 megabits" if bits else "1 GB is 1000 MB"
    values = {"size": f"{size} GB", "speed": f"{speed} {'Mbit/s' if bits else 'MB/s'}", "told": told, "unit": unit}
    values["what"] = _a(chance.choice(("film", "game", "backup", "video", "update", "folder of photos", "map")))
    return _Problem(values, seconds / factor, f"seconds = {size} * {8000 if bits else 1000} / {speed}{more}", unit)


def _tip(chance: random.Random) -> _Problem:
    bill, tip, people = _amount(chance, 12, 400), chance.choice((5, 8, 10, 12, 15, 18, 20, 22)), chance.randrange(2, 9)
    sign, total = chance.choice(_SIGNS), Fraction(bill) * (100 + tip) / 100
    values = {"bill": sign.format(bill), "tip": tip, "people": people, "name": chance.choice(PEOPLE), "city": chance.choice(CITIES)}
    code = f"bill = {bill}\ntotal = bill * (1 + {tip} / 100)\n\nshare = total / {people}"
    return _Problem(values, total / people, code, "share", f'bill = "{sign.format(bill)}"\nprint(bill * 1.{tip:02d} / {people})')


def _break_even(chance: random.Random) -> _Problem:
    cost, gain, fixed, sold = _amount(chance, 2, 12), _amount(chance, 2, 15), chance.randrange(4, 200) * 10, chance.randrange(20, 900)
    price, sign = f"{float(Fraction(cost) + Fraction(gain)):.2f}".removesuffix(".00"), chance.choice(_SIGNS)
    thing = chance.choice(("candle", "mug", "cushion", "basket", "poster", "muffin", "waffle", "pretzel", "bagel", "lamp", "smoothie"))
    values = {"cost": sign.format(cost), "price": sign.format(price), "fixed": sign.format(fixed), "thing": thing}
    if chance.random() < 0.4:
        what, right = f"what is the profit (minus for a loss) with {sold} sold", sold * Fraction(gain) - fixed
        return _Problem({**values, "what": what}, right, f"gain = {price} - {cost}\n\nprofit = {sold} * gain - {fixed}", "profit")
    code = f"import math\ngain = round({price} - {cost}, 2)\n\ncount = math.ceil({fixed} / gain)"
    count = next(number for number in range(1, 10 * fixed) if number * Fraction(gain) >= fixed)
    return _Problem({**values, "what": "how many must be sold to cover the costs"}, count, code, "count")


def _dilution(chance: random.Random) -> _Problem:
    amount, (low, high) = chance.randrange(1, 60), sorted(chance.sample(range(2, 97), 2))
    unit, what = chance.choice(("litres", "cups", "kg")), chance.choice(("salt", "acid", "juice", "sugar"))
    values = {"amount": f"{amount * 2} {unit}", "unit": unit, "low": low, "high": high, "what": what, "name": chance.choice(PEOPLE)}
    code = f"pure = {amount * 2} * {high} / 100\n\nwater = pure / ({low} / 100) - {amount * 2}"
    return _Problem(values, Fraction(2 * amount * (high - low), low), code, "water")


_MAKERS = (
    _original,
    _best,
    _raise,
    _exchange,
    _units,
    _fuel,
    _legs,
    _recipe,
    _materials,
    _rooms,
    _loan,
    _falling,
    _download,
    _tip,
    _break_even,
    _dilution,
)
FAMILIES: tuple[Family, ...] = tuple(_family(name, make) for name, make in zip(WORDINGS, _MAKERS, strict=True))
