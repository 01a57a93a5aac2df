"""Processes of this machine, as the tests of endings look at them."""

import time
from pathlib import Path


def children_of(pid: int) -> list[int]:
    """All processes that descend from one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def sleepers_of(pid: int) -> list[int]:
    """Those of them that run `sleep`."""
    found = []
    for one in children_of(pid):
        try:
            if Path(f"/proc/{one}/cmdline").read_bytes().startswith(b"sleep"):
                found.append(one)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def all_gone(pids: list[int]) -> bool:
    """Whether processes have ended; the kernel may take a moment for that."""
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False
