"""The lists that questions are about, and what a question may say of them.

Invariant: what is written in words and in code is the same list; limits and places lie where a question about them makes sense. It does
not: know the questions.
"""

import heapq
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from codeact.data.families.everyday.short_lists.themes import BALLOTS, NAMED, THEMES, WORDLISTS, Words
from codeact.data.families.wordlists import COLOURS, FOODS, PEOPLE

_COUNTED = {2: ("second", "two"), 3: ("third", "three"), 4: ("fourth", "four")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One list, or two; the names of the fields are places in what is asked and in code.

    Args:
        values: the list, as right answers are computed from it.
        given: code that assigns it.
        xs: its name in code.
        them: how it is written in the question; `those` is the same for a second list.
        pronoun, other_pronoun: what is said for `them` and `those` where they stand elsewhere in the question.
        noun: what is in the list.
        lead: a sentence that tells of it, without a full stop.
    """

    values: list[Any]
    given: str
    xs: str
    them: str
    those: str = ""
    pronoun: str = "them"
    other_pronoun: str = ""
    noun: str
    lead: str

    def places(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OneList(Drawn):
    """A list of numbers or words, with what can be asked of it.

    Args:
        item: one of the values; `one` is how it is written in the question, `literal` in code.
        limit: a whole number between the least and the greatest, 0 among words.
        near: a whole number close to the least.
        target: the sum of two of the numbers.
        divisor: a small number.
        nth: a place from 1; `at` is the same from 0, `ordinal` in words.
        few: a count; `some` is the same in words.
        maybe: what may be in the list or not, as it is written.
    """

    item: Any
    one: str
    literal: str
    limit: int
    near: int
    target: Any
    divisor: int
    nth: int
    at: int
    ordinal: str
    few: int
    some: str
    maybe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps(OneList):
    """The numbers from `low` to `high`, but for those that are `gone`."""

    low: int
    high: int
    gone: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedNumbers(OneList):
    """Numbers by names; the values are pairs of both.

    Args:
        ranked: the names, that with the lowest number first.
        high, low: what one says of the highest and the lowest, such as *oldest*.
        single: what a number is, such as *age*.
        who: the word that asks for a name.
    """

    ranked: list[str]
    high: str
    low: str
    single: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLists(Drawn):
    """A second list beside the first; `ys` is its name in code."""

    others: list[Any]
    ys: str


def _written(chance: random.Random, items: list[str], code: str) -> str:
    return chance.choice((", ".join(items), f"{', '.join(items[:-1])} and {items[-1]}", code))


def _one_list(chance: random.Random, values: list[Any], written: list[str], *, name: str, lead: str, noun: str) -> OneList:
    """A list, and by chance what is asked of it.

    Args:
        written: each value as the question writes it.
        name: of the list in code.
        lead: as in `Drawn`, with {} for the list.
        noun: as in `Drawn`.
    """
    in_words = isinstance(values[0], str)
    literals = [json.dumps(word) for word in written] if in_words else written
    code = f"[{', '.join(literals)}]"
    place = chance.randrange(len(values))
    nth = chance.choice((2, 2, 3, 4))
    few = chance.choice((2, 3))
    least, most = (0, 0) if in_words else (int(min(values)), int(max(values)))
    limit = chance.randint(least, most)
    return OneList(
        values=values,
        given=f"{name} = {code}",
        xs=name,
        them=_written(chance, written, code),
        noun=noun,
        lead=lead.replace("{}", _written(chance, written, ", ".join(written))),
        item=values[place],
        one=written[place],
        literal=literals[place],
        limit=limit,
        near=least + chance.randrange(-3, 4),
        target=0 if in_words else sum(chance.sample(values, 2)),
        divisor=chance.randrange(3, 8),
        nth=nth,
        at=nth - 1,
        ordinal=_COUNTED[nth][0],
        few=few,
        some=_COUNTED[few][1],
        maybe=chance.choice((written[place], str(limit))),
    )


def numbers(least: int = -99, most_places: int = 0, repeats: float = 0.35) -> Callable[[random.Random], OneList]:
    """Draws four to seven numbers of a theme.

    Args:
        least: themes with lower numbers do not count.
        most_places: nor do those with more decimals.
        repeats: how often a number is there twice on purpose.
    """
    themes = [theme for theme in THEMES if theme.low >= least and theme.places <= most_places]

    def draw(chance: random.Random) -> OneList:
        theme = chance.choice(themes)
        unit = 10**theme.places
        counts = chance.sample(range(theme.low * unit, theme.high * unit), chance.randrange(4, 8))
        if chance.random() < repeats:
            counts[chance.randrange(1, len(counts))] = counts[0]
        if chance.random() < 0.1:
            counts.sort()
        values = [count / unit for count in counts] if theme.places else counts
        written = [f"{count / unit:.{theme.places}f}" for count in counts]
        return _one_list(chance, values, written, name=theme.name, lead=theme.lead, noun=theme.noun)

    return draw


def words(chance: random.Random) -> OneList:
    return _words(chance, WORDLISTS)


def ballots(chance: random.Random) -> OneList:
    return _words(chance, BALLOTS)


def _words(chance: random.Random, kinds: Sequence[Words]) -> OneList:
    """Three or four words, some of them several times."""
    kind = chance.choice(kinds)
    drawn = chance.sample(kind.pool, chance.randrange(3, 5))
    drawn += [chance.choice(drawn) for _ in range(chance.randrange(1, 4))]
    chance.shuffle(drawn)
    name = chance.choice(("words", "items", kind.noun))
    return _one_list(chance, drawn, drawn, name=name, lead=kind.lead, noun=kind.noun)


def mixed(chance: random.Random) -> OneList:
    """Numbers or words, often with repeats."""
    draw = words if chance.random() < 0.4 else numbers(most_places=2, repeats=0.7)
    return draw(chance)


def two_lists(chance: random.Random) -> TwoLists:
    """Lists of numbers or of words that have some entries in common."""
    pool: Sequence[Any] = range(1, 40) if chance.random() < 0.6 else chance.choice((COLOURS, FOODS, PEOPLE))
    drawn = chance.sample(pool, 8)
    first = drawn[: chance.randrange(3, 6)]
    second = drawn[chance.randrange(1, 3) :][:5]
    return _two_lists(chance, first, second)


def two_of_one_length(chance: random.Random) -> TwoLists:
    """Lists of three or four numbers, no number twice."""
    size = chance.choice((3, 4))
    drawn = chance.sample(range(1, 40), 8)
    return _two_lists(chance, drawn[:size], drawn[-size:])


def _two_lists(chance: random.Random, first: list[Any], second: list[Any]) -> TwoLists:
    chance.shuffle(second)
    them = json.dumps(first)
    those = json.dumps(second)
    xs, ys = chance.choice((("a", "b"), ("first", "second"), ("old", "new"), ("xs", "ys")))
    return TwoLists(
        values=first,
        others=second,
        given=f"{xs} = {them}\n{ys} = {those}",
        xs=xs,
        ys=ys,
        them=them,
        those=those,
        pronoun="the first",
        other_pronoun="the second",
        noun="lists",
        lead=f"{chance.choice(('My two lists are', 'I have two lists,', 'There are two lists,'))} {them} and {those}",
    )


def nested_list(chance: random.Random) -> Drawn:
    """Two to four lists of numbers in a list, of one length or of several."""
    width = chance.choice((0, 2, 3))
    xs = chance.choice(("lists", "rows", "groups", "data"))
    lists = [[chance.randrange(1, 40) for _ in range(width or chance.randrange(1, 4))] for _ in range(chance.randrange(2, 5))]
    return Drawn(
        values=lists,
        given=f"{xs} = {lists}",
        xs=xs,
        them=str(lists),
        pronoun="it",
        noun="nested list",
        lead=f"I have {lists}",
    )


def gaps(chance: random.Random) -> Gaps:
    """Numbers in a row of which one or two are missing, neither the first nor the last."""
    low = chance.choice((1, 1, chance.randrange(1, 90)))
    gone = chance.sample(range(low + 1, low + 6), chance.choice((1, 2)))
    values = [n for n in range(low, low + chance.randrange(7, 10)) if n not in gone]
    noun, lead = chance.choice((("tickets", "I found the tickets {}"), ("pages", "The copy has the pages {}"), ("numbers", "I see {}")))
    high = max(values)
    if chance.random() < 0.5:
        values = chance.sample(values, len(values))
    drawn = _one_list(chance, values, [*map(str, values)], name=noun, lead=lead, noun=noun)
    return Gaps(**drawn.places(), low=low, high=high, gone=sorted(gone))


def named_numbers(chance: random.Random) -> NamedNumbers:
    """Three to five names with a number each, no number twice."""
    theme = chance.choice(NAMED)
    names = chance.sample(theme.pool, chance.randrange(3, 6))
    named = dict(zip(names, chance.sample(range(theme.least, theme.most), 5), strict=False))
    style = chance.choice(("{} {}", "{}: {}", "{} ({})", "{} = {}"))
    one = chance.choice(names)
    pairs = [style.format(*pair) for pair in named.items()]
    them = _written(chance, pairs, "; ".join(pairs))
    numbers = [*named.values()]
    drawn = _one_list(chance, numbers, [*map(str, numbers)], name=theme.noun, lead=f"{theme.title}: {them}", noun=theme.noun)
    of_names = {
        "values": [*named.items()],
        "given": f"{theme.noun} = {json.dumps(named)}",
        "them": them,
        "item": named[one],
        "one": one,
        "literal": f'"{one}"',
    }
    return NamedNumbers(
        **{**drawn.places(), **of_names},
        ranked=[name for _, name in heapq.merge(*([(number, name)] for name, number in named.items()))],
        high=theme.high,
        low=theme.low,
        single=theme.single,
        who="who" if theme.pool is PEOPLE else "which one",
    )
