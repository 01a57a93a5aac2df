"""What a question about the calendar is made of, and how it becomes a family.

Invariant: the expert imports `datetime`, runs the code of the question and prints what is shown. It does not: make up values.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from codeact.data.families.worded import Wordings
from codeact.data.families.words import capital
from codeact.data.families.worked import check_of, worked
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, before it is put into words.

    Args:
        values: of the places in the wordings.
        answer: the right one; true or false if the question is answered by yes or no.
        code: the expert's, after the import of `datetime`; empty if it needs none.
        shown: the expression that is printed after it.
        slip: a wrong first action.
    """

    values: Mapping[str, object]
    answer: JsonValue
    code: str
    shown: str
    slip: Slip | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the things that may be asked about the same values.

    Args:
        words: for what is asked.
        answer, code, shown: as in `Asked`.
    """

    words: str
    answer: JsonValue
    code: str
    shown: str


def family(name: str, ask: Callable[[random.Random], Asked], wordings: Wordings) -> Family:
    """The family of a kind of question.

    Args:
        name: with its domain.
        ask: makes a question.
        wordings: with places for the values of the question.
    """

    def make(chance: random.Random, phrase: Phrase) -> Instance:
        asked = ask(chance)
        answer, shown = asked.answer, asked.shown
        if isinstance(answer, bool):
            answer = "yes" if answer else "no"
            shown = f'"yes" if {shown} else "no"'
        code = f"import datetime\n{asked.code}" if asked.code else "import datetime"
        policy = worked(chance, (code, shown), apart=0)
        prompt = phrase(**asked.values)
        return Instance(
            capital(prompt),
            answer,
            policy,
            check=check_of(answer),
            slips=(asked.slip,) if asked.slip else (),
        )

    return Family(name, "everyday", make, wordings.seen, wordings.unseen)
