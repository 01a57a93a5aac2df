"""One server for one database: two would go on with the same runs.

Invariant: while the block lasts no other process of any machine is in such a block for the same database; a process that is killed leaves
it, and one whose place was taken by another, when its connection was lost, is put out of it. It does not: keep others from reading, or from
writing runs of their own.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from codeact import errors
from codeact.store.database import Database

_KEY = 0x636F6465616373  # "codeacs": the key of PostgreSQL's advisory lock
_LOOK_SECONDS = 5.0
_MOST_SILENCE = 30.0
_SELF = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_HOLDER = (
    "SELECT a.pid, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND CAST(l.classid AS bigint) = CAST(:key AS bigint) >> 32 AND CAST(l.objid AS bigint) = CAST(:key AS bigint) & 4294967295"
)


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Be the only server of a database.

    Raises:
        StoreConflictError: another one is, or has become it: then the block is cancelled.
        StoreUnavailableError: it cannot be reached.
    """
    async with _by_file(database) if database.file is not None else _by_lock(database):
        yield


@asynccontextmanager
async def _by_file(database: Database) -> AsyncIterator[None]:
    path = f"{database.file}.server"
    try:
        lock = open(path, "wb")  # noqa: ASYNC230, PTH123, SIM115 -- a new file is opened at once; closed below
    except OSError as error:
        raise errors.InputError(f"cannot write beside the database: {path!r}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _taken(database) from None
        yield


@asynccontextmanager
async def _by_lock(database: Database) -> AsyncIterator[None]:
    """A lock that a connection holds; where the connection is lost (the database was started again), it is taken again."""
    taken, over = asyncio.Event(), asyncio.Event()
    holding = asyncio.ensure_future(_hold(database, taken, over))
    waiting = asyncio.ensure_future(taken.wait())
    try:
        await asyncio.wait([holding, waiting], return_when=asyncio.FIRST_COMPLETED)
        if holding.done():
            holding.result()
        async with _as_long_as(holding, over):
            yield
    finally:
        waiting.cancel()
        over.set()  # and not cancelled: the connection is given back as it should be
        with suppress(errors.CodeactError):
            await holding


@asynccontextmanager
async def _as_long_as(holding: asyncio.Future[None], over: asyncio.Event) -> AsyncIterator[None]:
    """A block that is cancelled when the lock is lost for good, and ends with the reason then."""
    block, is_put_out = asyncio.current_task(), False
    assert block is not None

    def lost(_: object) -> None:
        nonlocal is_put_out
        if not over.is_set():
            is_put_out = block.cancel()

    holding.add_done_callback(lost)
    try:
        yield
    except asyncio.CancelledError:
        if not is_put_out or block.uncancel() > 0:  # somebody else has cancelled it as well
            raise
        holding.result()
        raise
    finally:
        holding.remove_done_callback(lost)


async def _hold(database: Database, taken: asyncio.Event, over: asyncio.Event) -> None:
    before: Row[Any] | None = None
    while not over.is_set():
        try:
            async with database.reading() as connection:
                before = await _lock(connection, database, before)
                database.is_contested = False
                taken.set()
                while not await _is_over(over):
                    async with asyncio.timeout(_MOST_SILENCE):
                        await connection.execute(text("SELECT 1"))
                        await connection.commit()
        except errors.StoreUnavailableError:
            if not taken.is_set():
                raise
            database.is_contested = True  # until it is known who has it now
            await _is_over(over)


async def _is_over(over: asyncio.Event) -> bool:
    """Wait for some seconds, or until it is over; whether it is."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), _LOOK_SECONDS)
    return over.is_set()


async def _lock(connection: AsyncConnection, database: Database, before: Row[Any] | None) -> Row[Any]:
    """Take the lock; which connection has it now.

    Args:
        connection: that is to have it.
        database: whose it is.
        before: the connection that had it; PostgreSQL may not have noticed yet that it is lost.

    Raises:
        StoreConflictError: another server has it.
        StoreUnavailableError: the connection that had it still does; it is ended.
    """
    found = (await connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY})).scalar_one()
    if not found and before is not None and before in (await connection.execute(text(_HOLDER), {"key": _KEY})).all():
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before.pid})
        raise errors.StoreUnavailableError(f"an earlier connection to {database.shown} has still to be ended")
    own = (await connection.execute(text(_SELF))).one()
    await connection.commit()
    if not found:
        raise _taken(database)
    return own


def _taken(database: Database) -> errors.StoreConflictError:
    return errors.StoreConflictError(f"another server uses the database {database.shown}: end it, or give this one another --database")
