"""Why an attempt failed, told from its record: format, tool, reasoning, limit, or ours.

    format      the model wrote what was neither an action nor an answer: it gave up on that, or most of its turns were spent so
    tool        it answered or ran out with its latest action wrong: a call that failed, an exception, a name that does not exist
    limit       it ran out of turns, tokens or seconds with its latest action well
    reasoning   it gave a wrong answer, with its latest action well
    ours        the model's server, the sandbox, or codeact itself failed

Invariant: exactly one for each failed attempt. It does not: look at the answer.
"""

from typing import Literal

from codeact import events
from codeact.trajectory import Trajectory

Failure = Literal["", "format", "tool", "limit", "reasoning", "ours"]
FAILURES: tuple[Failure, ...] = ("format", "tool", "reasoning", "limit", "ours")


def failure(state: events.State, record: Trajectory) -> Failure:
    """Why a run that did not succeed failed.

    Args:
        state: how it ended.
        record: what happened.
    """
    if state in ("error", "cancelled"):
        return "ours"
    turns = len(record.of_type(events.ModelTurn))
    malformed = malformed_turns(record)
    if state == "gave_up" or 2 * malformed > turns:
        return "format"
    if _ends_wrong(record):
        return "tool"
    return "limit" if state == "limit" else "reasoning"


def malformed_turns(record: Trajectory) -> int:
    """Turns that could not be read."""
    return sum(event.reason == "malformed" for event in record.of_type(events.Feedback))


def wrong_actions(record: Trajectory) -> int:
    """Actions that raised or were stopped."""
    return sum(event.status not in ("ok", "exit") for event in record.of_type(events.Observation))


def _ends_wrong(record: Trajectory) -> bool:
    latest = record.last(events.Observation)
    return latest is not None and latest.status not in ("ok", "exit")
