"""A run in short, as `schema.RUNS` holds it: folded from its events, one by one.

Invariant: the same events give the same summary, whoever folds them. It does not: write it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from codeact import errors
from codeact.events import (
    SCHEMA_VERSION,
    Answered,
    AnyEvent,
    ApprovalAsked,
    ApprovalGiven,
    ModelTurn,
    RunEnded,
    RunStarted,
    TaskGiven,
)

RUNNING, WAITING = "running", "waiting"
_MOST_TITLE = 300


@dataclass(slots=True)
class Summary:
    """What a list of runs shows.

    Args:
        id: of the run.
        version: of its events.
        title: the first words of the first task.
        model, format: as in `events.RunStarted`.
        state: `running`; `waiting` for somebody's approval; or how the latest round ended, as in `events.State`.
        reason: why it ended without an answer.
        answer: the latest, as written.
        turns, input_tokens, output_tokens, cost: so far; cost in dollars.
        events: how many.
        created, updated: time of the first and the latest event, in seconds since 1970.
    """

    id: str
    version: int
    model: str
    format: str
    created: float
    updated: float
    title: str = ""
    state: str = RUNNING
    reason: str = ""
    answer: str | None = None
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    events: int = 1

    @classmethod
    def begin(cls, event: AnyEvent) -> "Summary":
        """Of a run's first event.

        Raises:
            StoreError: it is not the start of a run.
        """
        if not isinstance(event, RunStarted):
            raise errors.StoreError(f"a run begins with run_started, this one with {event.type}: it cannot be kept")
        return cls(event.run_id, SCHEMA_VERSION, event.model, event.format, created=event.time, updated=event.time)

    def add(self, event: AnyEvent) -> None:
        """Fold in the next event."""
        self.events += 1
        self.updated = event.time
        match event:
            case TaskGiven():
                self.title = self.title or event.text[:_MOST_TITLE]
                self.state, self.reason, self.answer = RUNNING, "", None
            case ModelTurn():
                self.turns += 1
                self.input_tokens += event.usage.input_tokens
                self.output_tokens += event.usage.output_tokens
                self.cost += event.usage.cost
            case ApprovalAsked():
                self.state = WAITING
            case ApprovalGiven():
                self.state = RUNNING
            case Answered():
                self.answer = event.text
            case RunEnded():
                self.state, self.reason = event.state, event.reason
            case _:
                pass

    def columns(self) -> dict[str, Any]:
        """As a row."""
        return asdict(self)
