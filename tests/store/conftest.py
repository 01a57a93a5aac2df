"""Databases to keep runs in: a file of SQLite, and a PostgreSQL server of the tests' own, reached by a socket in a folder."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from codeact.store.kept import Store, open_store
from store.servers import Postgres, find_programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server with an empty cluster."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="codeact-pg-"))  # a short path: a socket lies in it
    server = Postgres(programs, folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.db'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """An open store."""
    opened = await open_store(address)
    yield opened
    await opened.aclose()
