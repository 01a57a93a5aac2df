"""Runs in a database: begun, gone on with, read, listed, searched and removed.

Invariant: what a reader sees of a run is a beginning of it, whole events in order, also while it is written. It does not: run anything.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, func, or_, select

from codeact import errors, events
from codeact.store.database import Database, open_database
from codeact.store.journal import Entry, Journal
from codeact.store.schema import EVENTS, RUNS
from codeact.store.summary import RUNNING, WAITING, Summary
from codeact.trajectory import Trajectory


class Store:
    """Runs in an open database; made by `open_store`, used from one event loop.

    Args:
        database: open; closed by `aclose`.
        patience: seconds for which a database that went away is waited for before a run is given up.
    """

    def __init__(self, database: Database, patience: float = 30.0) -> None:
        self._database = database
        self._journal = Journal(database, patience)

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return self._database.shown

    def new(self) -> Trajectory:
        """A trajectory for a run that is to be kept from its first event on."""
        return Trajectory(keeper=_Keeping(self._journal, None))

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
        return Trajectory(events=found, keeper=_Keeping(self._journal, summary))

    async def add(self, trajectory: Trajectory) -> str:
        """Keep a run that happened elsewhere, whole; returns its id.

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
        found = await self._summaries(select(RUNS).where(RUNS.c.id == run_id))
        if not found:
            raise errors.StoreError(f"there is no run {run_id!r} in {self.shown}; list them with Store.runs")
        return found[0]

    async def runs(
        self, *, states: Sequence[str] = (), search: str = "", most: int = 50, before: tuple[float, str] | None = None
    ) -> list[Summary]:
        """Runs in short, the newest first.

        Args:
            states: only these; none: all.
            search: only runs with these words in the title or the answer.
            most: how many.
            before: `created` and `id` of the last run of the page before.
        """
        wanted = select(RUNS).order_by(RUNS.c.created.desc(), RUNS.c.id.desc()).limit(most)
        if states:
            wanted = wanted.where(RUNS.c.state.in_(states))
        if search:
            wanted = wanted.where(or_(RUNS.c.title.icontains(search, autoescape=True), RUNS.c.answer.icontains(search, autoescape=True)))
        if before is not None:
            created, run_id = before
            wanted = wanted.where(or_(RUNS.c.created < created, (RUNS.c.created == created) & (RUNS.c.id < run_id)))
        return await self._summaries(wanted)

    async def unfinished(self) -> list[Summary]:
        """Runs that were going on or waiting when they were last written, the oldest first."""
        return await self._summaries(select(RUNS).where(RUNS.c.state.in_((RUNNING, WAITING))).order_by(RUNS.c.created, RUNS.c.id))

    async def count(self) -> int:
        """How many runs there are."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).select_from(RUNS))).scalar_one()

    async def remove(self, run_id: str) -> None:
        """Remove a run and all its events. Whoever still writes it gets a `StoreConflictError`.

        Raises:
            StoreError: there is no such run.
        """
        await self.find(run_id)
        async with self._database.writing() as connection:  # its events go with it
            await connection.execute(delete(RUNS).where(RUNS.c.id == run_id))

    async def aclose(self) -> None:
        """Write what is left, and close the database."""
        await self._journal.aclose()
        await self._database.aclose()

    async def _summaries(self, wanted: Select[Any]) -> list[Summary]:
        async with self._database.reading() as connection:
            return [Summary(**row) for row in (await connection.execute(wanted)).mappings()]

    async def _events(self, run_id: str) -> list[events.AnyEvent]:
        run = await self.find(run_id)
        if run.version > events.SCHEMA_VERSION:
            raise errors.StoreVersionError(
                f"the run {run_id!r} has version {run.version}, this codeact reads up to {events.SCHEMA_VERSION}: install a newer codeact"
            )
        wanted = select(EVENTS.c.line).where(EVENTS.c.run_id == run_id).order_by(EVENTS.c.number)
        async with self._database.reading() as connection:
            return [events.EVENT.validate_json(line) for line in (await connection.execute(wanted)).scalars()]


async def open_store(address: str | Path, patience: float = 30.0) -> Store:
    """Open a store.

    Args:
        address: see `open_database`.
        patience: see `Store`.

    Raises:
        InputError, StoreError, MissingExtraError: see `open_database`.
    """
    return Store(await open_database(address), patience)


class _Keeping:
    """The events of one run, on their way into the journal."""

    def __init__(self, journal: Journal, summary: Summary | None) -> None:
        self._journal = journal
        self._summary = summary

    def keep(self, number: int, event: events.AnyEvent, line: str) -> None:
        """See `trajectory.Keeper`."""
        if self._summary is None:
            self._summary = Summary.begin(event)
        else:
            self._summary.add(event)
        self._journal.put(Entry(self._summary.id, number, line, self._summary.columns()))

    async def settled(self) -> None:
        """See `trajectory.Keeper`."""
        if self._summary is not None:
            await self._journal.settled(self._summary.id)
