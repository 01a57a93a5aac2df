"""Runs over HTTP: begun, watched, gone on with in conversation, branched, ended."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from codeact import errors, trajectory
from server.serving import ADD, Served, script, sent, served

server_up = served

SLOW = ["<execute>\nimport time\nprint('begun', flush=True)\ntime.sleep(60)\n</execute>", "<solution>done</solution>"]


async def test_a_run_is_begun_watched_to_its_end_and_kept(served: Served) -> None:
    run = await served.run("add one and one")
    events = await served.watched(run["id"])
    numbers = [number for number, _, _ in events if number is not None]
    assert numbers == list(range(len(numbers)))
    kinds = [kind for number, kind, _ in events if number is not None]
    assert kinds == ["run_started", "task_given", "model_turn", "action", "observation", "model_turn", "answered", "run_ended"]
    assert events[-1][1:] == ("end", {"state": "answered"})
    told = (await served.http.get(f"/api/v1/runs/{run['id']}")).json()
    assert (told["state"], told["answer"], told["turns"], told["live"], told["title"]) == ("answered", "2", 2, False, "add one and one")
    page = (await served.http.get(f"/api/v1/runs/{run['id']}/events", params={"limit": 5})).json()
    rest = (await served.http.get(f"/api/v1/runs/{run['id']}/events", params={"after": page["next"]})).json()
    assert [event["type"] for event in page["events"] + rest["events"]] == kinds
    assert rest["next"] is None


async def test_a_watcher_is_shown_text_as_it_is_written(tmp_path: Path) -> None:
    turns = ["<execute>\nimport time\ntime.sleep(1)\nprint('words', flush=True)\n</execute>", "<solution>done</solution>"]
    async with server_up(str(tmp_path / "runs.db"), script(tmp_path, turns)) as up:
        shown = {kind for number, kind, _ in await up.watched((await up.run())["id"]) if number is None}
    assert shown == {"model_delta", "stream_chunk", "end"}


async def test_a_watcher_that_comes_back_sees_what_it_missed_and_nothing_twice(served: Served) -> None:
    run = await served.run()
    whole = [(number, data) for number, _, data in await served.watched(run["id"]) if number is not None]
    for seen in range(-1, len(whole)):
        async with served.http.stream(
            "GET", f"/api/v1/runs/{run['id']}/stream", headers={"Last-Event-ID": str(seen)} if seen >= 0 else {}
        ) as answer:
            rest = [(number, data) async for number, _, data in sent(answer) if number is not None]
        assert rest == whole[seen + 1 :]


async def test_output_is_shown_while_the_action_runs_and_cancelling_stops_it(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW)) as up:
        run = await up.run()
        async with up.http.stream("GET", f"/api/v1/runs/{run['id']}/stream") as answer:
            async for _, kind, data in sent(answer):
                if kind == "stream_chunk" and data["text"].startswith("begun"):
                    cancelled = (await up.http.post(f"/api/v1/runs/{run['id']}/cancel")).json()
                    assert (cancelled["state"], cancelled["live"]) == ("cancelled", False)
                if kind == "end":
                    assert data == {"state": "cancelled"}


async def test_an_interrupted_action_is_an_observation_and_the_run_goes_on(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW)) as up:
        run = await up.run()
        async with up.http.stream("GET", f"/api/v1/runs/{run['id']}/stream") as answer:
            async for _, kind, data in sent(answer):
                if kind == "stream_chunk":
                    assert (await up.http.post(f"/api/v1/runs/{run['id']}/interrupt")).status_code == 204
                if kind == "observation":
                    assert data["status"] == "interrupted"
        assert (await up.http.get(f"/api/v1/runs/{run['id']}")).json()["answer"] == "done"


@pytest.mark.parametrize("idle", [600.0, 0.1], ids=["awake", "asleep"])
async def test_the_next_message_finds_the_state_of_the_one_before(idle: float, tmp_path: Path) -> None:
    turns = [
        "<execute>\nx = 41\nopen('note.txt', 'w').write('kept')\n</execute>",
        "<solution>set</solution>",
        "<execute>\nprint(x + 1, open('note.txt').read())\n</execute>",
        "<solution>42</solution>",
    ]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), idle=idle) as up:
        run = await up.run("set x")
        assert (await up.ended(run["id"]))["answer"] == "set"
        if idle < 1:
            await asyncio.sleep(1.5)  # it is looked after idle runs every `idle` seconds
        sent_ = await up.http.post(f"/api/v1/runs/{run['id']}/messages", json={"text": "one more"})
        assert sent_.status_code == 202, sent_.text
        assert (await up.ended(run["id"]))["answer"] == "42"
        page = (await up.http.get(f"/api/v1/runs/{run['id']}/events")).json()["events"]
        assert [event["text"] for event in page if event["type"] == "observation"][-1].strip().endswith("42 kept")
        assert not [event for event in page if event["type"] == "feedback"]


async def test_a_message_to_a_run_that_works_is_refused(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW)) as up:
        run = await up.run()
        refused = await up.http.post(f"/api/v1/runs/{run['id']}/messages", json={"text": "and?"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "session_busy_error")
        await up.http.post(f"/api/v1/runs/{run['id']}/cancel")


async def test_runs_are_listed_in_pages_searched_and_removed(served: Served) -> None:
    ids = [(await served.run(f"task {number}"))["id"] for number in range(3)]
    for run_id in ids:
        await served.ended(run_id)
    first = (await served.http.get("/api/v1/runs", params={"limit": 2})).json()
    second = (await served.http.get("/api/v1/runs", params={"limit": 2, "cursor": first["next"]})).json()
    assert [run["id"] for run in first["runs"] + second["runs"]] == ids[::-1]
    assert second["next"] is None
    found = (await served.http.get("/api/v1/runs", params={"search": "task 1", "state": "answered"})).json()["runs"]
    assert [run["id"] for run in found] == [ids[1]]
    assert (await served.http.delete(f"/api/v1/runs/{ids[1]}")).status_code == 204
    assert (await served.http.get(f"/api/v1/runs/{ids[1]}")).status_code == 404
    assert (await served.http.delete(f"/api/v1/runs/{ids[1]}")).status_code == 404


async def test_a_run_is_given_files_and_its_workspace_can_be_read(tmp_path: Path) -> None:
    turns = ["<execute>\ntext = open('in.txt').read()\nopen('out.txt', 'w').write(text.upper())\n</execute>", "<solution>done</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), idle=0.5) as up:
        kept = await up.http.put("/api/v1/files/in.txt", content=b"words")
        assert (kept.status_code, kept.json()["size"]) == (201, 5)
        run = await up.run(files=[{"name": "in.txt", "digest": kept.json()["digest"]}])
        assert (await up.ended(run["id"]))["answer"] == "done"
        await asyncio.sleep(1.5)  # it sleeps by now, and is woken to be looked into
        files = (await up.http.get(f"/api/v1/runs/{run['id']}/files")).json()
        assert files == {"files": [{"path": "in.txt", "size": 5}, {"path": "out.txt", "size": 5}], "whole": True}
        read = await up.http.get(f"/api/v1/runs/{run['id']}/files/out.txt")
        assert (read.content, read.headers["content-disposition"].startswith("attachment")) == (b"WORDS", True)
        for path in ("../runs.db", "%2e%2e/runs.db", "%2e%2e%2fruns.db", "/etc/passwd", "in.txt/x", "a%00b"):
            assert (await up.http.get(f"/api/v1/runs/{run['id']}/files/{path}")).status_code in (400, 404)
        lost = await up.http.post("/api/v1/runs", json={"task": "x", "files": [{"name": "in.txt", "digest": "0" * 64}]})
        assert lost.status_code in (404, 409)
        for name in ("..", "a/b", "x" * 256):
            bad = await up.http.post("/api/v1/runs", json={"task": "x", "files": [{"name": name, "digest": kept.json()["digest"]}]})
            assert bad.status_code in (400, 422), bad.text


async def test_a_run_is_exported_as_a_trajectory_file_that_loads(served: Served, tmp_path: Path) -> None:
    run = await served.run()
    await served.ended(run["id"])
    path = tmp_path / "run.jsonl"
    path.write_bytes((await served.http.get(f"/api/v1/runs/{run['id']}/export", params={"to": "jsonl"})).content)
    assert [event.type for event in trajectory.load(path).events][-2:] == ["answered", "run_ended"]
    markdown = (await served.http.get(f"/api/v1/runs/{run['id']}/export", params={"to": "md"})).text
    assert "print(1 + 1)" in markdown
    notebook = json.loads((await served.http.get(f"/api/v1/runs/{run['id']}/export", params={"to": "ipynb"})).text)
    assert notebook["nbformat"] == 4


async def test_a_branch_goes_its_own_way_from_a_turn_of_another_run(tmp_path: Path) -> None:
    turns = [
        "<execute>\nx = 1\n</execute>",
        "<execute>\nx += 1\nprint(x)\n</execute>",
        "<solution>2</solution>",
        "<execute>\nprint(x)\n</execute>",
    ]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [*turns, "<solution>end</solution>"])) as up:
        run = await up.run("count")
        await up.ended(run["id"])
        with_code = await up.http.post(f"/api/v1/runs/{run['id']}/branch", json={"turn": 2, "code": "x += 10\nprint(x)"})
        assert with_code.status_code == 201, with_code.text
        other = await up.ended(with_code.json()["id"])
        assert (other["state"], other["parent"]) == ("answered", run["id"])
        page = (await up.http.get(f"/api/v1/runs/{other['id']}/events")).json()["events"]
        assert [event["text"].split()[-1] for event in page if event["type"] == "observation"][-1] == "11"
        with_message = await up.http.post(f"/api/v1/runs/{run['id']}/branch", json={"turn": 3, "message": "and now?"})
        third = await up.ended(with_message.json()["id"])
        page = (await up.http.get(f"/api/v1/runs/{third['id']}/events")).json()["events"]
        assert [event["text"].split()[-1] for event in page if event["type"] == "observation"][-1] == "2"
        for bad in ({"turn": 9, "message": "x"}, {"turn": 1}, {"turn": 3, "code": "x"}, {"turn": 1, "message": "x", "code": "x"}):
            assert (await up.http.post(f"/api/v1/runs/{run['id']}/branch", json=bad)).status_code == 400
        parents = (await up.http.get(f"/api/v1/runs/{run['id']}/events")).json()["events"]
        assert [event["child"] for event in parents if event["type"] == "branched"] == [other["id"], third["id"]]


async def test_a_branch_begins_with_files(tmp_path: Path) -> None:
    read = "<execute>\nprint(open('in.txt').read())\n</execute>"
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ["<execute>\nx = 1\n</execute>", read, "<solution>2</solution>"])) as up:
        digests = [(await up.http.put("/api/v1/files/in.txt", content=content)).json()["digest"] for content in (b"one", b"two")]
        first, second = [[{"name": "in.txt", "digest": digest}] for digest in digests]
        run = await up.run(files=first)
        await up.ended(run["id"])
        to = f"/api/v1/runs/{run['id']}/branch"
        other = (await up.http.post(to, json={"turn": 0, "message": "again", "files": second})).json()
        assert (await up.ended(other["id"]))["state"] == "answered"
        page = (await up.http.get(f"/api/v1/runs/{other['id']}/events")).json()["events"]
        assert [event["files"] for event in page if event["type"] == "task_given"] == [["in.txt"]]
        assert [event["text"].split()[-1] for event in page if event["type"] == "observation"][-1] == "two"

        refused = [
            ({"turn": 1, "message": "x", "files": second}, 400, "exists"),
            ({"turn": 1, "message": "x", "files": [{"name": "b.txt", "digest": "0" * 64}]}, 409, "give the file again"),
            ({"turn": 1, "message": "x", "files": [{"name": "../b", "digest": digests[0]}]}, 400, "no plain file name"),
            ({"turn": 1, "code": "x", "files": second}, 400, "files are given with a message"),
            ({"turn": 1, "message": "  "}, 400, "empty"),
        ]
        for body, status, said in refused:
            answer = await up.http.post(to, json=body)
            assert (answer.status_code, said in answer.json()["error"]["message"]) == (status, True), answer.text
        assert {one["id"] for one in (await up.http.get("/api/v1/runs")).json()["runs"]} == {run["id"], other["id"]}


async def test_a_file_of_a_run_that_is_not_there_is_not_found_and_the_nearest_name_is_told(tmp_path: Path) -> None:
    names = ("a\nb.txt", 'é "x".csv', "a;b", "%2e%2e", "..%2f")
    code = f"import os\nos.mkdir('data')\nfor name in (*{names!r}, 'data/out.csv'):\n    open(name, 'w').write(name)"
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [f"<execute>\n{code}\n</execute>", "<solution>done</solution>"])) as up:
        run = await up.run()
        await up.ended(run["id"])
        read, preview = f"/api/v1/runs/{run['id']}/files", f"/page/runs/{run['id']}/preview"
        for name in names:
            assert (await up.http.get(f"{read}/{quote(name, safe='')}")).content == name.encode()
            assert (await up.http.get(f"{preview}/{quote(name, safe='')}")).status_code == 200
        for within in (read, preview):
            missing = await up.http.get(f"{within}/out.csv")
            assert (missing.status_code, missing.json()["error"]["param"]) == (404, "path")
            assert missing.json()["error"]["message"] == "there is no file 'out.csv' in the workspace; the nearest name is 'data/out.csv'"


async def test_the_same_idempotency_key_begins_one_run(served: Served) -> None:
    async def begin(key: str) -> str:
        answer = await served.http.post("/api/v1/runs", json={"task": "add"}, headers={"Idempotency-Key": key})
        return answer.json()["id"]

    first = await begin("one")
    assert [await begin("one"), await begin("one")] == [first, first]
    assert len(set(await asyncio.gather(*(begin("two") for _ in range(5))))) == 1
    assert await begin("three") != first
    assert len((await served.http.get("/api/v1/runs")).json()["runs"]) == 3


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "task"),
        ({"task": ""}, 422, "task"),
        ({"task": "   "}, 400, "empty"),
        ({"task": "x", "tusk": 1}, 422, "tusk"),
        ({"task": "x", "model": "gpt-9"}, 404, "gpt-9"),
        ({"task": "x", "limits": {"turns": 100_000}}, 422, "turns"),
        ({"task": "x", "limits": {"turns": 11}}, 400, "above this server's 10"),
        ({"task": "x", "ask": "everything"}, 422, "ask"),
        ({"task": "x", "temperature": "warm"}, 422, "temperature"),
    ],
)
async def test_what_cannot_be_had_is_refused_with_the_field_and_the_value(
    served: Served, body: dict[str, Any], status: int, said: str
) -> None:
    answer = await served.http.post("/api/v1/runs", json=body)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


async def test_a_run_that_fails_says_why_and_is_an_answer_of_the_server_all_the_same(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ADD[:1])) as up:
        ended = await up.ended((await up.run())["id"])
        assert (ended["state"], ended["answer"]) == ("error", None)
        assert "asked for turn 2" in ended["reason"]


async def test_more_runs_than_may_be_are_refused_for_now(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, SLOW), most_runs=2) as up:
        ids = [(await up.run())["id"] for _ in range(2)]
        refused = await up.http.post("/api/v1/runs", json={"task": "add"})
        assert (refused.status_code, refused.headers["retry-after"], refused.json()["error"]["code"]) == (429, "1", "too_busy")
        await up.http.post(f"/api/v1/runs/{ids[0]}/cancel")
        assert (await up.http.post("/api/v1/runs", json={"task": "add"})).status_code == 201


async def test_two_servers_of_one_database_cannot_be(served: Served) -> None:
    with pytest.raises(errors.StoreConflictError, match="another server"):
        async with server_up(served.database, served.model):
            pass


async def test_health_readiness_and_counts_are_told(served: Served) -> None:
    await served.ended((await served.run())["id"])
    assert (await served.http.get("/health")).json() == {"status": "ok"}
    assert (await served.http.get("/ready")).json() == {"status": "ok"}
    counts = (await served.http.get("/metrics")).text
    assert 'codeact_messages_ended_total{state="answered"} 1.0' in counts
    assert "codeact_turns_total 2.0" in counts
    assert 'codeact_http_requests_total{route="/health",status="200"} 1.0' in counts
    about = (await served.http.get("/api/v1/about")).json()
    assert (about["models"], about["isolation"]) == ([served.model], served.opened.isolation)


async def test_many_watchers_see_the_same_run(served: Served) -> None:
    run = await served.run()
    seen = await asyncio.gather(*(served.watched(run["id"]) for _ in range(20)))
    numbered = [[(number, data) for number, _, data in one if number is not None] for one in seen]
    assert all(one == numbered[0] for one in numbered)


async def test_a_client_that_leaves_does_not_end_the_run(tmp_path: Path) -> None:
    turns = ["<execute>\nimport time\nprint(1, flush=True)\ntime.sleep(0.5)\n</execute>", "<solution>done</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns)) as up:
        run = await up.run()
        async with httpx.AsyncClient(base_url=up.url) as leaving, leaving.stream("GET", f"/api/v1/runs/{run['id']}/stream") as answer:
            async for _ in sent(answer):
                break
        assert (await up.ended(run["id"]))["answer"] == "done"


async def test_a_run_that_begins_takes_one_place(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path), most_runs=3) as up:

        async def customer() -> list[str]:
            return [(await up.ended((await up.run())["id"]))["state"] for _ in range(4)]

        assert await asyncio.gather(*(customer() for _ in range(3))) == 3 * [4 * ["answered"]]


async def test_of_runs_that_are_over_only_some_keep_their_interpreters_and_others_have_them_back_when_used(tmp_path: Path) -> None:
    turns = ["<execute>\nx = 6\n</execute>", "<solution>set</solution>", "<execute>\nprint(x * 7)\n</execute>", "<solution>42</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), most_runs=2) as up:
        ids: list[str] = []
        for _ in range(5):
            ids.append((await up.run())["id"])
            await up.ended(ids[-1])
        for _ in range(600):
            if "codeact_runs_in_memory 2.0" in (await up.http.get("/metrics")).text:
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError((await up.http.get("/metrics")).text)
        await up.http.post(f"/api/v1/runs/{ids[0]}/messages", json={"text": "times seven?"})
        assert (await up.ended(ids[0]))["answer"] == "42"


@pytest.mark.parametrize("idle", [600.0, pytest.param(0.1, marks=pytest.mark.slow)], ids=["awake", "asleep"])
async def test_the_variables_of_a_run_are_told_and_a_run_that_sleeps_is_woken_for_it(idle: float, tmp_path: Path) -> None:
    turns = [
        "<execute>\nx = 41\n</execute>",
        "<solution>set</solution>",
        "<execute>\nprint(x, len(In))\n</execute>",
        "<solution>41</solution>",
    ]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), idle=idle) as up:
        run = (await up.run("set x"))["id"]
        await up.ended(run)
        if idle < 1:
            await asyncio.sleep(1.5)  # it is looked after idle runs every `idle` seconds
        looks = await asyncio.gather(*(up.http.get(f"/api/v1/runs/{run}/{what}") for what in ("variables", "files", "variables")))
        assert [look.status_code for look in looks] == [200, 200, 200]
        told = looks[0].json()
        assert [(one["name"], one["type"], one["preview"]) for one in told["variables"]] == [("x", "int", "41")]
        await up.http.post(f"/api/v1/runs/{run}/messages", json={"text": "one more"})
        await up.ended(run)
        page = (await up.http.get(f"/api/v1/runs/{run}/events")).json()["events"]
        assert [event["text"] for event in page if event["type"] == "observation"][-1].strip().endswith("41 3")
        assert (await up.http.get("/api/v1/runs/run-0/variables")).status_code == 404


async def test_the_variables_of_a_run_are_not_told_while_its_code_runs(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ["<execute>\nx = 1\n</execute>", *SLOW])) as up:
        run = await up.run()
        async with up.http.stream("GET", f"/api/v1/runs/{run['id']}/stream") as answer:
            async for _, kind, _ in sent(answer):
                if kind == "stream_chunk":
                    refused = await up.http.get(f"/api/v1/runs/{run['id']}/variables")
                    assert refused.status_code == 409
                    assert "cannot tell the variables while an action runs; wait for it" in refused.text
                    break
        await up.http.post(f"/api/v1/runs/{run['id']}/interrupt")
        await up.ended(run["id"])
        told = (await up.http.get(f"/api/v1/runs/{run['id']}/variables")).json()
        assert [one["name"] for one in told["variables"]] == ["x", "time"]


async def asked(up: Served, run_id: str) -> str:
    """The number of what a run asks, once it does."""
    for _ in range(1000):
        if questions := (await up.http.get(f"/api/v1/runs/{run_id}")).json()["questions"]:
            return questions[0]["id"]
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was asked")


async def test_the_variables_can_be_looked_at_while_a_question_is_open(tmp_path: Path) -> None:
    turns = ["<execute>\nx = 1\n</execute>", "<execute>\nx = 2\n</execute>", "<solution>done</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns)) as up:
        run = (await up.run(ask="actions"))["id"]
        for expected in ([], ["1"]):
            question = await asked(up, run)
            told = (await up.http.get(f"/api/v1/runs/{run}/variables")).json()
            assert [one["preview"] for one in told["variables"]] == expected
            await up.http.post(f"/api/v1/runs/{run}/questions/{question}", json={"decision": "allow"})
        assert (await up.ended(run))["answer"] == "done"
