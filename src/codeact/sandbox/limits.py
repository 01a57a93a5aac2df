"""The session's limits as the kernel and the warden take them.

Invariant: None stays None, no bound. It does not: keep them.
"""

from codeact.events import Limits

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
