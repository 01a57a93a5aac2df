"""The tasks of the suite: the lines of `examples/first_questions.jsonl`, and the files that they ask about.

Invariant: the questions are those of the file, in its order, word for word; their files lie in the workspace under their bare names, as the
prompts have them. It does not: make anything up.
"""

import json
from pathlib import Path
from typing import Any

from codeact.bench.task import Task

EXAMPLES = Path(__file__).absolute().parents[2]


def make_tasks(data: Path | None, seed: int) -> list[dict[str, Any]]:
    """The questions; there is nothing to choose, so that neither argument counts."""
    lines = (EXAMPLES / "first_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [_task(json.loads(line)) for line in lines]


def make_files(task: Task) -> dict[str, bytes]:
    """The files that a question is about, by their bare names."""
    names = task.data["files"]
    assert isinstance(names, list)
    return {Path(str(name)).name: (EXAMPLES / str(name)).read_bytes() for name in names}


def _task(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its files as data: they lie beside the suite and not in its own folder `files/`."""
    return {**line, "files": [], "data": {"files": line["files"]}}
