"""What the kernel counts of a session that has a cgroup (v2), for the warden: kernel memory, kills, and an alarm when memory grows.

Invariant: it holds open files of one cgroup and no folder, so that there is nothing to climb out of; the guest has none of them. A cgroup
that the host has removed holds nothing. It does not: decide what is over a bound (the warden does), or make cgroups (the host does).
"""

import errno
import os

_KERNEL = ("kernel_stack", "pagetables", "sec_pagetables", "percpu", "slab_unreclaimable", "sock")
_READ_BYTES = 1 << 14


class Meter:
    """One session's.

    Args:
        events: of memory.events; poll it for POLLPRI, then call `changed`.
        stat: of memory.stat.
        high: of memory.high, writable.
        procs: of cgroup.procs, writable: where somebody is to be moved in later.
    """

    def __init__(self, events: int, stat: int, high: int, procs: int | None = None) -> None:
        self.descriptors = [events, stat, high, *(() if procs is None else (procs,))]
        self.events = events
        self._stat = stat
        self._high = high
        self._procs = procs
        self._killed = _fields(events).get("oom_kill", 0)

    def changed(self) -> bool:
        """Whether the kernel has killed a process for the bound on memory since the last call. Rearms the poll."""
        before, self._killed = self._killed, _fields(self.events).get("oom_kill", 0)
        return self._killed > before

    def kernel_memory(self) -> int:
        """Bytes that the kernel holds for the session and cannot take back: pipes, sockets, page tables, stacks, descriptors."""
        stat = _fields(self._stat)
        if "kernel" in stat:  # Linux 5.18
            return max(0, stat["kernel"] - stat.get("slab_reclaimable", 0)) + stat.get("sock", 0)
        return sum(stat.get(name, 0) for name in _KERNEL)

    def total(self) -> int:
        """Bytes of all kinds that are charged to the session, pages of files that could be taken back included."""
        stat = _fields(self._stat)
        return stat.get("anon", 0) + stat.get("file", 0) + self.kernel_memory()

    def alarm(self, memory: int) -> None:
        """Have the kernel tell by `events`, and slow the session down, when its memory of all kinds passes so many bytes."""
        try:
            os.pwrite(self._high, b"%d" % memory, 0)
        except OSError as error:
            _unless_removed(error)

    def admit(self, pid: int) -> None:
        """Move a process in, with its threads; what it starts from then on is born there.

        Raises:
            OSError: there is no such process, or the kernel refuses.
        """
        if self._procs is not None:
            os.write(self._procs, b"%d" % pid)

    def close(self) -> None:
        """Close its files."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def join(procs: int) -> None:
    """Move this process into the cgroup whose open cgroup.procs this is, and close that.

    Raises:
        OSError: the kernel refuses.
    """
    try:
        os.write(procs, b"0")
    finally:
        os.close(procs)


def _fields(descriptor: int) -> dict[str, int]:
    """A flat keyed file of numbers."""
    try:
        lines = os.pread(descriptor, _READ_BYTES, 0).decode().splitlines()
    except OSError as error:
        return _unless_removed(error)
    return {name: int(value) for name, value in (line.split() for line in lines)}


def _unless_removed(error: OSError) -> dict[str, int]:
    """Nothing, if the error says that the cgroup is gone; else it is raised."""
    if error.errno != errno.ENODEV:
        raise error
    return {}
