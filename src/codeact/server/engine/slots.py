"""How many sessions may be awake at once, on the server and for one owner; who sleeps to make room for another.

Invariant: there are never more than may be; one that somebody uses is not put to sleep. It does not: open or close sessions.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from codeact import errors


class Sleeper(Protocol):
    """What takes a slot while it is awake."""

    owner: str
    last_used: float

    @property
    def idle(self) -> bool:
        """Whether nobody uses it."""
        ...

    async def sleep(self) -> None:
        """Go to sleep, which frees the slot."""
        ...


class Slots:
    """See the module's docstring.

    Args:
        most: that are awake at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[Sleeper] = set()
        self._lock = asyncio.Lock()

    @property
    def taken(self) -> frozenset[Sleeper]:
        """Who is awake, or about to be."""
        return frozenset(self._taken)

    async def take(self, one: Sleeper, most_own: int | None) -> None:
        """Have a slot for one that is to be awake.

        Args:
            one: that wakes.
            most_own: of its owner's that may be awake at once; None: any number.

        Raises:
            BusyError: there is none, and all that are awake are in use.
        """
        if one in self._taken:
            return
        async with self._lock:
            if most_own is not None:
                said = f"this key may have {most_own} sessions open at once, and all are in use; try again later"
                await self._make_room(most_own, lambda other: other.owner == one.owner, said)
            said = f"this server has {self._most} sessions open at once, and all are in use; try again later"
            await self._make_room(self._most, lambda _: True, said)
            self._taken.add(one)

    def free(self, one: Sleeper) -> None:
        """It is awake no more."""
        self._taken.discard(one)

    async def _make_room(self, most: int, counts: Callable[[Sleeper], bool], said: str) -> None:
        while len(taken := [other for other in self._taken if counts(other)]) >= most:
            idle = [other for other in taken if other.idle]
            if not idle:
                raise errors.BusyError(said)
            await min(idle, key=lambda other: other.last_used).sleep()  # or not, if somebody has just begun to use it
