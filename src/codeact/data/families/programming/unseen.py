"""Families that training never sees: cells that live and die in a row, and orders to a walker.

Invariant: their subject is in no other family. It does not: share wordings with those.
"""

import random

from codeact.data.families.naming import quoted
from codeact.data.families.programming.puzzles import made
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase


def _cells(chance: random.Random, phrase: Phrase) -> Instance:
    row = "".join(chance.choice("01") for _ in range(chance.randint(6, 10)))
    rounds = chance.randint(1, 3)
    now = [int(cell) for cell in row]
    for _ in range(rounds):
        padded = [0, *now, 0]
        now = [int(padded[place] != padded[place + 2]) for place in range(len(now))]
    code = (
        f'row = {quoted(row)}\nfor step in range({rounds}):\n    padded = "0" + row + "0"\n'
        '    row = "".join("1" if padded[i] != padded[i + 2] else "0" for i in range(len(row)))\nprint(row)'
    )
    return made(
        phrase(row=row, rounds=rounds),
        code,
        "".join(map(str, now)),
        "exact",
        [("index too far", code.replace("range(len(row))", "range(len(row) + 1)"))],
    )


def _walk(chance: random.Random, phrase: Phrase) -> Instance:
    steps = [(chance.choice("NESW"), chance.randint(1, 9)) for _ in range(chance.randint(4, 8))]
    east = sum(count * {"E": 1, "W": -1}.get(way, 0) for way, count in steps)
    north = sum(count * {"N": 1, "S": -1}.get(way, 0) for way, count in steps)
    text = " ".join(f"{way}{count}" for way, count in steps)
    code = (
        f"x, y = 0, 0\nfor step in {quoted(text)}.split():\n    way, count = step[0], int(step[1:])\n"
        '    if way == "N":\n        y += count\n    elif way == "S":\n        y -= count\n'
        '    elif way == "E":\n        x += count\n    else:\n        x -= count\nprint((x, y))'
    )
    return made(phrase(text=text), code, [east, north], "list", [("text as number", code.replace("int(step[1:])", "step[1:]"))])


FAMILIES = (
    Family(
        "programming/cells",
        "programming",
        _cells,
        (
            "Cells in a row, 1 alive and 0 dead: {row}. In the next round a cell is alive if exactly one of its two neighbours is; "
            "beyond the ends all is dead. What is the row after {rounds} round(s)?[ Only the row.| Write it like the first.]",
            "[Start with|Take] the cells {row}. Each round, a cell becomes 1 if its left and right neighbour differ, else 0 "
            "(outside is 0). [Give|Write] the row after {rounds} round(s).",
            "A row of lamps {row} changes all at once: a lamp is 1 next if its neighbours differ, 0 if not, with 0 beyond both ends. "
            "[What do you see|What is the row|Which row is there] after {rounds} change(s)?",
            "[Compute|Find|Work out] {rounds} step(s) of this rule from {row}: new cell = 1 if left and right neighbours are different, "
            "else 0; outside [counts as|is] 0. [Only the row.|Give the row.]",
        ),
        (
            "Rule: neighbours unequal gives 1, equal gives 0, missing ones count 0. [Apply it|Use it] {rounds} time(s) to "
            "{row}. [Row?|The row is?]",
            "{row} [evolves|develops] for {rounds} generation(s): a place lives when just one neighbour does. Write the last generation.",
        ),
        held_out=True,
    ),
    Family(
        "programming/walk",
        "programming",
        _walk,
        (
            "A walker starts at (0, 0) and [follows|obeys] {text} (N and S change y, E and W change x). Where is [the "
            "walker|he] in the end, as (x, y)?",
            "[Follow|Carry out] these orders from (0, 0): {text}. N adds to y, S takes from y, E adds to x, W takes from x. [Give|Tell "
            "me] the final (x, y).",
            "[Orders such as N3 mean three steps north.|N3 means three steps north, and so on.] After {text}, beginning at "
            "(0, 0), [what is|give] the position (x, y)[?|, please.]",
            "[From|Starting from] the origin I walk {text} (a letter for the direction, then the steps). [Where do I "
            "end|What is my place], as (x, y)?",
        ),
        (
            "{text} [is written on a treasure map|is all the orders say|is the route]; origin (0, 0), north is up. Final (x, y)?",
            "[Trace|Track] the route {text} from the point (0, 0); east and north count positive. Where, as (x, y), does it stop?",
        ),
        held_out=True,
    ),
)
