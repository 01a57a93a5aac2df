"""Servers that end in the middle of runs: what was begun is gone on with by the next one."""

import asyncio
from pathlib import Path

from codeact import events
from codeact.store.kept import open_store
from codeact.tools.function import tool
from server.serving import script, sent, served

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
