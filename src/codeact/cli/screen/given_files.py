"""The files that a conversation in the terminal was given, kept while it lasts, so that it can go back to before a message.

Invariant: a file is given again as it was, whatever has become of it on the disk. It does not: keep events (their file does).
"""

import hashlib

from codeact import errors
from codeact.events import AnyEvent


class GivenFiles:
    """Contents by their SHA-256 (a `trajectory.Keeper` that keeps nothing else)."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def keep(self, number: int, event: AnyEvent, line: str) -> None:
        """See `trajectory.Keeper`."""

    async def settled(self) -> None:
        """See `trajectory.Keeper`."""

    async def keep_file(self, content: bytes) -> str:
        """See `trajectory.Keeper`."""
        digest = hashlib.sha256(content).hexdigest()
        self._contents[digest] = content
        return digest

    async def file(self, digest: str) -> bytes:
        """See `trajectory.Keeper`."""
        if digest not in self._contents:
            raise errors.StoreError(f"the file with the SHA-256 {digest} was not given in this conversation")
        return self._contents[digest]
