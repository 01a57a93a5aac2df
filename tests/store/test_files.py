"""Files that runs are given: kept once, found again by their SHA-256, dropped with the last run that was given them."""

import asyncio
import hashlib
import time
from pathlib import Path

import pytest

from codeact import Agent, errors, events
from codeact.models.replay import ScriptModel
from codeact.store.files import MOST_BYTES
from codeact.store.kept import Store, open_store
from codeact.trajectory import Trajectory
from store.test_kept import started

PRICES = b"item,price\napple,0.4\n"


async def given(store: Store, run_id: str, *contents: bytes) -> Trajectory:
    """A kept run that was given files."""
    record = store.new()
    record.append(started(run_id, time.time()))
    digests = tuple([str(await record.keep_file(content)) for content in contents])
    names = tuple(f"{number}.csv" for number in range(len(contents)))
    record.append(events.TaskGiven(text="Which is cheaper?", files=names, digests=digests))
    await record.settled()
    return record


async def test_a_file_is_kept_under_its_sha256_however_often_it_is_given(store: Store) -> None:
    every_byte = bytes(range(256))
    record = await given(store, "a", every_byte, b"")
    digest = hashlib.sha256(every_byte).hexdigest()
    assert await store.keep_file(every_byte) == await store.keep_file(every_byte) == digest
    assert record.of_type(events.TaskGiven)[0].digests[0] == digest
    assert await store.file(digest) == await record.file(digest) == every_byte
    assert await (await store.resume("a")).file(hashlib.sha256(b"").hexdigest()) == b""
    assert (await store.read("a")).events == record.events


async def test_one_file_is_given_by_many_at_once(address: str) -> None:
    stores = [await open_store(address) for _ in range(3)]
    content = b"x" * 300_000
    digests = await asyncio.gather(*(store.keep_file(content) for store in stores for _ in range(5)))
    assert len(set(digests)) == 1
    assert await stores[0].file(digests[0]) == content
    for store in stores:
        await store.aclose()


async def test_a_file_that_is_not_kept_is_an_error_that_names_it(store: Store) -> None:
    with pytest.raises(errors.StoreError, match=r"no file with the SHA-256 'abc' is kept in .*: give the file again"):
        await store.file("abc")
    with pytest.raises(errors.StoreError, match="no file with the SHA-256"):
        await store.new().file("a\0c")


async def test_a_file_may_have_64_mib_and_no_more(store: Store) -> None:
    most = bytes(MOST_BYTES)
    assert len(await store.file(await store.keep_file(most))) == 64 * 1024 * 1024
    with pytest.raises(errors.InputError, match="67,108,865 bytes is too large to be kept"):
        await store.keep_file(most + b"x")


async def test_a_file_goes_with_the_last_run_that_was_given_it(store: Store) -> None:
    (shared, own) = (await given(store, "a", PRICES, b"own", PRICES)).of_type(events.TaskGiven)[0].digests[:2]
    await given(store, "b", PRICES)
    await store.remove("a")
    assert await store.file(shared) == PRICES
    with pytest.raises(errors.StoreError, match=own):
        await store.file(own)
    await store.remove("b")
    with pytest.raises(errors.StoreError, match=shared):
        await store.file(shared)


async def test_a_file_that_was_given_again_since_stays_until_it_is_loose_for_long(store: Store) -> None:
    await given(store, "a", PRICES)
    digest = await store.keep_file(PRICES)  # for a run that is about to begin
    await store.remove("a")
    assert await store.drop_loose_files(60.0) == 0
    await given(store, "b", PRICES)
    assert await store.drop_loose_files(-1.0) == 0
    assert await store.file(digest) == PRICES


async def test_loose_files_are_dropped_and_others_are_not(store: Store) -> None:
    await given(store, "a", PRICES)
    loose = [await store.keep_file(content) for content in (b"1", b"2")]
    assert await store.drop_loose_files(60.0) == 0
    assert await store.drop_loose_files(-1.0) == 2
    assert await store.drop_loose_files(-1.0) == 0
    for digest in loose:
        with pytest.raises(errors.StoreError):
            await store.file(digest)
    assert await store.file(hashlib.sha256(PRICES).hexdigest()) == PRICES


async def test_loose_files_are_dropped_while_runs_are_given_them_and_no_run_is_lost(address: str) -> None:
    store, other = await open_store(address), await open_store(address)

    async def drop() -> None:
        for _ in range(30):
            await other.drop_loose_files(-1.0)

    async def give(number: int) -> None:
        for turn in range(5):
            await given(store, f"{number}-{turn}", PRICES)
            await store.remove(f"{number}-{turn}")

    await asyncio.gather(drop(), *(give(number) for number in range(6)))
    assert await store.count() == 0
    await store.aclose()
    await other.aclose()


async def test_a_run_of_elsewhere_whose_files_are_not_here_is_added(store: Store) -> None:
    record = Trajectory()
    record.append(started("a"))
    record.append(events.TaskGiven(text="?", files=("a.csv",), digests=("0" * 64,)))
    await store.add(record)
    assert (await store.read("a")).events == record.events
    await store.remove("a")


async def test_an_agent_keeps_the_files_that_it_is_given(store: Store, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_bytes(PRICES)
    turns = ["<execute>\nprint(len(open('prices.csv').read()))\n</execute>", "<solution>1</solution>"]
    record = store.new()
    async with Agent(ScriptModel(turns), preload=()) as agent:
        run = await agent.arun("How many?", files=[tmp_path / "prices.csv"], trajectory=record)
    assert run.state == "answered"
    kept = await store.read((await store.runs())[0].id)
    (task,) = kept.of_type(events.TaskGiven)
    assert (task.files, [await store.file(digest) for digest in task.digests]) == (("prices.csv",), [PRICES])
