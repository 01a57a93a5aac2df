"""A session as its users see it: state, both faces, ways to stop it, and what its observations tell."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import groupby
from pathlib import Path

import pytest

from codeact.errors import CodeactError, InputError, IsolationError, SessionBusyError, SessionClosedError, SessionError
from codeact.events import EVENT, LimitHit, Limits, Observation, StreamOutput
from codeact.sandbox.session import PRELOAD, Session
from sandbox import elsewhere

LOST = "The interpreter was restarted"
RESTORED = "as they were before this action"
SOFT = "import time\nprint('started', flush=True)\ntime.sleep(100)"
HARD = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n" + SOFT


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(preload=(), limits=Limits(action_seconds=20, memory_mb=512)) as one:
        yield one


@pytest.fixture
async def running() -> AsyncIterator[Session]:
    async with Session(preload=(), limits=Limits(action_seconds=20, memory_mb=512)) as one:
        yield one


async def started(session: Session, code: str) -> "asyncio.Task[Observation]":
    """An action that has said that it started."""
    heard = asyncio.Event()
    task = asyncio.create_task(session.arun(code, on_output=lambda name, text: heard.set()))
    await heard.wait()
    return task


def test_state_is_kept_from_action_to_action(session: Session) -> None:
    session.run("import math\nr = 2\ndef area():\n    return math.pi * r ** 2")
    assert session.run("area()").result == "12.566370614359172"
    assert session.run("r = 1; area()").result == "3.141592653589793"


def test_a_session_starts_when_it_is_first_used_and_ends_when_it_is_closed() -> None:
    session = Session(preload=())
    with pytest.raises(SessionError, match="not started"):
        _ = session.workspace
    assert session.run("1").result == "1"
    workspace = session.workspace
    assert workspace.is_dir()
    session.close()
    assert not workspace.exists()


def test_a_closed_session_says_so(session: Session) -> None:
    session.close()
    with pytest.raises(CodeactError, match="closed"):
        session.run("1")
    session.close()


async def test_a_session_closed_by_its_async_face_says_so(running: Session) -> None:
    await running.aclose()
    await running.aclose()
    with pytest.raises(SessionClosedError, match="make a new one"):
        await running.arun("1")
    with pytest.raises(SessionClosedError):
        await running.aread_file("x")


async def test_the_sync_face_works_inside_a_running_loop() -> None:
    with Session(preload=()) as session:
        session.run("x = 5")
        assert session.run("x").result == "5"


async def test_two_actions_at_once_are_refused_and_the_first_goes_on(running: Session) -> None:
    task = await started(running, "print('started', flush=True)\nimport time\ntime.sleep(0.3)\n'first'")
    with pytest.raises(SessionBusyError, match="open a second session"):
        await running.arun("2")
    assert (await task).result == "'first'"
    assert (await running.arun("3")).result == "3"


async def test_two_actions_given_before_the_session_started_do_not_run_at_once() -> None:
    async with Session(preload=()) as session:
        seen = await asyncio.gather(*(session.arun(str(number)) for number in range(3)), return_exceptions=True)
    assert [one.result for one in seen if isinstance(one, Observation)] == ["0"]
    assert sum(isinstance(one, SessionBusyError) for one in seen) == 2


def test_a_timeout_that_an_interruption_ends_keeps_the_state(session: Session) -> None:
    session.run("x = 5")
    seen = session.run("x = 6\nwhile True: pass", timeout=0.3)
    assert (seen.status, seen.limit, seen.state_lost) == ("timeout", LimitHit(name="action_seconds", value=0.3), False)
    assert "Stopped at the limit of 0.3 seconds for one action." in seen.notice
    assert seen.error is not None
    assert "line 2" in seen.error.traceback
    assert session.run("x").result == "6"


def test_a_timeout_that_takes_a_kill_goes_back_to_before_the_action(session: Session) -> None:
    session.run("x = 5")
    seen = session.run("x = 6\n" + HARD, timeout=0.3)
    assert (seen.status, seen.state_lost, seen.restored, seen.stdout) == ("timeout", False, True, "started\n")
    assert RESTORED in seen.notice
    assert session.run("x").result == "5"


def test_without_checkpoints_a_kill_loses_the_state_and_says_so() -> None:
    with Session(preload=(), checkpoints=False) as session:
        session.run("x = 5\nopen('kept', 'w').write('kept')")
        seen = session.run(HARD, timeout=0.3)
        assert (seen.status, seen.state_lost, seen.restored) == ("timeout", True, False)
        assert LOST in seen.notice
        lost = session.run("x").error
        assert lost is not None
        assert lost.name == "NameError"
        assert session.run("open('kept').read()").result == "'kept'"


def test_the_sessions_own_limit_holds_when_none_is_given() -> None:
    with Session(preload=(), limits=Limits(action_seconds=0.3)) as session:
        assert session.run("while True: pass").limit == LimitHit(name="action_seconds", value=0.3)


async def test_an_interruption_ends_the_action_and_keeps_the_state(running: Session) -> None:
    await running.arun("x = 5")
    task = await started(running, SOFT)
    await running.ainterrupt()
    seen = await task
    assert (seen.status, seen.state_lost, seen.restored, seen.limit) == ("interrupted", False, False, None)
    assert (await running.arun("x")).result == "5"


async def test_an_interruption_that_came_just_before_a_wait_ends_the_wait(running: Session) -> None:
    code = """
import signal, time
nudges = []
signal.signal(signal.SIGURG, lambda *_: nudges.append(1))
try:
    print("started", flush=True)
    time.sleep(100)
except KeyboardInterrupt:
    time.sleep(0.3)
bool(nudges)
"""
    task = await started(running, code)
    await running.ainterrupt()
    seen = await task
    assert (seen.result, seen.restored) == ("True", False)


async def test_an_interruption_that_is_not_heard_becomes_a_kill(running: Session) -> None:
    await running.arun("x = 5")
    task = await started(running, HARD)
    await running.ainterrupt()
    seen = await task
    assert (seen.status, seen.restored) == ("interrupted", True)
    assert (await running.arun("x")).result == "5"


async def test_an_interruption_when_nothing_runs_does_nothing(running: Session) -> None:
    await running.ainterrupt()
    assert (await running.arun("1")).status == "ok"


async def test_an_interruption_does_not_hit_the_next_action(running: Session) -> None:
    for _ in range(20):
        task = asyncio.create_task(running.arun("1"))
        await asyncio.sleep(0)
        await running.ainterrupt()
        await task
        assert (await running.arun("import time; time.sleep(0.001); 2")).result == "2"


async def test_a_cancelled_action_leaves_nothing_running_and_the_session_usable(running: Session) -> None:
    task = await started(running, HARD)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    seen = await running.arun("import os\n[p for p in os.listdir('/proc') if p.isdigit() and 'sleep' in open(f'/proc/{p}/comm').read()]")
    assert seen.result == "[]"


async def test_a_cancelled_action_is_undone_and_the_next_one_is_told(running: Session) -> None:
    await running.arun("x = 1; open('kept', 'w').close()")
    task = asyncio.create_task(running.arun("x = 2; open('new', 'w').close(); import time; time.sleep(60)"))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    seen = await running.arun("import os; x, os.listdir()")
    assert (seen.result, seen.state_lost) == ("(1, ['kept'])", False)
    assert "before this one was cancelled" in seen.notice
    assert not (await running.arun("1")).notice


async def test_without_checkpoints_the_action_after_a_cancelled_one_is_told_that_the_variables_are_gone() -> None:
    async with Session(preload=(), checkpoints=False) as running:
        await running.arun("x = 1")
        task = await started(running, SOFT)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        seen = await running.arun("'x' in globals()")
        assert (seen.result, seen.state_lost) == ("False", True)
        assert LOST in seen.notice
        assert not (await running.arun("1")).state_lost


async def test_a_cancelled_action_whose_undoing_is_cancelled_too_leaves_a_usable_session(running: Session) -> None:
    await running.arun("x = 1")
    for pause in (0.0, 0.001, 0.002, 0.004, 0.008):
        task = await started(running, HARD)
        task.cancel()
        await asyncio.sleep(pause)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await running.arun("6 * 7")).result == "42"


async def test_an_action_whose_session_is_closed_meanwhile_says_so(running: Session) -> None:
    task = await started(running, SOFT)
    await running.aclose()
    with pytest.raises(SessionClosedError, match="closed while the action ran"):
        await task


@pytest.mark.parametrize("code", ["import os; os._exit(3)", "import os; os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"])
def test_an_interpreter_that_ended_comes_back_as_it_was(session: Session, code: str) -> None:
    session.run("x = [1, 2]\nopen('kept', 'w').write('before')")
    seen = session.run("x.append(3)\nopen('kept', 'w').write('after')\n" + code)
    assert (seen.restored, seen.state_lost) == (True, False)
    assert RESTORED in seen.notice
    assert session.run("x, open('kept').read()").result == "([1, 2], 'before')"


def test_an_interpreter_that_ends_between_two_actions_is_told_of_in_the_next(session: Session) -> None:
    session.run("import os, threading\nthreading.Timer(0.1, os._exit, [0]).start()")
    while not (seen := session.run("import time; time.sleep(0.2)")).notice:
        pass
    assert seen.restored or seen.state_lost
    assert session.run("1 + 1").result == "2"


def test_output_is_passed_on_as_it_comes_in_order(session: Session) -> None:
    told: list[tuple[str, str]] = []
    seen = session.run(
        "import sys, time\nfor n in range(5):\n    print(n); time.sleep(0.02); print(n, file=sys.stderr); time.sleep(0.02)",
        on_output=lambda name, text: told.append((name, text)),
    )
    heard = [(name, "".join(text for _, text in parts)) for name, parts in groupby(told, key=lambda one: one[0])]
    assert heard == [(name, f"{n}\n") for n in range(5) for name in ("stdout", "stderr")]
    assert len(seen.outputs) == 10


async def test_output_comes_while_the_action_runs(running: Session, tmp_path: Path) -> None:
    (tmp_path / "go").write_text("go")
    task = await started(running, "print('started', flush=True)\nimport os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\n'gone'")
    await running.aadd_file(tmp_path / "go")
    assert (await task).result == "'gone'"


def test_files_go_in_and_come_out(session: Session, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    assert session.add_file(tmp_path / "data.csv") == "data.csv"
    assert session.run("open('data.csv').read()").result == repr("a,b\n1,2\n")
    seen = session.run("open('data.csv', 'a').write('3,4\\n'); open('out.txt', 'wb').write(bytes(range(256)))")
    assert {(file.path, file.change) for file in seen.files} == {("data.csv", "modified"), ("out.txt", "created")}
    assert session.read_file("out.txt") == bytes(range(256))


def test_what_the_guest_puts_in_place_of_a_file_is_not_followed_or_waited_for(session: Session, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    session.run(f"import os\nos.symlink({str(tmp_path / 'secret')!r}, 'link'); os.mkfifo('fifo'); os.symlink('/', 'root')")
    session.run("open('sparse', 'wb').truncate(400 << 20)")
    for name in (
        "link",
        "fifo",
        f"root{tmp_path}/secret",
        "sparse",
        "../secret",
        "missing",
        str(tmp_path / "secret"),
        f"/{tmp_path}/secret",
        "//etc/passwd",
    ):
        with pytest.raises(InputError):
            session.read_file(name)
    with pytest.raises(InputError, match="'link'"):
        session.add_file(tmp_path / "secret", "link")


def test_random_state_differs_between_sessions_and_is_not_the_zygotes() -> None:
    code = (
        "import random, uuid\nimport numpy\n(random.random(), numpy.random.random(), numpy.random.default_rng().random(), uuid.uuid4().hex)"
    )
    drawn: list[str | None] = []
    for _ in range(3):
        with Session(preload=("numpy",)) as session:
            drawn.append(session.run(code).result)
    for column in zip(*(str(one).strip("()").split(", ") for one in drawn), strict=True):
        assert len(set(column)) == 3, column


def test_an_observation_survives_json_whole(session: Session) -> None:
    for code in ("print('a'); 5", "1/0", "import sys; sys.exit(3)", "import os; os._exit(3)", "raise ValueError('\\ud800')", "display(5)"):
        seen = session.run(code)
        assert EVENT.validate_json(seen.model_dump_json()) == seen


def test_an_unknown_tier_is_an_error_before_anything_starts() -> None:
    session = Session(isolation="chroot")  # type: ignore[arg-type] # the mistake under test
    with pytest.raises(IsolationError, match="'chroot'"):
        session.start()
    session.close()


@pytest.mark.parametrize("python", ["/nowhere/python", "/etc/passwd", "/bin/true"])
def test_what_is_no_python_is_an_error_that_names_it(python: str) -> None:
    session = Session(python=python)
    with pytest.raises(SessionError, match=repr(python)):
        session.start()
    session.close()


def test_a_python_without_ipython_is_an_error_that_says_what_is_missing() -> None:
    base = elsewhere.base_python()
    if base is None:
        pytest.skip(f"no Python {sys.version_info.major}.{sys.version_info.minor} without packages on this machine: install one below /usr")
    session = Session(python=base, preload=())
    with pytest.raises(SessionError, match="IPython") as caught:
        session.start()
    assert base in str(caught.value)
    session.close()


def test_a_module_to_preload_that_is_not_installed_is_passed_over() -> None:
    with Session(preload=("no_such_module", "json")) as session:
        assert session.run("import sys\n'json' in sys.modules").result == "True"


def test_sets_of_texts_have_one_order_in_all_processes_and_another_with_other_modules() -> None:
    """So that what is run again, in another process or after a restart, prints the same."""
    code = "print({f'w{n}' for n in range(50)})"
    host = "from codeact.sandbox.session import Session\nwith Session(preload=('json',)) as session:\n"
    program = f"{host}    print(session.run({code!r}).stdout, end='')"
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    with Session(preload=("json",)) as session, Session(preload=("csv",)) as other:
        inner = session.run(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}])").stdout
        assert session.run(code).stdout == there == inner
        assert other.run(code).stdout != there


def test_matplotlib_has_a_place_for_its_caches_that_is_no_file_of_the_workspace() -> None:
    own = "import os, matplotlib; print(matplotlib.get_cachedir().startswith(os.environ['TMPDIR']))"
    with Session(preload=()) as session:
        seen = session.run(f"import subprocess, sys\ndone = subprocess.run([sys.executable, '-c', {own!r}])\n{own}")
        assert (seen.outputs, seen.files) == ((StreamOutput(name="stdout", text="True\nTrue\n"),), ())


@pytest.mark.parametrize("preload", [PRELOAD, ()])
def test_a_figure_is_shown_once_as_a_bitmap_whether_or_not_it_is_asked_to_be_shown(preload: tuple[str, ...]) -> None:
    with Session(preload=preload) as session:
        for last in ("plt.show()", "", "plt.gcf()", "fig = plt.gcf(); plt.show(); fig"):
            seen = session.run(f"import matplotlib.pyplot as plt\nplt.plot([1, 2])\n{last}")
            shown = [one for one in seen.displays if "image/png" in one]
            assert len(shown) == (2 if "fig" in last.split() else 1), last
            assert all(one.keys() == {"text/plain", "image/png"} for one in shown)
