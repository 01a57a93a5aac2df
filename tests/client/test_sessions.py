"""Sessions of a real server, through the client: used as `codeact.Session` is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from client.relay import relay
from codeact import Client, errors, events
from codeact.client.remote_session import RemoteSession
from server.serving import Served, script, served


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Served]:
    """A server."""
    async with served(str(tmp_path / "runs.db"), script(tmp_path)) as made:
        yield made


async def idle(session: RemoteSession) -> None:
    """Wait until no action runs."""
    for _ in range(1000):
        if (await session.ainfo()).state != "busy":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the action goes on")


async def test_a_session_keeps_its_state_and_shows_output_as_it_comes(up: Served) -> None:
    async with Client(up.url) as client, client.session() as session:
        output: list[tuple[str, str]] = []
        await session.arun("import math; r = 2")
        seen = await session.arun(
            "import sys\nprint('a'); print('b', file=sys.stderr)\nmath.pi * r", on_output=lambda *one: output.append(one)
        )
        assert (seen.status, seen.stdout, seen.stderr, seen.result) == ("ok", "a\n", "b\n", "6.283185307179586")
        assert "".join(text for name, text in output if name == "stdout") == "a\n"
        assert "".join(text for name, text in output if name == "stderr") == "b\n"
        assert (await session.arun("1 / 0")).status == "error"
        assert (await session.arun("while True: pass", timeout=0.3)).status == "timeout"
        told = await session.ainfo()
        assert (told.id, told.state, told.actions, told.isolation) == (session.session_id, "open", 4, up.opened.isolation)
        assert [one.id for one in await client.asessions()] == [session.session_id]


async def test_a_session_that_is_closed_is_gone(up: Served) -> None:
    async with Client(up.url) as client:
        async with client.session(events.Limits(memory_mb=256)) as session:
            await session.arun("x = 1")
        assert await client.asessions() == []
        with pytest.raises(errors.SessionClosedError):
            await session.arun("x")
        with pytest.raises(errors.NotFoundError):
            await client.session(session_id=session.session_id).arun("x")


async def test_the_variables_are_told(up: Served) -> None:
    async with Client(up.url) as client, client.session() as session:
        await session.arun("x = [1, 2]")
        found = await session.avariables()
        assert [(one.name, one.type, one.shape, one.preview) for one in found.variables] == [("x", "list", (2,), "[1, 2]")]

        def again() -> events.Variables:
            with Client(up.url) as same:
                return same.session(session_id=session.session_id).variables()

        assert await asyncio.to_thread(again) == found


async def test_files_go_in_and_come_out(up: Served, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(b"\x00words")
    async with Client(up.url) as client, client.session() as session:
        assert await session.aadd_file(tmp_path / "in.txt") == "in.txt"
        await session.awrite_file("a b/ü#?.txt", "text")
        assert await session.aread_file("in.txt") == b"\x00words"
        await session.arun("open('out.txt', 'w').write(open('a b/ü#?.txt').read().upper())")
        assert await session.aread_file("out.txt") == b"TEXT"
        assert {(file.path, file.size) for file in (await session.afiles()).files} == {("in.txt", 6), ("out.txt", 4), ("a b/ü#?.txt", 4)}
        for name in ("none", "../x", "/etc/passwd", "a\0b"):
            with pytest.raises(errors.InputError):
                await session.aread_file(name)
        for name in ("../x", "/etc/x", "in.txt/y"):
            with pytest.raises(errors.InputError):
                await session.awrite_file(name, b"")
        with pytest.raises(errors.InputError, match=r"none\.txt"):
            await session.aadd_file(tmp_path / "none.txt")


async def test_the_sync_face_does_checkpoints_rollbacks_and_forks_in_ordinary_code(up: Served) -> None:
    def ordinary() -> None:
        with Client(up.url) as client, client.session() as session:
            session.run("r = 2")
            mark = session.checkpoint()
            session.run("r = 0")
            assert session.rollback(mark) == ""
            assert session.run("r").result == "2"
            session.run("r = 5")
            session.rollback()
            with session.fork() as twin:
                twin.run("r += 1")
                assert (twin.run("r").result, session.run("r").result) == ("3", "2")
                assert twin.info().parent == session.session_id
            session.write_file("x.txt", b"x")
            assert (session.read_file("x.txt"), len(session.files().files)) == (b"x", 1)
            with pytest.raises(errors.CheckpointError):
                session.rollback("checkpoint-99")
            assert len(client.sessions()) == 1

    await asyncio.to_thread(ordinary)


async def test_an_action_is_interrupted_by_another_client(up: Served) -> None:
    async with Client(up.url) as client, Client(up.url) as other, client.session() as session:
        begun = asyncio.Event()
        code = "import time\nprint('begun', flush=True)\ntime.sleep(60)"
        task = asyncio.ensure_future(session.arun(code, on_output=lambda *_: begun.set()))
        await begun.wait()
        with pytest.raises(errors.SessionBusyError):
            await other.session(session_id=session.session_id).arun("x")
        await other.session(session_id=session.session_id).ainterrupt()
        assert (await task).status == "interrupted"


async def test_who_stops_waiting_for_an_action_interrupts_it(up: Served) -> None:
    async with Client(up.url) as client, client.session() as session:
        begun = asyncio.Event()
        await session.arun("ended = 'not yet'")
        code = "import time\ntry:\n    print('begun', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    ended = 'early'"
        task = asyncio.ensure_future(session.arun(code, on_output=lambda *_: begun.set()))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        await idle(session)
        assert (await session.arun("ended")).result == "'early'"


async def test_an_action_goes_on_over_a_connection_that_is_cut_and_is_run_once(up: Served) -> None:
    async with relay() as way:
        way.lead(up.url)
        async with Client(way.url) as client, client.session() as session:
            await session.arun("times = []")
            begun = asyncio.Event()
            code = "times.append(1)\nprint('x', flush=True)\nimport time; time.sleep(1)\ntimes"
            task = asyncio.ensure_future(session.arun(code, on_output=lambda *_: begun.set()))
            await begun.wait()
            taken = way.taken
            way.cut()
            seen = await task
            assert (seen.status, seen.stdout, seen.result) == ("ok", "x\n", "[1]")
            assert way.taken > taken
            assert (await session.arun("times")).result == "[1]"


async def test_a_session_outlives_its_server(tmp_path: Path) -> None:
    async with relay() as way, Client(way.url) as client:
        async with served(str(tmp_path / "runs.db"), script(tmp_path)) as up:
            way.lead(up.url)
            session = client.session()
            await session.arun("x = 41")
        async with served(str(tmp_path / "runs.db"), script(tmp_path)) as up:
            way.lead(up.url)
            assert (await session.ainfo()).state == "asleep"
            assert (await session.arun("x + 1")).result == "42"
            await session.aclose()
