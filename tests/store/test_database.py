"""Databases are opened, made, brought to the newest schema, or refused with a reason."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from codeact import errors
from codeact.store.database import Database, open_database
from codeact.store.schema import METADATA


async def opened(address: str | Path) -> Database:
    return await open_database(address)


def differences(connection: Connection) -> list[object]:
    """Between a database and today's schema."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


async def test_the_migrations_lead_to_the_schema(address: str) -> None:
    database = await opened(address)
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.aclose()


async def test_many_open_a_new_database_at_once(address: str) -> None:
    databases = await asyncio.gather(*(opened(address) for _ in range(8)))
    for database in databases:
        async with database.reading() as connection:
            assert (await connection.execute(text("select count(*) from runs"))).scalar_one() == 0
        await database.aclose()


async def test_a_newer_database_is_refused_and_left_alone(address: str) -> None:
    database = await opened(address)
    async with database.writing() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(errors.StoreVersionError, match=r"has schema 9999, this codeact knows up to .*: install a newer codeact"):
        await opened(address)
    async with database.reading() as connection:
        assert (await connection.execute(text("select version_num from alembic_version"))).scalar_one() == "9999"
    await database.aclose()


async def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    database = await opened(tmp_path / "new folder" / "runs 100%.db")
    async with database.reading() as connection:
        settings = [
            (await connection.execute(text(f"pragma {name}"))).scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    await database.aclose()
    assert settings == ["wal", 2, 1]
    assert (tmp_path / "new folder").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://root:secret@host/db", r"'mysql://root:\*\*\*@host/db' is no database that codeact can use"),
        ("postgresql://host", "is no database that codeact can use"),
        ("sqlite://", "is no database that codeact can use"),
        ("://x", "is no address of a database"),
        ("/proc/nowhere/runs.db", "cannot make the folder of the database"),
    ],
)
async def test_an_address_that_is_none_is_refused(address: str, said: str) -> None:
    with pytest.raises(errors.InputError, match=said):
        await opened(address)


async def test_a_file_that_is_not_there_is_only_made_if_it_may_be(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"there is no database '.*runs\.db'"):
        await open_database(tmp_path / "runs.db", make=False)
    await (await open_database(tmp_path / "runs.db")).aclose()
    await (await open_database(tmp_path / "runs.db", make=False)).aclose()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk\n" * 100)
    with pytest.raises(errors.StoreUnavailableError, match="file is not a database"):
        await opened(path)
    assert path.read_text() == "remember the milk\n" * 100


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(errors.StoreUnavailableError, match=r"postgresql\+asyncpg://me:\*\*\*@/runs") as caught:
        await opened(f"postgresql://me:secret@/runs?host={tmp_path}")
    assert "secret" not in str(caught.value)


async def test_tables_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "runs.db") as other:
        other.execute("create table notes (line text)")
        other.execute("insert into notes values ('mine')")
    other.close()
    database = await opened(tmp_path / "runs.db")
    async with database.reading() as connection:
        assert (await connection.execute(text("select line from notes"))).scalar_one() == "mine"
    await database.aclose()
