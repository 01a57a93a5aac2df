"""What a conversation begins with: messages that were said before it came here, and the seed of its random numbers.

Invariant: the model sees an earlier answer as it would have written it; a record that can be gone on with has its seed from the start. It
does not: know what was done for an answer.
"""

import secrets
from collections.abc import Iterator, Sequence

from codeact import events
from codeact.protocols import ActionFormat, Step
from codeact.trajectory import Trajectory

SEED = "session_seed"
"""The seed's name among the options of a run's start."""


def seed_of(record: Trajectory | None) -> int | None:
    """The seed of a record's session: recorded, or drawn for a new one that is kept; None where there is none."""
    started = None if record is None else record.last(events.RunStarted)
    if started is not None:
        found = started.options.get(SEED)
        return found if isinstance(found, int) else None
    return secrets.randbits(32) if record is not None and record.waits else None


def said_before(messages: Sequence[events.Message], format: ActionFormat) -> Iterator[events.AnyEvent]:
    """The events of earlier messages.

    Args:
        messages: of the user and answers to them; others are left out.
        format: in which answers are written.
    """
    turn = 0
    for message in messages:
        if message.role == "user":
            yield events.TaskGiven(text=message.content)
        elif message.role == "assistant":
            turn += 1
            yield events.ModelTurn(turn=turn, text=format.write(Step(thought="", answer=message.content)))
            yield events.Answered(turn=turn, text=message.content)
            yield events.RunEnded(state="answered")
