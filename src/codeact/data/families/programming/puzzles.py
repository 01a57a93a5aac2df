"""What small algorithms give that are told in words.

Invariant: the answer is computed here by other code than the expert's. It does not: ask for code.
"""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from codeact.bench.policies import CodePolicy
from codeact.data.families.naming import quoted
from codeact.data.families.programming import puzzle_wordings as say
from codeact.data.families.words import ordinal, words
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_WORDS = words("tea eat ate listen silent enlist stone notes onset tones rat tar art pin nip dog god loop pool polo care race acre net ten")


def made(prompt: str, code: str, answer: Any, check: str = "number", slips: Sequence[tuple[str, str]] = ()) -> Instance:
    """A task that one action solves, whose last line of output is the answer."""

    def policy() -> CodePolicy:
        said = yield code
        return said.strip().splitlines()[-1]

    return Instance(prompt=prompt, answer=answer, check=check, code=policy, slips=tuple(Slip(kind, wrong) for kind, wrong in slips))


def _collatz(chance: random.Random, phrase: Phrase) -> Instance:
    start = chance.randint(5, 400)
    even, odd, more = 2, chance.choice((3, 3, 5)), 1
    most = 30 if odd == 5 else 1000
    steps, n = 0, start
    seen = [n]
    while n != 1 and steps < most:
        n = n >> 1 if not n & 1 else odd * n + more
        steps += 1
        seen.append(n)
    highest = odd == 5 or chance.random() < 0.4
    rule = f"if n % 2 == 0:\n        n = n // {even}\n    else:\n        n = n * {odd} + {more}"
    if odd == 5:
        code = f"n = {start}\nfor step in range({most}):\n    if n == 1:\n        break\n    {rule}\nprint(n)"
        what = f"the number reached after {most} steps (stop early at 1)"
        answer: int = n
    elif highest:
        code = f"n = {start}\nhighest = n\nwhile n != 1:\n    {rule}\n    highest = max(highest, n)\nprint(highest)"
        what, answer = "the highest number on the way to 1, the start included", max(seen)
    else:
        code = f"n = {start}\nsteps = 0\nwhile n != 1:\n    {rule}\n    steps += 1\nprint(steps)"
        what, answer = "the number of steps until it is 1", steps
    return made(
        phrase(start=start, odd=odd, what=what), code, answer, slips=[("text as number", code.replace(f"n = {start}", f'n = "{start}"', 1))]
    )


def _runs(chance: random.Random, phrase: Phrase) -> Instance:
    letters = chance.sample("abcdefgxyz", 3)
    parts = []
    for _ in range(chance.randint(4, 7)):
        letter = chance.choice([one for one in letters if not parts or one != parts[-1][0]])
        parts.append((letter, chance.randint(1, 5)))
    text = "".join(letter * count for letter, count in parts)
    order = chance.random() < 0.5
    coded = "".join(f"{letter}{count}" if order else f"{count}{letter}" for letter, count in parts)
    form = "{letter}{count}" if order else "{count}{letter}"
    code = (
        f'from itertools import groupby\ncoded = ""\nfor letter, group in groupby({quoted(text)}):\n    count = len(list(group))\n'
        f'    coded += f"{form}"\nprint(coded)'
    )
    example = ("aaab", "a3b1") if order else ("aaab", "3a1b")
    return made(
        phrase(text=text, example=f"{example[0]} becomes {example[1]}", order="letter, then count" if order else "count, then letter"),
        code,
        coded,
        "exact",
        [("group has no length", code.replace("len(list(group))", "len(group)")), ("missing import", code.split("\n", 1)[1])],
    )


def _brackets(chance: random.Random, phrase: Phrase) -> Instance:
    text, depth = "", 0
    for _ in range(chance.randint(7, 12)):
        up = depth == 0 or chance.random() < 0.55
        text += "(" if up else ")"
        depth += 1 if up else -1
    text += ")" * depth
    balanced = chance.random() < 0.5
    if not balanced:
        place = chance.randrange(len(text))
        text = text[:place] + text[place + 1 :]
    deep = balanced and chance.random() < 0.5
    depths = list(itertools.accumulate(1 if one == "(" else -1 for one in text))
    loop = f'depth = 0\ndeepest = 0\nbalanced = True\nfor bracket in {quoted(text)}:\n    depth += 1 if bracket == "(" else -1\n'
    if deep:
        what, answer = "how deep they are nested at most", max(depths)
        code = loop.replace("balanced = True\n", "") + "    deepest = max(deepest, depth)\nprint(deepest)"
        return made(
            phrase(text=text, what=f"{what} (a number)"),
            code,
            answer,
            slips=[("misspelt name", code.replace("print(deepest", "print(depest"))],
        )
    fine = min(depths) >= 0 and depths[-1] == 0
    code = (
        loop.replace("deepest = 0\n", "")
        + '    if depth == -1:\n        balanced = False\nprint("yes" if balanced and depth == 0 else "no")'
    )
    return made(
        phrase(text=text, what="whether they are balanced (yes or no)"),
        code,
        "yes" if fine else "no",
        "exact",
        [("counts no closing", code.replace(" else -1", ""))] if fine else (),
    )


def _grid(chance: random.Random, phrase: Phrase) -> Instance:
    rows, columns = chance.randint(2, 4), chance.randint(2, 4)
    grid = [[chance.randint(0, 30) for _ in range(columns)] for _ in range(rows)]
    turned = [[grid[rows - 1 - row][column] for row in range(rows)] for column in range(columns)]
    flipped = [[grid[row][column] for row in range(rows)] for column in range(columns)]
    what, line, answer = chance.choice(
        (
            ("the grid turned clockwise by a quarter", "print([list(row) for row in zip(*grid[::-1])])", turned),
            ("the grid with rows and columns exchanged", "print([list(column) for column in zip(*grid)])", flipped),
            ("the list of the sums of its columns", "print([sum(column) for column in zip(*grid)])", [sum(one) for one in flipped]),
            ("the list of the largest numbers of its rows", "print([max(row) for row in grid])", [sorted(row)[-1] for row in grid]),
            ("the grid with each row reversed", "print([row[::-1] for row in grid])", [list(reversed(row)) for row in grid]),
        )
    )
    return made(
        phrase(grid=grid, what=what),
        f"grid = {grid}\n{line}",
        answer,
        "list",
        [("list taken for array", f"grid = {grid}\nprint(grid.T)"), ("wrong index", f"grid = {grid}\nprint(grid[0, 0])")],
    )


def _sorting(chance: random.Random, phrase: Phrase) -> Instance:
    names = chance.sample(words("Ann Bob Cid Dot Eve Fay Gus Hal Ida Joe Kay Lou Max Nan Pat Ray"), chance.randint(4, 6))
    pairs = [(name, chance.randint(1, 6) * 10) for name in names]
    high = chance.random() < 0.6
    ranked = sorted(sorted(pairs), key=lambda pair: -pair[1] if high else pair[1])
    key = "-pair[1]" if high else "pair[1]"
    code = f"pairs = {pairs}\npairs.sort(key=lambda pair: ({key}, pair[0]))\nprint([pair[0] for pair in pairs])"
    return made(
        phrase(pairs=pairs, order="highest" if high else "lowest"),
        code,
        [name for name, _ in ranked],
        "list",
        [("sort gives None", f"pairs = {pairs}\nprint(pairs.sort(key=lambda pair: ({key}, pair[0])))")],
    )


def _anagrams(chance: random.Random, phrase: Phrase) -> Instance:
    listed = chance.sample(_WORDS, chance.randint(5, 9))
    keys = Counter(tuple(sorted(Counter(word).items())) for word in listed)
    of = listed[0]
    groups = chance.random() < 0.5
    if groups:
        what, answer = "into how many groups of anagrams they fall (a word alone is a group)", len(keys)
        code = f'words = {quoted(listed)}\nkeys = {{"".join(sorted(word)) for word in words}}\nprint(len(keys))'
        return made(
            phrase(listed=", ".join(listed), what=what),
            code,
            answer,
            slips=[("list in a set", code.replace('"".join(sorted(word))', "sorted(word)"))],
        )
    answer_list = [word for word in listed if Counter(word) == Counter(of)]
    code = f"words = {quoted(listed)}\nprint([word for word in words if sorted(word) == sorted({quoted(of)})])"
    what = f"the list of those with the letters of {of}, itself included"
    return made(
        phrase(listed=", ".join(listed), what=what),
        code,
        answer_list,
        "set",
        [("missing quotes", code.replace(quoted(of) + ")", of + ")"))],
    )


def _stack(chance: random.Random, phrase: Phrase) -> Instance:
    steps: list[str] = []
    stack: list[int] = []
    while len(steps) < 9 or len(stack) > 1:
        if len(stack) < 2 or (len(steps) < 6 and chance.random() < 0.5):
            stack.append(chance.randint(1, 20))
            steps.append(str(stack[-1]))
        else:
            sign = chance.choice("+-*")
            right, left = stack.pop(), stack.pop()
            stack.append({"+": left + right, "-": left - right, "*": left * right}[sign])
            steps.append(sign)
    text = " ".join(steps)
    code = (
        f"stack = []\nfor item in {quoted(text)}.split():\n    if item.isdigit():\n        stack.append(int(item))\n    else:\n"
        "        b = stack.pop()\n        a = stack.pop()\n"
        '        stack.append(a + b if item == "+" else a - b if item == "-" else a * b)\n'
        "print(stack[0])"
    )
    return made(
        phrase(text=text), code, stack[0], slips=[("text as number", code.replace("stack.append(int(item))", "stack.append(item)"))]
    )


def _circle(chance: random.Random, phrase: Phrase) -> Instance:
    people, each = chance.randint(5, 40), chance.randint(2, 7)
    last = 0
    for size in range(2, people + 1):
        last = (last + each) % size
    code = (
        f"circle = list(range(1, {people + 1}))\nplace = 0\nwhile len(circle) > 1:\n    place = (place + {each - 1}) % len(circle)\n"
        "    circle.pop(place)\nprint(circle[0])"
    )
    return made(phrase(people=people, each=ordinal(each)), code, last + 1, slips=[("off by the end", code.replace(" % len(circle)", ""))])


def _swaps(chance: random.Random, phrase: Phrase) -> Instance:
    numbers = chance.sample(range(1, 100), chance.randint(5, 8))
    answer = sum(one > other for one, other in itertools.combinations(numbers, 2))
    code = (
        f"numbers = {numbers}\nswaps = 0\nfor end in range(len(numbers) - 1, 0, -1):\n    for i in range(end):\n"
        "        if numbers[i] > numbers[i + 1]:\n            numbers[i], numbers[i + 1] = numbers[i + 1], numbers[i]\n"
        "            swaps += 1\n"
        "print(swaps)"
    )
    return made(
        phrase(numbers=numbers),
        code,
        answer,
        slips=[("off by one", code.replace("range(len(numbers) - 1, 0, -1)", "range(len(numbers), 0, -1)"))],
    )


def _pairs(chance: random.Random, phrase: Phrase) -> Instance:
    numbers = [chance.randint(-9, 25) for _ in range(chance.randint(6, 10))]
    total = sum(chance.sample(numbers, 2))
    answer = sum(one + other == total for one, other in itertools.combinations(numbers, 2))
    code = (
        f"numbers = {numbers}\ncount = 0\nfor i in range(len(numbers)):\n    for j in range(i + 1, len(numbers)):\n"
        f"        if numbers[i] + numbers[j] == {total}:\n            count += 1\nprint(count)"
    )
    return made(
        phrase(numbers=numbers, total=total),
        code,
        answer,
        slips=[("off by one", code.replace("range(i + 1, len(numbers))", "range(i + 1, len(numbers) + 1)"))],
    )


FAMILIES = (
    Family("programming/collatz", "programming", _collatz, say.COLLATZ, say.UNSEEN_COLLATZ),
    Family("programming/runs", "programming", _runs, say.RUNS, say.UNSEEN_RUNS),
    Family("programming/brackets", "programming", _brackets, say.BRACKETS, say.UNSEEN_BRACKETS),
    Family("programming/grid", "programming", _grid, say.GRID, say.UNSEEN_GRID),
    Family("programming/sorting", "programming", _sorting, say.SORTING, say.UNSEEN_SORTING),
    Family("programming/anagrams", "programming", _anagrams, say.ANAGRAMS, say.UNSEEN_ANAGRAMS),
    Family("programming/stack", "programming", _stack, say.STACK, say.UNSEEN_STACK),
    Family("programming/circle", "programming", _circle, say.CIRCLE, say.UNSEEN_CIRCLE),
    Family("programming/swaps", "programming", _swaps, say.SWAPS, say.UNSEEN_SWAPS),
    Family("programming/pairs", "programming", _pairs, say.PAIRS, say.UNSEEN_PAIRS),
)
