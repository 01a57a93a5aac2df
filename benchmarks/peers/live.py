"""What a peer and an open session of it look like to the measurements.

Invariant: `run` returns all that the action printed; what a peer opened is gone after `close`. It does not: measure.
"""

from typing import Protocol

IMPORTS = "import numpy, pandas, matplotlib.pyplot"
"""The libraries that a session of ours has at once."""


class Live(Protocol):
    """An open session."""

    async def run(self, code: str) -> str:
        """Run an action; returns what it printed."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


class Peer(Protocol):
    """Something that code can be run in.

    name: in tables; libraries: whether `IMPORTS` can be run in it; together: sessions to open for the measures of memory and of parallel
    creation; slow: how many times slower its loops are than CPython's, about (sizes the loop that it is given).
    """

    name: str
    libraries: bool
    together: int
    slow: int

    async def rest(self) -> None:
        """Called, untimed, before each timed `open`."""
        ...

    async def open(self) -> Live:
        """A new session."""
        ...

    async def renew(self) -> None:
        """Give up what sessions share, so that the next ones are made from scratch; called when none is open."""
        ...

    async def close(self) -> None:
        """Give up what all its sessions share."""
        ...
