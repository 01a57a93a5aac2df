"""Keys: nobody without one gets anywhere, nobody with one gets at what is another's, and no key is ever told."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from codeact import errors
from codeact.server.api.access import OPEN, Access
from codeact.store.kept import open_store
from codeact.store.keys import SCOPES, Keys
from server.hostile.wire import SHELLS, Route, all_routes, is_fault, kept_routes, said
from server.serving import ADD, Served, script, served

pytestmark = pytest.mark.slow

ALL = [scope for scope in SCOPES if scope != "admin"]
SLEEPS = ["<execute>\nimport time\ntime.sleep(60)\n</execute>", "<solution>done</solution>"]


@dataclass(slots=True)
class Keyed:
    """A server that asks for keys: one of the administrator, with which `up.http` asks, and two of strangers to each other."""

    up: Served
    admin: str
    one: str
    other: str

    def as_(self, key: str | None, **headers: str) -> httpx.AsyncClient:
        """A client that shows a key."""
        shown: dict[str, str] = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=self.up.url, headers=shown | headers, timeout=60)


async def key(database: str, *scopes: str, **most: int) -> str:
    """Make a key."""
    store = await open_store(database)
    try:
        return (await store.keys.make("somebody", scopes or ALL, **most))[1]
    finally:
        await store.aclose()


@asynccontextmanager
async def keyed(tmp_path: Path, turns: list[str] = ADD, **most: int) -> AsyncIterator[Keyed]:
    """A server with keys; `most` bounds the first stranger's."""
    database = str(tmp_path / "runs.db")
    admin, one, other = await key(database, "admin"), await key(database, **most), await key(database)
    async with served(database, script(tmp_path, turns), key=admin) as up:
        yield Keyed(up, admin, one, other)


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Keyed]:
    async with keyed(tmp_path) as up:
        yield up


async def revoked(database: str) -> str:
    """A key that was revoked."""
    store = await open_store(database)
    made, text = await store.keys.make("gone", SCOPES)
    await store.keys.revoke(made.id)
    await store.aclose()
    return text


async def test_every_route_but_health_readiness_and_the_schema_is_closed_without_a_right_key(up: Keyed) -> None:
    gone = await revoked(up.up.database)
    wrong = up.one[:-1] + ("x" if up.one[-1] != "x" else "y")
    shown = ["", "Bearer", "Bearer x", f"Bearer {wrong}", f"Bearer {gone}", up.one, f"Basic {up.one}", f"Token {up.one}"]
    shown += [f"Bearer {up.one} {up.one}", f"Bearer {up.one},", f"Bearer {up.one.upper()}", f"Bearer {up.one[:13]}", f"Bearer\t{up.one}"]
    async with up.as_(None) as http:
        for route in kept_routes():
            method, path = route.to()
            answer = await http.request(method, path, **route.more)
            assert (answer.status_code, is_fault(answer)) == (401, True), route
            assert answer.headers["www-authenticate"] == "Bearer"
        for header in shown:
            for path in ("/api/v1/runs", "/v1/models", "/metrics", "/nowhere"):
                assert (await http.get(path, headers={"Authorization": header})).status_code == 401, (path, header)
        for elsewhere in ({"X-API-Key": up.one}, {"Cookie": f"key={up.one}"}, {"Proxy-Authorization": f"Bearer {up.one}"}):
            assert (await http.get("/api/v1/runs", headers=elsewhere)).status_code == 401
        assert (await http.get("/api/v1/runs", params={"key": up.one, "api_key": up.one})).status_code == 401
        for header in (b"Bearer \xff\xfe", b"Bearer " + b"a" * 9000, b"\xc3\x28"):
            assert (await http.get("/api/v1/runs", headers=[(b"Authorization", header)])).status_code == 401
        for path in OPEN:
            assert (await http.get(path)).status_code == 200
    assert {route.path for route in all_routes()} - {route.path for route in kept_routes()} == {*OPEN, *SHELLS}


async def test_without_a_key_nothing_of_a_body_is_looked_at(up: Keyed) -> None:
    async with up.as_(None) as http:
        assert (await http.post("/api/v1/runs", content=b"{no json", headers={"Content-Type": "application/json"})).status_code == 401
    for path in ("/api/v1/runs", "/v1/responses", "/api/v1/sessions/x/run"):
        assert (await said(up.up.url, path, "POST", ["Content-Type: application/json", "Transfer-Encoding: chunked"]))[0] == 401


def needed(route: Route) -> str:
    """The scope that a route needs, by its path."""
    if route.path.startswith("/api/v1/sessions"):
        return "session"
    if (
        route.path == "/api/v1/about"
        or route.path.startswith("/page/")
        or (route.path.startswith("/api/v1/runs") and route.method == "GET")
    ):
        return "read"
    return "admin" if route.path == "/metrics" else "run"


async def test_a_key_without_the_scope_of_a_route_is_refused_and_one_with_it_is_not(up: Keyed) -> None:
    for scope in SCOPES:
        without = await key(up.up.database, *(one for one in ALL if one != scope))
        with_it = await key(up.up.database, scope)
        async with up.as_(without) as poor, up.as_(with_it) as rich:
            for route in kept_routes():
                if needed(route) == scope:
                    method, path = route.to()
                    refused = await poor.request(method, path, **route.more)
                    assert (refused.status_code, is_fault(refused)) == (403, True), route
                    assert (await rich.request(method, path, **route.more)).status_code not in (401, 403), route


async def whole(http: httpx.AsyncClient) -> dict[str, str]:
    """A run that has ended, its response and a session of a key; their ids."""
    response = await http.post("/v1/responses", json={"input": "add"})
    assert response.status_code == 200, response.text
    session = await http.post("/api/v1/sessions")
    assert session.status_code == 201, session.text
    told = response.json()
    return {"response_id": told["id"], "run_id": told["codeact"]["run_id"], "session_id": session.json()["id"]}


async def test_what_is_anothers_is_answered_as_if_it_were_not_there(up: Keyed) -> None:
    async with up.as_(up.one) as one, up.as_(up.other) as other:
        ids = await whole(one)
        own = [route for route in kept_routes() if any(f"{{{name}}}" in route.path for name in ids)]
        assert len(own) >= 25
        for route in own:
            method, path = route.to(**ids)
            told = await other.request(method, path, **route.more)
            assert (told.status_code, is_fault(told)) == (404, True), route
            method, path = route.to(**{name: f"{id[:-1]}{'0' if id[-1] != '0' else '1'}" for name, id in ids.items()})
            unknown = await other.request(method, path, **route.more)
            shape = [{**json.loads(answer.content)["error"], "message": ""} for answer in (told, unknown)]
            assert (unknown.status_code, shape[0]) == (404, shape[1]), route
        assert (await other.post("/v1/responses", json={"input": "x", "previous_response_id": ids["response_id"]})).status_code == 404
        for method, path in (Route("GET", route.path).to(**ids) for route in own if route.method == "GET" and "/stream" not in route.path):
            for http in (one, up.up.http):
                told = await http.request(method, path)
                assert told.status_code in (200, 400) or "there is no file 'x'" in told.text, path


async def test_a_kind_of_id_is_good_for_its_own_routes_only(up: Keyed) -> None:
    async with up.as_(up.one) as one:
        ids = await whole(one)
        for run_id, session_id in ((ids["session_id"], ids["run_id"]), (ids["response_id"], ids["response_id"])):
            for route in kept_routes():
                if "{run_id}" in route.path or "{session_id}" in route.path:
                    method, path = route.to(run_id=run_id, session_id=session_id)
                    assert (await one.request(method, path, **route.more)).status_code == 404, route


async def test_listings_show_ones_own_and_the_administrator_sees_all(up: Keyed) -> None:
    async def listed(http: httpx.AsyncClient) -> list[set[str]]:
        return [{told["id"] for told in (await http.get(f"/api/v1/{kind}")).json()[kind]} for kind in ("runs", "sessions")]

    async with up.as_(up.one) as one, up.as_(up.other) as other:
        ids, others = await whole(one), await whole(other)
        assert await listed(one) == [{ids["run_id"]}, {ids["session_id"]}]
        assert await listed(other) == [{others["run_id"]}, {others["session_id"]}]
        assert await listed(up.up.http) == [{ids["run_id"], others["run_id"]}, {ids["session_id"], others["session_id"]}]
        assert (await other.get("/api/v1/runs", params={"search": "add"})).json()["runs"][0]["id"] == others["run_id"]


async def test_a_conversation_or_an_idempotency_key_of_another_leads_to_a_run_of_ones_own(up: Keyed) -> None:
    async with up.as_(up.one) as one, up.as_(up.other) as other:
        chat: dict[str, Any] = {"messages": [{"role": "user", "content": "add"}]}
        first = (await one.post("/v1/chat/completions", json=chat)).json()
        answer = {"role": "assistant", "content": first["choices"][0]["message"]["content"]}
        chat["messages"] += [answer, {"role": "user", "content": "again"}]
        again = (await other.post("/v1/chat/completions", json=chat)).json()
        assert again["codeact"]["run_id"] != first["codeact"]["run_id"]
        begun = [await http.post("/api/v1/runs", json={"task": "add"}, headers={"Idempotency-Key": "1"}) for http in (one, other, one)]
        ids = [answer.json()["id"] for answer in begun]
        assert (ids[0] == ids[2], ids[0] == ids[1]) == (True, False)


async def test_a_key_has_no_more_runs_and_sessions_at_once_than_it_may(tmp_path: Path) -> None:
    async with keyed(tmp_path, SLEEPS, most_runs=2, most_sessions=1) as up, up.as_(up.one) as one, up.as_(up.other) as other:
        begun = await asyncio.gather(*(one.post("/api/v1/runs", json={"task": "x"}) for _ in range(6)))
        assert sorted(answer.status_code for answer in begun) == [201, 201, 429, 429, 429, 429]
        refused = next(answer for answer in begun if answer.status_code == 429)
        assert (int(refused.headers["retry-after"]) >= 1, is_fault(refused)) == (True, True)
        for path, body in (("/v1/responses", {"input": "x"}), ("/v1/chat/completions", {"messages": [{"role": "user", "content": "x"}]})):
            assert (await one.post(path, json=body)).status_code == 429
        assert (await other.post("/api/v1/runs", json={"task": "x"})).status_code == 201
        running = (await one.post("/api/v1/sessions")).json()["id"]
        busy = asyncio.ensure_future(one.post(f"/api/v1/sessions/{running}/run", json={"code": "import time; time.sleep(60)"}))
        for _ in range(600):
            if (await one.get(f"/api/v1/sessions/{running}")).json()["state"] == "busy":
                break
            await asyncio.sleep(0.05)
        more = await one.post("/api/v1/sessions")
        assert (more.status_code, "retry-after" in more.headers) == (429, True)
        assert (await other.post("/api/v1/sessions")).status_code == 201
        assert (await one.delete(f"/api/v1/sessions/{running}")).status_code == 204
        await busy


async def test_a_key_that_has_used_its_tokens_of_the_day_begins_nothing_more(tmp_path: Path) -> None:
    async with keyed(tmp_path, most_tokens=0) as up, up.as_(up.one) as one:
        for path, body in (("/api/v1/runs", {"task": "x"}), ("/v1/responses", {"input": "x"})):
            refused = await one.post(path, json=body)
            assert (refused.status_code, int(refused.headers["retry-after"]) > 60) == (429, True)


async def test_a_key_gets_no_tokens_back_by_removing_its_runs(tmp_path: Path) -> None:
    async with keyed(tmp_path, most_tokens=1) as up, up.as_(up.one) as one:
        run = (await one.post("/api/v1/runs", json={"task": "x"})).json()["id"]
        async with one.stream("GET", f"/api/v1/runs/{run}/stream") as answer:
            await answer.aread()
        assert (await one.post("/api/v1/runs", json={"task": "x"})).status_code == 429
        assert (await one.delete(f"/api/v1/runs/{run}")).status_code == 204
        assert (await one.post("/api/v1/runs", json={"task": "x"})).status_code == 429


async def test_a_key_that_is_made_or_revoked_while_the_server_runs_counts_at_once(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path)) as up:
        assert (await up.http.get("/api/v1/runs")).status_code == 200
        store = await open_store(up.database)
        made, text = await store.keys.make("first", ["read"])
        assert (await up.http.get("/api/v1/runs")).status_code == 401
        shown = {"Authorization": f"Bearer {text}"}
        assert (await up.http.get("/api/v1/runs", headers=shown)).status_code == 200
        await store.keys.revoke(made.id)
        assert (await up.http.get("/api/v1/runs", headers=shown)).status_code == 401
        assert (await up.http.get("/api/v1/runs")).status_code == 401
        await store.aclose()


async def test_a_server_that_others_could_reach_or_that_is_to_ask_for_keys_does_not_start_without_one(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "", "127.0.0.1.example.com"):
        with pytest.raises(errors.InputError):
            async with served(str(tmp_path / "runs.db"), script(tmp_path), host=host):
                pass
    with pytest.raises(errors.InputError, match="codeact keys make"):
        async with served(str(tmp_path / "runs.db"), script(tmp_path), needs_key=True):
            pass
    await revoked(str(tmp_path / "runs.db"))
    with pytest.raises(errors.InputError, match="codeact keys make"):
        async with served(str(tmp_path / "runs.db"), script(tmp_path), host="0.0.0.0"):
            pass


async def test_no_log_error_or_description_holds_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with keyed(tmp_path) as up:
        told: list[str] = [repr(up.up.opened)]
        wrong = up.one[:-4] + "wxyz"
        for shown in (up.one, up.admin, wrong):
            async with up.as_(shown) as http:
                told += [(await http.get(path)).text for path in ("/api/v1/runs/x", "/api/v1/about", "/metrics")]
                told.append((await http.post("/v1/responses", json={"input": "add"})).text)
                told.append((await http.post("/api/v1/runs", content=b"{", headers={"Content-Type": "application/json"})).text)
        store = await open_store(up.up.database)
        told += [
            repr(await store.keys.check(up.one)),
            repr(await store.keys.all()),
            repr(Access(store.keys, needed=True)),
            repr(store.keys),
        ]
        assert isinstance(store.keys, Keys)
        await store.aclose()
    for secret in (text.split("_", 2)[2] for text in (up.one, up.admin, wrong)):
        assert secret not in caplog.text
        assert not [text for text in told if secret in text]
