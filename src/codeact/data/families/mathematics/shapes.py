"""Geometry of plane and solid figures, and of points.

Invariant: right answers are computed with decimals of many digits, by another formula than the expert's where there is one. It does not:
round before the end.
"""

import itertools
import math
import random
from fractions import Fraction

from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _measure(chance: random.Random, phrase: Phrase) -> Instance:
    a, b, c = (chance.randrange(2, 40) for _ in range(3))
    kinds = (
        (f"the area of a circle of radius {a} cm", math.pi * a * a, f"math.pi * {a}**2"),
        (f"the circumference of a circle of radius {a} cm", math.tau * a, f"2 * math.pi * {a}"),
        (f"the area of a circle of diameter {a} m", math.pi * a * a / 4, f"math.pi * ({a} / 2)**2"),
        (f"the area of a rectangle of {a} cm by {b} cm", a * b, f"{a} * {b}"),
        (f"the perimeter of a rectangle of {a} cm by {b} cm", a + b + a + b, f"2 * ({a} + {b})"),
        (f"the diagonal of a rectangle of {a} m by {b} m", math.hypot(a, b), f"math.sqrt({a}**2 + {b}**2)"),
        (f"the volume of a box of {a} by {b} by {c} cm", a * b * c, f"{a} * {b} * {c}"),
        (f"the surface of a box of {a} by {b} by {c} cm", 2 * a * b + 2 * b * c + 2 * a * c, f"2 * ({a}*{b} + {b}*{c} + {a}*{c})"),
        (f"the volume of a cylinder of radius {a} m and height {b} m", math.pi * a * a * b, f"math.pi * {a}**2 * {b}"),
        (f"the volume of a ball of radius {a} cm", math.tau * 2 / 3 * a * a * a, f"4 / 3 * math.pi * {a}**3"),
        (f"the surface of a ball of radius {a} cm", 2 * math.tau * a * a, f"4 * math.pi * {a}**2"),
        (f"the volume of a cone of radius {a} m and height {b} m", math.pi * a * a * b / 3, f"math.pi * {a}**2 * {b} / 3"),
        (f"the area of a triangle of base {a} cm and height {b} cm", Fraction(a * b, 2), f"{a} * {b} / 2"),
        (
            f"the area of a trapezium with parallel sides of {a} and {b} cm and height {c} cm",
            Fraction((a + b) * c, 2),
            f"({a} + {b}) * {c} / 2",
        ),
    )
    what, right, code = chance.choice(kinds)
    given = f"import math\nvalue = {code}" if "math" in code else f"value = {code}"
    wrong = given.replace("math.pi", "math.PI").replace("math.sqrt", "math.root")
    return Instance(
        phrase(what=what),
        round(float(right), 2),
        worked(chance, (given, "round(value, 2)"), apart=0),
        check="number",
        tolerance=TWO_DECIMALS,
        slips=(Slip("wrong name", f"{wrong}\nprint(round(value, 2))"),) if wrong != given else (),
    )


def _triangle(chance: random.Random, phrase: Phrase) -> Instance:
    a, b = chance.randrange(3, 60), chance.randrange(3, 60)
    c = chance.randrange(abs(a - b) + 1, a + b)
    right_angle = chance.random() < 0.4
    if right_angle:
        low, high = sorted((a, b))
        what, right, code = chance.choice(
            (
                (f"the hypotenuse of a right triangle with legs {a} and {b}", math.dist((0, b), (a, 0)), f"math.sqrt({a}**2 + {b}**2)"),
                (
                    f"the other leg of a right triangle with hypotenuse {high + 1} and one leg {low}",
                    math.sqrt((high + 1 - low) * (high + 1 + low)),
                    f"math.sqrt({high + 1}**2 - {low}**2)",
                ),
            )
        )
        steps = ((f"import math\nside = {code}", "round(side, 2)"),)
    else:
        what = f"the area of a triangle with sides {a}, {b} and {c}"
        cosine = (a * a + b * b - c * c) / (2 * a * b)
        right = a * b * math.sqrt(1 - cosine * cosine) / 2
        steps = (
            (f"import math\na, b, c = {a}, {b}, {c}\ns = (a + b + c) / 2", "s"),
            ("area = math.sqrt(s * (s - a) * (s - b) * (s - c))", "round(area, 2)"),
        )
    return Instance(phrase(what=what), round(right, 2), worked(chance, *steps, apart=0.2), check="number", tolerance=TWO_DECIMALS)


def _points(chance: random.Random, phrase: Phrase) -> Instance:
    (a, b), (c, d) = ((chance.randrange(-30, 30), chance.randrange(-30, 30)) for _ in range(2))
    c += 1 if a == c else 0
    kinds = (
        ("the distance", math.hypot(a - c, b - d), "math.sqrt((x2 - x1)**2 + (y2 - y1)**2)"),
        ("the slope of the line", float(Fraction(d - b, c - a)), "(y2 - y1) / (x2 - x1)"),
        ("the distance along the axes (Manhattan distance)", float(abs(a - c) + abs(b - d)), "abs(x2 - x1) + abs(y2 - y1)"),
    )
    what, right, code = chance.choice(kinds)
    start = "import math\n" if "math" in code else ""
    return Instance(
        phrase(what=what, first=f"({a}, {b})", second=f"({c}, {d})"),
        round(right, 2),
        worked(chance, (f"{start}x1, y1 = {a}, {b}\nx2, y2 = {c}, {d}\nvalue = {code}", "round(value, 2)"), apart=0),
        check="number",
        tolerance=TWO_DECIMALS,
        slips=(Slip("wrong type", f"print(({c}, {d}) - ({a}, {b}))"),),
    )


def _polygon(chance: random.Random, phrase: Phrase) -> Instance:
    count = chance.choice((3, 4, 4, 5))
    angles = sorted(chance.sample(range(0, 360, 15), count))
    while max(b - a for a, b in zip(angles, [*angles[1:], angles[0] + 360], strict=True)) >= 180:
        angles = sorted(chance.sample(range(0, 360, 15), count))
    size = chance.randrange(10, 50)
    points = [(round(size * math.cos(math.radians(angle))), round(size * math.sin(math.radians(angle)))) for angle in angles]
    x0, y0 = points[0]
    fan = [(b[0] - x0) * (c[1] - y0) - (c[0] - x0) * (b[1] - y0) for b, c in itertools.pairwise(points[1:])]
    code = f"points = {points}\ntotal = 0\nfor (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):\n    total += x1 * y2 - x2 * y1"
    return Instance(
        phrase(points=", ".join(map(str, points))),
        abs(sum(fan)) / 2,
        worked(chance, (code, "abs(total) / 2"), apart=0),
        check="number",
        tolerance=TWO_DECIMALS,
    )


FAMILIES = (
    Family(
        "mathematics/measure-of-figure",
        "mathematics",
        _measure,
        phrasings=(
            "[Can you|Could you] work out {what}, to two decimals?",
            "What is {what}? [Round to two decimals.|Give two decimals.]",
            "[Find|Work out|Compute|Calculate] {what}, rounded to two decimals.",
            "[Tell|Give] me {what} to two decimals[, please].",
            "[I need|I have to find|A plan asks for|For a workshop I need] {what}, to two decimals.",
            "[How much|How large] is {what}? Round to two decimals.",
            "[Geometry|Exercise|Homework]: {what}, to two decimals.",
        ),
        unseen_phrasings=(
            "[Determine|State] {what}; two decimals will do.",
            "A tailor asks for {what}. [Two decimals.|Use two decimals.]",
            "Report {what} (two decimals).",
        ),
        weight=1.5,
    ),
    Family(
        "mathematics/triangle",
        "mathematics",
        _triangle,
        phrasings=(
            "[Can you|Could you] work out {what}, to two decimals?",
            "What is {what}? [Round to two decimals.|Give two decimals.]",
            "[Find|Work out|Compute|Calculate] {what}, rounded to two decimals.",
            "[Tell|Give] me {what} to two decimals[, please].",
            "[I need|I have to find|A carpenter needs|A surveyor needs] {what}, to two decimals.",
            "[How long or large|How much] is {what}, with two decimals?",
            "[Geometry|Exercise|Homework]: {what}, to two decimals.",
        ),
        unseen_phrasings=(
            "[Determine|State] {what}; two decimals will do.",
            "On paper I drew it; now I want {what}. [Two decimals.|Use two decimals.]",
            "Report {what} (two decimals).",
        ),
        weight=0.7,
    ),
    Family(
        "mathematics/two-points",
        "mathematics",
        _points,
        phrasings=(
            "[Can you|Could you] compute {what} from {first} to {second}, to two decimals?",
            "What is {what} between {first} and {second}? [Round to two decimals.|Give two decimals.]",
            "[Find|Work out|Compute|Calculate] {what} between {first} and {second}, rounded to two decimals.",
            "[A is|Start is|Home is] {first} and [B is|the end is|the goal is] {second}. Give {what} between them, to two decimals.",
            "[Tell|Give] me {what} between the points {first} and {second} to two decimals.",
            "[Points|Given the points|On a map are] {first} and {second}. I need {what} between them, two decimals.",
        ),
        unseen_phrasings=(
            "From {first} to {second}: [state|report] {what}, two decimals.",
            "Between {first} and {second}, [how big|how large] is {what}? Two decimals.",
            "Plot {first} and {second} in your head; {what} between them, two decimals?",
        ),
        weight=0.8,
    ),
    Family(
        "mathematics/polygon",
        "mathematics",
        _polygon,
        phrasings=(
            "What is the area of the polygon with the corners {points}, [in this order|in order|taken in turn]?",
            "[Find|Work out|Compute|Calculate] the area of the polygon whose vertices are {points}.",
            "[A field|A garden|A plot of land|A lake] has its corners at {points}. How large is its area?",
            "The corners of a [shape|figure|polygon] are, in order, {points}. [Give|Tell] me its area.",
            "[Join|Connect] {points} in turn and close the figure. What area does it [have|enclose]?",
            "[I need|I want|Please give me] the area inside the polygon {points}.",
        ),
        unseen_phrasings=(
            "{points}: these are vertices in order. [State|Report] the area enclosed.",
            "How much area lies inside the closed path {points}[, back to the start]?",
            "Area of polygon {points}?",
        ),
        held_out=True,
    ),
)
