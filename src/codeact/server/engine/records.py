"""What the engine reads from the records of runs, and what it writes into them without an agent.

Invariant: a record stays one that could have happened. It does not: keep or run anything.
"""

from contextlib import suppress

from codeact import build, errors, events
from codeact.agent import standing
from codeact.agent.branching import beginning, rewritten
from codeact.trajectory import Trajectory


def start_of(record: Trajectory) -> events.RunStarted:
    """The start of a record.

    Raises:
        InputError: it has none.
    """
    first = record.events[0] if record.events else None
    if not isinstance(first, events.RunStarted):
        raise errors.InputError("the record has no start")
    return first


def past(record: Trajectory, turn: int, child: str, owner: str, code: str | None) -> list[events.AnyEvent]:
    """What a branch begins with: everything up to the end of a turn, or up to the turn that gets other code.

    Args:
        record: of the run that is branched.
        turn: of the model.
        child: id of the branch.
        owner: of the branch.
        code: in place of the code of the turn; None: that is taken as it was.

    Raises:
        InputError: there is no such turn, or it has no code.
    """
    if code is None:
        return beginning(record, turn, child, owner=owner)
    taken = beginning(record, max(0, turn - 1), child, owner=owner, with_task=True)
    return [*taken, rewritten(record, build.format(start_of(record).format), turn, code)]


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
