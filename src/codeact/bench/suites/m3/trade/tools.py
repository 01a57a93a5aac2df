"""Tools of a merchant.

Invariant: rates of tariffs are in percent, tariffs are amounts. It does not: know any price or rate: they stand in the tasks.
"""

from codeact.bench.suites.m3.arithmetic import calculator, numbers


def convert_currency(base_price: float, conversion_rate: float) -> float:
    """An amount in another currency.

    Args:
        base_price: the amount, in the currency that it is in.
        conversion_rate: what one unit of that currency is worth in the other.
    """
    return base_price * conversion_rate


def calculate_tariff(price: float, tariff_rate: float) -> float:
    """The tariff on a price, as an amount in the price's currency.

    Args:
        price: amount on which the tariff is due.
        tariff_rate: in percent: 5 stands for 5 percent.
    """
    return price * tariff_rate / 100


def estimate_final_value(price: float, tariff: float) -> float:
    """A price with its tariff.

    Args:
        price: amount without tariff.
        tariff: amount in the same currency, not a percentage.
    """
    return price + tariff


def find_minimum(*args: float | list[float]) -> float:
    """The smallest of several numbers, given one by one or as a list."""
    return min(numbers("find_minimum", args))


def find_maximum(*args: float | list[float]) -> float:
    """The largest of several numbers, given one by one or as a list."""
    return max(numbers("find_maximum", args))


TOOLS = (convert_currency, calculate_tariff, estimate_final_value, calculator, find_minimum, find_maximum)
