"""Intervals and tests for scores of which the task is the unit: attempts at one task are alike, and tell less than as many tasks would.

    success rate       Wilson's interval for an effective number of attempts, between the number of tasks and that of attempts
    mean, difference   bootstrap over tasks, with a fixed seed
    paired test        exact McNemar for one attempt a task; else exact sign flips of the tasks' differences

Invariant: the same numbers give the same result, on every machine; what has nothing that varies never gets an interval of no width for a
rate. It does not: know what the numbers stand for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist, fmean, variance
from typing import Any

from codeact import errors

LEVEL = 0.95
RESAMPLES = 10_000
SEED = 20240201
_CHUNK = 2_000_000
_DIGITS = 6

WILSON, WILSON_BY_TASK = "Wilson", "Wilson, effective attempts by task"
BOOTSTRAP, SQUARE_AND_ADD = "bootstrap over tasks", "Newcombe of two Wilson intervals"
MCNEMAR, SIGN_FLIP = "exact McNemar", "exact sign flips over tasks"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, and the 95% interval that it lies in by a method."""

    value: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided paired test: its name and its p; how many tasks were better and worse in the first of the two."""

    __test__ = False  # no test of pytest's

    name: str
    p: float
    better: int
    worse: int


def rate(counts: Sequence[tuple[int, int]]) -> Estimate:
    """A success rate with its interval.

    The variance between tasks tells how many independent attempts would be as good (Korn and Graubard 1998, with Wilson's interval in place
    of Clopper and Pearson's). With one attempt a task it is Wilson's own interval. A percentile bootstrap over 30 tasks holds the true rate
    in 91 to 94 of 100 cases, this in 94 to 95.

    Args:
        counts: of each task, its successes and attempts; there is at least one.
    """
    successes, attempts = sum(s for s, _ in counts), sum(n for _, n in counts)
    value, tasks = successes / attempts, len(counts)
    once = attempts == tasks
    low, high = wilson(value, float(tasks) if once else _effective(counts, value))
    return Estimate(_round(value), _round(low), _round(high), WILSON if once else WILSON_BY_TASK)


def wilson(value: float, attempts: float) -> tuple[float, float]:
    """Wilson's interval of a rate (Wilson 1927), for any number of attempts above 0.

    Args:
        value: the rate.
        attempts: of which it is the rate.
    """
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    below = 1 + z * z / attempts
    centre = (value + z * z / (2 * attempts)) / below
    half = z * math.sqrt(value * (1 - value) / attempts + z * z / (4 * attempts * attempts)) / below
    return max(0.0, centre - half), min(1.0, centre + half)


def mean(values: Sequence[float]) -> Estimate:
    """A mean with its interval.

    Args:
        values: one of each task; there is at least one.
    """
    low, high = _bootstrap(values)
    return Estimate(_round(fmean(values)), low, high, BOOTSTRAP)


def difference(first: Sequence[Fraction], second: Sequence[Fraction], *, rates: bool) -> Estimate:
    """The mean of what the first has more than the second, with its interval.

    Args:
        first, second: the mean of each task, in the same order; there is at least one.
        rates: they are success rates: where no task differs from another, the interval is that of two unpaired rates, and not empty.
    """
    differences = [a - b for a, b in zip(first, second, strict=True)]
    value = float(sum(differences, Fraction()) / len(differences))
    if rates and len(set(differences)) == 1:
        low, high = _square_and_add(float(sum(first)) / len(first), float(sum(second)) / len(second), len(first))
        return Estimate(_round(value), _round(low), _round(high), SQUARE_AND_ADD)
    low, high = _bootstrap([float(each) for each in differences])
    return Estimate(_round(value), low, high, BOOTSTRAP)


def mcnemar(first: Sequence[Fraction], second: Sequence[Fraction]) -> Test:
    """McNemar's exact test: among the tasks that only one of the two solves, either is as likely to.

    Args:
        first, second: 1 or 0 for each task, in the same order.

    Raises:
        MissingExtraError: `scipy` is not installed.
    """
    better, worse = _better(first, second)
    try:
        from scipy import stats
    except ImportError:
        raise errors.MissingExtraError("scipy", "bench", "the scores of a bench") from None
    p = float(stats.binomtest(better, better + worse, 0.5).pvalue) if better + worse else 1.0
    return Test(MCNEMAR, _round(min(p, 1.0)), better, worse)


def sign_flip(first: Sequence[Fraction], second: Sequence[Fraction]) -> Test:
    """Permutation test of paired means: were the two alike, the sign of each task's difference would be chance.

    All the ways to choose the signs are counted, not a sample of them: the differences are whole numbers of a common unit, so their sums
    are few.

    Args:
        first, second: the mean of each task, in the same order.
    """
    np = _numpy()
    differences = [a - b for a, b in zip(first, second, strict=True)]
    unit = math.lcm(*(each.denominator for each in differences))
    whole = [int(each * unit) for each in differences]
    common = math.gcd(*whole)
    better, worse = _better(first, second)
    if common == 0 or sum(whole) == 0:
        return Test(SIGN_FLIP, 1.0, better, worse)
    whole = [each // common for each in whole]
    total = sum(map(abs, whole))
    chance = np.zeros(total + 1)  # of each sum of those differences whose sign is positive
    chance[0] = 1.0
    for each in filter(None, map(abs, whole)):
        chance /= 2
        chance[each:] += chance[:-each].copy()
    p = 2 * float(chance[(total + abs(sum(whole))) // 2 :].sum())
    return Test(SIGN_FLIP, _round(min(p, 1.0)), better, worse)


def holm(chances: Sequence[float]) -> list[float]:
    """The p of several tests that are made together, each adjusted (Holm 1979): one below 0.05 may be called a finding.

    Args:
        chances: the p of each.
    """
    order = sorted(range(len(chances)), key=lambda index: chances[index])
    adjusted, most = [0.0] * len(chances), 0.0
    for rank, index in enumerate(order):
        most = max(most, min(1.0, chances[index] * (len(chances) - rank)))
        adjusted[index] = _round(most)
    return adjusted


def _effective(counts: Sequence[tuple[int, int]], value: float) -> float:
    """How many independent attempts the attempts are worth: as many as there are tasks at least, all of them at most."""
    tasks, attempts = len(counts), sum(n for _, n in counts)
    if tasks == 1 or value in (0.0, 1.0):
        return float(tasks)
    residuals = [s - value * n for s, n in counts]
    spread = variance(residuals, 0.0) * tasks / attempts**2
    return float(attempts) if spread == 0 else min(max(value * (1 - value) / spread, float(tasks)), float(attempts))


def _bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Percentiles of the means of samples of the values, each drawn with replacement."""
    np = _numpy()
    array = np.asarray(values, dtype=float)
    random = np.random.Generator(np.random.PCG64(SEED))
    rows = max(1, _CHUNK // len(array))
    means = [
        array[random.integers(0, len(array), (min(rows, RESAMPLES - start), len(array)))].mean(axis=1)
        for start in range(0, RESAMPLES, rows)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return _round(float(low)), _round(float(high))


def _square_and_add(first: float, second: float, tasks: int) -> tuple[float, float]:
    """Interval of the difference of two rates (Newcombe 1998, method 10)."""
    (low1, high1), (low2, high2) = wilson(first, tasks), wilson(second, tasks)
    value = first - second
    return value - math.hypot(first - low1, high2 - second), value + math.hypot(high1 - first, second - low2)


def _better(first: Sequence[Fraction], second: Sequence[Fraction]) -> tuple[int, int]:
    pairs = list(zip(first, second, strict=True))
    return sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)


def _round(value: float) -> float:
    """To six digits after the point, with no minus before a zero."""
    return round(value, _DIGITS) + 0.0


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise errors.MissingExtraError("numpy", "bench", "the scores of a bench") from None
    return numpy
