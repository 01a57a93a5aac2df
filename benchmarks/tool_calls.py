"""What a call of a tool costs, from the session's code and back.

    python benchmarks/tool_calls.py [--rounds 5] [--calls 2000] [--isolation strict] [--json FILE]

All kinds are measured in rounds, in turns, since a shared machine is now fast and now slow. Times are taken in the session, around each
call, in microseconds: the median over all rounds, and that of the fastest round; then the processor time of a call, on the host and in the
session, in the round that needed the least, which other programs on the machine disturb less.

    blocking socket  the same bytes there and back between two processes that do nothing else: what no call can be faster than
    event loop       the same, where one of the two is an asyncio loop, as the host is
    inline           a tool that runs on the host's event loop, `inline=True`
    plain            a synchronous tool, which runs in a thread
    asynchronous     an `async` tool that waits for nothing, awaited
    with record      `inline` again, with events written to a file
    with limits      `inline` again, with a budget, a time limit, and an approval of each call
    gather           100 `async` tools at once that sleep for 100 ms each
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import load

from codeact import events
from codeact.protocols import Decision, Question
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools, tool
from codeact.trajectory import Trajectory

FRAME = b"x" * 64
_TIMED = """
import asyncio, json, time
def timed(work, times):
    clock, taken, used = time.perf_counter, [], time.process_time()
    for _ in range(times):
        start = clock()
        work()
        taken.append(clock() - start)
    print(json.dumps([taken, time.process_time() - used]))
async def timed_awaiting(work, times):
    clock, taken, used = time.perf_counter, [], time.process_time()
    for _ in range(times):
        start = clock()
        await work()
        taken.append(clock() - start)
    print(json.dumps([taken, time.process_time() - used]))
def naps():
    return asyncio.gather(*(nap() for _ in range(100)))
"""


@dataclass(frozen=True, slots=True)
class Times:
    """Of one kind in one round: seconds of each call, and of the processor for each, on the host and in the session."""

    calls: list[float]
    host: float = 0.0
    guest: float = 0.0


def add(a: int, b: int = 1) -> int:
    """A sum."""
    return a + b


async def aadd(a: int, b: int = 1) -> int:
    """A sum."""
    return a + b


async def nap() -> None:
    """Sleep a little."""
    await asyncio.sleep(0.1)


async def allow(question: Question) -> Decision:
    """Allow everything."""
    return Decision()


@contextmanager
def echo() -> Iterator[socket.socket]:
    """A process that sends back what it is sent."""
    here, there = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        here.close()
        while data := there.recv(4096):
            there.sendall(data)
        os._exit(0)
    there.close()
    try:
        yield here
    finally:
        here.close()
        os.waitpid(pid, 0)


def blocking(times: int) -> list[float]:
    """Round trips of two processes."""
    clock, taken = time.perf_counter, []
    with echo() as here:
        for _ in range(times):
            start = clock()
            here.sendall(FRAME)
            here.recv(4096)
            taken.append(clock() - start)
    return taken


async def looped(times: int) -> list[float]:
    """The same from an event loop."""
    clock, taken, loop = time.perf_counter, [], asyncio.get_running_loop()
    with echo() as here:
        here.setblocking(False)
        for _ in range(times):
            came = loop.create_future()
            loop.add_reader(here, came.set_result, None)
            start = clock()
            here.send(FRAME)
            await came
            here.recv(4096)
            taken.append(clock() - start)
            loop.remove_reader(here)
    return taken


class Bench:
    """Sessions with tools, one for each way of calling.

    Args:
        isolation: tier.
        folder: for the record.
    """

    def __init__(self, isolation: str, folder: Path) -> None:
        fast, plain = tool(add, name="fast", inline=True), tool(add, name="plain")
        limited = tool(add, name="limited", inline=True, calls=10**9, seconds=60.0)
        kept: list[events.AnyEvent] = []
        self._trajectory = Trajectory(folder / "run.jsonl")
        self._bridges = {
            "quiet": Bridge(as_tools([fast, plain, aadd, nap]), kept.append),
            "record": Bridge(as_tools([fast]), self._trajectory.append),
            "limits": Bridge(as_tools([limited]), kept.append, approve=allow),
        }
        self._kept = kept
        self.sessions = {
            name: Session(isolation=isolation, preload=(), calls=bridge)  # pyright: ignore[reportArgumentType]
            for name, bridge in self._bridges.items()
        }

    async def times(self, session: str, code: str, calls: int) -> Times:
        """What the code's calls take."""
        self._kept.clear()
        await self.sessions[session].arun(_TIMED)
        used = time.process_time()
        seen = await self.sessions[session].arun(code)
        used = time.process_time() - used
        if seen.status != "ok":
            raise SystemExit(seen.text)
        taken, guest = json.loads(seen.stdout)
        return Times(taken, used / calls, guest / calls)

    async def aclose(self) -> None:
        """Close the sessions."""
        for session in self.sessions.values():
            await session.aclose()
        self._trajectory.close()


async def measured(rounds: int, calls: int, isolation: str) -> dict[str, list[Times]]:
    """Times by kind, one for each round."""
    found: dict[str, list[Times]] = {}
    codes = {
        "inline": ("quiet", f"timed(lambda: fast(1, b=2), {calls})"),
        "plain": ("quiet", f"timed(lambda: plain(1, b=2), {calls})"),
        "asynchronous": ("quiet", f"await timed_awaiting(lambda: aadd(1, b=2), {calls})"),
        "with record": ("record", f"timed(lambda: fast(1, b=2), {calls})"),
        "with limits": ("limits", f"timed(lambda: limited(1, b=2), {calls})"),
        "gather": ("quiet", "await timed_awaiting(naps, 1)"),
    }
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(isolation, Path(folder))
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}: {load()}", flush=True)
            found.setdefault("blocking socket", []).append(Times(blocking(calls)))
            found.setdefault("event loop", []).append(Times(await looped(calls)))
            for name, (session, code) in codes.items():
                found.setdefault(name, []).append(await bench.times(session, code, 100 if name == "gather" else calls))
        await bench.aclose()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--isolation", default="strict")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(measured(options.rounds, options.calls, options.isolation))
    figures: dict[str, list[float]] = {}
    print(f"{'microseconds':16} {'median':>9} {'fastest':>9} {'host':>9} {'session':>9}")
    for name, rounds in found.items():
        medians = [statistics.median(times.calls) for times in rounds]
        least = min(times.host for times in rounds), min(times.guest for times in rounds)
        figures[name] = [value * 1e6 for value in (statistics.median(medians), min(medians), *least)]
        print(f"{name:16} {' '.join(f'{value:9.1f}' for value in figures[name])}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
