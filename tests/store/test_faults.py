"""Whoever is killed, writer or database: what is kept is a beginning of the run, and every effect has its call in it."""

import asyncio
import random
from pathlib import Path

import pytest

from codeact import errors, events
from codeact.store.kept import open_store
from store import killed
from store.killing import PRINTED, work
from store.servers import Postgres
from store.test_kept import started, write

RUNS, KILLS = 1, 5


async def test_a_run_whose_process_is_killed_again_and_again_ends_and_does_nothing_twice(address: str, tmp_path: Path) -> None:
    chance, cut = random.Random(address), 0
    for number in range(RUNS):
        effects = tmp_path / f"effects-{number}"
        effects.touch()
        for _ in range(KILLS):
            await asyncio.to_thread(work, address, effects, (chance.randint(1, killed.PAID // KILLS), chance.uniform(0.0, 0.01)))
            store = await open_store(address)
            unfinished = await store.unfinished()
            if unfinished:
                cut += 1
                record = await store.read(unfinished[0].id)
                assert unfinished[0].events == len(record.events)
                done = {str(call.arguments["args"]).strip("[]") for call in record.of_type(events.ToolCalled)}
                assert set(effects.read_text().split()) <= done
            await store.aclose()
        assert await asyncio.to_thread(work, address, effects, None)
        assert effects.read_text().split() == [str(number) for number in range(killed.PAID)]
    store = await open_store(address)
    runs = await store.runs()
    assert [(run.state, run.answer) for run in runs] == [("answered", "paid")] * len(runs)
    for run in runs:
        record = await store.read(run.id)
        printed = [observation.stdout.strip() for observation in record.of_type(events.Observation)]
        assert printed == PRINTED
        assert not record.of_type(events.Feedback)
    await store.aclose()
    assert cut >= RUNS


async def test_a_database_that_is_killed_and_comes_back_loses_nothing(postgres: Postgres) -> None:
    store = await open_store(postgres.new_database())
    record = store.new()
    record.append(started("a"))

    async def talk() -> None:
        for turn in range(400):
            record.append(events.ModelTurn(turn=turn, text=f"turn {turn}"))
            await record.settled()
            await asyncio.sleep(0.002)

    talking = asyncio.create_task(talk())
    await asyncio.sleep(0.2)
    await asyncio.to_thread(postgres.kill)
    assert not talking.done()
    await asyncio.to_thread(postgres.start)
    await talking
    assert (await store.read("a")).events == record.events
    assert (await store.find("a")).turns == 400
    await store.aclose()


async def test_a_file_is_read_when_a_database_that_was_killed_is_back(postgres: Postgres) -> None:
    store = await open_store(postgres.new_database())
    digest = await store.keep_file(b"content")
    await asyncio.to_thread(postgres.kill)
    reading = asyncio.create_task(store.file(digest))
    await asyncio.sleep(0.2)
    assert not reading.done()
    await asyncio.to_thread(postgres.start)
    assert await reading == b"content"
    await store.aclose()


async def test_a_database_that_stays_away_is_given_up_and_the_run_is_told(postgres: Postgres) -> None:
    store = await open_store(postgres.new_database(), patience=0.3)
    record = store.new()
    write(record, "a", answer=None)
    await record.settled()
    await asyncio.to_thread(postgres.kill)
    try:
        record.append(events.ModelTurn(turn=1, text="x"))
        with pytest.raises(errors.StoreUnavailableError, match=r"the database postgresql.* (failed|cannot be used)"):
            await record.settled()
        with pytest.raises(errors.StoreUnavailableError):
            record.append(events.ModelTurn(turn=2, text="y"))
    finally:
        await asyncio.to_thread(postgres.start)
    assert len((await store.read("a")).events) == 2
    await store.aclose()
