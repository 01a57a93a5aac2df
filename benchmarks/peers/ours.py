"""codeact's own sessions, tier strict, with and without checkpoints, cold and from the warm pool.

Invariant: a cold session has a limit that no other has, so that none can be waiting for it. It does not: measure.
"""

import asyncio
import itertools

from codeact import Limits, Session
from codeact.sandbox import forkserver

_DISK_MB = itertools.count(10_000)
_THINK_SECONDS = 0.15


class OpenSession:
    """An open session; `session` for what peers do not have."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def run(self, code: str) -> str:
        """As `Live.run`."""
        seen = await self.session.arun(code)
        if seen.status != "ok":
            raise RuntimeError(f"the action ended as {seen.status!r}: {seen.text}")
        return seen.stdout

    async def close(self) -> None:
        """As `Live.close`."""
        await self.session.aclose()


class Ours:
    """codeact.

    Args:
        checkpoints: take one before each action.
        warm: from the pool: before each session there is think time, in which the pool makes one.
    """

    libraries = True
    together = 50
    slow = 1

    def __init__(self, *, checkpoints: bool, warm: bool) -> None:
        self.name = f"codeact, {'checkpoints' if checkpoints else 'bare'}, {'warm' if warm else 'cold'}"
        self._checkpoints = checkpoints
        self._warm = warm

    async def rest(self) -> None:
        """Think time, for the warm ones, after one session: the pool keeps some of the limits that were asked for lately."""
        if self._warm:
            await (await self.open()).close()
            await asyncio.sleep(_THINK_SECONDS)

    async def open(self) -> OpenSession:
        """A new session, tier strict, numpy, pandas and matplotlib loaded."""
        limits = Limits() if self._warm else Limits(disk_mb=next(_DISK_MB))
        session = Session(isolation="strict", checkpoints=self._checkpoints, limits=limits)
        await session.astart()
        return OpenSession(session)

    async def renew(self) -> None:
        """End the zygote: the next session starts another."""
        await asyncio.to_thread(forkserver.close_all)

    async def close(self) -> None:
        """Nothing: the zygote ends with this process."""
