"""A run in short, as `schema.RUNS` holds it: folded from its events, one by one.

Invariant: the same events give the same summary, whoever folds them. It does not: write it.
"""

from dataclasses import dataclass, fields
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
from codeact.store.schema import storable

RUNNING, WAITING = "running", "waiting"
_MOST_TITLE = 300
_MOST_NAME = 64


@dataclass(slots=True)
class Summary:
    """What a list of runs shows.

    Args:
        id: of the run.
        version: of its events.
        title: the first words of the first task.
        model, format, owner, parent: as in `events.RunStarted`; the model of a session without an agent is empty.
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
    owner: str = ""
    parent: str | None = None

    @classmethod
    def begin(cls, event: AnyEvent) -> "Summary":
        """Of a run's first event.

        Raises:
            StoreError: it is not the start of a run, or a name in it cannot be kept.
        """
        if not isinstance(event, RunStarted):
            raise errors.StoreError(f"a run begins with run_started, this one with {event.type}: it cannot be kept")
        for name in (event.run_id, event.owner, event.parent or ""):
            if len(name) > _MOST_NAME or not name.isprintable():
                raise errors.StoreError(
                    f"{name!r} cannot be kept as the name of a run or of an owner: at most {_MOST_NAME} printable characters"
                )
        started = cls(event.run_id, SCHEMA_VERSION, event.model, event.format, created=event.time, updated=event.time)
        started.owner, started.parent = event.owner, event.parent
        return started

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
        row = {name: getattr(self, name) for name in _NAMES}
        return {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}


_NAMES = tuple(field.name for field in fields(Summary))
