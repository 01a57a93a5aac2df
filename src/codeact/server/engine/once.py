"""What is asked with a key of the asker's own, so that it is done once however often it is sent.

Invariant: of one name, one request is worked on at a time; what was done is known from the store, whichever process did it. It does not:
answer (who is asked does).
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from codeact import errors, events
from codeact.store.kept import Store
from codeact.store.requests import Known, Request


def named(owner: str, what: str, key: str | None, body: Mapping[str, Any]) -> Request | None:
    """A request that is known again by its key; None: it has none.

    Args:
        owner: who asks; the same key of another is another request.
        what: is asked for, and of which run or session; so is the same key there.
        key: of the asker's own making.
        body: all that is asked for: with the same key it has to be the same.
    """
    if key is None:
        return None
    return Request(_digest([owner, what, key]), _digest(body))


class Once:
    """See the module's docstring.

    Args:
        store: where requests that were done are known.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, request: Request | None) -> AsyncIterator[Known | None]:
        """A block in which a request is worked on, one at a time of its name; what is known of it, None: it is to be done.

        Raises:
            StoreConflictError: the key came with something else before.
        """
        if request is None:
            yield None
            return
        async with self._locks.setdefault(request.name, asyncio.Lock()):
            known = await self._store.requests.find(request.name)
            check(request, known.body if known is not None else request.body)
            yield known


def check(request: Request, body: str) -> None:
    """See that a request is the one that its key came with before.

    Args:
        request: that is asked now.
        body: of the one before.

    Raises:
        StoreConflictError: it is another.
    """
    if request.body != body:
        raise errors.StoreConflictError("this Idempotency-Key came with another request before: make a new key for each request")


async def observation_of(store: Store, known: Known) -> events.Observation | None:
    """What came of the action of a request; None: it was never over, and is undone."""
    after = (await store.read(known.run_id)).events[known.number + 1 :]
    found = next((event for event in after if isinstance(event, events.Observation | events.Action)), None)
    return found if isinstance(found, events.Observation) else None


async def mark_of(store: Store, known: Known) -> str:
    """The mark of the checkpoint that was taken for a request."""
    taken = (await store.read(known.run_id)).events[known.number]
    assert isinstance(taken, events.CheckpointTaken)
    return taken.mark


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
