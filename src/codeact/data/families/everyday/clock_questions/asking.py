"""How a question about the clock becomes an instance.

Invariant: how an answer is checked follows from what it is. It does not: make up values.
"""

import random
from dataclasses import dataclass

from pydantic import JsonValue

from codeact.data.families.worked import TWO_DECIMALS, check_of, worked
from codeact.data.family import Instance, Slip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of the things that may be asked for about the same values.

    Args:
        words: of the question, or of the form that the answer is to have.
        answer: the right one, in that form.
        shown: the expression for it, which the expert prints.
    """

    words: str
    answer: JsonValue
    shown: str


def made(chance: random.Random, prompt: str, answer: JsonValue, code: str, shown: str, *, slip: str = "", looked_at: str = "") -> Instance:
    """An instance that the expert solves in one action, or in two.

    Args:
        chance: decides whether it is two.
        prompt: in words.
        answer: the right one; a float is one that was rounded to two decimals.
        code: the expert's.
        shown: the expression that is printed after it.
        slip: code of a wrong first action, if there is one.
        looked_at: an expression that may be printed in an action before; without it there is one action.
    """
    steps = ((code, looked_at), ("", shown)) if looked_at else ((code, shown),)
    policy = worked(chance, *steps, apart=0.15 if looked_at else 0)
    return Instance(
        prompt,
        answer,
        policy,
        check=check_of(answer),
        tolerance=TWO_DECIMALS if isinstance(answer, float) else None,
        slips=(Slip("forgotten conversion", slip),) if slip else (),
    )
