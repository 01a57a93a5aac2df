"""Runs the table of awkward cells through the real command line, and prints what each returned and how long it took.

    python benchmarks/awkward_cells.py [--json FILE] [NAME ...]

Each cell is a process of its own (`codeact exec FILE --json`), so that a time holds the start of Python, of the zygote and of the
session; the line "a value" is that price alone. Memory is that of this machine before and after (MemAvailable), and the largest
resident set of any host process. It asserts nothing: the same table is a test in tests/sandbox/test_session_awkward.py.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from codeact.events import Observation
from sandbox.awkward import CASES, Case


@dataclass(frozen=True, slots=True)
class Row:
    """What one cell did.

    Args:
        as_expected: the status and what was seen are those of the table.
        seconds: from the start of the command to its end.
        action_seconds: of the cell alone, as the observation has it.
        exit_code: of the command.
    """

    name: str
    expected: str
    status: str
    as_expected: bool
    seconds: float
    action_seconds: float
    exit_code: int
    notice: str


def main() -> None:
    """Run the cells that were asked for, all without any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="words in the names of cells to run; none: all")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    chosen = parser.parse_args()
    cases = [case for case in CASES if not chosen.names or any(name in case.name for name in chosen.names)]
    before = available()
    rows = []
    for case in cases:
        rows.append(run(case))
        print(line(rows[-1]), flush=True)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    wrong = [row.name for row in rows if not row.as_expected]
    print(f"\n{len(rows)} cells, {len(rows) - len(wrong)} as expected{': not ' + ', '.join(wrong) if wrong else ''}")
    print(f"memory of the machine available before: {before} MB, after: {available()} MB; largest process: {largest} MB")
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def run(case: Case) -> Row:
    """One cell through the command line."""
    cells = [cell for cell in (case.setup, case.code) if cell.strip()]
    seconds = case.seconds if case.seconds is not None else case.limits.action_seconds
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cells.py"
        source.write_text("\n# %%\n".join(cells), encoding="utf-8")
        command = [sys.executable, "-m", "codeact.cli.main", "exec", str(source), "--json"]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env={**os.environ, **variables(case, seconds)})
        took = time.perf_counter() - started
    return judged(case, done, took)


def variables(case: Case, seconds: float | None) -> dict[str, str]:
    """The case's limits as settings."""
    values = {**case.limits.model_dump(include={"memory_mb", "processes", "disk_mb", "file_mb", "output_chars"}), "action_seconds": seconds}
    return {f"CODEACT_LIMITS__{name.upper()}": "none" if value is None else str(value) for name, value in values.items()}


def judged(case: Case, done: "subprocess.CompletedProcess[bytes]", took: float) -> Row:
    """The row of a command that ended."""
    try:
        seen = [Observation.model_validate(one) for one in json.loads(done.stdout)]
    except ValueError:
        words = done.stderr.decode("utf-8", "replace").strip()[-200:]
        return Row(case.name, case.status, "no answer", False, took, 0.0, done.returncode, words)
    if not seen:  # a cell without code is not run
        return Row(case.name, case.status, "not run", not case.code.strip(), took, 0.0, done.returncode, "")
    last = seen[-1]
    good = last.status == case.status and bool(case.check(last))
    return Row(case.name, case.status, last.status, good, took, last.seconds, done.returncode, last.notice)


def line(row: Row) -> str:
    """A row as text."""
    mark = " " if row.as_expected else "!"
    notice = re.sub(r"\s+", " ", row.notice)
    return (
        f"{mark} {row.name[:52]:52} {row.status:11} {row.seconds:6.2f} s {row.action_seconds:6.2f} s  exit {row.exit_code:<3} {notice[:90]}"
    )


def available() -> int:
    """Megabytes of memory that the machine could give."""
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    return int(text.split("MemAvailable:")[1].split()[0]) >> 10


if __name__ == "__main__":
    main()
