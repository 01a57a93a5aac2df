"""Processes of this machine, as the tests of endings look at them."""

import time
from pathlib import Path


def below(pid: int) -> dict[int, list[str]]:
    """All processes that descend from one, with what `/proc/PID/stat` tells of each from its state on."""
    told: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
    found = [pid]
    for one in found:
        found += [child for child, fields in told.items() if int(fields[1]) == one]
    return {one: told[one] for one in found[1:]}


def children_of(pid: int) -> list[int]:
    """All processes that descend from one."""
    return list(below(pid))


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
