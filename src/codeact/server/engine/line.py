"""A line of those who wait for their turn: so many at a time, in the order in which they came, but for who is asked for.

Invariant: there are never more at a time than may be, and a turn that is over is the next one's. It does not: know what a turn is for.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Line:
    """See the module's docstring.

    Args:
        most: at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._having: set[str] = set()
        self._waiting: OrderedDict[str, asyncio.Event] = OrderedDict()
        self._over: dict[str, asyncio.Event] = {}

    @property
    def having(self) -> int:
        """How many have their turn."""
        return len(self._having)

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """A turn, as long as the block lasts.

        Args:
            name: whose; nobody else in the line has it.
        """
        come = self._waiting[name] = asyncio.Event()
        over = self._over[name] = asyncio.Event()
        self._go_on()
        try:
            await come.wait()
            yield
        finally:
            self._waiting.pop(name, None)
            self._having.discard(name)
            del self._over[name]
            over.set()
            self._go_on()

    def hurry(self, name: str) -> None:
        """Let somebody be the next; nothing if it does not wait."""
        if name in self._waiting:
            self._waiting.move_to_end(name, last=False)

    async def passed(self, name: str) -> None:
        """Wait until somebody has had its turn, as the next one; at once, if it is not in the line."""
        self.hurry(name)
        if name in self._over:
            await self._over[name].wait()

    def _go_on(self) -> None:
        while self._waiting and len(self._having) < self._most:
            name, come = self._waiting.popitem(last=False)
            self._having.add(name)
            come.set()
