"""The budget counts and compares."""

import pytest

from codeact.agent.budget import Budget
from codeact.events import LimitHit, Limits, Usage

NONE = Limits(turns=None, action_seconds=None)


@pytest.mark.parametrize(
    ("limits", "hit"),
    [
        (NONE, None),
        (Limits(turns=3), None),
        (Limits(turns=2), LimitHit(name="turns", value=2)),
        (Limits(turns=1), LimitHit(name="turns", value=1)),
        (Limits(tokens=20), LimitHit(name="tokens", value=20)),
        (Limits(tokens=21), None),
        (Limits(cost=1.0), LimitHit(name="cost", value=1.0)),
        (Limits(cost=1.5), None),
        (Limits(seconds=0.0), LimitHit(name="seconds", value=0.0)),
        (Limits(seconds=3600.0), None),
        (Limits(turns=2, seconds=0.0), LimitHit(name="turns", value=2)),
    ],
)
def test_a_limit_is_reached_when_the_use_equals_it(limits: Limits, hit: LimitHit | None) -> None:
    budget = Budget(limits)
    for _ in range(2):
        budget.spend(Usage(output_tokens=10, cost=0.5))
    assert budget.reached() == hit


def test_no_time_is_left_after_the_limit_and_none_is_known_without_one() -> None:
    assert Budget(Limits(seconds=0.0)).seconds_left == 0.0
    assert Budget(NONE).seconds_left is None


def test_an_action_gets_the_runs_time_only_where_that_ends_before_its_own() -> None:
    assert Budget(NONE).seconds_for_action() is None
    assert Budget(Limits(seconds=3600.0, action_seconds=30.0)).seconds_for_action() is None
    assert Budget(Limits(seconds=0.0, action_seconds=30.0)).seconds_for_action() == 0.0
    left = Budget(Limits(seconds=3600.0, action_seconds=None)).seconds_for_action()
    assert left is not None
    assert 0.0 < left <= 3600.0


def test_a_turn_gets_what_the_run_has_left_of_tokens() -> None:
    budget = Budget(Limits(tokens=100))
    budget.spend(Usage(output_tokens=70))
    assert (budget.tokens_for_turn(20), budget.tokens_for_turn(50), Budget(NONE).tokens_for_turn(50)) == (20, 30, 50)


def test_patience_ends_with_the_last_malformed_turn_that_may_be() -> None:
    budget = Budget(Limits(malformed=2))
    ends = []
    for number in range(3):
        budget.malformed = number
        ends.append(budget.out_of_patience(0))
    assert ends == ["", "", "2 messages of the model in a row could not be used"]
    assert not Budget(Limits(malformed=0)).out_of_patience(0)


def test_patience_ends_with_the_last_repeated_failure_that_may_be() -> None:
    budget = Budget(Limits(repeats=2))
    reason = "the same action failed in the same way 3 times in a row"
    assert [budget.out_of_patience(repeats) for repeats in range(3)] == ["", "", reason]
    assert not Budget(Limits(repeats=0)).out_of_patience(0)
    assert not Budget(Limits(repeats=None)).out_of_patience(1000)
