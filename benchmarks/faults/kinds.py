"""What the soak does to sessions: each kind of action with what must come of it.

Invariant: a kind says all that must be true of its observation, and nothing of time. Codes may use `TAG` (unique to
the action), `n` (the session's counter) and `os`. It does not: run anything.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """An action.

    Args:
        weight: how often, relative to the others.
        code: run after ``n += 1`` and the writing of a file, both of which are undone with the action.
        status: must be.
        ends: the interpreter's process ends by it.
        stdout: exact; {tag} stands for the tag; None: not looked at.
        exit_code, signal: must be.
        error: class name of what was raised.
        total: bytes of output in all, None: not looked at.
        seconds: time limit of the action.
        from_outside: ``cancel``, ``interrupt`` or ``close``: what the host does while it runs.
        thread: leaves a thread behind, after which no checkpoint can be taken.
    """

    name: str
    weight: int
    code: str
    status: str = "ok"
    ends: bool = False
    stdout: str | None = "{tag}\n"
    exit_code: int | None = None
    signal: int | None = None
    error: str | None = None
    total: int | None = None
    seconds: float | None = 60.0
    from_outside: str = ""
    thread: bool = False


_LINE = "os.write(1, TAG.encode() + b'\\n')"  # at once; print writes the end of the line apart, and may be interrupted before it
_SLEEP = "import time\ntime.sleep(100)"
_DEAF = "import time\nwhile True:\n    try:\n        time.sleep(100)\n    except KeyboardInterrupt:\n        pass"
_FORK = "pid = os.fork()\nif pid == 0:\n    os._exit(7)\nprint(TAG, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
_THREAD = "import threading\nthread = threading.Thread(target=print, args=(TAG,))\nthread.start()\nthread.join()"
_ORPHAN = "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint(TAG)"
_LEFT_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\nprint(TAG)"
FLOOD_BYTES = 2_000_000

KINDS = (
    Kind("plain", 9000, "print(TAG)"),
    Kind("figure", 40, "import matplotlib.pyplot\nmatplotlib.pyplot.plot([n])\nprint(TAG)"),
    Kind("exception", 300, "print(TAG)\nraise ValueError(TAG)", "error", error="ValueError"),
    Kind("syntax error", 100, "print(TAG)\n)", "error", error="SyntaxError", stdout=""),
    Kind("sys.exit", 100, "import sys\nprint(TAG)\nsys.exit(5)", "exit", exit_code=5),
    Kind("os._exit", 60, "print(TAG, flush=True)\nos._exit(3)", "crash", ends=True, exit_code=3),
    Kind("segfault", 60, "import ctypes\nprint(TAG, flush=True)\nctypes.string_at(0)", "crash", ends=True, signal=11),
    Kind("abort", 30, "print(TAG, flush=True)\nos.abort()", "crash", ends=True, signal=6),
    Kind("kill -9", 30, "import signal\nprint(TAG, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)", "killed", ends=True, signal=9),
    Kind("timeout", 30, f"{_LINE}\n{_SLEEP}", "timeout", seconds=0.3),
    Kind("timeout, deaf", 5, f"print(TAG, flush=True)\n{_DEAF}", "timeout", ends=True, seconds=0.3),
    Kind("flood", 40, f"os.write(1, b'x' * {FLOOD_BYTES})", stdout=None, total=FLOOD_BYTES),
    Kind("memory", 40, "print(TAG)\nbytearray(1 << 32)", "error", error="MemoryError"),
    Kind("fork", 60, _FORK, stdout="{tag} 7\n"),
    Kind("thread", 60, _THREAD),
    Kind("orphan", 20, _ORPHAN),
    Kind("thread left", 15, _LEFT_THREAD, thread=True),
    Kind("interrupt", 30, f"{_LINE}\n{_SLEEP}", "interrupted", from_outside="interrupt"),
    Kind("cancel", 20, _SLEEP, ends=True, from_outside="cancel"),
    Kind("close", 20, _SLEEP, ends=True, from_outside="close"),
)
