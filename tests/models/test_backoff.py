"""Waits between tries are bounded and random."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from codeact.models.backoff import Backoff, retry_after


def test_waits_are_random_below_a_doubling_bound_and_end_with_the_tries() -> None:
    seen: list[list[float]] = []
    for _ in range(200):
        waits = Backoff(tries=4, first=1.0, most=3.0).waits()
        row = [waits.next() for _ in range(4)]
        assert row[3] is None
        seen.append([wait for wait in row if wait is not None])
    for place, bound in enumerate((1.0, 2.0, 3.0)):
        column = [row[place] for row in seen]
        assert 0 <= min(column) < bound / 4
        assert bound * 3 / 4 < max(column) <= bound


def test_what_the_server_asks_for_is_respected_up_to_the_longest_wait() -> None:
    waits = Backoff(tries=9, most=8.0, total=20.0).waits()
    assert waits.next(3.0) == 3.0
    assert waits.next(145.0) == 8.0
    assert waits.next(307.0) == 8.0
    assert waits.next(1.5) is None, "the sum of waits is bounded too"


def test_a_single_try_never_waits() -> None:
    assert Backoff(tries=1).waits().next() is None


@pytest.mark.parametrize(("header", "seconds"), [(None, None), ("", None), ("2", 2.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None)])
def test_retry_after_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_retry_after_is_read_as_a_date() -> None:
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True))
    assert soon is not None
    assert 90 < soon <= 100
    assert retry_after(format_datetime(datetime.now(UTC) - timedelta(seconds=100))) == 0.0
