"""What was said in a conversation before it came here, as events of its record.

Invariant: the model sees an answer as it would have written it. It does not: know what was done for an answer.
"""

from collections.abc import Iterator, Sequence

from codeact import events
from codeact.protocols import ActionFormat, Step


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
