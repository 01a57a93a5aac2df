"""Limits that are asked for: lower than the server's, or refused."""

from collections.abc import Mapping, Sequence

from codeact import errors, events

_WHOLE = ("turns", "tokens", "memory_mb", "processes", "output_chars", "disk_mb", "file_mb")


def lowered(highest: events.Limits, asked: Mapping[str, float | None], names: Sequence[str], *, of: str = "") -> events.Limits:
    """The server's limits, some of them lowered.

    Args:
        highest: the server's.
        asked: by name; None asks for nothing.
        names: that can be asked for.
        of: what they are of, for the message.

    Raises:
        InputError: one cannot be set, or is not above 0, or above the server's.
    """
    found: dict[str, float] = {}
    for name, value in asked.items():
        if name not in names:
            raise errors.InputError(f"limits.{name} cannot be set{of}; these can: {', '.join(names)}")
        if value is None:
            continue
        if value <= 0:
            raise errors.InputError(f"limits.{name} = {value:g} must be above 0")
        most = getattr(highest, name)
        if most is not None and value > most:
            raise errors.InputError(f"limits.{name} = {value:g} is above this server's {most:g}; ask for less")
        found[name] = int(value) if name in _WHOLE else value
    return highest.model_copy(update=found)
