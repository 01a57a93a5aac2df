"""Sums to work out, in words and in signs, and factorials.

Invariant: as in `number_questions`. It does not: hold the plain forms that `arithmetic` has.
"""

import math
import random
from fractions import Fraction

from codeact.data.families.mathematics.number_questions.asking import Asked, Kind, Mistake, any_size


def in_words(chance: random.Random) -> Asked:
    """A sum of one or two steps, told in words."""
    a = any_size(chance, 3, 2000)
    b = any_size(chance, 3, 900)
    small = chance.randrange(3, 60)
    times = chance.randrange(3, 13)
    power = times % 5 + 3
    kinds = (
        Kind(f"the sum of {a} and {b}, [multiplied by|times] {times}", f"({a} + {b}) * {times}", a * times + b * times),
        Kind(f"{a} [times|multiplied by] {times}, [plus|increased by] {b}", f"{a} * {times} + {b}", sum([a] * times) + b),
        Kind(f"half of {2 * a} plus a [third|third part] of {3 * b}", f"{2 * a} / 2 + {3 * b} / 3", a + b),
        Kind(f"the square of {a + small} minus the square of {a}", f"{a + small} ** 2 - {a} ** 2", small * (2 * a + small)),
        Kind(f"[twice|two times] {a} plus three times {b}", f"2 * {a} + 3 * {b}", a + a + b + b + b),
        Kind(f"{small} [to the power of|raised to the power of] {power}", f"{small} ** {power}", math.prod([small] * power)),
        Kind(f"three quarters of {4 * a}, plus {small} more", f"{4 * a} * 3 / 4 + {small}", 3 * a + small),
        Kind(f"the square root of {small * small} [times|multiplied by] {times}", f"{small * small} ** 0.5 * {times}", small * times),
        Kind(f"the sum of all whole numbers from {a} to {a + b}", f"sum(range({a}, {a + b} + 1))", (2 * a + b) * (b + 1) // 2),
        Kind(
            f"the sum of [all|the] multiples of {times} up to {a * times}",
            f"sum(range({times}, {a * times} + 1, {times}))",
            times * a * (a + 1) // 2,
        ),
    )
    return Asked(kinds)


def typed(chance: random.Random) -> Asked:
    """A sum in signs, as people type it."""
    prices = [f"{chance.randrange(5, 9000) / 100:.2f}" for _ in range(chance.randrange(3, 5))]
    terms = [chance.choice((1, 1, -1)) * any_size(chance, 2, 3000) for _ in range(chance.randrange(5, 9))]
    a, b, c, d = (chance.randrange(2, 40) for _ in range(4))
    large = any_size(chance, 2000, 9_000_000)
    less = chance.randrange(1001, 2000)
    added_prices = " + ".join(prices)
    long_sum = " ".join([str(large), *(f"{'-' if term < 0 else '+'} {abs(term)}" for term in terms)])
    kinds = (
        Kind(added_prices, f"round({added_prices}, 2)", float(sum(map(Fraction, prices)))),
        Kind(long_sum, long_sum, large + sum(terms)),
        Kind(f"{large:,} - {less:,} + {a}", f"{large} - {less} + {a}", large + a - less),
        Kind(f"{a} \u00d7 {b} \u00d7 {c}", f"{a} * {b} * {c}", math.prod((c, b, a))),
        Kind(f"{a * b * c} ÷ {b} \u00d7 {d}", f"{a * b * c} / {b} * {d}", a * c * d),
        Kind(f"({a} + {b}) \u00d7 ({c} + {d}) ÷ 2", f"({a} + {b}) * ({c} + {d}) / 2", float(Fraction((a + b) * (c + d), 2))),
        Kind(f"√{a * a} + √{b * b}", f"{a * a} ** 0.5 + {b * b} ** 0.5", a + b),
        Kind(f"{a}² + {b}³", f"{a} ** 2 + {b} ** 3", a * a + b * b * b),
        Kind(f"2^{c} - {a}^4", f"2 ** {c} - {a} ** 4", (1 << c) - a * a * a * a),
        Kind(f"{a} - ({b} - ({c} - {d}))", f"{a} - ({b} - ({c} - {d}))", a - b + c - d),
        Kind(f"{prices[0]} x {a}", f"round({prices[0]} * {a}, 2)", float(Fraction(prices[0]) * a)),
    )
    mistake = Mistake("sign of the question", " * ", " \u00d7 ") if a % 2 else None
    return Asked(kinds, mistake=mistake)


def factorials(chance: random.Random) -> Asked:
    """Factorials, and what is made of them."""
    n = chance.randrange(5, 24)
    large = chance.randrange(10, 160)
    limit = any_size(chance, 100, 10**12)
    smaller = chance.randrange(3, n)
    last = chance.randrange(4, 12)
    kinds = (
        Kind(f"[the factorial of {n}|{n} factorial|{n}!]", f"math.factorial({n})", math.prod(range(2, n + 1))),
        Kind(
            f"the number of zeros at the end of {large}[!| factorial]",
            f'text = str(math.factorial({large}))\nlen(text) - len(text.rstrip("0"))',
            sum(large // 5**exponent for exponent in (1, 2, 3)),
        ),
        Kind(
            f"{n}! [divided by|/] {smaller}!",
            f"math.factorial({n}) // math.factorial({smaller})",
            math.prod(range(smaller + 1, n + 1)),
        ),
        Kind(
            f"the sum 1! + 2! + ... + {last}!",
            f"sum(map(math.factorial, range(1, {last} + 1)))",
            sum(math.perm(number) for number in range(1, last + 1)),
        ),
        Kind(
            f"the largest n with n! below {limit}",
            f"n = 1\nwhile math.factorial(n + 1) < {limit}:\n    n += 1\nn",
            max(number for number in range(1, 16) if math.prod(range(1, number + 1)) < limit),
        ),
    )
    return Asked(kinds, mistake=Mistake("missing module", "math.factorial", "factorial"))
