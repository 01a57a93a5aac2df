"""Mistakes made of right actions: which kinds, and that each is what it is called."""

import ast
import random

import pytest

from codeact.data.faults import faults, wrong_call
from codeact.protocols import Call

CODE = """import math
prices = [get_price(item="apple"), get_price("pear")]
total = 0
for price in prices:
    total = total + 1.5
row = {"name": "x"}
words = "a b".strip().split()
print(math.sqrt((total + 2)))
"""


def kinds(code: str) -> dict[str, str]:
    """All mistakes of some code, by kind."""
    found: dict[str, str] = {}
    for seed in range(20):
        found |= {fault.kind: fault.code for fault in faults(code, random.Random(seed))}
    return found


@pytest.mark.parametrize(
    ("code", "kind", "wrong"),
    [
        ("import math\nprint(math.pi)", "missing import", "print(math.pi)"),
        ("total = 3\nprint(total)", "misspelt name", "total = 3\nprint(totals)"),
        ("x = [1]\nx.append(2)", "no such method", "x = [1]\nx.add(2)"),
        ('f("a")', "wrong argument name", 'f(input="a")'),
        ('f("a", 2)', "missing argument", 'f("a")'),
        ('row["name"]', "attribute for key", "row.name"),
        ('row["name"]', "wrong key", "row['names']"),
        ("print(x + 2)", "text for number", 'print(x + "2")'),
        ("x = 2\nprint(x)", "forgotten print", "x = 2\nresult = x"),
        ("print(abs(2))", "open bracket", "print(abs(2)"),
        ("for x in y:\n    z(x)", "missing colon", "for x in y\n    z(x)"),
        ("get_price(1)", "misspelt function", "getprice(1)"),
        ('é = "ü"; get_price(é)', "misspelt function", 'é = "ü"; getprice(é)'),
    ],
)
def test_each_kind_is_made_where_it_can_be(code: str, kind: str, wrong: str) -> None:
    assert kinds(code)[kind] == wrong


def test_the_same_chance_makes_the_same_mistakes() -> None:
    assert faults(CODE, random.Random(4)) == faults(CODE, random.Random(4))
    assert len(kinds(CODE)) >= 9


def test_code_that_does_not_parse_is_not_read_as_code() -> None:
    assert {fault.kind for fault in faults("for x in (1, 2):\nprint((1))\n(", random.Random(0))} <= {"missing colon", "open bracket"}


def test_most_mistakes_still_parse() -> None:
    for kind, wrong in kinds(CODE).items():
        if kind not in ("open bracket", "missing colon"):
            ast.parse(wrong)


@pytest.mark.parametrize("call", [Call("f"), Call("get_price", ("a",)), Call("f", (), {"x": 1}), Call("f", (1,), {"y": 2})])
def test_a_wrong_call_is_another_call(call: Call) -> None:
    assert all(wrong_call(call, random.Random(seed)) != call for seed in range(20))
