"""Processes of `killed` that are started and killed, for tests and for `benchmarks/durable_runs.py`."""

import os
import subprocess
import sys
import time
from pathlib import Path

from store import killed

PRINTED = ["", *(str(sum(range(3 * turn + 3))) for turn in range(9))]
"""What the actions of an unbroken run print."""


def work(address: str, effects: Path, kill: tuple[int, float] | None) -> bool:
    """Have a process work on the run; with `kill`, it is killed some seconds after so many lines of it. Whether it came to its end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, killed.__file__, address, str(effects)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        if kill is not None:
            for _ in range(kill[0]):
                process.stdout.readline()
            time.sleep(kill[1])
            process.kill()
        process.stdout.read()
    return process.returncode == 0
