"""A kernel that is restarted takes its sandbox with it."""

import os
import time
from pathlib import Path

import pytest

from cli.processes import below
from notebook.kernels import acting, answering, kernel, script

PATIENCE = 20.0


def started_below(pid: int) -> dict[int, int]:
    """The processes that came from this one, and when each was started."""
    return {one: int(fields[19]) for one, fields in below(pid).items()}


def alive(processes: dict[int, int]) -> list[int]:
    """Those that have not ended."""
    now = started_below(1) | started_below(os.getpid())
    return [pid for pid, started in processes.items() if now.get(pid) == started]


@pytest.mark.slow
@pytest.mark.parametrize("killed", [True, False])
def test_nothing_of_a_sandbox_outlives_its_kernel_and_the_next_one_begins_anew(killed: bool, tmp_path: Path) -> None:
    first = script(tmp_path, "first.txt", acting("import subprocess\nkept = subprocess.Popen(['sleep', '1000'])"), answering("begun"))
    second = script(tmp_path, "second.txt", acting("kept"), answering("anew"))
    with kernel(tmp_path) as running:
        running.run(f"%%agent --model {first}\nbegin")
        (shown,), _ = running.run("import os; print(os.getpid())")
        processes = started_below(int(shown))
        assert len(processes) > 2
        running.restart(killed=killed)
        until = time.monotonic() + PATIENCE
        while alive(processes) and time.monotonic() < until:
            time.sleep(0.05)
        assert alive(processes) == []
        shown, _ = running.run(f"%%agent --model {second}\ngo on")
        assert any("NameError: name 'kept' is not defined" in text for text in shown)
        assert "anew" in shown
