"""Sums of several operations, divisions with remainder, lists of numbers, fractions.

Invariant: right answers are made with exact fractions; the expert computes as Python does. It does not: ask for more
digits than a float has.
"""

import math
import random
from fractions import Fraction

from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _expression(chance: random.Random, phrase: Phrase) -> Instance:
    a, b, c, d = (chance.randrange(2, chance.choice((20, 200, 3000))) for _ in range(4))
    wide = chance.randrange(1000, 99999)
    text, value = chance.choice(
        (
            (f"{a} * {b} + {c}", a * b + c),
            (f"{a} * {b} - {c} * {d}", a * b - c * d),
            (f"({a} + {b}) * {c}", (a + b) * c),
            (f"({a} + {b}) * ({c} - {d})", (a + b) * (c - d)),
            (f"{wide} * {c}", wide * c),
            (f"{wide} - {a} * {b} + {d}", wide - a * b + d),
            (f"{wide} + {b * c} - {d}", wide + b * c - d),
            (f"{a}**2 + {b}**2 - {c}", a * a + b * b - c),
            (f"{a} * ({b} + {c} * {d})", a * (b + c * d)),
        )
    )
    shown = text.replace("**2", "^2") if chance.random() < 0.3 else text
    shown = shown.replace("*", "x") if "**" not in shown and chance.random() < 0.15 else shown
    return Instance(phrase(sum=shown), value, worked(chance, (f"result = {text}", "result")), check="number")


def _quotient(chance: random.Random, phrase: Phrase) -> Instance:
    b = chance.randrange(3, 400)
    a = b * chance.randrange(2, 900) + chance.randrange(b)
    kind = chance.randrange(3)
    if kind == 0:
        return Instance(
            phrase(task=f"{a} divided by {b}, rounded to two decimals"),
            float(round(Fraction(a, b), 2)),
            worked(chance, (f"result = {a} / {b}", "round(result, 2)")),
            check="number",
            tolerance=TWO_DECIMALS,
        )
    if kind == 1:
        return Instance(
            phrase(task=f"the remainder of {a} divided by {b}"),
            a - b * (a // b),
            worked(chance, (f"rest = {a} % {b}", "rest")),
            check="number",
        )
    return Instance(
        phrase(task=f"the quotient and the remainder of {a} divided by {b}, as a list of two whole numbers"),
        [a // b, a - a // b * b],
        worked(chance, (f"quotient = {a} // {b}\nrest = {a} % {b}", "[quotient, rest]")),
        check="list",
    )


_LISTS = (
    ("the sum", "sum(values)", sum),
    ("the product", "math.prod(values)", math.prod),
    ("the difference between the largest and the smallest", "max(values) - min(values)", lambda v: sorted(v)[-1] - sorted(v)[0]),
    ("the sum of the squares", "sum(n * n for n in values)", lambda v: sum(map(pow, v, [2] * len(v)))),
    ("the sum of the even numbers", "sum(n for n in values if n % 2 == 0)", lambda v: sum(v) - sum(n for n in v if n & 1)),
    ("the number of odd numbers", "sum(1 for n in values if n % 2 == 1)", lambda v: len([n for n in v if n & 1])),
    ("the sum of the three largest", "sum(sorted(values)[-3:])", lambda v: sum(sorted(v, reverse=True)[:3])),
)


def _listed(chance: random.Random, phrase: Phrase) -> Instance:
    values = [chance.randrange(1, 100) for _ in range(chance.randrange(5, 9))]
    name, code, right = chance.choice(_LISTS)
    given = f"values = {values}" if "math" not in code else f"import math\nvalues = {values}"
    slips = (Slip("wrong type", f'values = "{", ".join(map(str, values))}"\nprint({code.replace("math.prod", "sum")})'),)
    return Instance(
        phrase(what=name, list=", ".join(map(str, values))),
        right(values),
        worked(chance, (given, "values"), ("", code)),
        check="number",
        slips=slips,
    )


def _fractions(chance: random.Random, phrase: Phrase) -> Instance:
    parts = [Fraction(chance.randrange(1, 12), chance.randrange(2, 16)) for _ in range(chance.choice((2, 2, 3)))]
    signs = [chance.choice("+-*") if len(parts) == 2 else chance.choice("+-") for _ in parts[1:]]
    value = parts[0]
    for sign, part in zip(signs, parts[1:], strict=True):
        value = value + part if sign == "+" else value - part if sign == "-" else value * part
    shown = str(parts[0]) + "".join(f" {sign} {part}" for sign, part in zip(signs, parts[1:], strict=True))
    written = [f"Fraction({part.numerator}, {part.denominator})" for part in parts]
    code = written[0] + "".join(f" {sign} {part}" for sign, part in zip(signs, written[1:], strict=True))
    slip = Slip("wrong type", f"from fractions import Fraction\nprint(Fraction({float(parts[0]):.3f}, {parts[1]}))")
    return Instance(
        phrase(sum=shown),
        f"{value.numerator}/{value.denominator}" if value.denominator > 1 else str(value.numerator),
        worked(chance, (f"from fractions import Fraction\nresult = {code}", "result")),
        slips=(slip,),
    )


def _nearest(chance: random.Random, phrase: Phrase) -> Instance:
    places = chance.choice((2, 3, 4))
    kind = chance.choice(("square root", "cube root", "reciprocal"))
    n = chance.randrange(2, 5000)
    code = {"square root": f"{n} ** 0.5", "cube root": f"{n} ** (1 / 3)", "reciprocal": f"1 / {n}"}[kind]
    places = 5 if kind == "reciprocal" else places
    scaled = 10 ** (places + 3)
    root = {"square root": math.isqrt(n * scaled**2), "cube root": _cube_root(n * scaled**3), "reciprocal": scaled // n}[kind]
    value = float(round(Fraction(root, scaled), places))
    return Instance(
        phrase(root=kind, number=n, places=places),
        value,
        worked(chance, (f"value = {code}", f"round(value, {places})")),
        check="number",
        tolerance=TWO_DECIMALS.model_copy(update={"abs": 1.01 * 10**-places}),
    )


def _cube_root(n: int) -> int:
    low, high = 0, 1 << (n.bit_length() // 3 + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**3 <= n else (low, middle)
    return low


FAMILIES = (
    Family(
        "mathematics/expression",
        "mathematics",
        _expression,
        phrasings=(
            "[What is|What's|How much is] {sum}?",
            "[Work out|Compute|Calculate|Evaluate] {sum}[, please].",
            "[I need|Give me|Tell me] the [value|result] of {sum}.",
            "{sum}",
            "[Can|Could] you [compute|work out|calculate] {sum}[ for me]?",
        ),
        unseen_phrasings=(
            "[Find|Determine] the number that {sum} [comes to|makes].",
            "My calculator is broken. [Do|Solve] {sum} for me.",
            "[Result of|Value of] {sum}, please?",
        ),
        weight=2.0,
    ),
    Family(
        "mathematics/quotient",
        "mathematics",
        _quotient,
        phrasings=(
            "What is {task}?",
            "[Work out|Compute|Calculate|Find] {task}[, please].",
            "[I need|Give me|Tell me|I would like to know] {task}.",
            "[Can|Could] you [find|give me|work out] {task}?",
            "For [my homework|a report|a check] I need {task}.",
        ),
        unseen_phrasings=("[Determine|Show me] {task}.", "[Help me|Please help] with a division: {task}.", "{task} - what do you get?"),
    ),
    Family(
        "mathematics/list-of-numbers",
        "mathematics",
        _listed,
        phrasings=(
            "What is {what} of [these numbers|the numbers|the following numbers]: {list}?",
            "[Find|Work out|Compute|Calculate] {what} of {list}.",
            "Here are some [numbers|values]: {list}. [Tell me|Give me|Find] {what}[ of them].",
            "[I have|Take|Consider] the numbers {list}. [I want to know|Work out|Find] {what}.",
            "Numbers: {list}. [Wanted|Asked for]: {what}.",
        ),
        unseen_phrasings=(
            "[Look at|See] {list}: what about {what} of them?",
            "{list} - for this list, [determine|report] {what}.",
            "[Someone wrote down|On the board stand] {list}. How much is {what}?",
        ),
    ),
    Family(
        "mathematics/fractions",
        "mathematics",
        _fractions,
        phrasings=(
            "What is {sum}[, as a fraction in lowest terms| as a simplified fraction|, written as a reduced fraction]?",
            "[Work out|Compute|Calculate] {sum} and [give|write|leave] the [answer|result] as a fraction in lowest terms.",
            "[Give|Tell] me {sum} as an exact fraction in lowest terms, such as 7/9.",
            "[Simplify|Evaluate] {sum}. [Answer with|Write] a fraction in lowest terms.",
            "[I am adding up pieces|I am checking my homework|A recipe needs this]: {sum}. How much is it as a simplified fraction?",
        ),
        unseen_phrasings=(
            "[Reduce|Bring] {sum} to [a single|one] fraction in lowest terms.",
            "Without decimals please: how much is {sum}? [A reduced|One reduced] fraction is wanted.",
        ),
    ),
    Family(
        "mathematics/roots",
        "mathematics",
        _nearest,
        phrasings=(
            "[Can|Could] you [find|compute|tell me] the {root} of {number}, to {places} decimals?",
            "[My calculator has no key for it|A formula asks for it|I am stuck]: what is the {root} of {number}, to {places} decimals?",
            "What is the {root} of {number}[, rounded| rounded] to {places} decimals?",
            "[Work out|Compute|Calculate|Find] the {root} of {number} to {places} decimals.",
            "[Give|Tell] me the {root} of {number}, rounded to {places} decimals[, please].",
            "[I need|I want] the {root} of {number}. Round it to {places} decimals.",
            "To {places} decimals, [what is|how much is] the {root} of {number}?",
        ),
        unseen_phrasings=(
            "[Approximate|Estimate] the {root} of {number}; {places} decimals [are enough|will do].",
            "The {root} of {number}: [what does it come to|how big is it], with {places} decimals?",
        ),
        weight=0.7,
    ),
)
