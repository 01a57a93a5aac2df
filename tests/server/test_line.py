"""Turns in a line: so many at a time, in order, but for who is asked for."""

import asyncio

from codeact.server.engine.line import Line


class Watched:
    """A line of jobs, each of which goes on when it is let."""

    def __init__(self, most: int) -> None:
        self.line = Line(most)
        self.begun: list[str] = []
        self.most = self._now = 0
        self._let: dict[str, asyncio.Event] = {}
        self._jobs: dict[str, asyncio.Task[None]] = {}

    async def begin(self, *names: str) -> None:
        """Have jobs wait for their turn."""
        for name in names:
            self._let[name] = asyncio.Event()
            self._jobs[name] = asyncio.ensure_future(self._work(name))
        await asyncio.sleep(0)

    async def end(self, *names: str) -> None:
        """Let jobs end."""
        for name in names:
            self._let[name].set()
            await asyncio.wait([self._jobs[name]])
            await asyncio.sleep(0)

    async def cancel(self, name: str) -> None:
        """Take a job away, wherever it is."""
        self._jobs[name].cancel()
        await asyncio.wait([self._jobs[name]])
        await asyncio.sleep(0)

    async def _work(self, name: str) -> None:
        async with self.line.turn(name):
            self.begun.append(name)
            self._now += 1
            self.most = max(self.most, self._now)
            try:
                await self._let[name].wait()
            finally:
                self._now -= 1


async def test_no_more_have_their_turn_at_once_than_may_and_all_have_it_in_order() -> None:
    watched = Watched(2)
    names = [str(number) for number in range(20)]
    await watched.begin(*names)
    assert (watched.begun, watched.line.having, watched.line.waiting) == (["0", "1"], 2, 18)
    await watched.end(*names)
    assert (watched.begun, watched.most, watched.line.having, watched.line.waiting) == (names, 2, 0, 0)


async def test_who_is_asked_for_is_the_next() -> None:
    watched = Watched(1)
    await watched.begin("a", "b", "c", "d")
    watched.line.hurry("d")
    watched.line.hurry("a")
    watched.line.hurry("nobody")
    await watched.end("a", "d", "b", "c")
    assert watched.begun == ["a", "d", "b", "c"]


async def test_a_turn_of_who_went_away_is_the_next_ones() -> None:
    watched = Watched(1)
    await watched.begin("a", "b", "c", "d")
    await watched.cancel("b")
    await watched.cancel("a")
    assert watched.begun == ["a", "c"]
    await watched.end("c", "d")
    assert (watched.begun, watched.line.having, watched.line.waiting) == (["a", "c", "d"], 0, 0)


async def test_who_waits_until_somebody_has_passed_lets_it_pass_first() -> None:
    watched = Watched(1)
    await watched.begin("a", "b", "c")
    passed = asyncio.ensure_future(watched.line.passed("c"))
    await asyncio.sleep(0)
    await watched.end("a", "c")
    await passed
    assert watched.begun == ["a", "c", "b"]
    await watched.line.passed("nobody")
    await watched.end("b")
