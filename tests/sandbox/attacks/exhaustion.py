"""Attacks on what is finite: processes, memory, disk, descriptors, the host's patience.

Invariant: an attack may cost the guest its process, never the host its memory, its processes, its disk or its turn; the neighbour goes on, and
so does the session, from before the attack or anew. No time is asserted: what never ends is ended by whoever runs the suite.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from sandbox.attacks.stage import Stage, attack, ended

_SLACK = 2 << 30
"""Bytes: what a burst may take before the warden looks, and what else happens on the machine; the attacks ask for three times as much."""


def _spend(stage: Stage, code: str, *statuses: str, most: int = 512, **limits: Any) -> str:
    """Run a cell that takes memory, watching the machine's: more than `most` MB and some slack is a breach."""
    with stage.session(**limits) as session, _Watch() as watch:
        seen = session.run(code)
        wrong = ended(seen, *statuses) or stage.usable(session)
    taken = watch.most_taken
    return wrong or (f"the machine lost {taken >> 20} MB" if taken > (most << 20) + _SLACK else "")


class _Watch:
    """Looks at the machine's free memory until it ends."""

    def __init__(self) -> None:
        self.most_taken = 0
        self._over = threading.Event()
        self._start = _available()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.most_taken = max(self.most_taken, self._start - _available())


def _available() -> int:
    with Path("/proc/meminfo").open() as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable"))


def _processes(pid: int) -> int:
    count = 0
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            count += 1 + _processes(int(child))
        except FileNotFoundError:
            continue
    return count


@attack
def fork_bomb(stage: Stage) -> str:
    before = _processes(os.getpid())
    with stage.session(action_seconds=3.0) as session:
        seen = session.run("while True:\n    try:\n        os.fork()\n    except OSError:\n        pass")
        wrong = ended(seen, "killed", "timeout", "crash") or stage.usable(session)
    after = _processes(os.getpid())
    return wrong or (f"{after - before} processes are left" if after > before else "")


@attack
def fork_bomb_that_leaves_its_parents(stage: Stage) -> str:
    """Each process ends once it has two children in sessions of their own: nobody is whose pid was seen."""
    before = _processes(os.getpid())
    code = "if os.fork() == 0:\n    while True:\n        try:\n            os.setsid() if os.getpgrp() != os.getpid() else None\n"
    code += "            if os.fork() or os.fork(): os._exit(0)\n        except OSError:\n            pass\ntime.sleep(2)"
    with stage.session(action_seconds=4.0) as session:
        seen = session.run(code)
        wrong = ended(seen, "killed", "timeout", "crash", "ok", "memory")
        session.run("1")
        wrong = wrong or stage.usable(session)
    after = _processes(os.getpid())
    return wrong or (f"{after - before} processes are left" if after > before else "")


@attack
def thread_bomb(stage: Stage) -> str:
    code = "n = 0\ntry:\n    while n < 20000:\n        threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); n += 1\nexcept RuntimeError:\n    pass\nn"
    with stage.session() as session:
        seen = session.run(code)
        if seen.status == "ok" and int(seen.result or 0) > 1000:
            return f"{seen.result} threads"
        return ended(seen, "ok", "killed", "memory", "crash", "timeout") or stage.usable(session)


@attack
def anonymous_memory(stage: Stage) -> str:
    return _spend(stage, "b = []\nwhile True: b.append(bytearray(16 << 20))", "error", "memory", "crash", "killed")


@attack
def memory_of_many_processes(stage: Stage) -> str:
    code = "for _ in range(12):\n    if os.fork() == 0:\n        b = []\n        while True:\n            b.append(bytearray(b'x') * (4 << 20)); time.sleep(0.04)\ntime.sleep(9)"
    return _spend(stage, code, "memory", "killed")


@attack
def memory_of_many_programs(stage: Stage) -> str:
    """None takes more than what a guest has from the zygote, which is not theirs."""
    program = "import time; x = bytearray(b'x') * (25 << 20); time.sleep(60)"
    code = f"p = [subprocess.Popen([sys.executable, '-S', '-c', {program!r}]) for _ in range(30)]; time.sleep(50)"
    return _spend(stage, code, "memory", "killed", action_seconds=45.0)


@attack
def memory_of_many_processes_behind_a_storm_of_orphans(stage: Stage) -> str:
    """Processes that end all the time keep the warden busy reaping: it must count all the same."""
    code = "if os.fork() == 0:\n    while True:\n        try:\n            if (p := os.fork()) == 0:\n                os.fork(); os._exit(0)\n            os.waitpid(p, 0)\n        except OSError: pass\n"
    code += "for _ in range(12):\n    if os.fork() == 0:\n        b = []\n        while True:\n            b.append(bytearray(b'x') * (4 << 20)); time.sleep(0.04)\ntime.sleep(9)"
    return _spend(stage, code, "memory", "killed")


@attack
def shared_memory_that_no_process_owns(stage: Stage) -> str:
    """Shared pages are nobody's anonymous memory."""
    code = "m = []\nfor _ in range(64):\n    m.append(mmap.mmap(-1, 64 << 20))\n    for at in range(0, 64 << 20, 4096): m[-1][at] = 1\n"
    return _spend(stage, code, "error", "memory", "killed", "crash", "timeout", action_seconds=20.0)


@attack
def semaphores_that_nobody_holds(stage: Stage) -> str:
    """They are the kernel's own memory, a page for each 64."""
    code = "libc = ctypes.CDLL(None)\nheld = 0\nwhile held < 20_000_000 and libc.semget(0, 200, 0o600) >= 0: held += 200\nheld"
    with stage.session() as session:
        held = stage.value(session, code)
        return f"{held} semaphores" if held > 100_000 else stage.usable(session)


@attack
def files_in_memory(stage: Stage) -> str:
    """/dev/shm, /tmp and /var/tmp in tier strict, each with a size of its own."""
    code = "for top in ('/dev/shm', '/tmp', '/var/tmp') * 3:\n    for n in range(40):\n        try:\n            with open(f'{top}/{n}-{time.time()}', 'wb') as f: f.write(bytes(32 << 20))\n        except OSError: break\n"
    return _spend(stage, code, "ok", "error", "memory", "killed", most=768)


@attack
def memory_in_pipes_and_sockets(stage: Stage) -> str:
    code = "keep = []\nfor _ in range(20):\n    if os.fork() == 0:\n        try:\n            while True:\n                r, w = os.pipe(); keep += [r, w]; os.set_blocking(w, False); got(fcntl.fcntl, w, 1031, 1 << 20)\n"
    code += "                while got(os.write, w, bytes(65536)): pass\n                a, b = socket.socketpair(); keep += [a, b]; a.setblocking(False)\n                got(a.setsockopt, 1, 7, 1 << 24)\n"
    code += "                while got(a.send, bytes(65536)): pass\n        except OSError: time.sleep(60)\ntime.sleep(1.5)"
    return _spend(stage, code, "ok", "memory", "killed", most=1024)


@attack
def descriptors_in_flight(stage: Stage) -> str:
    """Sockets sent through sockets and closed: the limit on descriptors does not see them."""
    code = "a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)\na.setblocking(False)\nn = 0\ntry:\n    while n < 100_000:\n        s = socket.socketpair()\n"
    code += "        socket.send_fds(a, [b'x'], [t.fileno() for t in s]); [t.close() for t in s]; n += 2\nexcept OSError: pass\nn"
    with stage.session() as session:
        flying = stage.value(session, code)
        return f"{flying} descriptors" if flying > 5000 else stage.usable(session)


@attack
def all_descriptors(stage: Stage) -> str:
    with stage.session() as session:
        count = stage.value(
            session, "f = []\ntry:\n    while len(f) < 100_000: f.append(os.open('/dev/null', 0))\nexcept OSError: pass\nlen(f)"
        )
        return f"{count} descriptors" if count > 5000 else stage.usable(session)


def _fill(stage: Stage, code: str) -> str:
    """Run a cell that takes disk from a session with 64 MB of it."""
    with stage.session(disk_mb=64, file_mb=512, action_seconds=30.0) as session:
        free = shutil.disk_usage(session.workspace).free
        seen = session.run(f"{code}\ntime.sleep(25)")
        time.sleep(0.1)
        taken = free - shutil.disk_usage(session.workspace).free
        if seen.limit is None or seen.limit.name != "disk_mb":
            return f"no limit stopped it ({taken >> 20} MB taken): {seen.status} {seen.notice}"
    return ""  # too many files are left as they are: such a session may be over its limit for good


_WRITE = "def fill(path, mb):\n    f = open(path, 'wb')\n    for _ in range(mb): f.write(os.urandom(1 << 20)); f.flush()\n    return f\n"


@attack
def fill_the_disk_with_one_file(stage: Stage) -> str:
    return _fill(stage, _WRITE + "fill('big', 200)")


@attack
def fill_the_disk_behind_very_many_files(stage: Stage) -> str:
    code = "os.mkdir('a')\nfor n in range(21000): os.close(os.open(f'{n}', os.O_CREAT | os.O_WRONLY))\n"
    return _fill(stage, _WRITE + code + "fill('a/big', 200)")


@attack
def fill_the_disk_in_a_folder_that_nobody_may_read(stage: Stage) -> str:
    return _fill(
        stage,
        _WRITE + "os.mkdir('a')\nf = open('a/big', 'wb')\nos.chmod('a', 0)\nfor _ in range(200): f.write(os.urandom(1 << 20)); f.flush()\n",
    )


@attack
def fill_the_disk_with_files_that_have_no_name(stage: Stage) -> str:
    return _fill(stage, _WRITE + "f = []\nfor n in range(4): f.append(fill('gone', 50)); os.unlink('gone')\n")


@attack
def fill_the_disk_deep_down(stage: Stage) -> str:
    return _fill(stage, _WRITE + "for n in range(60): os.mkdir('d'); os.chdir('d')\nfill('big', 200)")


@attack
def fill_the_disk_below_a_path_that_is_too_long(stage: Stage) -> str:
    return _fill(stage, _WRITE + "for n in range(20): os.mkdir('d' * 250); os.chdir('d' * 250)\nfill('big', 200)")


@attack
def fill_the_disk_deeper_than_anybody_looks(stage: Stage) -> str:
    return _fill(stage, _WRITE + "for n in range(300): os.mkdir('d'); os.chdir('d')\nfill('big', 200)")


@attack
def fill_the_disk_by_a_program_that_nobody_may_look_at(stage: Stage) -> str:
    """It holds files without a name, and its descriptors are shown to those only that may read the program."""
    code = "program = os.open('sleep', os.O_CREAT | os.O_WRONLY, 0o111)\nos.write(program, open('/bin/sleep', 'rb').read()); os.close(program)\n"
    code += "for n in range(4):\n    f = fill('gone', 50); os.unlink('gone')\n    subprocess.Popen(['./sleep', '1000'], pass_fds=[f.fileno()]); f.close()\n"
    return _fill(stage, _WRITE + code)


@attack
def fill_the_disk_with_empty_files(stage: Stage) -> str:
    """Inodes are finite as well."""
    return _fill(
        stage,
        "for n in range(40):\n    os.mkdir(f'd{n}')\n    for m in range(2500): os.close(os.open(f'd{n}/{m}', os.O_CREAT | os.O_WRONLY))\n",
    )


@attack
def flood_of_output(stage: Stage) -> str:
    for stream in ("stdout", "stderr"):
        with stage.session(action_seconds=1.0) as session:
            seen = session.run(f"import sys\nwhile True: sys.{stream}.write('x' * 100_000)")
            size = sum(len(getattr(output, "text", "")) for output in seen.outputs)
            if wrong := ended(seen, "timeout") or stage.usable(session):
                return wrong
            if size > 4 << 20:
                return f"{size} characters in the observation"
    return ""


@attack
def flood_of_output_that_goes_on_after_the_end(stage: Stage) -> str:
    """Several programs keep the pipe full for ever: the host must not read for ever."""
    with stage.session() as session:
        seen = session.run("p = [subprocess.Popen(['cat', '/dev/zero']) for _ in range(3)]\n7")
        if seen.result != "7":
            return f"{seen!r}"[:300]
        session.run("8")
        if wrong := stage.usable(session):
            return wrong
        session.rollback()
        return stage.usable(session)


@attack
def flood_of_displays(stage: Stage) -> str:
    code = "from IPython.display import display, HTML\nfor n in range(1000): display(HTML('x' * 200_000))"
    with stage.session(action_seconds=20.0) as session:
        seen = session.run(code)
        return ended(seen, "ok", "timeout") or stage.usable(session)


@attack
def storm_of_signals(stage: Stage) -> str:
    code = "import signal\nif os.fork() == 0:\n    while True:\n        for n in (1, 2, 10, 12, 14, 17, 18, 23, 28, 34, 40, 64): got(os.kill, os.getppid(), n)\n"
    code += "for n in range(1, 65):\n    got(signal.signal, n, lambda *_: None)\ntime.sleep(2)"
    with stage.session(action_seconds=4.0) as session:
        session.run(code)
        session.run("1")
        session.rollback()  # the child goes on as long as it may: an undo ends it
        return stage.usable(session)


@attack
def storm_of_timers(stage: Stage) -> str:
    code = "n = 0\nfor _ in range(100_000):\n    t = ctypes.create_string_buffer(8)\n    if call(222, 1, struct.pack('QiiQQ', 0, 40, 0, 0, 0) + bytes(32), t) < 0: break\n    n += 1\n"
    with stage.session() as session:
        count = stage.value(session, code + "signal.setitimer(signal.ITIMER_REAL, 0)\nn")
        return f"{count} timers" if count > 5000 else stage.usable(session)


@attack
def huge_arguments(stage: Stage) -> str:
    with stage.session() as session:
        session.run("[got(subprocess.run, ['true', *['x' * 130_000] * n], env={'A': 'x' * 130_000}) for n in (10, 100, 1000)]\nNone")
        return stage.usable(session)


@attack
def flood_of_zombies(stage: Stage) -> str:
    before = _processes(os.getpid())
    with stage.session(action_seconds=3.0) as session:
        session.run("while True:\n    try:\n        if os.fork() == 0: os._exit(0)\n    except OSError: pass")
        session.run("1")
        wrong = stage.usable(session)
    after = _processes(os.getpid())
    return wrong or (f"{after - before} processes are left" if after > before else "")


@attack
def locked_memory(stage: Stage) -> str:
    with stage.session() as session:
        code = "n = 0\nm = []\nfor _ in range(64):\n    m.append(mmap.mmap(-1, 4 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))\n"
        code += "    if call(149, ctypes.addressof(ctypes.c_char.from_buffer(m[-1])), 4 << 20) < 0: break\n    n += 4\nn"
        locked = stage.value(session, code)
        return f"{locked} MB locked" if locked > 64 else stage.usable(session)


@attack
def keep_running_after_the_session(stage: Stage) -> str:
    """Daemons of every kind: forked twice, in sessions and groups of their own, deaf to signals."""
    before = _processes(os.getpid())
    with stage.session() as session:
        code = "for _ in range(8):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            got(lambda: [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15, 17)])\n"
        session.run(code + "            [os.close(n) for n in range(4)]\n            while True: time.sleep(1)\n        os._exit(0)\n")
    after = _processes(os.getpid())
    return f"{after - before} processes are left" if after > before else ""
