"""Tasks of trade: the value of a deal, the lowest or highest of several, the difference of two, or a list in a stated order.

Invariant: every figure stands in the prompt, each with its unit; tariffs are percentages of the converted amount; what is asked for is
always a value, never which option it belongs to. Answers come from exact fractions, and are whole cents. It does not: use the tools.
"""

from collections.abc import Sequence
from fractions import Fraction

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.draft import CENTS, Draft
from codeact.bench.suites.m3.trade.deals import GOODS, MONEY, Deal, deal, even

TERMS = (
    "The final value of a deal is the price of all its units, converted to dollars, plus the tariff, which is a percentage of the "
    "converted amount."
)
AMOUNT = "Answer with the amount in dollars alone, rounded to two decimals."


def _goods(chance: Chance) -> tuple[str, str, str]:
    """Unit (plural), goods, currency (singular)."""
    return (*chance.pick(GOODS), chance.pick(MONEY))


def _cents(value: Fraction) -> float:
    return int(value * 100) / 100


def _data(goal: str, deals: Sequence[Deal]) -> dict[str, object]:
    return {"goal": goal, "deals": [one.data for one in deals]}


def _told(one: Deal, unit: str, goods: str, money: str) -> str:
    return (
        f"{one.units} {unit} of {goods} at {one.price} {money}s each, one {money} being worth {one.rate} dollars, with a tariff of "
        f"{one.tariff} percent"
    )


def _listed(deals: Sequence[Deal], unit: str, goods: str, money: str) -> str:
    return "\n".join(f"- {_told(one, unit, goods, money)}" for one in deals)


def total(chance: Chance) -> Draft | None:
    """The value of one deal."""
    one = deal(chance)
    prompt = f"{TERMS} What is the final value of {_told(one, *_goods(chance))}? {AMOUNT}"
    return Draft(prompt, _cents(one.value), "number", CENTS, _data("value", [one])) if even([one]) else None


def bulk(chance: Chance) -> Draft | None:
    """The value of one deal with a discount for many units, which is given or not."""
    one, discount = deal(chance), chance.between(5, 20, 5)
    least = one.units + chance.between(-60, 30, 10)
    one = one.but(change=-discount if one.units >= least else 0)
    unit, goods, money = _goods(chance)
    prompt = (
        f"{TERMS} A seller of {goods} takes {discount} percent off the price of every one of the {unit} if at least {least} of them "
        "are bought. "
        f"What is the final value of {_told(one, unit, goods, money)}, the price being that before any discount? {AMOUNT}"
    )
    fits = least >= 20 and even([one])
    return Draft(prompt, _cents(one.value), "number", CENTS, _data("value", [one])) if fits else None


def _extreme(chance: Chance, deals: list[Deal], *, lowest: bool) -> Draft | None:
    if not even(deals):
        return None
    word = "lowest" if lowest else "highest"
    prompt = (
        f"{TERMS} These deals are offered:\n{_listed(deals, *_goods(chance))}\n"
        f"What is the {word} of their final values? {AMOUNT}"
    )  # fmt: skip
    answer = sorted(one.value for one in deals)[0 if lowest else -1]
    return Draft(prompt, _cents(answer), "number", CENTS, _data(word, deals))


def lowest_of_offers(chance: Chance) -> Draft | None:
    """The lowest value of three deals that differ in all."""
    return _extreme(chance, [deal(chance) for _ in range(3)], lowest=True)


def lowest_by_tariff(chance: Chance) -> Draft | None:
    """The lowest value of four deals that differ in price and tariff."""
    one = deal(chance)
    return _extreme(chance, [one.but(tenths=other.tenths, tariff=other.tariff) for other in [deal(chance) for _ in range(4)]], lowest=True)


def highest_of_offers(chance: Chance) -> Draft | None:
    """The highest value of three deals that differ in all."""
    return _extreme(chance, [deal(chance) for _ in range(3)], lowest=False)


def highest_by_rate(chance: Chance) -> Draft | None:
    """The highest value of four deals that differ in rate and tariff."""
    one = deal(chance)
    others = [deal(chance) for _ in range(4)]
    return _extreme(chance, [one.but(hundredths=other.hundredths, tariff=other.tariff) for other in others], lowest=False)


def highest_by_units(chance: Chance) -> Draft | None:
    """The highest value of three deals that differ in number and price."""
    one = deal(chance)
    return _extreme(chance, [one.but(units=other.units, tenths=other.tenths) for other in [deal(chance) for _ in range(3)]], lowest=False)


def difference(chance: Chance) -> Draft | None:
    """By how much one deal is worth more than another."""
    deals = sorted((deal(chance), deal(chance)), key=lambda one: one.value, reverse=True)
    if not even(deals):
        return None
    unit, goods, money = _goods(chance)
    first, second = (_told(one, unit, goods, money) for one in deals)
    prompt = f"{TERMS} By how much is the final value of {first}, higher than that of {second}? {AMOUNT}"
    return Draft(prompt, _cents(deals[0].value - deals[1].value), "number", CENTS, _data("difference", deals))


def _list(told: str, names: Sequence[str], deals: Sequence[Deal]) -> Draft | None:
    if not even(list(deals)):
        return None
    prompt = (
        f"{TERMS} {told} What is the final value {', '.join(names[:-1])} and {names[-1]}? Answer with a list of the {len(names)} "
        f"amounts in dollars, in that order, each rounded to two decimals, in the form [{', '.join(['0.00'] * len(names))}]."
    )
    return Draft(prompt, [_cents(one.value) for one in deals], "list", CENTS, _data("list", deals))


def list_by_quantity(chance: Chance) -> Draft | None:
    """Values of three quantities."""
    one, (unit, goods, money) = deal(chance), _goods(chance)
    deals = [one.but(units=chance.between(20, 400, 10)) for _ in range(3)]
    told = (
        f"A merchant buys {goods} in {unit} at {one.price} {money}s each; one {money} is worth {one.rate} dollars, the tariff is "
        f"{one.tariff} percent."
    )
    return _list(told, [f"of {each.units} {unit}" for each in deals], deals)


def list_by_season(chance: Chance) -> Draft | None:
    """Values in three seasons, in which tariffs differ."""
    one, (unit, goods, money) = deal(chance), _goods(chance)
    deals = [one.but(tariff=chance.between(2, 25)) for _ in range(3)]
    seasons = chance.some(("spring", "summer", "autumn", "winter"), 3)
    tariffs = ", ".join(f"{each.tariff} percent in {season}" for each, season in zip(deals, seasons, strict=True))
    told = (
        f"A merchant buys {one.units} {unit} of {goods} at {one.price} {money}s each; one {money} is worth {one.rate} dollars. "
        f"The tariff is {tariffs}."
    )
    return _list(told, [f"in {season}" for season in seasons], deals)


def list_by_demand(chance: Chance) -> Draft | None:
    """Values with the usual price, a higher and a lower one."""
    one, (unit, goods, money) = deal(chance), _goods(chance)
    deals = [one, one.but(change=chance.between(5, 40, 5)), one.but(change=-chance.between(5, 40, 5))]
    told = (
        f"A merchant buys {one.units} {unit} of {goods}, usually at {one.price} {money}s each. When demand is high, that price is "
        f"{deals[1].change} percent higher; when it is low, {-deals[2].change} percent lower than usual. One {money} is worth {one.rate} "
        f"dollars, the tariff is {one.tariff} percent, both at any demand."
    )
    return _list(told, ["at the usual price", "when demand is high", "when it is low"], deals)


def list_now_and_later(chance: Chance) -> Draft | None:
    """Values by today's rate and tariff, and by those of next year."""
    one, other, (unit, goods, money) = deal(chance), deal(chance), _goods(chance)
    deals = [one, one.but(hundredths=other.hundredths, tariff=other.tariff)]
    told = (
        f"A merchant buys {one.units} {unit} of {goods} at {one.price} {money}s each. One {money} is worth {one.rate} dollars now and "
        f"{deals[1].rate} dollars next year; the tariff is {one.tariff} percent now and {deals[1].tariff} percent next year."
    )
    return _list(told, ["now", "next year"], deals)


PATTERNS = (
    total, total, total, bulk, lowest_of_offers, lowest_by_tariff, highest_of_offers, highest_of_offers, highest_by_rate, highest_by_rate,
    highest_by_units, highest_by_units, difference, list_by_quantity, list_by_season, list_by_demand, list_now_and_later,
)  # fmt: skip
"""One for each of the domain's 17 tasks: 4 values, 2 lowest, 6 highest, a difference, 4 lists."""
