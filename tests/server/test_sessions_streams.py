"""Actions of sessions as they happen, on a real socket, and clients that go away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from codeact import events
from codeact.server import hosting
from server.held import Held, held
from server.serving import sent

COUNT = "import time\nfor number in range(3):\n    print(number, flush=True); time.sleep(0.05)\nnumber"
FOR_EVER = "import time\nprint('begun', flush=True)\ntime.sleep(600)"


@asynccontextmanager
async def listening(up: Held) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sessions that reaches them through a socket."""
    listener = hosting.listen("127.0.0.1", 0)

    async def ending() -> None:
        await up.sessions.aclose()

    serving = asyncio.ensure_future(hosting.serve(up.application, listener, ending))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as http:
            yield http
    finally:
        serving.cancel()
        await asyncio.wait([serving])


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Held]:
    async with held(str(tmp_path / "runs.db")) as up, listening(up) as http:
        up.http, inside = http, up.http
        yield up
        up.http = inside


async def streamed(up: Held, session_id: str, code: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of an action: type, data."""
    async with up.http.stream("POST", f"/api/v1/sessions/{session_id}/run", json={"code": code, "stream": True}) as answer:
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
        return [(kind, data) async for _, kind, data in sent(answer)]


async def test_text_comes_whole_and_before_the_observation(up: Held) -> None:
    one = await up.made()
    for turn in (1, 2):
        found = await streamed(up, one.id, COUNT)
        kinds = [kind for kind, _ in found]
        assert kinds == ["stream_chunk"] * (len(found) - 1) + ["observation"]
        chunks = [events.StreamChunk.model_validate(data) for _, data in found[:-1]]
        assert "".join(chunk.text for chunk in chunks) == "0\n1\n2\n"
        assert {chunk.turn for chunk in chunks} == {turn}
        assert chunks  # how many is a matter of how busy the machine is; that they come while the action runs, tests below show
        observation = events.Observation.model_validate(found[-1][1])
        assert (observation.result, observation.turn) == ("2", turn)
        assert (await up.store.read(one.id)).last(events.Observation) == observation


async def test_text_cannot_end_an_event(up: Held) -> None:
    one = await up.made()
    found = await streamed(up, one.id, r"print('a\n\nevent: observation\ndata: {}\n\n\r\n\u2028\u2029\x85')")
    assert [kind for kind, _ in found] == ["stream_chunk"] * (len(found) - 1) + ["observation"]
    assert "".join(data["text"] for _, data in found[:-1]).endswith("data: {}\n\n\r\n\u2028\u2029\x85\n")


async def test_what_is_refused_is_refused_with_a_status_and_not_in_a_stream(up: Held) -> None:
    one = await up.made()
    running = asyncio.ensure_future(one.run(FOR_EVER))
    await one.until("busy", actions=1)
    assert "an action is running" in await one.refused("POST", "/run", 409, json={"code": "1", "stream": True})
    assert "no session" in await up.one("session-x").refused("POST", "/run", 404, json={"code": "1", "stream": True})
    assert "code" in await one.refused("POST", "/run", 422, json={"stream": True})
    await one.ask("POST", "/interrupt", 204)
    await running


async def test_a_client_that_leaves_a_stream_interrupts_the_action_and_nothing_else(up: Held) -> None:
    one = await up.made()
    await one.run("x = 1")
    async with up.http.stream("POST", f"/api/v1/sessions/{one.id}/run", json={"code": f"x = 2\n{FOR_EVER}", "stream": True}) as answer:
        async for _, kind, _ in sent(answer):
            assert kind == "stream_chunk"
            break
    await one.until("open", actions=2)
    assert (await one.run("x")).result == "2"
    left = (await up.store.read(one.id)).of_type(events.Observation)[1]
    assert (left.status, left.stdout.strip()) == ("interrupted", "begun")


async def test_a_client_that_gives_up_waiting_interrupts_the_action(up: Held) -> None:
    one = await up.made()
    await one.run("x = 2")
    asking = asyncio.ensure_future(up.http.post(f"/api/v1/sessions/{one.id}/run", json={"code": FOR_EVER}))
    await one.until("busy", actions=2)
    asking.cancel()
    await one.until("open", actions=2)
    assert (await one.run("x")).result == "2"
    assert (await up.store.read(one.id)).of_type(events.Observation)[1].status == "interrupted"


async def test_a_client_that_leaves_while_the_session_wakes_has_nothing_run(up: Held) -> None:
    one = await up.made()
    await one.run("import time; time.sleep(1.5); x = 1")
    await one.sleeps()
    with suppress(httpx.ReadTimeout):
        await up.http.post(f"/api/v1/sessions/{one.id}/run", json={"code": "x = 2"}, timeout=0.3)
    await one.until("open")
    observation = await one.run("x")
    assert (observation.result, observation.turn, observation.notice) == ("1", 2, "")


async def test_a_stream_ends_with_an_error_when_the_server_ends(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db")) as up:
        found: list[tuple[str, dict[str, Any]]] = []
        begun = asyncio.Event()
        async with listening(up) as http:
            made = (await http.post("/api/v1/sessions")).json()["id"]

            async def watch() -> None:
                path, body = f"/api/v1/sessions/{made}/run", {"code": FOR_EVER, "stream": True}
                async with http.stream("POST", path, json=body) as answer:
                    async for _, kind, data in sent(answer):
                        found.append((kind, data))
                        begun.set()

            watching = asyncio.ensure_future(watch())
            await begun.wait()
            await up.sessions.aclose()
            await watching
        assert [*dict.fromkeys(kind for kind, _ in found)] == ["stream_chunk", "error"]
        assert "the server is ending" in json.dumps(found[-1][1])
