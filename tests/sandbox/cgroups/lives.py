"""Trials of how cgroups come, hold what is in them, and go."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
import traceback
from pathlib import Path

from codeact.errors import IsolationError
from codeact.sandbox import cgroups
from codeact.sandbox.guest import usage
from sandbox.cgroups.stage import BOUND, end_of, found, host, inside, state_of, until

CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWCGROUP = 0x10000000, 0x20000000, 0x02000000


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
        session = group.session(BOUND, 20)
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
            usage.join(ends.procs)
            assert libc.unshare(CLONE_NEWCGROUP) == 0
            os.write(tell, (Path("/proc/self/cgroup").read_text() + f"as {os.getpid()}").encode())
            time.sleep(1000)
        os.waitpid(guest, 0)

    with host() as group:
        session = group.session(BOUND, 20)
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


def what_a_killed_host_left_is_swept() -> None:
    """By the next one, with what still runs in it; a live host's is left alone."""
    reader, writer = os.pipe()
    with host() as alive:
        pid = os.fork()
        if pid == 0:
            group = cgroups.HostGroup(found())
            with subprocess.Popen(["sleep", "1000"]) as left:
                group.session(BOUND, 20).add(left.pid)
                os.write(writer, f"{left.pid} {group.folder.name}".encode())
                time.sleep(1000)
        left_pid, name = os.read(reader, 4096).decode().split()
        assert cgroups.sweep(alive.folder.parent) == []
        os.kill(pid, signal.SIGKILL)
        end_of(pid)
        assert cgroups.sweep(alive.folder.parent) == [name]
        assert not (alive.folder.parent / name).exists()
        until(lambda: state_of(int(left_pid)) in ("", "Z"))
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
        session = group.session(BOUND, 20)
        end_of(inside(session, breed))
        session.remove()
        assert not session.folder.exists()


def a_process_has_one_group() -> None:
    """Whoever asks for it; and a fork of it has its own."""
    group = cgroups.of_this_process()
    assert isinstance(group, cgroups.HostGroup), group
    assert cgroups.of_this_process() is group
    session = group.session(BOUND, 20)
    assert not group.in_use()
    pid = inside(session, lambda: time.sleep(1000))
    until(group.in_use)
    fork = os.fork()
    if fork == 0:
        code = 1
        try:
            cgroups.close()
            code = 0
        finally:
            os._exit(code)
    assert end_of(fork) == 0
    assert group.in_use()
    cgroups.close()
    assert end_of(pid) == -signal.SIGKILL
    assert not group.folder.exists()


def a_session_that_cannot_be_made_says_so() -> None:
    """The same name twice."""
    with host() as group:
        session = group.session(BOUND, 20)
        try:
            cgroups.SessionGroup(session.folder, BOUND, 20)
        except IsolationError as error:
            assert "cannot make the cgroup" in str(error) and "exists" in str(error)
        else:
            raise AssertionError("a second one of the same name was made")
        assert session.folder.exists()
