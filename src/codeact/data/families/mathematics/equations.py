"""Equations, systems, polynomials and growth.

Invariant: equations are made backwards from their solutions, which are therefore known. It does not: ask for complex solutions.
"""

import random
from fractions import Fraction

from pydantic import JsonValue

from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _term(number: int, name: str = "", *, first: bool = False) -> str:
    """A term with its sign; nothing for 0."""
    if number == 0:
        return ""
    size = "" if abs(number) == 1 and name else str(abs(number))
    sign = ("-" if number < 0 else "") if first else (" - " if number < 0 else " + ")
    return f"{sign}{size}{name}"


def _nonzero(chance: random.Random, most: int) -> int:
    return chance.choice((-1, 1, 1)) * chance.randrange(1, most)


def _linear(chance: random.Random, phrase: Phrase) -> Instance:
    x, name = chance.randrange(-40, 60), chance.choice("xxynzt")
    a, c = chance.sample(range(2, 30), 2)
    c = chance.choice((0, 0, c))
    b = _nonzero(chance, 90)
    d = a * x + b - c * x
    left = _term(a, name, first=True) + _term(b)
    right = (_term(c, name, first=True) + _term(d)) if c else str(d)
    code = f"a, b, c, d = {a}, {b}, {c}, {d}\n{name} = (d - b) / (a - c)" if c else f"{name} = ({d} - {b}) / {a}".replace("- -", "+ ")
    return Instance(phrase(equation=f"{left} = {right}", name=name), x, worked(chance, (code, name), apart=0), check="number")


def _quadratic(chance: random.Random, phrase: Phrase) -> Instance:
    low, high = sorted(chance.sample(range(-25, 26), 2))
    a = chance.choice((1, 1, 1, 2, 3))
    b, c = -a * (low + high), a * low * high
    equation = _term(a, "x^2", first=True) + _term(b, "x") + _term(c) + " = 0"
    steps = (
        (f"a, b, c = {a}, {b}, {c}\nd = b**2 - 4*a*c", "d"),
        ("first = (-b - d**0.5) / (2*a)\nsecond = (-b + d**0.5) / (2*a)", "[first, second]"),
    )
    largest = chance.random() < 0.3
    if largest:
        steps = (steps[0], ("second = (-b + d**0.5) / (2*a)", "second"))
    return Instance(
        phrase(equation=equation, wanted="the larger solution" if largest else "both solutions as a list, the smaller first"),
        high if largest else [low, high],
        worked(chance, *steps),
        check="number" if largest else "list",
        slips=(Slip("wrong operator", f"a, b, c = {a}, {b}, {c}\nprint((-b + (b^2 - 4*a*c)^0.5) / (2*a))"),),
    )


def _system(chance: random.Random, phrase: Phrase) -> Instance:
    x, y = chance.randrange(-20, 30), chance.randrange(-20, 30)
    a, b, c, d = (_nonzero(chance, 12) for _ in range(4))
    while a * d == b * c:
        d += 1 if d != -1 else 2
    e, f = a * x + b * y, c * x + d * y
    first = f"{_term(a, 'x', first=True)}{_term(b, 'y')} = {e}"
    second = f"{_term(c, 'x', first=True)}{_term(d, 'y')} = {f}"
    kind = chance.randrange(3)
    kinds: tuple[tuple[str, JsonValue, str], ...] = (
        ("x and y as a list of two numbers", [x, y], "[x, y]"),
        ("x", x, "x"),
        ("x + y", x + y, "x + y"),
    )
    wanted, right, shown = kinds[kind]
    steps = (
        (f"a, b, e = {a}, {b}, {e}\nc, d, f = {c}, {d}, {f}\ndet = a * d - b * c", "det"),
        ("x = (e * d - b * f) / det\ny = (a * f - e * c) / det", shown),
    )
    return Instance(
        phrase(first=first, second=second, wanted=wanted), right, worked(chance, *steps), check="list" if kind == 0 else "number"
    )


def _polynomial(chance: random.Random, phrase: Phrase) -> Instance:
    a, b, c, d = _nonzero(chance, 9), _nonzero(chance, 12), _nonzero(chance, 20), _nonzero(chance, 50)
    at = chance.choice((-1, 1)) * chance.randrange(2, 20)
    cubic = chance.random() < 0.6
    name = chance.choice("fgph")
    text = (
        _term(a, "x^3", first=True) + _term(b, "x^2") + _term(c, "x") + _term(d)
        if cubic
        else _term(a, "x^2", first=True) + _term(b, "x") + _term(c)
    )
    right = ((a * at + b) * at + c) * at + d if cubic else (a * at + b) * at + c
    code = f"{a}*x**3 + {b}*x**2 + {c}*x + {d}" if cubic else f"{a}*x**2 + {b}*x + {c}"
    code = code.replace("+ -", "- ")
    return Instance(
        phrase(name=name, polynomial=text, at=at), right, worked(chance, (f"x = {at}\nvalue = {code}", "value")), check="number"
    )


def _growth(chance: random.Random, phrase: Phrase) -> Instance:
    start, limit = chance.randrange(2, 500), chance.randrange(5000, 9_000_000)
    what, factor = chance.choice(
        (("doubles", "2"), ("triples", "3"), ("grows by 10%", "1.1"), ("grows by 25%", "1.25"), ("grows by 40%", "1.4"))
    )
    have, count = Fraction(start), 0
    while have <= limit:
        have, count = have * Fraction(factor), count + 1
    unit = chance.choice(("hour", "day", "week", "year"))
    code = f"amount = {start}\ncount = 0\nwhile amount <= {limit}:\n    amount = amount * {factor}\n    count += 1"
    thing = chance.choice(("A colony of cells", "A stock of fish", "A heap of letters", "A field of weeds", "A network"))
    return Instance(
        phrase(thing=thing, start=start, what=what, unit=unit, limit=limit), count, worked(chance, (code, "count"), apart=0), check="number"
    )


def _mean(chance: random.Random, phrase: Phrase) -> Instance:
    marks = [chance.randrange(40, 100) for _ in range(chance.randrange(3, 7))]
    missing = chance.randrange(40, 101)
    mean = Fraction(sum(marks) + missing, len(marks) + 1)
    while mean.denominator > 1:
        missing += 1
        mean = Fraction(sum(marks) + missing, len(marks) + 1)
    code = f"known = {marks}\nmissing = {mean} * (len(known) + 1) - sum(known)"
    return Instance(
        phrase(marks=", ".join(map(str, marks)), mean=mean),
        missing,
        worked(chance, (code, "missing"), apart=0),
        check="number",
        slips=(Slip("wrong type", f"known = {marks}\nprint({mean} * (len(known) + 1) - known)"),),
    )


def _weighted(chance: random.Random, phrase: Phrase) -> Instance:
    values = [chance.randrange(30, 100) for _ in range(chance.choice((2, 3, 4)))]
    weights = [chance.randrange(1, 9) for _ in values]
    right = Fraction(sum(map(lambda v, w: v * w, values, weights)), sum(weights))
    code = f"values = {values}\nweights = {weights}\ntotal = sum(v * w for v, w in zip(values, weights))"
    return Instance(
        phrase(pairs=", ".join(f"{v} (weight {w})" for v, w in zip(values, weights, strict=True))),
        float(round(right, 2)),
        worked(chance, (code, "total"), ("mean = total / sum(weights)", "round(mean, 2)")),
        check="number",
        tolerance=TWO_DECIMALS,
    )


FAMILIES = (
    Family(
        "mathematics/linear-equation",
        "mathematics",
        _linear,
        phrasings=(
            "[A riddle leads to|My homework has|I wrote down] {equation}. What is {name}?",
            "[Solve|Please solve] {equation} [for {name}|and give me {name}].",
            "[Find|Determine|Work out|Tell me] {name} if {equation}[, please].",
            "If {equation}, [what is|how much is] {name}?",
            "[Which value of|Which number] {name} [makes {equation} true|satisfies {equation}]?",
        ),
        unseen_phrasings=(
            "{equation}. [Give|State|Report] the value of {name}.",
            "The equation {equation} has one solution {name}. [Which|What is it]?",
        ),
    ),
    Family(
        "mathematics/quadratic-equation",
        "mathematics",
        _quadratic,
        phrasings=(
            "Solve {equation}. [Give|Write|Answer with] {wanted}.",
            "[What are the solutions|What are the roots] of {equation}? [Give|Write|Answer with] {wanted}.",
            "[Find|Work out|Compute|Tell me] {wanted}, of the equation {equation}.",
            "[I have to solve|I must solve|The exercise is] {equation}. [I need|I want] {wanted}.",
            "The equation {equation} has two solutions. [Give me|Tell me|Find] {wanted}.",
        ),
        unseen_phrasings=("{equation}: [state|report] {wanted}.", "For which x is {equation}? [Show|Print|Name] {wanted}."),
    ),
    Family(
        "mathematics/system-of-two",
        "mathematics",
        _system,
        phrasings=(
            "Solve the system {first} and {second}. [Give|Answer with|Write] {wanted}.",
            "If {first} and {second}, [find|work out|determine|give me] {wanted}.",
            "[We know that|It is known that|Suppose that] {first} and {second}. [Give|Find|Work out] {wanted}.",
            "Two equations: {first}; {second}. [I need|I want|Compute|Tell me] {wanted}.",
            "[Find|Compute|Work out] {wanted} from {first} and {second}.",
        ),
        unseen_phrasings=(
            "Both {first} and {second} hold. [State|Report|Show] {wanted}.",
            "Given {first}, and also {second}: [report|find out] {wanted}.",
        ),
    ),
    Family(
        "mathematics/polynomial",
        "mathematics",
        _polynomial,
        phrasings=(
            "[What is|How much is] {name}({at}) if {name}(x) = {polynomial}?",
            "Let {name}(x) = {polynomial}. [Compute|Work out|Find|Calculate] {name}({at}).",
            "[Evaluate|Compute|Work out|Find the value of] {polynomial} at x = {at}[, please].",
            "For x = {at}, [find|work out|give me|tell me] the value of {polynomial}.",
            "[Put|Substitute] x = {at} into {polynomial}. What [comes out|is the result]?",
        ),
        unseen_phrasings=(
            "A function is {name}(x) = {polynomial}. [State|Report|Show] {name}({at}).",
            "With x set to {at}, {polynomial} [equals what|becomes what]?",
        ),
    ),
    Family(
        "mathematics/growth",
        "mathematics",
        _growth,
        phrasings=(
            "[Simulate|Work through] it: {start} at the start, it {what} each {unit}. After how many {unit}s is it above {limit}?",
            "{thing} starts at {start} and {what} every {unit}. After how many {unit}s is it [above|over|more than] {limit}?",
            "{thing} has size {start} and {what} each {unit}. How many [full|whole] {unit}s does it take to exceed {limit}?",
            "[Something|A quantity] of {start} {what} every {unit}. [Count|Tell me|Find] the number of {unit}s until it is above {limit}.",
            "[How many|Work out how many] {unit}s pass until {start}, which {what} every {unit}, is more than {limit}?",
            "Every {unit} a count {what}. It is {start} now. [In|After] how many {unit}s is it [above|over] {limit}?",
            "[When|After what number of {unit}s] does a size of {start} that {what} each {unit} pass {limit}? Answer with the "
            "number of {unit}s.",
        ),
        unseen_phrasings=(
            "From {start}, a value {what} per {unit}; [state|report] after how many {unit}s it first [exceeds|tops] {limit}.",
            "{thing}: {start} at first, it {what} every {unit}. The first {unit} with more than {limit} is number what?",
        ),
    ),
    Family(
        "mathematics/missing-mark",
        "mathematics",
        _mean,
        phrasings=(
            "A list holds {marks}. [Which|What] number makes its mean {mean} when it is added?",
            "[My marks so far are|So far I scored|My results are] {marks}. What must the next one be for a mean of {mean}?",
            "[What number|Which number] must be added to the list {marks} so that the mean becomes [exactly ]{mean}?",
            "The average of {marks} and one more number is {mean}. [Find that number.|What is that number?|How big is that number?]",
            "[With|After] results of {marks}, what result is needed to [average|have an average of] {mean}?",
            "[Find|Work out|Calculate|Tell me] the number that brings the average of {marks} to {mean}, if it is added to them.",
        ),
        unseen_phrasings=(
            "One value is lost: the others are {marks}, and the mean of all was {mean}. [Recover|Restore] it.",
            "To [reach|get] a mean of {mean}, what has to follow {marks}?",
            "{marks}, and then? The mean of all of them [shall be|is to be] {mean}.",
        ),
    ),
    Family(
        "mathematics/weighted-mean",
        "mathematics",
        _weighted,
        phrasings=(
            "[Values with weights|An exam has parts|Measurements with weights]: {pairs}. Find the weighted mean to two decimals.",
            "What is the weighted [mean|average] of {pairs}, rounded to two decimals?",
            "[Compute|Calculate|Work out|Find] the weighted [mean|average] of {pairs}. Round to two decimals.",
            "[My marks|The scores|The ratings] are {pairs}. What is the weighted average, to two decimals?",
            "[Give|Tell] me the weighted average of [these|the following], to two decimals: {pairs}.",
            "[Taking the weights into account|With the weights], what is the mean of {pairs}? Two decimals.",
        ),
        unseen_phrasings=(
            "{pairs}: [average these by weight|what is their average by weight], two decimals[ please].",
            "Not all count the same: {pairs}. Report the mean by weight, with two decimals.",
        ),
    ),
)
