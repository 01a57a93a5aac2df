"""The beginning of a run, taken for another one that goes its own way.

Invariant: the new record is one that could have happened: whole turns of the old one in their order, under its own id. It does not: run or
keep anything.
"""

from codeact import build, errors, events
from codeact.protocols import Step
from codeact.trajectory import Trajectory


def branched(
    record: Trajectory, turn: int, child: str, owner: str, *, message: str | None = None, code: str | None = None
) -> list[events.AnyEvent]:
    """The events that a branch begins with.

    Args:
        record: of the run that is branched.
        turn: of the model, whose end is the last that is taken; 0: nothing but the start.
        child: id of the branch.
        owner: of the branch.
        message: what is said next; it is not among the events.
        code: what takes the place of the turn's code; the turn is then still to be done.

    Raises:
        InputError: there is no such turn, or not one of `message` and `code` is given, or the code cannot be replaced.
    """
    if (message is None) == (code is None):
        raise errors.InputError("a branch goes on with a message or with other code for its turn: give one of the two")
    turns = [event.turn for event in record.of_type(events.ModelTurn)]
    if turn != 0 and turn not in turns:
        raise errors.InputError(f"the run has no turn {turn}; its turns are 0 (before the first message) to {max(turns, default=0)}")
    started, *rest = record.events
    if not isinstance(started, events.RunStarted):
        raise errors.InputError("the record has no start")
    begin = started.model_copy(update={"run_id": child, "parent": started.run_id, "owner": owner})
    past = [begin, *_until(rest, turn if code is None else turn - 1, with_task=code is not None)]
    if code is not None:
        past.append(_rewritten(record, started.format, turn, code))
    return past


def _until(rest: list[events.AnyEvent], turn: int, *, with_task: bool) -> list[events.AnyEvent]:
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


def _rewritten(record: Trajectory, format: str, turn: int, code: str) -> events.ModelTurn:
    action = next((event for event in record.of_type(events.Action) if event.turn == turn), None)
    if action is None or action.tool:
        raise errors.InputError(f"turn {turn} has no code that could be replaced" + (": it is a call" if action is not None else ""))
    text = build.format(format).write(Step(thought=action.thought, code=code))
    return events.ModelTurn(turn=turn, text=text)
