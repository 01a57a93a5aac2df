"""A made-up world: things of several kinds, each with a record of facts, some of which are names of other things.

Invariant: every name stands for one thing; a fact that leads to another thing names one that is there. It does not: ask or answer.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Chance = random.Random


@dataclass(frozen=True, slots=True)
class Fact:
    """What a record says of a thing.

    Args:
        key: in records.
        phrase: in questions: ``the {phrase} of X``.
        sentence: in articles, with {name} and {value}.
        make: a value, of chance; None: the fact leads to another thing.
        leads_to: the kind of that.
    """

    key: str
    phrase: str
    sentence: str
    make: Callable[[Chance], Any] | None = None
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things.

    Args:
        name: one word.
        title: makes a name.
        facts: that its records hold.
    """

    name: str
    title: Callable[[Chance], str]
    facts: tuple[Fact, ...]

    def fact(self, key: str) -> Fact:
        """The fact of a key."""
        return next(fact for fact in self.facts if fact.key == key)


def check_of(value: Any) -> str:
    """How an answer is checked that is such a value."""
    return "number" if isinstance(value, int) else "exact"


@dataclass
class World:
    """Things and their records.

    Args:
        kinds: by name.
        chance: makes them.
        records: by the names of things, in the order in which they were made.
        kind_of: the kind of each.
    """

    kinds: Mapping[str, Kind]
    chance: Chance
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    kind_of: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, depth: int = 2) -> str:
        """Make a thing, and those that its facts lead to.

        Args:
            kind: its name.
            depth: how far facts are followed; beyond it they are left out.
        """
        made = self.kinds[kind]
        name = self.fresh(made.title)
        self.records[name] = {}
        self.kind_of[name] = kind
        for fact in made.facts:
            if fact.make is not None:
                self.records[name][fact.key] = fact.make(self.chance)
            elif depth:
                self.records[name][fact.key] = self.add(fact.leads_to, depth - 1)
        return name

    def fresh(self, title: Callable[[Chance], str]) -> str:
        """A name that nothing has."""
        while True:
            name = title(self.chance)
            if name not in self.records:
                return name

    def named(self, name: str, kind: str = "") -> dict[str, Any]:
        """The record of a thing.

        Raises:
            KeyError: there is none of that name, or kind.
        """
        if name not in self.records or (kind and self.kind_of[name] != kind):
            raise KeyError(f"no {kind or 'entry'} called {name!r}")
        return dict(self.records[name])

    def article(self, name: str) -> str:
        """The record as a short text, the first sentence of which names the thing: facts that lead nowhere come first in a kind.

        Raises:
            KeyError: there is none of that name.
        """
        record = self.named(name)
        facts = self.kinds[self.kind_of[name]].facts
        told = [fact.sentence.format(name=name, value=record[fact.key]) for fact in facts if fact.key in record]
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class Chain:
    """A question: from a thing by facts to others, and to a value at last.

    Args:
        start: the thing.
        keys: the facts, the last of which is asked for.
        names: the things on the way, the start first.
        phrase: what is asked for, in words.
        value: the answer.
    """

    start: str
    keys: tuple[str, ...]
    names: tuple[str, ...]
    phrase: str
    value: Any


def chain(world: World, start: str, hops: int) -> Chain:
    """A question about a thing.

    Args:
        world: where it is.
        start: the thing.
        hops: how many records have to be read, at least one; as many as there can be, if it cannot be so many.
    """
    keys: list[str] = []
    things = [start]
    phrase = start
    for _ in range(hops - 1):
        kind = world.kinds[world.kind_of[things[-1]]]
        links = [fact for fact in kind.facts if fact.leads_to and fact.key in world.records[things[-1]]]
        if not links:
            break
        link = world.chance.choice(links)
        keys.append(link.key)
        phrase = f"the {link.phrase} of {phrase}"
        things.append(world.records[things[-1]][link.key])
    kind = world.kinds[world.kind_of[things[-1]]]
    last = world.chance.choice([fact for fact in kind.facts if not fact.leads_to])
    phrase = f"the {last.phrase} of {phrase}"
    return Chain(start, (*keys, last.key), tuple(things), phrase, world.records[things[-1]][last.key])
