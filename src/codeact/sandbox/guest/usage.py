"""What processes use, from /proc: memory, disk, which root, and who descends from whom. Used by the warden.

Of a session that has a cgroup (v2), the kernel counts more: `Meter`. It holds open files of one cgroup and no folder, so that there is
nothing to climb out of; the guest has none of them. A cgroup that the host has removed holds nothing.

Invariant: a process that ends, or a file that goes, while it is looked at counts for nothing; what may not be looked at never does: it
counts for as much as it may be, or an error says that it cannot be told. It changes nothing.
"""

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from . import confine

DEEPEST = 200
"""Folders below one another that are looked into: a descriptor is held for each."""
_BLOCK = 4096
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_CHANGED = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE}
_KERNEL = ("kernel_stack", "pagetables", "sec_pagetables", "percpu", "slab_unreclaimable", "sock")
_READ_BYTES = 1 << 14


def descendants(pid: int) -> list[int]:
    """Its children and theirs, however long the line."""
    found = children(pid)
    for each in found:
        found += children(each)
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


@dataclass(frozen=True, slots=True)
class Copied:
    """What a guest is when it begins, a copy of the zygote, and so are the copies that it makes of itself.

    Args:
        anonymous: bytes of memory that none of them takes by itself.
        stack: from `stack`: a program that one starts has another, and nothing of that memory.
        ids: uid and gid of the guest, where that is another user than the warden, who then may have to be it to look.
    """

    anonymous: int = 0
    stack: int = 0
    ids: tuple[int, int] | None = None


def stack(pid: int, ids: tuple[int, int] | None = None) -> int:
    """Address at which the first stack of a process's program begins, drawn at random for each program; 0 if that may not be seen."""
    try:
        with _as_user(ids), open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[25])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended while we looked


def resident(pid: int, copied: Copied) -> int:
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
    if anonymous and copied.anonymous and any(stack(pid, who) == copied.stack for who in dict.fromkeys((None, copied.ids))):
        anonymous = max(0, anonymous - copied.anonymous)
    return anonymous + shared


def proportional(pid: int, copied: Copied) -> int:
    """Bytes of a process's memory, what is shared with others divided by their number; if that may not be seen, as `resident`."""
    for who in dict.fromkeys((None, copied.ids)):
        try:
            with _as_user(who), open(f"/proc/{pid}/smaps_rollup") as file:
                return sum(int(line.split()[1]) << 10 for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
        except PermissionError:  # of root without CAP_SYS_PTRACE, and by a program that nobody may read
            continue
        except (FileNotFoundError, ProcessLookupError):
            return 0  # it ended while we looked
    return resident(pid, copied)


@contextmanager
def _as_user(ids: tuple[int, int] | None) -> Iterator[None]:
    """For a moment be whom the guest is: root may see its processes by that where it lacks the capability. The guest gains no hold of us:
    the other user ids stay."""
    if ids is None:
        yield
        return
    uid, gid = os.geteuid(), os.getegid()
    os.setegid(ids[1])
    os.seteuid(ids[0])
    try:
        yield
    finally:
        os.seteuid(uid)
        os.setegid(gid)


class Disk:
    """What one branch's files take.

    Args:
        places: folders whose content counts, the first on the device where files without a name count too.
        ids: as in `Copied`.
    """

    def __init__(self, places: Sequence[str], ids: tuple[int, int] | None) -> None:
        self._places = places
        self._ids = ids
        self._due = 0.0
        self._hidden = False

    def used(self, members: list[int], most: int) -> tuple[int, str]:
        """Bytes on disk, 0 if the last look was just now; more than `most`, with the reason, if it could not be told twice in a row."""
        now = time.monotonic()
        if now < self._due:
            return 0, ""
        device, hidden = os.stat(self._places[0]).st_dev, self._hidden
        try:
            used = unnamed(members, device, self._ids) + sum(disk(place, most) for place in self._places)
            self._hidden = False
        except OSError as error:  # once is nothing: a process that is just being made cannot be seen for a moment
            self._hidden = True
            return (most + 1, f"What the files take cannot be told: {error.strerror}.") if hidden else (0, "")
        finally:
            self._due = time.monotonic() + 5 * (time.monotonic() - now)  # a fifth of the time at most goes into looking
        return used, ""


def disk(folder: str, most: int) -> int:
    """Bytes on disk below a folder, each entry counted as a block at least; ends when there are more than `most`.

    It goes by descriptors, so that no path is too long, and a folder that is moved while it is looked at is still the same.

    Raises:
        OSError: a folder may not be looked into, or lies deeper than `DEEPEST`.
    """
    above: list[tuple[int, list[str]]] = []  # folders, and the names in them that are to be looked into
    total = 0
    here = _enter(folder, None)
    try:
        while here is not None:
            names: list[str] = []
            above.append((here, names))
            total = _count(here, names, total, most)
            if total > most:
                break
            here = _next(above)
    finally:
        for descriptor, _ in above:
            os.close(descriptor)
    return total


def _next(above: list[tuple[int, list[str]]]) -> int | None:
    """The next folder, opened, while what has been looked at is closed; None after the last."""
    while above:
        folder, names = above[-1]
        if not names:
            os.close(folder)
            above.pop()
        elif len(above) > DEEPEST:
            raise OSError(errno.ENAMETOOLONG, f"a folder lies more than {DEEPEST} deep")
        elif (here := _enter(names.pop(), folder)) is not None:
            return here
    return None


def _enter(name: str, folder: int | None) -> int | None:
    try:
        return os.open(name, _FOLDER | (0 if folder is None else os.O_NOFOLLOW), dir_fd=folder)
    except OSError as error:
        if error.errno in _CHANGED:
            return None
        raise OSError(error.errno, f"a folder may not be looked into ({error.strerror})") from error


def _count(folder: int, names: list[str], total: int, most: int) -> int:
    """Add what is in a folder to `total`, and its folders to `names`; stops when there is more than `most`."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                total += _size(entry)
                if total > most:
                    break
                if entry.is_dir(follow_symlinks=False):
                    names.append(entry.name)
    except OSError as error:
        if error.errno not in _CHANGED:
            raise
    return total


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return max(_BLOCK, entry.stat(follow_symlinks=False).st_blocks * 512)
    except OSError as error:
        if error.errno not in _CHANGED:
            raise OSError(error.errno, f"a file may not be looked at ({error.strerror})") from error
        return _BLOCK  # the others in its folder count all the same


def unnamed(members: list[int], device: int, ids: tuple[int, int] | None = None) -> int:
    """Bytes on disk of files of a device that processes hold open and that no folder names any more.

    It does not: find what only a mapping, or a message under way, still holds.

    Args:
        ids: as in `Copied`.

    Raises:
        OSError: a process may not be looked at.
    """
    sizes: dict[int, int] = {}
    for pid in members:
        for task in _tasks(pid):
            if not any(_add_unnamed(task, device, sizes, who) for who in dict.fromkeys((None, ids))):
                raise PermissionError(errno.EACCES, f"process {pid} does not let its open files be seen")
    return sum(sizes.values())


def _tasks(pid: int) -> list[str]:
    """Folders of a process's threads, each of which may have descriptors of its own."""
    try:
        return [f"/proc/{pid}/task/{thread}" for thread in os.listdir(f"/proc/{pid}/task")]
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended while we looked


def _add_unnamed(task: str, device: int, sizes: dict[int, int], who: tuple[int, int] | None) -> bool:
    """Whether a thread lets its open files be seen; one that has ended has none."""
    try:
        with _as_user(who):
            for descriptor in os.listdir(f"{task}/fd"):
                with suppress(FileNotFoundError):  # closed while we looked: the others count all the same
                    status = os.stat(f"{task}/fd/{descriptor}")
                    if status.st_nlink == 0 and status.st_dev == device:
                        sizes[status.st_ino] = status.st_blocks * 512
    except (FileNotFoundError, ProcessLookupError):
        return True
    except PermissionError:
        return not _has_memory(task)  # else it is ending, or has not been waited for
    return True


def _has_memory(task: str) -> bool:
    try:
        with open(f"{task}/status") as file:
            return any(line.startswith("VmSize:") for line in file)
    except (FileNotFoundError, ProcessLookupError):
        return False


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
