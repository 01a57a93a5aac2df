"""Processes of `killed` that are started and killed, for tests and for `benchmarks/durable_runs.py`."""

import contextlib
import functools
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

from cli.forking import line_to
from store import killed

PRINTED = ["", *(str(sum(range(3 * turn + 3))) for turn in range(9))]
"""What the actions of an unbroken run print."""


def work(address: str, effects: Path, kill: tuple[int, float] | None) -> bool:
    """Have a process work on the run; with `kill`, it is killed some seconds after so many lines of it. Whether it came to its end."""
    reading, output = os.pipe()
    here, there = socket.socketpair()
    with os.fdopen(reading) as said, here:
        with there:
            socket.send_fds(_loaded(), [json.dumps([address, str(effects)]).encode()], [output, there.fileno()])
        os.close(output)
        process = os.pidfd_open(int(here.recv(32)))
        if kill is not None:
            for _ in range(kill[0]):
                said.readline()
            time.sleep(kill[1])
            with contextlib.suppress(ProcessLookupError):  # it was quicker
                signal.pidfd_send_signal(process, signal.SIGKILL)
        said.read()
        os.close(process)
        return here.recv(4) == b"done"


@functools.cache
def _loaded() -> socket.socket:
    """The line to the process that forks; it ends with this one."""
    return line_to(killed.__file__, {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
