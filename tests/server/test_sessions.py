"""Sessions without an agent: made, used, gone back in, copied, removed, and kept apart."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from codeact import events
from server.held import Held, held


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Held]:
    async with held(str(tmp_path / "runs.db")) as up:
        yield up


async def test_code_runs_in_a_session_that_keeps_its_state_and_is_kept_itself(up: Held) -> None:
    one = await up.made()
    assert (await one.run("x = 20")).status == "ok"
    observation = await one.run("print('hi'); x + 1")
    assert (observation.stdout, observation.result, observation.turn) == ("hi\n", "21", 2)
    told = await one.ask("GET")
    assert (told["state"], told["actions"], told["parent"]) == ("open", 2, None)
    assert told["isolation"] in ("strict", "landlock")
    record = await up.store.read(one.id)
    assert [event.type for event in record.events] == ["run_started", "action", "observation", "action", "observation"]
    assert record.of_type(events.Observation)[1] == observation
    started = record.of_type(events.RunStarted)[0]
    assert (started.model, started.format, started.system, started.isolation) == ("", "code", "", told["isolation"])
    assert "hi" in observation.text


async def test_what_code_raises_is_an_observation(up: Held) -> None:
    one = await up.made()
    observation = await one.run("1/0")
    assert observation.status == "error"
    assert observation.error is not None
    assert observation.error.name == "ZeroDivisionError"


async def test_a_timeout_of_the_request_ends_the_action_and_the_sessions_own_limit_stays_the_highest(up: Held) -> None:
    one = await up.made({"action_seconds": 0.3})
    for more in ({"timeout": 60}, {}, {"timeout": 0.2}):
        assert (await one.run("import time; time.sleep(30)", **more)).status == "timeout"


async def test_a_limit_above_the_servers_is_refused_and_one_that_is_no_sessions_too(up: Held) -> None:
    answer = await up.http.post("/api/v1/sessions", json={"limits": {"action_seconds": 1e6}})
    assert (answer.status_code, "above this server's 30" in answer.text) == (400, True)
    for body in ({"limits": {"turns": 3}}, {"limit": {}}, {"limits": {"memory_mb": 0}}):
        assert (await up.http.post("/api/v1/sessions", json=body)).status_code == 422


async def test_a_session_needs_no_body_to_be_made(up: Held) -> None:
    assert (await up.http.post("/api/v1/sessions")).status_code == 201


async def test_a_second_action_is_refused_while_one_runs_and_what_changes_the_state_too(up: Held) -> None:
    one = await up.made()
    running = asyncio.ensure_future(one.run("import time\nfor _ in range(600): time.sleep(0.1)"))
    await one.until("busy")
    for path, body in (("/run", {"code": "1"}), ("/checkpoints", None), ("/rollback", {}), ("/fork", {})):
        assert "an action is running" in await one.refused("POST", path, 409, json=body)
    await one.ask("POST", "/interrupt", 204)
    assert (await running).status == "interrupted"
    assert (await one.run("1")).result == "1"


async def test_the_variables_are_told_between_actions_and_recorded_nowhere(up: Held) -> None:
    one = await up.made()
    assert await one.ask("GET", "/variables") == {"variables": [], "more": 0}
    await one.run("x = [1, 2]\ndef f(): pass")
    length = len((await up.store.read(one.id)).events)
    told = await one.ask("GET", "/variables")
    assert (told["variables"][0]["size"] > 0, told["more"]) == (True, 0)
    assert told["variables"] == [
        {"name": "x", "type": "list", "shape": [2], "size": told["variables"][0]["size"], "preview": "[1, 2]"},
        {"name": "f", "type": "function", "shape": None, "size": None, "preview": "def f()"},
    ]
    assert len((await up.store.read(one.id)).events) == length
    assert (await one.run("len(In)")).result == "3"
    running = asyncio.ensure_future(one.run("import time\nfor _ in range(600): time.sleep(0.1)"))
    await one.until("busy")
    assert "cannot tell the variables: an action is running" in await one.refused("GET", "/variables", 409)
    await one.ask("POST", "/interrupt", 204)
    assert (await running).status == "interrupted"


async def test_an_interrupt_without_an_action_does_nothing(up: Held) -> None:
    one = await up.made()
    await one.ask("POST", "/interrupt", 204)
    assert (await one.run("1 + 1")).result == "2"


async def test_going_back_to_a_checkpoint_brings_variables_and_files_back_and_the_checkpoint_stays(up: Held) -> None:
    one = await up.made()
    await one.run("x = 1; open('a.txt', 'w').write('one')")
    mark = await one.mark()
    await one.run("x = 2; open('a.txt', 'w').write('two')")
    later = await one.mark()
    for _ in range(2):
        await one.run("x = 3")
        await one.back(mark)
        assert (await one.run("x, open('a.txt').read()")).result == "(1, 'one')"
    assert f"there is no checkpoint {later!r}" in await one.refused("POST", "/rollback", 409, json={"mark": later})
    assert "there are: 'checkpoint-1'" in await one.refused("POST", "/rollback", 409, json={"mark": "nonsense"})


async def test_without_a_mark_the_latest_action_is_undone_once_be_it_the_first(up: Held) -> None:
    one = await up.made()
    assert "nothing to undo" in await one.refused("POST", "/rollback", 409)
    await one.run("x = 1; open('a.txt', 'w').write('one')")
    await one.back()
    assert await one.files() == {}
    assert (await one.run("'x' in globals()")).result == "False"
    await one.run("y = 1")
    await one.run("y = 2")
    await one.back()
    assert "nothing to undo" in await one.refused("POST", "/rollback", 409)
    assert (await one.run("y")).result == "1"
    assert [event.mark for event in (await up.store.read(one.id)).of_type(events.RolledBack)] == ["before-1", "before-4"]


async def test_an_action_that_was_undone_already_is_not_undone_twice(up: Held) -> None:
    one = await up.made()
    await one.run("x = 1")
    assert (await one.run("import os; os._exit(3)")).restored
    assert "nothing to undo" in await one.refused("POST", "/rollback", 409)
    assert (await one.run("x")).result == "1"


async def test_only_the_latest_eight_checkpoints_can_be_gone_back_to(up: Held) -> None:
    one = await up.made()
    marks = []
    for number in range(10):
        await one.run(f"x = {number}")
        marks.append(await one.mark())
    assert "no checkpoint" in await one.refused("POST", "/rollback", 409, json={"mark": marks[1]})
    await one.back(marks[2])
    assert (await one.run("x")).result == "2"


async def test_a_checkpoint_that_the_interpreter_has_lost_is_gone_back_to_by_the_record(up: Held) -> None:
    one = await up.made()
    await one.run("x = 1")
    mark = await one.mark()
    await one.run("import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()")
    assert (await one.run("import os; os._exit(3)")).state_lost
    assert await one.back(mark) == ""
    assert (await one.run("x")).result == "1"


@pytest.mark.parametrize("isolation", ["strict", "process"])
async def test_a_copy_goes_its_own_way_in_every_isolation(isolation: str, tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), isolation=isolation) as up:
        one = await up.made()
        await one.put("data/a.txt", b"one")
        await one.run("x = 1")
        mark = await one.mark()
        await one.run("x = 2")
        now, then = await one.fork(), await one.fork(mark)
        await one.run("x = 3; open('data/a.txt', 'w').write('other')")
        assert (await now.run("x, open('data/a.txt').read()")).result == "(2, 'one')"
        assert (await then.run("x")).result == "1"
        await now.run("x = 4")
        await now.sleeps()
        assert (await now.run("x")).result == "4"
        assert (await one.run("x")).result == "3"
        assert (await now.ask("GET"))["actions"] == 5
        assert "there is no checkpoint" in await one.refused("POST", "/fork", 409, json={"mark": "checkpoint-7"})
        assert (await up.store.read(one.id)).of_type(events.Branched)[0].child == now.id


async def test_a_removed_session_is_gone_also_in_the_middle_of_an_action(up: Held) -> None:
    one, other = await up.made(), await up.made()
    running = asyncio.ensure_future(one.refused("POST", "/run", 404, json={"code": "import time; time.sleep(600)"}))
    await one.until("busy")
    await one.ask("DELETE", "", 204)
    assert "there is no session" in await running
    for method, path, body in (("GET", "", None), ("POST", "/run", {"code": "1"}), ("DELETE", "", None), ("GET", "/files", None)):
        assert "there is no session" in await one.refused(method, path, 404, json=body)
    listed = (await up.http.get("/api/v1/sessions")).json()["sessions"]
    assert [told["id"] for told in listed] == [other.id]
    assert await up.store.count(sessions=True) == 1


async def test_each_key_sees_its_own_sessions_and_an_admin_all(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db"), needs_key=True) as up:
        mine, yours, admin, reader = [
            (await up.store.keys.make(name, scopes=scopes))[1]
            for name, scopes in (("a", ["session"]), ("b", ["session"]), ("c", ["admin"]), ("d", ["read"]))
        ]
        async with up.client(mine) as one, up.client(yours) as other, up.client(admin) as all_, up.client(reader) as no:
            made = (await one.post("/api/v1/sessions")).json()["id"]
            path = f"/api/v1/sessions/{made}"
            assert (await up.http.get(path)).status_code == 401
            assert (await no.get(path)).status_code == 403
            assert (await one.get(path)).status_code == 200
            assert (await all_.get(path)).status_code == 200
            for method, more in (("GET", ""), ("DELETE", ""), ("POST", "/fork"), ("GET", "/files"), ("POST", "/interrupt")):
                assert (await other.request(method, path + more)).status_code == 404
            assert (await other.post(f"{path}/run", json={"code": "1"})).status_code == 404
            seen = [len((await client.get("/api/v1/sessions")).json()["sessions"]) for client in (one, other, all_)]
            assert seen == [1, 0, 1]


async def test_a_run_is_no_session(up: Held) -> None:
    record = up.store.new()
    record.append(events.RunStarted(run_id="run-1", model="script:x", format="code", system="", isolation="strict", limits=events.Limits()))
    await record.settled()
    assert (await up.http.get("/api/v1/sessions/run-1")).status_code == 404
    assert (await up.http.get("/api/v1/sessions")).json() == {"sessions": []}


async def test_the_schema_tells_of_every_route_what_it_answers(up: Held) -> None:
    schema = (await up.http.get("/openapi.json")).json()
    routes = [route for path in schema["paths"].values() for route in path.values()]
    assert len(routes) == 13
    for route in routes:
        assert {"401", "403", "404", "409", "413", "422", "429", "503"} <= set(route["responses"])
        assert route["responses"]["404"]["content"]["application/json"]["schema"]["$ref"].endswith("/Fault")
    ran = schema["paths"]["/api/v1/sessions/{session_id}/run"]["post"]["responses"]["200"]["content"]
    assert ran["application/json"]["schema"]["$ref"].endswith("/Observation")
    assert "text/event-stream" in ran
