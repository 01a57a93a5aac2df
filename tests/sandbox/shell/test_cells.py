"""The guest shell as a notebook: what cells return, print and keep. Each row of the table runs in one shared session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.shell.driver import ShellProcess

ROWS: list[tuple[str, tuple[str, ...], dict[str, object]]] = [
    ("a statement returns nothing", ("x = 1",), {}),
    ("an empty cell returns nothing", ("",), {}),
    ("a comment returns nothing", ("# only a comment",), {}),
    ("the last expression is the result", ("x = 1\nx + 1",), {"result": "2"}),
    ("only the last expression is the result", ("1\n2",), {"result": "2"}),
    ("None is no result", ("None",), {}),
    ("a semicolon at the end hides the result", ("1 + 1;",), {}),
    ("a semicolon within a string hides nothing", ("'a;'",), {"result": "'a;'"}),
    ("a semicolon before a comment hides the result", ("1 + 1;  # shown?",), {}),
    ("an expression in a loop is no result", ("for i in range(2):\n    i",), {}),
    ("state is kept between cells", ("def f(a):\n    return a * 2", "f(21)"), {"result": "42"}),
    ("state is kept when a cell fails", ("kept = 7\n1/0", "kept"), {"result": "7"}),
    ("an underscore is the last result", ("41", "_ + 1"), {"result": "42"}),
    ("two underscores are the result before", ("1", "2", "__"), {"result": "1"}),
    ("a hidden result does not become the underscore", ("10", "20;", "_"), {"result": "10"}),
    ("Out holds results", ("'first'", "Out[len(In) - 2]"), {"result": "'first'"}),
    ("In holds the text of cells", ("y = 'text'", "In[-2]"), {"result": "\"y = 'text'\""}),
    ("an indented cell runs", ("    z = 3\n    z",), {"result": "3"}),
    ("prompts of a console are removed", (">>> a = 4\n>>> a + 1",), {"result": "5"}),
    ("print goes to standard output", ("print('a', 'b', sep='-')",), {"stdout": "a-b\n"}),
    ("standard error is kept apart", ("import sys\nprint('e', file=sys.stderr)",), {"stderr": "e\n"}),
    ("a line without its end comes out", ("print('half', end='')",), {"stdout": "half"}),
    ("bytes written below the text layer keep their place", ("sys.stdout.buffer.write(b'a'); print('b')",), {"stdout": "ab\n"}),
    ("a lone surrogate is escaped on output", ("print('\\ud800')",), {"stdout": "\\ud800\n"}),
    ("text of every script comes out", ("print('žluťoučký 漢字 🐍')",), {"stdout": "žluťoučký 漢字 🐍\n"}),
    ("top-level await works", ("import asyncio\nawait asyncio.sleep(0, 'done')",), {"result": "'done'"}),
    ("async for works at the top level", ("async def agen():\n    yield 1\nasync for v in agen():\n    print(v)",), {"stdout": "1\n"}),
    (
        "async with works at the top level",
        (
            "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def m():\n    yield 5\n"
            "async with m() as v:\n    print(v)",
        ),
        {"stdout": "5\n"},
    ),
    ("an async comprehension is a result", ("[v async for v in agen()]",), {"result": "[1]"}),
    ("asyncio.run works where nothing is awaited", ("asyncio.run(asyncio.sleep(0, 6))",), {"result": "6"}),
    ("await works after asyncio.run closed its own loop", ("asyncio.run(asyncio.sleep(0))", "await asyncio.sleep(0, 8)"), {"result": "8"}),
    (
        "a task goes on in the next cell that awaits",
        (
            "async def later():\n    await asyncio.sleep(0.01)\n    print('later')\n"
            "task = asyncio.create_task(later())\nawait asyncio.sleep(0)",
            "await task",
        ),
        {"stdout": "later\n"},
    ),
    ("a shell command prints", ("!echo hi",), {"stdout": "hi\n"}),
    ("a shell command sees Python values", ("word = 'you'\n!echo hi $word {1 + 1}",), {"stdout": "hi you 2\n"}),
    ("a shell command's output can be assigned", ("lines = !printf 'a\\nb'\nlines[1]",), {"result": "'b'"}),
    ("a shell command's exit code is kept", ("!exit 3", "_exit_code"), {"result": "3"}),
    ("output of Python and commands keeps its order", ("print(1)\n!echo 2\nprint(3)",), {"stdout": "1\n2\n3\n"}),
    ("a cell magic runs another language", ("%%bash\necho from bash",), {"stdout": "from bash\n"}),
    ("a cell magic writes a file", ("%%writefile note.txt\nline", "open('note.txt').read()"), {"result": "'line\\n'"}),
    ("a cell magic captures output", ("%%capture got\nprint('inside')\n!echo command", "got.stdout"), {"result": "'inside\\ncommand\\n'"}),
    ("a line magic changes the folder", ("%cd -q /", "import os; os.getcwd()"), {"result": "'/'"}),
    ("a magic works without its percent sign", ("%cd -q /", "pwd"), {"result": "'/'"}),
    ("a variable hides the magic of its name", ("pwd = 5", "pwd"), {"result": "5"}),
    (
        "a script runs by magic",
        ("%%writefile s.py\nv = 9", "%run s.py", "v"),
        {"result": "9"},
    ),
    (
        "future imports hold in later cells",
        ("from __future__ import annotations", "def q(a: Undefined): ...\nq.__annotations__"),
        {"result": "{'a': 'Undefined'}"},
    ),
    (
        "a warning shows the user's line",
        ("import warnings\nwarnings.warn('careful')",),
        {"stderr": "<cell 1>:2: UserWarning: careful\n  warnings.warn('careful')\n"},
    ),
    (
        "a warning is shown again in another cell",
        ("warnings.warn('again')", "warnings.warn('again')"),
        {"stderr": "<cell 2>:1: UserWarning: again\n  warnings.warn('again')\n"},
    ),
    (
        "deprecations in the user's code are shown",
        ("warnings.warn('old', DeprecationWarning)",),
        {"stderr": "<cell 1>:1: DeprecationWarning: old\n  warnings.warn('old', DeprecationWarning)\n"},
    ),
    ("logging writes to standard error", ("import logging\nlogging.warning('w')",), {"stderr": "WARNING:root:w\n"}),
    ("classes of a cell can be pickled", ("import pickle\nclass P:\n    a = 1\npickle.loads(pickle.dumps(P())).a",), {"result": "1"}),
    (
        "string annotations of a cell's class are resolved",
        ("import typing\nfrom dataclasses import dataclass\n@dataclass\nclass D:\n    other: 'P'\ntyping.get_type_hints(D)['other'] is P",),
        {"result": "True"},
    ),
    (
        "the source of a function is found",
        ("def g():\n    return 'src'", "import inspect; print(inspect.getsource(g), end='')"),
        {"stdout": "def g():\n    return 'src'\n"},
    ),
    ("the source of a class is found", ("class C:\n    a = 1", "print(inspect.getsource(C), end='')"), {"stdout": "class C:\n    a = 1\n"}),
    ("a module written to the workspace can be imported", ("%%writefile made.py\nvalue = 3", "import made; made.value"), {"result": "3"}),
    ("sys.argv is that of a bare interpreter", ("sys.argv",), {"result": "['']"}),
    ("the workspace comes first on sys.path", ("sys.path[0] == workspace",), {"result": "True"}),
    ("standard input is empty", ("sys.stdin.read()",), {"result": "''"}),
    (
        "help prints",
        ("help(divmod)",),
        {
            "stdout": "Help on built-in function divmod in module builtins:\n\n"
            "divmod(x, y, /)\n    Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.\n\n"
        },
    ),
    (
        "sys.exit ends the cell with its code",
        ("print('before')\nsys.exit(3)\nprint('after')",),
        {"status": "exit", "exit_code": 3, "stdout": "before\n"},
    ),
    ("exit() without a code is 0", ("exit()",), {"status": "exit", "exit_code": 0}),
    ("quit(code) keeps the code", ("quit(4)",), {"status": "exit", "exit_code": 4}),
    ("an exit text goes to standard error and is 1", ("raise SystemExit('bye')",), {"status": "exit", "exit_code": 1, "stderr": "bye\n"}),
    ("an exit after await keeps its code", ("sys.exit(await asyncio.sleep(0, 5))",), {"status": "exit", "exit_code": 5}),
    ("state stays after an exit", ("stays = 1\nsys.exit()", "stays"), {"result": "1"}),
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    workspace = tmp_path_factory.mktemp("workspace")
    with ShellProcess(workspace) as process:
        process.run(f"import sys, os, inspect, asyncio, warnings\nworkspace = {str(workspace)!r}")
        yield process


@pytest.mark.parametrize(("cells", "shown"), [pytest.param(cells, shown, id=name) for name, cells, shown in ROWS])
def test_a_cell_shows(shell: ShellProcess, cells: tuple[str, ...], shown: dict[str, object]) -> None:
    shell.run("%cd -q $workspace")
    assert shell.run_all(*cells).shown == shown


def test_ten_megabytes_of_output_arrive_whole(shell: ShellProcess) -> None:
    assert shell.run("print('x' * 10_000_000)").stdout == "x" * 10_000_000 + "\n"


def test_question_marks_print_the_documentation(shell: ShellProcess) -> None:
    ran = shell.run("len?")
    assert "Return the number of items in a container." in ran.stdout
    assert "\x1b" not in ran.stdout


def test_timeit_reports(shell: ShellProcess) -> None:
    assert "1 loop each" in shell.run("%timeit -n1 -r1 pass").stdout


def test_random_numbers_are_seeded_anew_after_the_start(tmp_path: Path) -> None:
    drawn = set()
    for _ in range(2):
        with ShellProcess(tmp_path, before="import random, numpy.random; random.seed(1); numpy.random.seed(1)") as shell:
            drawn.add(shell.run("import random, numpy\nrandom.random()").text)
            drawn.add(shell.run("float(numpy.random.random())").text)
    assert len(drawn) == 4


def test_extensions_hear_of_cells(shell: ShellProcess) -> None:
    shell.run(
        "heard = []\n"
        "def before(info): heard.append(info.raw_cell)\n"
        "def after(result): heard.append(result.error_in_exec)\n"
        "events = get_ipython().events\n"
        "events.register('pre_run_cell', before); events.register('post_run_cell', after);"
    )
    shell.run("1 / 0")
    ran = shell.run("events.unregister('pre_run_cell', before); events.unregister('post_run_cell', after)\nheard")
    assert ran.text.startswith("['1 / 0',\n ZeroDivisionError('division by zero'),\n")


def test_a_listener_that_raises_is_reported_and_the_cell_runs(shell: ShellProcess) -> None:
    shell.run("def broken(info): raise ValueError('listener')\nevents = get_ipython().events\nevents.register('pre_run_cell', broken)")
    ran = shell.run("'ran'")
    shell.run("events.unregister('pre_run_cell', broken)")
    assert ran.text == "'ran'"
    assert "ValueError: listener" in ran.stderr
