"""Places of runs: how many are worked on, on the server and for one owner, what an owner's runs may use, and which need not be in memory.

Invariant: a run that is about to be worked on has its place before anything is waited for, and never has two. It does not: work on runs
(`runs` does).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from codeact import errors
from codeact.server.engine.live import LiveRun
from codeact.server.engine.owner import Owner
from codeact.store.kept import Store

_DAY_SECONDS = 86_400.0
_SPARE_SECONDS = 2.0


class Places:
    """See the module's docstring.

    Args:
        store: knows what was used.
        most: runs that are worked on at once.
    """

    def __init__(self, store: Store, most: int) -> None:
        self._store = store
        self._most = most
        self._promised: list[tuple[str, str]] = []

    def taken(self, working: Mapping[str, str]) -> int:
        """How many are taken.

        Args:
            working: ids of the runs that are worked on, with their owners.
        """
        return len({*working, *(run_id for run_id, _ in self._promised)})

    @asynccontextmanager
    async def taking(self, run_id: str, owner: Owner, working: Mapping[str, str]) -> AsyncIterator[None]:
        """A place for one more run, while the block lasts; after it the run has it, if it works.

        Args:
            run_id: of the run.
            owner: whose it is.
            working: as for `taken`.

        Raises:
            BusyError: there is none.
        """
        if self.taken(working) >= self._most:
            raise errors.BusyError(f"this server works on {self._most} runs at once, and does; try again later")
        own = {one for one, whose in [*working.items(), *self._promised] if whose == owner.id}
        if owner.most_runs is not None and len(own) >= owner.most_runs:
            raise errors.BusyError(f"this key may have {owner.most_runs} runs worked on at once, and has; try again later")
        promise = run_id, owner.id
        self._promised.append(promise)
        try:
            await self._check_tokens(owner)
            yield
        finally:
            self._promised.remove(promise)

    async def _check_tokens(self, owner: Owner) -> None:
        if owner.most_tokens is None:
            return
        used = await self._store.tokens_since(owner.id, time.time() - _DAY_SECONDS)
        if used >= owner.most_tokens:
            raise errors.BusyError(f"this key may use {owner.most_tokens} tokens in 24 hours, and has used {used}; try again later", 3600)


def unused(runs: Mapping[str, LiveRun], most: int, idle: float) -> list[str]:
    """Ids of runs that nobody has used for a while; earlier of those of which there are more than may be worked on.

    Args:
        runs: that are in memory.
        most: that may be worked on.
        idle: seconds for which a run that nobody uses stays.
    """
    now = asyncio.get_running_loop().time()
    unwatched = [(run_id, live) for run_id, live in runs.items() if not live.watched and not live.wakes]
    found = [run_id for run_id, live in unwatched if live.dozes and now - live.waits_since > idle]
    over = sorted((now - live.last_used, run_id) for run_id, live in unwatched if not live.works)
    return found + [run_id for rank, (seconds, run_id) in enumerate(over) if seconds > (idle if rank < most else _SPARE_SECONDS)]
