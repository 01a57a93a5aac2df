"""Arithmetic, money and units: in whole numbers and fractions, and by counting."""

import itertools
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

VALUES = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
ROMAN = list(zip(["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"], VALUES, strict=True))


def cents(amount: Fraction) -> float:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


def add_years_of_interest(amount: Fraction, rate: Fraction, years: int) -> Fraction:
    for _ in range(years):
        amount += amount * rate
    return amount


def years_until_more_than(amount: Fraction, wanted: int, rate: Fraction) -> int:
    years = 0
    while amount <= wanted:
        amount, years = amount + amount * rate, years + 1
    return years


def factors(number: int) -> list[int]:
    found = []
    for divisor in range(2, number + 1):
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
    return found


def in_roman(number: int) -> str:
    text = ""
    for letters, value in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def fives_in(number: int) -> int:
    return 0 if number % 5 else 1 + fives_in(number // 5)


def rows_of_pascal(most: int) -> list[int]:
    row = [1]
    for _ in range(most):
        row = [1, *(a + b for a, b in itertools.pairwise(row)), 1]
    return row


def squares_along(length: int, side: int) -> int:
    return len(range(0, length, side))


MONEY: dict[str, Callable[[], Any]] = {
    "arithmetic-bill": lambda: cents((3 * Fraction("4.75") + 2 * Fraction("12.40")) * Fraction(115, 100) / 4),
    "arithmetic-interest": lambda: cents(add_years_of_interest(Fraction(1500), Fraction(4, 100), 10)),
    "arithmetic-discount": lambda: cents(Fraction("89.90") - Fraction("89.90") * Fraction(30, 100)),
    "arithmetic-tax": lambda: next(net / 100 for net in range(148_750) if net * 119 == 148_750 * 100),
    "arithmetic-change": lambda: (2000 - 285 - 285 - 285 - 160) / 100,
    "arithmetic-exchange": lambda: cents(Fraction(750) / Fraction("1.0845")),
    "arithmetic-rent": lambda: cents(840 + Fraction(840 * 45, 1000)),
    "arithmetic-salary": lambda: float(sum(Fraction(3120) * Fraction("1.025") - 3120 for _ in range(13))),
    "arithmetic-growth": lambda: next(percent for percent in range(100) if 412 * (100 + percent) == 515 * 100),
    "arithmetic-doubling": lambda: years_until_more_than(Fraction(5000), 10_000, Fraction(6, 100)),
    "arithmetic-ratio": lambda: next(3 * part for part in range(250) if 5 * part + 3 * part + 2 * part == 250),
    "arithmetic-fuel": lambda: cents(Fraction(430, 100) * Fraction("6.4") * Fraction("1.82")),
}

UNITS: dict[str, Callable[[], Any]] = {
    "arithmetic-fahrenheit": lambda: float(Fraction(98 - 32) * 5 / 9),
    "arithmetic-speed": lambda: float(Fraction(342) / Fraction(38, 10)),
    "arithmetic-miles": lambda: cents(Fraction("26.2") * Fraction("1.609344")),
    "arithmetic-inches": lambda: cents(Fraction(71 * 254, 100)),  # 5 x 12 + 11
    "arithmetic-gallons": lambda: cents(Fraction("3.785411784") * 15),
    "arithmetic-oven": lambda: next(degrees for degrees in range(1000) if (degrees - 32) * 5 == 220 * 9),
    "arithmetic-suitcase": lambda: cents(51 * Fraction("0.45359237") - 23),
    "arithmetic-download": lambda: next(minutes for minutes in range(1000) if minutes * 60 * 35 == 42 * 800),
    "arithmetic-pizza": lambda: round(math.pi / 4 * 32 * 32, 2),
    "arithmetic-diagonal": lambda: round(math.isqrt((1920 * 1920 + 1080 * 1080) * 10**12) / 10**6, 2),
    "arithmetic-walls": lambda: (52 * 25 + 36 * 25 + 52 * 25 + 36 * 25) // 100,
    "arithmetic-tiles": lambda: squares_along(340, 20) * squares_along(280, 20),
}

NUMBERS: dict[str, Callable[[], Any]] = {
    "arithmetic-product": lambda: sum(12345 for _ in range(6789)),
    "arithmetic-percent": lambda: float(Fraction(18, 100) * 2350),
    "arithmetic-primes": lambda: sum(map(is_prime, range(10_000))),
    "arithmetic-gcd": lambda: max(n for n in range(1, 1072) if 1071 % n == 0 and 462 % n == 0),
    "arithmetic-digits": lambda: sum(int(digit) for digit in str(math.prod([2] * 100))),
    "arithmetic-binary": lambda: "".join(str(2019 >> bit & 1) for bit in reversed(range(11))),
    "arithmetic-power": lambda: math.prod(itertools.repeat(7, 13)),
    "arithmetic-remainder": lambda: 98_765 - 432 * len(range(432, 98_766, 432)),
    "arithmetic-root": lambda: next(n for n in itertools.count() if n * n == 1_522_756),
    "arithmetic-factorial": lambda: math.prod(range(1, 16)),
    "arithmetic-zeros": lambda: sum(map(fives_in, range(1, 101))),
    "arithmetic-factors": lambda: factors(13_860),
    "arithmetic-multiple": lambda: next(n for n in itertools.count(1) if not (n % 12 or n % 18 or n % 40)),
    "arithmetic-divisors": lambda: math.prod(factors(720).count(prime) + 1 for prime in set(factors(720))),
    "arithmetic-fraction": lambda: f"{(3 * 12 + 5 * 8) // 4}/{8 * 12 // 4}",  # 4 divides both, and 19 is prime
    "arithmetic-sevens": lambda: 7 * (71 * 72 // 2),  # 7 x (1 + ... + 71)
    "arithmetic-hexadecimal": lambda: 1 * 16**3 + 15 * 16**2 + 4 * 16 + 10,
    "arithmetic-roman": lambda: next(year for year in range(3000) if in_roman(year) == "MDCCCLXXXVIII"),
    "arithmetic-equation": lambda: next(x for x in range(-100, 100) if 7 * x - 19 == 3 * x + 45),
    "arithmetic-quadratic": lambda: (5 + math.isqrt(25 + 4 * 84)) // 2,
    "arithmetic-handshakes": lambda: len(list(itertools.combinations(range(12), 2))),
    "arithmetic-lottery": lambda: rows_of_pascal(49)[6],
    "arithmetic-dice": lambda: str(Fraction([a + b for a in range(1, 7) for b in range(1, 7)].count(9) + 3 + 2 + 1, 36)),
}

ANSWERS = {**MONEY, **UNITS, **NUMBERS}
