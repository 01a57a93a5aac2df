"""What trials of cgroups are made of: a place, a host, processes inside and beside, and a judge of what is left behind."""

import contextlib
import os
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from codeact.errors import SessionError
from codeact.sandbox import cgroups, delegation
from codeact.sandbox.guest import usage

MIB = 1 << 20
BOUND = 48 * MIB
USER = 64_999
"""An id that no user of this machine has."""


def found() -> delegation.Place:
    """The place that this process is given."""
    place = delegation.find()
    assert isinstance(place, delegation.Place), place
    return place


@contextlib.contextmanager
def host() -> Iterator[cgroups.HostGroup]:
    """The group of this process; it must be gone afterwards."""
    group = cgroups.HostGroup(found())
    try:
        yield group
    finally:
        group.close()
    assert not group.folder.exists()


def inside(group: cgroups.SessionGroup, work: Callable[[], object]) -> int:
    """Start a process that moves into a group as a guest does, and then works; its exit code is 0, 1 if the work raised."""
    ends = group.open()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            usage.join(ends.procs)
            work()
            code = 0
        except (OSError, MemoryError, AssertionError):
            traceback.print_exc()
        finally:
            os._exit(code)
    ends.close()
    return pid


def end_of(pid: int) -> int:
    """Exit code, or the signal's number below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def until(condition: Callable[[], bool]) -> None:
    """Wait for what must come; a machine that emulates another is slow."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def own() -> Path:
    """The cgroup that this process is in."""
    hierarchy = delegation.locate(Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text())
    assert isinstance(hierarchy, delegation.Hierarchy), hierarchy
    return hierarchy.own


def said_in(name: str, prepare: Callable[[], None]) -> str:
    """What is found by a process in a new cgroup of that name, below the own one."""
    folder = own() / name
    folder.mkdir()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            (folder / "cgroup.procs").write_text("0")
            prepare()
            os.write(writer, repr(delegation.find()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    said = os.read(reader, 4096).decode()
    end_of(pid)
    folder.rmdir()
    return said


@contextlib.contextmanager
def orphan() -> Iterator[int]:
    """A process beside this one, whose parent is gone."""
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        if os.fork() == 0:
            os.write(writer, str(os.getpid()).encode())
            time.sleep(1000)
        os._exit(0)
    pid = int(os.read(reader, 100))
    end_of(between)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        until(lambda: state_of(pid) in ("", "Z"))


def delegate(folder: Path) -> None:
    """Make a cgroup and give it to the user, as cgroups(7) says, "Delegation"."""
    folder.mkdir()
    for file in (folder, *(folder / f"cgroup.{name}" for name in ("procs", "threads", "subtree_control"))):
        os.chown(file, USER, USER)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def made(user: bool, trial: Callable[[], None], top: Path) -> str:
    """Make a trial in a process of its own; returns what went wrong."""
    reader, writer = os.pipe()
    folder = top / "users"
    if user:
        delegate(folder)
    pid = os.fork()
    if pid == 0:
        wrong = "it did not come to its end"
        try:
            if user:
                (folder / "cgroup.procs").write_text("0")
                os.setgroups([])
                os.setresgid(USER, USER, USER)
                os.setresuid(USER, USER, USER)
            trial()
            wrong = ""
        except (OSError, AssertionError, SessionError, KeyError, ValueError):
            wrong = traceback.format_exc()
        finally:
            os.write(writer, wrong.encode()[-60_000:])
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as answer:  # noqa: PTH123 -- a descriptor
        wrong = answer.read().decode() if select.select([reader], [], [], 300)[0] else "it took for ever"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    for leftover in sorted(top.rglob("codeact-*"), reverse=True):
        if leftover.name != delegation.HOST_LEAF and leftover.is_dir():
            wrong += f"\nleft behind: {leftover}"
    for place in (folder / delegation.HOST_LEAF, folder):
        if place.exists():
            (place / "cgroup.kill").write_text("1")
            until(lambda place=place: "populated 0" in (place / "cgroup.events").read_text())
            place.rmdir()
    return wrong
