"""Runs of a real server, through the client."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import codeact
from client.relay import relay
from codeact import Client, errors, events
from codeact.client.client import Ask
from codeact.client.run_handle import RemoteRun
from codeact.protocols import Decision, Question
from codeact.store.kept import open_store
from codeact.tools.function import tool
from server.serving import Served, script, served

COUNT = [
    "<execute>\nimport time\nx = 1\nprint(x)\ntime.sleep(0.3)\n</execute>",
    "<execute>\nx += 1\nprint(x)\n</execute>",
    "<solution>2</solution>",
    "<execute>\nprint(x + 40)\n</execute>",
    "<solution>42</solution>",
]
SLOW = ["<execute>\nimport time\nprint('begun', flush=True)\ntime.sleep(60)\n</execute>", "<solution>done</solution>"]
STEPS = [f"<execute>\nimport time\ntime.sleep(0.05)\nprint(note({number}))\n</execute>" for number in range(5)]


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Served]:
    """A server whose model counts."""
    async with served(str(tmp_path / "runs.db"), script(tmp_path, COUNT)) as made:
        yield made


def stdout(run: RemoteRun) -> list[str]:
    return [event.stdout.strip() for event in run.events if isinstance(event, events.Observation)]


async def test_a_run_is_done_there_and_seen_here_as_it_happens(up: Served) -> None:
    async with Client(up.url) as client:
        seen: list[events.AnyEvent] = []
        run = await client.arun("count", on_event=seen.append)
        assert (run.state, run.answer, stdout(run), run.error) == ("answered", "2", ["1", "2"], None)
        assert run.usage.output_tokens > 0
        assert [event for event in seen if not event.transient] == [*run.events]
        assert {event.type for event in seen if event.transient} >= {"model_delta"}
        assert await client.aready() is True
        about = await client.aabout()
        assert (about.models, about.version) == ((up.model,), codeact.__version__)
        (told,) = await client.aruns(state="answered", search="coun")
        assert (told.id, told.answer, told.live) == (run.run_id, "2", False)


async def test_the_sync_face_does_the_same_in_ordinary_code(up: Served, tmp_path: Path) -> None:
    def ordinary() -> None:
        with Client(up.url) as client:
            assert client.run("count").answer == "2"
            handle = client.start("count")
            assert (handle.wait().answer, handle.info().state, client.get(handle.run_id).wait().answer) == ("2", "answered", "2")
            assert handle.send("and 40?").id == handle.run_id
            assert handle.wait().answer == "42"
            assert len(client.runs()) == 2
            (tmp_path / "run.jsonl").write_text(handle.export(), encoding="utf-8")
            assert handle.branch(1, code="x = 7\nprint(x)").wait().answer == "2"
            assert handle.files().files == ()
            handle.interrupt()
            assert handle.cancel().state == "answered"
            handle.remove()
            with pytest.raises(errors.NotFoundError):
                handle.info()
            assert client.ready()
            assert client.about().formats

    await asyncio.to_thread(ordinary)
    assert [event.type for event in codeact.load(tmp_path / "run.jsonl").events][-2:] == ["answered", "run_ended"]


async def test_a_client_can_be_used_sync_inside_a_running_loop_and_async_beside(tmp_path: Path, up: Served) -> None:
    async with Client(up.url) as client:
        first = await client.arun("count")
        second = await asyncio.to_thread(client.get, first.run_id)
        assert (await second.await_end()).answer == "2"
        await asyncio.to_thread(client.close)


async def test_a_run_is_given_files_and_its_own_can_be_read(tmp_path: Path) -> None:
    turns = ["<execute>\ntext = open('in.txt').read()\nopen('out.txt', 'w').write(text.upper())\n</execute>", "<solution>done</solution>"]
    (tmp_path / "in.txt").write_text("words", encoding="utf-8")
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns)) as up, Client(up.url) as client:
        handle = await client.astart("shout", files=[tmp_path / "in.txt"])
        assert (await handle.await_end()).answer == "done"
        found = await handle.afiles()
        assert ([(file.path, file.size) for file in found.files], found.whole) == ([("in.txt", 5), ("out.txt", 5)], True)
        assert await handle.aread_file("out.txt") == b"WORDS"
        for name in ("none", "../../runs.db", "/etc/passwd", "a\0b"):
            with pytest.raises(errors.InputError):
                await handle.aread_file(name)
        (tmp_path / "in.txt").write_text("others", encoding="utf-8")
        branch = await handle.abranch(0, message="shout", files=[tmp_path / "in.txt"])
        assert (await branch.await_end()).answer == "done"
        assert await branch.aread_file("out.txt") == b"OTHERS"


async def test_a_conversation_goes_on_and_a_branch_goes_its_own_way(up: Served) -> None:
    async with Client(up.url) as client:
        handle = await client.astart("count")
        await handle.await_end()
        other = await handle.abranch(1, code="x = 10\nprint(x)")
        assert stdout(await other.await_end())[-2:] == ["10", "11"]
        assert (await other.ainfo()).parent == handle.run_id
        with pytest.raises(errors.InputError):
            await handle.abranch(99, message="x")
        await handle.asend("and 40?")
        run = await handle.await_end()
        assert (run.answer, stdout(run)) == ("42", ["1", "2", "42"])
        assert "print(x + 40)" in await handle.aexport("md")


async def test_a_stream_is_numbered_and_can_be_taken_up_anywhere(up: Served) -> None:
    async with Client(up.url) as client:
        handle = await client.astart("count")
        whole = [one async for one in handle.stream() if one.number is not None]
        assert [one.number for one in whole] == list(range(len(whole)))
        assert [one async for one in handle.stream(after=4) if one.number is not None] == whole[5:]


async def test_an_action_is_interrupted_and_a_run_cancelled(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW)) as up, Client(up.url) as client:
        handle = await client.astart("sleep")
        async for one in handle.stream():
            if isinstance(one.event, events.StreamChunk):
                await handle.ainterrupt()
        assert (await handle.await_end()).answer == "done"
        other = await client.astart("sleep")
        assert (await other.acancel()).state == "cancelled"
        assert (await other.await_end()).state == "cancelled"


async def test_who_stops_waiting_for_a_run_ends_it_there(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW)) as up, Client(up.url) as client:
        begun = asyncio.Event()
        task = asyncio.ensure_future(
            client.arun("sleep", on_event=lambda event: begun.set() if isinstance(event, events.StreamChunk) else None)
        )
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        (told,) = await client.aruns()
        assert (told.state, told.live) == ("cancelled", False)


@pytest.mark.parametrize("ask", [None, "calls"])
async def test_questions_are_decided_here(ask: Ask | None, tmp_path: Path) -> None:
    paid: list[int] = []

    @tool(effect=True)
    def pay(amount: int) -> int:
        """Pay."""
        paid.append(amount)
        return amount

    asked: list[Question] = []

    async def approve(question: Question) -> Decision:
        asked.append(question)
        if question.subject == "call" and '"args":[2]' in question.content.replace(" ", ""):
            return Decision("deny", reason="too much")
        return Decision()

    turns = ["<execute>\nprint(pay(1))\n</execute>", "<execute>\nprint(pay(2))\n</execute>", "<solution>end</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), tools=[pay]) as up, Client(up.url) as client:
        run = await client.arun("pay", approve=approve, ask=ask)
    assert (run.answer, paid) == ("end", [1])
    assert [(question.subject, question.tool) for question in asked] == [
        *([] if ask else [("action", "")]),
        ("call", "pay"),
        *([] if ask else [("action", "")]),
        ("call", "pay"),
    ]
    assert len(run.trajectory.of_type(events.ApprovalGiven)) == len(asked)


async def test_connections_that_are_cut_again_and_again_lose_and_double_nothing(tmp_path: Path) -> None:
    turns = [text.replace("note(", "(") for text in STEPS]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [*turns, "<solution>end</solution>"])) as up, relay() as way:
        way.lead(up.url)
        async with Client(way.url) as client:
            seen: list[events.AnyEvent] = []

            def cut(event: events.AnyEvent) -> None:
                seen.append(event)
                if isinstance(event, events.Observation):
                    way.cut()

            run = await client.arun("count", on_event=cut)
            assert (run.answer, stdout(run)) == ("end", list("01234"))
            assert [event for event in seen if not event.transient] == [*run.events]
            assert len(await client.aruns()) == 1
        assert way.taken >= 2  # at least one connection was cut


async def test_a_run_outlives_the_end_of_its_server_and_so_does_who_follows_it(tmp_path: Path) -> None:
    noted: list[int] = []

    @tool(effect=True)
    def note(number: int) -> int:
        """Note a number."""
        noted.append(number)
        return number

    async def approve(question: Question) -> Decision:
        return Decision()

    model, database = script(tmp_path, [*STEPS, "<solution>noted</solution>"]), str(tmp_path / "runs.db")
    async with relay() as way:
        async with served(database, model, tools=[note]) as up:
            way.lead(up.url)
            client, half = Client(way.url, patience=60), asyncio.Event()

            def look(event: events.AnyEvent) -> None:
                if len(noted) == 2:
                    half.set()

            run = asyncio.ensure_future(client.arun("note", approve=approve, on_event=look))
            await half.wait()
        way.lead(None)
        await asyncio.sleep(0.3)
        async with served(database, model, tools=[note]) as up:
            way.lead(up.url)
            done = await run
            await client.aclose()
    assert (done.answer, stdout(done), noted) == ("noted", list("01234"), [0, 1, 2, 3, 4])


async def test_keys_are_asked_for_and_may_do_what_they_may(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    store = await open_store(database)
    reader, runner = [(await store.keys.make(name, frozenset(scopes)))[1] for name, scopes in (("a", {"read"}), ("b", {"run", "read"}))]
    await store.aclose()
    async with served(database, script(tmp_path, COUNT)) as up:
        for key in ("", "cak_no"):
            async with Client(up.url, key) as client:
                assert await client.aready()
                with pytest.raises(errors.ServerAccessError):
                    await client.aabout()
        async with Client(up.url, runner) as client:
            run = await client.arun("count")
        async with Client(up.url, reader) as client:
            with pytest.raises(errors.ServerAccessError):
                await client.astart("count")
            with pytest.raises(errors.NotFoundError):
                await client.aget(run.run_id)


async def test_what_cannot_be_had_is_the_same_error_as_here(up: Served) -> None:
    async with Client(up.url) as client:
        with pytest.raises(errors.ModelNotFoundError):
            await client.astart("count", model="gpt")
        with pytest.raises(errors.InputError, match="format"):
            await client.astart("count", format="yaml")
        for limits in (events.Limits(turns=0), events.Limits(processes=3)):
            with pytest.raises(errors.InputError, match="limits"):
                await client.astart("count", limits=limits)
        with pytest.raises(errors.InputError):
            await client.astart("  ")
        with pytest.raises(errors.NotFoundError):
            await client.aget("run-none")
