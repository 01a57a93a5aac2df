"""What may be asked about one file, each with its right answer.

Invariant: nothing is asked that has two right answers. It does not: word the question.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from codeact.data.families.words import capital


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be asked about a file.

    Args:
        said: what, in words that fit into the wordings of the family.
        code: that finds it in what the expert has read; whether it prints it is up to the family.
        right: the answer, None if the file has not one.
    """

    said: str
    code: str
    right: Any


@dataclass(frozen=True, slots=True)
class Question(Option):
    """The same in two ways: `said` is a noun phrase, `ask` a question in lower case that a file's name may follow."""

    ask: str

    def places(self) -> dict[str, str]:
        """The values of the places in the wordings."""
        return places(self.said, self.ask)


Some = TypeVar("Some", bound=Option)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure of some numbers.

    Args:
        said: its name.
        code: an expression that finds it in a list ``numbers``.
        method: the method of pandas.
        right: the figure itself.
    """

    said: str
    code: str
    method: str
    right: Fraction


def choose(chance: random.Random, options: Iterable[Some]) -> Some:
    """One of those that have an answer."""
    return chance.choice([option for option in options if option.right is not None])


def places(what: str, ask: str) -> dict[str, str]:
    """A noun phrase and a question in lower case, by the names that they have in wordings."""
    begun = capital(ask)
    return {"what": what, "low": ask, "how": begun, "ask": begun}


def only_one(among: Sequence[str], key: Callable[[str], Any]) -> str | None:
    """The one with the highest key, None if there are several."""
    most = max(map(key, among), default=0)
    found = {one for one in among if key(one) == most}
    return found.pop() if len(found) == 1 else None


def statistics_of(values: Sequence[Fraction]) -> tuple[Statistic, ...]:
    """What may be asked about numbers."""
    total = sum(values, Fraction(0))
    ordered = sorted(values)
    return (
        Statistic("total", "round(sum(numbers), 2)", "sum", total),
        Statistic("average", "round(sum(numbers) / len(numbers), 2)", "mean", total / len(values)),
        Statistic("maximum", "max(numbers)", "max", ordered[-1]),
        Statistic("minimum", "min(numbers)", "min", ordered[0]),
    )
