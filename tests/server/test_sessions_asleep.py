"""Sessions that sleep, and wake with their state: for want of use, of room, and after a server that ended or was killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from codeact import events
from codeact.store.kept import open_store
from server.held import Held, held

BROKEN_OFF = """
import asyncio, sys
from codeact import config
from codeact.server.api.access import ANYBODY
from codeact.server.engine.sessions import Sessions
from codeact.store.kept import open_store

async def main():
    store = await open_store(sys.argv[1])
    sessions = Sessions(store, config.load(preload=()))
    one = await sessions.make(ANYBODY)
    await one.run("x = 1")
    await one.write("data/a.txt", b"one")
    mark = await one.checkpoint()
    await one.run("x = 2")
    print(one.id, mark, flush=True)
    await one.run("x = 3; print('begun'); import time; time.sleep(600)", on_chunk=lambda chunk: print("begun", flush=True))

asyncio.run(main())
"""


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Held]:
    async with held(str(tmp_path / "runs.db")) as up:
        yield up


async def test_a_session_that_nobody_uses_is_put_to_sleep_and_wakes_as_it_was(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), idle=0.1) as up:
        one = await up.made()
        await one.run("def double(n): return 2 * n")
        await one.put("data/a.txt", b"21")
        events_ = len((await up.store.read(one.id)).events)
        await one.until("asleep")
        assert len((await up.store.read(one.id)).events) == events_
        observation = await one.run("double(int(open('data/a.txt').read()))")
        assert (observation.result, observation.notice, observation.state_lost) == ("42", "", False)


async def test_an_action_that_runs_keeps_its_session_awake(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), idle=0.05) as up:
        one = await up.made()
        assert (await one.run("import time; time.sleep(0.5); 7")).result == "7"


async def test_waking_puts_together_what_is_left_of_all_that_happened(up: Held) -> None:
    one = await up.made()
    await one.put("list.txt", b"a")
    await one.run("seen = [open('list.txt').read()]")
    mark = await one.mark()
    await one.run("seen.append('undone')")
    await one.put("list.txt", b"undone")
    await one.back(mark)
    await one.run("seen.append('b'); 1/0")
    await one.run("seen.append('crashed'); import os; os._exit(3)")
    long = (await one.run("seen.append('c'); print('z' * 9000)")).full_output
    await one.run("seen.append('also undone')")
    await one.back()
    await one.put("list.txt", b"d")
    for _ in range(2):
        await one.sleeps()
        observation = await one.run(f"seen, open('list.txt').read(), len(open({long!r}).read())")
        assert observation.notice == ""
        assert observation.result == "(['a', 'b', 'c'], 'd', 9001)"
        assert await one.files() == {"list.txt": 1, long: 9001}
        await one.back()


async def test_random_numbers_are_the_same_after_a_waking(up: Held) -> None:
    one, other = await up.made(), await up.made()
    drawn = [(await each.run("import random\nfirst = random.random()\nfirst")).result for each in (one, other)]
    await one.sleeps()
    woken = await one.run("first")
    assert (woken.result, woken.notice) == (drawn[0], "")
    assert drawn[0] != drawn[1]


async def test_checkpoints_are_there_after_a_waking_under_the_marks_that_were_told(up: Held) -> None:
    one = await up.made()
    await one.run("x = 1")
    first = await one.mark()
    await one.run("x = 2")
    second = await one.mark()
    await one.run("x = 3")
    await one.sleeps()
    await one.back(second)
    assert (await one.run("x")).result == "2"
    await one.sleeps()
    assert (await one.run("x")).result == "2"
    third = await one.mark()
    assert len({first, second, third}) == 3
    await one.back(first)
    await one.sleeps()
    assert (await one.run("x")).result == "1"
    await one.refused("POST", "/rollback", 409, json={"mark": second})


async def test_the_next_observation_tells_what_did_not_come_out_as_before_and_only_that(up: Held) -> None:
    one = await up.made()
    await one.run("import os, time")
    old = (await one.run("stamp = time.time_ns(); print(stamp)")).stdout
    await one.run("stamp")
    await one.sleeps()
    assert await one.files() == {}
    observation = await one.run("print(stamp)")
    now = observation.stdout
    assert now != old
    assert observation.notice.startswith("The session had been put to sleep and was rebuilt")
    assert f"Action 2: its standard output was {old!r} and is now {now!r}." in observation.notice
    assert f"Action 3: its result was {old.strip()!r} and is now {now.strip()!r}." in observation.notice
    assert "Action 1" not in observation.notice
    assert observation.notice in observation.text.replace("\n", " ")
    assert (await one.run("1")).notice == ""


async def test_a_long_output_is_told_of_from_where_it_differs(up: Held) -> None:
    one = await up.made()
    await one.run("import time; print('a' * 5000, time.time_ns(), 'b' * 5000)")
    await one.sleeps()
    notice = (await one.run("1")).notice
    assert "(from character 49" in notice
    assert len(notice) < 1500


async def test_an_action_that_was_interrupted_is_stopped_again_when_it_is_run_again(up: Held) -> None:
    one = await up.made()
    running = asyncio.ensure_future(one.run("import time\nx = 5\ntime.sleep(600)"))
    await one.until("busy", actions=1)
    await asyncio.sleep(0.2)
    await one.ask("POST", "/interrupt", 204)
    assert (await running).status == "interrupted"
    assert (await one.run("while True: pass", timeout=0.2)).status == "timeout"
    await one.sleeps()
    assert (await one.run("x")).result == "5"


async def test_sessions_of_an_earlier_process_are_asleep_and_wake_when_they_are_used(address: str) -> None:
    async with held(address) as up:
        one = await up.made({"action_seconds": 5})
        await one.run("x = 1")
        await one.put("a/b.txt", b"two")
        mark = await one.mark()
        await one.run("x = 2")
        made = await one.ask("GET")
    async with held(address) as up:
        one = up.one(one.id)
        told = await one.ask("GET")
        assert told == {**made, "state": "asleep"}
        assert (await up.http.get("/api/v1/sessions")).json() == {"sessions": [told]}
        assert await one.get("a/b.txt") == b"two"
        assert await one.state() == "open"
        assert (await one.run("x")).result == "2"
        assert (await one.run("import time; time.sleep(60)")).limit == events.LimitHit(name="action_seconds", value=5)
        await one.back(mark)
    async with held(address) as up:
        copy = await up.one(one.id).fork()
        assert await copy.state() == "asleep"
        assert (await copy.run("x")).result == "1"
        assert await copy.files() == {"a/b.txt": 3}


async def test_an_action_that_was_running_when_the_server_ended_is_undone_and_told_of(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    async with held(database) as up:
        one = await up.made()
        await one.run("x = 1")
        running = asyncio.ensure_future(one.refused("POST", "/run", 429, json={"code": "x = 2; import time; time.sleep(600)"}))
        await one.until("busy", actions=2)
        await up.sessions.aclose()
        assert "the server is ending" in await running
        assert "the server is ending" in await one.refused("GET", "", 429)
        assert "the server is ending" in (await up.http.post("/api/v1/sessions")).text
    async with held(database) as up:
        one = up.one(one.id)
        observation = await one.run("x")
        assert observation.result == "1"
        assert observation.notice.startswith("Action 2 was broken off before its end")
        assert (await one.run("x")).notice == ""
        await one.sleeps()
        assert (await one.run("x")).notice == ""


async def test_what_was_done_before_a_process_is_killed_is_there_and_the_action_that_ran_is_undone(address: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BROKEN_OFF, address, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    session_id, mark = (await process.stdout.readline()).decode().split()
    assert await process.stdout.readline() == b"begun\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    async with held(address) as up:
        one = up.one(session_id)
        assert await one.files() == {"data/a.txt": 3}
        observation = await one.run("x")
        assert observation.result == "2"
        assert "broken off" in observation.notice
        assert "undone" in observation.notice
        assert "nothing" not in await one.back()
        await one.back(mark)
        assert (await one.run("x")).result == "1"
    store = await open_store(address)
    turns = [event.turn for event in (await store.read(session_id)).of_type(events.Action)]
    assert turns == sorted(set(turns))
    await store.aclose()


async def test_the_session_that_was_used_longest_ago_sleeps_to_make_room_and_none_that_runs(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), most=2) as up:
        first, second = await up.made(), await up.made()
        await first.run("x = 1")
        third = await up.made()
        assert [await one.state() for one in (first, second, third)] == ["open", "asleep", "open"]
        running = [asyncio.ensure_future(one.run("import time; time.sleep(600)")) for one in (first, third)]
        for one in (first, third):
            await one.until("busy")
        for method, path in (("POST", "/run"), ("GET", "/files")):
            answer = await up.http.request(method, f"/api/v1/sessions/{second.id}{path}", json={"code": "1"})
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert (await up.http.post("/api/v1/sessions")).status_code == 429
        await first.ask("POST", "/interrupt", 204)
        await running[0]
        assert (await second.run("1")).result == "1"
        await third.ask("POST", "/interrupt", 204)
        await running[1]
        assert (await first.run("x")).result == "1"


async def test_a_key_has_no_more_sessions_awake_than_it_may_and_takes_no_room_of_others(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), needs_key=True) as up:
        _, small = await up.store.keys.make("small", ["session"], most_sessions=1)
        _, other = await up.store.keys.make("other", ["session"])
        async with up.client(small) as one, up.client(other) as two:
            others = (await two.post("/api/v1/sessions")).json()["id"]
            first = (await one.post("/api/v1/sessions")).json()["id"]
            second = (await one.post("/api/v1/sessions")).json()["id"]
            states = {told["id"]: told["state"] for told in (await one.get("/api/v1/sessions")).json()["sessions"]}
            assert states == {first: "asleep", second: "open"}
            assert (await two.get(f"/api/v1/sessions/{others}")).json()["state"] == "open"
            running = asyncio.ensure_future(one.post(f"/api/v1/sessions/{second}/run", json={"code": "import time; time.sleep(600)"}))
            await up.one(second, one).until("busy")
            assert (await one.post("/api/v1/sessions")).status_code == 429
            await one.post(f"/api/v1/sessions/{second}/interrupt")
            assert (await running).status_code == 200
            copy = (await one.post(f"/api/v1/sessions/{second}/fork")).json()
            assert copy["state"] == "asleep"


async def test_a_session_that_sleeps_is_woken_to_tell_its_variables(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), idle=0.1) as up:
        one = await up.made()
        await one.run("x = 20")
        await one.until("asleep")
        assert [each["preview"] for each in (await one.ask("GET", "/variables"))["variables"]] == ["20"]
        assert (await one.run("x + len(In)")).result == "23"
