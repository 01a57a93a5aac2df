"""Tracebacks of the guest shell: the user's lines and numbers, in CPython's shape, and nobody else's frames."""

from collections.abc import Iterator

import pytest

from sandbox.shell.driver import ShellProcess

ROWS: list[tuple[str, tuple[str, ...], str]] = [
    (
        "an error shows line, source and place",
        ("a = 1\nb = a / 0",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    b = a / 0
        ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a function of an earlier cell shows that cell's source",
        ("def f(n):\n    return 1 / n", "# another cell\nf(0)"),
        """\
Traceback (most recent call last):
  File "<cell 2>", line 2, in <module>
    f(0)
  File "<cell 1>", line 2, in f
    return 1 / n
           ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a syntax error shows the caret",
        ("x = 1\ny = = 2",),
        """\
  File "<cell 1>", line 2
    y = = 2
        ^
SyntaxError: invalid syntax
""",
    ),
    (
        "a syntax error below a magic has the cell's line number",
        ("import os\n%cd -q .\nz = = 3",),
        """\
  File "<cell 1>", line 3
    z = = 3
        ^
SyntaxError: invalid syntax
""",
    ),
    (
        "a wrong name is answered with the one that was meant",
        ("counter = 1\ncouter + 1",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    couter + 1
    ^^^^^^
NameError: name 'couter' is not defined. Did you mean: 'counter'?
""",
    ),
    (
        "a wrong attribute is answered with the one that was meant",
        ("import math\nmath.sqroot(2)",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    math.sqroot(2)
    ^^^^^^^^^^^
AttributeError: module 'math' has no attribute 'sqroot'. Did you mean: 'sqrt'?
""",
    ),
    (
        "an open bracket is named",
        ("x = (1,\ny = 2",),
        """\
  File "<cell 1>", line 1
    x = (1,
        ^
SyntaxError: '(' was never closed
""",
    ),
    (
        "a return outside a function shows its line",
        ("x = 1\nreturn x",),
        """\
  File "<cell 1>", line 2
    return x
    ^^^^^^^^
SyntaxError: 'return' outside function
""",
    ),
    (
        "a failing line magic shows the line as it was written",
        ("x = 1\n%nosuch 5",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    %nosuch 5
IPython.core.error.UsageError: Line magic function `%nosuch` not found.
""",
    ),
    (
        "an error within a captured cell comes through",
        ("%%capture\nx = 1\n1 / 0",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 1, in <module>
    %%capture
  File "<cell 1.1>", line 2, in <module>
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a cause is shown first",
        ("try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('no k') from e",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    {}['k']
    ~~^^^^^
KeyError: 'k'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "<cell 1>", line 4, in <module>
    raise ValueError('no k') from e
ValueError: no k
""",
    ),
    (
        "an error during handling is told so",
        ("try:\n    raise ValueError(1)\nexcept ValueError:\n    raise TypeError(2)",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 2, in <module>
    raise ValueError(1)
ValueError: 1

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "<cell 1>", line 4, in <module>
    raise TypeError(2)
TypeError: 2
""",
    ),
    (
        "a suppressed context is not shown",
        ("try:\n    raise ValueError(1)\nexcept ValueError:\n    raise TypeError(2) from None",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 4, in <module>
    raise TypeError(2) from None
TypeError: 2
""",
    ),
    (
        "an exception group shows its parts",
        (
            "def part():\n    raise ValueError('p')\ntry:\n    part()\n"
            "except ValueError as e:\n    raise ExceptionGroup('g', [e]) from None",
        ),
        """\
  + Exception Group Traceback (most recent call last):
  |   File "<cell 1>", line 6, in <module>
  |     raise ExceptionGroup('g', [e]) from None
  | ExceptionGroup: g (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "<cell 1>", line 4, in <module>
    |     part()
    |   File "<cell 1>", line 2, in part
    |     raise ValueError('p')
    | ValueError: p
    +------------------------------------
""",
    ),
    (
        "a note is shown",
        ("error = ValueError('v')\nerror.add_note('look here')\nraise error",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 3, in <module>
    raise error
ValueError: v
look here
""",
    ),
    (
        "an exception that cannot be printed is named",
        ("class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 3, in <module>
    raise Mute
Mute: <exception str() failed>
""",
    ),
    (
        "code run by exec shows its line below the user's",
        ("exec('1 / 0')",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 1, in <module>
    exec('1 / 0')
  File "<string>", line 1, in <module>
ZeroDivisionError: division by zero
""",
    ),
    (
        "a module of the workspace is the user's",
        ("open('own.py', 'w').write('import json\\ndef h():\\n    return 1 / 0\\n');", "import own\nown.h()"),
        """\
Traceback (most recent call last):
  File "<cell 2>", line 2, in <module>
    own.h()
  File "WORKSPACE/own.py", line 3, in h
    return 1 / 0
           ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a module that fails to load shows no import machinery",
        ("open('bad.py', 'w').write('x = 1\\n1 / 0\\n');", "import bad"),
        """\
Traceback (most recent call last):
  File "<cell 2>", line 1, in <module>
    import bad
  File "WORKSPACE/bad.py", line 2, in <module>
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a missing module shows one line of the user's",
        ("import no_such_module",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 1, in <module>
    import no_such_module
ModuleNotFoundError: No module named 'no_such_module'
""",
    ),
    (
        "an error in a coroutine shows no event loop",
        ("import asyncio\nasync def co():\n    await asyncio.sleep(0)\n    1 / 0\nawait co()",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 5, in <module>
    await co()
  File "<cell 1>", line 4, in co
    1 / 0
    ~~^~~
ZeroDivisionError: division by zero
""",
    ),
    (
        "a repeated line is counted",
        ("def r(n):\n    return 0 if not n else 1 / 0 if n == 1 else r(n - 1)\nr(10)",),
        """\
Traceback (most recent call last):
  File "<cell 1>", line 3, in <module>
    r(10)
  File "<cell 1>", line 2, in r
    return 0 if not n else 1 / 0 if n == 1 else r(n - 1)
                                                ^^^^^^^^
  File "<cell 1>", line 2, in r
    return 0 if not n else 1 / 0 if n == 1 else r(n - 1)
                                                ^^^^^^^^
  File "<cell 1>", line 2, in r
    return 0 if not n else 1 / 0 if n == 1 else r(n - 1)
                                                ^^^^^^^^
  [Previous line repeated 7 more times]
ZeroDivisionError: division by zero
""",
    ),
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    with ShellProcess(tmp_path_factory.mktemp("workspace")) as process:
        yield process


@pytest.mark.parametrize(("cells", "text"), [pytest.param(cells, text, id=name) for name, cells, text in ROWS])
def test_a_traceback_reads(shell: ShellProcess, cells: tuple[str, ...], text: str) -> None:
    ran = shell.run_all(*cells)
    assert ran.shown == {"status": "error", "traceback": text}


def test_name_and_message_come_apart(shell: ShellProcess) -> None:
    ran = shell.run("raise ValueError('the message')")
    assert ran.error is not None
    assert ran.error[:2] == ("ValueError", "the message")


def test_output_before_an_error_is_kept(shell: ShellProcess) -> None:
    assert shell.run("print('kept')\n1 / 0").stdout == "kept\n"


def test_library_frames_are_folded(shell: ShellProcess) -> None:
    lines = shell.run_all("import json\njson.loads('{')").traceback.splitlines()
    assert lines[1:4] == ['  File "<cell 1>", line 2, in <module>', "    json.loads('{')", "  [... 3 frames of json ...]"]
    assert lines[4].startswith("json.decoder.JSONDecodeError: ")


def test_library_frames_between_the_users_are_folded(shell: ShellProcess) -> None:
    ran = shell.run_all("import pandas as pd\ndef worker(v):\n    return 1 / v\npd.Series([0]).apply(worker)")
    lines = [line for line in ran.traceback.splitlines() if not line.startswith("    ")]
    assert lines[1] == '  File "<cell 1>", line 4, in <module>'
    assert lines[2].startswith("  [... ")
    assert lines[2].endswith(" frames of pandas ...]")
    assert lines[3:] == ['  File "<cell 1>", line 3, in worker', "ZeroDivisionError: division by zero"]


def test_compiled_parts_of_a_library_are_no_frames_of_the_users(shell: ShellProcess) -> None:
    ran = shell.run_all("import pandas as pd\npd.DataFrame({'a': [1]})['b']")
    assert ran.traceback.count(".pxi") + ran.traceback.count(".pyx") == 0
    assert ran.traceback.endswith("KeyError: 'b'\n")


def test_numpys_errors_need_no_frame_of_numpy(shell: ShellProcess) -> None:
    ran = shell.run_all("import numpy as np\nnp.zeros(3) + np.zeros(2)")
    assert ran.traceback.splitlines()[1:-1] == [
        '  File "<cell 1>", line 2, in <module>',
        "    np.zeros(3) + np.zeros(2)",
        "    ~~~~~~~~~~~~^~~~~~~~~~~~~",
    ]


def test_endless_recursion_is_folded(shell: ShellProcess) -> None:
    ran = shell.run("def r(n): return r(n + 1)\nr(0)")
    assert "[Previous line repeated 9" in ran.traceback
    assert len(ran.traceback) < 1000


def test_endless_mutual_recursion_is_folded(shell: ShellProcess) -> None:
    ran = shell.run("def a(n): return b(n)\ndef b(n): return a(n)\na(0)")
    assert " frames ...]" in ran.traceback
    assert len(ran.traceback) < 5000


def test_a_huge_message_is_cut(shell: ShellProcess) -> None:
    ran = shell.run("raise ValueError('x' * 3_000_000)")
    assert len(ran.traceback) < 1_000_100
    assert "characters left out" in ran.traceback


def test_an_error_in_a_thread_is_printed_with_the_users_line(shell: ShellProcess) -> None:
    ran = shell.run_all("import threading\ndef work():\n    1 / 0\nt = threading.Thread(target=work, name='mine')\nt.start()\nt.join()")
    assert ran.shown == {
        "stderr": (
            "Exception in thread mine:\nTraceback (most recent call last):\n"
            '  File "<cell 1>", line 3, in work\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n'
        )
    }
