"""Events on their way into the database: many runs, one writer, one transaction for all that has come meanwhile.

Invariant: `settled` returns when everything that was put before is committed, and raises if it cannot be; events of a run are committed in
their order, without gaps, or not at all. A database that goes away is waited for, for a while, and nothing is stored twice. It does
not: decide what is to wait for a commit.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from codeact import errors
from codeact.store import files, requests
from codeact.store.database import Database, patiently
from codeact.store.schema import EVENTS, RUNS, USES

_MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a run, and what the run is with it.

    Args:
        run_id: of the run.
        number: of the event in it, from 0.
        line: the event as JSON.
        run: columns of `schema.RUNS`; with number 0 all of them, which makes the run.
        files: SHA-256 of kept files that the event names.
        request: that is done by the event.
        used: tokens that it tells of, of the run's owner, at the time when the run was `updated`.
        made: when the entry was, in seconds since 1970.
    """

    run_id: str
    number: int
    line: str
    run: dict[str, Any]
    files: tuple[str, ...] = ()
    request: requests.Request | None = None
    used: int = 0
    made: float = field(default_factory=time.time)


class Journal:
    """Writes entries; belongs to the event loop in which its first entry is put.

    Args:
        database: open.
        patience: seconds for which a database that went away is waited for.
    """

    def __init__(self, database: Database, patience: float = 30.0) -> None:
        self._database = database
        self._patience = patience
        self._waiting: deque[Entry] = deque()
        self._put = self._done = 0
        self._lost: dict[str, errors.CodeactError] = {}
        self._woken = asyncio.Event()
        self._progress = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def put(self, entry: Entry) -> None:
        """Take an entry; it is written soon.

        Raises:
            StoreError: an earlier entry of the run was lost, or the journal is closed.
        """
        if entry.run_id in self._lost:
            raise self._lost[entry.run_id]
        if self._closing:
            raise errors.StoreError("the journal is closed")
        self._waiting.append(entry)
        self._put += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._write_all())
        self._woken.set()

    async def settled(self, run_id: str) -> None:
        """Wait until all that was put so far is committed.

        Raises:
            StoreError: something of this run was lost.
        """
        wanted = self._put
        async with self._progress:
            await self._progress.wait_for(lambda: self._done >= wanted)
        if run_id in self._lost:
            raise self._lost[run_id]

    async def aclose(self) -> None:
        """Write what is left, and end."""
        self._closing = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def _write_all(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                entries = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
                await self._write(entries)
                async with self._progress:
                    self._done += len(entries)
                    self._progress.notify_all()
            if self._closing:
                return

    async def _write(self, entries: Sequence[Entry]) -> None:
        """Commit entries; those of a run that cannot be stored are lost, and the run is known to be."""
        try:
            with errors.crossing("store"):
                await self._patiently(entries)
        except errors.CodeactError as error:  # whatever it is: whoever waits for the entries must not wait for ever
            runs = dict.fromkeys(entry.run_id for entry in entries)
            if not isinstance(error, errors.StoreConflictError) or len(runs) == 1:
                self._lose(entries, error)
                return
            for run_id in runs:  # one of many is at fault: each alone
                await self._write([entry for entry in entries if entry.run_id == run_id])

    def _lose(self, entries: Sequence[Entry], error: errors.CodeactError) -> None:
        for entry in entries:
            self._lost.setdefault(entry.run_id, error)

    async def _patiently(self, entries: Sequence[Entry]) -> None:
        async def commit(tried: int) -> None:
            await self._database.write(lambda connection: _commit(connection, entries, again=tried > 0))

        try:
            await patiently(self._patience, commit)
        except errors.StoreUnavailableError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            names = ", ".join(sorted({entry.run_id for entry in entries}))
            raise errors.StoreConflictError(f"another process writes the run, or it was removed: {names}") from error


def _commit(connection: Connection, entries: Sequence[Entry], *, again: bool) -> None:
    """Write entries; `again`: an earlier try may have been committed although it failed."""
    if again:
        entries = _left(connection, entries)
    made = [entry.run for entry in entries if entry.number == 0]
    if made:
        connection.execute(insert(RUNS), made)
    if entries:
        rows = [{"run_id": entry.run_id, "number": entry.number, "line": entry.line} for entry in entries]
        connection.execute(insert(EVENTS), rows)
    used = [{"owner": entry.run["owner"], "time": entry.run["updated"], "tokens": entry.used} for entry in entries if entry.used]
    if used:
        connection.execute(insert(USES), used)
    for entry in entries:
        files.refer(connection, entry.run_id, entry.files, entry.made)
        requests.note(connection, entry.request, entry.run_id, entry.number)
    latest = {entry.run_id: {"of": entry.run_id, **entry.run} for entry in entries if entry.number > 0}
    if latest:
        connection.execute(update(RUNS).where(RUNS.c.id == bindparam("of")), list(latest.values()))


def _left(connection: Connection, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Entries that are not stored yet.

    Raises:
        StoreConflictError: one is stored, and is another.
    """
    left: list[Entry] = []
    for entry in entries:
        found = select(EVENTS.c.line).where(EVENTS.c.run_id == entry.run_id, EVENTS.c.number == entry.number)
        line = connection.execute(found).scalar_one_or_none()
        if line is None:
            left.append(entry)
        elif line != entry.line:
            raise errors.StoreConflictError(f"another process writes the run {entry.run_id}: its event {entry.number} is another")
    return left
