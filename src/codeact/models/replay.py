"""Models that write what was written before: a script, or a recorded run. They are the fakes that tests use, and ship with the library.

Invariant: they behave as a server does (text is cut before the first stop string, in pieces, with usage), and they fail loudly
on a request that nobody foresaw and on turns that nobody asked for. They do not: think, sample or read a grammar.
"""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from codeact import errors, events
from codeact.models.stops import cut
from codeact.protocols import Completion, ModelRequest
from codeact.trajectory import Folding, Trajectory, load

PIECES = 4
CHARS_A_TOKEN = 4
SEPARATOR = "---"


class ScriptModel:
    """Writes given turns, one a request.

    A turn holds the whole message, closing tag and all; each request gets it up to the first of its stop strings. A request
    whose `prefix` is the start of the turn just written goes on with that same turn, as a server would.

    Args:
        turns: messages to write; a `Completion` also fixes how the turn ends and what it cost.
        name: what `name` returns.
        allow_unused: whether `aclose` accepts turns that were never asked for.
    """

    uses_grammar = False
    takes_native = True
    """Its turns are text all the same: those of a run with native calls are recorded so."""

    def __init__(self, turns: Sequence[str | Completion], name: str = "script", *, allow_unused: bool = False) -> None:
        self.name = name
        self.requests: list[ModelRequest] = []
        self._turns = [Completion(turn) if isinstance(turn, str) else turn for turn in turns]
        self._allow_unused = allow_unused
        self._next = 0
        self._failed = False

    @classmethod
    def from_file(cls, path: str | Path, *, allow_unused: bool = False) -> "ScriptModel":
        """Read a script from a file.

        Args:
            path: ``.jsonl`` (an object a line: `text`, and `finish` if wanted), ``.json`` (a list of strings), or any other name: text,
                with lines ``---`` between the turns.
            allow_unused: as for the class.

        Raises:
            InputError: no such file, or it is none of the three.
        """
        return cls(_read_script(Path(path)), name=f"script:{path}", allow_unused=allow_unused)

    def after(self, turns: int) -> Self:
        """The same, as if so many turns had been written already."""
        self._next = turns
        return self

    @property
    def unused(self) -> int:
        """How many turns nobody has asked for yet."""
        return len(self._turns) - self._next

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """Yield the next turn in pieces, then its `Completion`.

        Raises:
            ScriptError: there is no turn left.
        """
        request = dataclasses.replace(request, messages=tuple(request.messages))
        self.requests.append(request)
        turn, rest = self._take(request)
        text, stopped_by = cut(rest, request.stop)
        for piece in _pieces(text):
            await asyncio.sleep(0)  # a real model gives way between pieces, so that a run can be cancelled there
            yield piece
        yield Completion(
            text=text,
            usage=_rough_usage(request, text) if turn.usage == events.Usage() else turn.usage,
            finish="stop" if stopped_by else turn.finish,
            stopped_by=stopped_by,
        )

    async def aclose(self) -> None:
        """Check that every turn was used.

        Raises:
            ScriptError: turns are left, unless `allow_unused`, or an error was raised already.
        """
        if self.unused and not self._allow_unused and not self._failed:
            self._failed = True  # said once: a second close is no news
            raise errors.ScriptError(
                f"{self.name}: {self.unused} of {len(self._turns)} turns were left unused; "
                f"the next one is {_shown(self._turns[self._next].text)}"
            )

    def _take(self, request: ModelRequest) -> tuple[Completion, str]:
        """The turn that answers the request, and what of its text comes after the prefix."""
        current = self._turns[self._next - 1] if self._next else None
        if request.prefix and current is not None and len(current.text) > len(request.prefix) and current.text.startswith(request.prefix):
            return current, current.text[len(request.prefix) :]
        if self._next >= len(self._turns):
            self._failed = True
            raise errors.ScriptError(
                f"{self.name}: asked for turn {self._next + 1}, but there are {len(self._turns)}; "
                f"the last message was {_shown(request.messages[-1].content if request.messages else '')}"
            )
        turn = self._turns[self._next]
        self._next += 1
        return turn, turn.text.removeprefix(request.prefix)


class ReplayModel(ScriptModel):
    """Writes the model turns of a recorded run, and checks that each request is the one that was recorded.

    Args:
        trajectory: the recorded run.
        name: what `name` returns.
        allow_unused: whether `aclose` accepts turns that were never asked for.
    """

    def __init__(self, trajectory: Trajectory, name: str = "replay", *, allow_unused: bool = False) -> None:
        self._messages: list[events.Message] = []
        self._counts: list[int] = []
        self._recorded: list[events.ModelTurn] = []
        folding = Folding()
        for event in trajectory.events:
            self._messages.extend(folding.add(event))
            if isinstance(event, events.ModelTurn):
                self._counts.append(len(self._messages) - 1)
                self._recorded.append(event)
        super().__init__([_as_completion(turn) for turn in self._recorded], name, allow_unused=allow_unused)

    @classmethod
    def from_file(cls, path: str | Path, *, allow_unused: bool = False) -> "ReplayModel":
        """Read a recorded run.

        Raises:
            TrajectoryError: the file is not a trajectory, or cannot be read.
        """
        return cls(load(path), name=f"replay:{path}", allow_unused=allow_unused)

    def _take(self, request: ModelRequest) -> tuple[Completion, str]:
        taken = super()._take(request)
        index = self._next - 1
        difference = _difference(self._messages[: self._counts[index]], request.messages)
        if difference:
            self._failed = True
            raise errors.ScriptError(f"{self.name}: the request for turn {index + 1} is not the recorded one: {difference}")
        if self._recorded[index].finish == "cancelled":
            self._failed = True
            raise errors.ScriptError(
                f"{self.name}: turn {index + 1} was cancelled when the run was recorded; there is nothing to play from there"
            )
        return taken


def _as_completion(turn: events.ModelTurn) -> Completion:
    return Completion(turn.text, usage=turn.usage, finish="length" if turn.finish == "length" else "stop")


def _pieces(text: str) -> list[str]:
    size = max(1, -(-len(text) // PIECES))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _rough_usage(request: ModelRequest, text: str) -> events.Usage:
    read = sum(len(message.content) for message in request.messages) + len(request.prefix)
    return events.Usage(input_tokens=-(-read // CHARS_A_TOKEN), output_tokens=-(-len(text) // CHARS_A_TOKEN))


def _difference(recorded: Sequence[events.Message], got: Sequence[events.Message]) -> str:
    """Which message differs first and how, empty if none does."""
    for number, (old, new) in enumerate(zip_longest(recorded, got), start=1):
        if new is None:
            return f"message {number} is missing, recorded was {old.role} {_shown(old.content)}"
        if old is None:
            return f"message {number} is one too many: {new.role} {_shown(new.content)}"
        if old.role != new.role:
            return f"message {number} has the role {new.role!r}, recorded was {old.role!r}"
        if old.content != new.content:
            place = next((i for i, (a, b) in enumerate(zip(old.content, new.content, strict=False)) if a != b), None)
            if place is None:
                place = min(len(old.content), len(new.content))
            start = max(0, place - 20)
            return (
                f"message {number} ({new.role}) differs from character {place} on: "
                f"recorded {_shown(old.content[start:])}, got {_shown(new.content[start:])}"
            )
    return ""


def _shown(text: str, most: int = 80) -> str:
    return repr(text[:most]) + ("..." if len(text) > most else "")


class _Turn(BaseModel):
    """A line of a ``.jsonl`` script."""

    model_config = ConfigDict(extra="forbid")
    text: str
    finish: Literal["stop", "length"] = "stop"


_TEXTS = TypeAdapter(list[str])


def _read_script(path: Path) -> list[str | Completion]:
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(f"cannot read the script {str(path)!r}: {error}") from error
    if path.suffix == ".jsonl":
        return [_script_line(path, number, line) for number, line in enumerate(raw.split("\n"), start=1) if line.strip()]
    if path.suffix == ".json":
        try:
            return list(_TEXTS.validate_json(raw))
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise errors.InputError(f"the script {str(path)!r} is not a JSON list of strings ({reason})") from None
    return _text_turns(path, raw)


def _script_line(path: Path, number: int, line: str) -> Completion:
    try:
        turn = _Turn.model_validate_json(line)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise errors.InputError(
            f'the script {str(path)!r}, line {number}, is not an object like {{"text": "..."}} ({reason}): {_shown(line)}'
        ) from None
    return Completion(turn.text, finish=turn.finish)


def _text_turns(path: Path, raw: str) -> list[str | Completion]:
    turns: list[list[str]] = [[]]
    for line in raw.split("\n"):
        if line.rstrip() == SEPARATOR:
            turns.append([])
        else:
            turns[-1].append(line)
    texts = ["\n".join(lines).strip("\n") for lines in turns]
    if len(texts) > 1 and not texts[-1]:
        texts.pop()  # a separator may also end the file
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            raise errors.InputError(f"the script {str(path)!r}: turn {number} is empty; turns stand between lines of {SEPARATOR!r}")
    return list(texts)
