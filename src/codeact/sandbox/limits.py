"""The session's limits as the kernel and the warden take them.

Invariant: a limit that is hit is named as in `events.Limits`. It does not: keep them.
"""

from codeact.events import LimitHit, Limits

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


def hit(name: str, value: float) -> LimitHit:
    """The limit `name`, hit at `value` (seconds, MB or a count)."""
    return LimitHit(name=name, value=float(value))
