"""The suite's own check."""

from pathlib import Path

from codeact.bench.checks import number
from codeact.bench.task import Score, Task


def note_and_length(answer: str | None, task: Task, workspace: Path) -> Score:
    """The right number, and the note that was asked for; half for one of the two."""
    path = workspace / "note.txt"
    noted = path.is_file() and not path.is_symlink() and path.read_text(errors="replace").strip() == "done"
    right = answer is not None and number(answer) == task.answer
    return Score(success=noted and right, value=(noted + right) / 2, reason="" if noted and right else f"note {noted}, number {right}")
