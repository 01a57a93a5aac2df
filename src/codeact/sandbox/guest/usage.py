"""What processes use, from /proc: memory, disk, which root, and who descends from whom. Used by the warden.

Of a session that has a cgroup (v2), the kernel counts more: `Meter`. It holds open files of one cgroup and no folder, so that there is
nothing to climb out of; the guest has none of them. A cgroup that the host has removed holds nothing.

Invariant: a process that ends, or a file that goes, while it is looked at counts for nothing. It changes nothing.
"""

import errno
import os

from . import confine

_BLOCK = 4096
_KERNEL = ("kernel_stack", "pagetables", "sec_pagetables", "percpu", "slab_unreclaimable", "sock")
_READ_BYTES = 1 << 14


def descendants(pid: int) -> list[int]:
    """Its children and theirs."""
    found: list[int] = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def children(pid: int) -> list[int]:
    """Of all its threads."""
    children: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                children += [int(word) for word in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended while we looked
    return children


def place(pid: int) -> str | None:
    """Name of the root below `confine.BRANCHES` that a process lives in, empty for the session's first; None if it cannot be told.

    One that has ended, as one that hides, is where its parent is: it may stay for long, if that one does not ask for it.
    """
    root = _root(f"/proc/{pid}") or _root_of_threads(pid)
    if root is None:
        above = parent(pid)
        return place(above) if above > 1 else None
    return root.split("/")[2] if root.startswith(confine.BRANCHES + "/") else ""


def _root(entry: str) -> str | None:
    try:
        return os.readlink(f"{entry}/root")
    except OSError:
        return None


def _root_of_threads(pid: int) -> str | None:
    """A process whose first thread has ended lives on in the others."""
    try:
        return next(filter(None, (_root(f"/proc/{pid}/task/{thread}") for thread in os.listdir(f"/proc/{pid}/task"))), None)
    except OSError:
        return None


def parent(pid: int) -> int:
    """0 if there is no such process. A list of children may miss one while another ends; this misses none."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except OSError:
        return 0


def resident(pid: int, inherited: int) -> int:
    """Bytes of a process's own memory, anonymous (beyond what it has from the zygote) and shared."""
    anonymous = shared = 0
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    anonymous = int(line.split()[1]) << 10
                elif line.startswith("RssShmem:"):
                    shared = int(line.split()[1]) << 10
                    break
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended while we looked
    return max(0, anonymous - inherited) + shared


def proportional(pid: int) -> int:
    """Bytes of a process's memory, what is shared with others divided by their number."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) << 10 for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    except OSError:
        return 0  # it ended while we looked


def disk(folder: str, most: int) -> int:
    """Bytes on disk below a folder, each entry counted as a block at least; ends when there are more than `most`."""
    total, todo = 0, [folder]
    while todo and total <= most:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    total += _size(entry)
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except OSError:
            continue  # it changed while we looked
    return total


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return max(_BLOCK, entry.stat(follow_symlinks=False).st_blocks * 512)
    except OSError:
        return _BLOCK  # it changed while we looked: the others in its folder count all the same


def unnamed(members: list[int], device: int) -> int:
    """Bytes on disk of files of a device that processes hold open and that no folder names any more."""
    sizes = {}
    for pid in members:
        try:
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                status = os.stat(f"/proc/{pid}/fd/{descriptor}")
                if status.st_nlink == 0 and status.st_dev == device:
                    sizes[status.st_ino] = status.st_blocks * 512
        except OSError:
            continue  # it ended while we looked
    return sum(sizes.values())


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
