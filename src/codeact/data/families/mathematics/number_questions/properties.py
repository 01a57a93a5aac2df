"""Properties of whole numbers: their divisors, how many between two numbers have a property, whether one has.

Invariant: as in `number_questions`. It does not: hold the plain forms that `integers` has.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from codeact.data.families.mathematics.number_questions.asking import Asked, Kind, Mistake, any_size

_PRIMES = sorted(set(range(2, 4000)) - {a * b for a in range(2, 64) for b in range(a, 4000 // a + 1)})


def factors(chance: random.Random) -> Asked:
    """The divisors of a number, or those it shares with another."""
    shared = chance.randrange(2, 30)
    called = chance.choice(("factor", "divisor"))
    number = shared * chance.randrange(4, 60)
    other = shared * chance.randrange(4, 40)
    divisors = sorted(divisor for low in range(1, math.isqrt(number) + 1) if number % low == 0 for divisor in {low, number // low})
    common = [divisor for divisor in divisors if other // divisor * divisor == other]
    kinds = (
        Kind(f"the [largest|biggest] {called} of {number} other than {number} itself", "divisors[-2]", number // divisors[1]),
        Kind(
            f"the smallest {called} of {number} [greater|larger] than 1",
            "divisors[1]",
            next(prime for prime in _PRIMES if number % prime == 0),
        ),
        Kind(
            f"the number of even {called}s of {number}",
            "sum(1 for d in divisors if d % 2 == 0)",
            len([divisor for divisor in divisors if not divisor & 1]),
        ),
        Kind(
            f"the list of all common {called}s of {number} and {other}, smallest first",
            f"[d for d in divisors if {other} % d == 0]",
            [*common],
        ),
    )
    return Asked(
        kinds,
        given=f"n = {number}\ndivisors = [d for d in range(1, n + 1) if n % d == 0]",
        mistake=Mistake("wrong range", "range(1, n + 1)", "range(n + 1)"),
    )


@dataclass(frozen=True, slots=True)
class _Property:
    """A property that numbers of a range may have: how the right answer tests it, in words for many numbers, the expert's test of ``n``."""

    has: Callable[[int], bool]
    verb: str
    test: str


def between(chance: random.Random) -> Asked:
    """How many of the numbers between two have a property."""
    low = any_size(chance, 2, 500)
    factor = chance.randrange(3, 30)
    digit_sum = chance.randrange(4, 16)
    digit = chance.randrange(1, 10)
    high = low + any_size(chance, 20, 900)
    chosen = chance.choice(
        (
            _Property(
                lambda n: digit in (n % 10, n // 10 % 10, n // 100 % 10, n // 1000),
                f"contain the digit {digit}",
                f'"{digit}" in str(n)',
            ),
            _Property(lambda n: math.isqrt(n) ** 2 == n, "are perfect squares", "int(n**0.5) ** 2 == n"),
            _Property(
                lambda n: sum(map(int, str(n))) == digit_sum,
                f"have a digit sum of {digit_sum}",
                f"sum(int(d) for d in str(n)) == {digit_sum}",
            ),
            _Property(
                lambda n: all(str(n).count(one) == 1 for one in str(n)),
                "have no repeated digit",
                "len(set(str(n))) == len(str(n))",
            ),
            _Property(lambda n: n // factor * factor == n, f"are [divisible by|multiples of] {factor}", f"n % {factor} == 0"),
            _Property(lambda n: n in _PRIMES, "are prime", "n > 1 and all(n % d for d in range(2, n))"),
            _Property(
                lambda n: n % factor > 0 and n % 2 > 0,
                f"are divisible by neither 2 nor {factor}",
                f"n % 2 != 0 and n % {factor} != 0",
            ),
        )
    )
    where = f"[from {low} to {high}|between {low} and {high} (both included)]"
    count = sum(chosen.has(number) for number in range(low, high + 1))
    return Asked(
        (Kind(f"{where} // {chosen.verb}", "len(found)", count),),
        given=f"found = [n for n in range({low}, {high} + 1) if {chosen.test}]",
        mistake=Mistake("wrong type", "str(n)", "n"),
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A number, what is claimed of it, and the expert's test of ``n``."""

    number: int
    claim: str
    test: str


_IS_PRIME = "n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))"


def yes_or_no(chance: random.Random) -> Asked:
    """A claim about a number, which is true or, for a number that is spoilt by adding to it, false."""
    true = chance.random() < 0.5
    factor = chance.randrange(3, 40)
    root = any_size(chance, 5, 300)
    half = str(chance.randrange(10, 900))
    exponent = chance.randrange(2, 20)
    prime = chance.choice(_PRIMES[9:])
    product = chance.choice(_PRIMES[1:20]) * chance.choice(_PRIMES[1:60])
    spoilt = 0 if true else 1
    multiple = factor * root + spoilt * chance.randrange(1, factor)
    square = root * root + spoilt * chance.randrange(1, 2 * root)
    palindrome = int(half + half[::-1]) + spoilt * 10
    power = 2**exponent + spoilt * chance.randrange(1, 2**exponent)
    chosen = chance.choice(
        (
            _Claim(multiple, f"[divisible by|a multiple of|evenly divisible by] {factor}", f"n % {factor} == 0"),
            _Claim(prime if true else product, "[a prime number|prime|a prime]", _IS_PRIME),
            _Claim(square, "[a perfect square|a square number]", "int(n**0.5) ** 2 == n"),
            _Claim(palindrome, "[a palindrome|the same when read backwards]", "str(n) == str(n)[::-1]"),
            _Claim(power, "a power of [2|two]", 'bin(n).count("1") == 1'),
            _Claim(factor, f"a [factor|divisor] of {multiple}", f"{multiple} % n == 0"),
        )
    )
    answer = "yes" if true else "no"
    return Asked(
        (Kind(f"{chosen.number} // {chosen.claim}", f'"yes" if {chosen.test} else "no"', answer),),
        given=f"n = {chosen.number}",
        mistake=Mistake("no such method", _IS_PRIME, "n.is_prime()"),
    )
