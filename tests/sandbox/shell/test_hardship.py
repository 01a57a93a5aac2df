"""The guest shell under code that breaks things around it: interrupts, exhausted resources, replaced and deleted parts, forks."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.shell.driver import ShellProcess


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    with ShellProcess(tmp_path_factory.mktemp("workspace")) as process:
        process.run("import os, signal, subprocess, sys, time, threading, asyncio")
        yield process


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[ShellProcess]:
    """A shell of its own, for what cannot be mended."""
    with ShellProcess(tmp_path) as process:
        yield process


@pytest.mark.parametrize(
    ("damage", "probe", "stdout"),
    [
        pytest.param("import builtins; del builtins.len, builtins.print", "print(len('ab'))", "2\n", id="deleted builtins are back"),
        pytest.param(
            "import builtins; builtins.isinstance = None", "print(isinstance(1, int))", "True\n", id="builtins made None are back"
        ),
        pytest.param(
            "import builtins; builtins.ascii = lambda o: 'mine'", "print(ascii(1))", "mine\n", id="a replaced builtin stays the user's"
        ),
        pytest.param("sys.stdout.close(); sys.stderr.close()", "print('out')", "out\n", id="a closed stream is opened again"),
        pytest.param("sys.stdout = None; del sys.stderr", "print('out')", "out\n", id="a removed stream is back"),
        pytest.param("sys.stdout = open('elsewhere', 'w'); print('gone')", "print('out')", "out\n", id="a redirected stream is back"),
        pytest.param("sys.stdout.detach()", "print('out')", "out\n", id="a detached stream is made again"),
        pytest.param("os.close(1); os.close(2)", "print('out')", "out\n", id="closed descriptors are back"),
        pytest.param("os.dup2(os.open('/dev/null', os.O_WRONLY), 1)", "!echo out", "out\n", id="redirected descriptors are back"),
        pytest.param("sys.stdin = None; os.close(0)", "print(repr(sys.stdin.read()))", "''\n", id="standard input is back, and empty"),
        pytest.param("globals().clear()", "print(__name__)\n%cd -q .", "__main__\n", id="a cleared namespace works again"),
        pytest.param("%reset -f", "print(In is not None)", "True\n", id="a namespace reset by magic works"),
        pytest.param("sys.modules['__main__'] = None", "import __main__; print(__main__.__name__)", "__main__\n", id="__main__ is back"),
        pytest.param("sys.setrecursionlimit(40)", "print('deep')", "deep\n", id="a tiny recursion limit is raised"),
        pytest.param("sys.settrace(lambda *a: 1 / 0)", "print('not traced')", "not traced\n", id="tracing ends with the cell"),
        pytest.param("sys.displayhook = sys.excepthook = None", "print('hooks')", "hooks\n", id="hooks of sys are ours again"),
        pytest.param("get_ipython().events.trigger = None", "print('events')", "events\n", id="a patched shell still runs cells"),
        pytest.param(
            "del get_ipython().history_manager.input_hist_parsed[:]", "print('history')", "history\n", id="an emptied history is no matter"
        ),
    ],
)
def test_the_next_cell_runs(spoiled: ShellProcess, damage: str, probe: str, stdout: str) -> None:
    spoiled.run("import os, sys")
    spoiled.run(damage)
    assert spoiled.run(probe).stdout == stdout


def test_an_error_is_told_after_builtins_and_modules_were_broken(spoiled: ShellProcess) -> None:
    ran = spoiled.run(
        "import builtins, sys\nsys.modules['traceback'] = sys.modules['linecache'] = sys.modules['IPython'] = None\n"
        "for name in ('str', 'len', 'isinstance', 'getattr', 'type'): delattr(builtins, name)\n1 / 0"
    )
    assert ran.traceback.endswith("    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("class Base(BaseException): pass\nraise Base", "Base", id="a BaseException of the user's"),
        pytest.param("raise GeneratorExit", "GeneratorExit", id="GeneratorExit"),
        pytest.param("raise asyncio.CancelledError", "CancelledError", id="CancelledError"),
        pytest.param("raise StopIteration", "StopIteration", id="StopIteration"),
        pytest.param("raise StopAsyncIteration", "StopAsyncIteration", id="StopAsyncIteration"),
        pytest.param("await asyncio.sleep(0)\nraise StopAsyncIteration", "StopAsyncIteration", id="StopAsyncIteration after await"),
        pytest.param("bytearray(10**15)", "MemoryError", id="memory that cannot be had"),
        pytest.param("'(' * 10000", "", id="a long result"),
        pytest.param("eval('(' * 10000)", "SyntaxError", id="parentheses without end"),
        pytest.param("x = 1\0", "SyntaxError", id="a null character in the code"),
        pytest.param("'\ud800'", "UnicodeEncodeError", id="a lone surrogate in the code"),
        pytest.param("input('name? ')", "EOFError", id="input"),
        pytest.param("import getpass; getpass.getpass()", "EOFError", id="getpass"),
        pytest.param("breakpoint()", "RuntimeError", id="breakpoint"),
        pytest.param("import pdb; pdb.set_trace()", "BdbQuit", id="the debugger"),
    ],
)
def test_an_unusual_error_has_its_name_and_the_session_goes_on(shell: ShellProcess, code: str, name: str) -> None:
    ran = shell.run(code)
    assert (ran.error[0] if ran.error else "") == name
    assert shell.run("'alive'").text == "'alive'"


def test_input_says_what_to_do(shell: ShellProcess) -> None:
    ran = shell.run("input('name? ')")
    assert ran.error is not None
    assert ran.error[1] == "input() is not available: nobody is at the keyboard; put the value in the code"


def test_full_memory_can_be_freed_by_the_next_cell(spoiled: ShellProcess) -> None:
    spoiled.run("import resource\nresource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))")
    full = spoiled.run("hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 16))")
    assert full.error is not None
    assert full.error[0] == "MemoryError"
    assert "line 3, in <module>" in full.traceback
    assert spoiled.run("del hoard\n'freed'").text == "'freed'"


@pytest.mark.parametrize("magic", ["%debug", "%pdb on\n1 / 0", "%reset", "help()"])
def test_what_would_ask_the_keyboard_does_not_wait(spoiled: ShellProcess, magic: str) -> None:
    spoiled.run("1 / 0")
    spoiled.run(magic)
    assert spoiled.run("'alive'").text == "'alive'"


def test_an_exception_with_a_hostile_metaclass_is_named(shell: ShellProcess) -> None:
    ran = shell.run("class M(type):\n    def __getattribute__(c, n): raise RuntimeError\nclass W(Exception, metaclass=M): pass\nraise W")
    assert ran.error is not None
    assert ran.error[0] == "W"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("while True: pass", id="a loop"),
        pytest.param("import time\ntime.sleep(60)", id="a sleep"),
        pytest.param("await asyncio.sleep(60)", id="an await"),
        pytest.param("!sleep 60", id="a command"),
        pytest.param("import subprocess\nsubprocess.run(['sleep', '60'])", id="a subprocess"),
        pytest.param("threading.Event().wait()", id="a lock"),
        pytest.param("class Slow:\n    def __repr__(self): time.sleep(60)\nSlow()", id="a repr"),
    ],
)
def test_an_interrupt_ends(shell: ShellProcess, code: str) -> None:
    shell.run("signal.signal(signal.SIGINT, signal.SIG_IGN);")  # the shell listens again in the next cell
    ran = shell.run(code, interrupt_after=0.3)
    assert ran.status == "interrupted"
    assert "<cell " in ran.traceback
    assert ran.traceback.endswith("KeyboardInterrupt\n")
    assert shell.run("'alive'").text == "'alive'"


def test_an_interrupted_coroutine_cleans_up(shell: ShellProcess) -> None:
    code = "async def w():\n    try:\n        await asyncio.sleep(60)\n    finally:\n        print('cleaned')\nawait w()"
    ran = shell.run(code, interrupt_after=0.3)
    assert (ran.status, ran.stdout) == ("interrupted", "cleaned\n")


def test_an_interrupt_that_comes_late_does_no_harm(shell: ShellProcess) -> None:
    shell.run("x = 1")
    shell.signal(signal.SIGINT)
    assert shell.run("'alive'").shown == {"result": "'alive'"}


def test_a_shower_of_interrupts_only_interrupts(shell: ShellProcess) -> None:
    over = threading.Event()

    def shower() -> None:
        while not over.wait(0.001):
            shell.signal(signal.SIGINT)

    rain = threading.Thread(target=shower)
    rain.start()
    try:
        statuses = {shell.run("x = [i for i in range(3000)]\nx[:3]").status for _ in range(200)}
    finally:
        over.set()
        rain.join()
    assert statuses <= {"ok", "interrupted"}
    assert shell.run("'alive'").shown == {"result": "'alive'"}


def test_an_interrupt_that_the_code_caught_is_no_failure(shell: ShellProcess) -> None:
    ran = shell.run("try:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('caught')", interrupt_after=0.3)
    assert ran.shown == {"stdout": "caught\n"}


def test_output_of_threads_and_children_is_in_order(shell: ShellProcess) -> None:
    ran = shell.run(
        "print('a', end=''); os.system('printf b')\n"
        "t = threading.Thread(target=print, args=('c',), kwargs={'end': ''}); t.start(); t.join()\n"
        "subprocess.run(['printf', 'd']); os.write(1, b'e'); print('f')"
    )
    assert ran.stdout == "abcdef\n"


def test_a_forked_child_ends_with_its_cell(shell: ShellProcess) -> None:
    ran = shell.run("pid = os.fork()\nif pid:\n    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\nelse:\n    print('child')")
    assert ran.shown == {"stdout": "child\n0\n"}


def test_a_forked_child_that_fails_says_so_and_ends(shell: ShellProcess) -> None:
    ran = shell.run_all("pid = os.fork()\nif not pid:\n    raise ValueError('child')\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])")
    assert ran.text == "1"
    assert ran.stderr.endswith("  File \"<cell 1>\", line 3, in <module>\n    raise ValueError('child')\nValueError: child\n")


def test_a_forked_childs_exit_code_is_kept(shell: ShellProcess) -> None:
    ran = shell.run("pid = os.fork()\nif not pid:\n    sys.exit(7)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])")
    assert ran.shown == {"result": "7"}


def test_a_forked_childs_display_is_printed(shell: ShellProcess) -> None:
    ran = shell.run("pid = os.fork()\nif not pid:\n    display('from the child')\nelse:\n    os.waitpid(pid, 0);")
    assert (ran.stdout, ran.displays) == ("'from the child'\n", [])


@pytest.mark.parametrize(
    "pool",
    ["multiprocessing.Pool(2)", "concurrent.futures.ProcessPoolExecutor(2)", "concurrent.futures.ThreadPoolExecutor(2)"],
)
def test_pools_run_functions_of_a_cell(shell: ShellProcess, pool: str) -> None:
    ran = shell.run(
        f"import multiprocessing, concurrent.futures\ndef square(x): return x * x\n"
        f"with {pool} as pool:\n    r = list(pool.map(square, [1, 2, 3]))\nr"
    )
    assert ran.shown == {"result": "[1, 4, 9]"}


def test_a_pool_that_spawns_is_told_why_it_broke(shell: ShellProcess) -> None:
    ran = shell.run(
        "import multiprocessing, concurrent.futures\ndef square(x): return x * x\n"
        "with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn')) as pool:\n"
        "    list(pool.map(square, [1]))"
    )
    assert "they cannot see functions of a cell" in ran.traceback


def test_the_users_modules_come_before_and_ours_are_hidden(shell: ShellProcess) -> None:
    ran = shell.run("import session")
    assert ran.error is not None
    assert ran.error[:2] == ("ModuleNotFoundError", "No module named 'session'")


def test_building_the_shell_writes_nothing(tmp_path: Path) -> None:
    with ShellProcess(tmp_path) as shell:
        shell.run("x = 1\nx")
    assert list(tmp_path.iterdir()) == []
