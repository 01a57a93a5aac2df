"""One server for one database: another is kept out, and one that lost its place to another ends."""

import asyncio

import pytest
from sqlalchemy import text

from codeact import errors
from codeact.store.database import open_database
from codeact.store.kept import open_store
from store.servers import Postgres

HOLDERS = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def test_a_second_server_is_kept_out_while_the_first_is_there(address: str) -> None:
    first, second = await open_store(address), await open_store(address)
    async with first.alone():
        with pytest.raises(errors.StoreConflictError, match="another server uses"):
            async with second.alone():
                pass
    await first.aclose()
    async with second.alone():
        await second.ready()
    await second.aclose()


async def test_a_server_whose_place_was_taken_when_its_connection_was_lost_ends(postgres: Postgres) -> None:
    address = postgres.new_database()
    store, other = await open_store(address), await open_database(address)
    ended = asyncio.Event()

    async def serve() -> None:
        async with store.alone():
            try:
                await ended.wait()
            finally:
                with pytest.raises(errors.StoreUnavailableError, match="another server may use it"):
                    await store.ready()

    serving = asyncio.ensure_future(serve())
    async with other.reading() as connection:
        holders: list[int] = []
        while not holders:
            holders = list((await connection.execute(text(HOLDERS))).scalars())
            await connection.commit()
            await asyncio.sleep(0.05)
        key = (await connection.execute(text(HOLDERS.replace("pid", "classid::bigint << 32 | objid::bigint", 1)))).scalar_one()
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": holders[0]})
        await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})  # waits for the end of the connection that has it
        with pytest.raises(errors.StoreConflictError, match="another server uses"):
            await asyncio.wait_for(serving, 120)
    await store.aclose()
    await other.aclose()


async def test_a_connection_that_was_lost_is_made_again_and_the_server_stays(postgres: Postgres) -> None:
    address = postgres.new_database()
    store, other = await open_store(address), await open_database(address)
    async with store.alone(), other.reading() as connection:
        before = set((await connection.execute(text(HOLDERS))).scalars())
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": min(before)})
        held = set[int]()
        while not held - before:
            await connection.commit()
            await asyncio.sleep(0.1)
            held = set((await connection.execute(text(HOLDERS))).scalars())
    await store.aclose()
    await other.aclose()
