"""Calls from many places at once, calls that are cut short, and calls of processes that are copies: each gets its own reply or none."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools, tool


class Host:
    """Tools with gates, and what they were called with."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.gate, self.asked, self.ended = threading.Event(), asyncio.Event(), asyncio.Event()
        self.cancelled = 0

    def same(self, value: object) -> object:
        """Give it back."""
        return value

    def fast(self, value: object) -> object:
        """Give it back."""
        return value

    async def later(self, value: object, seconds: float = 0.05) -> object:
        """Give it back after a while."""
        await asyncio.sleep(seconds)
        return value

    def block(self, value: object) -> object:
        """Give it back when the gate opens."""
        self.seen.append(value)
        self.gate.wait(60)
        return value

    async def stubborn(self, value: object) -> object:
        """Give it back when the gate opens, whoever cancels it."""
        self.asked.set()
        while not self.gate.is_set():
            try:
                await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                self.cancelled += 1
        self.ended.set()
        return value


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def session(host: Host) -> AsyncIterator[Session]:
    tools = [host.same, tool(host.fast, inline=True), host.later, host.block, host.stubborn]
    async with Session(preload=(), calls=Bridge(as_tools(tools), host.seen.append)) as session:
        yield session
    host.gate.set()


async def printed(session: Session, code: str) -> str:
    seen = await session.arun(code)
    assert seen.status == "ok", seen
    return seen.stdout.strip()


async def test_threads_and_coroutines_call_at_once_and_each_gets_its_own(session: Session) -> None:
    code = """
import asyncio, threading
wrong, right = [], []
def work(number):
    for step in range(40):
        mine = (number, step)
        (right if (same, fast)[step % 2](mine) == mine else wrong).append(mine)
threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
[t.start() for t in threads]
async def mixed(n):
    return (await later((n, 'a')), await asyncio.to_thread(same, (n, 'b')), fast((n, 'c'))) == ((n, 'a'), (n, 'b'), (n, 'c'))
print(all(await asyncio.gather(*(mixed(n) for n in range(30)))))
[t.join() for t in threads]
print(len(right), wrong)
"""
    seen = await session.arun(code)
    assert (seen.stdout, seen.stderr) == ("True\n240 []\n", "")


async def test_a_loop_of_a_thread_may_await_calls_too(session: Session) -> None:
    code = "import asyncio, threading\nfound = []\ndef work(n):\n    found.append(asyncio.run(later(n)) == n)\nthreads = [threading.Thread(target=work, args=(n,)) for n in range(5)]\n[t.start() for t in threads]\nprint(same(1))\n[t.join() for t in threads]\nprint(found)"
    assert await printed(session, code) == "1\n[True, True, True, True, True]"


async def test_a_finalizer_may_call_even_in_the_middle_of_another_call(session: Session) -> None:
    code = """
import gc
class Last:
    def __init__(self): self.me = self
    def __del__(self): told.append(fast('gone'))
told = []
gc.set_threshold(1)
for n in range(60):
    Last()
    assert same([n, {'a': [n]}]) == [n, {'a': [n]}]
gc.set_threshold(700)
gc.collect()
print(len(told), set(told))
Last().__del__()
"""
    assert await printed(session, code) == "60 {'gone'}"


async def test_a_call_at_exit_of_the_code_works_and_one_of_a_thread_that_goes_on_is_refused(session: Session) -> None:
    seen = await session.arun(
        "import atexit\natexit.register(lambda: print(same('bye')))\natexit._run_exitfuncs()\nimport sys\nsys.exit(3)"
    )
    assert (seen.status, seen.stdout) == ("exit", "bye\n")
    code = "import threading, time\ntold, over = set(), False\ndef work():\n    while not over:\n        try: same(1)\n        except RuntimeError as error: told.add(str(error))\n        time.sleep(0.01)\nthread = threading.Thread(target=work)\nthread.start()"
    await session.arun(code)
    for number in range(1000):  # 20, or more where the machine is busy and the thread sleeps through the pauses
        if number >= 20 and await printed(session, "print(len(told))") != "0":
            break
        assert await printed(session, f"print({number})") == str(number)
        await asyncio.sleep(0.02)
    assert "same was called while no action ran" in await printed(session, "over = True\nthread.join()\nprint(*told)")


async def test_an_interrupt_in_the_middle_of_many_calls_of_threads_leaves_the_next_ones_whole(session: Session) -> None:
    code = """
import threading, time
data, stop = bytes(300_000), False
def work():
    while not stop:
        try: same(data)
        except RuntimeError: time.sleep(0.01)  # no action runs
threads = [threading.Thread(target=work) for _ in range(3)]
[t.start() for t in threads]
print(same(1))
"""
    assert await printed(session, code) == "1"
    for _ in range(5):
        seen = await session.arun("while True: same(data)", timeout=0.3)
        assert (seen.status, seen.state_lost, seen.restored) == ("timeout", False, False)
        assert await printed(session, "print([same(n) for n in range(20)] == [*range(20)])") == "True"
    assert await printed(session, "stop = True\n[t.join() for t in threads]\nprint(same(2))") == "2"


async def test_a_call_that_is_interrupted_is_over_and_its_late_reply_is_no_others(session: Session, host: Host) -> None:
    seen = await session.arun("block('old')", timeout=0.3)
    assert (seen.status, seen.state_lost) == ("timeout", False)
    host.gate.set()
    assert await printed(session, "print([same(n) for n in range(20)] == [*range(20)], block('new'))") == "True new"


async def test_a_tool_that_will_not_be_cancelled_holds_up_nobody_and_is_not_heard(session: Session, host: Host) -> None:
    mark = await session.acheckpoint()
    await session.arun("try:\n    await stubborn('old')\nfinally:\n    print('out')", timeout=0.3)
    await session.arollback(mark)  # its numbers begin where they did
    assert await printed(session, "print(same(1))") == "1"
    host.gate.set()
    await host.ended.wait()
    assert host.cancelled == 1
    assert await printed(session, "print([same(n) for n in range(20)] == [*range(20)], await later(5))") == "True 5"


async def test_calls_that_an_action_left_are_told_at_once(session: Session, host: Host) -> None:
    await session.arun("import asyncio\ntask = asyncio.ensure_future(stubborn(1))\nawait asyncio.sleep(0.1)")
    seen = await session.arun("await task")
    assert seen.error is not None
    assert seen.error.message == "stubborn was cancelled: the action that called it is over"
    assert not host.ended.is_set()


async def test_numbers_of_a_twin_and_of_a_rollback_are_their_own(session: Session) -> None:
    assert await printed(session, "print([same(n) for n in range(5)])") == "[0, 1, 2, 3, 4]"
    mark = await session.acheckpoint()
    async with await session.afork() as twin:
        code = "import asyncio\nprint(sum(await asyncio.gather(*(later({0} + n, 0.2) for n in range(50)))))"
        mine, yours = await asyncio.gather(printed(session, code.format(1000)), printed(twin, code.format(2000)))
        assert (mine, yours) == (str(sum(range(1000, 1050))), str(sum(range(2000, 2050))))
    await session.arollback(mark)
    assert await printed(session, "print(same('back'), await later('later'))") == "back later"


async def test_a_child_may_not_call_even_from_its_thread(session: Session) -> None:
    code = "import os, threading\npid = os.fork()\nif pid == 0:\n    def work():\n        try: same(1)\n        except RuntimeError as error: print('refused:', error, flush=True)\n    t = threading.Thread(target=work); t.start(); t.join()\n    os._exit(0)\nos.waitpid(pid, 0)\nprint(same(2))"
    assert (await printed(session, code)).splitlines()[0].startswith("refused: same can be called by the session itself only")


async def test_a_signal_handler_may_call(session: Session) -> None:
    code = "import signal, time\ntold = []\nsignal.signal(signal.SIGALRM, lambda *_: told.append(same('alarm')))\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\nprint(await later('slept', 0.3), block('x') if False else same(1))\ntime.sleep(0.1)\nprint(told)"
    assert await printed(session, code) == "slept 1\n['alarm']"
