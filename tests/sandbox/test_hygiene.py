"""What a session leaves behind: nothing, however it ended and whoever ended it."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.processes import below
from codeact.events import Limits
from codeact.sandbox import forkserver
from codeact.sandbox.session import Session

_PATIENCE = 20.0
_MARK = str(1_000_000 + os.getpid())
"""Seconds that the processes of these tests sleep: tells them from those of another run of the tests."""
_LEFT_ALONE = f"""
import os, subprocess
for new in (True, False):
    subprocess.Popen(['sleep', '{_MARK}'], start_new_session=new)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('sleep', ['sleep', '{_MARK}'])
    os._exit(0)
"""
_HOST = """
import os, signal, sys, time
from codeact.sandbox.session import Session
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs the tests in the background has it ignored
sessions = [Session(preload=(), isolation=sys.argv[1]) for _ in range(2)]
for session in sessions:
    session.run(sys.argv[2])
print(sessions[0].workspace.parent, flush=True)
time.sleep(1000)
"""


def sleepers() -> list[int]:
    """Processes of this machine that guests of these tests started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if _MARK.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # it ended while we looked
    return found


def descendants() -> dict[int, str]:
    """Our children and theirs, with their states."""
    return {pid: fields[0] for pid, fields in below(os.getpid()).items()}


def zygotes() -> list[int]:
    """Ours, each as the host counts: not the first process of its pid namespace, and in no session's."""
    found = []
    for pid in descendants():
        try:
            numbers = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("NSpid:")).split()[1:]
        except OSError:
            continue  # it ended while we looked
        if len(numbers) == 2 and numbers[1] != "1":
            found.append(pid)
    return found


def open_descriptors() -> int:
    """How many this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def objects() -> Counter[str]:
    """How many of each class of the sandbox are alive in this process."""
    return Counter(type(one).__qualname__ for one in gc.get_objects() if str(type(one).__module__).startswith("codeact.sandbox."))


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it holds, now or soon."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def fresh() -> Iterator[None]:
    """No zygote before, none after."""
    forkserver.close_all()
    yield
    forkserver.close_all()


@pytest.mark.parametrize("tier", ["strict", "process"])
def test_closing_a_session_ends_all_that_it_started(fresh: None, tier: str) -> None:
    with Session(preload=(), isolation=tier) as session:  # type: ignore[arg-type] # one of the literals
        session.run(_LEFT_ALONE)
        assert comes_true(lambda: len(sleepers()) == 3)
        workspace = session.workspace
    assert sleepers() == []
    assert not list(workspace.parent.glob("s*"))


@pytest.mark.parametrize("tier", ["strict", "process"])
@pytest.mark.parametrize("end", ["os._exit(1)", "os.kill(os.getpid(), 9)", "while True: signal.pthread_sigmask(0, range(1, 65))"])
def test_an_action_that_ended_its_interpreter_leaves_no_process_of_its_own(fresh: None, tier: str, end: str) -> None:
    with Session(preload=(), isolation=tier, limits=Limits(action_seconds=1)) as session:  # type: ignore[arg-type] # one of the literals
        assert session.run("import signal\n" + _LEFT_ALONE + end).status != "ok"
        assert sleepers() == []
        assert session.run("1 + 1").result == "2"


def test_the_last_zygote_that_is_closed_leaves_no_process_and_no_folder(fresh: None) -> None:
    before = descendants()
    with Session(preload=()) as session:
        session.run("open('x', 'w').close()")
        assert descendants() != before
        folder = session.workspace.parent
        assert folder.is_dir()
    forkserver.close_all()
    assert descendants() == before
    assert not folder.exists()


def test_no_zombies_are_left_by_sessions_and_crashes(fresh: None) -> None:
    with Session(preload=()) as session:
        session.run(_LEFT_ALONE)
        session.run("import os; os._exit(1)")
        for _ in range(5):
            with Session(preload=()) as other:
                other.run(_LEFT_ALONE)
        assert comes_true(lambda: "Z" not in descendants().values()), descendants()


def test_sessions_leave_no_descriptor_open_in_the_host(fresh: None) -> None:
    def use(code: str) -> None:
        with Session(preload=(), limits=Limits(action_seconds=5, output_chars=100)) as session:
            session.run("print('x' * 1000)")
            session.run(code)

    use("1")
    forkserver.close_all()  # with the sessions that wait to be used
    before = open_descriptors()
    for number in range(30):
        use(("1", "import os; os._exit(1)", "1/0")[number % 3])
    forkserver.close_all()
    assert open_descriptors() == before


async def test_cancelled_actions_leave_no_descriptor_open_in_the_host(fresh: None) -> None:
    before = -1
    for _ in range(5):
        async with Session(preload=()) as session:
            heard = asyncio.Event()
            code = "import time\nprint(1, flush=True)\ntime.sleep(100)"
            task = asyncio.create_task(session.arun(code, on_output=lambda name, text, heard=heard: heard.set()))
            await heard.wait()
            task.cancel()
            await asyncio.wait([task])
        forkserver.close_all()
        now = open_descriptors()
        assert before in (-1, now)
        before = now


async def test_sessions_leave_no_object_alive_not_even_for_the_collector_of_cycles(fresh: None) -> None:
    async def use() -> None:
        async with Session(preload=(), limits=Limits(output_chars=100)) as session:
            mark = await session.acheckpoint()
            for code in ("1", "1/0", "import os; os.write(1, b'x' * 300_000)", "os._exit(1)", "open('x', 'w').close()"):
                await session.arun(code, on_output=lambda name, text: None)
                await session.arun(code)
            await session.arun("import time; time.sleep(100)", timeout=0.1)
            await session.arollback(mark)
            task = asyncio.create_task(session.arun("import time; time.sleep(100)"))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        forkserver.close_all()  # with the sessions that wait to be used

    await use()
    gc.collect()
    before = objects()
    gc.disable()
    try:
        for _ in range(4):
            await use()
        await asyncio.to_thread(comes_true, lambda: objects() <= before)  # for a second, a timer knows of the action that was stopped
        assert objects() - before == Counter()
    finally:
        gc.enable()


@pytest.mark.parametrize("tier", ["strict", "process"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_host_that_is_ended_takes_its_sessions_with_it(fresh: None, tier: str, number: signal.Signals) -> None:
    host = subprocess.Popen([sys.executable, "-c", _HOST, tier, _LEFT_ALONE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with host:
        assert host.stdout is not None
        folder = Path(host.stdout.readline().strip())
        assert comes_true(lambda: len(sleepers()) == 6)
        host.send_signal(number)
        host.wait()
        assert comes_true(lambda: sleepers() == [])
    with Session(preload=()):  # the next start sweeps, if no other process of this machine did before
        assert not folder.exists()


def test_a_folder_of_a_living_host_is_not_swept(fresh: None) -> None:
    with Session(preload=()) as session:
        other = "from codeact.sandbox.session import Session\nwith Session(preload=()) as s: print(s.run('1').result)"
        done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True)
        assert done.stdout == "1\n"
        assert session.workspace.is_dir()
        assert session.run("open('x', 'w').write('still there')").status == "ok"


def test_a_zygote_that_is_killed_is_replaced_and_its_sessions_go_on(fresh: None) -> None:
    before = descendants()
    with Session(preload=(), isolation="strict") as session:
        session.run("import os; x = [1]; open('f', 'w').write('before')")
        mark = session.checkpoint()
        for number in range(2):
            (zygote,) = zygotes()
            os.kill(zygote, signal.SIGKILL)
            assert comes_true(lambda zygote=zygote: zygote not in descendants())
            assert session.run("x.append(2); x").result == str([1] + [2] * (number + 1))
            assert session.run("x.append(3); os._exit(1)").restored
            with Session(preload=(), isolation="strict", limits=Limits(disk_mb=200 + number)) as new:  # none waits with this limit
                assert new.run("1 + 1").result == "2"
                assert session.run("len(x)").result == str(number + 2)
            assert zygotes() not in ([], [zygote])
        session.rollback(mark)
        assert session.run("x, open('f').read()").result == "([1], 'before')"
        with session.fork() as twin:
            assert twin.run("x").result == "[1]"
        folder = session.workspace.parent
    forkserver.close_all()
    assert comes_true(lambda: descendants() == before)
    assert not folder.exists()


async def test_sessions_that_are_cancelled_while_they_start_leave_nothing_and_the_zygote_alone(fresh: None) -> None:
    async def use(session: Session) -> None:
        async with session:
            await asyncio.sleep(100)

    async with Session(preload=(), isolation="strict", checkpoints=False) as first:
        await first.arun("1")
        others, running, folder = zygotes(), set(descendants()), first.workspace.parent
        for number in range(30):
            limits = Limits(disk_mb=100 + number)  # none waits with this limit
            task = asyncio.create_task(use(Session(preload=(), isolation="strict", limits=limits, checkpoints=False)))
            await asyncio.sleep(number * 0.0004)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
        assert await asyncio.to_thread(comes_true, lambda: set(descendants()) <= running)
        assert zygotes() == others
        assert [path.name for path in folder.glob("s*")] == [first.workspace.name]
        async with Session(preload=(), isolation="strict") as last:
            assert (await last.arun("1 + 1")).result == "2"
