"""Problems about so much of one thing for so much of another: currencies, units, fuel, speeds and downloads.

Invariant: as in `problem`; a rate or a factor that is not common knowledge is in the question. It does not: know today's rates.
"""

import random
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.mathematics.household.problem import Problem, Wanted, any_measure, any_money
from codeact.data.families.wordlists import CITIES, GOODS, PEOPLE
from codeact.data.families.words import with_article


@dataclass(frozen=True, slots=True)
class _Currencies:
    """Two currencies; one of the first is worth about so many hundredths of the other."""

    one: str
    other: str
    hundredths: int

    @property
    def many(self) -> str:
        """What more than one of the first is called."""
        return self.one if self.one.isupper() else f"{self.one}s"


_CURRENCIES = (
    _Currencies("EUR", "USD", 108),
    _Currencies("GBP", "EUR", 117),
    _Currencies("USD", "JPY", 14900),
    _Currencies("EUR", "CHF", 95),
    _Currencies("EUR", "PLN", 431),
    _Currencies("USD", "INR", 8350),
    _Currencies("euro", "dollars", 108),
    _Currencies("pound", "euros", 117),
    _Currencies("dollar", "pesos", 1710),
    _Currencies("euro", "kroner", 1140),
    _Currencies("pound", "rupees", 10500),
)


def exchange(chance: random.Random) -> Problem:
    """An amount in another currency, there or back."""
    money = chance.choice(_CURRENCIES)
    one, other = money.one, money.other
    rate = f"{money.hundredths * chance.uniform(0.85, 1.15) / 100:.3f}"
    back = chance.random() < 0.5
    amount = chance.randrange(5, 400) * 5 * (max(1, money.hundredths // 1000) if back else 1)
    had, want = (other, money.many) if back else (money.many, other)
    have = f"{amount} {had}"
    told = chance.choice((f"1 {one} is {rate} {other}.", f"The rate is {rate} {other} for 1 {one}.", f"One {one} is worth {rate} {other}."))
    sign = "/" if back else "*"
    return Problem(
        {"have": have, "want": want, "told": told, "thing": with_article(chance.choice(GOODS)), "city": chance.choice(CITIES)},
        amount / Fraction(rate) if back else amount * Fraction(rate),
        (f"amount = {amount}\nrate = {rate}\nresult = amount {sign} rate",),
        wrong=f'amount = "{have}"\nprint(amount {sign} {rate})',
    )


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit, for one and for many, and how many of another unit it is."""

    one: str
    many: str
    other: str
    factor: str


_UNITS = (
    _Unit("cup", "cups", "ml", "236.6"),
    _Unit("tablespoon", "tablespoons", "ml", "15"),
    _Unit("US gallon", "US gallons", "litres", "3.785"),
    _Unit("pint", "pints", "litres", "0.568"),
    _Unit("mph", "mph", "km/h", "1.609"),
    _Unit("nautical mile", "nautical miles", "km", "1.852"),
    _Unit("GB", "GB", "MB", "1024"),
    _Unit("TB", "TB", "GB", "1000"),
    _Unit("kWh", "kWh", "MJ", "3.6"),
    _Unit("kcal", "kcal", "kJ", "4.184"),
    _Unit("inch", "inches", "cm", "2.54"),
    _Unit("pound", "pounds", "kg", "0.4536"),
    _Unit("ounce", "ounces", "g", "28.35"),
    _Unit("horsepower", "horsepower", "kW", "0.7457"),
    _Unit("square foot", "square feet", "square metres", "0.0929"),
    _Unit("MB", "MB", "KB", "1024"),
)


@dataclass(frozen=True, slots=True)
class _TwoUnits:
    """Two units that measures are given in together.

    Args:
        big, small, count: so many small ones are a big one.
        other: the unit that is asked for.
        sign, factor: what makes the other of the small one.
        told: all of this, in the question.
    """

    big: str
    small: str
    count: int
    other: str
    sign: str
    factor: str
    told: str


_TWO_UNITS = (
    _TwoUnits("feet", "inches", 12, "cm", "*", "2.54", "1 foot is 12 inches and 1 inch is 2.54 cm."),
    _TwoUnits("stone", "pounds", 14, "kg", "*", "0.4536", "1 stone is 14 pounds and 1 pound is 0.4536 kg."),
    _TwoUnits("pounds", "ounces", 16, "kg", "*", "0.02835", "1 pound is 16 ounces and 1 ounce is 0.02835 kg."),
    _TwoUnits("hours", "minutes", 60, "decimal hours", "/", "60", "1 hour has 60 minutes."),
)


def everyday_units(chance: random.Random) -> Problem:
    """A measure in another unit."""
    return _of_two_units(chance) if chance.random() < 0.35 else _of_one_unit(chance)


def _of_two_units(chance: random.Random) -> Problem:
    units = chance.choice(_TWO_UNITS)
    first = chance.randrange(2, 16)
    second = chance.randrange(2, units.count)
    total = first * units.count + second
    return Problem(
        {"have": f"{first} {units.big} {chance.choice(('and ', ''))}{second} {units.small}", "to": units.other, "told": units.told},
        total / Fraction(units.factor) if units.sign == "/" else total * Fraction(units.factor),
        (f"total = {first} * {units.count} + {second}", f"result = total {units.sign} {units.factor}"),
    )


def _of_one_unit(chance: random.Random) -> Problem:
    unit = chance.choice(_UNITS)
    amount = chance.choice((str(chance.randrange(2, 900)), any_measure(chance, 15, 400)))
    back = chance.random() < 0.4
    if back and float(unit.factor) > 50:
        amount = str(chance.randrange(10, 900) * 10)
    have, to = (unit.other, unit.many) if back else (unit.many, unit.other)
    return Problem(
        {"have": f"{amount} {have}", "to": to, "told": f"1 {unit.one} is {unit.factor} {unit.other}."},
        Fraction(amount) / Fraction(unit.factor) if back else Fraction(amount) * Fraction(unit.factor),
        (f"amount = {amount}\nfactor = {unit.factor}\nresult = amount {'/' if back else '*'} factor",),
    )


def fuel(chance: random.Random) -> Problem:
    """The fuel for a trip, or its cost."""
    km = chance.randrange(8, 1400)
    use = any_measure(chance, 38, 130)
    price = f"{chance.randrange(105, 260) / 100:.2f}"
    people = chance.randrange(2, 6)
    and_back = chance.random() < 0.3
    litres = Fraction(2 * km if and_back else km) * Fraction(use) / 100
    cost = litres * Fraction(price)
    wanted = chance.choice(
        (
            Wanted("what does the fuel cost", cost, (f"cost = litres * {price}",)),
            Wanted(f"what does each of {people} pay for the fuel", cost / people, (f"cost = litres * {price} / {people}",)),
            Wanted("how many litres of fuel are used", litres),
        )
    )
    return Problem(
        {
            "trip": f"{km} km each way, there and back" if and_back else f"{km} km",
            "use": use,
            "price": any_money(chance)(price),
            "what": wanted.what,
            "city": chance.choice(CITIES),
        },
        wanted.right,
        (f"litres = {km}{' * 2' if and_back else ''} * {use} / 100", *wanted.steps),
    )


def average_speed(chance: random.Random) -> Problem:
    """The speed or the time of a trip in two parts."""
    first_speed, second_speed = chance.sample(range(8, 130), 2)
    first_km = chance.randrange(4, 300)
    second_km = chance.randrange(4, 300)
    hours = Fraction(first_km, first_speed) + Fraction(second_km, second_speed)
    speed = (first_km + second_km) / hours
    wanted = chance.choice(
        (
            Wanted("the average speed of the whole trip in km/h", speed, (f"speed = ({first_km} + {second_km}) / hours",)),
            Wanted("the whole time in minutes", hours * 60, ("minutes = hours * 60",)),
            Wanted("the time in hours", hours),
        )
    )
    return Problem(
        {
            "first": f"{first_km} km at {first_speed} km/h",
            "second": f"{second_km} km at {second_speed} km/h",
            "what": wanted.what,
            "name": chance.choice(PEOPLE),
        },
        wanted.right,
        (f"hours = {first_km} / {first_speed} + {second_km} / {second_speed}", *wanted.steps),
    )


def download_time(chance: random.Random) -> Problem:
    """The time that so much data takes over a line."""
    size = any_measure(chance, 5, 900)
    speed = chance.randrange(2, 500)
    in_bits = chance.random() < 0.6
    factor = 8000 if in_bits else 1000
    seconds = Fraction(size) * factor / speed
    wanted = chance.choice((Wanted("minutes", seconds / 60, ("minutes = seconds / 60",)), Wanted("seconds", seconds)))
    return Problem(
        {
            "size": f"{size} GB",
            "speed": f"{speed} {'Mbit/s' if in_bits else 'MB/s'}",
            "told": "1 GB is 8000 megabits" if in_bits else "1 GB is 1000 MB",
            "unit": wanted.what,
            "what": with_article(chance.choice(("film", "game", "backup", "video", "update", "folder of photos", "map"))),
        },
        wanted.right,
        (f"seconds = {size} * {factor} / {speed}", *wanted.steps),
    )
