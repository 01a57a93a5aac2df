"""How long a server that went away is waited for.

Invariant: the waits grow, and in their sum are no longer than was given; whatever comes of the server begins them anew. It does not: know
what is tried again.
"""

import asyncio
import random

_FIRST = 0.2
_MOST = 5.0


class Patience:
    """The waits for one thing.

    Args:
        seconds: in all, from the first failure on.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None
        self._bound = _FIRST

    def renew(self) -> None:
        """Something came: the next failure is the first."""
        self._until, self._bound = None, _FIRST

    async def wait(self, asked: float | None = None) -> bool:
        """Wait a while; false, at once, if that was done for long enough.

        Args:
            asked: seconds that the server asked for.
        """
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + self._seconds
        left = self._until - now
        if left <= 0:
            return False
        pause = random.uniform(self._bound / 2, self._bound) if asked is None else asked
        self._bound = min(2 * self._bound, _MOST)
        await asyncio.sleep(min(pause, left))
        return True
