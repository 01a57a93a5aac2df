"""Sequences and sums of series, number bases and Roman numerals.

Invariant: right answers come from a closed formula or from taking a number apart digit by digit, where the expert loops or has the standard
library do it. It does not: continue sequences that have more than one sensible continuation.
"""

import random
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_DIGITS = "0123456789abcdef"


def _progression(chance: random.Random, phrase: Phrase) -> Instance:
    start, step, n = chance.randrange(-20, 60), chance.randrange(2, 40), chance.randrange(8, 200)
    shown = [start + step * k for k in range(4)]
    kind = chance.randrange(3)
    listed = ", ".join(map(str, shown))
    if kind == 0:
        right, steps = start + step * (n - 1), ((f"term = {start} + ({n} - 1) * {step}", "term"),)
        what = f"term number {n} of the arithmetic sequence {listed}, ..."
    elif kind == 1:
        right = n * (2 * start + step * (n - 1)) // 2
        what = f"the sum of the first {n} terms of the arithmetic sequence {listed}, ..."
        steps = ((f"terms = [{start} + k * {step} for k in range({n})]", "terms[-1]"), ("", "sum(terms)"))
    else:
        ratio, n = chance.choice((2, 3, 4, 5)), chance.randrange(6, 16)
        first = chance.randrange(1, 9)
        listed = ", ".join(str(first * ratio**k) for k in range(4))
        whole = chance.random() < 0.5
        right = first * (ratio**n - 1) // (ratio - 1) if whole else first * ratio ** (n - 1)
        what = f"{f'the sum of the first {n} terms' if whole else f'term number {n}'} of the geometric sequence {listed}, ..."
        steps = ((f"terms = [{first} * {ratio}**k for k in range({n})]", "terms[-1]"), ("", "sum(terms)" if whole else "terms[-1]"))
    return Instance(phrase(what=what), right, worked(chance, *steps, apart=0.15), check="number")


def _series(chance: random.Random, phrase: Phrase) -> Instance:
    n, a = chance.randrange(5, 300), chance.randrange(2, 9)
    kinds = (
        (f"1^2 + 2^2 + ... + {n}^2", n * (n + 1) * (2 * n + 1) // 6, f"sum(k**2 for k in range(1, {n} + 1))"),
        (f"1^3 + 2^3 + ... + {n}^3", (n * (n + 1) // 2) ** 2, f"sum(k**3 for k in range(1, {n} + 1))"),
        (f"1 + 2 + 3 + ... + {n}", n * (n + 1) // 2, f"sum(range(1, {n} + 1))"),
        (
            f"k * (k + {a}) for k from 1 to {n}",
            n * (n + 1) * (2 * n + 1) // 6 + a * n * (n + 1) // 2,
            f"sum(k * (k + {a}) for k in range(1, {n} + 1))",
        ),
        (f"all odd numbers from 1 to {2 * n - 1}", n * n, f"sum(range(1, {2 * n - 1} + 1, 2))"),
        (f"all even numbers from 2 to {2 * n}", n * (n + 1), f"sum(range(2, {2 * n} + 1, 2))"),
        (f"{a}^k for k from 0 to {n % 20 + 3}", (a ** (n % 20 + 4) - 1) // (a - 1), f"sum({a}**k for k in range({n % 20 + 3} + 1))"),
    )
    what, right, code = chance.choice(kinds)
    return Instance(phrase(what=what), right, worked(chance, (f"total = {code}", "total"), apart=0), check="number")


def _recurrence(chance: random.Random, phrase: Phrase) -> Instance:
    a, p, q, n = chance.randrange(1, 10), chance.choice((1, 2, 2, 3)), chance.randrange(-5, 9) or 1, chance.randrange(5, 15)
    if chance.random() < 0.4:
        b = chance.randrange(1, 12)
        rule = f"starts with {a} and {b}, and each later term is the sum of the two before it"
        values = [a, b]
        while len(values) < n:
            values.append(sum(values[-2:]))
        right = values[n - 1]
        code = f"a, b = {a}, {b}\nfor i in range({n} - 1):\n    a, b = b, a + b"
    else:
        sign = f"minus {-q}" if q < 0 else f"plus {q}"
        rule = f"starts with {a}, and each later term is {p} times the one before {sign}"
        right = a + q * (n - 1) if p == 1 else p ** (n - 1) * a + q * (p ** (n - 1) - 1) // (p - 1)
        code = f"a = {a}\nfor i in range({n} - 1):\n    a = {p} * a {'-' if q < 0 else '+'} {abs(q)}"
    return Instance(phrase(rule=rule, n=n), right, worked(chance, (code, "a"), apart=0), check="number")


def _in_radix(number: int, radix: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, radix)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _in_any_case(digits: str) -> JsonValue:
    """The digits, or both ways to spell them if letters are among them."""
    return digits if digits.isdigit() else [digits, digits.upper()]


_RADIX = (("binary", 2, "b"), ("octal", 8, "o"), ("hexadecimal", 16, "x"))


def _notation(chance: random.Random, phrase: Phrase) -> Instance:
    number = chance.randrange(10, chance.choice((300, 5000, 100_000)))
    name, radix, letter = chance.choice(_RADIX)
    written = _in_radix(number, radix)
    kind = chance.randrange(4)
    if kind == 0:
        return Instance(
            phrase(given=f"{name} {written}", wanted="decimal"),
            number,
            worked(chance, (f'value = int("{written}", {radix})', "value"), apart=0),
            check="number",
            slips=(Slip("wrong type", f'print(int("{written}", "{name}"))'),),
        )
    if kind == 1:
        odd = chance.choice((3, 5, 6, 7, 9))
        code = f'n = {number}\ndigits = ""\nwhile n:\n    digits = str(n % {odd}) + digits\n    n //= {odd}'
        return Instance(
            phrase(given=f"decimal {number}", wanted=f"base {odd}"), _in_radix(number, odd), worked(chance, (code, "digits"), apart=0)
        )
    if kind == 2:
        other, base, mark = chance.choice([one for one in _RADIX if one[1] != radix])
        code = f'value = int("{written}", {radix})'
        return Instance(
            phrase(given=f"{name} {written}", wanted=f"{other} digits without a prefix"),
            _in_any_case(_in_radix(number, base)),
            worked(chance, (code, "value"), ("", f'format(value, "{mark}")'), apart=0.2),
        )
    return Instance(
        phrase(given=f"decimal {number}", wanted=f"{name} digits without a prefix"),
        _in_any_case(written),
        worked(chance, (f'digits = format({number}, "{letter}")', "digits"), apart=0),
        slips=(Slip("wrong type", f'print(format("{number}", "{letter}"))'),),
    )


_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)


def _roman(chance: random.Random, phrase: Phrase) -> Instance:
    number = chance.randrange(4, 3999)
    thousands, hundreds, tens, ones = number // 1000, number // 100 % 10, number // 10 % 10, number % 10
    numeral = "M" * thousands
    for digit, (one, five, ten) in ((hundreds, "CDM"), (tens, "XLC"), (ones, "IVX")):
        numeral += ("", one, one * 2, one * 3, one + five, five, five + one, five + one * 2, five + one * 3, one + ten)[digit]
    if chance.random() < 0.5:
        pairs = "[" + ", ".join(f'({value}, "{sign}")' for value, sign in _ROMAN) + "]"
        code = f'n = {number}\nroman = ""\nfor value, sign in {pairs}:\n    while n >= value:\n        roman += sign\n        n -= value'
        return Instance(phrase(what=f"{number} in Roman numerals"), numeral, worked(chance, (code, "roman"), apart=0))
    signs = '{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}'
    code = (
        f'values = {signs}\ntext = "{numeral}"\ntotal = 0\nfor a, b in zip(text, text[1:] + "I"):\n'
        "    total += values[a] if values[a] >= values[b] else -values[a]"
    )
    return Instance(
        phrase(what=f"the Roman numeral {numeral} as a number"),
        number,
        worked(chance, (code, "total"), apart=0),
        check="number",
        slips=(Slip("wrong type", f'print(int("{numeral}"))'),),
    )


def _continued(chance: random.Random, phrase: Phrase) -> Instance:
    start, factor, limit = chance.randrange(50, 900), chance.choice(("0.5", "0.8", "0.75", "0.9", "0.6")), chance.randrange(3, 12)
    height, total = Fraction(start), Fraction(start)
    for _ in range(limit):
        height *= Fraction(factor)
        total += 2 * height
    asked, right, shown = chance.choice(
        (
            (f"how high it rises after bounce number {limit}", height, "round(height, 2)"),
            (f"how far it has moved in all, up and down, at the top after bounce number {limit}", total - height, "round(path, 2)"),
        )
    )
    loop = f"for bounce in range({limit}):\n    height = height * {factor}\n    path += 2 * height"
    code = f"height = {start}\npath = {start}\n{loop}\npath -= height"
    return Instance(
        phrase(start=start, factor=factor, asked=asked),
        float(round(right, 2)),
        worked(chance, (code, shown), apart=0),
        check="number",
        tolerance=TWO_DECIMALS,
    )


FAMILIES = (
    Family(
        "mathematics/progression",
        "mathematics",
        _progression,
        phrasings=(
            "[Find|Work out|Compute|Calculate] {what}",
            "[Tell me|Give me|Show me] {what}",
            "[I need|I am looking for|I would like|I want] {what}",
            "[Can you|Could you|Would you] [find|work out] {what}",
            "[Please find|Please compute|My homework is to find|The task is to find] {what}",
        ),
        unseen_phrasings=("[Determine|State|Report] {what}", "[Here is a puzzle, find|Let us have] {what}"),
    ),
    Family(
        "mathematics/series",
        "mathematics",
        _series,
        phrasings=(
            "[Add up|Sum up|Total] {what}.",
            "[Find|Work out|Compute|Calculate] the sum: {what}.",
            "[What is|How much is] the sum of {what}?",
            "[Tell|Give] me the sum of {what}[, please].",
            "[I need|I am looking for|I would like] the sum of {what}.",
            "[Can you|Could you] [add up|sum up] {what}?",
        ),
        unseen_phrasings=("[Determine|State|Report] the total of {what}.", "{what}: [what does it add up to|what is the total]?"),
    ),
    Family(
        "mathematics/recurrence",
        "mathematics",
        _recurrence,
        phrasings=(
            "A sequence {rule}. [What is|Find|Give me] term number {n}[, please].",
            "[Find|Work out|Compute|Calculate] term number {n} of the sequence that {rule}.",
            "My sequence {rule}. [Which number is|How big is|What value has] term {n}?",
            "[Suppose|Imagine] a sequence {rule}. [Tell|Give] me its term number {n}.",
            "What is number {n} in a [list|row|chain] that {rule}?",
            "There is a list of numbers: it {rule}. [Tell me|Show me] entry number {n}.",
        ),
        unseen_phrasings=(
            "Term {n}, if a sequence {rule}? [Please state it.|State it.]",
            "[Determine|Report] number {n} of the sequence which {rule}.",
            "A chain of numbers {rule}; entry {n} is what?",
        ),
    ),
    Family(
        "mathematics/number-base",
        "mathematics",
        _notation,
        phrasings=(
            "[Convert|Change|Translate] {given} to {wanted}.",
            "[What is|How do you write] {given} in {wanted}?",
            "[Express|Write out|Show] {given} in {wanted}[, please].",
            "[I need|I want|Give me|Tell me] {given} written in {wanted}.",
            "[A register|A memory cell|A display|A printout] holds {given}. What is that in {wanted}?",
            "[Rewrite|Put] {given} in {wanted}.",
        ),
        unseen_phrasings=(
            "{given} [becomes what|reads how] in {wanted}?",
            "[Turn|Recode] {given} into {wanted}.",
            "In {wanted}, how is {given} written down?",
        ),
    ),
    Family(
        "mathematics/roman-numerals",
        "mathematics",
        _roman,
        phrasings=(
            "[What is|How do you write] {what}?",
            "[Write|Give|Show] {what}.",
            "[Tell me|Give me|Show me] {what}[, please].",
            "[I need|I want|I would like] {what}.",
            "[For a clock|For a gravestone|For a book chapter|In an old book|On a monument]: {what}?",
            "[Convert and show|Translate and show|Work out|Find] {what}.",
        ),
        unseen_phrasings=("[State|Report|Determine] {what}.", "[A sculptor|A historian] asks for {what}."),
    ),
    Family(
        "mathematics/bouncing-ball",
        "mathematics",
        _continued,
        phrasings=(
            "A ball is dropped from {start} cm, and each bounce takes it to {factor} of the height before. [Tell me|Find|Work "
            "out], in cm to two decimals, {asked}.",
            "Dropped from {start} cm, a ball keeps {factor} of its height at each bounce. [Say|Compute|Calculate] {asked}, in "
            "cm with two decimals.",
            "[After every bounce|With each bounce] a ball reaches {factor} of the last height; it falls from {start} cm at "
            "first. I want to know {asked}, in cm, to two decimals.",
            "[Let|Imagine] a ball fall from {start} cm, its height being multiplied by {factor} at each bounce. [Tell me|Find "
            "out] {asked}, in cm, two decimals.",
            "The height of a bouncing ball is multiplied by {factor} each time; it begins at {start} cm. [Work out|Tell "
            "me|Compute|Find out] in cm, to two decimals, {asked}.",
            "[A rubber ball|A tennis ball|A toy ball|A golf ball] falls {start} cm and bounces back to {factor} of each "
            "height. Find {asked}, in cm with two decimals.",
        ),
        unseen_phrasings=(
            "Bounce factor {factor}, first height {start} cm: [state|report] {asked}, in cm, two decimals.",
            "Someone lets a ball drop {start} cm. It always recovers {factor} of its height. [Determine|Let me know] {asked} "
            "(cm, two decimals).",
            "Given a drop of {start} cm and a rebound of {factor}, {asked}? In cm, two decimals.",
        ),
        held_out=True,
    ),
)
