"""What one can go back to in a conversation: its turns, as the terminal lists them."""

from collections.abc import Iterator

from codeact import errors
from codeact.cli.flow import clean
from codeact.events import Action, Answered, ModelTurn, TaskGiven
from codeact.trajectory import Trajectory

_WIDTH = 70


def turns_of(record: Trajectory) -> Iterator[str]:
    """A line on each message and each turn of the model."""
    turn = 0
    for event in record.events:
        match event:
            case TaskGiven():
                yield f"     > {_first_line(event.text)}"
            case ModelTurn():
                turn = event.turn
            case Action():
                yield f"{turn:>4}   {_first_line(event.code)}"
            case Answered():
                yield f"{turn:>4}   = {_first_line(event.text)}"
            case _:
                pass


def before_last_message(record: Trajectory) -> int:
    """The turn at whose end the last message was given; 0: it was the first.

    Raises:
        InputError: there is no message.
    """
    turn, found = 0, None
    for event in record.events:
        if isinstance(event, TaskGiven):
            found = turn
        elif isinstance(event, ModelTurn):
            turn = event.turn
    if found is None:
        raise errors.InputError("there is no message yet that could be undone")
    return found


def _first_line(text: str) -> str:
    line = clean(text).strip().partition("\n")[0]
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3]}..."
