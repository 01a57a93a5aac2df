"""What is kept of each recorded run that was played, and the file that holds it, see `line_file`.

Invariant: all that explains a difference is told from these lines, so that it can be told anew without playing. It does not: compare.
"""

from pathlib import Path

from pydantic import Field

from codeact import events
from codeact.bench import line_file
from codeact.bench.line_file import LineFile
from codeact.bench.recorded.record import Name, Reading
from codeact.bench.recorded.seen import Seen
from codeact.bench.task import Score

_NOUN = "played run"


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


class PlayedFile(LineFile[PlayedRun, Name]):
    """The file, open to append by one process; each run is on disk when it was added. See `LineFile`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, PlayedRun, _name, noun=_NOUN, brief=True)


def read(path: Path) -> list[PlayedRun]:
    """All whole lines of a file, in the order of their names.

    Raises:
        InputError: it cannot be read, or a line before the last is broken.
    """
    return [run for _, run in sorted(line_file.read(path, PlayedRun, _name, _NOUN).items())]


def _name(run: PlayedRun) -> Name:
    return run.name
