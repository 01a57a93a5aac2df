"""An observation beside the recorded one, and the class of a difference: pairs written by us, and what is to be said of them."""

import pytest

from codeact.bench.recorded.comparing import verdict
from codeact.bench.recorded.reasons import RULES, UNEXPLAINED, Evidence, explain
from codeact.bench.recorded.record import CUT, NOTHING
from codeact.bench.recorded.seen import Seen
from codeact.bench.recorded.source import bound_in, parses_in, reads

DASHES = "-" * 75
FRAMES = "Cell In[1], line 2\n      1 def f():\n----> 2     g()\n\n"


def raised(name: str, message: str, frames: str = FRAMES) -> str:
    """A traceback as IPython writes it."""
    return f"{DASHES}\n{name}    Traceback (most recent call last)\n{frames}{name}: {message}"


NAME_ERROR = Seen(error="NameError", message="name 'g' is not defined", status="error")


@pytest.mark.parametrize(
    ("seen", "text", "said"),
    [
        (Seen(stdout="3\n"), "3", "equal"),
        (Seen(stdout="3\n"), "4", "different"),
        (Seen(stdout="a \n\nb\n"), "a\nb", "formatting"),
        (Seen(), NOTHING, "formatting"),
        (Seen(stdout="3\n"), NOTHING, "different"),
        (Seen(value="3"), "Out[2]: 3", "formatting"),
        (Seen(stdout="x\n", value="[1,\n 2]"), "x\nOut[12]: \n[1,\n 2]", "formatting"),
        (Seen(value="4"), "Out[2]: 3", "different"),
        (Seen(stdout="3\n", stderr="a warning"), "3", "formatting"),
        (Seen(stdout="3\n", figures=1), "3", "formatting"),
        (NAME_ERROR, raised("NameError", "name 'g' is not defined"), "formatting"),
        (NAME_ERROR, raised("NameError", "name 'h' is not defined"), "different"),
        (NAME_ERROR, "x\n" + raised("NameError", "name 'g' is not defined"), "different"),
        (NAME_ERROR, raised("NameError", "", "Cell In[1]" * 150)[:1900] + CUT, "formatting"),
        (NAME_ERROR, raised("KeyError", "", "Cell In[1]" * 150)[:1900] + CUT, "different"),
        (Seen(stdout="ab" * 2000), "ab" * 1000 + CUT, "formatting"),
        (Seen(stdout="ab" * 2000), "ac" * 1000 + CUT, "different"),
        (
            Seen(error="ValueError", message="no", status="error"),
            raised("TypeError", "yes") + "\n\nDuring handling of the above exception, another exception occurred:\n\n"
            "ValueError   Traceback (most recent call last)\nCell In[1], line 2\n\nValueError: no",
            "formatting",
        ),
        (
            Seen(error="SyntaxError", message="invalid syntax (<cell 3>, line 1)", status="error"),
            "  Cell In[3], line 1\n    x = = 2\n        ^\nSyntaxError: invalid syntax",
            "formatting",
        ),
        (
            Seen(error="SyntaxError", message="too many blocks (<cell 1>, line 24)", status="error"),
            "File <string>\nSyntaxError: too many blocks",
            "formatting",
        ),
        (
            Seen(error="ImportError", message="cannot import name 'b' from 'a' (/x/a.py)", status="error"),
            raised("ImportError", "cannot import name 'b' from 'a' (/y/z/a.py)"),
            "formatting",
        ),
        (Seen(error="KeyboardInterrupt", status="timeout"), raised("TimeoutError", "Timed out after 30 seconds."), "formatting"),
        (Seen(stdout="3\n"), raised("TimeoutError", "Timed out after 30 seconds."), "different"),
    ],
)
def test_only_what_is_layout_may_differ(seen: Seen, text: str, said: str) -> None:
    assert verdict(seen, text) == said


def error(name: str, message: str) -> Seen:
    """One of ours that raised."""
    return Seen(error=name, message=message, status="error")


CASES: list[tuple[str, Evidence]] = [
    ("needs the web: the record has no text", Evidence("f()", Seen(), "x", missed=("Ada",))),
    ("needs the web: the text of a search is that of another run", Evidence("f()", Seen(), "x", borrowed=("Ada",))),
    (
        "needs the web: a search failed there",
        Evidence("wikipedia_search('a')", error("RuntimeError", "busy"), raised("TooBusy", "busy")),
    ),
    (
        "other words for the same exception: tools",
        Evidence(
            "use(1, 2)",
            error("TypeError", "use() takes 1 positional argument but 2 were given"),
            raised("TypeError", "__call__() takes 2 positional arguments but 3 were given"),
        ),
    ),
    ("follows from an earlier difference: seconds", Evidence("look()", Seen(stdout="1"), "2", first="seconds")),
    ("differs by itself: two runs", Evidence("f()", Seen(stdout="1"), "2", again=Seen(stdout="3"))),
    ("needs the web: no network", Evidence("f()", error("URLError", "<urlopen error [Errno -3]>"), "x")),
    ("shell lines and magics", Evidence("!pip install x", Seen(stdout="a"), "b")),
    ("seconds: stopped at 30 s here", Evidence("f()", Seen(status="timeout"), "3")),
    ("seconds: stopped at 30 s there", Evidence("f()", Seen(stdout="3"), raised("TimeoutError", "Timed out after 30 seconds."))),
    ("limits: memory here", Evidence("f()", Seen(status="memory"), "3")),
    ("package not installed here: nltk", Evidence("import nltk.x", error("ModuleNotFoundError", "No module named 'nltk.x'"), "3")),
    ("package not installed there: nltk", Evidence("import nltk", Seen(), raised("ModuleNotFoundError", "No module named 'nltk'"))),
    (
        "Python 3.8 there: other words for an error of syntax",
        Evidence(
            "x = 5k", error("SyntaxError", "invalid decimal literal"), "  Cell In[1], line 1\n    x = 5k\nSyntaxError: invalid syntax"
        ),
    ),
    (
        "Python 3.8 there: its grammar",
        Evidence("match x:\n    case 1: y", Seen(), "  Cell In[1], line 1\n    match x:\nSyntaxError: invalid syntax"),
    ),
    (
        "version of math: a name that it does not have there",
        Evidence("math.lcm(1)", Seen(), raised("AttributeError", "module 'math' has no attribute 'lcm'")),
    ),
    (
        "version of sympy: a name that it does not have here",
        Evidence("f()", error("ImportError", "cannot import name 'x' from 'sympy'"), "3"),
    ),
    ("Python 3.8 there: builtin types take no", Evidence("list[int]", Seen(), raised("TypeError", "'type' object is not subscriptable"))),
    (
        "Python 3.8 there: no limit on the digits",
        Evidence("2**99999", error("ValueError", "Exceeds the limit for integer string conversion"), "3"),
    ),
    ("other arguments of a function", Evidence("gcd(1)", Seen(stdout="1"), raised("TypeError", "gcd expected 2 arguments, got 1"))),
    ("input(): there is no console", Evidence("input()", error("EOFError", "x"), raised("StdinNotImplementedError", "no input requests"))),
    ("shared process there: a name", Evidence("f(1)", error("NameError", "name 'f' is not defined"), "3")),
    ("shared process there: the recursion limit", Evidence("f()", Seen(), "Setting recursion limit is disabled")),
    ("Python 3.8 there: recursion", Evidence("f()", error("RecursionError", "deep"), raised("RecursionError", "deeper"))),
    (
        "other words",
        Evidence("f()", error("TypeError", "f() needs a real number, not 'list'"), raised("TypeError", "f() wants a number, not 'list'")),
    ),
    ("floating point", Evidence("x", Seen(stdout="0.30000000000000004"), "0.3")),
    ("a figure", Evidence("plt.plot([1])", Seen(figures=1, value="[<L>]"), "Out[1]: [<matplotlib.lines.Line2D at 0x7f>]")),
    ("differs by itself: memory addresses", Evidence("x", Seen(value="<f at 0x7f00aa>"), "Out[1]: <f at 0x7f11bbccdd>")),
    ("differs by itself: random", Evidence("random.random()", Seen(stdout="1"), "2", again=Seen(stdout="3"))),
    ("differs by itself: the time", Evidence("time.time()", Seen(stdout="1"), "2", again=Seen(stdout="3"))),
    ("differs by itself: order of a set", Evidence("{1, 2}", Seen(stdout="{'a', 'b'}"), "{'b', 'a'}")),
    ("differs by itself: order of a set", Evidence("list(set('ab'))[0]", Seen(stdout="a"), "b", again=Seen(stdout="b"))),
    (
        "version of numpy: another exception",
        Evidence(
            "import numpy",
            error("UFuncTypeError", "cannot cast"),
            raised("TypeError", "no loop", "File /usr/dist-packages/numpy/linalg.py:5\n\n"),
        ),
    ),
    (
        "tools check the types",
        Evidence("goto(1)", error("TypeError", "goto() argument 'place' (str): should be a valid string, got 1 (int)"), "Nothing."),
    ),
    (
        "Python 3.8 there: what stands above",
        Evidence(
            "go()\nbreak",
            error("SyntaxError", "'break' outside loop"),
            "Gone.\n  Cell In[1], line 2\n    break\n    ^\nSyntaxError: 'break' outside loop",
        ),
    ),
    (
        "version of numpy: the same numbers",
        Evidence("import numpy", Seen(stdout="Result(a=[6., 1.])"), "([6., 1.])", before="import sympy"),
    ),
    ("version of numpy: numbers", Evidence("x", Seen(value="np.float64(2.5)"), "Out[1]: 2.5")),
    ("version of sympy: the same terms", Evidence("import sympy", Seen(stdout="a + bc"), "bc+ a")),
    ("follows from an earlier difference: seconds", Evidence("print(x)", Seen(stdout="1"), "2", earlier={"x": "seconds"})),
]


@pytest.mark.parametrize(("name", "evidence"), CASES, ids=[name for name, _ in CASES])
def test_a_class_is_told_from_its_evidence(name: str, evidence: Evidence) -> None:
    assert explain(evidence).startswith(name)


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("print(2 + 2)", Seen(stdout="4"), "5"),
        Evidence("print(2 + 2)", Seen(stdout="4"), "5", again=Seen(stdout="4")),
        Evidence("import random\nprint(2 + 2)", Seen(stdout="4"), "5", again=Seen(stdout="4")),
        Evidence("import sympy\nprint(2 + 2)", Seen(stdout="4"), "5"),
        Evidence("assert f() == 3, f()", error("AssertionError", "f gave 4"), raised("AssertionError", "f gave 5")),
        Evidence("g()", error("NameError", "name 'g' is not defined"), raised("NameError", "name 'h' is not defined")),
        Evidence("y = 1\nprint(y)", Seen(stdout="1"), "2", earlier={"x": "seconds"}),
        Evidence("print(0.3)", Seen(stdout="0.3"), "0.31"),
        Evidence("print([1, 2])", Seen(stdout="[1, 2]"), "[1, 2, 2]"),
        Evidence("f()", Seen(), raised("ValueError", "no")),
    ],
    ids=lambda evidence: evidence.code,
)
def test_without_evidence_a_difference_is_unexplained(evidence: Evidence) -> None:
    assert explain(evidence) == UNEXPLAINED


def test_every_rule_has_a_case() -> None:
    assert {next(rule for rule in RULES if rule(evidence)) for _, evidence in CASES} == set(RULES)


def test_names_that_code_binds_and_reads() -> None:
    source = "import a.b as c, d.e\nfrom f import (g)\nx = y\ndef h(k):\n    return k\nfor i in z: pass"
    assert bound_in(source) == {"c", "d", "g", "x", "h", "k", "i"}
    assert {"y", "z"} <= set(reads(source)) and "x" not in reads(source)


@pytest.mark.parametrize("source", ["def (", "x = 5k\ny = 2", "(" * 10_000, "a\0b"])
def test_code_that_does_not_parse_has_names_too(source: str) -> None:
    assert bound_in(source) <= {"x", "y"}
    assert set(reads(source)) <= {"def", "x", "k", "y", "a", "b"}
    assert not parses_in(source, (3, 8))
