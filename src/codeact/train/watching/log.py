"""The log of a run: `log.jsonl`, one line a step and one a validation, as they happen.

Invariant: after a resumed run the file reads as if the run had never been broken: lines after the checkpoint's step are cut off first. It
does not: draw (`curves` does).
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.train.loop import StepRecord

NAME = "log.jsonl"


class Log:
    """A log that is open for writing.

    Args:
        path: the file.
        done: steps that are done; what the file says of later ones is cut off.
    """

    def __init__(self, path: Path, done: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = [line for line in read_log(path) if line["step"] <= done] if path.exists() else []
        part = path.with_name(f".{path.name}.part")
        part.write_text("".join(map(_line, kept)), encoding="utf-8")
        part.replace(path)
        self._file = path.open("a", encoding="utf-8")

    def step(self, record: StepRecord) -> None:
        """Write a step's line."""
        self._write({"kind": "step", **asdict(record)})

    def event(self, kind: str, step: int, **values: Any) -> None:
        """Write another line: a validation, an evaluation."""
        self._write({"kind": kind, "step": step, **values})

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, values: dict[str, Any]) -> None:
        self._file.write(_line(values))
        self._file.flush()


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values) + "\n"


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; a last line that was torn by a crash is left out.

    Raises:
        InputError: there is no such file, or another line is broken.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError as error:
        raise errors.InputError(f"cannot read the log {str(path)!r}: {error.strerror or error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        if number == len(lines) and not line.endswith("\n"):
            break
        try:
            found.append(json.loads(line))
        except ValueError as error:
            raise errors.InputError(f"{str(path)!r}, line {number} is no JSON: {error}") from error
    return found
