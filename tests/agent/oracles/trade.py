"""Trade: prices abroad, rates of exchange, tariffs, and savings that grow by a rule that a tool knows.

Invariant: the same tables at every time. Answers are computed here from the tables and not by the tools.
"""

from itertools import accumulate, pairwise
from typing import Any

from agent.oracles.task import CallPolicy, Task, at_once, calls_of

PRICES = {
    "tea": {"Ardal": 12.5, "Belmar": 8.0, "Corin": 1400.0, "Dunmore": 9.75},
    "silk": {"Ardal": 88.0, "Belmar": 64.5, "Corin": 9800.0, "Dunmore": 71.0},
    "salt": {"Ardal": 1.25, "Belmar": 0.8, "Corin": 150.0, "Dunmore": 1.1},
}
CURRENCIES = {"Ardal": "ARD", "Belmar": "BEL", "Corin": "COR", "Dunmore": "DUN"}
RATES = {"ARD": 1.2, "BEL": 1.75, "COR": 0.0088, "DUN": 1.5}
TARIFFS = {"tea": {"Ardal": 5, "Belmar": 12, "Corin": 8, "Dunmore": 0}, "silk": {"Ardal": 20, "Belmar": 16, "Corin": 25, "Dunmore": 30}}
TARIFFS["salt"] = {"Ardal": 2, "Belmar": 2, "Corin": 0, "Dunmore": 1}
SUPPLIERS = {
    "S-104": ("silk", "Belmar", 40), "S-117": ("silk", "Corin", 300), "S-120": ("silk", "Ardal", 75), "S-131": ("silk", "Dunmore", 90),
    "S-142": ("silk", "Belmar", 120), "S-155": ("tea", "Ardal", 60),
}  # fmt: skip
BONUS = (0, 15, 0, 40, 5, 0, 25, 10, 0, 30)


def unit_price(goods: str, country: str) -> float:
    """Price of one piece in a country, in its own currency."""
    return PRICES[goods][country]


def currency_of(country: str) -> str:
    """The currency of a country."""
    return CURRENCIES[country]


def exchange_rate(currency: str) -> float:
    """Dollars for one unit of a currency."""
    return RATES[currency]


def tariff(goods: str, country: str) -> int:
    """Tariff on goods from a country, in percent of the price."""
    return TARIFFS[goods][country]


def list_suppliers(goods: str) -> list[str]:
    """Identifiers of those who supply some goods."""
    return [name for name, (sold, _, _) in SUPPLIERS.items() if sold == goods]


def supplier(identifier: str) -> dict[str, Any]:
    """A supplier: `country`, and `minimum`, the least number of pieces that it sells."""
    _, country, minimum = SUPPLIERS[identifier]
    return {"country": country, "minimum": minimum}


def next_balance(balance: int, year: int) -> int:
    """What a savings account holds a year later, in whole dollars.

    Args:
        balance: at the start of the year.
        year: counted from 1.
    """
    if not 1 <= year <= 60:
        raise ValueError(f"year {year} is not in the plan, which has the years 1 to 60")
    return balance * 106 // 100 + BONUS[year % len(BONUS)]


def _landed(goods: str, country: str, pieces: int) -> float:
    return PRICES[goods][country] * pieces * RATES[CURRENCIES[country]] * (100 + TARIFFS[goods][country]) / 100


def _order_calls() -> CallPolicy:
    price, currency, percent = yield [
        *calls_of("unit_price", ("tea", "Ardal")), *calls_of("currency_of", ("Ardal",)), *calls_of("tariff", ("tea", "Ardal")),
    ]  # fmt: skip
    (rate,) = yield calls_of("exchange_rate", (currency,))
    return f"{price * 240 * rate * (100 + percent) / 100:.2f}"


def _country_calls() -> CallPolicy:
    countries = list(CURRENCIES)
    found = yield [
        *calls_of("unit_price", *(("silk", country) for country in countries)),
        *calls_of("currency_of", *((country,) for country in countries)),
        *calls_of("tariff", *(("silk", country) for country in countries)),
    ]
    prices, currencies, percents = found[:4], found[4:8], found[8:]
    rates = yield calls_of("exchange_rate", *((currency,) for currency in currencies))
    costs = [price * rate * (100 + percent) for price, rate, percent in zip(prices, rates, percents, strict=True)]
    return countries[costs.index(min(costs))]


def _supplier_calls() -> CallPolicy:
    (names,) = yield calls_of("list_suppliers", ("silk",))
    found = yield calls_of("supplier", *((name,) for name in names))
    fitting = [(name, each["country"]) for name, each in zip(names, found, strict=True) if each["minimum"] <= 100]
    countries = sorted({country for _, country in fitting})
    told = yield [
        *calls_of("unit_price", *(("silk", country) for country in countries)),
        *calls_of("currency_of", *((country,) for country in countries)),
    ]
    rates = yield calls_of("exchange_rate", *((currency,) for currency in told[len(countries) :]))
    costs = {country: price * rate for country, price, rate in zip(countries, told, rates, strict=False)}
    return min(fitting, key=lambda each: costs[each[1]])[0]


def _saving_calls() -> CallPolicy:
    balance, year = 1000, 0
    while balance < 2000:
        year += 1
        (balance,) = yield calls_of("next_balance", (balance, year))
    return year


def _years() -> int:
    held = accumulate(range(1, 61), lambda balance, year: balance * 106 // 100 + BONUS[year % len(BONUS)], initial=1000)
    return next(year for year, (before, after) in enumerate(pairwise(held), start=1) if before < 2000 <= after)


def _tools() -> list[Any]:
    return [unit_price, currency_of, exchange_rate, tariff, list_suppliers, supplier, next_balance]


TASKS = (
    Task(
        "trade: one order",
        "240 pieces of tea from Ardal, tariff included: what do they cost, in dollars, to the cent?",
        _tools,
        at_once("""
dollars = unit_price("tea", "Ardal") * 240 * exchange_rate(currency_of("Ardal"))
print(f"{dollars + dollars * tariff('tea', 'Ardal') / 100:.2f}")
"""),
        _order_calls,
        lambda: round(_landed("tea", "Ardal", 240), 2),
    ),
    Task(
        "trade: the cheapest country",
        "From which of Ardal, Belmar, Corin and Dunmore does silk cost least in dollars, tariff included?",
        _tools,
        at_once("""
def cost(country):
    return unit_price("silk", country) * exchange_rate(currency_of(country)) * (100 + tariff("silk", country))
print(min(["Ardal", "Belmar", "Corin", "Dunmore"], key=cost))
"""),
        _country_calls,
        lambda: sorted(CURRENCIES, key=lambda country: _landed("silk", country, 1))[0],
    ),
    Task(
        "trade: a supplier that sells few",
        "Which supplier of silk that sells 100 pieces or fewer is cheapest in dollars, by the price in its country and without tariff?",
        _tools,
        at_once("""
best = None
for name in list_suppliers("silk"):
    found = supplier(name)
    if found["minimum"] <= 100:
        cost = unit_price("silk", found["country"]) * exchange_rate(currency_of(found["country"]))
        best = min(best or (cost, name), (cost, name))
print(best[1])
"""),
        _supplier_calls,
        lambda: sorted(
            (PRICES["silk"][country] * RATES[CURRENCIES[country]], name)
            for name, (goods, country, minimum) in SUPPLIERS.items()
            if goods == "silk" and minimum <= 100
        )[0][1],
    ),
    Task(
        "trade: years of saving",
        "1,000 dollars stand on the account at the start of year 1. In which year does it reach 2,000?",
        _tools,
        at_once("""
balance, year = 1000, 0
while balance < 2000:
    year += 1
    balance = next_balance(balance, year)
print(year)
"""),
        _saving_calls,
        _years,
    ),
)
