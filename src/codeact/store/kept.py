"""Runs in a database: begun, gone on with, read, listed, searched and removed, with the files that they were given.

Invariant: what a reader sees of a run is a beginning of it, whole events in order, also while it is written. A run by an agent and the
record of a session without one are kept alike, and listed apart. It does not: run anything.
"""

import json
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from codeact import errors, events
from codeact.store import files
from codeact.store.database import Database, open_database
from codeact.store.journal import Entry, Journal
from codeact.store.keys import Keys
from codeact.store.requests import Requests
from codeact.store.schema import EVENTS, RUN_FILES, RUNS, USES, storable
from codeact.store.sole import alone
from codeact.store.summary import RUNNING, WAITING, Summary
from codeact.store.talks import Talks
from codeact.trajectory import KIND, Trajectory

_MOST_NAMED = 4


class Store:
    """Runs in an open database; made by `open_store`, used from one event loop.

    Args:
        database: open; closed by `aclose`.
        patience: seconds for which a database that went away is waited for before a run is given up.
    """

    def __init__(self, database: Database, patience: float = 30.0) -> None:
        self._database = database
        self._journal = Journal(database, patience)
        self._files = files.Files(database, patience)
        self.keys = Keys(database)
        self.requests = Requests(database)
        self.talks = Talks(database)

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return self._database.shown

    def new(self) -> Trajectory:
        """A trajectory for a run that is to be kept from its first event on."""
        return Trajectory(keeper=self._keeping(None))

    async def read(self, run_id: str) -> Trajectory:
        """A run as far as it is kept; nothing more is written to it.

        Raises:
            StoreError: there is no such run, or a newer codeact wrote it.
        """
        return Trajectory(events=await self._events(run_id))

    async def resume(self, run_id: str) -> Trajectory:
        """A run as far as it is kept, to go on with.

        Raises:
            StoreError: as for `read`.
        """
        found = await self._events(run_id)
        summary = Summary.begin(found[0])
        for event in found[1:]:
            summary.add(event)
        return Trajectory(events=found, keeper=self._keeping(summary))

    async def as_file(self, run_id: str) -> str:
        """A run as a trajectory file, every event as it was written.

        Raises:
            StoreError: as for `read`.
        """
        lines = await self._lines(run_id)
        header = json.dumps({"codeact": KIND, "version": (await self.find(run_id)).version})
        return "".join(f"{line}\n" for line in (header, *lines))

    async def add(self, trajectory: Trajectory) -> str:
        """Keep a run that happened elsewhere, whole but for its files; returns its id.

        Raises:
            StoreConflictError: a run of this id is kept already.
        """
        kept = self.new()
        for event in trajectory.events:
            kept.append(event)
        await kept.settled()
        started = kept.last(events.RunStarted)
        assert started is not None
        return started.run_id

    async def find(self, run_id: str) -> Summary:
        """One run in short.

        Raises:
            StoreError: there is no such run.
        """
        found = await self._summaries(select(RUNS).where(RUNS.c.id == storable(run_id)))
        if not found:
            raise errors.StoreError(f"there is no run {run_id!r} in {self.shown}; list them with Store.runs")
        return found[0]

    async def named(self, beginning: str) -> Summary:
        """The one run, or record of a session, whose id is this or begins so.

        Raises:
            StoreError: there is none, or there are several.
        """
        wanted = select(RUNS).where(RUNS.c.id.startswith(storable(beginning), autoescape=True)).order_by(RUNS.c.id).limit(_MOST_NAMED)
        found = await self._summaries(wanted)
        whole = [run for run in found if run.id == beginning]  # the first of those that begin so
        if len(whole or found) == 1:
            return (whole or found)[0]
        if not found:
            raise errors.StoreError(f"there is no run whose id begins with {beginning!r} in {self.shown}; list them with Store.runs")
        names = ", ".join(run.id for run in found) + (", ..." if len(found) == _MOST_NAMED else "")
        raise errors.StoreError(f"several runs have an id that begins with {beginning!r}: {names}; give more of it")

    async def runs(
        self,
        *,
        states: Sequence[str] = (),
        search: str = "",
        most: int = 50,
        before: tuple[float, str] | None = None,
        owner: str | None = None,
        sessions: bool = False,
    ) -> list[Summary]:
        """Runs in short, the newest first.

        Args:
            states: only these; none: all.
            search: only runs with these words in the title or the answer.
            most: how many.
            before: `created` and `id` of the last run of the page before.
            owner: only runs of this one.
            sessions: records of sessions without an agent, and no runs.
        """
        wanted = select(RUNS).where(_kind(sessions)).order_by(RUNS.c.created.desc(), RUNS.c.id.desc()).limit(most)
        if states:
            wanted = wanted.where(RUNS.c.state.in_(states))
        if owner is not None:
            wanted = wanted.where(RUNS.c.owner == storable(owner))
        if search:
            search = storable(search)
            wanted = wanted.where(or_(RUNS.c.title.icontains(search, autoescape=True), RUNS.c.answer.icontains(search, autoescape=True)))
        if before is not None:
            created, run_id = before
            wanted = wanted.where(or_(RUNS.c.created < created, (RUNS.c.created == created) & (RUNS.c.id < run_id)))
        return await self._summaries(wanted)

    async def unfinished(self, *, sessions: bool = False) -> list[Summary]:
        """Runs that were going on or waiting when they were last written, the oldest first; with `sessions`, records of those instead."""
        going = RUNS.c.state.in_((RUNNING, WAITING))
        return await self._summaries(select(RUNS).where(going, _kind(sessions)).order_by(RUNS.c.created, RUNS.c.id))

    async def count(self, *, sessions: bool = False) -> int:
        """How many runs there are; with `sessions`, how many records of those."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).select_from(RUNS).where(_kind(sessions)))).scalar_one()

    async def tokens_since(self, owner: str, since: float) -> int:
        """Tokens, read and written, that the owner's runs used after a time, those that were removed since too. What a branch has of the
        turns of another run counts once.

        Args:
            owner: whose.
            since: in seconds since 1970.
        """
        used = func.coalesce(func.sum(USES.c.tokens), 0)
        async with self._database.reading() as connection:
            found = await connection.execute(select(used).where(USES.c.owner == storable(owner), USES.c.time > since))
            return int(found.scalar_one())

    async def forget_uses(self, older_than: float) -> int:
        """Forget which tokens were used longer ago than so many seconds; returns of how many turns."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(USES).where(USES.c.time < time.time() - older_than))).rowcount

    async def ready(self) -> None:
        """Ask the database for an answer.

        Raises:
            StoreUnavailableError: it gives none, or another server may use it by now.
        """
        if self._database.is_contested:
            raise errors.StoreUnavailableError(f"the connection to the database {self.shown} was lost; another server may use it by now")
        async with self._database.reading() as connection:
            await connection.execute(select(1))

    async def keep_file(self, content: bytes) -> str:
        """Keep the content of a file, which a run may be given later; returns its SHA-256 in hexadecimal.

        Raises:
            InputError: it is larger than 64 MiB.
            StoreUnavailableError: it cannot be kept.
        """
        return await self._files.keep(content)

    async def file(self, digest: str) -> bytes:
        """The content of a kept file.

        Args:
            digest: as `keep_file` returned it.

        Raises:
            StoreError: it is not kept.
        """
        return await self._files.read(digest)

    async def drop_loose_files(self, older_than: float) -> int:
        """Drop files that no run was given; returns how many.

        Args:
            older_than: seconds since they were last kept; younger ones are left, since a run may be about to be given them.
        """
        return await self._files.drop_loose(older_than)

    async def remove(self, run_id: str) -> None:
        """Remove a run, all its events, and files that no other was given. Whoever still writes it gets a `StoreConflictError`.

        Raises:
            StoreError: there is no such run.
        """
        await self.find(run_id)
        async with self._database.writing() as connection:  # its events go with it
            wanted = select(RUN_FILES.c.sha256, RUN_FILES.c.created).where(RUN_FILES.c.run_id == run_id)
            given = [(row.sha256, row.created) for row in await connection.execute(wanted)]
            await connection.execute(delete(RUNS).where(RUNS.c.id == run_id))
            await files.drop_of(connection, given)

    def alone(self) -> AbstractAsyncContextManager[None]:
        """A block in which this is the only server of the database; see `sole.alone`."""
        return alone(self._database)

    async def aclose(self) -> None:
        """Write what is left, and close the database."""
        await self._journal.aclose()
        await self._database.aclose()

    def _keeping(self, summary: Summary | None) -> "_Keeping":
        return _Keeping(self._journal, self._files, self.requests, summary)

    async def _summaries(self, wanted: Select[Any]) -> list[Summary]:
        async with self._database.reading() as connection:
            return [Summary(**row) for row in (await connection.execute(wanted)).mappings()]

    async def _events(self, run_id: str) -> list[events.AnyEvent]:
        return [events.EVENT.validate_json(line) for line in await self._lines(run_id)]

    async def _lines(self, run_id: str) -> list[str]:
        run = await self.find(run_id)
        if run.version > events.SCHEMA_VERSION:
            raise errors.StoreVersionError(
                f"the run {run_id!r} has version {run.version}, this codeact reads up to {events.SCHEMA_VERSION}: install a newer codeact"
            )
        wanted = select(EVENTS.c.line).where(EVENTS.c.run_id == run_id).order_by(EVENTS.c.number)
        async with self._database.reading() as connection:
            return list((await connection.execute(wanted)).scalars())


def _kind(sessions: bool) -> ColumnElement[bool]:
    return RUNS.c.model == "" if sessions else RUNS.c.model != ""


async def open_store(address: str | Path, patience: float = 30.0, *, make: bool = True) -> Store:
    """Open a store.

    Args:
        address, make: see `open_database`.
        patience: see `Store`.

    Raises:
        InputError, StoreError, MissingExtraError: see `open_database`.
    """
    return Store(await open_database(address, make=make), patience)


def _used(run: Summary, event: events.AnyEvent) -> int:
    """Tokens that an event of a run tells of; none of those that happened before the run began: in the run that it was branched from."""
    if not isinstance(event, events.ModelTurn) or event.time < run.created:
        return 0
    return event.usage.input_tokens + event.usage.output_tokens


class _Keeping:
    """The events of one run, on their way into the journal."""

    def __init__(self, journal: Journal, kept: files.Files, requests: Requests, summary: Summary | None) -> None:
        self._journal = journal
        self._files = kept
        self._requests = requests
        self._summary = summary

    def keep(self, number: int, event: events.AnyEvent, line: str) -> None:
        """See `trajectory.Keeper`."""
        if self._summary is None:
            self._summary = Summary.begin(event)
        else:
            self._summary.add(event)
        digests = event.digests if isinstance(event, events.TaskGiven) else ()
        request = self._requests.taken(self._summary.id, event)
        used = _used(self._summary, event)
        self._journal.put(Entry(self._summary.id, number, line, self._summary.columns(), digests, request, used))

    async def settled(self) -> None:
        """See `trajectory.Keeper`."""
        if self._summary is not None:
            await self._journal.settled(self._summary.id)

    async def keep_file(self, content: bytes) -> str:
        """See `trajectory.Keeper`."""
        return await self._files.keep(content)

    async def file(self, digest: str) -> bytes:
        """See `trajectory.Keeper`."""
        return await self._files.read(digest)
