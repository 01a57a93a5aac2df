"""The measures, each of one peer and one round; what repeats, and in which order, is for the caller to say.

Invariant: times are in seconds, memory in bytes; a session that was opened is closed. It does not: print.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from processes import pss, tree

from codeact import Session
from peers.live import IMPORTS, Live, Peer
from peers.ours import OpenSession, Ours

ACTION = "total = 0\nfor number in range(1000):\n    total += number * number\nprint(total)"
_ANSWER = "332833500"
_LOOP = """import time
start = time.perf_counter()
total = 0
for number in range({}):
    total += number * number
print(time.perf_counter() - start)"""
ITERATIONS = 10**6
_AT_ONCE = 8
_BUDGET_SECONDS = 0.5
_PAUSE_SECONDS = 0.03
_MOST_OPENED, _MOST_ACTIONS = 12, 100
SIZES = (1, 50, 200)
"""MB of state for checkpoints."""


@dataclass
class Times:
    """One entry a repetition: seconds; `loop` a ratio, `opened` and `turned` sessions a second, `memory` bytes."""

    create: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    following: list[float] = field(default_factory=list)
    libraries: list[float] = field(default_factory=list)
    loop: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    turned: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


@asynccontextmanager
async def opened(peer: Peer) -> AsyncIterator[Live]:
    """A session that is closed at the end."""
    live = await peer.open()
    try:
        yield live
    finally:
        await live.close()


async def single(peer: Peer, times: Times) -> None:
    """Creation, first action and those after it, one session after the other for about a second."""
    began = time.perf_counter()
    for _ in range(_MOST_OPENED):
        await peer.rest()
        start = time.perf_counter()
        live = await peer.open()
        times.create.append(time.perf_counter() - start)
        try:
            times.first.append(await _act(live))
            until = time.perf_counter() + _BUDGET_SECONDS / 4
            for _ in range(_MOST_ACTIONS // 4):
                times.following.append(await _act(live))
                if time.perf_counter() > until:
                    break
        finally:
            await live.close()
        if time.perf_counter() - began > _BUDGET_SECONDS:
            break


async def with_libraries(peer: Peer, times: Times) -> None:
    """Creation together with the import of numpy, pandas and matplotlib."""
    if peer.libraries:
        await peer.rest()
        start = time.perf_counter()
        async with opened(peer) as live:
            await live.run(IMPORTS)
            times.libraries.append(time.perf_counter() - start)


async def loop(peer: Peer, times: Times) -> None:
    """A long loop, timed by itself, over the same in CPython alone, the best of five; scaled for peers that get a shorter one.

    Where things come to lie in memory (addresses and hashes are drawn at random) makes such a loop up to a tenth slower or faster for as
    long as its process lives. So both sides get one process a round, a new one, and five tries in it, by turns.
    """
    await peer.renew()
    plain = _PlainPython()
    try:
        async with opened(peer) as live:
            here, alone = [], []
            await live.run(ACTION)
            for _ in range(5):
                alone.append(plain.run(_LOOP.format(ITERATIONS)))
                here.append(float(await live.run(_LOOP.format(ITERATIONS // peer.slow))) * peer.slow)
            times.loop.append(min(here) / min(alone))
    finally:
        plain.close()


class _PlainPython:
    """CPython that runs each text as a module's, in one namespace."""

    def __init__(self) -> None:
        loop = "for text in map(eval, sys.stdin): exec(compile(text, '<cell>', 'exec'), names); sys.stdout.flush()"
        command = [sys.executable, "-I", "-c", f"import sys; names = {{'__name__': '__main__'}}\n{loop}"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, code: str) -> float:
        """The number that the code prints."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{code!r}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


async def together(peer: Peer, times: Times) -> None:
    """Sessions a second, opened a few at a time; the second figure includes their closing."""
    waiting = asyncio.Semaphore(_AT_ONCE)

    async def one() -> Live:
        async with waiting:
            return await peer.open()

    start = time.perf_counter()
    lives = await asyncio.gather(*(one() for _ in range(peer.together)))
    middle = time.perf_counter()
    await asyncio.gather(*(live.close() for live in lives))
    times.opened.append(peer.together / (middle - start))
    times.turned.append(peer.together / (time.perf_counter() - start))


async def memory(peer: Peer, times: Times) -> None:
    """Bytes a session: PSS of this process and all below it, with sessions that imported and acted, less without them."""
    async with opened(peer) as live:
        await live.run(ACTION)
    before, lives = pss(tree()), []
    try:
        for _ in range(peer.together):
            live = await peer.open()
            lives.append(live)
            for code in (IMPORTS, ACTION, ACTION)[not peer.libraries :]:
                await live.run(code)
        times.memory.append((pss(tree()) - before) / len(lives))
    finally:
        for live in lives:
            await live.close()


@dataclass
class Copies:
    """Seconds, by MB of state. `action` follows at once on the one before it, `rested` after a pause."""

    checkpoint: dict[int, list[float]] = field(default_factory=dict)
    rollback: dict[int, list[float]] = field(default_factory=dict)
    fork: dict[int, list[float]] = field(default_factory=dict)
    action: dict[int, list[float]] = field(default_factory=dict)
    rested: dict[int, list[float]] = field(default_factory=dict)


async def copies(found: Copies, repeat: int = 8) -> None:
    """Checkpoints, rollbacks, forks, and actions with a checkpoint before each, with state of each size."""
    for size in SIZES:
        for checkpoints in (False, True):
            peer = Ours(checkpoints=checkpoints, warm=False)
            async with opened(peer) as live:
                assert isinstance(live, OpenSession)
                await live.run(f"import numpy; state = numpy.ones({size} << 17)")
                for _ in range(repeat):
                    if checkpoints:
                        found.action.setdefault(size, []).append(await _act(live))
                        continue
                    start = time.perf_counter()
                    mark = await live.session.acheckpoint()
                    found.checkpoint.setdefault(size, []).append(time.perf_counter() - start)
                    await live.run("state[0] = 2")
                    start = time.perf_counter()
                    await live.session.arollback(mark)
                    found.rollback.setdefault(size, []).append(time.perf_counter() - start)
                    said = await live.run("print(state[0], len(state))")
                    if said != f"1.0 {size << 17}\n":
                        raise AssertionError(f"the rollback did not bring the state back: {said!r}")
                    found.fork.setdefault(size, []).append(await _fork(live.session, said))
                for _ in range(repeat if checkpoints else 0):
                    await asyncio.sleep(_PAUSE_SECONDS)
                    found.rested.setdefault(size, []).append(await _act(live))


async def _fork(session: Session, said: str) -> float:
    """Until the twin takes actions."""
    start = time.perf_counter()
    twin = await session.afork()
    async with twin:
        seconds = time.perf_counter() - start
        if (await twin.arun("print(state[0], len(state))")).stdout != said:
            raise AssertionError("the twin has another state")
    return seconds


async def _act(live: Live) -> float:
    start = time.perf_counter()
    said = await live.run(ACTION)
    seconds = time.perf_counter() - start
    if said.strip() != _ANSWER:
        raise AssertionError(f"the action printed {said!r}, not {_ANSWER!r}")
    return seconds
