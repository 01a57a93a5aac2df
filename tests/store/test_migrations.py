"""A database of an older codeact is brought to today's schema, with everything that was in it, or left as it was."""

import pytest
from sqlalchemy import text

from codeact import errors, events
from codeact.store.database import open_database
from codeact.store.kept import open_store
from store import schema_0001
from store.test_database import differences


async def test_a_database_of_the_first_schema_is_opened_with_all_that_is_in_it(address: str) -> None:
    await schema_0001.make(address)
    store = await open_store(address)
    found = {run.id: run for run in await store.runs()}
    assert [(run.owner, run.parent, run.state, run.events) for run in (found["first"], found["second"])] == [
        ("", None, "answered", 5),
        ("", "first", "running", 3),
    ]
    for run_id, lines in schema_0001.RUNS.items():
        assert (await store.as_file(run_id)).splitlines()[1:] == lines
    assert [event.type for event in (await store.read("first")).events][-1] == "run_ended"
    assert [run.id for run in await store.unfinished()] == ["second"]
    assert [await store.tokens_since("", since) for since in (1.5, 2.0)] == [30, 0]
    record = await store.resume("second")
    digest = await record.keep_file(b"apple,0.4")
    record.append(events.TaskGiven(text="And then?", files=("prices.csv",), digests=(str(digest),)))
    await record.settled()
    assert (await store.read("second")).events == record.events
    assert (await store.find("second")).parent == "first"
    await store.aclose()


async def test_the_steps_lead_from_the_first_schema_to_todays(address: str) -> None:
    await schema_0001.make(address)
    database = await open_database(address)
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.aclose()


async def test_a_step_that_fails_leaves_the_database_as_it_was(address: str) -> None:
    await schema_0001.make(address)
    engine = schema_0001.engine(address)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE keys (mine TEXT)"))  # in the way of the last table that the step makes
    with pytest.raises(errors.StoreUnavailableError, match="already exists"):
        await open_store(address)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE keys"))
    await engine.dispose()
    store = await open_store(address)
    assert await store.count() == 2
    await store.aclose()
