"""Trials of cgroups on a real hierarchy: each makes its own, starts real processes in it, and asserts what the kernel then does.

Run as root: each trial is made twice, as root at the top of the hierarchy and as an ordinary user in a cgroup that was delegated to it.
Prints one line of JSON for each: name, and what went wrong, empty if nothing did. Needs the controllers memory and pids in cgroup v2.
"""

import contextlib
import ctypes
import errno
import json
import mmap
import os
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from codeact.errors import IsolationError
from codeact.sandbox import cgroups, delegation
from codeact.sandbox.guest import meter

MIB = 1 << 20
BOUND = 48 * MIB
USER = 64_999
TOP, USERS = "root at the top", "a user in a delegated cgroup"
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWCGROUP = 0x10000000, 0x20000000, 0x02000000


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
            meter.join(ends.procs)
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


def touch_memory() -> None:
    """Take memory without end."""
    kept = []
    while True:
        kept.append(bytearray(b"x") * MIB)


def share_memory() -> None:
    """Take memory in files without a name, which no process maps."""
    while True:
        os.write(os.memfd_create("x"), b"x" * MIB)


def fill_pipes() -> None:
    """Leave bytes in pipes."""
    while True:
        _, writer = os.pipe()
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"x" * 65536)


def fill_sockets() -> None:
    """Leave bytes in sockets."""
    while True:
        here, there = socket.socketpair()
        here.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                here.send(b"x" * 65536)
        here.detach()
        there.detach()


def many(work: Callable[[], None]) -> Callable[[], None]:
    """The same in many processes, since one has few descriptors; they all stay."""

    def all_of_them() -> None:
        for _ in range(16):
            if os.fork() == 0:
                with contextlib.suppress(OSError):
                    work()
                time.sleep(1000)
        time.sleep(1000)

    return all_of_them


def bounded(work: Callable[[], None]) -> None:
    """The kernel kills what takes too much, and nothing outside; the bound was never passed."""
    with host() as group:
        session = group.session("s0", BOUND, None)
        pid = inside(session, work)
        until(lambda: session.oom_kills() > 0)
        peak = session.folder / "memory.peak"
        assert session.memory() <= BOUND + MIB
        assert not peak.exists() or int(peak.read_text()) <= BOUND + MIB
        session.remove()
        assert end_of(pid) == -signal.SIGKILL
        assert not session.folder.exists()


def memory_is_bounded() -> None:
    """Plain memory."""
    bounded(touch_memory)


def memory_that_nobody_maps_is_bounded() -> None:
    """Files in memory."""
    bounded(share_memory)


def pipes_are_bounded() -> None:
    """Kernel memory of pipes."""
    bounded(many(fill_pipes))


def sockets_are_bounded() -> None:
    """Kernel memory of Unix sockets."""
    bounded(many(fill_sockets))


def a_fork_bomb_is_bounded() -> None:
    """Processes and threads together."""

    def bomb() -> None:
        while True:
            try:
                os.fork()
            except OSError as error:
                assert error.errno == errno.EAGAIN
                time.sleep(1000)

    with host() as group:
        session = group.session("s0", None, 20)
        pid = inside(session, bomb)
        until(lambda: "max 0" not in (session.folder / "pids.events").read_text())
        assert len(session.members()) <= 20
        session.remove()
        assert end_of(pid) == -signal.SIGKILL


def nothing_leaves() -> None:
    """What a guest starts is where it is, and it has no file to go elsewhere."""
    reader, writer = os.pipe()

    def start_another() -> None:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(writer, b"x")
                time.sleep(1000)
            os._exit(0)
        time.sleep(1000)

    with host() as group:
        session = group.session("s0", BOUND, 20)
        pid = inside(session, start_another)
        os.read(reader, 1)
        until(lambda: len(session.members()) == 2)
        session.remove()
        end_of(pid)


def a_guest_in_namespaces_can_join() -> None:
    """By a file that the host opened: with other ids, another pid and another view of cgroups than the host's."""
    libc = ctypes.CDLL(None, use_errno=True)
    told, tell = os.pipe()

    def unshared() -> None:
        ends = session.open()
        assert libc.unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWCGROUP) == 0, os.strerror(ctypes.get_errno())
        guest = os.fork()
        if guest == 0:
            meter.join(ends.procs)
            assert libc.unshare(CLONE_NEWCGROUP) == 0
            os.write(tell, (Path("/proc/self/cgroup").read_text() + f"as {os.getpid()}").encode())
            time.sleep(1000)
        os.waitpid(guest, 0)

    with host() as group:
        session = group.session("s0", BOUND, 20)
        pid = os.fork()
        if pid == 0:
            try:
                unshared()
            finally:
                traceback.print_exc()
                os._exit(1)
        os.close(tell)
        said = os.read(told, 4096).decode()
        assert said.splitlines()[-2:] == ["0::/", "as 1"], said
        assert len(session.members()) == 1
        assert pid not in session.members()
        session.remove()
        end_of(pid)


def the_warden_hears_of_a_kill() -> None:
    """By the open file of events, from outside."""
    with host() as group:
        session = group.session("s0", BOUND, 20)
        ends = session.open()
        watch = meter.Meter(ends.events, ends.stat, ends.high)
        poll = select.poll()
        poll.register(watch.events, select.POLLPRI)
        poll.poll(0)
        assert not watch.changed()
        pid = inside(session, touch_memory)
        while not watch.changed():
            assert poll.poll(120_000)
        assert end_of(pid) == -signal.SIGKILL
        ends.close()


def the_warden_is_woken_when_memory_grows() -> None:
    """Long before the bound, without a kill."""
    reader, writer = os.pipe()

    def grow() -> None:
        os.read(reader, 1)
        kept = bytearray(b"x") * (24 * MIB)
        time.sleep(1000 if kept else 0)

    with host() as group:
        session = group.session("s0", 4 * BOUND, 20)
        ends = session.open()
        watch = meter.Meter(ends.events, ends.stat, ends.high)
        watch.alarm(16 * MIB)
        poll = select.poll()
        poll.register(watch.events, select.POLLPRI)
        watch.changed()
        pid = inside(session, grow)
        os.write(writer, b"x")
        assert poll.poll(120_000)
        assert not watch.changed()
        assert session.memory() < 4 * BOUND
        watch.alarm(4 * BOUND)
        session.remove()
        end_of(pid)
        ends.close()


def kernel_memory_is_told_apart() -> None:
    """What lies in pipes counts as the kernel's, what a process touches does not."""
    reader, writer = os.pipe()

    def work() -> None:
        kept = mmap.mmap(-1, 16 * MIB)
        kept.write(b"x" * (16 * MIB))
        os.write(writer, b"m")
        os.read(orders, 1)
        pipes = [os.pipe() for _ in range(128)]
        for _, filled in pipes:
            os.write(filled, b"x" * 65536)
        os.write(writer, b"p")
        time.sleep(1000)

    with host() as group:
        session = group.session("s0", 4 * BOUND, 20)
        ends = session.open()
        watch = meter.Meter(ends.events, ends.stat, ends.high)
        orders, order = os.pipe()
        pid = inside(session, work)
        assert os.read(reader, 1) == b"m"
        before = watch.kernel_memory()
        assert before < 8 * MIB, before
        os.write(order, b"x")
        assert os.read(reader, 1) == b"p"
        until(lambda: watch.kernel_memory() > before + 6 * MIB)
        session.remove()
        end_of(pid)
        ends.close()


def what_a_killed_host_left_is_swept() -> None:
    """By the next one, with what still runs in it; a live host's is left alone."""
    reader, writer = os.pipe()
    with host() as alive:
        pid = os.fork()
        if pid == 0:
            group = cgroups.HostGroup(found())
            with subprocess.Popen(["sleep", "1000"]) as left:
                group.session("s0", BOUND, 20).add(left.pid)
                os.write(writer, f"{left.pid} {group.folder.name}".encode())
                time.sleep(1000)
        left_pid, name = os.read(reader, 4096).decode().split()
        assert cgroups.sweep(alive.folder.parent) == []
        os.kill(pid, signal.SIGKILL)
        end_of(pid)
        assert cgroups.sweep(alive.folder.parent) == [name]
        assert not (alive.folder.parent / name).exists()
        until(lambda: _state(int(left_pid)) in ("", "Z"))
        assert alive.folder.exists()


def what_is_only_named_alike_is_not_swept() -> None:
    """A cgroup of a person's, even if its name begins as ours do."""
    place = found()
    with host():
        others = place.folder / "codeact-production"
        others.mkdir()
        try:
            assert cgroups.sweep(place.folder) == []
            assert others.exists()
        finally:
            others.rmdir()


def closing_ends_what_forks_without_end() -> None:
    """Faster than one could kill them one by one."""

    def breed() -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            with contextlib.suppress(OSError):
                if os.fork() > 0:
                    os._exit(0)

    with host() as group:
        session = group.session("s0", BOUND, 20)
        end_of(inside(session, breed))
        session.remove()
        assert not session.folder.exists()


def a_session_that_cannot_be_made_says_so() -> None:
    """The same name twice."""
    with host() as group:
        group.session("s0", BOUND, 20)
        try:
            group.session("s0", BOUND, 20)
        except IsolationError as error:
            assert "cannot make the cgroup" in str(error) and "exists" in str(error)
        else:
            raise AssertionError("a second one of the same name was made")
        assert (group.folder / "s0").exists()


def processes_step_aside_once() -> None:
    """The first time; the next host finds the cgroup above ready."""
    place = found()
    assert place.movers == (os.getpid(),)
    with host() as group:
        assert own() == place.folder / delegation.HOST_LEAF
        assert found() == delegation.Place(place.folder)
        with host() as second:
            assert second.folder.parent == group.folder.parent == place.folder


def who_started_the_host_moves_with_it() -> None:
    """As with `uv run codeact` in a scope of its own."""
    before = own()
    started = os.fork()
    if started == 0:
        code = 1
        try:
            assert set(found().movers) == {os.getpid(), os.getppid()}
            with host():
                pass
            code = 0
        finally:
            os._exit(code)
    assert end_of(started) == 0
    assert own() == before / delegation.HOST_LEAF


def strangers_are_not_moved() -> None:
    """A process that is neither ours nor has started us: there is no place, and the reason names it."""
    with orphan() as pid:
        place = delegation.find()
        assert isinstance(place, delegation.Nowhere), place
        assert str(pid) in place.reason and "not ours to move" in place.reason
        assert "Delegate=yes" in place.mend


def what_cannot_be_arranged_is_put_back() -> None:
    """A process came between the look and the move."""
    place = found()
    with orphan():
        try:
            cgroups.HostGroup(place)
        except IsolationError as error:
            assert "cannot be arranged" in str(error)
        else:
            raise AssertionError("a cgroup with a process in it got children with limits")
    assert own() == place.folder
    assert [entry for entry in place.folder.iterdir() if entry.is_dir()] == []


def what_is_not_delegated_is_left_alone() -> None:
    """An ordinary user in a cgroup of root's."""
    said = said_in("plain", lambda: os.setresuid(USER, USER, USER))
    assert "not delegated to this user" in said, said


def what_systemd_manages_is_left_alone() -> None:
    """Even if root could write there; a delegated one is taken."""
    said = said_in("session-3.scope", lambda: None)
    assert "belongs to systemd" in said, said
    said = said_in("other.scope", lambda: os.setxattr(own(), "user.delegate", b"1"))
    assert said.startswith("Place("), said


def the_top_under_systemd_is_left_alone() -> None:
    """It is systemd's; without systemd it is root's."""
    assert isinstance(delegation.find(), delegation.Place)
    place = delegation.find(booted=Path("/proc"))
    assert isinstance(place, delegation.Nowhere) and "systemd manages" in place.reason


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
        until(lambda: _state(pid) in ("", "Z"))


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


EVERYBODYS = (
    memory_is_bounded,
    memory_that_nobody_maps_is_bounded,
    pipes_are_bounded,
    sockets_are_bounded,
    a_fork_bomb_is_bounded,
    nothing_leaves,
    a_guest_in_namespaces_can_join,
    the_warden_hears_of_a_kill,
    the_warden_is_woken_when_memory_grows,
    kernel_memory_is_told_apart,
    what_a_killed_host_left_is_swept,
    what_is_only_named_alike_is_not_swept,
    closing_ends_what_forks_without_end,
    a_session_that_cannot_be_made_says_so,
)
ROOTS = (what_is_not_delegated_is_left_alone, what_systemd_manages_is_left_alone, the_top_under_systemd_is_left_alone)
USERS_OWN = (
    processes_step_aside_once,
    who_started_the_host_moves_with_it,
    strangers_are_not_moved,
    what_cannot_be_arranged_is_put_back,
)
TRIALS = {(who, trial.__name__): trial for who, trials in ((TOP, EVERYBODYS + ROOTS), (USERS, EVERYBODYS + USERS_OWN)) for trial in trials}
"""Whose, and what."""


def made(who: str, trial: Callable[[], None], top: Path) -> str:
    """Make a trial in a process of its own; returns what went wrong."""
    reader, writer = os.pipe()
    folder = top / "users"
    if who == USERS:
        delegate(folder)
    pid = os.fork()
    if pid == 0:
        wrong = "it did not come to its end"
        try:
            if who == USERS:
                (folder / "cgroup.procs").write_text("0")
                os.setgroups([])
                os.setresgid(USER, USER, USER)
                os.setresuid(USER, USER, USER)
            trial()
            wrong = ""
        except (OSError, AssertionError, IsolationError, KeyError, ValueError):
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


def delegate(folder: Path) -> None:
    """Make a cgroup and give it to the user, as cgroups(7) says, "Delegation"."""
    folder.mkdir()
    for file in (folder, *(folder / f"cgroup.{name}" for name in ("procs", "threads", "subtree_control"))):
        os.chown(file, USER, USER)


def main(only: list[str]) -> None:
    """Make all trials, or those named."""
    top = own()
    place = found()
    (top / "cgroup.subtree_control").write_text("+memory +pids")
    assert place.folder == top, "run it as root, at the top of the hierarchy"
    for (who, name), trial in TRIALS.items():
        if not only or name in only:
            print(json.dumps({"who": who, "name": name, "wrong": made(who, trial, top)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
