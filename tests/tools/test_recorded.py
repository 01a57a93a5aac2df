"""Calls answered from a record: the same values, errors and types as when they were made."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from codeact import events
from codeact.build import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools
from codeact.tools.recorded import RecordedCalls

MADE: list[str] = []


@dataclass
class Price:
    """A price."""

    item: str
    dollars: float


def get_price(item: str) -> Price:
    """Price of an item."""
    MADE.append(item)
    return Price(item, 2.5)


def get_bytes(size: int) -> bytes:
    """That many bytes."""
    return b"\x00x" * (size // 2)


def get_day() -> datetime.date:
    """A day."""
    return datetime.date(2026, 5, 4)


def get_text(size: int) -> str:
    """That many letters."""
    return "t" * size


def count() -> int:
    """How often it was called."""
    MADE.append("count")
    return len(MADE)


def fail(message: str) -> None:
    """Raise an error."""
    raise KeyError(message)


TOOLS = as_tools([get_price, get_bytes, get_day, get_text, count, fail])
STARTED = events.RunStarted(
    run_id="one",
    model="m",
    format="code",
    system="",
    isolation="strict",
    limits=events.Limits(),
    tools=tuple(tool.spec for tool in TOOLS),
)
CELL = """
price = get_price('pear')
print(price, price.dollars, isinstance(price, Price), get_day().year, len(get_bytes(1000)), len(get_text(100_000)), count(), count())
try:
    fail('gone: it was')
except KeyError as error:
    print(repr(error))
"""


def ran(calls: Any, code: str) -> events.Observation:
    with Session(preload=(), calls=calls) as session:
        return session.run(code)


@pytest.fixture(name="record")
def run_that_is_recorded() -> tuple[list[events.AnyEvent], str]:
    """Events of a run, and what it printed."""
    MADE.clear()
    record: list[events.AnyEvent] = []
    seen = ran(Bridge(TOOLS, record.append), CELL)
    assert seen.status == "ok", seen
    return [STARTED, *record], seen.stdout


def replayed(recorded: list[events.AnyEvent], code: str) -> tuple[events.Observation, list[events.AnyEvent]]:
    record: list[events.AnyEvent] = []
    turn: Callable[[], int] = lambda: 3  # noqa: E731
    return ran(RecordedCalls(recorded, record.append, turn), code), record


def test_a_replay_prints_the_same_and_calls_nothing(record: tuple[list[events.AnyEvent], str]) -> None:
    made = list(MADE)
    seen, again = replayed(record[0], CELL)
    assert (seen.stdout, seen.status) == (record[1], "ok")
    assert made == MADE
    assert [(event.turn, event.name) for event in again if isinstance(event, events.ToolCalled)] == [
        (3, event.name) for event in record[0] if isinstance(event, events.ToolCalled)
    ]


def test_a_record_can_be_written_and_read(record: tuple[list[events.AnyEvent], str]) -> None:
    written = [type(event).model_validate_json(event.model_dump_json()) for event in record[0]]
    assert written == record[0]
    assert replayed(written, CELL)[0].stdout == record[1]


def test_calls_that_were_not_made_are_refused_and_not_made(record: tuple[list[events.AnyEvent], str]) -> None:
    code = "count(); count()\ntry:\n    count()\nexcept LookupError as error:\n    print(error)\nget_price('plum')"
    seen, _ = replayed(record[0], code)
    assert seen.stdout.startswith("the recorded run has no (further) call of count")
    assert seen.error is not None and seen.error.name == "LookupError" and "get_price" in seen.error.message


def test_what_was_too_large_for_the_record_is_said() -> None:
    record: list[events.AnyEvent] = []
    assert ran(Bridge(TOOLS, record.append), "len(get_bytes(1_000_000))").result == "1000000"
    returned = record[-1]
    assert isinstance(returned, events.ToolReturned) and returned.summary and returned.sent is None
    seen, _ = replayed([STARTED, *record], "get_bytes(1_000_000)")
    assert seen.error is not None and "too large for the record" in seen.error.message
