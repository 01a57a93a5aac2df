"""Cells that do not end by themselves, or take the interpreter with them."""

import signal

from codeact.events import LimitHit, Observation
from sandbox.awkward.case import LIMITS, Case, raised

_SHORT = 0.5
_FEW = LIMITS.model_copy(update={"processes": 20})
_SMALL_DISK = LIMITS.model_copy(update={"disk_mb": 32, "file_mb": 8})


def _stopped(seen: Observation) -> bool:
    """By the limit on seconds, and told so."""
    return seen.limit == LimitHit(name="action_seconds", value=_SHORT) and "limit of 0.5 seconds" in seen.notice


def _interrupted(seen: Observation) -> bool:
    """The same, with an interruption that worked."""
    return _stopped(seen) and seen.error is not None and seen.error.name == "KeyboardInterrupt"


def _by_signal(number: int):
    return lambda seen: seen.signal == number and "signal" in seen.notice


def _runaway(name: str, code: str, check=_stopped) -> Case:
    return Case(name, code, "timeout", check, seconds=_SHORT)


_BLOCK_ALL = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"

ENDINGS = (
    _runaway("an endless loop", "while True:\n    pass", _interrupted),
    _runaway("a long sleep", "import time\ntime.sleep(100)", _interrupted),
    _runaway("an endless await", "import asyncio\nawait asyncio.sleep(100)", _interrupted),
    _runaway("a subprocess that sleeps", "import subprocess\nsubprocess.run(['sleep', '100'])", _interrupted),
    _runaway("output before the end is kept", "print('before', flush=True)\nwhile True:\n    pass", lambda seen: seen.stdout == "before\n"),
    _runaway("a loop that swallows KeyboardInterrupt", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
    _runaway("a C loop that holds the GIL", "sum(range(10**12))"),
    _runaway("a power that holds the GIL", "3**(10**9)"),
    _runaway("a backtracking pattern", "import re\nre.match(r'(a+)+$', 'a' * 50 + 'b')"),
    _runaway(
        "a product of an infinite iterator",
        "import itertools\nlist(zip(itertools.repeat(1), iter(int, 1))) if 0 else max(itertools.count())",
    ),
    _runaway("an endless call into C", "import ctypes\nctypes.CDLL(None).pause()"),
    _runaway("all signals blocked", _BLOCK_ALL + "while True: time.sleep(1)"),
    _runaway("SIGINT ignored", "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)"),
    _runaway("a lock that is never freed", "import threading\nlock = threading.Lock(); lock.acquire(); lock.acquire()"),
    _runaway("an endless __del__", "class A:\n    def __del__(self):\n        while True: pass\na = A(); del a"),
    _runaway("an endless __repr__", "class A:\n    def __repr__(self):\n        while True: pass\nA()"),
    _runaway("an endless trace function", "import sys\ndef trace(*a):\n    while True: pass\nsys.settrace(trace)\nf = lambda: 1\nf()"),
    _runaway("stopped by SIGSTOP", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    _runaway(
        "a child that reads nothing", "import subprocess\nsubprocess.run('cat', stdin=subprocess.Popen(['sleep', '99'], stdout=-1).stdout)"
    ),
    Case("sys.exit()", "import sys\nsys.exit()", "exit", lambda seen: seen.exit_code == 0 and not seen.state_lost),
    Case("sys.exit(3)", "import sys\nsys.exit(3)", "exit", lambda seen: seen.exit_code == 3),
    Case("sys.exit('words')", "import sys\nsys.exit('words')", "exit", lambda seen: seen.exit_code == 1 and seen.stderr == "words\n"),
    Case("exit()", "exit(4)", "exit", lambda seen: seen.exit_code == 4),
    Case("raise SystemExit in a function", "def f():\n    raise SystemExit(5)\nf()", "exit", lambda seen: seen.exit_code == 5),
    Case("raise KeyboardInterrupt", "raise KeyboardInterrupt", "interrupted", lambda seen: seen.limit is None and not seen.state_lost),
    Case("os._exit", "import os\nos._exit(3)", "crash", lambda seen: seen.exit_code == 3 and "exit code 3" in seen.notice),
    Case(
        "os._exit(0)",
        "import os\nprint('last', flush=True)\nos._exit(0)",
        "crash",
        lambda seen: seen.exit_code == 0 and seen.stdout == "last\n",
    ),
    Case("a segmentation fault", "import ctypes\nctypes.string_at(0)", "crash", _by_signal(signal.SIGSEGV)),
    Case("os.abort", "import os\nos.abort()", "crash", _by_signal(signal.SIGABRT)),
    Case("an exec of another program", "import os\nos.execv('/bin/true', ['true'])", "crash", lambda seen: seen.exit_code == 0),
    Case(
        "a stack overflow in C",
        "import sys\nsys.setrecursionlimit(10**9)\nx = None\nfor _ in range(2 * 10**6): x = (x,)\nhash(x)",
        "crash",
        _by_signal(signal.SIGSEGV),
    ),
    Case(
        "a stack overflow by calls to and fro",
        "import ctypes, sys\nsys.setrecursionlimit(10**9)\n@ctypes.CFUNCTYPE(ctypes.c_int)\ndef f():\n    return f()\nf()",
        "crash",
        _by_signal(signal.SIGSEGV),
    ),
    Case("kill -9 of itself", "import os\nos.kill(os.getpid(), 9)", "killed", _by_signal(signal.SIGKILL)),
    Case("SIGTERM to itself", "import os\nos.kill(os.getpid(), 15)", "crash", _by_signal(signal.SIGTERM)),
    Case(
        "kill of everything",
        "import os\ntry:\n    os.kill(-1, 9)\nexcept OSError as error:\n    print(type(error).__name__)",
        check=lambda seen: seen.stdout == "PermissionError\n",
    ),
    Case("one allocation too large", "x = bytearray(4 << 30)", "error", raised("MemoryError")),
    Case("an array too large", "import numpy\nnumpy.ones(1 << 30)", "error", raised("", "MemoryError")),
    Case(
        "many small allocations",
        "x = []\nwhile True: x.append('y' * 100_000 + str(len(x)))",
        "error",
        raised("MemoryError"),
    ),
    Case(
        "memory is free again after a MemoryError",
        "len(bytearray(100 << 20))",
        check=lambda seen: seen.result == str(100 << 20),
        setup="try:\n    x = []\n    while True: x.append(bytearray(1 << 20))\nexcept MemoryError:\n    del x",
    ),
    Case(
        "several children that together take too much",
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n"
        "        x = bytearray(b'x') * (300 << 20)\n        break\ntime.sleep(100)",
        "memory",
        lambda seen: seen.limit == LimitHit(name="memory_mb", value=512) and "512 MB of memory" in seen.notice,
    ),
    Case(
        "memory that children share",
        "import mmap, time\nx = mmap.mmap(-1, 2 << 30)\nfor n in range(0, 2 << 30, 4096): x[n] = 1\ntime.sleep(100)",
        "memory",
        lambda seen: seen.limit == LimitHit(name="memory_mb", value=512),
    ),
    Case(
        "System V memory that nobody holds",
        "import ctypes, time\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\nheld = 0\n"
        "while held < 64 and (number := libc.shmget(0, ctypes.c_size_t(64 << 20), 0o1600)) >= 0:\n"
        "    place = libc.shmat(number, None, 0); ctypes.memset(place, 1, 64 << 20); libc.shmdt(ctypes.c_void_p(place)); held += 1\nheld",
        check=lambda seen: int(seen.result or "") * 64 <= 512,
    ),
    Case(
        "memory files that are not mapped",
        "import os\nheld = 0\ntry:\n    while held < 1000:\n        os.write(os.memfd_create('x'), b'x' * (16 << 20)); held += 16\n"
        "except OSError:\n    pass\nheld",
        check=lambda seen: int(seen.result or "") <= 512,
    ),
    Case(
        "a fork bomb",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "killed",
        lambda seen: seen.limit == LimitHit(name="processes", value=20),
        limits=_FEW,
    ),
    Case(
        "a thread bomb",
        "import threading, time\ntry:\n    for _ in range(10_000): threading.Thread(target=time.sleep, args=(0.5,)).start()\n"
        "except RuntimeError as error:\n    print('refused')",
        check=lambda seen: seen.stdout == "refused\n",
        limits=_FEW,
    ),
    Case(
        "a file too large",
        "with open('big', 'wb') as file:\n    for _ in range(64): file.write(b'x' * (1 << 20))",
        "error",
        raised("OSError"),
        limits=_SMALL_DISK,
    ),
    Case(
        "a disk that fills",
        "import time\nfor n in range(8):\n    open(f'big{n}', 'wb').write(b'x' * (7 << 20))\ntime.sleep(100)",
        "killed",
        lambda seen: seen.limit == LimitHit(name="disk_mb", value=32) and "MB in the workspace" in seen.notice,
        limits=_SMALL_DISK,
    ),
    Case(
        "a sparse file within bounds of disk",
        "open('sparse', 'wb').truncate(7 << 20)",
        check=lambda seen: seen.files[0].size == 7 << 20,
        limits=_SMALL_DISK,
    ),
    Case(
        "a full /tmp",
        "with open('/tmp/x', 'wb') as file:\n    for _ in range(300): file.write(b'x' * (1 << 20))",
        "error",
        raised("", "No space left"),
    ),
)
