"""Server-sent events are read however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.client.sse import Reader, Sent

STREAM = (
    "\ufeff: a comment\n\n"
    'id: 0\nevent: model_turn\ndata: {"text": "ein \u2028 Bruch\u0085, kein Ende"}\n\n'
    "event: ping\n\n"
    ": ping\r\n\r\n"
    "data: one\r\ndata:two\r\ndata\r\n\r\n"
    "id: 7\rdata:  spaced\rretry: 5\r\r"
    "nothing: known\nid\ndata: last\n\n"
    "data: not whole\n"
).encode()

EXPECTED = [
    Sent("model_turn", '{"text": "ein \u2028 Bruch\u0085, kein Ende"}', "0"),
    Sent("message", "one\ntwo\n"),
    Sent("message", " spaced", "7"),
    Sent("message", "last", ""),
]


def read(chunks: list[bytes]) -> list[Sent]:
    reader = Reader()
    return [sent for chunk in chunks for sent in reader.feed(chunk)]


def test_events_are_read_with_comments_many_lines_of_data_and_every_end_of_line() -> None:
    assert read([STREAM]) == EXPECTED


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_the_same_events_come_out_wherever_the_bytes_are_cut(cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(STREAM)]
    assert read([STREAM[begin:end] for begin, end in pairwise(at)]) == EXPECTED


def test_the_same_events_come_out_byte_by_byte() -> None:
    assert read([STREAM[n : n + 1] for n in range(len(STREAM))]) == EXPECTED


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_an_event_comes_out_with_the_line_that_ends_it_and_no_later(end: bytes) -> None:
    reader = Reader()
    assert list(reader.feed(b"data: x" + end)) == []
    assert list(reader.feed(end)) == [Sent("message", "x")]
