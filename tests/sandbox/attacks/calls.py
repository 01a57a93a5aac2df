"""Attacks by calls of tools: frames made by hand, on the host's memory and on what other calls, sessions and twins are told.

Invariant: a guest that forges calls harms none but itself; what it makes the host hold is bounded. Values that are hostile in themselves
are tried in tests/tools/test_hostile_values.py.
"""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from codeact.errors import CheckpointError
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools, tool
from sandbox.attacks.stage import MOST_GROWTH, Stage, attack

_FORGE = """
def forged(number, tool, args=(), blob=b'', parts=None):
    body = {'id': number, 'tool': tool, 'args': list(args), 'kwargs': {}} | ({'parts': [len(blob)]} if blob and parts is None else {})
    return frame(21, body, blob)
"""


def same(value: object) -> object:
    """Give it back."""
    return value


def large(megabytes: int) -> bytes:
    """So many bytes."""
    return b"x" * (megabytes << 20)


async def held(value: object) -> None:
    """Keep it for a long time."""
    await asyncio.sleep(60)


@contextmanager
def _session(stage: Stage, seconds: float = 8.0) -> Iterator[Session]:
    bridge = Bridge(as_tools([tool(same, inline=True), tool(large, inline=True), held]), lambda event: None)
    with stage.session(calls=bridge, action_seconds=seconds, memory_mb=1024) as session:
        session.run(_FORGE)
        yield session


def _usable(stage: Stage, session: Session) -> str:
    """Empty if calls work, after what was forged has had its replies; else why not."""
    session.run("try: same(0)\nexcept Exception: pass")
    session.run("1")
    seen = session.run("print(same('mine'))")
    if seen.stdout != "mine\n":
        stage.arm(session)
        seen = session.run("print(same('mine'))")
    return "" if seen.stdout == "mine\n" else f"calls do not work any more: {seen!r}"


def _forge(stage: Stage, code: str) -> str:
    """Run a cell that forges calls: empty if calls work afterwards and the host never held much."""
    with _session(stage) as session, _watched(stage) as most:
        session.run(code)
        wrong = _usable(stage, session)
    return wrong or (f"the host held {most[0] >> 20} MB" if most[0] > MOST_GROWTH else "")


@contextmanager
def _watched(stage: Stage) -> Iterator[list[int]]:
    """How many bytes this process grows by at most: the one member of the list."""
    before, most, over = stage.own_size(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], stage.own_size() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


_CALLS = {
    "call what is no tool": "os.write(3, forged(1, 'no_such_tool'))",
    "call by negative and huge numbers": "[os.write(3, forged(n, 'same', [1])) for n in (-1, -2**40, 2**60)]",
    "call by one number many times": "[os.write(3, forged(7, 'held', [n])) for n in range(50)]",
    "call by numbers that are to come": "[os.write(3, forged(n, 'same', ['forged'])) for n in range(1, 300)]",
    "call with a table of rows that are not there": "os.write(3, forged(1, 'same', [{'$': 'table', 'columns': ['a'], 'dtypes': ['int64'], 'data': [[1]], 'index': {'names': [None], 'dtypes': ['int64'], 'data': [[10**12]]}}]))",
    "call with an exponent": "os.write(3, forged(1, 'same', [{'$': 'decimal', 'v': '1e999999999'}]))",
    "call with parts that are not there": "os.write(3, forged(1, 'same', [{'$': 'bytes', 'part': 4}]))",
    "call the methods of the host": "[os.write(3, forged(n, name)) for n, name in enumerate(('__class__', 'same.__globals__', '../same', 'same\\0'))]",
    "call in half a frame": "os.write(3, forged(1, 'same', [1])[:20])",
}  # fmt: skip

for _name, _code in _CALLS.items():

    def _one(stage: Stage, code: str = _code) -> str:
        return _forge(stage, code)

    _one.__name__ = _name.replace(" ", "_")
    attack(_one)


@attack
def hold_the_host_by_calls_that_carry_much(stage: Stage) -> str:
    """A thousand open calls of many megabytes each: the stage sees how much its process grows."""
    return _forge(
        stage,
        "s = socket.socket(fileno=os.dup(3))\nfor n in range(200):\n    s.sendall(forged(n, 'held', [{'$': 'bytes', 'part': 0}], bytes(32 << 20)))",
    )


@attack
def never_read_the_replies_of_calls(stage: Stage) -> str:
    return _forge(stage, "for n in range(400): os.write(3, forged(n, 'large', [16]))\ntime.sleep(6)")


@attack
def never_read_refusals_of_calls(stage: Stage) -> str:
    return _forge(
        stage, "f = b''.join(forged(n, 'x' * 500) for n in range(1000))\ns = socket.socket(fileno=os.dup(3))\nwhile True: s.sendall(f)"
    )


@attack
def forge_a_call_that_answers_a_neighbour(stage: Stage) -> str:
    """Replies go to the process that called, whatever number it gave."""
    with _session(stage) as attacker, _session(stage) as other:
        other.run("kept = [same(n) for n in range(5)]")
        attacker.run("[os.write(3, forged(n, 'same', ['forged'])) for n in range(200)]")
        seen = other.run("print([same(n) for n in range(50)] == [*range(50)])")
        return "" if seen.stdout == "True\n" else f"the neighbour was told {seen!r}"


@attack
def forge_a_call_that_answers_a_twin(stage: Stage) -> str:
    with _session(stage) as original:
        mark = original.checkpoint()
        try:
            twin = original.fork()
        except CheckpointError:
            return "" if stage.tier != "strict" else "there is no twin"
        with twin:
            original.run("[os.write(3, forged(n, 'same', ['forged'])) for n in range(200)]")
            seen = twin.run("print([same(n) for n in range(50)] == [*range(50)])")
            if seen.stdout != "True\n":
                return f"the twin was told {seen!r}"
        original.rollback(mark)
        seen = original.run("print([same(n) for n in range(50)] == [*range(50)])")
        return "" if seen.stdout == "True\n" else f"forged replies outlived the rollback: {seen!r}"
