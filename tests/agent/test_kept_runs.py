"""Runs in a database that are gone on with: files that were given, random numbers, and conversations whose session is gone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from codeact import Agent, errors, events
from codeact.models.replay import ScriptModel
from codeact.store.kept import Store, open_store
from codeact.trajectory import Trajectory

DRAW = "<execute>\nimport random\nimport numpy\ndrawn = [random.random(), float(numpy.random.rand())]\nprint(drawn)\n</execute>"
AGAIN = "<execute>\nprint(drawn, random.random())\n</execute>"
READ = "<execute>\ntext = open('given.txt').read()\nprint(text)\n</execute>"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(tmp_path / "runs.db")
    yield opened
    await opened.aclose()


def start_of(record: Trajectory) -> events.RunStarted:
    started = record.last(events.RunStarted)
    assert started is not None
    return started


async def broken_off(store: Store, record: Trajectory, after: type[events.Event]) -> Trajectory:
    """A run of which only what came up to the first event of a kind is kept, to go on with."""
    count = next(number for number, event in enumerate(record.events) if isinstance(event, after)) + 1
    return await store.resume(await store.add(Trajectory(events=record.events[:count])))


async def test_a_run_that_was_given_files_is_gone_on_with(store: Store, tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("words", encoding="utf-8")
    turns = [READ, "<execute>\nprint(text, open('given.txt').read())\n</execute>", "<solution>done</solution>"]
    record = store.new()
    async with Agent(ScriptModel(turns), preload=()) as agent:
        await agent.arun("Read it.", files=[given], trajectory=record)
    run_id = start_of(record).run_id
    half = Trajectory(events=record.events[:6])
    await store.remove(run_id)
    given.unlink()
    digest = await store.keep_file(b"words")
    assert record.of_type(events.TaskGiven)[0].digests == (digest,)
    resumed = await store.resume(await store.add(half))
    async with Agent(ScriptModel(turns[1:]), preload=()) as agent:
        run = await agent.aresume(resumed)
    assert (run.state, run.answer) == ("answered", "done")
    assert resumed.of_type(events.Observation)[-1].stdout == "words words\n"


async def test_files_that_no_database_keeps_cannot_be_given_again(tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("words", encoding="utf-8")
    async with Agent(ScriptModel([READ, "<solution>done</solution>"]), preload=()) as agent:
        run = await agent.arun("Read it.", files=[given])
    assert run.trajectory.of_type(events.TaskGiven)[0].digests == ()
    async with Agent(ScriptModel([]), preload=()) as agent:
        with pytest.raises(errors.InputError, match=r"does not hold: given\.txt"):
            await agent.aresume(Trajectory(events=run.trajectory.events[:6]))


async def test_random_numbers_of_a_rebuilt_session_are_those_of_the_first_time(store: Store) -> None:
    record = store.new()
    async with Agent(ScriptModel([DRAW, AGAIN, "<solution>done</solution>"])) as agent:
        await agent.arun("Draw.", trajectory=record)
    whole = [observation.stdout for observation in record.of_type(events.Observation)]
    await store.remove(start_of(record).run_id)
    resumed = await broken_off(store, record, events.Observation)
    async with Agent(ScriptModel([AGAIN, "<solution>done</solution>"])) as agent:
        await agent.aresume(resumed)
    assert [observation.stdout for observation in resumed.of_type(events.Observation)] == whole
    assert resumed.of_type(events.Feedback) == []


async def test_two_runs_draw_different_numbers(store: Store) -> None:
    drawn = set()
    for _ in range(2):
        record = store.new()
        async with Agent(ScriptModel([DRAW, "<solution>done</solution>"])) as agent:
            await agent.arun("Draw.", trajectory=record)
        drawn.add(record.of_type(events.Observation)[0].stdout)
    assert len(drawn) == 2


async def test_a_conversation_goes_on_with_its_state_when_its_session_is_gone(store: Store) -> None:
    turns = ["<execute>\nx = 6\n</execute>", "<solution>set</solution>", "<execute>\nprint(x * 7)\n</execute>", "<solution>42</solution>"]
    async with Agent(ScriptModel(turns, allow_unused=True), preload=()) as agent:
        conversation = agent.conversation(store.new(), rebuilds=True, owner="me", options={"ask": "nothing"})
        await conversation.asend("Set x.")
        await conversation.aclose()
        run = await conversation.asend("Times seven?")
        await conversation.aclose()
    assert run.answer == "42"
    assert run.trajectory.of_type(events.Feedback) == []
    started = start_of(run.trajectory)
    assert (started.owner, started.options["ask"]) == ("me", "nothing")


async def test_what_was_said_elsewhere_comes_before_a_conversation() -> None:
    model = ScriptModel(["<solution>Ada</solution>"])
    earlier = [events.Message(role="user", content="I am Ada."), events.Message(role="assistant", content="Good day.")]
    async with Agent(model, preload=()) as agent, agent.conversation(earlier=earlier) as conversation:
        run = await conversation.asend("Who am I?")
    assert run.answer == "Ada"
    shown = [(message.role, message.content) for message in model.requests[0].messages[1:]]
    assert shown == [("user", "I am Ada."), ("assistant", "<solution>Good day.</solution>"), ("user", "Who am I?")]


async def test_a_record_that_is_let_go_of_takes_nothing_more_and_nothing_is_done(store: Store) -> None:
    called: list[int] = []

    def note(number: int) -> int:
        """Note."""
        called.append(number)
        record.sever()
        return number

    record = store.new()
    async with Agent(ScriptModel(["<execute>\nnote(1)\nnote(2)\n</execute>"], allow_unused=True), tools=[note], preload=()) as agent:
        with pytest.raises(errors.StoreError, match="let go of"):
            await agent.arun("Note.", trajectory=record)
    assert called == [1]
    assert [event.type for event in record.events][-1] == "tool_called"


class Slow:
    """A keeper for which nothing is safe before it is let go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.acted = {1: asyncio.Event(), 2: asyncio.Event()}
        self.called = asyncio.Event()
        self.seen: list[str] = []

    def keep(self, number: int, event: events.AnyEvent, line: str) -> None:
        self.seen.append(event.type)
        if isinstance(event, events.Action):
            self.acted[event.turn].set()
        if isinstance(event, events.ToolCalled):
            self.called.set()

    async def settled(self) -> None:
        await self.go_on.wait()

    async def keep_file(self, content: bytes) -> str:
        raise NotImplementedError

    async def file(self, digest: str) -> bytes:
        raise NotImplementedError


TWO = ["<execute>\nx = 1\n</execute>", "<execute>\nprint(x)\n</execute>", "<solution>1</solution>"]


@pytest.mark.parametrize(("isolation", "ahead"), [("auto", 1), ("process", 0)])
async def test_an_action_is_run_a_turn_ahead_of_the_record_where_it_is_confined(isolation: Literal["auto", "process"], ahead: int) -> None:
    keeper = Slow()
    async with Agent(ScriptModel(TWO), preload=(), isolation=isolation) as agent:
        task = asyncio.create_task(agent.arun("Set x.", trajectory=Trajectory(keeper=keeper)))
        await keeper.acted[ahead + 1].wait()
        await asyncio.sleep(0.3)
        assert keeper.seen.count("observation") == ahead
        keeper.go_on.set()
        run = await task
    assert (run.answer, keeper.seen.count("observation")) == ("1", 2)


async def test_a_tool_is_never_called_ahead_of_the_record() -> None:
    keeper, called = Slow(), asyncio.Event()

    def note() -> None:
        """Note."""
        called.set()

    async with Agent(ScriptModel(["<execute>\nnote()\n</execute>", "<solution>1</solution>"]), tools=[note], preload=()) as agent:
        task = asyncio.create_task(agent.arun("Note.", trajectory=Trajectory(keeper=keeper)))
        await keeper.called.wait()
        await asyncio.sleep(0.3)
        assert not called.is_set()
        keeper.go_on.set()
        await task
    assert called.is_set()
