"""The session's limits as the kernel and the warden take them.

Invariant: None stays None, no bound. It does not: keep them.
"""

from codeact.events import Limits
from codeact.sandbox.guest.confine import CHECKPOINTS

TEMPORARY_BYTES = 256 << 20
"""Size of each of /tmp, /var/tmp and /dev/shm in tier strict."""


def bounds(limits: Limits) -> dict[str, int | None]:
    """As `guest.confine.Bounds`."""
    return {
        "memory": limits.memory_mb << 20 if limits.memory_mb is not None else None,
        "processes": limits.processes,
        "file": limits.file_mb << 20 if limits.file_mb is not None else None,
        "disk": limits.disk_mb << 20 if limits.disk_mb is not None else None,
        "temporary": TEMPORARY_BYTES,
    }


def group_bounds(bounds: dict[str, int | None], *, strict: bool) -> tuple[int | None, int | None]:
    """The bounds of a session's cgroup: bytes of memory, and processes and threads.

    They are the last resort behind the warden, who tells a session's own memory from its checkpoints': the latest checkpoint may cost as
    much again, and what lies in tier strict's three file systems in memory counts here too.

    Args:
        bounds: from `bounds`.
        strict: whether there are those file systems.
    """
    memory, processes, temporary = bounds["memory"], bounds["processes"], bounds["temporary"] or 0
    return (
        None if memory is None else 2 * memory + (3 * temporary if strict else 0),
        None if processes is None else processes + CHECKPOINTS,
    )
