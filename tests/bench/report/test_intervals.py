"""Intervals hold the truth as often as they say, tests find what is there and no more, and both agree with scipy where it has them."""

import itertools
import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from codeact.bench.report import intervals

ONE, NONE = Fraction(1), Fraction(0)


def once(successes: int, tasks: int) -> list[tuple[int, int]]:
    return [(int(task < successes), 1) for task in range(tasks)]


@pytest.mark.parametrize(("successes", "tasks"), [(0, 10), (1, 10), (7, 10), (10, 10), (41, 82), (1, 1)])
def test_with_one_attempt_a_task_the_interval_is_wilsons(successes: int, tasks: int) -> None:
    wanted = stats.binomtest(successes, tasks).proportion_ci(method="wilson")
    found = intervals.rate(once(successes, tasks))
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=2e-6)
    assert found.method == intervals.WILSON


def test_attempts_that_only_repeat_a_task_make_the_interval_no_narrower() -> None:
    single = intervals.rate(once(30, 60))
    repeated = intervals.rate([(5 * success, 5) for success, _ in once(30, 60)])
    assert (repeated.low, repeated.high) == (single.low, single.high)
    assert repeated.method == intervals.WILSON_BY_TASK


def test_attempts_that_have_nothing_to_do_with_their_task_count_for_almost_all() -> None:
    chance = random.Random(5)
    counts = [(sum(chance.random() < 0.5 for _ in range(4)), 4) for _ in range(200)]
    found = intervals.rate(counts)
    wanted = stats.binomtest(sum(s for s, _ in counts), 800).proportion_ci(method="wilson")
    assert found.high - found.low == pytest.approx(wanted.high - wanted.low, rel=0.12)


@pytest.mark.parametrize("successes", [0, 3])
def test_where_all_or_none_succeed_the_interval_is_that_of_the_tasks(successes: int) -> None:
    found = intervals.rate([(successes, 3)] * 20)
    low, high = intervals.wilson(successes / 3, 20)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert found.low < found.high


@pytest.mark.parametrize(("tasks", "repeats", "shape"), [(10, 3, (2, 2)), (30, 3, (0.3, 3)), (82, 1, (2, 1)), (82, 5, (0.5, 0.5))])
def test_the_interval_of_a_rate_holds_the_truth_about_as_often_as_it_says(tasks: int, repeats: int, shape: tuple[float, float]) -> None:
    chance, truth, held, rounds = np.random.default_rng(11), shape[0] / sum(shape), 0, 400
    for _ in range(rounds):
        successes = chance.binomial(repeats, chance.beta(*shape, tasks))
        found = intervals.rate([(int(each), repeats) for each in successes])
        held += found.low <= truth <= found.high
    assert 0.92 <= held / rounds <= 0.985


def test_the_interval_of_a_difference_holds_the_truth_about_as_often_as_it_says() -> None:
    chance, held, rounds = np.random.default_rng(12), 0, 80
    for _ in range(rounds):
        likely = chance.uniform(0.1, 0.7, 50)
        first = [Fraction(int(each), 3) for each in chance.binomial(3, likely + 0.2)]
        second = [Fraction(int(each), 3) for each in chance.binomial(3, likely)]
        found = intervals.difference(first, second, rates=True)
        held += found.low <= 0.2 <= found.high
    assert 0.88 <= held / rounds <= 0.99


def test_a_difference_that_is_the_same_in_every_task_has_an_interval_all_the_same() -> None:
    found = intervals.difference([ONE] * 12, [ONE] * 12, rates=True)
    assert (found.value, found.method) == (0.0, intervals.SQUARE_AND_ADD)
    assert found.low == -found.high < 0
    apart = intervals.difference([ONE] * 12, [NONE] * 12, rates=True)
    assert 0.5 < apart.low < apart.high == apart.value == 1.0


def test_the_mean_of_values_lies_in_its_interval_which_is_the_same_each_time() -> None:
    values = [random.Random(3).uniform(1, 10) for _ in range(40)]
    first, second = intervals.mean(values), intervals.mean(values)
    assert first == second
    assert first.low <= first.value <= first.high


@pytest.mark.parametrize(("better", "worse", "p"), [(10, 2, 0.038574), (0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125)])
def test_mcnemar_gives_the_known_values(better: int, worse: int, p: float) -> None:
    first = [ONE] * better + [NONE] * worse + [ONE] * 3
    second = [NONE] * better + [ONE] * worse + [ONE] * 3
    found = intervals.mcnemar(first, second)
    assert (found.p, found.better, found.worse) == (p, better, worse)
    assert intervals.sign_flip(first, second).p == p  # which McNemar's test is, of ones and zeros


@pytest.mark.parametrize("seed", range(6))
def test_the_sign_flip_test_counts_every_choice_of_signs(seed: int) -> None:
    chance = random.Random(seed)
    first = [Fraction(chance.randrange(4), chance.choice((2, 3))) for _ in range(9)]
    second = [Fraction(chance.randrange(4), 3) for _ in range(9)]
    differences = [a - b for a, b in zip(first, second, strict=True)]
    sums = [
        sum(sign * each for sign, each in zip(signs, differences, strict=True))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    wanted = sum(abs(each) >= abs(sum(differences)) for each in sums) / len(sums)
    assert intervals.sign_flip(first, second).p == pytest.approx(wanted, abs=1e-6)


def test_the_sign_flip_test_agrees_with_scipys() -> None:
    first = [Fraction(each, 3) for each in (3, 2, 3, 1, 2, 3, 0, 3, 2, 2)]
    second = [Fraction(each, 3) for each in (1, 2, 1, 1, 0, 2, 1, 1, 2, 0)]

    def mean(values: Sequence[float], axis: int) -> object:
        return np.mean(values, axis=axis)

    differences = [float(a - b) for a, b in zip(first, second, strict=True)]
    wanted = stats.permutation_test((differences,), mean, permutation_type="samples", n_resamples=10_000, vectorized=True)
    assert intervals.sign_flip(first, second).p == pytest.approx(wanted.pvalue, abs=1e-6)


def test_a_test_finds_a_difference_that_is_there_and_rarely_one_that_is_not() -> None:
    chance, found, false, rounds = np.random.default_rng(13), 0, 0, 150
    for _ in range(rounds):
        likely = chance.uniform(0.2, 0.6, 82)
        first, same, more = ([Fraction(int(each), 3) for each in chance.binomial(3, rate)] for rate in (likely, likely, likely + 0.2))
        false += intervals.sign_flip(first, same).p < 0.05
        found += intervals.sign_flip(more, first).p < 0.05
    assert false / rounds <= 0.1
    assert found / rounds >= 0.9


def test_large_samples_are_counted_exactly_too() -> None:
    chance = random.Random(8)
    first = [Fraction(chance.randrange(30), 3) for _ in range(1500)]
    second = [value - Fraction(chance.choice((-1, 0, 1, 1)), 3) for value in first]
    assert intervals.sign_flip(first, second).p < 1e-6
    assert intervals.sign_flip(first, list(first)).p == 1.0


def test_several_tests_together_are_adjusted_as_holm_does() -> None:
    assert intervals.holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]
    assert intervals.holm([0.5, 0.9]) == [1.0, 1.0]
    assert intervals.holm([]) == []
