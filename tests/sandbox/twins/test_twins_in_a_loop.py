"""Twins in an event loop: made and used side by side; a fork that was given up or failed leaves nothing."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from codeact.errors import CheckpointError, CodeactError, SessionBusyError, SessionClosedError
from codeact.events import Limits
from codeact.sandbox import forkserver
from codeact.sandbox.session import Session

LIMITS = Limits(action_seconds=5, memory_mb=512, processes=24)


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    """Without checkpoints, so that its processes are two at any time: the guest and its warden."""
    forkserver.close_all()
    async with Session(preload=(), limits=LIMITS, checkpoints=False) as opened:
        if opened.isolation != "strict":
            pytest.skip("twins need tier strict")
        await opened.arun("import os, time; x = [1]; open('f', 'w').write('before')")
        await asyncio.sleep(0.3)  # the session that waits for the next one is there too
        assert len(below(os.getpid())) >= 2
        yield opened
    forkserver.close_all()


def below(pid: int) -> list[int]:
    """Processes below one."""
    found = []
    try:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                found += [int(child), *below(int(child))]
    except OSError:
        pass  # it ended while we looked
    return found


def what_there_is(session: Session) -> tuple[set[int], int, set[str]]:
    """Processes, open descriptors, folders."""
    own = session.workspace.with_suffix(".snapshots")  # stays, empty
    folders = {str(path) for path in session.workspace.parent.rglob("*") if path != own}
    return set(below(os.getpid())), len(list(Path("/proc/self/fd").iterdir())), folders


async def becomes(condition: Callable[[], bool]) -> bool:
    """Whether it holds, now or soon."""
    for _ in range(500):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_twins_are_made_and_used_side_by_side(session: Session) -> None:
    twins = await asyncio.gather(*(session.afork() for _ in range(4)))
    codes = [f"time.sleep(0.2); x.append({number}); open('f', 'w').write('{number}'); x, open('f').read()" for number in range(4)]
    seen = await asyncio.gather(session.arun("x"), *(twin.arun(code) for twin, code in zip(twins, codes, strict=True)))
    assert [one.result for one in seen] == ["[1]", *(f"([1, {number}], '{number}')" for number in range(4))]
    await asyncio.gather(*(twin.aclose() for twin in twins))
    assert (await session.arun("x, open('f').read()")).result == "([1], 'before')"


async def test_a_checkpoint_can_be_forked_several_times_at_once(session: Session) -> None:
    mark = await session.acheckpoint()
    await session.arun("x.append(2)")
    twins = await asyncio.gather(session.afork(mark), session.afork(), session.afork(mark))
    seen = await asyncio.gather(*(twin.arun("x") for twin in twins))
    assert [one.result for one in seen] == ["[1]", "[1, 2]", "[1]"]
    await asyncio.gather(*(twin.aclose() for twin in twins))
    await session.arollback(mark)
    assert (await session.arun("x")).result == "[1]"


async def test_a_busy_session_is_not_forked_and_one_that_is_forked_is_busy(session: Session) -> None:
    running = asyncio.create_task(session.arun("time.sleep(0.5); x"))
    await asyncio.sleep(0)
    with pytest.raises(SessionBusyError, match="cannot fork while an action runs"):
        await session.afork()
    assert (await running).result == "[1]"
    forking = asyncio.create_task(session.afork())
    await asyncio.sleep(0)
    for call in (session.arun("x.append(2)"), session.acheckpoint(), session.arollback()):
        with pytest.raises(SessionBusyError, match="while the session is forked"):
            await call
    async with await forking as twin:
        assert (await twin.arun("x")).result == "[1]"


@pytest.mark.parametrize("by_mark", [False, True], ids=["as it is", "by mark"])
async def test_a_fork_that_is_cancelled_at_any_time_leaves_nothing(session: Session, by_mark: bool) -> None:
    mark = await session.acheckpoint() if by_mark else None
    before, cancelled = what_there_is(session), 0
    for number in range(24):
        forking = asyncio.create_task(session.afork(mark))
        await asyncio.sleep(number * 0.0002)
        forking.cancel()
        await asyncio.wait([forking])
        if forking.cancelled():
            cancelled += 1
        else:
            await (await forking).aclose()
        async with await session.afork(mark) as twin:  # at once: an answer to the last order must not count for this one
            assert (await twin.arun("x, os.listdir(), open('f', 'a').write('!')")).result == "([1], ['f'], 1)"
    assert cancelled
    assert await becomes(lambda: what_there_is(session) == before), (what_there_is(session), before)
    assert (await session.arun("x, open('f').read()")).result == "([1], 'before')"


async def test_a_fork_that_fails_leaves_nothing(session: Session) -> None:
    await session.arun("import threading; t = threading.Thread(target=time.sleep, args=(600,), daemon=True); t.start()")
    before = what_there_is(session)
    for _ in range(20):  # more often than there are roots
        with pytest.raises(CheckpointError, match="threads"):
            await session.afork()
    assert await becomes(lambda: what_there_is(session) == before), (what_there_is(session), before)


async def test_twins_that_are_closed_leave_nothing_used_or_not(session: Session) -> None:
    before = what_there_is(session)
    for number in range(6):
        twin = await session.afork()
        if number % 2:
            await twin.arun("open('new', 'w').close(); import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)")
        await twin.aclose()
    assert await becomes(lambda: what_there_is(session) == before), (what_there_is(session), before)


async def test_a_session_that_is_closed_while_it_is_forked_says_so_and_leaves_nothing(session: Session) -> None:
    for steps in range(1, 12):
        other = Session(preload=(), limits=LIMITS, checkpoints=False)
        await other.arun("open('f', 'w').write('other')")
        forking = asyncio.create_task(other.afork())
        for _ in range(steps):
            await asyncio.sleep(0 if steps % 2 else 0.0005)
        await other.aclose()
        try:
            async with await forking as twin:
                assert (await twin.arun("1 + 1")).result == "2"
        except (CheckpointError, SessionClosedError) as error:
            assert isinstance(error, CodeactError)
        assert list(session.workspace.parent.glob("s*/f")) == [session.workspace / "f"]
