"""How long to wait before a request is tried again.

Invariant: waits are bounded, one by one and in their sum, whatever a server asks for. It does not: send anything, or decide what is worth
a second try. Exponential with full jitter, as in M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Backoff:
    """A policy.

    Args:
        tries: most requests in all, the first one counted.
        first: upper bound of the first wait, in seconds; it doubles from wait to wait.
        most: longest single wait, in seconds.
        total: longest sum of waits, in seconds.
    """

    tries: int = 4
    first: float = 0.5
    most: float = 8.0
    total: float = 20.0

    def waits(self) -> "Waits":
        """The waits of one request, to be asked for one after the other."""
        return Waits(self)


class Waits:
    """The waits of one request; `asked` counts how often one was asked for."""

    def __init__(self, policy: Backoff) -> None:
        self._policy = policy
        self._bounds: Iterator[float] = iter([min(policy.most, policy.first * 2**n) for n in range(policy.tries - 1)])
        self._spent = 0.0
        self.asked = 0

    def next(self, asked: float | None = None) -> float | None:
        """Seconds to wait now, None to give up.

        Args:
            asked: what the server asked for (`Retry-After`), in seconds; respected up to the longest single wait.
        """
        self.asked += 1
        bound = next(self._bounds, None)
        if bound is None:
            return None
        wait = random.uniform(0, bound) if asked is None else min(max(0.0, asked), self._policy.most)
        self._spent += wait
        return wait if self._spent <= self._policy.total else None


def retry_after(header: str | None) -> float | None:
    """Seconds of a `Retry-After` header, which holds seconds or a date; None if there is none or it cannot be read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (date - datetime.now(date.tzinfo or UTC)).total_seconds()) if date.tzinfo else None
