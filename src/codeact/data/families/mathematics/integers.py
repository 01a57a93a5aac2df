"""Primes, divisors, digits, powers and sums over whole numbers.

Invariant: right answers come from a sieve or from divisors in pairs, not from the expert's trial division. It does not: take numbers so
large that trial division is slow.
"""

import math
import random
from functools import cache

from pydantic import JsonValue

from codeact.data.families.worked import worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_MOST = 60_000
_IS_PRIME = "def is_prime(n):\n    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))\n"


@cache
def _primes() -> tuple[int, ...]:
    sieve = bytearray([1]) * _MOST
    sieve[:2] = b"\0\0"
    for n in range(2, math.isqrt(_MOST) + 1):
        if sieve[n]:
            sieve[n * n :: n] = bytes(len(range(n * n, _MOST, n)))
    return tuple(n for n in range(_MOST) if sieve[n])


def _factors(n: int) -> list[int]:
    found = []
    for prime in _primes():
        while n % prime == 0:
            found.append(prime)
            n //= prime
        if n == 1:
            break
    return found


def _prime(chance: random.Random, phrase: Phrase) -> Instance:
    low = chance.randrange(10, chance.choice((200, 3000, 20_000)))
    high = low + chance.randrange(20, chance.choice((200, 4000)))
    between = [n for n in _primes() if low < n < high]
    kind = chance.randrange(5)
    if kind == 0:
        what, right, code = (
            f"how many primes lie between {low} and {high} (both excluded)",
            len(between),
            f"count = sum(1 for n in range({low} + 1, {high}) if is_prime(n))",
        )
    elif kind == 1:
        what, right = f"what the sum of all primes below {low} is", sum(n for n in _primes() if n < low)
        code = f"total = sum(n for n in range({low}) if is_prime(n))"
    elif kind == 2:
        what, right = f"what the smallest prime above {high} is", next(n for n in _primes() if n > high)
        code = f"n = {high} + 1\nwhile not is_prime(n):\n    n += 1"
    elif kind == 3:
        place = chance.randrange(8, 400)
        what, right = f"what prime number {place} is, if 2 is number 1", _primes()[place - 1]
        code = f"primes = []\nn = 2\nwhile len(primes) < {place}:\n    if is_prime(n):\n        primes.append(n)\n    n += 1"
    else:
        what, right = f"what the largest prime below {high} is", max(n for n in _primes() if n < high)
        code = f"n = {high} - 1\nwhile not is_prime(n):\n    n -= 1"
    shown = "primes[-1]" if kind == 3 else code.split(" ")[0]
    return Instance(phrase(what=what), right, worked(chance, (_IS_PRIME + code, shown), apart=0), check="number")


def _common(chance: random.Random, phrase: Phrase) -> Instance:
    shared = chance.randrange(2, 40)
    values = [shared * chance.randrange(2, 60) for _ in range(chance.choice((2, 2, 3)))]
    multiple = chance.random() < 0.5
    name, word = ("lcm", "least common multiple") if multiple else ("gcd", "greatest common divisor")
    right = values[0]
    for value in values[1:]:
        a, b = right, value
        while b:
            a, b = b, a % b
        right = right * value // a if multiple else a
    listed = f"{', '.join(map(str, values[:-1]))} and {values[-1]}"
    given = ", ".join(map(str, values))
    return Instance(
        phrase(what=word if chance.random() < 0.7 else word.replace("greatest", "largest").replace("least", "smallest"), numbers=listed),
        right,
        worked(chance, (f"import math\nresult = math.{name}({given})", "result")),
        check="number",
        slips=(Slip("wrong type", f"import math\nprint(math.{name}([{given}]))"),),
    )


def _divisors(chance: random.Random, phrase: Phrase) -> Instance:
    n = math.prod(chance.choices((2, 2, 3, 5, 7), k=chance.randrange(3, 6))) * chance.choice((1, 1, 11, 13))
    found = sorted({d for low in range(1, math.isqrt(n) + 1) if n % low == 0 for d in (low, n // low)})
    code = f"divisors = [d for d in range(1, {n} + 1) if {n} % d == 0]"
    kind = chance.randrange(3)
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        (f"the number of divisors of {n}", len(found), "len(divisors)"),
        (f"the sum of all divisors of {n}", sum(found), "sum(divisors)"),
        (f"the list of all divisors of {n}, smallest first", [*found], "divisors"),
    )
    what, right, shown = kinds[kind]
    slip = Slip("wrong range", code.replace("range(1, ", "range(") + f"\nprint({shown})")
    return Instance(
        phrase(what=what), right, worked(chance, (code, "divisors"), ("", shown)), check="list" if kind == 2 else "number", slips=(slip,)
    )


def _factorise(chance: random.Random, phrase: Phrase) -> Instance:
    n = math.prod(chance.choices(_primes()[:25], k=chance.choice((2, 3, 3, 4))))
    code = f"n = {n}\nfactors = []\nd = 2\nwhile n > 1:\n    while n % d == 0:\n        factors.append(d)\n        n //= d\n    d += 1"
    largest = chance.random() < 0.3
    what = f"the largest prime factor of {n}" if largest else f"the prime factors of {n}, as a list in rising order with repetitions"
    right: JsonValue = max(_factors(n)) if largest else [*_factors(n)]
    return Instance(
        phrase(what=what),
        right,
        worked(chance, (code, "max(factors)" if largest else "factors"), apart=0),
        check="number" if largest else "list",
    )


def _digits(chance: random.Random, phrase: Phrase) -> Instance:
    a, b = chance.randrange(2, 40), chance.randrange(5, 90)
    n, factorial = chance.randrange(10**5, 10**12), chance.randrange(10, 70)
    name, code, value = chance.choice(
        (
            (f"{a} to the power of {b}", f"{a} ** {b}", pow(a, b)),
            (f"{a}^{b}", f"{a} ** {b}", pow(a, b)),
            (f"{n}", f"{n}", n),
            (f"the factorial of {factorial}", f"math.factorial({factorial})", math.prod(range(1, factorial + 1))),
        )
    )
    total, rest = 0, value
    count = 0
    while rest:
        rest, digit = divmod(rest, 10)
        total, count = total + digit, count + 1
    given = f"import math\nvalue = {code}" if "math" in code else f"value = {code}"
    what, right, shown = chance.choice(
        (("the sum of the digits", total, "sum(int(digit) for digit in str(value))"), ("the number of digits", count, "len(str(value))"))
    )
    wrong = f"{given}\nprint({'sum(value)' if 'sum' in shown else 'len(value)'})"
    return Instance(
        phrase(what=what, number=name),
        right,
        worked(chance, (given, "value"), ("", shown)),
        check="number",
        slips=(Slip("forgotten conversion", wrong),),
    )


def _modulo(chance: random.Random, phrase: Phrase) -> Instance:
    a, b, m = chance.randrange(2, 100), chance.randrange(10, 900), chance.randrange(3, 200)
    if chance.random() < 0.25:
        m = 10 ** chance.choice((1, 2, 3))
        what = f"the last {'digit' if m == 10 else f'{len(str(m)) - 1} digits, as a number,'} of {a} to the power of {b}"
    else:
        what = chance.choice((f"the remainder of {a}^{b} divided by {m}", f"{a} to the power of {b} modulo {m}", f"{a}^{b} mod {m}"))
    right, base, power = 1, a, b
    while power:
        right, base, power = (right * base % m if power & 1 else right), base * base % m, power >> 1
    return Instance(
        phrase(what=what),
        right,
        worked(chance, (f"rest = pow({a}, {b}, {m})", "rest")),
        check="number",
        slips=(Slip("wrong operator", f"print({a} ^ {b} mod {m})"),),
    )


def _multiples(chance: random.Random, phrase: Phrase) -> Instance:
    a, b = chance.sample(range(3, 20), 2)
    limit = chance.randrange(50, 5000)
    joined, test = chance.choice((("or", lambda n: not (n % a and n % b)), ("and", lambda n: n % math.lcm(a, b) == 0)))
    found = [n for n in range(1, limit) if test(n)]
    count = chance.random() < 0.4
    what = f"how many positive whole numbers below {limit} are divisible by {a} {joined} by {b}"
    if not count:
        what = f"what the sum of all positive whole numbers below {limit} that are divisible by {a} {joined} by {b} is"
    code = f"found = [n for n in range(1, {limit}) if n % {a} == 0 {joined} n % {b} == 0]"
    return Instance(
        phrase(what=what),
        len(found) if count else sum(found),
        worked(chance, (code, "len(found)" if count else "sum(found)"), apart=0),
        check="number",
    )


def _collatz(chance: random.Random, phrase: Phrase) -> Instance:
    start = chance.randrange(6, 4000)
    n, steps, top = start, 0, start
    while n != 1:
        n = n >> 1 if not n & 1 else n + (n << 1) + 1
        steps, top = steps + 1, max(top, n)
    code = f"n = {start}\nseen = [n]\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    seen.append(n)"
    what, right, shown = chance.choice(
        (("how many steps it takes to reach 1", steps, "len(seen) - 1"), ("what the largest number on the way is", top, "max(seen)"))
    )
    return Instance(phrase(start=start, what=what), right, worked(chance, (code, shown), apart=0), check="number")


_WHAT = (
    "[Use a program to find out|Please compute] {what}.",
    "[Find out|Tell me|I want to know] {what}.",
    "[Can|Could] you [tell me|find out] {what}?",
    "[Please work out|Work out|Determine] {what}.",
    "[My question|The question] is {what}.",
    "[Do you know|Can you see|Can you find out] {what}?",
    "[I was asked|A friend asks|The teacher asks|My son asks] {what}.",
)
_THAT = (
    "What is {what}?",
    "[Find|Compute|Work out|Calculate] {what}[, please].",
    "[Tell|Give] me {what}.",
    "[I need|I am looking for|I would like] {what}.",
    "[Can|Could] you [find|compute|give me] {what}?",
    "[For my homework|For a puzzle|For a test] I need {what}.",
)

FAMILIES = (
    Family(
        "mathematics/primes",
        "mathematics",
        _prime,
        phrasings=_WHAT,
        unseen_phrasings=("[Let me know|Say] {what}.", "About primes: [it matters to me|I wonder|somebody asks] {what}."),
    ),
    Family(
        "mathematics/common-divisor",
        "mathematics",
        _common,
        phrasings=(
            "[Can|Could] you [find|compute|work out] the {what} of {numbers}?",
            "[What|Which number] is the {what} that {numbers} have?",
            "[Find|Compute|Work out|Calculate] the {what} of {numbers}[, please].",
            "[Tell|Give] me the {what} of {numbers}.",
            "[I need|I am looking for] the {what} of the numbers {numbers}.",
            "[The numbers|Take the numbers] {numbers}: what is their {what}?",
        ),
        unseen_phrasings=(
            "[How big|How large] is the {what} of {numbers}?",
            "{numbers} are given. [State|Determine|Report] their {what}.",
        ),
    ),
    Family(
        "mathematics/divisors",
        "mathematics",
        _divisors,
        phrasings=_THAT,
        unseen_phrasings=(
            "[Determine|Show me] {what}, 1 and the number itself included.",
            "[Let us look at|Have a look at|Get me] {what}.",
        ),
    ),
    Family(
        "mathematics/prime-factors",
        "mathematics",
        _factorise,
        phrasings=_THAT,
        unseen_phrasings=("[Determine|Print|Show me] {what}.", "[Factorise it|Do the factorisation] and answer with {what}."),
    ),
    Family(
        "mathematics/digits",
        "mathematics",
        _digits,
        phrasings=(
            "[Can|Could] you [find|compute|work out] {what} of {number}?",
            "What is {what} of {number}?",
            "[Find|Compute|Work out|Calculate] {what} of {number}[, please].",
            "[Tell|Give] me {what} of {number}.",
            "[I need|I would like to know] {what} of {number} in decimal.",
            "Written out in full, {number} has many digits. What is {what}?",
        ),
        unseen_phrasings=("[Take|Write out] {number} and [report|determine] {what}.", "For {number}, {what} is [wanted|asked for]."),
    ),
    Family(
        "mathematics/modulo",
        "mathematics",
        _modulo,
        phrasings=_THAT,
        unseen_phrasings=("[Determine|Evaluate|Show me] {what}.", "[A code needs|My cipher needs] {what}. How much is it?"),
    ),
    Family(
        "mathematics/multiples",
        "mathematics",
        _multiples,
        phrasings=(
            "[Please let me know|Check for me] {what}.",
            "[Find out|Tell me|Work out|Determine] {what}.",
            "[Can|Could] you [tell me|find out|work out] {what}?",
            "[I want to know|I would like to know] {what}.",
            "[The question is|A riddle asks|The exercise asks|I was asked] {what}.",
            "[Please calculate|Please count and tell me|Please find out] {what}.",
        ),
        unseen_phrasings=("[Let me know|Report] {what}.", "[The task is to say|The next thing to find is|We are asked] {what}."),
    ),
    Family(
        "mathematics/collatz",
        "mathematics",
        _collatz,
        phrasings=(
            "Start at {start}; halve an even number, and turn an odd n into 3n + 1, until 1 is reached. [Tell me|Find "
            "out|Work out] {what}.",
            "[Take|Begin with] {start}. If it is even, divide it by 2; if odd, multiply by 3 and add 1; repeat until it is 1. "
            "I want to know {what}.",
            "From {start}, the rule is: even numbers are halved, odd ones tripled plus one. It ends at 1. [Tell me|Find "
            "out|Please say] {what}.",
            "[In the Collatz sequence|In the 3n + 1 sequence] that starts at {start}, [find out|tell me|work out|say] {what}.",
            "[Run|Follow] the 3n + 1 rule from {start} down to 1 and [report|tell me|say] {what}.",
        ),
        unseen_phrasings=(
            "[Using|With] the Collatz rule on {start}, [determine|let me know] {what}.",
            "A number begins as {start} and is halved when even, else tripled and increased by 1, until it is 1; [count and "
            "say|look and say] {what}.",
        ),
    ),
)
