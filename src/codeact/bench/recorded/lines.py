"""What is kept of each recorded run that was played, and the file that holds it: a line each, only ever appended to.

Invariant: a run counts once its line is whole on disk; a torn last line is cut off when the file is opened again. All that explains a
difference is told from these lines, so that it can be told anew without playing. It does not: compare.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from codeact import errors, events
from codeact.bench.recorded.record import Name, Reading
from codeact.bench.recorded.seen import Seen
from codeact.bench.task import Score


class PlayedTurn(events.Value):
    """A message, what it was taken for, and what came of it.

    Args:
        reading: ours.
        harness: that of the harness of the record, None if it is the same.
        shown: what the record has of the observation, None if it has none, or no action was run there.
        seen: what came of our reading.
        joined: what came of the harness's reading, in a session in which all messages were read so; None if it was not run.
        again: the same once more, in an interpreter with another hash seed; None if it was not run.
        missed: searches that the record cannot answer, of the harness's reading.
        borrowed: searches that only other runs of the record answer.
        original, corrected: of an answer as the harness read it: the score by the original's grading, and by the suite's own.
        ours: of an answer as we read it, by the suite's own grading.
    """

    reading: Reading
    harness: Reading | None = None
    shown: str | None = None
    seen: Seen | None = None
    joined: Seen | None = None
    again: Seen | None = None
    missed: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    original: Score | None = None
    corrected: Score | None = None
    ours: Score | None = None

    @property
    def theirs(self) -> Reading:
        """The harness's reading."""
        return self.harness or self.reading


class PlayedRun(events.Value):
    """A recorded run that was played.

    Args:
        model, subset, number: as in `record.Name`.
        task: id of the suite's task.
        reference: the right answer, as recorded.
        success, ended: as recorded.
        turns: in their order.
        original, corrected: success of the harness's readings by the original's grading, and by the suite's own.
        ours: success of our readings by the suite's own grading.
        original_end, corrected_end: the scores of the end, for tasks that are done by acting, as the harness read the messages.
        seconds: it took.
    """

    model: str
    subset: str
    number: str
    task: str
    reference: str = ""
    success: bool
    ended: str
    turns: tuple[PlayedTurn, ...]
    original: bool
    corrected: bool
    ours: bool
    original_end: Score | None = None
    corrected_end: Score | None = None
    seconds: float = Field(0.0, ge=0)

    @property
    def name(self) -> Name:
        """Which run."""
        return Name(self.model, self.subset, self.number)


class PlayedFile:
    """The file, open to append by one process.

    Args:
        path: made if it is not there; a torn last line is cut off.

    Raises:
        InputError: it cannot be used, another process writes to it, or a line before the last is broken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab+", buffering=0)
        except OSError as error:
            raise errors.InputError(f"cannot open {str(path)!r}: {error.strerror}; give another --out") from error
        try:
            self.runs = {run.name: run for run in _parsed(path, self._whole_lines())}
        except BaseException:
            self._file.close()
            raise

    def _whole_lines(self) -> bytes:
        """What the file holds, after a torn last line was cut off."""
        try:
            fcntl.flock(self._file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file.seek(0)
            raw = self._file.read()
            good = raw.rfind(b"\n") + 1
            if good < len(raw):
                self._file.truncate(good)
        except BlockingIOError:
            raise errors.InputError(f"{str(self.path)!r} is in use: another process plays recorded runs into it") from None
        except OSError as error:
            raise errors.InputError(f"cannot use {str(self.path)!r}: {error.strerror}; give another --out") from error
        return raw[:good]

    def append(self, run: PlayedRun) -> None:
        """Add a run; it is on disk when this returns.

        Raises:
            InputError: it cannot be written; the runs before it are kept.
        """
        try:
            self._file.write(run.model_dump_json(exclude_defaults=True).encode() + b"\n")
            os.fdatasync(self._file.fileno())
        except OSError as error:
            raise errors.InputError(
                f"cannot write {str(self.path)!r}: {error.strerror}; mend that and start again: what is done is kept"
            ) from error
        self.runs[run.name] = run

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> list[PlayedRun]:
    """All whole lines of a file, in the order of their names.

    Raises:
        InputError: it cannot be read, or a line before the last is broken.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise errors.InputError(f"cannot read {str(path)!r}: {error.strerror}") from error
    return sorted(_parsed(path, raw[: raw.rfind(b"\n") + 1]), key=lambda run: run.name)


def _parsed(path: Path, raw: bytes) -> Iterator[PlayedRun]:
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            yield PlayedRun.model_validate_json(line)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise errors.InputError(
                f"{str(path)!r}, line {number} is no played run ({reason}); remove the line, and it is played anew"
            ) from None
