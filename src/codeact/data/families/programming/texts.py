"""Functions over texts, dicts, pairs, whole numbers and grids, each in a few variants.

Invariant: as of `functions`. It does not: put parts together; a variant is written out.
"""

import itertools
import random
from collections.abc import Callable
from typing import Any

from codeact.data.families.programming import wordings as say
from codeact.data.families.programming.writing import Spec, task
from codeact.data.families.words import words
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase

_NAMES = words("Ann Bob Cid Dot Eve Fay Gus Hal Ida Joe")
_ITEMS = words("tea salt rice milk corn bread figs soap")
_TEXTS = words("river bank,green apple pie,seven small boats,noon train,old stone wall,bitter lemon tea,a quiet evening,level road", ",")

Variant = tuple[str, tuple[str, ...], Callable[..., Any]]
"""What it does, the body, the reference."""


def _family(
    variants: Callable[[random.Random, str], list[Variant]], parameters: tuple[str, ...], names: tuple[str, ...], inputs: Any
) -> Any:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        parameter = chance.choice(parameters)
        does, body, reference = chance.choice(variants(chance, parameter))
        return task(chance, phrase, Spec(chance.choice(names), (parameter,), does, body, reference, inputs))

    return make


def _text(chance: random.Random, it: str) -> list[Variant]:
    old, new = chance.sample("aeiou", 1)[0], chance.choice("xyz*#")
    step = chance.randint(2, 3)
    return [
        (
            "takes a text and returns the number of vowels (a, e, i, o, u) in it",
            ("count = 0", f"for letter in {it}:", '    if letter in "aeiou":', "        count += 1", "return count"),
            lambda given: sum(given.count(one) for one in "aeiou"),
        ),
        (
            "takes a text and returns it without its vowels (a, e, i, o, u)",
            (f'return "".join(letter for letter in {it} if letter not in "aeiou")',),
            lambda given: given.translate(str.maketrans("", "", "aeiou")),
        ),
        (
            f"takes a text and returns it with every {old} replaced by {new}",
            (f'return {it}.replace("{old}", "{new}")',),
            lambda given: new.join(given.split(old)),
        ),
        ("takes a text and returns it with the order of its words reversed", (f'return " ".join({it}.split()[::-1])',), _backwards),
        (
            f"takes a text and returns every {step}{'nd' if step == 2 else 'rd'} letter of it, starting with the first",
            (f"return {it}[::{step}]",),
            lambda given: "".join(letter for place, letter in enumerate(given) if place % step == 0),
        ),
        (
            "takes a text and returns its longest word, the first one if several are equally long",
            (f"return max({it}.split(), key=len)",),
            lambda given: sorted(given.split(" "), key=lambda word: -len(word))[0],
        ),
        (
            "takes a text and returns a dict of how often each letter occurs in it, spaces left out",
            (
                "counts = {}",
                f"for letter in {it}:",
                '    if letter != " ":',
                "        counts[letter] = counts.get(letter, 0) + 1",
                "return counts",
            ),
            lambda given: {one: given.count(one) for one in dict.fromkeys(given) if one != " "},
        ),
        (
            "takes a text and returns the first letters of its words, in upper case and joined",
            (f'return "".join(word[0].upper() for word in {it}.split())',),
            lambda given: "".join(word[:1] for word in given.upper().split(" ")),
        ),
    ]


def _backwards(given: str) -> str:
    return " ".join(reversed(given.split(" ")))


def _dict(chance: random.Random, it: str) -> list[Variant]:
    bound, more = chance.randint(3, 15), chance.randint(2, 9)
    return [
        (
            f"takes a dict of names to numbers and returns the sorted list of the names whose number is above {bound}",
            (f"return sorted(name for name, number in {it}.items() if number > {bound})",),
            lambda given: [name for name in sorted(given) if given[name] - bound > 0],
        ),
        (
            "takes a dict of names to numbers and returns the sum of the numbers",
            (f"return sum({it}.values())",),
            lambda given: sum(given[one] for one in given),
        ),
        (
            f"takes a dict of names to numbers and returns a new dict with {more} added to each number",
            (f"return {{name: number + {more} for name, number in {it}.items()}}",),
            lambda given: {one: more + given[one] for one in given},
        ),
        (
            "takes a dict of names to numbers and returns the name with the largest number, the first in the dict if there are several",
            (f"return max({it}, key={it}.get)",),
            lambda given: next(one for one in given if given[one] == max(given.values())),
        ),
        (
            "takes a dict of names to numbers and returns a dict of each number to the sorted list of its names",
            ("groups = {}", f"for name in sorted({it}):", f"    groups.setdefault({it}[name], []).append(name)", "return groups"),
            lambda given: {number: sorted(one for one in given if given[one] == number) for number in given.values()},
        ),
    ]


def _pairs(chance: random.Random, it: str) -> list[Variant]:
    bound = chance.randint(3, 12)
    return [
        (
            "takes a list of (name, number) pairs and returns a dict of the total of each name",
            ("totals = {}", f"for name, number in {it}:", "    totals[name] = totals.get(name, 0) + number", "return totals"),
            lambda given: {name: sum(number for other, number in given if other == name) for name, _ in given},
        ),
        (
            f"takes a list of (name, number) pairs and returns the names whose number is at least {bound}, in their order",
            (f"return [name for name, number in {it} if number >= {bound}]",),
            lambda given: [pair[0] for pair in given if not pair[1] - bound < 0],
        ),
        (
            "takes a list of (name, number) pairs and returns the pairs sorted by number, the smallest first, equal numbers by name",
            (f"return sorted({it}, key=lambda pair: (pair[1], pair[0]))",),
            lambda given: [(name, number) for number, name in sorted((number, name) for name, number in given)],
        ),
        (
            "takes a list of (name, number) pairs and returns a dict of how many pairs each name has",
            ("counts = {}", f"for name, number in {it}:", "    counts[name] = counts.get(name, 0) + 1", "return counts"),
            lambda given: {name: [pair[0] for pair in given].count(name) for name, _ in given},
        ),
    ]


def _whole(chance: random.Random, it: str) -> list[Variant]:
    first, second = chance.sample((3, 4, 5, 6, 7), 2)
    one, other = chance.sample(("fizz", "ping", "tick", "zap", "boom", "clap"), 2)
    return [
        ("takes a positive whole number and returns the sum of its digits", (f"return sum(int(digit) for digit in str({it}))",), _digits),
        (
            "takes a positive whole number and returns how many numbers from 1 to itself divide it",
            (f"return len([d for d in range(1, {it} + 1) if {it} % d == 0])",),
            lambda given: sum(given // d * d == given for d in range(1, given + 1)),
        ),
        (
            "takes a whole number above 1 and returns True if it is prime, else False",
            (f"for d in range(2, {it}):", f"    if {it} % d == 0:", "        return False", "return True"),
            lambda given: all(given // d * d != given for d in range(2, given)),
        ),
        (
            f"takes a whole number and returns '{one}' if {first} divides it, else '{other}' if {second} divides it, else "
            f"the number as text",
            (f"if {it} % {first} == 0:", f'    return "{one}"', f"if {it} % {second} == 0:", f'    return "{other}"', f"return str({it})"),
            lambda given: one if not given % first else other if not given % second else f"{given}",
        ),
        ("takes a positive whole number and returns the number with its digits reversed", (f"return int(str({it})[::-1])",), _reversed),
    ]


def _digits(given: int) -> int:
    return given % 10 + _digits(given // 10) if given else 0


def _reversed(given: int) -> int:
    result = 0
    while given:
        given, digit = divmod(given, 10)
        result = result * 10 + digit
    return result


def _grid(chance: random.Random, it: str) -> list[Variant]:
    bound = chance.randint(3, 15)
    return [
        (
            "takes a list of rows of numbers and returns the list of the sums of the rows",
            (f"return [sum(row) for row in {it}]",),
            lambda given: list(map(sum, given)),
        ),
        (
            "takes a square grid, a list of rows, and returns the sum of its diagonal from the top left",
            (f"return sum({it}[i][i] for i in range(len({it})))",),
            lambda given: sum(row[place] for place, row in enumerate(given)),
        ),
        (
            f"takes a list of rows of numbers and returns how many of all numbers are above {bound}",
            (
                "count = 0",
                f"for row in {it}:",
                "    for number in row:",
                f"        if number > {bound}:",
                "            count += 1",
                "return count",
            ),
            lambda given: len([number for row in given for number in row if number - bound > 0]),
        ),
        (
            "takes a list of rows of numbers and returns one list of all numbers, sorted",
            (f"return sorted(number for row in {it} for number in row)",),
            lambda given: sorted(itertools.chain.from_iterable(given)),
        ),
        (
            "takes a list of rows of numbers and returns the rows with each number doubled",
            (f"return [[2 * number for number in row] for row in {it}]",),
            lambda given: [[number + number for number in row] for row in given],
        ),
    ]


def _text_in(chance: random.Random) -> tuple[Any, ...]:
    return (" ".join(chance.sample(" ".join(_TEXTS).split(), chance.randint(2, 4))),)


def _dict_in(chance: random.Random) -> tuple[Any, ...]:
    return ({name: chance.randint(1, 20) for name in chance.sample(_NAMES, chance.randint(2, 4))},)


def _pairs_in(chance: random.Random) -> tuple[Any, ...]:
    some = chance.sample(_ITEMS, 3)
    return ([(chance.choice(some), chance.randint(1, 15)) for _ in range(chance.randint(3, 5))],)


def _grid_in(chance: random.Random) -> tuple[Any, ...]:
    size = chance.randint(2, 3)
    return ([[chance.randint(0, 20) for _ in range(size)] for _ in range(size)],)


def _whole_in(chance: random.Random) -> tuple[Any, ...]:
    return (chance.randint(2, 400),)


FAMILIES = (
    Family(
        "programming/write-text",
        "programming",
        _family(_text, ("text", "line", "sentence", "phrase"), ("change_text", "solve", "text_tool", "handle", "process"), _text_in),
        say.WRITE,
        say.UNSEEN_WRITE,
    ),
    Family(
        "programming/write-dict",
        "programming",
        _family(_dict, ("scores", "stock", "ages", "table"), ("evaluate", "solve", "from_dict", "look_through"), _dict_in),
        say.WRITE,
        say.UNSEEN_WRITE,
    ),
    Family(
        "programming/write-pairs",
        "programming",
        _family(_pairs, ("pairs", "sales", "entries", "rows"), ("summarise", "solve", "tally", "go_through"), _pairs_in),
        say.WRITE,
        say.UNSEEN_WRITE,
    ),
    Family(
        "programming/write-whole",
        "programming",
        _family(_whole, ("n", "number", "value"), ("check_number", "solve", "number_fact", "f"), _whole_in),
        say.WRITE,
        say.UNSEEN_WRITE,
    ),
    Family(
        "programming/write-grid",
        "programming",
        _family(_grid, ("grid", "rows", "matrix"), ("grid_fact", "work_through", "solve_grid"), _grid_in),
        say.WRITE,
        say.UNSEEN_WRITE,
        held_out=True,
    ),
)
