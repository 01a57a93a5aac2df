"""Cells that write too much, write what is not text, or break what they write with."""

from codeact.events import Observation
from sandbox.awkward.case import LIMITS, Case, raised

_WIDE = LIMITS.model_copy(update={"memory_mb": 1024})
_RAW = "import os\n"


def _bounded(seen: Observation) -> bool:
    """Little enough is kept of each stream for any host."""
    return sum(len(text) for text in (seen.stdout, seen.stderr, seen.result or "")) < 2_000_000


def _small(text: str):
    return lambda seen: _bounded(seen) and text in seen.stdout + seen.stderr + (seen.result or "")


FLOODS = (
    Case(
        "100 MB to stdout",
        "for _ in range(100):\n    print('x' * (1 << 20))",
        check=lambda seen: _bounded(seen) and seen.output_bytes > 100 << 20,
    ),
    Case(
        "100 MB past Python's own stream",
        _RAW + "block = b'x' * (1 << 20)\nfor _ in range(100):\n    left = len(block)\n    while left: left -= os.write(1, block[:left])",
        check=lambda seen: _bounded(seen) and seen.output_bytes == 100 << 20,
    ),
    Case(
        "200,000 lines",
        "import sys\nsys.stdout.write(''.join(f'{n}\\n' for n in range(200_000)))\nNone",
        check=lambda seen: _bounded(seen) and seen.stdout.startswith("0\n1\n") and seen.stdout.endswith("199999\n"),
    ),
    Case(
        "a flood on both streams at once",
        "import sys\nfor _ in range(5000):\n    print('o' * 100); print('e' * 100, file=sys.stderr)",
        check=_small("oooo"),
    ),
    Case("a flood of children", "!for i in 1 2 3 4; do (yes zzzz | head -c 5000000) & done; wait", check=_small("zzzz")),
    Case("an endless flood", "while True: print('x' * 1000)", "timeout", _bounded, seconds=0.5),
    Case("an endless flood of a child", "!yes", "timeout", _small("y\ny\n"), seconds=0.5),
    Case(
        "10,000 displays",
        "for n in range(10_000): display(n)",
        check=lambda seen: len(seen.displays) <= 50 and "10000 displays" in seen.stderr,
        seconds=60,
    ),
    Case(
        "a display of 100 MB",
        "from IPython.display import HTML\nHTML('x' * (100 << 20))",
        check=lambda seen: not seen.state_lost and _bounded(seen),
        limits=_WIDE,
    ),
    Case("a result of 100 MB", "'x' * (100 << 20)", check=_bounded, limits=_WIDE),
    Case("a repr of 100 MB", "class A:\n    def __repr__(self): return 'x' * (100 << 20)\nA()", check=_bounded, limits=_WIDE),
    Case(
        "an error of 100 MB",
        "raise ValueError('x' * (100 << 20))",
        "error",
        lambda seen: seen.error is not None and len(seen.error.traceback) + len(seen.error.message) < 4_000_000,
        limits=_WIDE,
    ),
    Case("a list of a million", "list(range(10**6))", check=_bounded),
    Case("a list in itself", "x = []; x.append(x); x", check=lambda seen: "..." in str(seen.result)),
    Case(
        "a repr without end",
        "class A:\n    def __repr__(self): return repr(self)\nA()",
        "error",
        raised("RecursionError"),
    ),
    Case(
        "a repr that raises",
        "class A:\n    def __repr__(self): raise ValueError('no repr')\nA()",
        "error",
        raised("", "no repr"),
    ),
    Case(
        "a str that raises in an error",
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "error",
        raised("E"),
    ),
    Case("a repr that leaves", "class A:\n    def __repr__(self): raise SystemExit(3)\nA()", "exit", lambda seen: seen.exit_code == 3),
    Case("a repr that is no text", "class A:\n    def __repr__(self): return 5\nA()", "error", raised("TypeError")),
    Case(
        "all bytes to stdout",
        _RAW + "os.write(1, bytes(range(256)) * 100); None",
        check=lambda seen: seen.output_bytes == 25600 and "\ufffd" in seen.stdout,
    ),
    Case(
        "invalid UTF-8",
        _RAW + "os.write(1, b'a\\xc3'); os.write(1, b'\\xa9 \\xed\\xa0\\x80 \\xff z'); None",
        check=lambda seen: seen.stdout.startswith("aé ") and seen.stdout.endswith(" \ufffd z"),
    ),
    Case("NUL bytes", "print('a\\0b')", check=lambda seen: seen.stdout == "a\0b\n"),
    Case(
        "terminal escapes are data here",
        "print('\\x1b[2J\\x1b]0;title\\x07')",
        check=lambda seen: seen.stdout == "\x1b[2J\x1b]0;title\x07\n",
    ),
    Case("carriage returns", "print('50%\\r100%')", check=lambda seen: seen.stdout == "50%\r100%\n"),
    Case("stdout closed", "import sys\nsys.stdout.close()\nprint('lost')", "error", raised("ValueError")),
    Case("after stdout was closed", "print('heard')", setup="import sys\nsys.stdout.close()", check=lambda seen: seen.stdout == "heard\n"),
    Case(
        "after stdout was replaced",
        "print('heard')",
        setup="import io, sys\nsys.stdout = io.StringIO()\nprint('unheard')",
        check=lambda seen: seen.stdout == "heard\n",
    ),
    Case(
        "after stdout was None",
        "print('heard')",
        setup="import sys\nsys.stdout = sys.stderr = None",
        check=lambda seen: seen.stdout == "heard\n",
    ),
    Case("after descriptor 1 was closed", "print('heard')", setup="import os\nos.close(1)", check=lambda seen: seen.stdout == "heard\n"),
    Case(
        "after descriptor 1 was another file",
        "print('heard')",
        setup="import os\nos.dup2(os.open('x', os.O_CREAT | os.O_WRONLY), 1)",
        check=lambda seen: seen.stdout == "heard\n",
    ),
    Case("all descriptors closed", "import os\nos.closerange(0, 1024)", "crash", lambda seen: seen.exit_code == 1),
)
