"""A `codeact serve` process that is killed at random moments while somebody outside has runs done by it; for tests, and for
`benchmarks/durable_server.py`.

Whoever has a run done begins it with an `Idempotency-Key`, watches it over every loss of the connection by `Last-Event-ID`, and decides
about calls of unknown outcome by looking at the effects.
"""

import asyncio
import json
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from codeact import events
from server import paid
from server.serving import script, sent
from store.killing import PRINTED
from store.servers import Postgres

ACTION = """<execute>
for number in range({first}, {first} + 3):
    try:
        total += pay(name, number)
    except PermissionError:
        total += number
print(total)
</execute>"""
TURNS = [
    "<execute>\nname, total = open('name.txt').read(), 0\n</execute>",
    *(ACTION.format(first=3 * turn) for turn in range(9)),
    "<solution>paid</solution>",
]
PAID = list(range(27))
AGAIN = (429, 503)
"""Statuses by which a server says that it is to be asked again."""
_EVENTS_OF_A_LIFE = 90
_PAUSE = 0.05


class Server:
    """A server's process, made again when it is gone; always at one address.

    Args:
        folder: for what it needs.
        database: address of its database.
        turns: that its model writes in each run.
        more: of its options.
    """

    def __init__(self, folder: Path, database: str, turns: Sequence[str], *more: str) -> None:
        model = script(folder, turns)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.ready = asyncio.Event()
        self.started_in = 3.0
        self.said: list[str] = []
        options = ["--port", str(port), "--database", database, "--model", model, "--preload", "", *more]
        self._command = [sys.executable, "-m", "codeact.cli.main", "serve", *options]
        self._environment = {**os.environ, paid.EFFECTS: str(folder / "effects.db")}
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Begin a process; `ready` is set when it serves."""
        self.ready.clear()
        self._process = await asyncio.create_subprocess_exec(*self._command, stderr=asyncio.subprocess.PIPE, env=self._environment)
        self._hearing = asyncio.ensure_future(self._hear(self._process))

    async def wait_ready(self) -> None:
        """Wait until it serves.

        Raises:
            RuntimeError: it ended instead.
        """
        assert self._process is not None
        ready, ended = asyncio.ensure_future(self.ready.wait()), asyncio.ensure_future(self._process.wait())
        await asyncio.wait([ready, ended], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        ended.cancel()
        if not self.ready.is_set():
            raise RuntimeError("the server ended by itself: " + "\n".join(self.said[-5:]))

    async def kill(self) -> None:
        """Kill it with SIGKILL."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        if self._hearing is not None:
            await self._hearing

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        begun = time.monotonic()
        assert process.stderr is not None
        async for line in process.stderr:
            self.said.append(line.decode(errors="replace").rstrip())
            if b"serving at" in line and process is self._process:
                self.started_in = time.monotonic() - begun
                self.ready.set()


@dataclass(slots=True)
class Done:
    """A run that somebody outside had done.

    Args:
        name: of its bills.
        run_id: its id.
        seen: number and JSON of each event that the watcher was sent, in order.
        state, answer: as it was told at the end.
        told: its events as they were read from the server at the end.
        streams: how often the watcher connected.
        asked: calls of unknown outcome that were decided about.
    """

    name: str
    run_id: str = ""
    seen: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    state: str = ""
    answer: str | None = None
    told: list[dict[str, Any]] = field(default_factory=list)
    streams: int = 0
    asked: int = 0

    def faults(self, had: list[int]) -> list[str]:
        """What is not as in an unbroken run.

        Args:
            had: the effects that the run had.
        """
        numbers = [number for number, _ in self.seen]
        told = [dict(event) for event in self.told]
        record = [event.pop("number") for event in told]
        kept = [events.EVENT.validate_python(event) for event in told]
        printed = [event.stdout.strip() for event in kept if isinstance(event, events.Observation)]
        why = "".join(f", since {event.reason!r}" for event in kept if isinstance(event, events.RunEnded) and event.reason)
        found = {
            f"ended as {self.state}, with the answer {self.answer!r}{why}": (self.state, self.answer) == ("answered", "paid"),
            f"printed {printed}": printed == PRINTED,
            f"lost the effects {sorted(set(PAID) - set(had))}": set(PAID) <= set(had),
            f"had the effects {had}": len(had) == len(set(had)),
            f"has the events {record}": record == list(range(len(record))),
            f"watched were the events {numbers}": numbers == record,
            "watched were other events than are kept": [event for _, event in self.seen] == told,
        }
        return [f"{self.name} ({self.run_id}): {fault}" for fault, well in found.items() if not well]


class Customer:
    """Somebody outside who has runs done.

    Args:
        url: of the server.
        effects: what was paid.
        on_event: called for each event that is watched.
    """

    def __init__(self, url: str, effects: paid.Effects, on_event: Callable[[], None]) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=60)
        self._effects = effects
        self._on_event = on_event

    async def done(self, name: str) -> Done:
        """Have a run done, to its end, whatever happens to the server meanwhile."""
        done = Done(name)
        file = await self._asked("PUT", "/api/v1/files/name.txt", content=name.encode())
        order = {"task": "Pay all.", "files": [{"name": "name.txt", "digest": file["digest"]}]}
        run = await self._asked("POST", "/api/v1/runs", json=order, headers={"Idempotency-Key": name})
        done.run_id = run["id"]
        while not await self._watched(done):
            pass
        told = await self._asked("GET", f"/api/v1/runs/{done.run_id}")
        done.state, done.answer = told["state"], told["answer"]
        done.told = (await self._asked("GET", f"/api/v1/runs/{done.run_id}/events", params={"limit": 5000}))["events"]
        return done

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What the server answers, asked until it does."""
        while True:
            with suppress(httpx.TransportError):
                answer = await self._http.request(method, path, **more)
                if answer.status_code not in AGAIN:
                    answer.raise_for_status()
                    return answer.json()
            await asyncio.sleep(_PAUSE)

    async def _watched(self, done: Done) -> bool:
        """Watch a run until the connection is lost; whether its message is over."""
        headers = {"Last-Event-ID": str(done.seen[-1][0])} if done.seen else {}
        with suppress(httpx.TransportError):
            async with self._http.stream("GET", f"/api/v1/runs/{done.run_id}/stream", headers=headers) as answer:
                if answer.status_code not in AGAIN:
                    answer.raise_for_status()
                    done.streams += 1
                    if await self._told_all(done, answer):
                        return True
        await asyncio.sleep(_PAUSE)
        return False

    async def _told_all(self, done: Done, answer: httpx.Response) -> bool:
        """Take what a stream tells, and decide about what is asked; whether it ended as it should."""
        await self._decide_all(done)
        async for number, kind, event in sent(answer):
            if kind == "end":
                return True
            if number is not None:
                done.seen.append((number, event))
                self._on_event()
            if kind == "approval_asked":
                await self._decide_all(done)
        return False

    async def _decide_all(self, done: Done) -> None:
        """Decide about all that is asked."""
        for question in (await self._asked("GET", f"/api/v1/runs/{done.run_id}"))["questions"]:
            await self._decide(done, question["id"], json.loads(question["content"])["args"][1])

    async def _decide(self, done: Done, question_id: str, number: int) -> None:
        """Decide about a call of unknown outcome: not again, if it was paid. One that is not open any more is asked about anew."""
        decision = {"decision": "deny", "reason": "it is paid"} if number in self._effects.of(done.name) else {"decision": "allow"}
        while True:
            answer = await self._http.post(f"/api/v1/runs/{done.run_id}/questions/{question_id}", json=decision)
            if answer.status_code not in AGAIN:
                break
            await asyncio.sleep(_PAUSE)
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()
            done.asked += 1


class Killing:
    """A server that is killed and started again, and customers who have runs done.

    Args:
        folder: an empty one.
        database: address of the server's database.
        postgres: killed as well, and started again, if it is given.
        seed: of the moments.
    """

    def __init__(self, folder: Path, database: str, *, postgres: Postgres | None = None, seed: int = 0) -> None:
        self.kills = self.database_kills = 0
        self.done: list[Done] = []
        self.faults: list[str] = []
        self._chance = random.Random(seed)
        self._effects = paid.Effects(str(folder / "effects.db"))
        self._server = Server(folder, database, TURNS, "--tools", paid.__file__, "--max-turns", str(len(TURNS)))
        self._customer = Customer(self._server.url, self._effects, self._note)
        self._postgres = postgres
        self._away = asyncio.Lock()
        self._events = 0
        self._more = asyncio.Event()
        self._ends = False

    async def kill(self, times: int, customers: int, on_kill: Callable[[], object] = lambda: None) -> None:
        """Kill so many times, and see to it that what was begun comes to its end.

        Args:
            times: kills of the server.
            customers: runs at once.
            on_kill: called after each kill.

        Raises:
            RuntimeError: the server ended by itself.
        """
        await self._server.start()
        await self._server.wait_ready()
        work = [asyncio.ensure_future(self._work(number)) for number in range(customers)]
        try:
            while self.kills < times:
                await self._life(work)
                on_kill()
            await self._started()
            self._ends = True
            await asyncio.gather(*work)
        finally:
            for task in work:
                task.cancel()
            await asyncio.wait(work)
            await self._customer.aclose()
            await self._server.kill()
            self._effects.close()

    async def _life(self, work: list[asyncio.Task[None]]) -> None:
        """Let the server live for a while, then kill it; broken work is told of."""
        await self._started(wait=self._chance.random() < 0.9)
        if self._server.ready.is_set():
            await self._happened(self._chance.randint(0, _EVENTS_OF_A_LIFE))
            await asyncio.sleep(self._chance.uniform(0, 0.02))
        else:
            await asyncio.sleep(self._chance.uniform(0, 1.2 * self._server.started_in))
        for task in work:
            if task.done():
                task.result()
        if self._postgres is not None and self._chance.random() < 0.3:
            await self._lose_database(self._postgres)
        await self._server.kill()
        self.kills += 1

    async def _started(self, *, wait: bool = True) -> None:
        """Have a server, which serves if that is to be waited for."""
        if not self._server.runs:
            await self._server.start()
        if wait:
            await self._server.wait_ready()

    async def _happened(self, more: int) -> None:
        """Wait until so many more events were watched, or nothing happens any more."""
        wanted = self._events + more
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                while self._events < wanted:
                    self._more.clear()
                    await self._more.wait()

    async def _lose_database(self, postgres: Postgres) -> None:
        """Kill the database and start it again; what is worked on goes on after it for a while."""
        await asyncio.to_thread(postgres.kill)
        await asyncio.sleep(self._chance.uniform(0, 1))
        await asyncio.to_thread(postgres.start)
        self.database_kills += 1
        if self._server.runs and self._server.ready.is_set():
            await self._happened(self._chance.randint(0, _EVENTS_OF_A_LIFE))

    async def _work(self, customer: int) -> None:
        """Have one run after another done, until there is an end of it."""
        number = 0
        while not self._ends:
            done = await self._customer.done(f"{customer}-{number}")
            self.done.append(done)
            self.faults += done.faults(self._effects.of(done.name))
            number += 1

    def _note(self) -> None:
        self._events += 1
        self._more.set()
