"""A conversation: state and messages are kept between messages, and it can be interrupted, cancelled, lost and gone on with."""

import asyncio
from pathlib import Path

import pytest

from agent.parts import BrokenModel, Sessions, SlowModel
from codeact import errors, events
from codeact.agent.conversation import NEW_SESSION, Conversation
from codeact.agent.loop import Agent
from codeact.formats.code import CodeFormat
from codeact.models.replay import ScriptModel
from codeact.protocols import Calls
from codeact.sandbox.session import Session
from codeact.trajectory import Trajectory, load, resume

FORMAT = CodeFormat()


def act(code: str) -> str:
    return f"<execute>\n{code}\n</execute>"


def answer(text: str) -> str:
    return f"<solution>{text}</solution>"


async def until_output(conversation: Conversation) -> None:
    """Wait until the running action has written something."""
    wrote = asyncio.Event()
    stop = conversation.trajectory.listen(lambda event: wrote.set() if isinstance(event, events.StreamChunk) else None)
    await wrote.wait()
    stop()


WAITING = act("import time\nprint('waiting', flush=True)\ntime.sleep(60)")


async def test_variables_and_messages_are_kept_between_messages(sessions: Sessions) -> None:
    model = ScriptModel([act("x = 40"), answer("done"), act("print(x + 2)"), answer("42")])
    async with Agent(model, FORMAT, sessions).conversation() as conversation:
        first = await conversation.asend("Set x.")
        second = await conversation.asend("Add 2.")
    assert (first.answer, second.answer, len(sessions.opened)) == ("done", "42", 1)
    trajectory = conversation.trajectory
    assert trajectory.of_type(events.Observation)[-1].stdout == "42\n"
    assert [turn.turn for turn in trajectory.of_type(events.ModelTurn)] == [1, 2, 3, 4]
    assert len(trajectory.of_type(events.RunStarted)) == 1
    assert [ended.turns for ended in trajectory.of_type(events.RunEnded)] == [2, 2]
    for earlier, later in zip(model.requests, model.requests[1:], strict=False):
        assert list(later.messages[: len(earlier.messages)]) == list(earlier.messages)


async def test_a_model_is_told_once_of_the_folders_that_its_session_is_shown(tmp_path: Path) -> None:
    async def opened(_: Calls | None = None) -> Session:
        session = Session(preload=(), folders=[place])
        await session.astart()
        return session

    place = tmp_path / "data"
    place.mkdir(mode=0o755)
    model = ScriptModel([answer("one"), answer("two")])
    async with Agent(model, FORMAT, opened).conversation() as conversation:
        await conversation.asend("What is there?")
        await conversation.asend("And now?")
    told = [message.content for message in model.requests[-1].messages if message.role == "user"]
    assert told == [f"What is there?\n\nFolders that can be read and not written to: {place}", "And now?"]


async def test_a_model_is_told_of_folders_that_a_later_session_is_not_shown_and_of_those_that_are_there_again(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.mkdir(mode=0o755)
    shown = [[place], [], [place]]

    async def opened(_: Calls | None = None) -> Session:
        session = Session(preload=(), folders=shown.pop(0))
        await session.astart()
        return session

    model = ScriptModel([act("1"), answer("one"), answer("two"), answer("three")])
    conversation = Agent(model, FORMAT, opened).conversation()
    for text in ("What is there?", "And now?", "And then?"):
        await conversation.asend(text)
        await conversation.aclose()
    told = [message.content for message in model.requests[-1].messages if message.role == "user"]
    there = f"Folders that can be read and not written to: {place}"
    gone = f"{NEW_SESSION} These folders cannot be read any more: {place}."
    assert [told[0], *told[2:]] == [f"What is there?\n\n{there}", gone, "And now?", NEW_SESSION, f"And then?\n\n{there}"]


async def test_limits_count_anew_for_each_message(sessions: Sessions) -> None:
    model = ScriptModel([act("1"), act("2"), act("3"), answer("3")])
    async with Agent(model, FORMAT, sessions, limits=events.Limits(turns=2)).conversation() as conversation:
        first = await conversation.asend("Go.")
        second = await conversation.asend("Go on.")
    assert (first.state, second.state) == ("limit", "answered")
    assert second.usage.output_tokens < first.usage.output_tokens + second.usage.output_tokens


async def test_interrupting_stops_the_action_and_the_round_goes_on(sessions: Sessions) -> None:
    model = ScriptModel([act("x = 1"), WAITING, act("print(x)"), answer("1")])
    async with Agent(model, FORMAT, sessions).conversation() as conversation:
        running = asyncio.create_task(conversation.asend("Wait."))
        await until_output(conversation)
        await conversation.ainterrupt()
        run = await running
    assert run.state == "answered"
    assert [o.status for o in run.trajectory.of_type(events.Observation)] == ["ok", "interrupted", "ok"]
    assert run.trajectory.of_type(events.Observation)[2].stdout == "1\n"


async def test_interrupting_when_nothing_runs_does_nothing(sessions: Sessions) -> None:
    async with Agent(ScriptModel([answer("1")]), FORMAT, sessions).conversation() as conversation:
        await conversation.ainterrupt()
        assert (await conversation.asend("Go.")).state == "answered"
        await conversation.ainterrupt()


async def test_cancelling_during_an_action_ends_the_run_and_the_session(sessions: Sessions) -> None:
    conversation = Agent(ScriptModel([WAITING]), FORMAT, sessions).conversation()
    running = asyncio.create_task(conversation.asend("Wait."))
    await until_output(conversation)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [event.type for event in conversation.trajectory.events][-2:] == ["action", "run_ended"]
    assert conversation.trajectory.of_type(events.RunEnded)[0].state == "cancelled"
    with pytest.raises(errors.SessionClosedError):
        await sessions.opened[0].arun("1")


async def test_cancelling_during_a_generation_stops_it_at_its_source(sessions: Sessions) -> None:
    model = SlowModel()
    conversation = Agent(model, FORMAT, sessions).conversation()
    running = asyncio.create_task(conversation.asend("Think."))
    await model.writing.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    turn, ended = conversation.trajectory.events[-2:]
    assert isinstance(turn, events.ModelTurn)
    assert isinstance(ended, events.RunEnded)
    assert (model.stopped, turn.text, turn.finish, ended.state) == (True, "I think", "cancelled", "cancelled")


async def test_cancelling_while_the_session_opens_is_recorded_too() -> None:
    opening = asyncio.Event()

    async def never(_: object) -> object:
        opening.set()
        await asyncio.Event().wait()
        return None

    conversation = Agent(ScriptModel([]), FORMAT, never).conversation()  # pyright: ignore[reportArgumentType] -- it never returns
    running = asyncio.create_task(conversation.asend("Go."))
    await opening.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [event.type for event in conversation.trajectory.events] == ["run_started", "task_given", "run_ended"]


async def test_after_a_cancelled_run_a_new_session_goes_on_and_the_model_is_told(sessions: Sessions) -> None:
    model = ScriptModel([WAITING, act("'x' in dir()"), answer("no")])
    async with Agent(model, FORMAT, sessions).conversation() as conversation:
        running = asyncio.create_task(conversation.asend("Wait."))
        await until_output(conversation)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        run = await conversation.asend("Is x there?")
    assert (run.state, len(sessions.opened)) == ("answered", 2)
    assert [f.text for f in run.trajectory.of_type(events.Feedback)] == [NEW_SESSION]
    assert events.Message(role="user", content=NEW_SESSION) in model.requests[1].messages


async def test_a_model_that_failed_leaves_the_session_as_it_is(sessions: Sessions) -> None:
    async with Agent(BrokenModel(errors.ModelUnavailableError("gone")), FORMAT, sessions).conversation() as conversation:
        first = await conversation.asend("Go.")
        second = await conversation.asend("Again.")
    assert (first.state, second.state, len(sessions.opened)) == ("error", "error", 1)
    assert len(conversation.trajectory.of_type(events.RunEnded)) == 2


async def test_a_session_that_failed_is_replaced_for_the_next_message(sessions: Sessions) -> None:
    async def first_is_closed(_: object) -> Session:
        session = await sessions()
        if len(sessions.opened) == 1:
            await session.aclose()
        return session

    model = ScriptModel([act("1"), act("2"), answer("2")])
    async with Agent(model, FORMAT, first_is_closed).conversation() as conversation:
        first = await conversation.asend("Go.")
        second = await conversation.asend("Again.")
    assert (first.state, type(first.error)) == ("error", errors.SessionClosedError)
    assert (second.state, len(sessions.opened)) == ("answered", 2)


async def test_one_message_at_a_time(sessions: Sessions) -> None:
    async with Agent(ScriptModel([WAITING, answer("1")]), FORMAT, sessions).conversation() as conversation:
        running = asyncio.create_task(conversation.asend("Wait."))
        await until_output(conversation)
        with pytest.raises(errors.InputError, match="working on a message"):
            await conversation.asend("And this.")
        await conversation.ainterrupt()
        assert (await running).state == "answered"


async def test_a_recorded_conversation_goes_on_from_its_file(sessions: Sessions, tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    first = Trajectory(path)
    async with Agent(ScriptModel([act("x = 1"), answer("done")]), FORMAT, sessions).conversation(first) as conversation:
        await conversation.asend("Set x.")
    first.close()
    model = ScriptModel([answer("1")])
    second = resume(path)
    async with Agent(model, FORMAT, sessions).conversation(second) as conversation:
        run = await conversation.asend("What was x?")
    second.close()
    assert run.state == "answered"
    assert list(model.requests[0].messages[: len(first.messages)]) == list(first.messages)
    assert [message.content for message in model.requests[0].messages[-2:]] == [NEW_SESSION, "What was x?"]
    assert load(path).of_type(events.ModelTurn)[-1].turn == 3


def test_the_sync_face_keeps_the_session_too() -> None:
    model = ScriptModel([act("x = 40"), answer("done"), act("print(x + 2)"), answer("42")])
    with Agent(model, FORMAT, Sessions()) as agent, agent.conversation() as conversation:
        assert conversation.send("Set x.").answer == "done"
        assert conversation.send("Add 2.").answer == "42"
    assert conversation.trajectory.of_type(events.Observation)[-1].stdout == "42\n"
