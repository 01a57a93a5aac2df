"""Awkward cells that are nobody's attack: what a good notebook does."""

from codeact.events import DisplayOutput, Limits, Observation, ResultOutput
from sandbox.awkward.case import LIMITS, Case, raised, value

_MEGABYTE_CELL = "x = '" + "y" * (1 << 20) + "'\nlen(x)"
_SMALL_OUTPUT = LIMITS.model_copy(update={"output_chars": 1000})


def _has(mime: str, part: str = "", place: type = ResultOutput):
    """A check: a display or result with the type, holding the part."""

    def check(seen: Observation) -> bool:
        found = [output.data for output in seen.outputs if isinstance(output, place)]  # pyright: ignore[reportAttributeAccessIssue] -- place has data
        return any(mime in data and part in data[mime] for data in found)

    return check


def _changed(seen: Observation) -> set[tuple[str, str]]:
    return {(file.path, file.change) for file in seen.files}


def _only_user_frames(seen: Observation) -> bool:
    assert seen.error is not None
    text = seen.error.traceback
    return "1/0" in text and "line 2" in text and not any(word in text for word in ("site-packages", "guest", "IPython", "exec("))


_DISPLAYED = "from IPython.display import *\n"
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_IMAGE = f"import base64; png = base64.b64decode({_PNG!r})\n"

NOTEBOOK = (
    Case("a value", "6 * 7", check=lambda seen: seen.result == "42" and not seen.stdout),
    Case("an empty cell", "", check=lambda seen: seen.outputs == ()),
    Case("a comment only", "# nothing to do", check=lambda seen: seen.outputs == ()),
    Case("white space only", "\n   \n\t\n", check=lambda seen: seen.outputs == ()),
    Case("a cell of 1 MB", _MEGABYTE_CELL, check=lambda seen: seen.result == str(1 << 20)),
    Case(
        "both streams",
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
        check=lambda seen: seen.stdout == "one\nthree\n" and seen.stderr == "two\n",
    ),
    Case(
        "both streams kept when the cell fails",
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nraise ValueError('no')",
        "error",
        lambda seen: seen.stdout == "out\n" and seen.stderr == "err\n" and seen.error is not None,
    ),
    Case("a traceback of the user's lines", "def f():\n    return 1/0\nf()", "error", _only_user_frames),
    Case(
        "a traceback through a library",
        "import json\njson.loads('{')",
        "error",
        raised("JSONDecodeError", "json.loads('{')"),
    ),
    Case("HTML", _DISPLAYED + "HTML('<b>x</b>')", check=_has("text/html", "<b>x</b>")),
    Case("a data frame as HTML", "import pandas as pd\npd.DataFrame({'a': [1]})", check=_has("text/html", "<table")),
    Case("PNG", _DISPLAYED + _IMAGE + "display(Image(png)); None", check=_has("image/png", "iVBORw0KGgo", DisplayOutput)),
    Case("SVG", _DISPLAYED + "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')", check=_has("image/svg+xml", "<svg")),
    Case("JSON", _DISPLAYED + "JSON({'a': [1]})", check=_has("application/json", '"a"')),
    Case("LaTeX", _DISPLAYED + "Latex('$x^2$')", check=_has("text/latex", "x^2")),
    Case("Markdown", _DISPLAYED + "Markdown('*x*')", check=_has("text/markdown", "*x*")),
    Case(
        "displays and text in order",
        "print('a'); display(1); print('b')",
        check=lambda seen: [output.type for output in seen.outputs] == ["stream", "display", "stream"],
    ),
    Case(
        "a figure without show()",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        check=_has("image/png", "iVBORw0KGgo", DisplayOutput),
    ),
    Case("input()", "input('name? ')", "error", raised("EOFError", "keyboard")),
    Case("breakpoint()", "breakpoint()", "error", raised("", "nobody is at the keyboard")),
    Case("%debug", "%debug", setup="try:\n    1/0\nexcept ZeroDivisionError:\n    pass", check=lambda seen: not seen.state_lost),
    Case(
        "files created, changed, deleted",
        "import os\nopen('new.txt', 'w').write('abc')\nopen('old.txt', 'a').write('more')\nos.remove('gone.txt')",
        check=lambda seen: _changed(seen) == {("new.txt", "created"), ("old.txt", "modified"), ("gone.txt", "deleted")},
        setup="for name in ('old.txt', 'gone.txt'):\n    open(name, 'w').write('x')",
    ),
    Case(
        "files with odd names",
        "import os\nfor name in ('a b', 'new\\nline', '-rf', 'é', b'\\xff\\xfe'.decode('utf-8', 'surrogateescape'), 'x' * 250):\n"
        "    open(name, 'w').close()",
        check=lambda seen: len(seen.files) == 6 and ("a b", "created") in _changed(seen),
    ),
    Case(
        "links, FIFOs and sockets are no files",
        "import os, socket\nos.symlink('/etc/passwd', 'link'); os.mkfifo('pipe'); os.symlink('.', 'loop')\n"
        "s = socket.socket(socket.AF_UNIX); s.bind('sock'); open('real', 'w').close()",
        check=lambda seen: _changed(seen) == {("real", "created")},
    ),
    Case(
        "10,000 files",
        "for number in range(10_000):\n    open(f'{number}.txt', 'w').close()",
        check=lambda seen: 0 < len(seen.files) <= 100,
    ),
    Case(
        "output beyond the cap is cut in the middle, with a count",
        "print('start' + 'x' * 400_000 + 'end')",
        check=lambda seen: (
            seen.stdout.startswith("start") and seen.stdout.endswith("end\n") and "bytes left out" in seen.stdout and seen.full_output
        ),
        limits=_SMALL_OUTPUT,
    ),
    Case(
        "the whole output can be read by the next cell",
        "len(open('output-1.txt').read())",
        check=value("400001"),
        setup="print('x' * 400_000)",
        limits=_SMALL_OUTPUT,
    ),
    Case("top-level await", "import asyncio\nawait asyncio.sleep(0.01, 'awaited')", check=value("'awaited'")),
    Case(
        "a task left over goes on in the next await",
        "await asyncio.sleep(0.05); task.result()",
        check=value("'done'"),
        setup="import asyncio\ntask = asyncio.create_task(asyncio.sleep(0.01, 'done'))\nawait asyncio.sleep(0)",
    ),
    Case("asyncio.run", "import asyncio\nasync def f():\n    return 5\nasyncio.run(f())", check=value("5")),
    Case("a shell command", "!echo hello; echo bad >&2", check=lambda seen: seen.stdout == "hello\n" and seen.stderr == "bad\n"),
    Case("a shell command's lines", "lines = !echo a; echo b\nlist(lines)", check=value("['a', 'b']")),
    Case("%timeit", "%timeit -n 10 -r 2 sum(range(10))", check=lambda seen: "loops each" in seen.stdout),
    Case("%%bash", "%%bash\necho from bash", check=lambda seen: seen.stdout == "from bash\n"),
    Case("an unknown magic", "%nothing_like_it", "error", raised("", "nothing_like_it")),
    Case(
        "a pool of processes",
        "import multiprocessing as m\ndef double(x):\n    return 2 * x\nwith m.Pool(2) as pool:\n    print(pool.map(double, [1, 2, 3]))",
        check=lambda seen: seen.stdout == "[2, 4, 6]\n",
    ),
    Case(
        "a child's output",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(5)']).returncode",
        check=lambda seen: seen.stdout == "5\n" and seen.result == "0",
    ),
    Case(
        "a forked child that falls through",
        "import os\npid = os.fork()\nprint('in child' if pid == 0 else 'in parent', flush=True)\nif pid:\n    print(os.waitpid(pid, 0)[1])",
        check=lambda seen: seen.stdout.count("in child") == 1 and seen.stdout.count("in parent") == 1,
    ),
    Case(
        "a thread that ends in the cell",
        "import threading\nt = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()",
        check=lambda seen: seen.stdout == "from a thread\n",
    ),
    Case(
        "a daemon thread that prints after the end is heard in the next action",
        "ready.set(); thread.join(); None",
        check=lambda seen: seen.stdout == "late\n",
        setup="import threading\nready = threading.Event()\n"
        "thread = threading.Thread(target=lambda: (ready.wait(), print('late')), daemon=True); thread.start()",
    ),
    Case(
        "what a subprocess writes between two actions is heard",
        "child.wait()",
        check=lambda seen: "late" in seen.stdout and seen.result == "0",
        setup="import subprocess\nchild = subprocess.Popen(['sh', '-c', 'sleep 0.1; echo late'])",
    ),
    Case(
        "a thread that raises",
        "import threading\ndef f():\n    1/0\nt = threading.Thread(target=f); t.start(); t.join()",
        check=lambda seen: "ZeroDivisionError" in seen.stderr and seen.error is None,
    ),
    Case("a warning", "import warnings\nwarnings.warn('careful')", check=lambda seen: "UserWarning: careful" in seen.stderr),
    Case("a syntax error", "x = (1,\ny = 2", "error", raised("SyntaxError", "line 1")),
    Case("an indentation error", "if True:\nx = 1", "error", raised("IndentationError")),
    Case("unicode identifiers", "größe, 数 = 1, 2\nøl = größe + 数\nøl", check=value("3")),
    Case("a surrogate printed", "print('a\\ud800b')", check=lambda seen: seen.stdout == "a\\ud800b\n"),
    Case("a surrogate in an error", "raise ValueError('a\\ud800b')", "error", raised("ValueError")),
    Case("a NUL in the code", "x = '\0'", "error", raised("", "null")),
    Case(
        "an exception group",
        "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
        "error",
        raised("", "TypeError: 2"),
    ),
    Case(
        "a chain of exceptions",
        "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
        "error",
        raised("", "direct cause"),
    ),
    Case("an assertion", "assert 1 == 2, 'not equal'", "error", raised("", "not equal")),
    Case("a deep recursion", "def f(n):\n    return f(n + 1)\nf(0)", "error", raised("RecursionError")),
    Case(
        "no limit on output",
        "print('x' * 100)",
        check=lambda seen: len(seen.stdout) == 101,
        limits=Limits(action_seconds=None, memory_mb=None, processes=None, disk_mb=None, file_mb=None),
    ),
)
