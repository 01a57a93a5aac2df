"""Calls as Python: what is written is read back, and what is no call of literals is told apart."""

import ast
import math
import re

import pytest
from hypothesis import given, settings

from codeact.errors import FormatError, InputError
from codeact.events import ToolSpec
from codeact.formats import calls
from codeact.protocols import Call
from formats.random_calls import CALLS

TOOLS = (
    ToolSpec(name="find", signature="find(place: str) -> list"),
    ToolSpec(name="now", signature="async now() -> str"),
    ToolSpec(name="max", signature="max(*args: float) -> float"),
    ToolSpec(name="search", signature="search(text: str) -> list", module="github"),
    ToolSpec(name="get_issue", signature="async get_issue(number: int) -> dict", module="github"),
    ToolSpec(name="get_issue", signature="async get_issue(number: int) -> dict", module="gitlab"),
)


@settings(max_examples=200)
@given(CALLS)
def test_a_call_is_read_back_as_it_was_written(call: Call) -> None:
    written = calls.expression(call)
    assert isinstance(ast.parse(written, mode="eval").body, ast.Call)
    assert calls.read(written) == call


def test_what_is_not_finite_is_read_back_too() -> None:
    call = calls.read(calls.expression(Call("f", (math.inf, -math.inf), {"x": [math.nan]})))
    assert call.args == (math.inf, -math.inf)
    assert math.isnan(call.kwargs["x"][0])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call("f"), "f()"),
        (Call("f", (1, "a, 'b'"), {"n": None}), "f(1, \"a, 'b'\", n=None)"),
        (Call("f", (), {"from": "A", "to": "B", "max-size": 1}), "f(to='B', **{'from': 'A', 'max-size': 1})"),
        (Call("f", (), {"ﬁ": 1}), "f(**{'ﬁ': 1})"),
        (Call("f", ((1, 2),)), "f([1, 2])"),
    ],
)
def test_a_call_as_python(call: Call, code: str) -> None:
    assert calls.expression(call) == code


@pytest.mark.parametrize("value", [b"x", {1, 2}, {1: 2}, object, 1j])
def test_an_argument_that_is_no_json_value_is_an_error(value: object) -> None:
    with pytest.raises(InputError, match="is no JSON value"):
        calls.expression(Call("f", (value,)))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call("find", ("A",)), "find('A')"),
        (Call("now"), "await now()"),
        (Call("max", (1, 2)), "max(1, 2)"),
        (Call("search", ("x",)), "import tools.github\ntools.github.search('x')"),
        (Call("github.search", ("x",)), "import tools.github\ntools.github.search('x')"),
        (Call("tools.github.get-issue", (), {"number": 1}), "import tools.github\nawait tools.github.get_issue(number=1)"),
        (Call("tools.search", ("x",)), "import tools\ntools.search('x')"),
        (Call("fnd", ("A",)), "fnd('A')"),
        (Call("exec", ("1",)), "raise NameError(\"name 'exec' is not defined\")"),
        (Call("min", (1, 2)), "raise NameError(\"name 'min' is not defined\")"),
        (Call("find.pop", (1,)), "raise NameError(\"name 'find.pop' is not defined. Did you mean: 'find'?\")"),
        (Call("__import__", ("os",)), "raise NameError(\"name '__import__' is not defined\")"),
        (Call("get_ipython"), "raise NameError(\"name 'get_ipython' is not defined\")"),
        (Call("a b'); exec('1", ()), 'raise NameError("name \\"a b\'); exec(\'1\\" is not defined")'),
    ],
)
def test_the_code_of_a_call_awaits_imports_and_reaches_tools_only(call: Call, code: str) -> None:
    written = calls.source(call, TOOLS)
    if "exec('1" in call.tool:
        (statement,) = ast.parse(written).body
        assert isinstance(statement, ast.Raise)
    else:
        assert written == code


def test_a_name_that_is_in_several_modules_has_to_be_written_whole() -> None:
    written = calls.source(Call("get_issue", (1,)), TOOLS)
    assert written.startswith("raise NameError(")
    assert "github.get_issue, gitlab.get_issue" in written


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("f", Call("f")),
        ("f ( )", Call("f")),
        ("await f(1)", Call("f", (1,))),
        ("get-weather('x')", Call("get-weather", ("x",))),
        ("f((1, 2), {3})", Call("f", ([1, 2], [3]))),
        ("f({1: 'a', None: 2, True: 3})", Call("f", ({"1": "a", "null": 2, "true": 3},))),
        ("f(true, false, null, NaN == 1)", None),
        ("f(x=true, y=null)", Call("f", (), {"x": True, "y": None})),
        ("f(-1, +2.5, -Infinity)", Call("f", (-1, 2.5, -math.inf))),
        ("f(*[1, 2], **{'a b': 3})", Call("f", (1, 2), {"a b": 3})),
        ("f(from='A', class=1)", Call("f", (), {"from": "A", "class": 1})),
        ("f(1,  # one\n  2)", Call("f", (1, 2))),
        (r"f('\ud83d\ude00')", Call("f", ("😀",))),
        (r"f('\d')", Call("f", ("\\d",))),
        ("f('a' 'b')", Call("f", ("ab",))),
    ],
)
def test_a_call_is_understood(text: str, call: Call | None) -> None:
    if call is None:
        with pytest.raises(FormatError):
            calls.read(text)
    else:
        assert calls.read(text) == call


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a call of a tool"),
        ("x = f(1)", "is not a call of a tool"),
        ("f(1).y", "is more than a call"),
        ("f(1)(2)", "is more than a call"),
        ("f(1) + 2", "is more than a call"),
        ("f(A)", "A is not a value: text stands in quotes"),
        ("f(g(1))", "g(1) is a call inside a call"),
        ("f(2 * 3)", "2 * 3 is not a value: write it out"),
        ("f(f'{x}')", "is not a value"),
        ("f([x for x in y])", "is not a value"),
        ("f(b'x')", "without the b"),
        ("f(...)", "is not a value"),
        ("f(1j)", "is not a value"),
        ("f({[1]: 2})", "cannot be the key"),
        ("f(*1)", "behind * must stand a list"),
        ("f(**[1])", "behind ** must stand an object"),
        ("f(a=1, a=2)", "'a' is there twice"),
        ("f(a=1, **{'a': 2})", "'a' is there twice"),
        ("f(1 2)", "at >>> in: f(>>>1 2)"),
        ("f('it's')", "unterminated string literal (detected at line 1), at >>> in: f('it's>>>')"),
        ("f(2023-01-01)", "at >>> in: f(2023->>>01-01)"),
        ("f(" + "[" * 60 + "]" * 60 + ")", "more than 50 deep"),
        ("f(" + "[" * 5000, "too many nested parentheses"),
        ("f(1" + "0" * 5000 + ")", "f("),
        ("f('\0')", "null bytes, at >>> in: >>>f("),
    ],
)
def test_what_is_no_call_is_told_apart_and_the_part_at_fault_is_named(text: str, words: str) -> None:
    with pytest.raises(FormatError, match=re.escape(words)):
        calls.read(text)
