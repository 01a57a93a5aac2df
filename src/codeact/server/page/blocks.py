"""A run as the blocks of a page: folded from its events, one by one, so that a page follows a run that goes on.

Invariant: an event makes or changes few blocks, and only ever adds new ones at the end; a block is told whole whenever it changes. The same
events give the same blocks. It does not: make HTML (`rendering` does).
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Literal

import pydantic_core

from codeact import build, errors, events
from codeact.protocols import Step

MOST_CALLS = 10
"""Calls of one action that have a block of their own."""

_CELL_LINE = re.compile(r'File "<cell (\d{1,9})>", line (\d{1,9})(?!\d)')
"""With so many digits at most that Python reads them as a number, whatever a guest writes."""
_LATEST = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page. `id` is the same whenever it is told; `kind` is the name of its template; `turn` is the model's turn."""

    kind: ClassVar[str]
    id: str
    turn: int

    @property
    def reads(self) -> str:
        """What it says, by which blocks of two runs are alike: not when it happened, nor what it cost."""
        return self.kind


@dataclass(frozen=True, slots=True)
class Said(Block):
    """A message of the user; `turn` is the one before it, after which another could have been said."""

    kind: ClassVar[str] = "said"
    event: events.TaskGiven

    @property
    def reads(self) -> str:
        """See `Block`."""
        return self.event.text


@dataclass(frozen=True, slots=True)
class Turned(Block):
    """A turn of the model: its thought, or all of it where it could not be understood, in a format; it is read when it is shown."""

    kind: ClassVar[str] = "turned"
    event: events.ModelTurn
    format: str

    @property
    def thought(self) -> str:
        """What it says besides its action or answer."""
        step = _understood(self.format, self.event.text)
        return "" if step is None else step.thought.strip()

    @property
    def unread(self) -> str:
        """All of it, if it could not be understood."""
        return self.event.text if _understood(self.format, self.event.text) is None else ""

    @property
    def reads(self) -> str:
        """See `Block`."""
        return self.thought + self.unread


@dataclass(frozen=True, slots=True)
class Cell(Block):
    """An action; `wrong_line` is where it raised, `place` counts the actions of the turn."""

    kind: ClassVar[str] = "cell"
    event: events.Action
    place: int
    wrong_line: int = 0

    @property
    def reads(self) -> str:
        """See `Block`."""
        return self.event.code


@dataclass(frozen=True, slots=True)
class Asked(Block):
    """A question to the user, and what came of it; `is_open`: it can be decided now; `known`: it was, for the whole run."""

    kind: ClassVar[str] = "asked"
    event: events.ApprovalAsked
    given: events.ApprovalGiven | None = None
    is_open: bool = True
    known: bool = False

    @property
    def reads(self) -> str:
        """See `Block`."""
        return f"{self.event.content} {self.given.decision if self.given is not None else None}"


@dataclass(frozen=True, slots=True)
class Called(Block):
    """A call of a tool."""

    kind: ClassVar[str] = "called"
    event: events.ToolCalled
    returned: events.ToolReturned | None = None

    @property
    def reads(self) -> str:
        """See `Block`."""
        return f"{self.event.name} {self.event.arguments} {self.returned and (self.returned.value, self.returned.error)}"


@dataclass(frozen=True, slots=True)
class MoreCalls(Block):
    """Calls that have no block of their own."""

    kind: ClassVar[str] = "more_calls"
    count: int

    @property
    def reads(self) -> str:
        """See `Block`."""
        return str(self.count)


@dataclass(frozen=True, slots=True)
class Observed(Block):
    """What came back of an action; `number` is the event's in the record, by which a frame is asked for."""

    kind: ClassVar[str] = "observed"
    event: events.Observation
    number: int

    @property
    def reads(self) -> str:
        """See `Block`."""
        return f"{self.event.status} {[output.model_dump_json() for output in self.event.outputs]} {self.event.notice}"


@dataclass(frozen=True, slots=True)
class Noted(Block):
    """A word between: feedback to the model, a limit, a failure, a branch."""

    kind: ClassVar[str] = "noted"
    event: events.Feedback | events.LimitReached | events.Failed | events.Branched

    @property
    def reads(self) -> str:
        """See `Block`."""
        return self.event.model_dump_json(exclude={"time"})


@dataclass(frozen=True, slots=True)
class Answer(Block):
    """The answer."""

    kind: ClassVar[str] = "answer"
    event: events.Answered

    @property
    def reads(self) -> str:
        """See `Block`."""
        return self.event.text


@dataclass(frozen=True, slots=True)
class Ended(Block):
    """The end of a message's work."""

    kind: ClassVar[str] = "ended"
    event: events.RunEnded

    @property
    def reads(self) -> str:
        """See `Block`."""
        return f"{self.event.state} {self.event.reason}"


@dataclass(frozen=True, slots=True)
class Unshown(Block):
    """What cannot be shown: nobody foresaw what is in it, and the rest of the page stands."""

    kind: ClassVar[str] = "unshown"


@dataclass(slots=True)
class Standing:
    """How a run stands, for the lines around the conversation.

    Args:
        state: `working`, `waiting` for a decision, or how the latest message ended.
        acting: an action is running.
        turns, tokens, cost, seconds: used so far.
        since: when the message that is worked on was given, in seconds since 1970.
    """

    state: Literal["working", "waiting"] | events.State = "working"
    acting: bool = False
    turns: int = 0
    tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    since: float = 0.0


class Fold:
    """See the module's docstring."""

    def __init__(self) -> None:
        self.standing = Standing()
        self.started: events.RunStarted | None = None
        self.title = ""
        self._blocks: dict[str, Block] = {}
        self._number = -1
        self._turn = self._places = self._calls = 0
        self._cell: Cell | None = None
        self._for_run: set[tuple[str, str]] = set()

    @property
    def blocks(self) -> list[Block]:
        """All of them, in the order of the page."""
        return list(self._blocks.values())

    @property
    def number(self) -> int:
        """Of the latest event; -1 before the first."""
        return self._number

    def add_all(self, found: Iterable[events.AnyEvent]) -> "Fold":
        """Fold in several events; returns itself."""
        for event in found:
            self.add(event)
        return self

    def add(self, event: events.AnyEvent) -> list[Block]:
        """Fold in the next event; the blocks that are new or changed by it."""
        self._number += 1
        self._note(event)
        made: list[Block] = [Unshown(f"u{self._number}", self._turn)]
        with suppress(errors.UnexpectedError), errors.crossing("session"):  # it holds what guests chose
            made = self._made(event)
        for block in made:
            self._blocks[block.id] = block
        return made

    def _made(self, event: events.AnyEvent) -> list[Block]:
        number = self._number
        match event:
            case events.TaskGiven():
                return [Said(f"m{number}", self._turn, event)]
            case events.ModelTurn():
                self._turn, self._places, self._calls = event.turn, 0, 0
                return [Turned(f"t{event.turn}", event.turn, event, self.started.format if self.started is not None else "")]
            case events.Action():
                self._places += 1
                self._calls = 0
                self._cell = Cell(f"a{number}", event.turn, event, self._places)
                return [self._cell]
            case events.Observation():
                return self._observed(event)
            case events.ApprovalAsked() | events.ApprovalGiven():
                return self._question(event)
            case events.ToolCalled() | events.ToolReturned():
                return self._call(event)
            case _:
                return self._last(event)

    def _last(self, event: events.AnyEvent) -> list[Block]:
        """Blocks of what stands between, or at the end."""
        number = self._number
        match event:
            case events.Feedback() | events.LimitReached() | events.Failed():
                return [Noted(f"n{number}", event.turn, event)]
            case events.Branched():
                return [Noted(f"n{number}", self._turn, event)]
            case events.Answered():
                return [Answer(f"s{number}", event.turn, event)]
            case events.RunEnded():
                return [*self._closed(), Ended(f"e{number}", self._turn, event)]
            case _:
                return []

    def _observed(self, event: events.Observation) -> list[Block]:
        made: list[Block] = []
        wrong = _wrong_line(event)
        if self._cell is not None and wrong:
            made.append(replace(self._cell, wrong_line=wrong))
        self._cell = None
        return [*made, Observed(f"o{self._number}", event.turn, event, self._number)]

    def _question(self, event: events.ApprovalAsked | events.ApprovalGiven) -> list[Block]:
        name = f"q{event.approval_id}"
        if isinstance(event, events.ApprovalAsked):
            known = _subject(event) in self._for_run
            return [Asked(name, event.turn, event, is_open=not known, known=known)]
        asked = self._blocks.get(name)
        if not isinstance(asked, Asked):
            return []
        if event.for_run:
            self._for_run.add(_subject(asked.event))
        return [replace(asked, given=event, is_open=False)]

    def _closed(self) -> list[Block]:
        """Questions that nobody decided before the end."""
        return [replace(block, is_open=False) for block in self._blocks.values() if isinstance(block, Asked) and block.is_open]

    def _call(self, event: events.ToolCalled | events.ToolReturned) -> list[Block]:
        name = f"c{event.turn}-{event.call_id}"
        if isinstance(event, events.ToolReturned):
            called = self._blocks.get(name)
            return [replace(called, returned=event)] if isinstance(called, Called) else []
        self._calls += 1
        if self._calls <= MOST_CALLS:
            return [Called(name, event.turn, event)]
        return [MoreCalls(f"l{event.turn}-{self._places}", event.turn, self._calls - MOST_CALLS)]

    def _note(self, event: events.AnyEvent) -> None:
        """Keep the standing, and what the run began with."""
        standing = self.standing
        match event:
            case events.RunStarted():
                self.started = event
            case events.TaskGiven():
                self.title = self.title or " ".join(event.text.split())[:300]
                standing.state, standing.since = "working", event.time
            case events.ModelTurn():
                standing.turns += 1
                standing.tokens += event.usage.input_tokens + event.usage.output_tokens
                standing.cost += event.usage.cost
            case events.Action() | events.Observation():
                standing.acting = isinstance(event, events.Action)
            case events.ApprovalAsked() | events.ApprovalGiven():
                standing.state = "waiting" if isinstance(event, events.ApprovalAsked) else "working"
            case events.RunEnded():
                standing.state, standing.acting = event.state, False
                standing.seconds += event.seconds
            case _:
                pass


def _subject(asked: events.ApprovalAsked) -> tuple[str, str]:
    """What is allowed if it is allowed for the run: actions, or calls of one tool."""
    if asked.subject == "action":
        return "action", ""
    try:
        return "call", str(pydantic_core.from_json(asked.content).get("tool", ""))
    except (ValueError, AttributeError):
        return "call", ""


@lru_cache(maxsize=64)
def _understood(format: str, text: str) -> Step | None:
    """The turn, parsed; None where it cannot be."""
    try:
        return build.format(format).parse(text)
    except (errors.FormatError, errors.InputError):
        return None


def _wrong_line(event: events.Observation) -> int:
    """The line of the action's own code at which it raised; 0 if there is none."""
    if event.error is None:
        return 0
    found = _CELL_LINE.findall(event.error.traceback.rpartition(_LATEST)[2])
    own = [int(line) for cell, line in found if cell == found[0][0]]
    return own[-1] if own else 0
