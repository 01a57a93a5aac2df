"""How an agent that never errs trades.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says. What a tool does is left to the tool, products and
differences to the calculator; only comparing is done in the head. It does not: know values.
"""

from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, at_once, calls_of
from codeact.bench.task import Task

_VALUES = """
deals = {deals!r}
values = []
for units, price, change, rate, tariff in deals:
    dollars = convert_currency(units * price * (100 + change) / 100, rate)
    values.append(round(estimate_final_value(dollars, calculate_tariff(dollars, tariff)), 2))
print({last})
"""
_LAST = {
    "value": "values[0]",
    "lowest": "min(values)",
    "highest": "max(values)",
    "difference": "round(values[0] - values[1], 2)",
    "list": "values",
}


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    data: dict[str, Any] = task.data
    deals = [(one["units"], one["price"], one["change"], one["rate"], one["tariff"]) for one in data["deals"]]
    return at_once(_VALUES.format(deals=deals, last=_LAST[data["goal"]]))


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    data: dict[str, Any] = task.data
    goal, deals = data["goal"], data["deals"]
    prices = yield calls_of("calculator", *((_price(one),) for one in deals))
    dollars = yield calls_of("convert_currency", *((price, one["rate"]) for price, one in zip(prices, deals, strict=True)))
    tariffs = yield calls_of("calculate_tariff", *((amount, one["tariff"]) for amount, one in zip(dollars, deals, strict=True)))
    values = yield calls_of("estimate_final_value", *zip(dollars, tariffs, strict=True))
    if goal == "difference":
        values = yield calls_of("calculator", (f"{values[0]} - {values[1]}",))
    rounded = [round(value, 2) for value in values]
    return rounded if goal == "list" else max(rounded) if goal == "highest" else min(rounded)


def _price(deal: dict[str, float]) -> str:
    changed = f" * {100 + deal['change']:g} / 100" if deal["change"] else ""
    return f"{deal['units']:g} * {deal['price']:g}{changed}"
