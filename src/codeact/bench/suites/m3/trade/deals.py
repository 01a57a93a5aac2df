"""Deals: so many units at a price abroad, converted, with a tariff on top.

Invariant: values are exact fractions, so that none depends on the order in which it is computed; a deal that is used comes to whole
cents. It does not: use the tools.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from codeact.bench.suites.m3.chance import Chance

GOODS = (
    ("crates", "tea"), ("bales", "silk"), ("sacks", "salt"), ("barrels", "olive oil"), ("rolls", "linen"), ("casks", "cider"),
    ("tins", "saffron"),
    ("boxes", "candles"),
)  # fmt: skip
MONEY = ("crown", "florin", "taler", "ducat", "mark", "guilder")


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal.

    Args:
        units: how many.
        tenths: price of one, in tenths of the currency abroad.
        change: of that price, in percent of it.
        hundredths: of a dollar, that one unit of the currency is worth.
        tariff: in percent of the converted amount.
    """

    units: int
    tenths: int
    hundredths: int
    tariff: int
    change: int = 0

    @property
    def value(self) -> Fraction:
        """In dollars, tariff included."""
        abroad = Fraction(self.units * self.tenths, 10) * Fraction(100 + self.change, 100)
        return abroad * Fraction(self.hundredths, 100) * Fraction(100 + self.tariff, 100)

    @property
    def price(self) -> str:
        """Of one unit abroad, before any change, as it is written."""
        return f"{self.tenths / 10:g}"

    @property
    def rate(self) -> str:
        """Dollars for one unit of the currency, as it is written."""
        return f"{self.hundredths / 100:g}"

    @property
    def data(self) -> dict[str, float]:
        """What the prompt says of it."""
        return {"units": self.units, "price": float(self.price), "change": self.change, "rate": float(self.rate), "tariff": self.tariff}

    def but(self, **other: int) -> "Deal":
        """The same with some of it otherwise."""
        return replace(self, **other)


def deal(chance: Chance) -> Deal:
    """Any deal."""
    return Deal(chance.between(20, 400, 10), chance.between(20, 900, 5), chance.between(15, 195), chance.between(2, 25))


def even(deals: list[Deal]) -> bool:
    """Whether all come to whole cents, and no two are within a dollar of each other."""
    values = sorted(one.value for one in deals)
    apart = all(after - before >= 1 for before, after in pairwise(values))
    return apart and all((100 * value).denominator == 1 for value in values)
