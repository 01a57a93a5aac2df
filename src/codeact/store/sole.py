"""One server for one database: two would go on with the same runs.

Invariant: while the block lasts no other process of any machine is in such a block for the same database; a process that is killed leaves
it. It does not: keep others from reading, or from writing runs of their own.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from codeact import errors
from codeact.store.database import Database

_KEY = 0x636F6465616373  # "codeacs": the key of PostgreSQL's advisory lock
_LOOK_SECONDS = 5.0


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Be the only server of a database.

    Raises:
        StoreConflictError: another one is.
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
        yield
    finally:
        waiting.cancel()
        over.set()  # and not cancelled: the connection is given back as it should be
        with suppress(errors.CodeactError):
            await holding


async def _hold(database: Database, taken: asyncio.Event, over: asyncio.Event) -> None:
    while not over.is_set():
        try:
            async with database.reading() as connection:
                await _lock(connection, database)
                taken.set()
                while not await _is_over(over):
                    await connection.execute(text("SELECT 1"))
                    await connection.commit()
        except errors.StoreUnavailableError:
            if not taken.is_set():
                raise
            await _is_over(over)


async def _is_over(over: asyncio.Event) -> bool:
    """Wait for some seconds, or until it is over; whether it is."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), _LOOK_SECONDS)
    return over.is_set()


async def _lock(connection: AsyncConnection, database: Database) -> None:
    found = (await connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY})).scalar_one()
    await connection.commit()
    if not found:
        raise _taken(database)


def _taken(database: Database) -> errors.StoreConflictError:
    return errors.StoreConflictError(f"another server uses the database {database.shown}: end it, or give this one another --database")
