"""Models that run the same action again and get the same from it, as small ones do: what they are told, and how often they did.

Invariant: it is read from the record alone; the action has been run all the same, since to ask once more can be right (something is waited
for). It does not: end a run, or keep a model from anything.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from codeact import events

_FAILED = "That was the same action as before, and it failed in the same way. Write a different one."
_SAME = "That was the same action as before, with the same result. Unless you wait for something, do something else or answer."
_CELL = re.compile(r"<cell \d+>")  # the number of an action in a traceback


def told_of_repetition(record: Sequence[events.AnyEvent], turn: int) -> str:
    """Words for the model; empty if this turn did not do, and get, just what the one before it did.

    Args:
        record: the run so far.
        turn: the latest, with its actions over.
    """
    latest = _done(record, turn)
    if not latest or latest != _done(record, turn - 1):
        return ""
    return _FAILED if _failed(latest) else _SAME


def failed_again(record: Sequence[events.AnyEvent], turn: int) -> int:
    """How often in a row, up to this turn, a turn's actions failed, just as they had in the turn before it. Arguments as above."""
    latest = _done(record, turn)
    if not latest or not _failed(latest):
        return 0
    return sum(1 for _ in takewhile(lambda before: _done(record, before) == latest, range(turn - 1, 0, -1)))


def _failed(done: list[str]) -> bool:
    return not done[0].startswith(("ok\n", "exit\n"))


def _done(record: Sequence[events.AnyEvent], turn: int) -> list[str]:
    """Actions of a turn of the latest task and what came of them, the last first."""

    def after(event: events.AnyEvent) -> bool:
        return not (isinstance(event, events.TaskGiven) or (isinstance(event, events.ModelTurn) and event.turn == turn))

    done = list[str]()
    for event in takewhile(after, reversed(record)):
        if isinstance(event, events.Action) and event.turn == turn:
            done.append(f"{event.tool}\n{event.code}")
        elif isinstance(event, events.Observation) and event.turn == turn:
            done.append(f"{event.status}\n{_CELL.sub('', event.text)}")
    return done
