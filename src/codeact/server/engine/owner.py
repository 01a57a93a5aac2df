"""Whose runs they are, as the engine needs to know of it."""

from typing import Protocol


class Owner(Protocol):
    """Whose run it is to be, and what may be used for it."""

    @property
    def id(self) -> str:
        """Of the owner."""
        ...

    @property
    def most_runs(self) -> int | None:
        """Runs that may be worked on at once."""
        ...

    @property
    def most_tokens(self) -> int | None:
        """Tokens that runs may use in 24 hours."""
        ...

    def sees(self, owner: str) -> bool:
        """Whether it may know of that owner's."""
        ...
