"""Problems about money over months and years: raises, loans, and things that lose their value.

Invariant: as in `problem`. It does not: know today's rates.
"""

import math
import random
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.mathematics.household.problem import Problem, Wanted, any_money
from codeact.data.families.wordlists import PEOPLE


@dataclass(frozen=True, slots=True)
class _Raised:
    """What may be asked about a raise: in words, the right answer, and an expression for it of ``now`` and ``percent``."""

    what: str
    right: Fraction
    expression: str


def raised(chance: random.Random) -> Problem:
    """A monthly amount that goes up by a percentage."""
    now = chance.randrange(4, 120) * 50
    percent = f"{chance.randrange(2, 41) / 4:g}"
    years = chance.randrange(2, 7)
    step = now * Fraction(percent) / 100
    many_steps = now * (1 + Fraction(percent) / 100) ** years
    wanted = chance.choice(
        (
            _Raised("the new amount per month", now + step, "now * (1 + percent / 100)"),
            _Raised("the new amount per month", now + step, "now + now * percent / 100"),
            _Raised("the difference over a whole year", 12 * step, "now * percent / 100 * 12"),
            _Raised("the new amount per year", 12 * (now + step), "now * (1 + percent / 100) * 12"),
            _Raised(f"the monthly amount after {years} such increases in a row", many_steps, f"now * (1 + percent / 100) ** {years}"),
        )
    )
    values = {
        "thing": chance.choice(("rent", "salary", "wage", "pension", "rent", "office rent", "allowance")),
        "now": any_money(chance)(now),
        "what": wanted.what,
        "name": chance.choice(PEOPLE),
        "percent": percent + chance.choice(("%", "%", " %", " percent")),
    }
    return Problem(values, wanted.right, (f"now = {now}\npercent = {percent}\nresult = {wanted.expression}",))


def loan(chance: random.Random) -> Problem:
    """A loan that is paid back in equal monthly payments."""
    amount = chance.randrange(4, 600) * 500
    rate = f"{chance.randrange(8, 48) / 4:g}"
    years = chance.randrange(2, 31)
    months = 12 * years
    monthly_rate = float(rate) / 1200
    payment = amount / math.fsum((1 + monthly_rate) ** -month for month in range(1, months + 1))
    wanted = chance.choice(
        (
            Wanted("the monthly payment", payment),
            Wanted("the interest paid in all", payment * months - amount, (f"interest = payment * {months} - {amount}",)),
            Wanted("the sum of all payments", payment * months, (f"total = payment * {months}",)),
        )
    )
    return Problem(
        {"amount": any_money(chance)(amount), "rate": rate, "years": years, "what": wanted.what, "name": chance.choice(PEOPLE)},
        wanted.right,
        (f"r = {rate} / 100 / 12\npayment = {amount} * r / (1 - (1 + r) ** -{months})", *wanted.steps),
    )


def falling_value(chance: random.Random) -> Problem:
    """A thing that loses a percentage of its value every year."""
    start = chance.randrange(5, 900) * 100
    rate = chance.randrange(4, 31)
    years = chance.randrange(2, 12)
    limit = start * chance.randrange(20, 75) // 100
    money = any_money(chance)
    values = {"start": money(start), "rate": rate, "thing": chance.choice(("car", "boat", "piano", "van"))}
    if chance.random() < 0.5:
        return Problem(
            {**values, "what": f"how much is it worth after {years} years"},
            start * Fraction(100 - rate, 100) ** years,
            (f"value = {start} * (1 - {rate} / 100) ** {years}",),
        )
    return Problem(
        {**values, "what": f"after how many whole years is it worth less than {money(limit)}"},
        _years_until_below(limit, start, rate),
        (f"value = {start}\nyears = 0\nwhile value >= {limit}:\n    value = value * (1 - {rate} / 100)\n    years += 1",),
    )


def _years_until_below(limit: int, start: int, rate: int) -> int:
    value = Fraction(start)
    years = 0
    while value >= limit:
        value = value * (100 - rate) / 100
        years += 1
    return years
