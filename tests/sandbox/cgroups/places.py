"""Trials of where cgroups may be made, and of what is left alone."""

import os
from pathlib import Path

from codeact.errors import IsolationError
from codeact.sandbox import cgroups, delegation
from sandbox.cgroups.stage import USER, end_of, found, host, orphan, own, said_in


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
