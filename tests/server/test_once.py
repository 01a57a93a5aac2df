"""What is asked with an `Idempotency-Key` is done once, however often it is sent, over restarts and kills of the server too."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from codeact import config, errors, events
from codeact.server.api.access import ANYBODY
from codeact.server.engine.agents import Agents
from codeact.server.engine.once import named
from codeact.server.engine.order import GivenFile, Order
from codeact.server.engine.runs import Runs
from codeact.store.database import open_database
from codeact.store.kept import Store
from server.killing import Server
from server.official import STATEFUL, until
from server.serving import ADD, Served, script, served

RUNS, SESSIONS = "/api/v1/runs", "/api/v1/sessions"


async def ask(http: httpx.AsyncClient, path: str, key: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """Send a request with a key; its answer, which has to be of this status."""
    answer = await http.post(path, json=body, headers={"Idempotency-Key": key})
    assert answer.status_code == status, answer.text
    return answer.json()


async def refused(http: httpx.AsyncClient, path: str, key: str, body: dict[str, Any]) -> None:
    """See that a request is refused, since its key came with another."""
    told = await ask(http, path, key, body, 409)
    assert "came with another request" in told["error"]["message"]


async def look(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """A run or a session, as it is told."""
    return (await http.get(path)).json()


async def messages(http: httpx.AsyncClient, run_id: str) -> list[str]:
    """What a run was given."""
    page = (await http.get(f"{RUNS}/{run_id}/events")).json()["events"]
    return [event["text"] for event in page if event["type"] == "task_given"]


async def branches(http: httpx.AsyncClient, run_id: str) -> list[str]:
    """The branches of a run, as it has them."""
    page = (await http.get(f"{RUNS}/{run_id}/events")).json()["events"]
    return [event["child"] for event in page if event["type"] == "branched"]


async def test_a_key_that_comes_with_another_run_is_refused(served: Served) -> None:
    first, again = [await ask(served.http, RUNS, "1", {"task": "add"}, 201) for _ in range(2)]
    assert first["id"] == again["id"]
    await refused(served.http, RUNS, "1", {"task": "add", "seed": 1})
    await served.ended(first["id"])
    assert len((await served.http.get(RUNS)).json()["runs"]) == 1


async def test_a_message_is_taken_once_for_its_key(tmp_path: Path) -> None:
    database, model, more = str(tmp_path / "runs.db"), script(tmp_path, STATEFUL), {"text": "more"}
    async with served(database, model) as up:
        run = await up.run("begin")
        to = f"{RUNS}/{run['id']}/messages"
        await up.ended(run["id"])
        told = await asyncio.gather(*(ask(up.http, to, "1", more, 202) for _ in range(3)))
        assert {one["id"] for one in told} == {run["id"]}
        await refused(up.http, to, "1", {"text": "less"})
        await up.ended(run["id"])
        await ask(up.http, to, "1", more, 202)
        assert await messages(up.http, run["id"]) == ["begin", "more"]
    async with served(database, model) as up:
        assert (await ask(up.http, to, "1", more, 202))["state"] == "answered"
        await refused(up.http, to, "1", {"text": "less"})
        await ask(up.http, to, "2", more, 202)
        assert (await up.ended(run["id"]))["answer"] == "three"
        assert await messages(up.http, run["id"]) == ["begin", "more", "more"]


async def test_a_message_that_is_refused_may_be_sent_again_with_its_key(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)) as up:
        run = await up.run("begin", ask="actions")
        to = f"{RUNS}/{run['id']}/messages"
        await ask(up.http, to, "1", {"text": "more"}, 409)
        await up.http.post(f"{RUNS}/{run['id']}/cancel")
        await ask(up.http, to, "1", {"text": "more"}, 202)
        assert await messages(up.http, run["id"]) == ["begin", "more"]


@pytest.mark.parametrize("onward", [{"turn": 2, "message": "more"}, {"turn": 1, "code": "x = 5\nprint(x)"}], ids=["message", "code"])
async def test_a_branch_is_begun_once_for_its_key(tmp_path: Path, onward: dict[str, Any]) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, STATEFUL)
    async with served(database, model) as up:
        run = await up.run("begin")
        await up.ended(run["id"])
        to = f"{RUNS}/{run['id']}/branch"
        told = await asyncio.gather(*(ask(up.http, to, "1", onward, 201) for _ in range(3)))
        child = told[0]["id"]
        await up.ended(child)
    async with served(database, model) as up:
        assert {one["id"] for one in [*told, await ask(up.http, to, "1", onward, 201)]} == {child}
        await refused(up.http, to, "1", {**onward, "turn": 0})
        assert await branches(up.http, run["id"]) == [child]
        assert (await ask(up.http, to, "2", onward, 201))["id"] != child


async def test_what_is_done_in_a_session_is_done_once_for_its_key(tmp_path: Path) -> None:
    database, model, count = str(tmp_path / "runs.db"), script(tmp_path), {"code": "x += 1\nprint(x)\nx"}
    async with served(database, model) as up:
        made, same = [await ask(up.http, SESSIONS, "1", {}, 201) for _ in range(2)]
        await refused(up.http, SESSIONS, "1", {"limits": {"memory_mb": 100}})
        at = f"{SESSIONS}/{made['id']}"
        await ask(up.http, f"{at}/run", "1", {"code": "x = 0"})
        marks = [await ask(up.http, f"{at}/checkpoints", "1", {}, 201) for _ in range(2)]
        seen = [await ask(up.http, f"{at}/run", "2", count) for _ in range(2)]
        await refused(up.http, f"{at}/run", "2", {"code": "x"})
        notices = [await ask(up.http, f"{at}/rollback", "1", {}) for _ in range(2)]
        forks = [await ask(up.http, f"{at}/fork", "1", {}, 201) for _ in range(2)]
        await refused(up.http, f"{at}/fork", "1", marks[0])
    async with served(database, model) as up:
        seen.append(await ask(up.http, f"{at}/run", "2", count))
        marks.append(await ask(up.http, f"{at}/checkpoints", "1", {}, 201))
        notices.append(await ask(up.http, f"{at}/rollback", "1", {}))
        forks.append(await ask(up.http, f"{at}/fork", "1", {}, 201))
        streamed = await up.http.post(f"{at}/run", json={**count, "stream": True}, headers={"Idempotency-Key": "2"})
        assert (await ask(up.http, f"{at}/run", "3", count))["turn"] == 3
        assert len((await up.http.get(SESSIONS)).json()["sessions"]) == 2
    assert made["id"] == same["id"]
    assert [one["outputs"][0]["text"] for one in seen] == ["1\n"] * 3 and seen[0] == seen[1] == seen[2]
    assert streamed.status_code == 200 and '"1\\n"' in streamed.text
    assert marks == [{"mark": "checkpoint-1"}] * 3
    assert notices == [{"notice": ""}] * 3
    assert len({one["id"] for one in forks}) == 1


async def test_an_action_that_still_runs_is_waited_for_by_who_asks_again(served: Served) -> None:
    made = (await served.http.post(SESSIONS)).json()
    at, slow = f"{SESSIONS}/{made['id']}", {"code": "import time\ntime.sleep(0.5)\nprint('done')"}
    first = asyncio.ensure_future(ask(served.http, f"{at}/run", "1", slow))
    await until(lambda: look(served.http, at), lambda told: told["state"] == "busy")
    first.cancel()
    again = await asyncio.gather(*(ask(served.http, f"{at}/run", "1", slow) for _ in range(2)))
    assert again[0] == again[1] and again[0]["outputs"][0]["text"] == "done\n"
    assert (await served.http.get(at)).json()["actions"] == 1


@pytest.mark.slow
async def test_an_action_that_nobody_comes_back_for_is_interrupted_and_told_of_so(served: Served) -> None:
    made = (await served.http.post(SESSIONS)).json()
    at, endless = f"{SESSIONS}/{made['id']}", {"code": "import time\nwhile True: time.sleep(1)"}
    first = asyncio.ensure_future(ask(served.http, f"{at}/run", "1", endless))
    await until(lambda: look(served.http, at), lambda told: told["state"] == "busy")
    first.cancel()
    await until(lambda: look(served.http, at), lambda told: told["state"] == "open")
    assert (await ask(served.http, f"{at}/run", "1", endless))["status"] == "interrupted"


@pytest.mark.slow
async def test_what_was_taken_by_a_server_that_is_killed_is_taken_once_and_what_it_was_in_the_middle_of_is_done_again(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path, str(tmp_path / "runs.db"), [*ADD, *ADD])
    stop = {"code": "x += 1\nimport time, pathlib\npathlib.Path('there').touch()\ntime.sleep(2)\nx"}
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        try:
            await server.start()
            await server.wait_ready()
            run = await ask(http, RUNS, "1", {"task": "add"}, 201)
            await until(lambda: look(http, f"{RUNS}/{run['id']}"), lambda told: told["state"] == "answered")
            made = await ask(http, SESSIONS, "1", {}, 201)
            at, to = f"{SESSIONS}/{made['id']}", f"{RUNS}/{run['id']}/messages"
            await ask(http, f"{at}/run", "1", {"code": "x = 0"})
            running = asyncio.ensure_future(ask(http, f"{at}/run", "2", stop))
            await until(lambda: look(http, at), lambda told: told["actions"] == 2)
            await ask(http, to, "1", {"text": "again"}, 202)
            await server.kill()
            with pytest.raises(httpx.TransportError):
                await running
            await server.start()
            await server.wait_ready()
            assert (await ask(http, RUNS, "1", {"task": "add"}, 201))["id"] == run["id"]
            assert (await ask(http, SESSIONS, "1", {}, 201))["id"] == made["id"]
            await ask(http, to, "1", {"text": "again"}, 202)
            await refused(http, to, "1", {"text": "else"})
            await until(lambda: look(http, f"{RUNS}/{run['id']}"), lambda told: told["state"] == "answered")
            assert await messages(http, run["id"]) == ["add", "again"]
            seen = await ask(http, f"{at}/run", "2", stop)
            assert (seen["status"], seen["outputs"][-1]["data"]["text/plain"]) == ("ok", "1")
            assert await ask(http, f"{at}/run", "2", stop) == seen
        finally:
            await server.kill()


class Slow(Store):
    """A store that gives out files when it is let."""

    wanted: asyncio.Event
    lets: asyncio.Event

    async def file(self, digest: str) -> bytes:
        """See `Store`."""
        self.wanted.set()
        await self.lets.wait()
        return await super().file(digest)


async def test_a_message_that_is_cancelled_before_it_is_taken_holds_nothing(tmp_path: Path) -> None:
    store = Slow(await open_database(str(tmp_path / "runs.db")))
    store.wanted, store.lets = asyncio.Event(), asyncio.Event()
    runs = Runs(store, Agents(config.load(preload=()), [script(tmp_path, STATEFUL)]), most=1)
    live = await runs.start(Order(task="begin"), ANYBODY)
    await live.ended()
    files, request = [GivenFile("a.txt", await store.keep_file(b"a"))], named("", "a message", "1", {})
    sending = asyncio.ensure_future(runs.send(live.run_id, "more", files, ANYBODY, request))
    await store.wanted.wait()
    await live.cancel()
    with pytest.raises(errors.BusyError, match="before it was taken"):
        await asyncio.wait_for(sending, 60)
    assert runs.working == 0
    store.lets.set()
    await runs.send(live.run_id, "more", files, ANYBODY, request)
    await live.ended()
    assert [event.text for event in live.record.of_type(events.TaskGiven)] == ["begin", "more"]
    await runs.aclose()
    await store.aclose()
