"""What a line of the table of awkward cells is.

Invariant: a case says how its cell ends and checks something that was seen. It does not: run anything.
"""

from collections.abc import Callable
from dataclasses import dataclass

from codeact.events import Limits, Observation, Status

Check = Callable[[Observation], object]

LIMITS = Limits(action_seconds=20, memory_mb=512)


@dataclass(frozen=True, slots=True)
class Case:
    """A cell.

    Args:
        name: what it is, in a few words; unique.
        code: of the cell.
        status: how it ends.
        check: true of the cell's observation.
        setup: a cell to run before it, which must end well.
        limits: of its session.
        seconds: limit of this action, None for that of the session.
    """

    name: str
    code: str
    status: Status = "ok"
    check: Check = lambda seen: seen.error is None
    setup: str = ""
    limits: Limits = LIMITS
    seconds: float | None = None


def raised(name: str, words: str = "") -> Check:
    """A check: it raised that (empty: anything), the words are in what is told of it, and the interpreter lived on."""

    def check(seen: Observation) -> bool:
        error = seen.error
        return error is not None and error.name in (name or error.name,) and words in error.traceback and not seen.state_lost

    return check


def value(text: str) -> Check:
    """A check: the result's text."""
    return lambda seen: seen.result == text
