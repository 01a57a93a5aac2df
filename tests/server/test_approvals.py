"""Questions of runs: asked, decided, kept over restarts."""

import asyncio
from pathlib import Path
from typing import Any

from codeact import events
from codeact.store.kept import open_store
from codeact.tools.function import tool
from codeact.trajectory import Trajectory
from server.serving import Served, script, sent, served

TURNS = [
    "<execute>\ndone = []\n</execute>",
    "<execute>\ndone.append(2)\nprint(done)\n</execute>",
    "<execute>\ndone.append(3)\nprint(done)\n</execute>",
    "<solution>end</solution>",
]


async def question(up: Served, run_id: str, *, besides: str = "") -> dict[str, Any]:
    """The open question of a run, when there is one that is another than `besides`."""
    told: dict[str, Any] = {}
    for _ in range(1000):
        told = (await up.http.get(f"/api/v1/runs/{run_id}")).json()
        found = [one for one in told["questions"] if one["id"] != besides]
        if found:
            assert (told["state"], told["live"]) == ("waiting", True)
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError(f"no question was asked: {told}")


async def decide(up: Served, run_id: str, number: str, decision: str, **more: Any) -> dict[str, Any]:
    answer = await up.http.post(f"/api/v1/runs/{run_id}/questions/{number}", json={"decision": decision, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def observed(up: Served, run_id: str) -> list[str]:
    page = (await up.http.get(f"/api/v1/runs/{run_id}/events")).json()["events"]
    return [event["text"].removeprefix("Output:\n").strip() for event in page if event["type"] in ("observation", "feedback")]


async def test_actions_are_asked_about_allowed_edited_and_refused(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, TURNS)) as up:
        run = await up.run(ask="actions")
        first = await question(up, run["id"])
        assert (first["subject"], first["content"]) == ("action", "done = []")
        await decide(up, run["id"], first["id"], "allow")
        second = await question(up, run["id"], besides=first["id"])
        await decide(up, run["id"], second["id"], "edit", content="done.append('edited')\nprint(done)")
        third = await question(up, run["id"], besides=second["id"])
        await decide(up, run["id"], third["id"], "deny", reason="not that")
        assert (await up.ended(run["id"]))["answer"] == "end"
        _, edited, denied = await observed(up, run["id"])
        assert edited == "['edited']"
        assert "not allow it (not that)" in denied
        again = await up.http.post(f"/api/v1/runs/{run['id']}/questions/{third['id']}", json={"decision": "allow"})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "not_open")


async def test_what_is_allowed_for_the_run_is_not_asked_again_also_after_a_restart(tmp_path: Path) -> None:
    database, model = (
        str(tmp_path / "runs.db"),
        script(tmp_path, [*TURNS, "<execute>\nprint(len(done))\n</execute>", "<solution>3</solution>"]),
    )
    async with served(database, model) as up:
        run = await up.run(ask="actions")
        first = await question(up, run["id"])
        await decide(up, run["id"], first["id"], "allow", for_run=True)
        assert (await up.ended(run["id"]))["answer"] == "end"
    async with served(database, model) as up:
        await up.http.post(f"/api/v1/runs/{run['id']}/messages", json={"text": "how many?"})
        assert (await up.ended(run["id"]))["answer"] == "3"
        assert (await observed(up, run["id"]))[-1] == "2"


async def test_an_open_question_outlives_the_server(tmp_path: Path) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, TURNS)
    async with served(database, model) as up:
        run = await up.run(ask="actions")
        first = await question(up, run["id"])
        await decide(up, run["id"], first["id"], "allow")
        second = await question(up, run["id"], besides=first["id"])
    async with served(database, model) as up:
        assert up.opened.taken_up == 1
        assert await question(up, run["id"]) == second
        await decide(up, run["id"], second["id"], "allow", for_run=True)
        assert (await up.ended(run["id"]))["answer"] == "end"
        assert (await observed(up, run["id"]))[1:] == ["[2]", "[2, 3]"]


async def test_calls_are_asked_about_each_tool_by_itself(tmp_path: Path) -> None:
    made: list[tuple[str, int]] = []

    @tool(effect=True)
    def pay(amount: int) -> str:
        """Pay."""
        made.append(("pay", amount))
        return f"paid {amount}"

    def look(amount: int) -> int:
        """Look."""
        made.append(("look", amount))
        return amount

    turns = ["<execute>\nprint(pay(1), pay(2), look(3))\n</execute>", "<solution>end</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), tools=[pay, look]) as up:
        run = await up.run(ask="calls")
        first = await question(up, run["id"])
        assert (first["subject"], first["tool"], made) == ("call", "pay", [])
        await decide(up, run["id"], first["id"], "allow", for_run=True)
        asked = await question(up, run["id"], besides=first["id"])
        assert asked["tool"] == "look"
        bad = await up.http.post(f"/api/v1/runs/{run['id']}/questions/{asked['id']}", json={"decision": "edit", "content": "[1"})
        assert bad.status_code == 422
        await decide(up, run["id"], asked["id"], "edit", content='{"args": [7]}')
        assert (await up.ended(run["id"]))["answer"] == "end"
        assert made == [("pay", 1), ("pay", 2), ("look", 7)]
        assert await observed(up, run["id"]) == ["paid 1 paid 2 7"]


async def recorded(up: Served, run_id: str) -> list[tuple[str, str]]:
    """What somebody was asked about, and what was decided, as the record has it."""
    page = (await up.http.get(f"/api/v1/runs/{run_id}/events")).json()["events"]
    return [(event["type"], event.get("subject", "")) for event in page if event["type"].startswith("approval")]


async def test_only_what_somebody_was_asked_about_is_recorded_as_asked(tmp_path: Path) -> None:
    def look(amount: int) -> int:
        """Look."""
        return amount

    turns = ["<execute>\nlook(1)\n</execute>", "<execute>\nlook(2); look(3)\n</execute>", "<solution>end</solution>"]
    asked, given = ("approval_asked", "call"), ("approval_given", "")
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns), tools=[look]) as up:
        run = await up.run(ask="calls")
        first = await question(up, run["id"])
        await decide(up, run["id"], first["id"], "allow")
        second = await question(up, run["id"], besides=first["id"])
        await decide(up, run["id"], second["id"], "allow", for_run=True)
        await up.ended(run["id"])
        assert await recorded(up, run["id"]) == [asked, given, asked, given]


async def test_of_a_run_whose_call_is_of_unknown_outcome_nothing_but_that_call_is_asked_about(tmp_path: Path) -> None:
    made: list[int] = []

    @tool(effect=True)
    def pay(amount: int) -> int:
        """Pay."""
        made.append(amount)
        return amount

    turns = [*(f"<execute>\nprint(pay({number}))\n</execute>" for number in range(3)), "<solution>end</solution>"]
    database, model = str(tmp_path / "runs.db"), script(tmp_path, turns)
    async with served(database, model, tools=[pay]) as up:
        whole = await up.run()
        await up.ended(whole["id"])
    await broken_off(database, whole["id"], "half")
    async with served(database, model, tools=[pay]) as up:
        asked = await question(up, "half")
        assert "outcome is not known" in asked["content"]
        await decide(up, "half", asked["id"], "allow", for_run=True)
        assert (await up.ended("half"))["answer"] == "end"
        assert await recorded(up, "half") == [("approval_asked", "call"), ("approval_given", "")]
    assert made == [0, 1, 2, 0, 1, 2]


async def broken_off(database: str, run_id: str, half: str) -> None:
    """Keep a run once more, as far as it would be kept had its server been killed in its first call."""
    store = await open_store(database)
    taken: list[events.AnyEvent] = []
    for event in (await store.read(run_id)).events:
        taken.append(event.model_copy(update={"run_id": half}) if isinstance(event, events.RunStarted) else event)
        if isinstance(event, events.ToolCalled):
            break
    await store.add(Trajectory(events=taken))
    await store.aclose()


async def test_a_run_that_waits_can_be_cancelled(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, TURNS)) as up:
        run = await up.run(ask="all")
        asked = await question(up, run["id"])
        told = (await up.http.post(f"/api/v1/runs/{run['id']}/cancel")).json()
        assert (told["state"], told["questions"]) == ("cancelled", [])
        late = await up.http.post(f"/api/v1/runs/{run['id']}/questions/{asked['id']}", json={"decision": "allow"})
        assert late.status_code == 409


async def test_a_run_that_nobody_answers_sleeps_over_its_question_and_wakes_by_the_decision(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, TURNS), idle=0.1, most_runs=1) as up:
        run = await up.run(ask="actions")
        first = await question(up, run["id"])
        await decide(up, run["id"], first["id"], "allow")
        second = await question(up, run["id"], besides=first["id"])
        await asleep(up)
        other = await up.run("another, for which there is room now")
        told = (await up.http.get(f"/api/v1/runs/{run['id']}")).json()
        assert (told["state"], told["live"], told["questions"]) == ("waiting", False, [second])
        await up.ended(other["id"])
        await decide(up, run["id"], second["id"], "allow", for_run=True)
        assert (await up.ended(run["id"]))["answer"] == "end"
        assert (await observed(up, run["id"]))[1:] == ["[2]", "[2, 3]"]


async def asleep(up: Served) -> None:
    """Wait until no run is in memory."""
    for _ in range(200):
        if "codeact_runs_in_memory 0.0" in (await up.http.get("/metrics")).text:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("a run did not go to sleep")


async def sleeping(up: Served) -> str:
    """A run that was put to sleep over its first question."""
    run = await up.run(ask="actions")
    await question(up, run["id"])
    await asleep(up)
    return run["id"]


async def types(up: Served, run_id: str) -> list[str]:
    """The types of a run's events."""
    return [event["type"] for event in (await up.http.get(f"/api/v1/runs/{run_id}/events")).json()["events"]]


async def test_a_run_that_sleeps_over_a_question_is_cancelled_for_good(tmp_path: Path) -> None:
    database, model = str(tmp_path / "runs.db"), script(tmp_path, TURNS)
    async with served(database, model, idle=0.1) as up:
        run_id = await sleeping(up)
        told = (await up.http.post(f"/api/v1/runs/{run_id}/cancel")).json()
        assert (told["state"], told["live"], told["questions"], told["turns"]) == ("cancelled", False, [], 1)
        assert (await types(up, run_id))[-2:] == ["approval_asked", "run_ended"]
        assert (await up.watched(run_id))[-1][1:] == ("end", {"state": "cancelled"})
        again = (await up.http.post(f"/api/v1/runs/{run_id}/cancel")).json()
        assert (again["state"], (await types(up, run_id)).count("run_ended")) == ("cancelled", 1)
    async with served(database, model) as up:
        assert up.opened.taken_up == 0
        assert (await up.http.post(f"/api/v1/runs/{run_id}/messages", json={"text": "more"})).status_code == 202


async def test_a_run_that_sleeps_over_a_question_takes_no_message_before_its_end(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, TURNS), idle=0.1) as up:
        run_id = await sleeping(up)
        for _ in range(2):
            answer = await up.http.post(f"/api/v1/runs/{run_id}/messages", json={"text": "more"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "session_busy_error"), answer.text
        assert (await types(up, run_id)).count("task_given") == 1


async def test_who_watches_a_run_that_sleeps_over_a_question_sees_it_go_on_to_its_end(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path, TURNS), idle=0.1) as up:
        run_id = await sleeping(up)
        seen: list[str] = []
        async with up.http.stream("GET", f"/api/v1/runs/{run_id}/stream") as answer:
            async for _, kind, data in sent(answer):
                seen.append(kind)
                if kind == "approval_asked" and seen.count(kind) == 1:
                    await decide(up, run_id, data["approval_id"], "allow", for_run=True)
        assert seen[-2:] == ["run_ended", "end"]
        other = await sleeping(up)
        async with up.http.stream("GET", f"/api/v1/runs/{other}/stream") as answer:
            async for _, kind, told in sent(answer):
                seen.append(f"{kind} {told.get('state', '')}")
                if kind == "approval_asked":
                    await up.http.post(f"/api/v1/runs/{other}/cancel")
        assert seen[-2:] == ["run_ended cancelled", "end cancelled"]
