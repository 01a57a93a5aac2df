"""Families whose questions are kinds of one subject: values are made up, and then it is chosen what is asked about them.

Invariant: a kind is text with places for values, so all kinds of a family are asked about values of one making. It does not: make values.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from codeact.bench.task import Tolerance
from codeact.data.families.everyday.notations.wordings import WORDINGS
from codeact.data.families.words import capital
from codeact.data.families.worked import check_of, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

Values = dict[str, Any]
"""What a question is made of, by the names in its kinds; the right answers are among them."""

_CENT = Tolerance(rel=0, abs=0.005)
"""For decimal numbers, all of which have two decimals; a share of the number would hide the decimals of a large one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing that may be asked; all but `answer` have places for values, and `asked` and `of` have alternatives as in a template.

    Args:
        asked: what, for the place ``{what}`` of the wordings.
        of: what it is asked of, for ``{it}``; empty if `asked` says that already.
        answer: the name of the right answer among the values.
        before: lines of the expert's code; the first that is no import has the data.
        shown: the expression that the expert prints after them.
        wrong: an expression that fails, empty for none.
        any_case: capitals are right too.
    """

    asked: str
    of: str = ""
    answer: str
    before: str
    shown: str
    wrong: str = ""
    any_case: bool = False


def family(name: str, values: Callable[[random.Random], Values], kinds: tuple[Kind, ...]) -> Family:
    """A family that asks about values in one of several kinds; its wordings are those of its name."""
    wordings = WORDINGS[name]
    return Family(f"everyday/{name}", "everyday", partial(_instance, values, kinds), wordings.seen, wordings.unseen)


def _instance(make: Callable[[random.Random], Values], kinds: tuple[Kind, ...], chance: random.Random, phrase: Phrase) -> Instance:
    values = make(chance)
    kind = chance.choice(kinds)
    lines = _filled(kind.before, values).split("\n")
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    rest = [line for line in lines if line not in imports]
    slips = [Slip("wrong call", "\n".join([*imports, rest[0], f"print({_filled(kind.wrong, values)})"]))] if kind.wrong else []
    shown = _filled(kind.shown, values)
    if chance.random() < 0.35:
        rest.append(f"result = {shown}")
        shown = "result"
    right = values[kind.answer]
    return Instance(
        _prompt(kind, values, chance, phrase),
        [right, right.upper()] if kind.any_case else right,
        worked(chance, ("\n".join([*imports, *rest]), shown)),
        check=check_of(right),
        tolerance=_CENT if isinstance(right, float) else None,
        slips=tuple(slips),
    )


def _filled(code: str, values: Values) -> str:
    """Code with its values; braces of its own are left as they are."""
    return re.sub(r"\{(\w+)\}", lambda place: str(values.get(place[1], place[0])), code)


def _prompt(kind: Kind, values: Values, chance: random.Random, phrase: Phrase) -> str:
    both = Phrase((f"{kind.asked}\n{kind.of}",), chance)(**values)
    what, it = both.split("\n")
    prompt = phrase(what=what, What=capital(what), it=it, It=capital(it))
    return re.sub(",(?=[,.;?])", "", prompt)  # `asked` may end with a comma, which other marks replace
