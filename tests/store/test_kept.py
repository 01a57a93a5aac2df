"""Runs in a database: what was recorded comes back, in order and whole; lists, pages, searches and removals; two writers of one run."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from codeact import Agent, errors, events
from codeact.models.replay import ScriptModel
from codeact.store.kept import Store, open_store
from codeact.trajectory import Trajectory
from store.servers import Postgres

TURNS = ["I add.\n<execute>\nprice('pear') + 1\n</execute>", "<solution>4</solution>"]


def started(run_id: str, when: float = 1.0, **other: Any) -> events.RunStarted:
    given: dict[str, Any] = {"model": "script", "format": "code", "system": "Be brief.", "isolation": "none", "limits": events.Limits()}
    return events.RunStarted(run_id=run_id, time=when, **{**given, **other})


def write(record: Trajectory, run_id: str, task: str = "What?", answer: str | None = "42", when: float = 1.0, **other: Any) -> None:
    record.append(started(run_id, when, **other))
    record.append(events.TaskGiven(text=task, time=when))
    if answer is not None:
        usage = events.Usage(input_tokens=10, output_tokens=5, cost=0.25)
        record.append(events.ModelTurn(turn=1, text=f"<solution>{answer}</solution>", usage=usage, time=when))
        record.append(events.Answered(turn=1, text=answer, time=when))
        record.append(events.RunEnded(state="answered", turns=1, usage=usage, time=when))


async def test_a_run_comes_back_as_it_was_and_in_short(store: Store) -> None:
    record = store.new()
    write(record, "a", task="Sum \N{SNOWMAN} \ud800?")
    record.append(events.StreamChunk(turn=1, name="stdout", text="only shown"))
    await record.settled()
    assert (await store.read("a")).events == record.events
    assert (await store.read("a")).messages == record.messages
    found = await store.find("a")
    assert (found.title, found.model, found.format, found.state, found.answer) == (
        "Sum \N{SNOWMAN} \ufffd?",
        "script",
        "code",
        "answered",
        "42",
    )
    assert (found.turns, found.input_tokens, found.output_tokens, found.cost, found.events) == (1, 10, 5, 0.25, 5)
    assert await store.runs() == [found]


async def test_an_agents_run_with_a_tool_is_kept(store: Store) -> None:
    seen: list[str] = []

    def price(item: str) -> int:
        """Price of an item."""
        seen.append(item)
        return 3

    record = store.new()
    async with Agent(ScriptModel(TURNS), tools=[price], preload=()) as agent:
        run = await agent.arun("What is a pear and one?", trajectory=record)
    assert (run.answer, seen) == ("4", ["pear"])
    kept = (await store.read((await store.runs())[0].id)).events
    assert kept == record.events
    assert [event.type for event in kept][3:7] == ["action", "tool_called", "tool_returned", "observation"]


async def test_a_tool_is_called_only_after_its_call_is_kept(store: Store, address: str) -> None:
    told: list[list[str]] = []
    other = await open_store(address)

    async def look() -> str:
        """Look."""
        told.append([event.type for event in (await other.read((await other.runs())[0].id)).events])
        return "seen"

    async with Agent(
        ScriptModel(["<execute>\nawait look()\nawait look()\n</execute>", "<solution>x</solution>"]), tools=[look], preload=()
    ) as agent:
        await agent.arun("Look twice.", trajectory=store.new())
    await other.aclose()
    start = ["run_started", "task_given", "model_turn", "action", "tool_called"]
    assert told == [start, [*start, "tool_returned", "tool_called"]]


async def test_a_run_is_gone_on_with(store: Store) -> None:
    record = store.new()
    write(record, "a")
    await record.settled()
    again = await store.resume("a")
    again.append(events.TaskGiven(text="And then?"))
    await again.settled()
    found = await store.find("a")
    assert (found.state, found.answer, found.title, found.events) == ("running", None, "What?", 6)
    assert (await store.read("a")).events == again.events
    assert [run.id for run in await store.unfinished()] == ["a"]


async def test_many_runs_are_written_side_by_side(store: Store) -> None:
    records = [store.new() for _ in range(60)]

    async def fill(number: int, record: Trajectory) -> None:
        record.append(started(f"run-{number}"))
        for turn in range(30):
            record.append(events.ModelTurn(turn=turn, text=f"{number}-{turn}"))
            if turn % 3 == 0:
                await record.settled()
        await record.settled()

    await asyncio.gather(*(fill(number, record) for number, record in enumerate(records)))
    for number, record in enumerate(records):
        assert (await store.read(f"run-{number}")).events == record.events
    assert await store.count() == 60


async def test_lists_come_in_pages_and_can_be_searched(store: Store) -> None:
    record = store.new()
    for number in range(7):
        record = store.new()
        write(record, f"r{number}", task=f"Task {number} 100%", answer=None if number == 3 else f"a_{number}", when=float(number // 2))
    await record.settled()
    first = await store.runs(most=4)
    assert [run.id for run in first] == ["r6", "r5", "r4", "r3"]
    rest = await store.runs(most=4, before=(first[-1].created, first[-1].id))
    assert [run.id for run in rest] == ["r2", "r1", "r0"]
    assert [run.id for run in await store.runs(search="a_5")] == ["r5"]
    assert [run.id for run in await store.runs(search="TASK 2 100%")] == ["r2"]
    assert await store.runs(search="a%5") == []
    assert [run.id for run in await store.runs(states=["running"])] == ["r3"]


async def test_runs_are_told_by_their_owner_and_of_which_run_they_are(store: Store) -> None:
    for run_id, owner, when in (("a", "ann", 1.0), ("b", "bob", 2.0), ("c", "ann", 3.0), ("d", "", 4.0)):
        record = store.new()
        write(record, run_id, when=when, owner=owner, parent="a" if run_id == "c" else None)
        await record.settled()
    assert [(run.id, run.parent) for run in await store.runs(owner="ann")] == [("c", "a"), ("a", None)]
    assert [run.id for run in await store.runs(owner="ann", before=(3.0, "c"))] == ["a"]
    assert [run.id for run in await store.runs(owner="")] == ["d"]
    assert (await store.find("b")).owner == "bob"
    assert [await store.tokens_since("ann", since) for since in (0.0, time.time() + 60)] == [30, 0]
    assert await store.tokens_since("nobody", 0.0) == 0


async def test_tokens_that_were_used_are_counted_once_and_stay_counted_when_runs_are_removed(store: Store) -> None:
    record = store.new()
    write(record, "a", when=5.0, owner="ann")
    branch = store.new()
    branch.append(started("b", 9.0, owner="ann", parent="a"))
    for event in record.events[1:4]:
        branch.append(event)
    branch.append(events.ModelTurn(turn=2, text="more", usage=events.Usage(input_tokens=100, output_tokens=1), time=10.0))
    for each in (record, branch):
        await each.settled()
    assert [await store.tokens_since("ann", since) for since in (0.0, 5.0, 10.0)] == [116, 101, 0]
    again = await store.resume("b")
    again.append(events.ModelTurn(turn=3, text="most", usage=events.Usage(input_tokens=1000), time=9000.0))
    await again.settled()
    for run_id in ("a", "b"):
        await store.remove(run_id)
    assert [await store.tokens_since("ann", since) for since in (0.0, 5.0, 10.0)] == [1116, 1101, 1000]
    assert await store.forget_uses(time.time() - 5000.0) == 2
    assert await store.tokens_since("ann", 0.0) == 1000


async def test_records_of_sessions_are_listed_apart_from_runs(store: Store) -> None:
    run, session = store.new(), store.new()
    write(run, "a", answer=None)
    session.append(started("b", model=""))
    await session.settled()
    await run.settled()
    assert [found.id for found in await store.runs()] == [found.id for found in await store.unfinished()] == ["a"]
    assert [found.id for found in await store.runs(sessions=True)] == [found.id for found in await store.unfinished(sessions=True)] == ["b"]
    assert (await store.count(), await store.count(sessions=True)) == (1, 1)
    assert (await store.read("b")).events == session.events


async def test_a_run_is_named_by_the_beginning_of_its_id(store: Store) -> None:
    record = store.new()
    for run_id in ("ab", "abc", "abd", "x_", "xy"):
        record = store.new()
        write(record, run_id)
    await record.settled()
    assert [(await store.named(given)).id for given in ("ab", "abc", "x_")] == ["ab", "abc", "x_"]
    with pytest.raises(errors.StoreError, match="begins with 'a': ab, abc, abd; give more of it"):
        await store.named("a")
    with pytest.raises(errors.StoreError, match="no run whose id begins with 'z'"):
        await store.named("z")


async def test_a_run_comes_out_as_the_file_that_it_would_have_been(store: Store, tmp_path: Path) -> None:
    record = Trajectory(tmp_path / "run.jsonl")
    write(record, "a", task="Sum \N{SNOWMAN}?")
    record.close()
    await store.add(record)
    assert await store.as_file("a") == (tmp_path / "run.jsonl").read_text(encoding="utf-8")


async def test_text_that_no_database_takes_is_replaced_in_the_list_and_kept_in_the_record(store: Store) -> None:
    record = store.new()
    write(record, "a", task="nul \0 here", answer="\0")
    await record.settled()
    found = await store.find("a")
    assert (found.title, found.answer) == ("nul \ufffd here", "\ufffd")
    assert (await store.read("a")).events == record.events
    assert await store.runs(search="\0 here") == [found]
    for unknown in ("\0", "\udcff"):
        with pytest.raises(errors.StoreError, match="there is no run"):
            await store.find(unknown)


@pytest.mark.parametrize(("run_id", "owner", "parent"), [("x" * 65, "", None), ("a\0", "", None), ("a", "x" * 65, None), ("a", "", "b\nc")])
async def test_a_name_that_cannot_be_kept_is_refused_at_once(store: Store, run_id: str, owner: str, parent: str | None) -> None:
    with pytest.raises(errors.StoreError, match="cannot be kept as the name of a run or of an owner"):
        store.new().append(started(run_id, owner=owner, parent=parent))


async def test_a_store_is_ready_while_its_database_answers(postgres: Postgres) -> None:
    store = await open_store(postgres.new_database())
    await store.ready()
    await asyncio.to_thread(postgres.kill)
    try:
        with pytest.raises(errors.StoreUnavailableError):
            await store.ready()
    finally:
        await asyncio.to_thread(postgres.start)
    await store.ready()
    await store.aclose()


async def test_a_removed_run_is_gone_and_its_writer_is_told(store: Store) -> None:
    record, other = store.new(), store.new()
    write(record, "a", answer=None)
    write(other, "b", answer=None)
    await other.settled()
    await store.remove("a")
    with pytest.raises(errors.StoreError, match="no run 'a'"):
        await store.read("a")
    with pytest.raises(errors.StoreError, match="no run 'a'"):
        await store.remove("a")
    record.append(events.ModelTurn(turn=1, text="x"))
    other.append(events.ModelTurn(turn=1, text="y"))
    with pytest.raises(errors.StoreConflictError, match="it was removed: a"):
        await record.settled()
    with pytest.raises(errors.StoreConflictError):
        record.append(events.ModelTurn(turn=2, text="z"))
    await other.settled()
    assert (await store.find("b")).events == 3


async def test_of_two_writers_of_one_run_the_later_is_told(store: Store, address: str) -> None:
    record = store.new()
    write(record, "a", answer=None)
    await record.settled()
    second = await open_store(address)
    mine, theirs = await store.resume("a"), await second.resume("a")
    mine.append(events.ModelTurn(turn=1, text="mine"))
    await mine.settled()
    theirs.append(events.ModelTurn(turn=1, text="theirs"))
    with pytest.raises(errors.StoreConflictError, match="another process writes the run"):
        await theirs.settled()
    await second.aclose()
    assert (await store.read("a")).events == mine.events


async def test_a_run_of_a_file_is_added_once(store: Store, tmp_path: Path) -> None:
    record = Trajectory(tmp_path / "run.jsonl")
    write(record, "a")
    record.close()
    assert await store.add(record) == "a"
    assert (await store.read("a")).events == record.events
    with pytest.raises(errors.StoreConflictError):
        await store.add(record)
    assert (await store.find("a")).events == 5


async def test_what_is_no_run_is_not_kept(store: Store) -> None:
    with pytest.raises(errors.StoreError, match="begins with run_started, this one with task_given"):
        store.new().append(events.TaskGiven(text="x"))


async def test_what_was_put_is_written_at_the_end(address: str) -> None:
    store = await open_store(address)
    record = store.new()
    write(record, "a")
    await store.aclose()
    with pytest.raises(errors.StoreError, match="closed"):
        record.append(events.TaskGiven(text="more"))
    again = await open_store(address)
    assert (await again.read("a")).events == record.events
    await again.aclose()
