"""Questions about numbers: what is asked, the code for it, the right answer; and the family that is made of them.

Invariant: of what may be asked about the same numbers, chance takes one, and the wording then takes its parts. It does not: make numbers.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import JsonValue

from codeact.bench.task import Tolerance
from codeact.data.families.worded import Wordings
from codeact.data.families.words import capital
from codeact.data.families.worked import check_of, in_turn
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase

_BETWEEN_PARTS = " // "
_NEAR = Tolerance(rel=1e-9, abs=1e-9)
"""For decimal numbers; whole ones are right to the last digit."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that may be asked.

    Args:
        asked: in words, with alternatives as in wordings; ``//`` stands between the parts that go to different places of a wording.
        code: lines, the last of them an expression, which is printed.
        right: the answer.
    """

    asked: str
    code: str
    right: JsonValue


@dataclass(frozen=True, slots=True)
class Mistake:
    """What somebody might write in place of something else, wherever the code has it."""

    called: str
    instead_of: str
    written: str


@dataclass(frozen=True, slots=True)
class Asked:
    """All that may be asked about the same numbers.

    Args:
        kinds: one of them is asked.
        given: code before that of any kind.
        mistake: that can be made in some or all of them.
    """

    kinds: Sequence[Kind]
    given: str = ""
    mistake: Mistake | None = None


def family(name: str, ask: Callable[[random.Random], Asked], parts: tuple[str, ...], wordings: Wordings) -> Family:
    """A family of mathematics.

    Args:
        name: without its domain.
        ask: what may be asked, of chance.
        parts: names of the parts of what is asked; a wording has places for them, capitalized where a sentence begins with the part.
        wordings: with these places.
    """
    return Family(f"mathematics/{name}", "mathematics", partial(_instance, ask, parts), wordings.seen, wordings.unseen)


def _instance(ask: Callable[[random.Random], Asked], names: tuple[str, ...], chance: random.Random, phrase: Phrase) -> Instance:
    asked = ask(chance)
    kind = chance.choice(asked.kinds)
    parts = Phrase((kind.asked,), chance)().split(_BETWEEN_PARTS)
    places = dict(zip(names, parts, strict=True))
    places |= {name.capitalize(): capital(part) for name, part in places.items()}
    code = _printing(f"{asked.given}\n{kind.code}".strip(), chance)
    return Instance(
        phrase(**places),
        kind.right,
        in_turn(code),
        check=check_of(kind.right),
        tolerance=_NEAR if isinstance(kind.right, float) else None,
        slips=_slips(asked.mistake, code),
    )


def _printing(code: str, chance: random.Random) -> str:
    """Code that prints its last line, now and then by a name if it gives no other; with its import."""
    before, _, shown = code.rpartition("\n")
    if "=" not in before and chance.random() < 0.7:
        before = f"{before}\nresult = {shown}".strip()
        shown = "result"
    whole = f"{before}\nprint({shown})".strip()
    return f"import math\n{whole}" if "math." in whole else whole


def _slips(mistake: Mistake | None, code: str) -> tuple[Slip, ...]:
    if mistake is None or mistake.instead_of not in code:
        return ()
    return (Slip(mistake.called, code.replace(mistake.instead_of, mistake.written)),)


def any_size(chance: random.Random, low: int, high: int) -> int:
    """A number between two; small ones are as likely as large ones."""
    return int(low * (high / low) ** chance.random())
