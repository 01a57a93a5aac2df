"""What a subject of everyday life supplies: things with names, what can be measured of them, and the words for it.

Invariant: a subject is data alone; every name in it is unique there, and free of commas. It does not: make values, tools or questions.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that every thing of a subject has.

    Args:
        key: an identifier, for results and variables: ``price``.
        value: in "the ... of X": ``price``, ``opening price``.
        unit: plural, in words; empty for what has none (points of a rating).
        low, high: values are drawn from these.
        most, least: of one thing: ``is the most expensive``, ``is the cheapest``.
        above, below: of several, with a place for the number: ``cost more than {n} dollars``.
        digits: decimals.
        adds: the sum of several things' values means something.
        counts: and a value times a number of pieces does.
        extra: names of the tool beyond those made of the key.
    """

    key: str
    value: str
    unit: str
    low: float
    high: float
    most: str
    least: str
    above: str
    below: str
    digits: int = 0
    adds: bool = False
    counts: bool = False
    extra: tuple[str, ...] = ()

    @property
    def money(self) -> bool:
        """Whether it is an amount that discounts and taxes go on."""
        return self.unit in ("dollars", "euros", "pounds", "francs") and self.counts


@dataclass(frozen=True, slots=True)
class Group:
    """How things are sorted: each is in one group.

    Args:
        key: an identifier and a noun: ``aisle``.
        values: of the groups.
        where: with a place for one: ``in the {g} aisle``.
    """

    key: str
    values: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that every thing has.

    Args:
        key: an identifier: ``due_date``.
        value: in words: ``due date``.
        first, last: of one thing: ``is due first``.
        before: of several, with a place for the day: ``are due before {d}``.
    """

    key: str
    value: str
    first: str
    last: str
    before: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whose thing it is.

    Args:
        key: an identifier and a noun: ``member``.
        the: with a place for the name: ``the book that {p} borrowed``.
        tools: names of the tool that gives the thing's name.
    """

    key: str
    the: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done with a thing, and what is done otherwise.

    Args:
        verb, tool: ``reserve it`` and ``reserve_room``.
        other, other_tool: the same of the other thing that can be done.
    """

    verb: str
    tool: str
    other: str
    other_tool: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject.

    Args:
        noun, nouns: of the things.
        where: after the noun: ``at the corner shop``.
        names: of things, 12 at least.
        arguments: names that a tool's parameter for the thing may have.
        measures: two at least.
        group, dated, person, action: what else there is of them.
        code: what things are numbered by, an identifier and a noun: ``barcode``.
        mark: begins such a number: ``BC``.
        venue: a noun for places, each with values of its own; empty: there are none.
        venues: their names.
        at: the word before a place: ``at``.
    """

    noun: str
    nouns: str
    where: str
    names: tuple[str, ...]
    arguments: tuple[str, ...]
    measures: tuple[Measure, ...]
    group: Group
    dated: Dated
    person: Person
    action: Action
    code: str
    mark: str
    venue: str = ""
    venues: tuple[str, ...] = ()
    at: str = "at"

    @property
    def one(self) -> str:
        """The noun as an identifier."""
        return self.noun.replace(" ", "_").replace("-", "_")

    @property
    def many(self) -> str:
        """The plural as an identifier."""
        return self.nouns.replace(" ", "_").replace("-", "_")


def plural(word: str) -> str:
    """The plural of an identifier."""
    if word.endswith("s"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("x", "ch", "sh")) else f"{word}s"
