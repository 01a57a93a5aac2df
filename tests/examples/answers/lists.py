"""Statistics and lists: by the definitions of what is asked."""

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

HEIGHTS = [172, 168, 181, 175, 169, 190, 177]
VOTES = ["blue", "red", "blue", "green", "red", "blue", "green", "blue"]
MODE = [3, 7, 3, 9, 7, 3, 1, 7, 7]


def squared_deviations(values: Sequence[int]) -> Fraction:
    mean = Fraction(sum(values), len(values))
    return sum(((value - mean) ** 2 for value in values), Fraction(0))


def correlation(xs: Sequence[int], ys: Sequence[int]) -> float:
    mean_x, mean_y = Fraction(sum(xs), len(xs)), Fraction(sum(ys), len(ys))
    together = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return float(together) / math.sqrt(squared_deviations(xs) * squared_deviations(ys))


def in_order(values: Sequence[float]) -> list[float]:
    """By taking out the smallest again and again."""
    left, found = list(values), []
    while left:
        found.append(left.pop(left.index(min(left))))
    return found


def firsts(values: Sequence[int]) -> list[int]:
    return [value for place, value in enumerate(values) if value not in values[:place]]


def growths(values: Sequence[int]) -> list[Fraction]:
    return [Fraction(values[place + 1] * 100, values[place]) - 100 for place in range(len(values) - 1)]


def nearest(values: Sequence[int], wanted: int) -> int:
    return next(value for far in range(100) for value in values if value in (wanted - far, wanted + far))


def exactly(*values: str) -> list[Fraction]:
    return [Fraction(value) for value in values]


STATISTICS: dict[str, Callable[[], Any]] = {
    "statistics-mean": lambda: sum(HEIGHTS) / len(HEIGHTS),
    "statistics-median": lambda: sorted(HEIGHTS)[len(HEIGHTS) // 2],
    "statistics-deviation": lambda: round(math.sqrt(squared_deviations([4, 8, 15, 16, 23, 42]) / 6), 2),
    "statistics-mode": lambda: Counter(MODE).most_common(1)[0][0],
    "statistics-range": lambda: (194 - 129) / 10,
    "statistics-grades": lambda: (20 + 17 + 33 + 10 + 23) / 50,
    "statistics-weighted": lambda: (85 * 40 + 72 * 60) / 100,
    "statistics-salary": lambda: sum(in_order([2400, 3100, 2750, 5200, 2900, 3300])[2:4]) / 2,
    "statistics-sample": lambda: round(math.sqrt(squared_deviations([12, 15, 11, 18, 14]) / (5 - 1)), 2),
    "statistics-variance": lambda: float(squared_deviations([3, 6, 6, 8, 12]) / 5),
    "statistics-geometric": lambda: next(mean for mean in range(100) if mean**3 == 4 * 9 * 48),
    "statistics-cycling": lambda: statistics.harmonic_mean([20, 30]),
    "statistics-visitors": lambda: round(float(max(growths([820, 902, 1100, 1210]))), 2),
    "statistics-moving": lambda: [(10 + 20 + 60) // 3, (20 + 60 + 40) // 3, (60 + 40 + 50) // 3],
    "statistics-votes": lambda: Counter(VOTES).most_common(1)[0][0],
    "statistics-survey": lambda: float(Fraction(132 * 100, 200)),
    "statistics-correlation": lambda: round(correlation([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]), 2),
    "statistics-jury": lambda: float((sum(exactly("8.5", "9.0", "7.5", "9.5", "6.0", "8.0")) - Fraction("9.5") - 6) / 4),
    "statistics-needed": lambda: next(points for points in range(101) if 74 + 81 + 79 + points == 4 * 80),
    "statistics-score": lambda: float(Fraction(127 - 100, 15)),
}

LISTS: dict[str, Callable[[], Any]] = {
    "statistics-sort": lambda: in_order([42, 7, 19, 3, 88, 25]),
    "statistics-descending": lambda: in_order([5.5, 2.25, 9.1, 7.75])[::-1],
    "statistics-unique": lambda: firsts([4, 2, 4, 7, 2, 9, 7, 1]),
    "statistics-even": lambda: [value for value in [11, 24, 35, 46, 58, 63, 70] if str(value)[-1] in "02468"],
    "statistics-running": lambda: [sum([5, 12, 8, 20, 15][:week]) for week in range(1, 6)],
    "statistics-meter": lambda: [1251 - 1204, 1313 - 1251, 1360 - 1313, 1442 - 1360],
    "statistics-both": lambda: [value for value in [1, 4, 9, 16, 25] if value in [2, 4, 8, 16, 32]],
    "statistics-reverse": lambda: list(reversed([9, 1, 8, 2, 7])),
    "statistics-flat": lambda: list(itertools.chain([1, 2], [3], [4, 5, 6])),
    "statistics-podium": lambda: [max(71, 94, 58, 87, 90, 66), max(71, 58, 87, 90, 66), max(71, 58, 87, 66)],
    "statistics-shares": lambda: [float(Fraction(part, 100)) for part in (20, 50, 30)],
}

SINGLE: dict[str, Callable[[], Any]] = {
    "statistics-sum": lambda: 18 + 27 + 44 + 9 + 63 + 120,
    "statistics-biggest": lambda: in_order([3918, 3981, 3891, 3819, 3989])[-1],
    "statistics-second": lambda: max(value for value in [45, 92, 17, 88, 63, 91] if value != 92),
    "statistics-passed": lambda: len([1 for value in [65, 82, 70, 91, 48, 77, 69, 88] if not value < 70]),
    "statistics-multiply": lambda: 3 * 8 * 5 * 11 * 2,
    "statistics-squares": lambda: 20 * 21 * 41 // 6,
    "statistics-negative": lambda: len([value for value in [-3, 8, 0, -12, 5, -1, 7] if str(value)[0] == "-"]),
    "statistics-missing": lambda: sum(range(1, 13)) - sum([7, 3, 12, 1, 9, 5, 11, 2, 8, 4, 10]),
    "statistics-closest": lambda: nearest([48, 61, 55, 39, 70], 53),
    "statistics-place": lambda: dict(zip([14, 30, 22, 9, 41], range(1, 6), strict=True))[9],
    "statistics-odd": lambda: len([value for value in [15, 22, 37, 48, 51, 60, 73] if str(value)[-1] in "13579"]),
    "statistics-pairs": lambda: sum(10 - one in [1, 3, 5, 7, 9] for one in [1, 3, 5, 7, 9] if one < 10 - one),
    "statistics-sevens": lambda: sum(value == 7 for value in [7, 17, 7, 70, 27, 7, 77, 7]),
    "statistics-oldest": lambda: sorted([(34, "Mia"), (41, "Jonas"), (29, "Lea"), (38, "Karim")])[-1][1],
    "statistics-shopping": lambda: (240 + 115 + 680 + 325) / 100,
    "statistics-eggs": lambda: sorted([(Fraction(210, 6), "A"), (Fraction(330, 10), "B"), (Fraction(408, 12), "C")])[0][1],
}

ANSWERS = {**STATISTICS, **LISTS, **SINGLE}
