"""What each check takes for right, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.bench.checks import check, close, literal, number, same
from codeact.bench.task import CHECKS, Tolerance
from codeact.errors import InputError

CENT = Tolerance(abs=0.005)

RIGHT = [
    ("exact", "plum", "plum"),
    ("exact", " plum\n", "plum"),
    ("exact", "'plum'", "plum"),
    ("exact", "plum.", "plum"),
    ("exact", "```\nplum\n```", "plum"),
    ("exact", "B", ["A", "B"]),
    ("exact", "42", 42),
    ("number", "68.71", 68.71),
    ("number", "$1,068.71", 1068.71),
    ("number", "-$5", -5),
    ("number", "\u22125", -5),
    ("number", "12.5%", 12.5),
    ("number", "1e3", 1000),
    ("number", "'42'", 42),
    ("number", "**42**", 42),
    ("number", ".5", 0.5),
    ("list", "[1, 2]", [1.0, 2.0]),
    ("list", "(1, 2)", [1, 2]),
    ("list", "1, 2", [1, 2]),
    ("list", "a\nb", ["a", "b"]),
    ("list", "['a', ['b', 1]]", ["a", ["b", 1]]),
    ("set", "['pear', 'apple']", ["apple", "pear"]),
    ("set", "{'pear', 'apple'}", ["apple", "pear"]),
    ("set", "pear, apple", ["apple", "pear"]),
    ("json", "{'b': 2, 'a': 1.0}", {"a": 1, "b": 2}),
    ("json", '{"a": [true, null]}', {"a": [True, None]}),
    ("json", "('x', 3)", ["x", 3]),
    ("json", "True", True),
    ("json", f"[{'9' * 400}]", [10**400 - 1]),
    ("regex", "abc-123", r"[a-z]+-\d+"),
    ("contains", "The answer is Paris.", "paris"),
    ("contains", "It is 42", ["forty-two", 42]),
]

WRONG = [
    ("exact", "plums", "plum"),
    ("exact", "the plum", "plum"),
    ("exact", "", "plum"),
    ("exact", "Plum", "plum"),
    ("number", "68", 68.71),
    ("number", "68.7", 68.71),
    ("number", "it is 68.71", 68.71),
    ("number", "1,2", 12),
    ("number", "", 0),
    ("number", "nan", 1),
    ("number", "inf", 1e308),
    ("number", "-", 0),
    ("number", "True", 1),
    ("list", "[2, 1]", [1, 2]),
    ("list", "[1]", [1, 2]),
    ("list", "[1, 2, 3]", [1, 2]),
    ("list", f"[{'9' * 400}]", [1]),
    ("set", f"[{'9' * 400}]", [10**400]),
    ("json", '{"a": -1%s}' % ("0" * 400), {"a": 1.5}),
    ("set", "['apple', 'apple']", ["apple", "pear"]),
    ("set", "['apple', 'pear', 'plum']", ["apple", "pear"]),
    ("json", "{'a': 1}", {"a": 1, "b": 2}),
    ("json", "1", True),
    ("json", "true", 1),
    ("json", "{'a': 1", {"a": 1}),
    ("regex", "abc-123 and more", r"[a-z]+-\d+"),
    ("contains", "I do not know", "no"),
    ("contains", "142", "42"),
]


@pytest.mark.parametrize(("name", "answer", "wanted"), RIGHT)
def test_a_right_answer_is_right(name: str, answer: str, wanted: object) -> None:
    assert check(name, answer, wanted, CENT).success  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "answer", "wanted"), WRONG)
def test_a_wrong_answer_is_wrong_and_the_reason_is_told(name: str, answer: str, wanted: object) -> None:
    score = check(name, answer, wanted, CENT)  # type: ignore[arg-type]
    assert not score.success
    assert score.value == 0
    assert score.reason


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("number", "5"), ("number", True), ("list", "a"), ("set", {"a": 1}), ("exact", None), ("exact", []), ("regex", "("), ("contains", {})],
)
def test_what_cannot_be_wanted_of_a_check_is_an_error_that_shows_it(name: str, wanted: object) -> None:
    with pytest.raises(InputError, match=f"the check '{name}' wants"):
        check(name, "x", wanted)  # type: ignore[arg-type]


@given(st.text(max_size=60), st.sampled_from(CHECKS))
def test_no_answer_breaks_a_check(answer: str, name: str) -> None:
    wanted = {"number": 5, "list": [1, "a"], "set": [1, "a"], "regex": "x+"}.get(name, "x")
    assert check(name, answer, wanted).success in (True, False)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_is_read_back_however_python_writes_it(value: float) -> None:
    assert number(repr(value)) == value
    assert close(value, value)


def test_an_answer_of_absurd_length_is_wrong_at_once() -> None:
    assert "characters" in check("list", "[" * 200_000, [1]).reason


def test_the_default_tolerance_is_relative_and_small() -> None:
    assert close(1_000_000.5, 1_000_000)
    assert not close(1_000_002, 1_000_000)
    assert not close(float("nan"), float("nan"))
    assert not close(float("inf"), 1.0)


def test_a_text_that_is_no_value_is_itself() -> None:
    assert literal("plum") == "plum"
    assert literal("[1, 'a']") == [1, "a"]
    assert same([1, "a "], (1.0, "a"))
