"""Where a run stands that was broken off: what its session is to be rebuilt by, and what of the latest turn is still to be done.

Invariant: it is read from the record alone, and the same record gives the same standing. It does not: do anything about it (`conversation`
and `loop` do).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from codeact import errors, events
from codeact.trajectory import Trajectory


@dataclass(slots=True)
class Past:
    """An action that was begun, and what is recorded of it.

    Args:
        action: what was to be run.
        calls: of tools, and what came back, in the order of the record.
        observation: what came of it; None: it was never over.
    """

    action: events.Action
    calls: list[events.AnyEvent] = field(default_factory=list)
    observation: events.Observation | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Files that the user gave with a message, and the digests by which their content is kept."""

    names: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands.

    Args:
        rebuilt: what gave the session the state that it had, in order: files that were given, and actions that are over.
        turn: the latest turn of the model, if something of it is left to do.
        observed: actions of that turn that are over.
        begun: the action of it that is not over.
        asked: somebody was asked about its next action; `given`: and has decided.
        ending: how the round ends, where that was decided already.
        turns, usage, seconds, malformed: what the round has used of its budget.
    """

    rebuilt: Sequence[Past | Given]
    turn: events.ModelTurn | None
    observed: int
    begun: Past | None
    asked: events.ApprovalAsked | None
    given: events.ApprovalGiven | None
    ending: tuple[events.State, str] | None
    turns: int
    usage: events.Usage
    seconds: float
    malformed: int


def standing(record: Trajectory) -> Standing:
    """Where a run stands.

    Raises:
        InputError: nothing is left of it to do, or it was given files that are not kept.
    """
    if not record.is_unfinished:
        raise errors.InputError("the run is over: there is nothing to go on with; send another message instead")
    rebuilt = state_of(record)
    pasts = [step for step in _steps(record.events) if isinstance(step, Past)]
    round_ = _round(record)
    answered = record.last(events.Answered)
    limit = record.last(events.LimitReached)
    ending: tuple[events.State, str] | None = None
    if answered in round_:
        ending = "answered", ""
    elif limit is not None and limit in round_:
        ending = "limit", f"the run reached its limit of {limit.limit.name}: {limit.limit.value:g}"
    turn = next((event for event in reversed(round_) if isinstance(event, events.ModelTurn)), None)
    after = round_[round_.index(turn) + 1 :] if turn is not None else []
    told = any(isinstance(event, events.Feedback) and event.reason != "rebuilt" for event in after)
    begun = pasts[-1] if pasts and pasts[-1].observation is None and pasts[-1].action in after else None
    asked, decided = _decision(after)
    turns = [event for event in round_ if isinstance(event, events.ModelTurn)]
    return Standing(
        rebuilt=rebuilt,
        turn=None if turn is None or told or turn.finish == "cancelled" else turn,
        observed=sum(isinstance(event, events.Observation) for event in after),
        begun=begun,
        asked=asked,
        given=decided,
        ending=ending,
        turns=len(turns),
        usage=sum((event.usage for event in turns), events.Usage()),
        seconds=_seconds(round_),
        malformed=_malformed(round_),
    )


def state_of(record: Trajectory) -> Sequence[Past | Given]:
    """What gave the session of a run the state that it has, in order.

    Without actions that were undone, that ended the interpreter, or that are not over; what those before the last kind left, they left.

    Raises:
        InputError: files were given that are not kept.
    """
    lost = sorted({name for event in record.of_type(events.TaskGiven) if len(event.digests) < len(event.files) for name in event.files})
    if lost:
        raise errors.InputError(f"the run was given files, which its record does not hold: {', '.join(lost)}; it cannot be gone on with")
    return [step for step in _steps(record.events) if isinstance(step, Given) or left_something(step.observation)]


def left_something(found: events.Observation | None) -> bool:
    """Whether an action left something that is there: it was neither undone nor did it end the interpreter.

    `state_lost` is also said of an action that ran to its end, in the interpreter that came after a lost one.
    """
    return found is not None and not found.restored and (not found.state_lost or found.status in ("ok", "error", "exit"))


def _round(record: Trajectory) -> list[events.AnyEvent]:
    """The events of the latest message."""
    start = max(place for place, event in enumerate(record.events) if isinstance(event, events.TaskGiven))
    return list(record.events[start:])


def _steps(record: Sequence[events.AnyEvent]) -> Sequence[Past | Given]:
    found: list[Past | Given] = []
    past: Past | None = None
    for event in record:
        match event:
            case events.TaskGiven() if event.files:
                found.append(Given(event.files, event.digests))
            case events.Action():
                past = Past(event)
                found.append(past)
            case events.ToolCalled() | events.ToolReturned() | events.ApprovalAsked() | events.ApprovalGiven() if past is not None:
                past.calls.append(event)
            case events.Observation() if past is not None:
                past.observation, past = event, None
            case _:
                pass
    return found


def _decision(after: Sequence[events.AnyEvent]) -> tuple[events.ApprovalAsked | None, events.ApprovalGiven | None]:
    """The latest question about an action, and its answer, if no action was begun since."""
    asked: events.ApprovalAsked | None = None
    given: events.ApprovalGiven | None = None
    for event in after:
        match event:
            case events.Action() | events.Observation():
                asked = given = None
            case events.ApprovalAsked(subject="action"):
                asked = event
            case events.ApprovalGiven() if asked is not None and event.approval_id == asked.approval_id:
                given = event
            case _:
                pass
    return asked, given


def _seconds(round_: Sequence[events.AnyEvent]) -> float:
    """Seconds of its turns and of its actions that are over, without those in which somebody was to decide; nor those between processes."""
    used, asked, given = 0.0, list[events.ApprovalAsked](), dict[str, float]()
    for event in round_:
        match event:
            case events.ModelTurn():
                used += event.seconds
            case events.ApprovalAsked():
                asked.append(event)
            case events.ApprovalGiven():
                given[event.approval_id] = event.time
            case events.Observation():
                began = event.time - event.seconds
                waits = [(one.time, given.get(one.approval_id, event.time)) for one in asked if one.time >= began]
                used += max(0.0, event.seconds - _together(waits))
                asked.clear()
            case _:
                pass
    return used


def _together(spans: Sequence[tuple[float, float]]) -> float:
    """Length of what the spans cover, which begin in order."""
    covered, reached = 0.0, float("-inf")
    for start, end in spans:
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _malformed(round_: Sequence[events.AnyEvent]) -> int:
    count = 0
    for event in round_:
        if isinstance(event, events.Action):
            count = 0
        elif isinstance(event, events.Feedback) and event.refuses:
            count += 1
    return count
