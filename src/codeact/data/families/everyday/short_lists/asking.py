"""A question about a list: a family made of a draw and the kinds of question that suit it.

Invariant: a draw that has no answer is drawn again. It does not: know a kind of question.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from pydantic import JsonValue

from codeact.bench.policies import CodePolicy
from codeact.data.families.everyday.short_lists.draws import Drawn
from codeact.data.families.everyday.short_lists.wordings import FRAMES, WORDINGS
from codeact.data.families.words import capital
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

D = TypeVar("D", bound=Drawn)

_IMPORTS = {
    "statistics.": "import statistics",
    "math.": "import math",
    "combinations(": "from itertools import combinations",
    "accumulate(": "from itertools import accumulate",
    "Counter(": "from collections import Counter",
}
"""By what code has in it that needs them."""

_FORMS = {
    "": ("",),
    "list": ("", " Answer with a list.", " As a list, please.", " I want a list."),
    "rounded": (" Round to two decimals.", " Two decimals, please.", " Give two decimals.", " (two decimals)"),
    "rounded list": (" Answer with a list, two decimals each.", " As a list, each rounded to two decimals."),
    "yes": (" Answer yes or no.", " Yes or no?", " Just say yes or no."),
}
"""Wishes for the form of an answer."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[D]):
    """One thing to ask about a list; words and code have places for the fields of what is drawn.

    Args:
        asked: ways to say it, between bars.
        shown: the expression that the expert prints.
        right: the answer, of the values and all that is drawn; None, or an empty list or set, if there is none. A fraction is asked for
            with two decimals, a set in any order, a truth as yes or no.
        plural: what is asked for *are* things, where the wording has a verb for them.
        before: a line of code that `shown` needs before it.
    """

    asked: str
    shown: str
    right: Callable[[list[Any], D], Any]
    plural: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class _Settled:
    """A right answer as a task has it, the check that it needs, and the form that is asked for: a key of `_FORMS`."""

    answer: JsonValue
    check: str
    form: str = ""


def family(
    name: str,
    frame: Literal["thing", "deed", "question"],
    draw: Callable[[random.Random], D],
    kinds: tuple[Kind[D], ...],
    slip: Slip | None = None,
) -> Family:
    """A family that asks one of several kinds of question about what is drawn.

    Args:
        name: without the domain; also the heading of its own wordings.
        frame: the heading of wordings that it shares with others: whether a kind names a thing, tells to do something, or asks.
        slip: with places in its code, as a kind has them.
    """

    def make(chance: random.Random, phrase: Phrase) -> Instance:
        drawn, kind, right = _draw_one_with_an_answer(chance, draw, kinds)
        settled = _settled(right)
        return Instance(
            _prompt(chance, phrase, drawn, kind, frame=frame, form=settled.form),
            settled.answer,
            _expert(chance, drawn, kind, settled.form),
            check=settled.check,
            tolerance=TWO_DECIMALS if "rounded" in settled.form else None,
            slips=(Slip(slip.kind, slip.code.format(**drawn.places())),) if slip else (),
        )

    shared, own = FRAMES[frame], WORDINGS[name]
    return Family(f"everyday/{name}", "everyday", make, (*shared.seen, *own.seen), (*shared.unseen, *own.unseen))


def _draw_one_with_an_answer(
    chance: random.Random, draw: Callable[[random.Random], D], kinds: tuple[Kind[D], ...]
) -> tuple[D, Kind[D], Any]:
    while True:
        drawn = draw(chance)
        kind = chance.choice(kinds)
        right = kind.right(drawn.values, drawn)
        if right is not None and right not in ([], set()):
            return drawn, kind, right


def _settled(right: Any) -> _Settled:
    if isinstance(right, bool):
        return _Settled("yes" if right else "no", "exact", "yes")
    if isinstance(right, set):
        return _Settled(sorted(right), "set", "list")
    if isinstance(right, Fraction):
        return _Settled(float(round(right, 2)), "number", "rounded")
    if isinstance(right, list):
        form = "rounded list" if isinstance(right[0], Fraction) else "list"
        return _Settled([_settled(one).answer for one in right], "list", form)
    if isinstance(right, str):
        return _Settled(right, "exact")
    return _Settled(right, "json" if isinstance(right, dict) else "number")


def _prompt(chance: random.Random, phrase: Phrase, drawn: Drawn, kind: Kind[Any], *, frame: str, form: str) -> str:
    """A wording has ``whole``, what is asked with the list in it, and ``part``, the same with a pronoun for the list or without it."""
    asked = chance.choice(kind.asked.split("|"))
    places = drawn.places()
    without = asked
    if frame == "thing" and "{those}" not in asked:
        without = re.sub(r" (?:of|in|from|among) \{them\}", "", asked)
    said = {
        "whole": asked.format(**places),
        "part": without.format(**{**places, "them": drawn.pronoun, "those": drawn.other_pronoun}),
        "noun": drawn.noun,
    }
    capitals = {name.capitalize(): capital(text) for name, text in said.items()}
    return phrase(
        **said,
        **capitals,
        **{"is": "are" if kind.plural else "is"},
        lead=drawn.lead,
        list=f"{drawn.them} and {drawn.those}" if drawn.those else drawn.them,
        form=chance.choice(_FORMS[form]),
    )


def _expert(chance: random.Random, drawn: Drawn, kind: Kind[Any], form: str) -> Callable[[], CodePolicy]:
    places = drawn.places()
    before = [kind.before.format(**places)] if kind.before else []
    shown = kind.shown.format(**places)
    if form == "rounded":
        shown = f"round({shown}, 2)"
    elif form == "yes":
        shown = f'"yes" if {shown} else "no"'
    elif chance.random() < 0.3:
        name = chance.choice(("result", "answer", "found"))
        before.append(f"{name} = {shown}")
        shown = name
    imports = "".join(f"{line}\n" for used, line in _IMPORTS.items() if used in kind.shown)
    return worked(chance, (imports + drawn.given, drawn.xs), ("\n".join(before), shown), apart=0.07)
