"""Every action is a transaction: what a crash, a kill or a rollback leaves is the state from before, files and all."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from codeact.errors import CheckpointError, SessionBusyError
from codeact.events import Limits, Observation
from codeact.sandbox.session import Session

LIMITS = Limits(action_seconds=5, memory_mb=512)

BREAKS_THE_SHELL = (
    "get_ipython().__dict__.clear()",
    "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.user_ns = None",
    "import os\nos.getpid = os.write = None",
)


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(preload=(), limits=LIMITS) as opened:
        yield opened


def test_a_crash_in_the_first_action_leaves_a_new_interpreter_and_the_files_that_were_added(session: Session, tmp_path) -> None:
    (tmp_path / "given.txt").write_text("given")
    session.add_file(tmp_path / "given.txt")
    seen = session.run("open('given.txt', 'w').write('spoilt'); open('new', 'w'); import os; os._exit(1)")
    assert (seen.status, seen.restored, seen.state_lost, seen.files) == ("crash", True, False, ())
    assert session.run("import os; os.listdir(), open('given.txt').read()").result == "(['given.txt'], 'given')"


def test_a_crash_brings_back_variables_files_folders_links_and_random_numbers(session: Session) -> None:
    session.run("import os, random; random.seed(1); x = [1]; os.makedirs('a/b'); open('a/b/c', 'w').write('c'); os.symlink('a', 'l')")
    spoil = "x.append(2); random.random(); import shutil; shutil.rmtree('a'); os.remove('l'); open('l', 'w').write('no link')"
    seen = session.run(f"{spoil}; os.abort()")
    assert (seen.status, seen.restored) == ("crash", True)
    found = session.run("x, open('a/b/c').read(), os.readlink('l'), random.random() == random.Random(1).random()").result
    assert found == "([1], 'c', 'a', True)"


def test_folders_deeper_than_any_path_are_undone_and_go_with_the_session() -> None:
    deep = "import os\nfor _ in range(1500): os.mkdir('a'); os.chdir('a')\n"
    with Session(preload=(), limits=LIMITS.model_copy(update={"disk_mb": None})) as session:  # so deep a tree may count as too large
        session.run("x = 1")
        seen = session.run(deep + "os._exit(1)")
        assert (seen.status, seen.restored) == ("crash", True)
        assert session.run("import os; x, os.listdir()").result == "(1, [])"
        session.run(deep)
        workspace = session.workspace
    assert not workspace.exists()
    with Session(preload=(), limits=LIMITS) as session:
        assert session.run("1 + 1").result == "2"


def test_modes_and_times_of_files_come_back(session: Session) -> None:
    session.run("import os; open('f', 'w').write('1'); os.chmod('f', 0o640); os.utime('f', (1, 1))")
    session.run("os.remove('f'); os._exit(1)")
    assert session.run("s = os.stat('f'); oct(s.st_mode & 0o777), s.st_mtime, s.st_uid == os.getuid()").result == "('0o640', 1.0, True)"


def test_a_rollback_can_be_done_again_and_again(session: Session) -> None:
    session.run("import random; random.seed(2); x = 0")
    mark = session.checkpoint()
    drawn = set()
    for number in range(4):
        session.run(f"x = {number + 1}; open('f', 'w').write('{number}')")
        drawn.add(session.run("random.random()").result)
        assert session.rollback(mark) == ""
        assert session.run("import os; x, os.listdir()").result == "(0, [])"
        session.rollback(mark)
    assert len(drawn) == 1


def test_a_rollback_without_a_mark_undoes_the_latest_action_only(session: Session) -> None:
    session.run("x = 1")
    session.run("x = 2")
    session.run("x = 3")
    session.rollback()
    assert session.run("x").result == "2"


def test_later_checkpoints_go_with_a_rollback_and_earlier_ones_stay(session: Session) -> None:
    marks = []
    for number in range(3):
        session.run(f"x = {number}")
        marks.append(session.checkpoint())
    session.rollback(marks[1])
    with pytest.raises(CheckpointError, match=marks[2]):
        session.rollback(marks[2])
    session.rollback(marks[0])
    assert session.run("x").result == "0"


def test_only_the_latest_checkpoints_are_kept(session: Session) -> None:
    session.run("x = 0")
    marks = [session.checkpoint() for _ in range(10)]
    with pytest.raises(CheckpointError, match="no checkpoint"):
        session.rollback(marks[1])
    session.rollback(marks[2])
    assert session.run("x").result == "0"


def test_checkpoints_survive_a_crash(session: Session) -> None:
    session.run("x = 0")
    mark = session.checkpoint()
    session.run("x = 1")
    session.run("import os; os._exit(1)")
    session.rollback(mark)
    assert session.run("x").result == "0"


def test_with_other_threads_alive_there_is_no_checkpoint_and_it_is_said(session: Session) -> None:
    session.run("import threading, time; x = 1; t = threading.Thread(target=time.sleep, args=(60,), daemon=True); t.start()")
    with pytest.raises(CheckpointError, match="1 other threads are alive"):
        session.checkpoint()
    seen = session.run("import os; os._exit(1)")
    assert (seen.restored, seen.state_lost) == (False, True)
    assert "1 other threads are alive" in seen.notice
    assert session.run("'x' in globals()").result == "False"


@pytest.mark.parametrize("busy", [False, True], ids=["the loop runs", "the loop is held up"])
async def test_a_thread_that_ended_between_two_actions_is_in_the_way_of_no_checkpoint(busy: bool) -> None:
    async with Session(preload=(), limits=LIMITS) as session:
        await session.arun("import os, threading, time; x = 1; threading.Thread(target=lambda: time.sleep(0.3)).start()")
        await asyncio.sleep(0.005 if busy else 0.6)
        time.sleep(0.6 if busy else 0)  # noqa: ASYNC251 -- as a caller would who holds up the loop
        assert (await session.arun("x = 2; os._exit(1)")).restored
        assert (await session.arun("x")).result == "1"


@pytest.mark.parametrize("pause", [0, 0.2], ids=["at once", "after a pause"])
async def test_each_action_is_undone_alone(pause: float) -> None:
    async with Session(preload=(), limits=LIMITS) as session:

        async def run(code: str) -> Observation:
            await asyncio.sleep(pause)
            return await session.arun(code)

        await run("import os; x = [0]")
        for number in range(1, 4):
            await run(f"x.append({number})")
            assert (await run(f"x.append(-{number}); os.abort()")).restored
            assert (await run("x")).result == str(list(range(number + 1)))
        await run("x.clear()")
        await asyncio.sleep(pause)
        await session.arollback()
        assert (await run("x.append(9); os.abort()")).restored
        assert (await run("x")).result == "[0, 1, 2, 3]"


async def test_displays_of_actions_that_follow_at_once_wait_for_their_own_answer() -> None:
    async with Session(preload=(), limits=LIMITS) as session:
        for _ in range(3):
            seen = await session.arun("import time\nfor n in range(3):\n    time.sleep(0.01); print(n); display(n)")
            assert [output.type for output in seen.outputs] == ["stream", "display"] * 3


async def test_a_copy_that_was_made_and_killed_between_actions_is_made_again() -> None:
    others = (
        'for p in $(ls /proc | grep "^[0-9]"); do [ $p -gt 1 ] && [ $p != $PPID ] && [ $p != $$ ] && kill -9 $p && echo $p >> killed; done'
    )
    async with Session(preload=(), limits=LIMITS) as session:
        if session.isolation != "strict":
            pytest.skip("elsewhere the code sees processes that are not its own")
        await session.arun(f"import os, subprocess; x = 1\nsubprocess.Popen(['sh', '-c', 'sleep 0.3; ' + {others!r}])")
        await asyncio.sleep(1)
        assert await session.aread_file("killed")
        assert (await session.arun("x = 2; os.abort()")).restored
        assert (await session.arun("x")).result == "1"


def test_without_checkpoints_a_crash_loses_the_state() -> None:
    with Session(preload=(), limits=LIMITS, checkpoints=False) as session:
        session.run("x = 1")
        seen = session.run("import os; os._exit(1)")
        assert (seen.restored, seen.state_lost) == (False, True)
        with pytest.raises(CheckpointError, match="none was taken"):
            session.rollback()


def test_a_file_too_large_to_keep_is_named() -> None:
    with Session(preload=(), limits=Limits(action_seconds=5, disk_mb=1)) as session:
        session.run("big = open('big', 'wb'); big.truncate(3 << 20); big.close()")
        seen = session.run("open('big', 'w').write('changed'); import os; os._exit(1)")
        assert seen.restored
        assert "'big'" in seen.notice


async def test_no_checkpoint_while_an_action_runs() -> None:
    import asyncio

    async with Session(preload=(), limits=LIMITS) as session:
        running = asyncio.create_task(session.arun("import time; time.sleep(1)"))
        await asyncio.sleep(0)
        with pytest.raises(SessionBusyError, match="while an action runs"):
            await session.acheckpoint()
        with pytest.raises(SessionBusyError, match="while an action runs"):
            await session.arollback()
        assert (await running).status == "ok"


@pytest.mark.parametrize("code", BREAKS_THE_SHELL)
def test_code_that_breaks_the_interpreter_itself_is_undone(session: Session, code: str) -> None:
    session.run("x = 1")
    seen = session.run(code)
    assert seen.restored
    assert "broke parts of the interpreter" in seen.notice
    assert session.run("x").result == "1"


def test_the_copy_of_a_large_state_is_the_state(session: Session) -> None:
    session.run("import hashlib, os; big = bytearray(os.urandom(1 << 20)) * 100; before = hashlib.sha256(big).hexdigest()")
    mark = session.checkpoint()
    session.run("for n in range(0, len(big), 4096): big[n] ^= 1")
    assert session.run("hashlib.sha256(big).hexdigest() == before").result == "False"
    session.rollback(mark)
    assert session.run("hashlib.sha256(big).hexdigest() == before").result == "True"
