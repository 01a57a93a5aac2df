"""Typed answers: what a model writes is read leniently, and refused precisely."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from codeact.agent.answers import AnswerType
from codeact.errors import FormatError, InputError


class City(BaseModel):
    """A city."""

    name: str
    people: int = Field(ge=0)


@dataclass
class Point:
    """A point."""

    x: float
    y: float


READ = [
    (int, "42", 42),
    (int, " 42\n", 42),
    (int, "-7", -7),
    (float, "2.5", 2.5),
    (float, "1e3", 1000.0),
    (bool, "true", True),
    (bool, "True", True),
    (bool, "no", False),
    (str, "42", "42"),
    (str, '"quoted"', '"quoted"'),
    (list[int], "[1, 2]", [1, 2]),
    (list[str], "['a', 'b']", ["a", "b"]),
    (tuple[int, int], "(1, 2)", (1, 2)),
    (set[int], "{1, 2}", {1, 2}),
    (dict[str, int], '```json\n{"a": 1}\n```', {"a": 1}),
    (int | None, "null", None),
    (int | None, "None", None),
    (Literal["apple", "pear"], "pear", "pear"),
    (City, '{"name": "Oslo", "people": 700000}', City(name="Oslo", people=700000)),
    (Point, "{'x': 1, 'y': 2.5}", Point(1.0, 2.5)),
    (Any, "plain", "plain"),
    (None, "free text", None),
]


@pytest.mark.parametrize(("wanted", "text", "value"), READ, ids=[f"{wanted} {text!r}" for wanted, text, _ in READ])
def test_an_answer_is_read_as_json_as_it_is_or_as_a_python_literal(wanted: Any, text: str, value: Any) -> None:
    read = AnswerType(wanted).read(text)
    assert (read, type(read)) == (value, type(value))


REFUSED = [
    (int, "about 42", "'about 42' was not accepted: Input should be a valid integer"),
    (int, "42.5", "Input should be a valid integer"),
    (int, "", "Input should be a valid integer"),
    (list[int], "1, x", "was not accepted"),
    (list[int], "[1, 'x']", "1: Input should be a valid integer"),
    (City, '{"name": "Oslo"}', "people: Field required"),
    (City, '{"name": "Oslo", "people": -1}', "people: Input should be greater than or equal to 0"),
    (Literal["apple", "pear"], "plum", "Input should be 'apple' or 'pear'"),
    (int, "\ud800", "was not accepted"),
    (list[int], "[" * 5000, "was not accepted"),
    (int, "x" * 500, "x..."),
]


@pytest.mark.parametrize(("wanted", "text", "words"), REFUSED, ids=[f"{wanted} {text[:20]!r}" for wanted, text, _ in REFUSED])
def test_another_answer_is_refused_with_the_fault_and_what_is_wanted(wanted: Any, text: str, words: str) -> None:
    kind = AnswerType(wanted)
    with pytest.raises(FormatError) as caught:
        kind.read(text)
    assert words in caught.value.feedback
    assert caught.value.feedback.endswith(f"Give {kind.phrase}.")
    assert len(caught.value.feedback) < 1000


def test_the_faults_that_are_told_are_few() -> None:
    with pytest.raises(FormatError, match="and 7 more"):
        AnswerType(list[int]).read(str(["x"] * 10))


@pytest.mark.parametrize(("wanted", "words"), [(int, "a whole number"), (bool, "true or false"), (str, ""), (None, ""), (City, '"people"')])
def test_the_model_is_told_the_type_in_words_or_as_a_schema(wanted: Any, words: str) -> None:
    phrase = AnswerType(wanted).phrase
    assert words in phrase
    assert bool(phrase) == bool(words)


def test_a_value_is_stored_as_json() -> None:
    kind = AnswerType(City)
    assert kind.stored(kind.read('{"name": "Oslo", "people": 1}')) == {"name": "Oslo", "people": 1}
    assert AnswerType(set[int]).stored({1}) == [1]
    assert AnswerType(None).stored(None) is None


def test_a_type_that_pydantic_does_not_know_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be validated"):
        AnswerType(InputError)
