"""Load on a `codeact serve` process whose model answers at once: turns a second, what the server adds to a turn, its memory.

    python benchmarks/server_load.py load [--runs 50] [--seconds 60] [--act 0]      so many runs at once
    python benchmarks/server_load.py watchers [--clients 2000] [--runs 50]          clients that watch runs which wait for a decision
    python benchmarks/server_load.py sleepers [--sessions 500]                      sessions that are asleep, and the time to wake one

`--act`: seconds that each action sleeps; with 0, clients and server share the processors to the full, and what is told of a turn is mostly
waiting for others. The overhead of a turn is the time of a run without its actions and model turns, by the number of turns: from the
first event to the last as they are recorded, and from the request to the end of the stream as the client sees it (with the opening of the
sandbox). Exit code 1 if anything failed.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plain_http import Plain
from processes import load, pss, resident, tree

from server.killing import Server

ANSWER = "<solution>4</solution>"
MB = 2**20


@dataclass(slots=True)
class Found:
    """What is measured of runs.

    Args:
        turns: of all runs that ended.
        runs: that ended.
        recorded, seen: milliseconds that each run has a turn besides its actions and model: by its record, and for its client.
        begun: milliseconds until a run is answered for with 201.
        faults: what failed.
    """

    turns: int = 0
    runs: int = 0
    recorded: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def shares(name: str, milliseconds: Sequence[float]) -> str:
    """A line of percentiles."""
    if len(milliseconds) < 2:
        return f"{name}: {list(milliseconds)}"
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return f"{name}: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms ({len(milliseconds)})"


def memory(pid: int) -> str:
    """What a server and its sandboxes use."""
    family = tree(pid)
    return f"server {resident(pid) / MB:.0f} MB, all {len(family)} processes {pss(family) / MB:.0f} MB"


async def one_run(http: Plain, found: Found) -> None:
    """Begin a run, and watch it to its end."""
    begun = time.perf_counter()
    status, run = await http.ask("POST", "/api/v1/runs", {"task": "Count."})
    if status != 201:
        found.faults.append(f"a run is answered with {status}: {run}")
        return
    found.begun.append(1000 * (time.perf_counter() - begun))
    times: list[float] = []
    apart, turns, state = 0.0, 0, "no end"
    async for _, kind, data in http.events(f"/api/v1/runs/{run['id']}/stream"):
        if kind in ("run_started", "run_ended", "model_turn", "observation"):
            event = json.loads(data)
            times.append(event["time"])
            apart += event["seconds"] if kind in ("model_turn", "observation") else 0
            turns += kind == "model_turn"
        elif kind == "end":
            state = json.loads(data)["state"]
    whole = time.perf_counter() - begun
    if state != "answered":
        _, told = await http.ask("GET", f"/api/v1/runs/{run['id']}")
        found.faults.append(f"{run['id']} ended as {state}: {told['reason']}")
        return
    found.runs += 1
    found.turns += turns
    found.recorded.append(1000 * (times[-1] - times[0] - apart) / turns)
    found.seen.append(1000 * (whole - apart) / turns)


async def under_load(given: argparse.Namespace, folder: Path) -> list[str]:
    """Runs one after another, so many at once."""
    act = f"import time; time.sleep({given.act}); " if given.act else ""
    turns = [*(f"<execute>\n{act}print({number})\n</execute>" for number in range(given.turns - 1)), ANSWER]
    more = ("--runs", str(given.runs), "--max-turns", str(given.turns), *given.option)
    server = Server(folder, given.database or f"sqlite:///{folder / 'runs.db'}", turns, *more)
    await server.start()
    await server.wait_ready()
    warm, found = Found(), Found()
    await one_run(Plain(server.url), warm)
    print(f"at first: {memory(server.pid)}; {load()}", flush=True)
    begun = time.monotonic()

    async def client(number: int) -> None:
        http = Plain(server.url)
        await asyncio.sleep(number / given.runs * given.spread)
        while time.monotonic() - begun < given.seconds:
            try:
                await one_run(http, found)
            except (OSError, asyncio.IncompleteReadError) as error:
                found.faults.append(repr(error))
        http.close()

    async def watch() -> None:
        while True:
            await asyncio.sleep(given.every)
            now = await asyncio.to_thread(memory, server.pid)
            print(f"{time.monotonic() - begun:5.0f} s: {now}; {found.runs} runs, {found.turns} turns", flush=True)

    watching = asyncio.ensure_future(watch())
    await asyncio.gather(*(client(number) for number in range(given.runs)))
    seconds = time.monotonic() - begun
    watching.cancel()
    print(f"after: {memory(server.pid)}")
    await asyncio.sleep(given.rest)
    print(f"{given.rest:g} s later: {memory(server.pid)}; {load()}")
    await server.kill()
    pace = f"{found.runs} runs, {found.turns / seconds:.0f} turns a second, {len(found.faults)} errors"
    print(f"{given.runs} at once for {seconds:.0f} s: {pace}")
    print(shares("a turn besides actions and model, recorded", found.recorded))
    print(shares("the same, as the client sees it", found.seen))
    print(shares("until a run is answered for", found.begun))
    return found.faults


async def watched(given: argparse.Namespace, folder: Path) -> list[str]:
    """Clients that watch runs in which nothing happens."""
    turns = ["<execute>\nprint(4)\n</execute>", ANSWER]
    server = Server(folder, given.database or f"sqlite:///{folder / 'runs.db'}", turns, "--runs", str(given.runs + 1), *given.option)
    await server.start()
    await server.wait_ready()
    http, faults = Plain(server.url), list[str]()
    ids = [(await http.ask("POST", "/api/v1/runs", {"task": "Count.", "ask": "actions"}))[1]["id"] for _ in range(given.runs)]
    asked = asyncio.Semaphore(0)
    seen = [0] * given.clients

    async def client(number: int) -> str:
        plain, state = Plain(server.url), "cut off"
        try:
            async for name, kind, data in plain.events(f"/api/v1/runs/{ids[number % len(ids)]}/stream"):
                seen[number] += name != ""
                if kind == "approval_asked":
                    asked.release()
                state = json.loads(data)["state"] if kind == "end" else state
        except (OSError, asyncio.IncompleteReadError) as error:
            faults.append(repr(error))
        plain.close()
        return state

    await asyncio.sleep(1)
    before, family = resident(server.pid), memory(server.pid)
    print(f"{given.runs} runs wait: {family}; {load()}", flush=True)
    begun = time.monotonic()
    clients = [asyncio.ensure_future(client(number)) for number in range(given.clients)]
    for _ in clients:
        await asked.acquire()
    print(f"{given.clients} clients have seen it all after {time.monotonic() - begun:.1f} s: {memory(server.pid)}")
    print(f"each client: {(resident(server.pid) - before) / given.clients / 1024:.0f} KB")
    await asyncio.sleep(given.rest)
    pings, found = [], Found()
    for _ in range(200):
        begun = time.perf_counter()
        await http.ask("GET", "/health")
        pings.append(1000 * (time.perf_counter() - begun))
    print(shares("/health meanwhile", pings))
    begun = time.monotonic()
    for run_id in ids:
        question = (await http.ask("GET", f"/api/v1/runs/{run_id}"))[1]["questions"][0]["id"]
        status, said = await http.ask("POST", f"/api/v1/runs/{run_id}/questions/{question}", {"decision": "allow"})
        faults += [] if status == 200 else [str(said)]
    states = await asyncio.gather(*clients)
    print(f"all decided, and all clients told of the end, in {time.monotonic() - begun:.1f} s: {memory(server.pid)}")
    await server.kill()
    wrong = sum(state != "answered" for state in states) + (len(set(seen)) != 1)
    print(f"{wrong} clients were told otherwise, {len(faults)} errors; each was sent {sorted(set(seen))} events")
    return [*faults, *found.faults, *(["clients were told otherwise"] if wrong else [])]


async def asleep(given: argparse.Namespace, folder: Path) -> list[str]:
    """Sessions that sleep, and wake."""
    limits = ("--sessions", str(given.awake), "--idle", "2", *given.option)
    server = Server(folder, given.database or f"sqlite:///{folder / 'runs.db'}", [ANSWER], *limits)
    await server.start()
    await server.wait_ready()
    faults: list[str] = []
    print(f"at first: {memory(server.pid)}; {load()}", flush=True)
    begun = time.monotonic()
    one_by_one = asyncio.Semaphore(4)

    async def make(number: int) -> str:
        async with one_by_one:
            http = Plain(server.url)
            status, made = await http.ask("POST", "/api/v1/sessions", {})
            if status != 201:
                raise SystemExit(f"a session is answered with {status}: {made}")
            await ran(http, made["id"], f"secret = {number}; words = ['a'] * 1000", None, faults)
            http.close()
            return made["id"]

    ids = await asyncio.gather(*(make(number) for number in range(given.sessions)))
    print(f"{given.sessions} sessions made and used in {time.monotonic() - begun:.1f} s: {memory(server.pid)}", flush=True)
    await asyncio.sleep(5)
    http = Plain(server.url)
    listed = (await http.ask("GET", "/api/v1/sessions"))[1]["sessions"]
    print(f"{sum(one['state'] == 'asleep' for one in listed)} of {len(listed)} listed are asleep: {memory(server.pid)}")
    woken, again = [], []
    for number, session_id in enumerate(ids):
        woken.append(await ran(http, session_id, "secret", str(number), faults))
        again.append(await ran(http, session_id, "secret", str(number), faults))
    print(shares("an action of a session that sleeps", woken))
    print(shares("the same when it is awake", again))
    print(f"at the end: {memory(server.pid)}; {load()}; {len(faults)} errors")
    await server.kill()
    return faults


async def ran(http: Plain, session_id: str, code: str, result: str | None, faults: list[str]) -> float:
    """Run an action; milliseconds that it took."""
    begun = time.perf_counter()
    status, told = await http.ask("POST", f"/api/v1/sessions/{session_id}/run", {"code": code})
    took = 1000 * (time.perf_counter() - begun)
    results = [one["data"]["text/plain"] for one in told.get("outputs", []) if one.get("type") == "result"]
    if status != 200 or (result is not None and results != [result]):
        faults.append(f"{session_id} is answered with {status}: {told}")
    return took


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["load", "watchers", "sleepers"])
    parser.add_argument("--runs", type=int, default=50, help="at once")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--turns", type=int, default=5, help="of each run")
    parser.add_argument("--act", type=float, default=0, help="seconds that each action sleeps")
    parser.add_argument("--spread", type=float, default=1, help="seconds over which the first runs are begun")
    parser.add_argument("--every", type=float, default=10, help="seconds between two looks at the memory")
    parser.add_argument("--rest", type=float, default=3, help="seconds before the last look")
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--awake", type=int, default=32, help="sessions at once")
    parser.add_argument("--database", help="address of an empty one; a file of SQLite in a temporary folder if it is not given")
    parser.add_argument("--option", action="append", default=[], help="further option of codeact serve; repeatable")
    given = parser.parse_args()
    part = {"load": under_load, "watchers": watched, "sleepers": asleep}[given.part]
    with tempfile.TemporaryDirectory() as name:
        faults = asyncio.run(part(given, Path(name)))
    print(*faults[:10], sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
