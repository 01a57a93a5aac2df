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


PEOPLE = "people = [{'name': 'Ann', 'age': 41}]\n"
FRAME = "import pandas as pd\ndf = pd.DataFrame({'city': ['Oslo'], 'Price': [3]})\n"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("stock = {'apple': 3, 'pear': 4}\nstock['plum']", "The keys are: 'apple', 'pear'"),
        (PEOPLE + "for person in people:\n    print(person['years'])", "The keys are: 'name', 'age'"),
        (PEOPLE + "people[0]['years']", "The keys are: 'name', 'age'"),
        (PEOPLE + "sum(each['years'] for each in people)", "The keys are: 'name', 'age'"),
        (PEOPLE + "def f(one):\n    return one[\n        'years'\n    ]\nf(people[0])", "The keys are: 'name', 'age'"),
        ("é = {'ü': 1}\nprint('naïve', é['u'])", "The keys are: 'ü'"),
        ("stock = {'a': 1}\ndel stock['b']", "The keys are: 'a'"),
        ("stock = {'a': 1}\nstock['b'] += 1", "The keys are: 'a'"),
        ("stock = {'a': 1}\nstock.pop('b')", "The keys are: 'a'"),
        ("stock = {}\nstock['b']", "There are no keys."),
        ("class A: pass\na = A()\na.stock = {(1, 'x'): 2}\na.stock[1]", "The keys are: (1, 'x')"),
        ("many = {f'n{n}': n for n in range(300)} | {'average': 0}\nmany['averge']", "Some of the 301 keys are: 'average', 'n0', "),
        (FRAME + "df['price'].sum()", "The columns are: 'city', 'Price'"),
        (FRAME + "df[['city', 'price']]", "The columns are: 'city', 'Price'"),
        (FRAME + "df.groupby('town')['Price'].sum()", "The columns are: 'city', 'Price'"),
        (FRAME + "for _, row in df.iterrows():\n    row['price']", "The labels are: 'city', 'Price'"),
    ],
)
def test_a_key_that_is_not_there_is_answered_with_those_that_are(shell: ShellProcess, cell: str, told: str) -> None:
    ran = shell.run_all(cell)
    assert ran.error is not None
    assert ran.error[0] == "KeyError"
    name, last = ran.traceback.splitlines()[-2:]
    assert name.startswith("KeyError: ")
    assert last.startswith(told)
    assert len(last) < 500


@pytest.mark.parametrize(
    "cell",
    [
        "raise KeyError('x')",
        "stock = {'x': 1}\ndef get(stock, name):\n    raise KeyError(name)\nget(stock, 'y')",
        "def make():\n    print('made')\n    return {'a': 1}\nmake()['b']",
        "class Loud(dict):\n    def __missing__(self, key):\n        raise KeyError('in all')\nLoud(a=1)['b']",
        "class Bad:\n    def __repr__(self):\n        raise ValueError\n    def __hash__(self):\n        return 1\nd = {Bad(): 1}\nd['b']",
        "import os\nos.environ['NOT_THERE']",
        "%time {}['k']",
    ],
)
def test_nothing_is_added_where_the_keys_are_not_known(shell: ShellProcess, cell: str) -> None:
    ran = shell.run_all(cell)
    assert ran.traceback.splitlines()[-1].startswith("KeyError: ")
    assert ran.stdout.count("made") <= 1


def test_no_code_of_the_users_is_run_to_find_the_keys(shell: ShellProcess) -> None:
    ran = shell.run_all(
        "class A:\n    @property\n    def stock(self):\n        print('asked')\n        return {'x': 1}\n"
        "    def __getitem__(self, key):\n        print('asked')\n        return {'x': 1}\n"
        "a = A()\ntry:\n    a.stock['y']\nexcept KeyError:\n    pass\na['z']['y']"
    )
    assert ran.stdout.count("asked") == 2
    assert ran.traceback.endswith("KeyError: 'y'\n")


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
