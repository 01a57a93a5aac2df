"""How an agent that never errs does the tasks: it computes, looks, and reads what it is shown.

Invariant: it knows the prompt and the tools, and neither the references nor where things lie. It does not: need more turns in code
than there are times at which something has to be read.
"""

import re
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, at_once, calls_of
from codeact.bench.task import Task
from codeact.protocols import Call

SUMS = {
    "bakery": "print(round(84 * 0.45 + 37 * 3.2 + 42 * 0.45 + 25 * 3.2, 2))",
    "tank": "print((1250 - 225) / (18 - 5.5))",
    "savings": "held = 2000\nfor _ in range(4):\n    held = held * 1.03 + 500\nprint(round(held, 2))",
    "trains": "print(414 / (78 + 60) * 78)",
    "residue": "print('ABCDEFGHIJ'[pow(7, 222, 11)])",
    "weekday": "print('ABCDEFG'[(2 + 366) % 7])",
    "divisors": "count = sum(5040 % n == 0 for n in range(1, 5041))\n"
    "print('ABCDEFGHIJ'[[12, 24, 36, 48, 54, 60, 64, 72, 84, 96].index(count)])",
    "base": "digits, left = '', 2024\nwhile left:\n    digits, left = str(left % 7) + digits, left // 7\n"
    "print('ABCDEFGHIJ'[['5620', '5621', '5622', '5623', '6520', '5602', '5261', '6251', '5612', '5632'].index(digits)])",
    "series": "print(0.5 * (1 + 1 / 2))",
    "eigen": "print(2 + 2 ** 0.5)",
    "urn": "print(6 * 5 * 4 / (15 * 14 * 13 / 6))",
    "entropy": "import math\nprint(-sum(p * math.log2(p) for p in (0.5, 0.25, 0.15, 0.1)))",
}

PROGRAMS = {
    "runs": "from itertools import groupby\n\n\ndef runs(text):\n    return [len(list(run)) for _, run in groupby(text)]\n",
    "roman": """def roman(number):
    signs = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
    signs += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text
""",
    "merge": """def merge(spans):
    merged = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
""",
    "change": """def change(amount, coins):
    least = [0] + [None] * amount
    for total in range(1, amount + 1):
        before = [least[total - coin] for coin in coins if coin <= total and least[total - coin] is not None]
        least[total] = min(before) + 1 if before else None
    return -1 if least[amount] is None else least[amount]
""",
}

PLACES = ("table", "shelf", "cupboard", "fridge", "sink", "stove", "box")
ERRANDS = {
    "cup": [("cup", "", "cupboard")],
    "plate": [("plate", "sink", "shelf")],
    "egg": [("egg", "stove", "table")],
    "two": [("pear", "", "fridge"), ("milk", "", "fridge")],
}
"""Things to bring: what, by way of which place, and where to."""

SEARCHES = {
    "founder": ("Halden Observatory", r"by (\w+ \w+)\.", r"\((\d{4}) to"),
    "river": ("Orvik", r"the river (\w+)", r"into the ([\w ]+)\."),
    "composer": ("Ilse Brandt", r"taught by (\w+ \w+)", r"of the (\w+)\."),
}
"""What is looked up first, what is looked up next, and what the answer is there."""

_HEIGHT = r"([\d,]+) metres"

_LOOK = f"""where = {{}}
for place in {PLACES}:
    seen = goto(place)
    if "closed" in seen:
        seen = open_receptacle(place)
    where.update({{thing.strip(" ."): place for thing in seen.partition(": ")[2].split(",")}})
"""

_BRING = """goto(where[%(thing)r])
take_from(%(thing)r, where[%(thing)r])
if %(way)r:
    goto(%(way)r)
    (clean if %(way)r == "sink" else heat)(%(thing)r, %(way)r)
goto(%(place)r)
print(put(%(thing)r, %(place)r))
"""


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    if task.id in PROGRAMS:
        return PROGRAMS[task.id]
    if task.id in ERRANDS:
        bring = "".join(_BRING % {"thing": thing, "way": way, "place": place} for thing, way, place in ERRANDS[task.id])
        yield _LOOK + bring
        return "done"
    if task.id in SEARCHES:
        first, name, fact = SEARCHES[task.id]
        return (yield from at_once(f"import re\nname = re.search({name!r}, search({first!r})).group(1)\n{_read(fact)}"))
    if task.id == "taller":
        return (yield from at_once(_TALLER))
    return (yield from at_once(SUMS[task.id]))


_TALLER = f"""import re
heights = {{name: int(re.search({_HEIGHT!r}, search("Mount " + name)).group(1).replace(",", "")) for name in ("Serra", "Ligo")}}
name = max(heights, key=heights.get)
print(f"{{name}}, {{heights[name]}}")
"""


def _read(fact: str) -> str:
    return f"print(re.search({fact!r}, search(name)).group(1))"


def calls(task: Task) -> CallPolicy:
    """The policy in calls; sums are done in the head."""
    if task.id in PROGRAMS:
        return PROGRAMS[task.id]
    if task.id in ERRANDS:
        return (yield from _errands(task))
    if task.id in SEARCHES:
        first, name, fact = SEARCHES[task.id]
        (note,) = yield calls_of("search", (first,))
        (note,) = yield calls_of("search", (_found(name, note),))
        return _found(fact, note)
    if task.id == "taller":
        notes = yield calls_of("search", ("Mount Serra",), ("Mount Ligo",))
        heights = [int(_found(_HEIGHT, note).replace(",", "")) for note in notes]
        return f"{('Serra', 'Ligo')[heights.index(max(heights))]}, {max(heights)}"
    return _HEAD[task.id]


def _found(pattern: str, note: Any) -> str:
    found = re.search(pattern, str(note))
    return found.group(1) if found else ""


def _errands(task: Task) -> CallPolicy:
    """One call a turn where the next depends on it: one looks until all is found, and brings it."""
    left = {thing for thing, _, _ in ERRANDS[task.id]}
    where: dict[str, str] = {}
    opened: set[str] = set()
    for place in PLACES:
        if left <= where.keys():
            break
        (seen,) = yield calls_of("goto", (place,))
        if "closed" in str(seen):
            (seen,) = yield calls_of("open_receptacle", (place,))
            opened.add(place)
        where |= {thing: place for thing in left if re.search(rf"\b{thing}\b", str(seen).partition(": ")[2])}
    for thing, way, place in ERRANDS[task.id]:
        yield [Call("goto", (where[thing],))]
        yield [Call("take_from", (thing, where[thing]))]
        if way:
            yield [Call("goto", (way,))]
            yield [Call("clean" if way == "sink" else "heat", (thing, way))]
        yield [Call("goto", (place,))]
        if place in ("cupboard", "fridge", "box") and place not in opened:
            yield [Call("open_receptacle", (place,))]
            opened.add(place)
        yield [Call("put", (thing, place))]
    return "done"


def _in_the_head() -> dict[str, str]:
    """What the sums come to."""
    held = 2000.0
    for _ in range(4):
        held = held * 1.03 + 500
    return {
        "bakery": str(round(126 * 0.45 + 62 * 3.2, 2)),
        "tank": str(1025 / 12.5),
        "savings": str(round(held, 2)),
        "trains": str(414 / 138 * 78),
        "residue": "ABCDEFGHIJ"[pow(7, 222, 11)],
        "weekday": "ABCDEFG"[(2 + 366) % 7],
        "divisors": "ABCDEFGHIJ"[(12, 24, 36, 48, 54, 60).index(sum(5040 % n == 0 for n in range(1, 5041)))],
        "base": "ABCDEFGHIJ"[("5620", "5621").index("".join(str(2024 // 7**place % 7) for place in (3, 2, 1, 0)))],
        "series": str(0.5 * 1.5),
        "eigen": str(2 + 2**0.5),
        "urn": str(6 * 5 * 4 * 6 / (15 * 14 * 13)),
        "entropy": str(0.5 + 0.5 + 0.15 * 2.736965594 + 0.1 * 3.321928095),
    }


_HEAD = _in_the_head()
