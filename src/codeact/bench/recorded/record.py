"""The recorded runs of MINT: `MODEL/DOMAIN/SUBSET/results.jsonl`, a run a line, and what the harness that made them took a message for.

A run's history is the first prompt, then in turn what the model wrote and what it was shown; what the last message brought is not in it.
The harness took a message for an answer if `<solution>` is anywhere in it (all of them joined), else for all code between `<execute>`
tags joined, else for neither. It ran code in IPython in its own process, for 30 seconds at most, and showed what went to standard output,
of that the first 2,000 characters.

Invariant: what is read is checked; an error names the file and the line. It does not: run or grade anything.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, JsonValue, ValidationError

from codeact import errors, events

Kind = Literal["code", "answer", "neither"]

FILE = "results.jsonl"
MOST = 2000
"""Characters of an observation that the harness kept."""

CUT = "...\n[Output Truncated]"
NOTHING = "[Executed Successfully with No Output]"

_HEAD = "Observation:\n"
_LEFT = re.compile(r"\n?You have \d+ steps? left and \d+ chances? to propose solution left\.\n(?:You should take the last step .*\n)?\s*\Z")


class Reading(events.Value):
    """What a message was taken for, and the code or the answer in it."""

    kind: Kind
    text: str = ""


class Turn(NamedTuple):
    """A message of the model, and what it was shown then; None if the record ends there."""

    message: str
    shown: str | None


class Name(NamedTuple):
    """Which recorded run: of a model, at the task of that number in a subset."""

    model: str
    subset: str
    number: str


class RecordedRun(NamedTuple):
    """A recorded run.

    Args:
        name: which.
        prompt, reference: of the task.
        turns: in their order.
        success: as the harness had it.
        ended: why it ended, in the harness's words.
    """

    name: Name
    prompt: str
    reference: str
    turns: tuple[Turn, ...]
    success: bool
    ended: str


class _Message(BaseModel):
    role: Literal["user", "assistant", "system"]
    content: str


class _State(BaseModel):
    history: list[_Message]
    success: bool = False
    terminate_reason: str | None = None


class _Task(BaseModel):
    task_id: str | int
    prompt: str
    reference: JsonValue = None


class _Line(BaseModel):
    state: _State
    task: _Task


def read(folder: Path, models: Collection[str] | None = None, subsets: Collection[str] | None = None) -> list[RecordedRun]:
    """All recorded runs below a folder, in the order of their files.

    Args:
        folder: holds one folder a model.
        models: only of these; None: of all.
        subsets: only of these; None: of all.

    Raises:
        InputError: there are none, a name is not there, or a line cannot be understood.
    """
    files = sorted(folder.glob(f"*/*/*/{FILE}"))
    if not files:
        raise errors.InputError(f"there are no recorded runs below {str(folder)!r}: give the folder that holds MODEL/DOMAIN/SUBSET/{FILE}")
    _check_there("model", models, {file.parts[-4] for file in files})
    _check_there("subset", subsets, {file.parts[-2] for file in files})
    wanted = [file for file in files if (models is None or file.parts[-4] in models) and (subsets is None or file.parts[-2] in subsets)]
    return [run for file in wanted for run in _runs(file)]


def harness_reading(message: str) -> Reading:
    """What the harness of the recorded runs took a message for."""
    kind, tag = ("answer", "solution") if "<solution>" in message else ("code", "execute")
    joined = "\n".join(part.strip() for part in re.findall(rf"<{tag}>(.*?)</{tag}>", message, re.DOTALL))
    return Reading.model_validate({"kind": kind, "text": joined}) if joined.strip() else Reading(kind="neither")


def observation(shown: str) -> str:
    """What came of the action itself, of a text that a model was shown: without its heading and the count of what is left."""
    return _LEFT.sub("", shown.removeprefix(_HEAD)).strip()


def _check_there(what: str, wanted: Collection[str] | None, there: Collection[str]) -> None:
    missing = next((name for name in wanted or () if name not in there), None)
    if missing is not None:
        raise errors.InputError(f"there are no recorded runs of the {what} {missing!r}; there are: {', '.join(sorted(there))}")


def _runs(file: Path) -> Iterator[RecordedRun]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(f"cannot read the recorded runs {str(file)!r}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _run(_Line.model_validate_json(line), file.parts[-4], file.parts[-2])
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(map(str, first["loc"])) or "it"
                raise errors.InputError(f"{str(file)!r}, line {number} is no recorded run: {where}: {first['msg']}") from None


def _run(line: _Line, model: str, subset: str) -> RecordedRun:
    history = line.state.history
    following = [*history[1:], None]
    turns = tuple(
        Turn(message.content, after.content if after is not None and after.role == "user" else None)
        for message, after in zip(history, following, strict=True)
        if message.role == "assistant"
    )
    name = Name(model, subset, str(line.task.task_id))
    return RecordedRun(name, line.task.prompt, str(line.task.reference), turns, line.state.success, line.state.terminate_reason or "")
