"""What came of each attempt, and the file that holds them: `results.jsonl`, see `line_file`.

Invariant: an attempt that was cut short has no result, and is made anew. It does not: say what the results mean; `scores` does.
"""

from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from codeact import events
from codeact.bench import line_file
from codeact.bench.line_file import LineFile
from codeact.bench.task import Score

_SYNC_SECONDS = 1.0
_NOUN = "result"


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


class ResultFile(LineFile[Result, Key]):
    """The file, open to append; a machine that loses its power loses no more than a second's results. See `LineFile`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, Result, _key, noun=_NOUN, sync_seconds=_SYNC_SECONDS)


def read(path: Path) -> list[Result]:
    """All whole results of a file, in the order of their keys, so that equal runs give equal lists.

    Raises:
        InputError: it cannot be read, or a line before the last is broken.
    """
    return [result for _, result in sorted(line_file.read(path, Result, _key, _NOUN).items())]


def _key(result: Result) -> Key:
    return result.key
