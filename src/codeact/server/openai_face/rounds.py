"""The messages of a run, each with what came of it.

Invariant: messages are numbered from 1, in the order in which the record holds them. It does not: wait for anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from codeact import events


@dataclass(frozen=True, slots=True)
class Round:
    """A message and what came of it.

    Args:
        number: of the message, from 1.
        first: number of the event that gives the message.
        happened: that one, and all until the next message.
    """

    number: int
    first: int
    happened: tuple[events.AnyEvent, ...]

    @property
    def given(self) -> events.TaskGiven:
        """The message."""
        given = self.happened[0]
        assert isinstance(given, events.TaskGiven)
        return given

    @property
    def ended(self) -> events.RunEnded | None:
        """How it ended; None: it has not."""
        return next((event for event in self.happened if isinstance(event, events.RunEnded)), None)

    @property
    def last_turn(self) -> int:
        """The number of its latest turn of the model; 0: there is none."""
        return max((event.turn for event in self.happened if isinstance(event, events.ModelTurn)), default=0)


def rounds_of(happened: Sequence[events.AnyEvent]) -> list[Round]:
    """All messages of a record.

    Args:
        happened: its events.
    """
    starts = [number for number, event in enumerate(happened) if isinstance(event, events.TaskGiven)]
    ends = [*starts[1:], len(happened)]
    return [Round(number, start, tuple(happened[start:end])) for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)]


class Counted:
    """What a message has used so far: the sum over its turns of the model."""

    def __init__(self) -> None:
        self.usage = events.Usage()

    def add(self, event: events.AnyEvent) -> None:
        """Take what has happened next."""
        if isinstance(event, events.ModelTurn):
            self.usage += event.usage


def without_answer(ended: events.RunEnded) -> str:
    """What is said in place of an answer that there is not."""
    return f"No answer: {ended.reason or ended.state}."
