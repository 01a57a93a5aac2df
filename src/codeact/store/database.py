"""A database, opened: reached, at the newest schema, and set so that what is committed survives a loss of power.

Invariant: an open database has this codeact's schema: an older one is brought there, by one process at a time, and a newer one is refused
untouched. It does not: know what is in the tables.
"""

import asyncio
import fcntl
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from codeact import errors

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_BUSY_SECONDS = 30
_CONNECTIONS = 16
_LONGEST_PAUSE = 1.0
_MIGRATION_LOCK = 0x636F6465616374  # "codeact": the key of PostgreSQL's advisory lock

T = TypeVar("T")


class Database:
    """An open database; made by `open_database`.

    Args:
        engine: connections to it.
        direct: connections to a file that are used without the event loop; None: there is no file.
    """

    def __init__(self, engine: AsyncEngine, direct: Engine | None = None) -> None:
        self._engine = engine
        self._direct = direct
        self._thread = ThreadPoolExecutor(1, "codeact-store")
        self.is_contested = False
        """Whether the connection was lost by which this is the only server of it, so that another may have become that (see `sole`)."""

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return shown(self._engine.url)

    @property
    def file(self) -> str | None:
        """The file of SQLite; None for a server."""
        return self._engine.url.database if self._engine.url.get_backend_name() == "sqlite" else None

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to read by.

        Raises:
            StoreUnavailableError: it cannot be reached, or failed.
        """
        return self._opened(self._engine.connect())

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection whose transaction is committed at the block's end, or undone if the block raises.

        Raises:
            StoreUnavailableError: it cannot be reached, or failed.
        """
        return self._opened(self._engine.begin())

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do all of some work in a transaction, which is committed when it returns, or undone if it raises.

        A file is worked on in a thread of its own: there and back once, and not with every statement.

        Args:
            work: what is to be done.

        Raises:
            StoreUnavailableError: it cannot be reached, or failed.
        """
        with _typed(self._engine.url):
            if self._direct is not None:
                return await asyncio.get_running_loop().run_in_executor(self._thread, _in_transaction, self._direct, work)
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)

    @asynccontextmanager
    async def _opened(self, opening: AbstractAsyncContextManager[AsyncConnection]) -> AsyncIterator[AsyncConnection]:
        with _typed(self._engine.url):
            async with opening as connection:
                yield connection

    async def aclose(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
        if self._direct is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._direct.dispose)
        self._thread.shutdown(wait=False)


async def open_database(address: str | Path, *, make: bool = True) -> Database:
    """Open a database, made or brought to the newest schema if need be.

    Args:
        address: a path (SQLite), or a URL: ``sqlite:///PATH``, ``postgresql://USER@HOST/NAME``.
        make: whether a file that is not there is made.

    Raises:
        InputError: the address is none, or the file is not there or cannot be made.
        StoreVersionError: a newer codeact made it.
        StoreUnavailableError: it cannot be reached.
        MissingExtraError: its driver is not installed.
    """
    url = _url(address)
    if not make:
        _check_there(url)
    engine = _engine(url)
    try:
        with _typed(url):
            async with _alone(url), engine.begin() as connection:
                if url.get_backend_name() == "postgresql":
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
                await connection.run_sync(_migrate, shown(url))
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine, _direct(url))


async def patiently(seconds: float, work: Callable[[int], Awaitable[T]]) -> T:
    """Do what can be done twice; while the database is away, try again.

    Args:
        seconds: for how long.
        work: is given how often it was tried before, and may have been done then although it failed.

    Raises:
        StoreUnavailableError: it stays away, or the work goes against what is in it.
    """
    begun, pause, tried = time.monotonic(), 0.02, 0
    while True:
        try:
            return await work(tried)
        except errors.StoreUnavailableError as error:
            if isinstance(error.__cause__, IntegrityError) or time.monotonic() - begun + pause > seconds:
                raise
        await asyncio.sleep(pause)
        pause, tried = min(2 * pause, _LONGEST_PAUSE), tried + 1


def shown(url: URL) -> str:
    """An address, for people: a password in it is hidden."""
    return url.database or ":memory:" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _url(address: str | Path) -> URL:
    given = str(address)
    if "://" not in given:
        return URL.create(_DRIVERS["sqlite"], database=str(Path(given).expanduser().absolute()))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise errors.InputError(f"{given!r} is no address of a database: {error}") from None
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None or not url.database:
        raise errors.InputError(
            f"{url.render_as_string(hide_password=True)!r} is no database that codeact can use: give a path (SQLite), sqlite:///PATH, or "
            "postgresql://USER@HOST/NAME"
        )
    return url.set(drivername=driver)


def _check_there(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise errors.InputError(f"there is no database {shown(url)!r}: nothing was kept there yet, or its address is another")


def _engine(url: URL) -> AsyncEngine:
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _make_folder(Path(url.database or ""))
    try:
        own: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS}} if sqlite else {"pool_pre_ping": True}
        own |= {"pool_size": _CONNECTIONS, "max_overflow": 0, "pool_use_lifo": True}  # one over it would be opened anew for each use
        engine = create_async_engine(url, hide_parameters=True, **own)  # hidden: an error must not quote what is kept
    except ModuleNotFoundError as error:
        extra = "serve" if sqlite else "postgres"
        raise errors.MissingExtraError(str(error.name), extra, f"the database {shown(url)}") from None
    if sqlite:
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    return engine


def _direct(url: URL) -> Engine | None:
    """Connections to a file, for `Database.write`."""
    if url.get_backend_name() != "sqlite":
        return None
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise errors.InputError(f"cannot make the folder of the database {str(path)!r}: {error.strerror}") from error


def _set_up_sqlite(connection: Any, _: object) -> None:
    """Readers do not wait for writers; a commit is on the disk when it returns."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@asynccontextmanager
async def _alone(url: URL) -> AsyncIterator[None]:
    """No two processes migrate one file: SQLite's own transactions do not cover all that a migration does."""
    if url.get_backend_name() != "sqlite":
        yield
        return
    try:
        lock = open(f"{url.database}.lock", "wb")  # noqa: ASYNC230, PTH123, SIM115 -- a new file is opened at once; closed below
    except OSError as error:
        raise errors.InputError(f"cannot write beside the database {url.database!r}: {error.strerror}") from error
    with lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _typed(url: URL) -> Iterator[None]:
    """What fails at a database's boundary, as an error of ours."""
    try:
        yield
    except DBAPIError as error:
        raise errors.StoreUnavailableError(f"the database {shown(url)} failed: {_reason(error.orig)}") from error
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise errors.StoreUnavailableError(f"the database {shown(url)} cannot be used: {_reason(error)}") from error


def _reason(error: BaseException | None) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]


def _migrate(connection: Connection, where: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    found, newest = MigrationContext.configure(connection).get_current_revision(), scripts.get_current_head()
    if found == newest:
        return
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise errors.StoreVersionError(
            f"the database {where} has schema {found}, this codeact knows up to {newest}: install a newer codeact"
        )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # else each table that is made is committed by itself
    command.upgrade(config, "head")
