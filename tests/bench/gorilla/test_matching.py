"""When calls are the right ones."""

from typing import Any

import pytest

from codeact.bench.calling import Made
from codeact.bench.suites.gorilla.matching import fits, mismatch

RIGHT: dict[str, Any] = {
    "geo.area": {
        "width": [2.0],
        "unit": ["m", ""],
        "tags": [["a", "b"], ""],
        "where": [{"city": ["Oslo", "Oslo, Norway"], "zip": [1, ""]}, ""],
    }
}


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"width": 2.0}, True),
        ({"width": 2}, True),  # an int for a float
        ({"width": True}, False),
        ({"width": "2"}, False),
        ({"width": 2.5}, False),
        ({}, False),
        ({"width": 2, "unit": "M."}, True),  # texts: case and some signs do not count
        ({"width": 2, "unit": "km"}, False),
        ({"width": 2, "unit": None}, False),
        ({"width": 2, "tags": ("a", "B")}, True),
        ({"width": 2, "tags": ["b", "a"]}, False),
        ({"width": 2, "tags": ["a"]}, False),
        ({"width": 2, "where": {"city": "oslo norway"}}, True),
        ({"width": 2, "where": {"city": "Oslo", "zip": 1}}, True),
        ({"width": 2, "where": {"city": "Oslo", "zip": 2}}, False),
        ({"width": 2, "where": {"zip": 1}}, False),
        ({"width": 2, "where": {"city": "Oslo", "street": "Main"}}, False),
        ({"width": 2, "colour": "red"}, False),
    ],
)
def test_each_argument_has_to_be_one_of_those_that_will_do(given: dict[str, Any], right: bool) -> None:
    assert fits(Made("geo_area", given), RIGHT) is right


def test_another_function_does_not_fit() -> None:
    assert not fits(Made("area", {"width": 2.0}), RIGHT)


def calls(*numbers: int) -> list[Made]:
    return [Made("f", {"n": number}) for number in numbers]


def test_the_order_of_calls_does_not_count_and_each_has_a_partner_of_its_own() -> None:
    one, either = {"f": {"n": [1]}}, {"f": {"n": [1, 2]}}
    assert mismatch(calls(1, 2), [either, one]) == ""  # the first takes its partner from the second
    assert mismatch(calls(2, 1), [either, one]) == ""
    assert mismatch(calls(1, 1), [either, one]) == ""
    assert "f was called with {'n': 2}" in mismatch(calls(2, 2), [either, one])
    assert mismatch(calls(1), [either, one]) == "1 calls were made, not 2"
    assert mismatch(calls(1, 1, 2), [either, one]) == "3 calls were made, not 2"
    assert mismatch([], []) == ""
