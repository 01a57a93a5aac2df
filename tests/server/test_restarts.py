"""Servers that end in the middle of runs: what was begun is gone on with by the next one."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from codeact import events
from codeact.store.database import open_database
from codeact.store.kept import open_store
from codeact.tools.function import tool
from codeact.trajectory import Trajectory
from server.serving import Served, script, sent, served

STEPS = [f"<execute>\nimport time\ntime.sleep(0.05)\nprint(note({number}))\n</execute>" for number in range(6)]
TURNS = [*STEPS, "<solution>noted</solution>"]


async def test_a_server_that_is_ended_lets_go_of_its_runs_and_the_next_brings_them_to_their_end(address: str, tmp_path: Path) -> None:
    noted: list[int] = []

    @tool(effect=True)
    def note(number: int) -> int:
        """Note a number."""
        noted.append(number)
        return number

    model = script(tmp_path, TURNS)
    ids: list[str] = []
    for _ in range(3):
        async with served(address, model, tools=[note]) as up:
            ids.append((await up.run())["id"])
            async with up.http.stream("GET", f"/api/v1/runs/{ids[0]}/stream") as answer:
                seen = 0
                async for _, kind, _ in sent(answer):
                    seen += kind == "observation"
                    if seen == 2:
                        break
    async with served(address, model, tools=[note]) as up:
        for run_id in ids:
            assert ((await up.ended(run_id))["state"], (await up.ended(run_id))["answer"]) == ("answered", "noted")
    assert sorted(noted) == sorted(3 * [*range(6)])
    store = await open_store(address)
    for run_id in ids:
        record = await store.read(run_id)
        assert [observation.stdout for observation in record.of_type(events.Observation)] == [f"{number}\n" for number in range(6)]
        assert [event.state for event in record.of_type(events.RunEnded)] == ["answered"]
    await store.aclose()


async def test_a_run_whose_model_is_gone_ends_and_says_so(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    async with served(database, script(tmp_path, ["<execute>\nimport time; time.sleep(60)\n</execute>"])) as up:
        run = await up.run()
        await asyncio.sleep(0.2)
    async with served(database, script(tmp_path, name="other.json")) as up:
        assert up.opened.lost == [run["id"]]
        told = (await up.http.get(f"/api/v1/runs/{run['id']}")).json()
        assert told["state"] == "error"
        assert "has no model" in told["reason"]


async def test_a_watcher_is_let_go_without_an_end_when_the_server_ends(tmp_path: Path) -> None:
    kinds: list[str] = []
    acting = asyncio.Event()

    async with served(str(tmp_path / "runs.db"), script(tmp_path, ["<execute>\nimport time; time.sleep(60)\n</execute>"])) as up:
        run = await up.run()

        async def watch() -> None:
            async with up.http.stream("GET", f"/api/v1/runs/{run['id']}/stream") as answer:
                async for _, kind, _ in sent(answer):
                    kinds.append(kind)
                    if kind == "action":
                        acting.set()

        watching = asyncio.ensure_future(watch())
        await acting.wait()
    await asyncio.wait([watching])
    assert "end" not in kinds


TWICE = "<execute>\nimport time\nbegan = time.time()\ntime.sleep(0.1)\nprint(began, time.time())\n</execute>"
"""An action that says when it ran."""


def intervals(record: Trajectory) -> list[tuple[float, float]]:
    """When the action ran again to rebuild the session: the model is told, since it is not what it was."""
    told = [event.text for event in record.of_type(events.Feedback) if "now gives" in event.text]
    return [(float(began), float(over)) for began, over in re.findall(r"(\d+\.\d+) (\d+\.\d+)", " ".join(told))]


async def broken_off(database: str, model: str, names: Sequence[str]) -> None:
    """Keep runs as they would be kept had their server been killed after their first action."""
    async with served(database, model) as up:
        run = await up.run()
        await up.ended(run["id"])
    store = await open_store(database)
    whole = (await store.read(run["id"])).events
    half = whole[: next(number for number, event in enumerate(whole) if isinstance(event, events.Observation)) + 1]
    for name in names:
        await store.add(Trajectory(events=[half[0].model_copy(update={"run_id": name}), *half[1:]]))
    await store.remove(run["id"])
    await store.aclose()


async def test_of_many_runs_that_are_gone_on_with_only_some_are_rebuilt_at_a_time_and_all_end(tmp_path: Path) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, [TWICE, "<solution>end</solution>"])
    names = [f"run-{number:02}" for number in range(20)]
    await broken_off(database, model, names)
    async with served(database, model, openings=2) as up:
        assert up.opened.taken_up == 20
        waiting = [run for run in (await up.http.get("/api/v1/runs")).json()["runs"] if not run["live"]]
        assert len(waiting) >= 10 and {run["state"] for run in waiting} <= {"running", "answered"}
        assert [(await up.ended(name))["state"] for name in names] == ["answered"] * 20
        assert "codeact_runs_waiting 0.0" in (await up.http.get("/metrics")).text
    store = await open_store(database)
    ran = [when for name in names for when in intervals(await store.read(name))]
    await store.aclose()
    assert len(ran) == 20
    assert max(sum(began <= moment < over for began, over in ran) for moment, _ in ran) <= 2


async def told_at(up: Served, run_id: str) -> float:
    """When the model was told that a session was rebuilt, and what differs."""
    page = (await up.http.get(f"/api/v1/runs/{run_id}/events")).json()["events"]
    return next(event["time"] for event in page if event["type"] == "feedback")


async def test_a_run_that_waits_its_turn_is_told_of_as_it_is_and_is_the_next_when_it_is_asked_for_or_can_be_cancelled(
    tmp_path: Path,
) -> None:
    slow = "<execute>\nimport time\ntime.sleep(0.4)\nprint(time.time())\n</execute>"
    database, model = str(tmp_path / "runs.db"), script(tmp_path, [slow, "<solution>end</solution>"])
    await broken_off(database, model, ["a", "b", "c", "d", "e", "f"])
    async with served(database, model, openings=1) as up:
        listed = {run["id"]: run for run in (await up.http.get("/api/v1/runs")).json()["runs"]}
        assert (listed["e"]["state"], listed["e"]["live"], listed["e"]["questions"]) == ("running", False, [])
        asked_for = asyncio.ensure_future(up.ended("f"))
        cancelled = (await up.http.post("/api/v1/runs/e/cancel")).json()
        assert (cancelled["state"], cancelled["live"], cancelled["turns"]) == ("cancelled", False, 1)
        assert (await asked_for)["answer"] == "end"
        assert (await up.http.get("/api/v1/runs/d/files")).status_code == 200
        assert (await up.ended("d"))["answer"] == "end"
        assert await told_at(up, "a") < await told_at(up, "f") < await told_at(up, "d")
        page = (await up.http.get("/api/v1/runs/e/events")).json()["events"]
        assert (page[-1]["type"], page[-1]["state"], page[-1]["turns"]) == ("run_ended", "cancelled", 1)
        assert (await up.http.post("/api/v1/runs/e/messages", json={"text": "go on"})).status_code == 202
        assert (await up.ended("e"))["answer"] == "end"


async def test_the_past_of_a_branch_that_was_cut_off_before_its_message_is_not_gone_on_with(tmp_path: Path) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, ["<execute>\nx = 1\n</execute>", "<solution>done</solution>"])
    async with served(database, model) as up:
        run = await up.run()
        await up.ended(run["id"])
        branch = (await up.http.post(f"/api/v1/runs/{run['id']}/branch", json={"turn": 1, "message": "other"})).json()
        await up.ended(branch["id"])
    store = await open_store(database)
    whole, cut_off = await store.read(branch["id"]), store.new()
    before = [isinstance(event, events.TaskGiven) and event.text == "other" for event in whole.events].index(True)
    for event in whole.events[:before]:
        cut_off.append(event.model_copy(update={"run_id": "run-cut-off"}) if isinstance(event, events.RunStarted) else event)
    await cut_off.settled()
    await store.aclose()
    async with served(database, model) as up:
        found = (await up.http.get("/api/v1/runs")).json()["runs"]
        assert {one["id"]: one["state"] for one in found} == {run["id"]: "answered", branch["id"]: "answered"}
        assert (up.opened.taken_up, up.opened.lost) == (0, [])


async def test_files_that_no_run_was_given_are_removed_while_the_server_runs(tmp_path: Path) -> None:
    database = str(tmp_path / "runs.db")
    async with served(database, script(tmp_path), tidies=0.05) as up:
        kept = [(await up.http.put("/api/v1/files/a.txt", content=content)).json()["digest"] for content in (b"old", b"new")]
        other = await open_database(database)
        async with other.writing() as connection:
            await connection.execute(text("UPDATE blobs SET created = created - 90000 WHERE sha256 = :digest"), {"digest": kept[0]})
        left = kept
        for _ in range(600):
            if left == kept[1:]:
                break
            await asyncio.sleep(0.05)
            async with other.reading() as connection:
                left = sorted((await connection.execute(text("SELECT sha256 FROM blobs"))).scalars(), key=kept.index)
        assert left == kept[1:]
        await other.aclose()
