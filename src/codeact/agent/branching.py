"""The beginning of a run, taken for another one that goes its own way.

Invariant: the new record is one that could have happened: whole turns of the old one in their order, under its own id. It does not: run or
keep anything.
"""

import time
from collections.abc import Sequence

from codeact import errors, events
from codeact.protocols import ActionFormat, Step
from codeact.trajectory import Trajectory


def beginning(record: Trajectory, turn: int, child: str, *, owner: str = "", with_task: bool = False) -> list[events.AnyEvent]:
    """The events of a run up to the end of a turn, as the beginning of another.

    Args:
        record: of the run that is branched.
        turn: of the model, whose end is the last that is taken; 0: nothing but the start.
        child: id of the branch.
        owner: of the branch.
        with_task: the message that came after the turn is taken too.

    Raises:
        InputError: there is no such turn.
    """
    started = record.last(events.RunStarted)
    if started is None:
        raise errors.InputError("nothing has happened yet that one could go back to")
    turns = [event.turn for event in record.of_type(events.ModelTurn)]
    if turn != 0 and turn not in turns:
        raise errors.InputError(f"the run has no turn {turn}; its turns are 0 (before the first message) to {max(turns, default=0)}")
    begin = started.model_copy(update={"run_id": child, "parent": started.run_id, "owner": owner, "time": time.time()})
    return [begin, *_until([event for event in record.events if event is not started], turn, with_task=with_task)]


def rewritten(record: Trajectory, format: ActionFormat, turn: int, code: str) -> events.ModelTurn:
    """A turn with other code, still to be done.

    Args:
        record: of the run.
        format: of its actions.
        turn: whose code it is.
        code: that takes its place.

    Raises:
        InputError: the turn has no code.
    """
    action = next((event for event in record.of_type(events.Action) if event.turn == turn), None)
    if action is None or action.tool:
        raise errors.InputError(f"turn {turn} has no code that could be replaced" + (": it is a call" if action is not None else ""))
    return events.ModelTurn(turn=turn, text=format.write(Step(thought=action.thought, code=code)))


def _until(rest: Sequence[events.AnyEvent], turn: int, *, with_task: bool) -> list[events.AnyEvent]:
    """The events up to the end of a turn; `with_task`: and the message that the next turn answers."""
    taken: list[events.AnyEvent] = []
    reached = turn <= 0
    for event in rest:
        if isinstance(event, events.ModelTurn) and event.turn > turn:
            break
        if isinstance(event, events.TaskGiven) and reached and not with_task:
            break
        reached = reached or (isinstance(event, events.ModelTurn) and event.turn == turn)
        if not isinstance(event, events.Branched | events.CheckpointTaken | events.RolledBack):
            taken.append(event)
    return taken
