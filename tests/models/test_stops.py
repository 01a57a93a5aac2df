"""Stop strings in whole and in streamed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.models.stops import StopFilter, cut


@pytest.mark.parametrize(
    ("text", "stop", "expected"),
    [
        ("abc", (), ("abc", None)),
        ("abc", ("",), ("abc", None)),
        ("abc", ("c", "b"), ("a", "b")),
        ("abcd", ("b", "bc"), ("a", "bc")),
    ],
)
def test_a_text_is_cut_before_the_first_and_there_the_longest_stop_string(
    text: str, stop: tuple[str, ...], expected: tuple[str, str | None]
) -> None:
    assert cut(text, stop) == expected


def test_the_start_of_a_stop_string_is_held_back_until_it_is_clear() -> None:
    stops = StopFilter(["</end>"])
    assert stops.feed("one </e") == "one "
    assert stops.feed("xit> two <") == "</exit> two "
    assert stops.feed("/end> three") == ""
    assert stops.stopped_by == "</end>"
    assert stops.feed("four") == ""
    assert stops.finish() == ""


def test_what_was_held_back_comes_out_at_the_end() -> None:
    stops = StopFilter(["</end>"])
    assert stops.feed("a < b </en") + stops.finish() == "a < b </en"
    assert stops.stopped_by is None


@given(text=st.text(alphabet="ab<", max_size=40), word=st.text(alphabet="ab<", min_size=1, max_size=4), sizes=st.lists(st.integers(1, 5)))
def test_however_a_text_is_cut_into_pieces_the_outcome_is_that_of_the_whole(text: str, word: str, sizes: list[int]) -> None:
    stops, out, rest = StopFilter([word]), "", text
    for size in sizes:
        out += stops.feed(rest[:size])
        rest = rest[size:]
    out += stops.feed(rest)
    out += stops.finish()
    assert (out, stops.stopped_by) == cut(text, [word])
