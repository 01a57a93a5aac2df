"""Cgroups (v2) that bound sessions: one for this process, with a child for each session.

Invariants: only the guest, and by it all that descends from it, is in a session's cgroup; the warden, the zygote and this process are
outside, and outlive what the kernel does inside. What a session's cgroup holds is killed before it is removed. What processes left behind
that were killed is removed by the next one: each holds a lock on its own folder as long as it lives. It does not: find the place
(`delegation` does), or take the place of the warden's count, which is exact about checkpoints and tells of a limit before the
kernel kills.
"""

import atexit
import contextlib
import errno
import fcntl
import itertools
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeact.errors import IsolationError
from codeact.sandbox.delegation import CONTROLLERS, HOST_LEAF, Nowhere, Place, find

_OURS = re.compile(r"codeact-\d+-[0-9a-f]{8}")  # nothing that a person would call a cgroup: it is killed and removed
_EMPTY_SECONDS = 5.0
_LOOK_SECONDS = 0.002
_ENABLE = " ".join(f"+{name}" for name in CONTROLLERS)


@dataclass(frozen=True, slots=True)
class Ends:
    """Open files of a session's cgroup, to be handed to its first processes; no folder is among them, from which one could climb.

    Args:
        procs: writable: who writes ``0`` moves in. The kernel asks for the rights of who opened it (Linux 5.16; before, of who writes).
        events: memory.events, readable; POLLPRI when a number in it changed.
        stat: memory.stat, readable.
        high: memory.high, writable: above it the kernel slows the cgroup and tells in `events`.
    """

    procs: int
    events: int
    stat: int
    high: int

    def close(self) -> None:
        """Close all."""
        for descriptor in (self.procs, self.events, self.stat, self.high):
            os.close(descriptor)


class SessionGroup:
    """The cgroup of one session.

    Args:
        folder: does not exist yet; its parent has the controllers for its children.
        memory: bytes of all kinds, the kernel's for pipes, sockets and page tables included; None: no bound.
        tasks: processes and threads; None: no bound.
        lender: of the session that this one is a twin of.

    Raises:
        IsolationError: the kernel refuses.
    """

    def __init__(self, folder: Path, memory: int | None, tasks: int | None, lender: "SessionGroup | None" = None) -> None:
        self.folder = folder
        self._memory, self._tasks, self._lender = memory, tasks, lender
        self._twins = itertools.count(1)
        self._borrowers, self._removed = 0, False
        self._lock = threading.Lock()
        made = False
        try:
            folder.mkdir()
            made = True
            if memory is not None:
                _write(folder / "memory.max", str(memory))
                with contextlib.suppress(FileNotFoundError):  # a kernel that does not count swap, or has none
                    _write(folder / "memory.swap.max", "0")
            if tasks is not None:
                _write(folder / "pids.max", str(tasks))
        except OSError as error:
            if made:
                folder.rmdir()
            raise IsolationError(f"cannot make the cgroup {str(folder)!r}: {error.strerror}", "See `codeact doctor`.") from error

    def open(self) -> Ends:
        """Open what the session's processes need; the caller closes it.

        Raises:
            IsolationError: the cgroup is gone, or there are no descriptors left.
        """
        flags = {"cgroup.procs": os.O_WRONLY, "memory.events": os.O_RDONLY, "memory.stat": os.O_RDONLY, "memory.high": os.O_WRONLY}
        opened: list[int] = []
        try:
            for name, flag in flags.items():
                opened.append(os.open(self.folder / name, flag | os.O_CLOEXEC))
        except OSError as error:
            for descriptor in opened:
                os.close(descriptor)
            raise IsolationError(f"cannot open the cgroup {str(self.folder)!r}: {error.strerror}", "See `codeact doctor`.") from error
        return Ends(*opened)

    def add(self, pid: int) -> None:
        """Move a process in, with all its threads; its children of later are born there.

        Args:
            pid: as this process counts.

        Raises:
            IsolationError: there is no such process, or it may not be moved.
        """
        try:
            _write(self.folder / "cgroup.procs", str(pid))
        except OSError as error:
            raise IsolationError(f"cannot move process {pid} to the cgroup {str(self.folder)!r}: {error.strerror}", "") from error

    def members(self) -> list[int]:
        """Processes in it, as this process counts."""
        return [int(word) for word in (self.folder / "cgroup.procs").read_text().split()]

    def oom_kills(self) -> int:
        """How many of its processes the kernel has killed because of the bound on memory."""
        return _fields(self.folder / "memory.events")["oom_kill"]

    def memory(self) -> int:
        """Bytes charged to it now, of all kinds."""
        return int((self.folder / "memory.current").read_text())

    def twin(self) -> "SessionGroup":
        """The cgroup for a twin of the session, with the same bounds.

        Memory that the two share stays charged to this one, as long as either holds it. So this one, and the one that it has its own from,
        may hold so much more until the twin's is removed.

        Raises:
            IsolationError: the kernel refuses.
        """
        twin = SessionGroup(self.folder.with_name(f"{self.folder.name}-{next(self._twins)}"), self._memory, self._tasks, self)
        self._lend(1)
        return twin

    def remove(self) -> None:
        """Kill what is in it, wait until it is gone, and remove it; fine if it is gone already.

        Raises:
            IsolationError: its processes do not end.
        """
        _remove(self.folder)
        with self._lock:
            lender, self._removed = None if self._removed else self._lender, True
        if lender is not None:
            lender._lend(-1)

    def _lend(self, more: int) -> None:
        with self._lock:
            self._borrowers += more
            if self._memory is not None:
                with contextlib.suppress(OSError):  # the session has ended before its twin
                    _write(self.folder / "memory.max", str(self._memory * (1 + self._borrowers)))
        if self._lender is not None:
            self._lender._lend(more)


class HostGroup:
    """The cgroup of this process, which holds those of its sessions and nothing else.

    Args:
        place: from `delegation.find`; its processes are moved aside if they must be.

    Raises:
        IsolationError: the kernel refuses; all is as it was before.
    """

    def __init__(self, place: Place) -> None:
        self._numbers = itertools.count()
        sweep(place.folder)
        with _explained(place.folder):
            if place.movers:
                _step_aside(place)
            elif not set(CONTROLLERS) <= set((place.folder / "cgroup.subtree_control").read_text().split()):
                _write(place.folder / "cgroup.subtree_control", _ENABLE)
            self.folder, self._lock = _make_locked(place.folder)
        try:
            with _explained(self.folder):
                _write(self.folder / "cgroup.subtree_control", _ENABLE)
        except IsolationError:
            self.close()
            raise

    def session(self, memory: int | None, tasks: int | None) -> SessionGroup:
        """Make the cgroup of a session.

        Args:
            memory: as `SessionGroup`.
            tasks: as `SessionGroup`.

        Raises:
            IsolationError: the kernel refuses.
        """
        return SessionGroup(self.folder / f"s{next(self._numbers)}", memory, tasks)

    def in_use(self) -> bool:
        """Whether a process is in one of its sessions' cgroups."""
        return bool(_fields(self.folder / "cgroup.events")["populated"])

    def close(self) -> None:
        """Kill what is left of its sessions and remove it."""
        try:
            _remove(self.folder)
        finally:
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1


_ours: HostGroup | Nowhere | None = None
_ours_pid = 0
_ours_lock = threading.Lock()


def of_this_process() -> HostGroup | Nowhere:
    """The one group of this process, made when it is first asked for and removed at its exit; or why there is none."""
    global _ours, _ours_pid
    with _ours_lock:
        if _ours is None or _ours_pid != os.getpid():  # a fork of the host has no part in its parent's
            place = find()
            try:
                _ours = place if isinstance(place, Nowhere) else HostGroup(place)
            except IsolationError as error:
                _ours = Nowhere(error.reason, error.mend)
            _ours_pid = os.getpid()
        return _ours


def close() -> None:
    """Remove the group of this process, and kill what is in it; done at its exit too."""
    global _ours
    with _ours_lock:
        if isinstance(_ours, HostGroup) and _ours_pid == os.getpid():
            _ours.close()
        _ours = None


atexit.register(close)


def sweep(folder: Path) -> list[str]:
    """Remove below a cgroup what codeact processes left behind that live no more; returns the names.

    Args:
        folder: of the cgroup.
    """
    gone = []
    for stale in [entry for entry in folder.glob("codeact-*") if _OURS.fullmatch(entry.name)]:
        try:
            descriptor = os.open(stale, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(stale)
            gone.append(stale.name)
        except (OSError, IsolationError):
            pass  # its process lives, or it is another user's
        finally:
            os.close(descriptor)
    return gone


def _step_aside(place: Place) -> None:
    """Move all processes of a cgroup to a child, so that its children may have limits; if that fails, back again."""
    leaf = place.folder / HOST_LEAF
    leaf.mkdir(exist_ok=True)
    control = place.folder / "cgroup.subtree_control"
    try:
        for pid in place.movers:
            with contextlib.suppress(ProcessLookupError):
                _write(leaf / "cgroup.procs", str(pid))
        _write(control, _ENABLE)
    except OSError:
        for pid in (leaf / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                _write(place.folder / "cgroup.procs", pid)
        with contextlib.suppress(OSError):
            leaf.rmdir()
        raise


def _make_locked(place: Path) -> tuple[Path, int]:
    """Make a folder and lock it; a sweep that comes between takes it away, then another is made."""
    while True:
        folder = place / f"codeact-{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():
            return folder, descriptor
        os.close(descriptor)


def _remove(folder: Path) -> None:
    """Kill what is in a cgroup and below it, and remove both."""
    deadline = time.monotonic() + _EMPTY_SECONDS
    while True:
        try:
            _kill_all(folder)
            for below in _children(folder):
                _remove(below)
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > deadline:
                raise IsolationError(f"cannot remove the cgroup {str(folder)!r}: {error.strerror}", "Look what is in it.") from error
        time.sleep(_LOOK_SECONDS)


def _kill_all(folder: Path) -> None:
    if not _fields(folder / "cgroup.events")["populated"]:
        return
    try:
        _write(folder / "cgroup.kill", "1")
    except FileNotFoundError:  # before Linux 5.14
        for pid in (folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 9)


def _children(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if entry.is_dir()]


def _fields(file: Path) -> dict[str, int]:
    """A flat keyed file of numbers."""
    return {name: int(value) for name, value in (line.split() for line in file.read_text().splitlines())}


def _write(file: Path, text: str) -> None:
    """One write(2), which is what the kernel takes as one order."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IsolationError(f"the cgroup {str(folder)!r} cannot be arranged: {error.strerror}", "See `codeact doctor`.") from error
