"""Places of runs that are worked on: how many there are, on the server and for one owner, and what an owner's runs may use.

Invariant: a run that is about to be worked on has its place before anything is waited for, and never has two. It does not: work on runs
(`runs` does).
"""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from codeact import errors
from codeact.server.engine.owner import Owner
from codeact.store.kept import Store

_DAY_SECONDS = 86_400.0


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
