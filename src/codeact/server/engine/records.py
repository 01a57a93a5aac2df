"""What the engine reads from the records of runs, and what it writes into them without an agent.

Invariant: a record stays one that could have happened. It does not: keep or run anything.
"""

from contextlib import suppress

from codeact import build, errors, events
from codeact.agent import standing
from codeact.agent.branching import beginning, rewritten
from codeact.server.engine.order import Onward
from codeact.trajectory import Trajectory

_TOLD_AFTER = "told_after"
"""Option of a branch that begins with a message: how many events its past has."""


def start_of(record: Trajectory) -> events.RunStarted:
    """The start of a record.

    Raises:
        InputError: it has none.
    """
    first = record.events[0] if record.events else None
    if not isinstance(first, events.RunStarted):
        raise errors.InputError("the record has no start")
    return first


def past(record: Trajectory, turn: int, child: str, owner: str, onward: Onward) -> list[events.AnyEvent]:
    """What a branch begins with: everything up to the end of a turn, or up to the turn that gets other code.

    Args:
        record: of the run that is branched.
        turn: of the model.
        child: id of the branch.
        owner: of the branch.
        onward: how the branch goes on. A past that a message follows is nothing to be gone on with as long as it does not: see `is_stray`.

    Raises:
        InputError: there is no such turn, or it has no code.
    """
    if onward.message is not None:
        started, *rest = beginning(record, turn, child, owner=owner)
        assert isinstance(started, events.RunStarted)
        return [started.model_copy(update={"options": {**started.options, _TOLD_AFTER: 1 + len(rest)}}), *rest]
    if onward.code is None:
        return beginning(record, turn, child, owner=owner)
    taken = beginning(record, max(0, turn - 1), child, owner=owner, with_task=True)
    return [*taken, rewritten(record, build.format(start_of(record).format), turn, onward.code)]


def is_stray(record: Trajectory) -> bool:
    """Whether it is the past of a branch whose process ended before the branch had its message."""
    past = start_of(record).options.get(_TOLD_AFTER)
    return isinstance(past, int) and len(record.events) <= past


def fail(record: Trajectory, error: errors.CodeactError) -> None:
    """End a run that cannot be gone on with."""
    turn = len(record.of_type(events.ModelTurn))
    record.append(events.Failed(turn=turn, boundary=error.boundary, kind=type(error).__name__, message=str(error)))
    record.append(events.RunEnded(state="error", reason=str(error)))


def cancel(record: Trajectory) -> None:
    """End a run that was broken off and is not to be gone on with, as one that is worked on ends when it is cancelled.

    What it has used is told as far as it can be known.
    """
    ended = events.RunEnded(state="cancelled", reason="cancelled from outside")
    with suppress(errors.InputError):  # it was given files that are not kept
        stands = standing.standing(record)
        ended = ended.model_copy(update={"turns": stands.turns, "usage": stands.usage, "seconds": stands.seconds})
    record.append(ended)
