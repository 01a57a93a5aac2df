"""What came of each attempt, and the file that holds them: `results.jsonl`, a line each, only ever appended to.

Invariant: an attempt counts once its line is whole; a torn last line, of a writer that was killed, is cut off when the file is
    opened again, and that attempt is made anew. It does not: say what the results mean; `scores` does.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, ValidationError

from codeact import errors, events
from codeact.bench.task import Score

_SYNC_SECONDS = 1.0


class Key(NamedTuple):
    """Which attempt: a task, done by a model in a format, for the `repeat`-th time, counted from 0."""

    model: str
    format: str
    task: str
    repeat: int


class Result(events.Value):
    """What came of one attempt.

    Args:
        model, format, task, repeat: as in `Key`.
        tags: of the task.
        state: how the run ended.
        score: of the answer that counts.
        first: the first answer that was given is right.
        answers: how many were given.
        answer: the one that counts, None if there is none.
        failure: why it is no success, of `codeact.bench.failures`; empty for a success.
        reason: why the run ended without an answer, or what failed.
        turns: of the model.
        actions: that were run.
        calls: of tools that reached the host.
        wrong_calls: those of them that gave an error.
        wrong_actions: actions that raised or were stopped.
        malformed: turns that were neither an action nor an answer.
        usage: tokens and money.
        seconds: of wall clock: the run, from the opening of its session to its end, grading included.
        waited: of those, waiting for the model.
        trajectory: file of the record, relative to the folder of the results.
    """

    model: str
    format: str
    task: str
    repeat: int
    tags: tuple[str, ...] = ()
    state: events.State
    score: Score
    first: bool = False
    answers: int = 0
    answer: str | None = None
    failure: str = ""
    reason: str = ""
    turns: int = 0
    actions: int = 0
    calls: int = 0
    wrong_calls: int = 0
    wrong_actions: int = 0
    malformed: int = 0
    usage: events.Usage = events.Usage()
    seconds: float = Field(default=0.0, ge=0)
    waited: float = Field(default=0.0, ge=0)
    trajectory: str = ""

    @property
    def key(self) -> Key:
        """Which attempt it is of."""
        return Key(self.model, self.format, self.task, self.repeat)

    @property
    def domain(self) -> str:
        """The first tag of the task, ``all`` if it has none."""
        return self.tags[0] if self.tags else "all"


class ResultFile:
    """The file, open to append.

    Args:
        path: made if it is not there; what it holds is read, and a torn last line is cut off.

    Raises:
        InputError: it cannot be read or written, or a line before the last is broken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._due = 0.0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab+", buffering=0)
            self._file.seek(0)
            raw = self._file.read()
            good = raw.rfind(b"\n") + 1
            if good < len(raw):
                self._file.truncate(good)
        except OSError as error:
            raise errors.InputError(f"cannot open the results {str(path)!r}: {error.strerror}; give another --out") from error
        try:
            self.results = {result.key: result for result in _parsed(path, raw[:good])}
        except errors.InputError:
            self._file.close()
            raise

    @property
    def descriptor(self) -> int:
        """Of the open file, to lock it."""
        return self._file.fileno()

    def append(self, result: Result) -> None:
        """Add a result. A process that is killed after this loses nothing; a machine that loses its power, no more than a second's results.

        Raises:
            InputError: it cannot be written; the results before it are kept.
        """
        try:
            self._file.write(result.model_dump_json().encode() + b"\n")
            if time.monotonic() >= self._due:
                os.fdatasync(self._file.fileno())
                self._due = time.monotonic() + _SYNC_SECONDS
        except OSError as error:
            raise errors.InputError(
                f"cannot write the results {str(self.path)!r}: {error.strerror}; mend that and start again: what is done is kept"
            ) from error
        self.results[result.key] = result

    def close(self) -> None:
        """Close the file, all of it on disk. Calling it twice does nothing more."""
        if not self._file.closed:
            with suppress(OSError):  # a full disk was told of when the result was written
                os.fdatasync(self._file.fileno())
            self._file.close()


def read(path: Path) -> list[Result]:
    """All whole results of a file, in the order of their keys, so that equal runs give equal lists.

    Raises:
        InputError: it cannot be read, or a line before the last is broken.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise errors.InputError(f"cannot read the results {str(path)!r}: {error.strerror}") from error
    return sorted({result.key: result for result in _parsed(path, raw[: raw.rfind(b"\n") + 1])}.values(), key=lambda result: result.key)


def _parsed(path: Path, raw: bytes) -> Iterator[Result]:
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            yield Result.model_validate_json(line)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise errors.InputError(
                f"{str(path)!r}, line {number} is no result ({reason}); remove the line, and the attempt is made anew"
            ) from None
