"""Trials of sessions in cgroups: what the code takes by the kernel's hands is bounded, and the session goes on from before it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from codeact.events import Limits
from codeact.sandbox import cgroups, forkserver
from codeact.sandbox.probe import probe
from codeact.sandbox.session import Session
from sandbox.cgroups.stage import MIB, end_of, found, until

LIMIT_MB = 256
_FILLERS = """
import os, socket, time
for _ in range(12):
    if os.fork() == 0:
        kept = []
        try:
            while True:
                {pair}
                kept.append((here, there))
                os.set_blocking({writer}, False)
                try:
                    while True:
                        os.write({writer}, b"x" * 65536)
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(1000)
        os._exit(0)
time.sleep(1000)
"""
SOCKETS = _FILLERS.format(pair="here, there = socket.socketpair()", writer="here.fileno()")
PIPES = _FILLERS.format(pair="there, here = os.pipe()", writer="here")
MANY = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = []
        while True:
            kept.append(b"x" * (1 << 20))
time.sleep(1000)
"""
DESCRIPTORS = """
import os
links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
sorted({os.readlink(link).split(":")[0] for link in links if os.path.lexists(link)})
"""
HOST = """
import os, signal, sys
sys.path[:0] = {path!r}
from codeact.sandbox.session import Session
session = Session(preload=())
session.start()
twin = session.fork()
session.run("1")
twin.run("1")
os.kill(os.getpid(), signal.SIGKILL)
"""


USERS = """
import json, os
from pathlib import Path
from codeact.events import Limits
from codeact.sandbox import cgroups
from codeact.sandbox.session import Session
with Session(preload=(), isolation={tier!r}, limits=Limits(memory_mb={limit}, action_seconds=240)) as session:
    session.run("state = 41")
    (folder,) = [entry for entry in cgroups.of_this_process().folder.iterdir() if entry.is_dir()]
    populated = bool((folder / "cgroup.procs").read_text())
    ended = session.run({bomb!r})
    print(json.dumps([populated, ended.status, session.run("state").result]))
    assert not {fork} or session.fork().run("state").result == "41"
"""
PYTHON = ["none"]
"""An interpreter with codeact that every user can run, named by `trials.main`."""


@contextlib.contextmanager
def opened(tier: Literal["strict", "process"] = "strict", *, checkpoints: bool = True, memory_mb: int = LIMIT_MB) -> Iterator[Session]:
    """A session with a state, and afterwards nothing of it."""
    limits = Limits(memory_mb=memory_mb, action_seconds=240)
    try:
        with Session(preload=(), isolation=tier, limits=limits, checkpoints=checkpoints) as session:
            assert session.run("state = 41; state").result == "41"
            yield session
        assert groups() == []
    finally:
        forkserver.close_all()
        cgroups.close()


def groups() -> list[Path]:
    """The folders of all cgroups of sessions, in the order of their making."""
    group = cgroups.of_this_process()
    assert isinstance(group, cgroups.HostGroup), group
    return sorted((entry for entry in group.folder.iterdir() if entry.is_dir()), key=lambda folder: (len(folder.name), folder.name))


def number(folder: Path, name: str) -> int:
    return int((folder / name).read_text())


def ends_for_memory(session: Session, bomb: str) -> None:
    """With the status, the limit, and what was there before."""
    ended = session.run(bomb)
    assert ended.status == "memory" and ended.restored, ended
    assert ended.limit is not None and ended.limit.name == "memory_mb"
    assert session.run("state").result == "41"


def what_the_kernel_holds_for_a_session_counts() -> None:
    """Bytes in sockets, and memory of many processes."""
    with opened() as session:
        (folder,) = groups()
        assert len((folder / "cgroup.procs").read_text().split()) >= 1
        assert session.run("open('/proc/self/cgroup').read().splitlines()[-1]").result == "'0::/'"
        assert session.run(DESCRIPTORS).result == "['/dev/null', 'pipe', 'socket']"
        for bomb in (SOCKETS, MANY):
            ends_for_memory(session, bomb)
        assert number(folder, "memory.peak") < 2 * LIMIT_MB * MIB


def bytes_in_pipes_count() -> None:
    """Of which the kernel gives less to each user."""
    with opened(memory_mb=64) as session:
        ends_for_memory(session, PIPES)


def what_the_kernel_holds_counts_without_namespaces() -> None:
    """In a tier whose warden is no first process of anything."""
    with opened("process") as session:
        ends_for_memory(session, SOCKETS)


def an_ordinary_users_session_is_bounded_in_tier_strict() -> None:
    """What is under an ordinary user's hand: a cgroup that was delegated, and no other id."""
    of_a_user("strict")


def an_ordinary_users_session_is_bounded_in_tier_landlock() -> None:
    """Likewise, without namespaces."""
    of_a_user("landlock")


def of_a_user(tier: str) -> None:
    """A host process of its own; each session, a twin too, lives in a cgroup there."""
    script = USERS.format(tier=tier, limit=LIMIT_MB, bomb=SOCKETS, fork=tier == "strict")
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home}
        said = subprocess.run([*PYTHON, "-c", script], capture_output=True, text=True, check=False, cwd="/", env=environment)
    assert said.returncode == 0 and json.loads(said.stdout) == [True, "memory", "41"], said


def the_kernel_bounds_a_session_whose_warden_stands_still() -> None:
    """It is slowed down until the warden looks again."""
    with opened() as session:
        (folder,) = groups()
        guest = int((folder / "cgroup.procs").read_text().split()[0])
        warden = int(Path(f"/proc/{guest}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(warden, signal.SIGSTOP)
        with subprocess.Popen([sys.executable, "-c", f"import os, time; time.sleep(5); os.kill({warden}, 18)"]):
            ended = session.run(MANY)
        assert ended.status == "memory", ended
        assert ended.limit is not None and ended.limit.name == "memory_mb"
        if ended.restored:
            assert session.run("state").result == "41"
        else:  # a checkpoint that nobody could freeze in time is in the kernel's way as well
            assert ended.state_lost and "There was no checkpoint before this action: it was given up" in ended.notice, ended
            assert session.run("1 + 1").result == "2"
        assert number(folder, "memory.peak") < 2 * LIMIT_MB * MIB


def a_killing_by_the_kernel_is_told_as_the_limit() -> None:
    """It comes with a bound on memory far below the session's, as a limit of the cgroup above would."""
    with opened() as session:
        (folder,) = groups()
        (folder / "memory.max").write_text(str(number(folder, "memory.current") + 32 * MIB))
        ended = session.run("kept = b'x' * (128 << 20)")
        assert ended.status == "memory", ended
        assert "oom_kill 0" not in (folder / "memory.events").read_text()
        (folder / "memory.max").write_text("max")
        assert session.run("6 * 7").result == "42"


def an_interpreter_that_is_started_again_has_another_cgroup() -> None:
    """The one before is gone."""
    with opened(checkpoints=False) as session:
        (before,) = groups()
        assert session.run("import os; os._exit(3)").status == "crash"
        assert session.run("6 * 7").result == "42"
        (after,) = groups()
        assert after != before


def a_twin_outlives_its_original_and_is_bounded() -> None:
    """It has a cgroup of its own, in which it is killed alone; the original has room for what both share as long as both live."""
    with opened() as session:
        session.run("kept = bytearray(b'x') * (64 << 20)")
        (first,) = groups()
        room = number(first, "memory.max")
        with session.fork() as twin, twin.fork() as third:
            assert third.run("state").result == "41"
            _, second, last = groups()
            assert [number(folder, "memory.max") for folder in (first, second, last)] == [3 * room, 2 * room, room]
            ends_for_memory(twin, SOCKETS)
            assert session.run("state").result == "41"
            third.close()
            assert number(first, "memory.max") == 2 * room
            session.close()
            assert groups() == [second]
            assert twin.run("state, len(kept)").result == f"(41, {64 << 20})"
            ends_for_memory(twin, MANY)
            assert number(second, "memory.peak") < 2 * LIMIT_MB * MIB


def doctor_says_that_it_is_in_force() -> None:
    """After looking at a session's own cgroup."""
    report = next(report for report in probe() if report.name == "cgroup limits")
    assert report.on and not report.mend and str(found().folder) in report.detail, report
    forkserver.close_all()
    cgroups.close()


def sessions_of_a_killed_host_are_swept() -> None:
    """With kill -9; what still runs ends by itself, since its host is gone."""
    place = found()
    host = HOST.format(path=sys.path)
    assert end_of(os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", host])) == -signal.SIGKILL
    assert len(list(place.folder.glob("codeact-*-*"))) == 1
    until(lambda: len(cgroups.sweep(place.folder)) == 1)
    assert not list(place.folder.glob("codeact-*-*"))
