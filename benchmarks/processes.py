"""Processes of this machine as /proc tells of them: who descends from whom, what they use. Nothing is kept, nothing is changed."""

import os
from pathlib import Path


def tree(root: int | None = None) -> list[int]:
    """A process (None: this one) and all its descendants: generation after generation, in each the oldest first.

    The age and not the number, which begins again at small ones when all have been given.
    """
    parents: dict[int, int] = {}
    begun: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            parents[int(entry.name)], begun[int(entry.name)] = int(fields[1]), int(fields[19])
    found, todo = [], {root if root is not None else os.getpid()}
    while todo:
        found += sorted(todo, key=lambda pid: (begun.get(pid, 0), pid))
        todo = {pid for pid, parent in parents.items() if parent in todo}
    return found


def pss(pids: list[int]) -> int:
    """Proportional set size of processes in bytes: a page shared by n processes counts for 1/n in each.

    Raises:
        PermissionError: they belong to another user, or hide themselves; root may look.
    """
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        total += next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    return total


def resident(pid: int) -> int:
    """Resident set size in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def available() -> int:
    """Bytes of memory that this machine has left."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))


def load() -> str:
    """The load averages, and how many processors share them."""
    return f"load {' '.join(f'{value:.2f}' for value in os.getloadavg())} on {os.cpu_count()} processors"
