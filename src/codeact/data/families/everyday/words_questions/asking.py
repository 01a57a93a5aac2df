"""A question about letters or words: the form that all of them share.

Invariant: the right answer comes with the kind of question, never from the expert's code. It does not: know what is asked.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from codeact.data.families.words import capital
from codeact.data.families.worked import TWO_DECIMALS, check_of, worked
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing to ask about a text.

    Args:
        asked: in words, with alternatives as in a template, and {it} for the text.
        shown: the expression that the expert prints, of the names that the given code assigns.
        right: the answer.
        before: a line of code that `shown` needs before it.
    """

    asked: str
    shown: str
    right: JsonValue
    before: str = ""


def question(
    chance: random.Random, phrase: Phrase, given: str, kinds: Sequence[Kind], *, text: str = "", wrong: str = "", **places: str
) -> Instance:
    """A task of one of several kinds.

    A wording has ``said``, which is the text in quotes or a word in none; ``what``, what is asked, with that in it; ``that``, the same
    with *it* for the text; ``What`` and ``That`` begin with a capital.

    Args:
        given: code that assigns what the question is about.
        kinds: those to choose from, one that is more frequent several times.
        text: what {it} stands for; in it no apostrophe, unless it has quotes of its own.
        wrong: a slip's code, after `given`; empty if there is none.
        places: more values for the wording.
    """
    kind = chance.choice(kinds)
    said = _said(chance, text)
    asked = Phrase((kind.asked,), chance)(it="{it}", **places)
    what = asked.replace("{it}", said)
    that = asked.replace("{it}", "it")
    return Instance(
        phrase(what=what, that=that, What=capital(what), That=capital(that), said=said, **places),
        kind.right,
        worked(chance, (_code(given, kind), kind.shown), apart=0),
        check=check_of(kind.right),
        tolerance=TWO_DECIMALS if isinstance(kind.right, float) else None,
        slips=(Slip("wrong use", f"{given}\n{wrong}"),) if wrong else (),
    )


def _said(chance: random.Random, text: str) -> str:
    if "'" in text:
        return text
    return chance.choice((f"'{text}'", f'"{text}"', text if text.isalpha() else f"'{text}'"))


def _code(given: str, kind: Kind) -> str:
    """The lines before the one that prints, imports first."""
    lines = [*given.split("\n"), *filter(None, [kind.before])]
    if re.search(r"\bre\.", kind.shown):
        lines.insert(0, "import re")
    return "\n".join(sorted(lines, key=lambda line: not line.startswith("import")))
