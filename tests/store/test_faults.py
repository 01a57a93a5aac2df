"""Whoever is killed, writer or database: what is kept is a beginning of the run, and every effect has its call in it."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeact import errors, events
from codeact.store.kept import open_store
from codeact.trajectory import Trajectory
from store import killed
from store.servers import Postgres
from store.test_kept import started, write

KILLS = 6


def check(record: Trajectory, effects: list[str]) -> None:
    """Nothing is missing between the events that are kept, and no effect is unknown."""
    called = record.of_type(events.ToolCalled)
    returned = {event.call_id for event in record.of_type(events.ToolReturned)}
    numbers = [json.dumps(call.arguments["args"]).strip("[]") for call in called]
    assert numbers[: len(effects)] == effects
    assert len(called) - len(effects) in (0, 1)
    assert [call.call_id for call in called if call.call_id not in returned] in ([], [called[-1].call_id] if called else [])
    order = {kind: place for place, kind in enumerate(["model_turn", "action", "tool_called", "observation"])}
    for turn in {event.turn for event in record.of_type(events.Action)}:
        places = [order[event.type] for event in record.events if event.type in order and getattr(event, "turn", 0) == turn]
        assert places == sorted(places)


def killed_in_the_middle(address: str, effects: Path, lines: int, after: float) -> None:
    """Start a writer, and kill it some seconds after it has said so many lines."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, killed.__file__, address, str(effects)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        time.sleep(after)
        process.kill()


async def test_a_writer_is_killed_at_any_moment(address: str, tmp_path: Path) -> None:
    chance, whole, cut = random.Random(7), 0, 0
    for number in range(KILLS):
        effects = tmp_path / f"effects-{number}"
        effects.touch()
        await asyncio.to_thread(killed_in_the_middle, address, effects, chance.randint(1, 32), chance.uniform(0.0, 0.01))
        store = await open_store(address)
        runs = await store.runs(most=1)
        if runs and len(await store.runs(most=100)) > whole + cut:
            record = await store.read(runs[0].id)
            check(record, effects.read_text().split())
            assert runs[0].events == len(record.events)
            ended = record.last(events.RunEnded) is not None
            whole, cut = whole + ended, cut + (not ended)
        else:
            assert effects.read_text() == ""
        await store.aclose()
    assert cut > KILLS // 2


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
