"""The crash table: actions that take the interpreter with them, or that only a kill ends, and how to tell that nothing of them is left.

Invariant: each action first changes every kind of state, then crashes. It measures nothing; `benchmarks/crash_table.py` does.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeact.events import Limits, Status

LIMITS = Limits(action_seconds=60, memory_mb=1024, processes=24, disk_mb=64, file_mb=16)
SHORT = 0.5
"""Seconds that a runaway may take."""

SETUP = """
import hashlib, os, random
import numpy

home = os.getcwd()
held = numpy.ones(HELD << 17) if HELD else None
table = {"numbers": [1, 2, 3], "nested": {"deep": {"er"}}}
class Account:
    balance = 10
    def pay(self, amount): self.balance -= amount
account = Account()
account.pay(3)
def steps():
    total = 0
    while True:
        total += 1
        yield total
step = steps()
next(step)
random.seed(7); random.random()
numpy.random.seed(7); numpy.random.random()
os.environ["MADE_HERE"] = "before"
os.makedirs("folder/inner")
open("kept.txt", "w").write("kept")
open("folder/inner/data.bin", "wb").write(bytes(range(256)) * 64)
os.symlink("kept.txt", "link")
os.chdir("folder")

def fingerprint():
    files = sorted(
        (os.path.join(place, name), os.path.islink(path), hashlib.sha256(open(path, "rb").read()).hexdigest(), os.stat(path).st_mode)
        for place, _, names in os.walk(home)
        for name in names
        for path in [os.path.join(place, name)]
    )
    folders = sorted(place for place, _, _ in os.walk(home))
    drawn = [hashlib.sha256(repr(state).encode()).hexdigest() for state in (random.getstate(), numpy.random.get_state())]
    more = (os.getcwd(), os.environ["MADE_HERE"], step.gi_frame.f_locals["total"], account.balance, None if held is None else held.sum())
    return repr((table, files, folders, drawn, sorted(name for name in globals() if not name.startswith("_")), more))
"""
"""Makes the state and `fingerprint`, which tells all of it. `HELD` is megabytes of an array."""

_SPEAK = 'print(f"MARK {os.getpid()} {time.monotonic()}")\n'

SPOIL = (
    """
import time
table["numbers"].append(99); table["new"] = "spoilt"
account.pay(100)
next(step)
random.random(); numpy.random.random()
os.environ["MADE_HERE"] = "spoilt"
open("../kept.txt", "w").write("spoilt")
os.unlink("inner/data.bin")
open("../left.txt", "w").write("left over")
os.makedirs("../more/folders")
os.chdir("/")
if held is not None: held[0] = 5.0
leftover = 1
"""
    + _SPEAK
)
"""Changes all of it, and says which process it is and when it was done."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A line of the table.

    Args:
        name: what happens.
        code: that does it.
        statuses: how the action may end.
        seconds: limit of the action, None for that of the session.
        from_outside: the host kills the process when it has spoken.
    """

    name: str
    code: str
    statuses: tuple[Status, ...]
    seconds: float | None = None
    from_outside: bool = False


_FULL = "for n in range(30): open(os.path.join(home, f'big{n}'), 'wb').write(b'x' * (8 << 20))\n"

CRASHES = (
    Crash("segmentation fault", "import ctypes\nctypes.string_at(0)", ("crash",)),
    Crash("abort", "os.abort()", ("crash",)),
    Crash("os._exit", "os._exit(3)", ("crash",)),
    Crash("exec of another program", "os.execv('/bin/true', ['true'])", ("crash",)),
    Crash(
        "stack overflow",
        "import sys\nsys.setrecursionlimit(10**9)\nx = None\nfor _ in range(2 * 10**6): x = (x,)\n" + _SPEAK + "hash(x)",
        ("crash",),
    ),
    Crash(
        "out of memory, several processes",
        "for _ in range(4):\n    if os.fork() == 0:\n        x = bytearray(b'x') * (500 << 20)\n        break\ntime.sleep(100)",
        ("memory",),
    ),
    Crash(
        "out of memory, shared mapping",
        "import mmap\nx = mmap.mmap(-1, 2 << 30)\nfor n in range(0, 2 << 30, 4096): x[n] = 1\ntime.sleep(100)",
        ("memory",),
    ),
    Crash("kill -9 of itself", "os.kill(os.getpid(), 9)", ("killed",)),
    Crash("kill -9 from outside", "time.sleep(100)", ("killed",), from_outside=True),
    Crash("runaway C loop", "sum(range(10**12))", ("timeout",), SHORT),
    Crash("runaway subprocess", "os.system('while :; do :; done')", ("timeout",), SHORT),
    Crash(
        "runaway that ignores signals",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        ("timeout",),
        SHORT,
    ),
    Crash("stopped by SIGSTOP", "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", ("timeout",), SHORT),
    Crash("fork bomb", "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass", ("killed",)),
    Crash("full disk", _FULL + "time.sleep(100)", ("killed",)),
    Crash("closed descriptors", "os.closerange(0, 1024)\nwhile True: time.sleep(1)", ("timeout", "lost"), SHORT),
    Crash(
        "forged frames on every socket",
        "import socket\nfor fd in range(3, 64):\n    try:\n        socket.socket(fileno=fd).send(b'\\xff' * 64)\n"
        "    except OSError:\n        pass\ntime.sleep(100)",
        ("timeout", "lost"),
        SHORT,
    ),
)


def kill_guest(inside: int, workspace: Path) -> None:
    """Kill the one process below this one that has that number in its own namespace, and that workspace.

    Args:
        inside: pid, as the guest sees it.
        workspace: the session's, as the host sees it.

    Raises:
        LookupError: there is none, or more than one.
    """
    folder = workspace.stat().st_ino
    found = [pid for pid in _descendants(os.getpid()) if _innermost(pid) == inside and _workspace_of(pid) == folder]
    if len(found) != 1:
        raise LookupError(f"processes with number {inside} in a session: {found}; one was looked for")
    os.kill(found[0], signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in (Path("/proc") / str(pid) / "task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _descendants(child)


def _workspace_of(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(pid) / "root" / "workspace").stat().st_ino
    return None


def _innermost(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        for line in (Path("/proc") / str(pid) / "status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return None
