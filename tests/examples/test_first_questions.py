"""The first questions: well-formed, and every answer computed anew by code that has nothing to do with the file."""

import csv
import json
import math
import statistics
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in (EXAMPLES / "first_questions.jsonl").read_text().splitlines()]
FIELDS = ["id", "prompt", "tools", "files", "answer", "check", "tolerance", "tags"]
PANGRAM = "the quick brown fox jumps over the lazy dog"
HEIGHTS = [172, 168, 181, 175, 169, 190, 177]


def sales() -> list[dict[str, str]]:
    with (EXAMPLES / "files" / "sales.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def revenue(row: dict[str, str]) -> Fraction:
    return int(row["units"]) * Fraction(row["unit_price"])


def units_by_region() -> Counter[str]:
    units: Counter[str] = Counter()
    for row in sales():
        units[row["region"]] += int(row["units"])
    return units


def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def add_months_of_interest(amount: Fraction, rate: Fraction, years: int) -> Fraction:
    for _ in range(years):
        amount += amount * rate
    return amount


def change_every_letter(text: str, shift: int) -> str:
    return "".join(chr((ord(letter) - 97 + shift) % 26 + 97) for letter in text)


ANSWERS: dict[str, Callable[[], Any]] = {
    "arithmetic-product": lambda: sum(12345 for _ in range(6789)),
    "arithmetic-percent": lambda: float(Fraction(18, 100) * 2350),
    "arithmetic-primes": lambda: sum(map(is_prime, range(10_000))),
    "arithmetic-gcd": lambda: max(n for n in range(1, 1072) if 1071 % n == 0 and 462 % n == 0),
    "arithmetic-digits": lambda: sum(int(digit) for digit in str(math.prod([2] * 100))),
    "arithmetic-bill": lambda: round(float((3 * Fraction("4.75") + 2 * Fraction("12.40")) * Fraction(115, 100) / 4), 2),
    "arithmetic-interest": lambda: round(float(add_months_of_interest(Fraction(1500), Fraction(4, 100), 10)), 2),
    "arithmetic-fahrenheit": lambda: float(Fraction(98 - 32) * 5 / 9),
    "arithmetic-speed": lambda: float(Fraction(342) / Fraction(38, 10)),
    "arithmetic-binary": lambda: "".join(str(2019 >> bit & 1) for bit in reversed(range(11))),
    "dates-weekday": lambda: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][
        (date(1969, 7, 20).toordinal() - 1) % 7
    ],
    "dates-between": lambda: sum(1 for day in range(date(2025, 2, 14).toordinal(), date(2025, 12, 25).toordinal())),
    "dates-later": lambda: str(date.fromordinal(date(2024, 1, 31).toordinal() + 100)),
    "dates-leap-years": lambda: len([year for year in range(1901, 2001) if leap(year)]),
    "dates-minutes": lambda: int((datetime(2025, 5, 6, 17, 20) - datetime(2025, 5, 6, 8, 45)) / timedelta(minutes=1)),
    "dates-fridays": lambda: sum(date(2026, month, 13).isoweekday() == 5 for month in range(1, 13)),
    "strings-reverse": lambda: "".join("stressed"[place] for place in range(7, -1, -1)),
    "strings-vowels": lambda: len([letter for letter in PANGRAM if letter in set("aeiou")]),
    "strings-letter": lambda: Counter("bookkeeper").most_common()[0][0],
    "strings-longest": lambda: max(sorted(["pear", "banana", "kiwi", "pomegranate", "fig"]), key=len),
    "strings-caesar": lambda: change_every_letter("python", 3),
    "strings-palindromes": lambda: sum(
        all(w[i] == w[-1 - i] for i in range(len(w))) for w in ["level", "python", "radar", "kayak", "robot", "noon"]
    ),
    "statistics-mean": lambda: sum(HEIGHTS) / len(HEIGHTS),
    "statistics-median": lambda: sorted(HEIGHTS)[len(HEIGHTS) // 2],
    "statistics-deviation": lambda: round(math.sqrt(statistics.pvariance([4, 8, 15, 16, 23, 42])), 2),
    "statistics-mode": lambda: Counter([3, 7, 3, 9, 7, 3, 1, 7, 7]).most_common(1)[0][0],
    "file-rows": lambda: (EXAMPLES / "files" / "sales.csv").read_text().count("\n") - 1,
    "file-revenue": lambda: float(sum(map(revenue, sales()))),
    "file-region": lambda: units_by_region().most_common(1)[0][0],
    "file-average": lambda: round(statistics.fmean(int(row["units"]) for row in sales() if row["product"] == "pen"), 2),
}


def test_there_are_thirty_questions_with_the_fields_of_a_suite_and_different_ids() -> None:
    assert len(QUESTIONS) == 30
    assert len({question["id"] for question in QUESTIONS}) == 30
    for question in QUESTIONS:
        assert list(question) == FIELDS
        assert question["check"] in ("exact", "number")
        assert (question["tolerance"] is not None) == (question["check"] == "number")
        assert question["tags"][0] in ("arithmetic", "dates", "strings", "statistics", "file")
        assert question["id"].startswith(question["tags"][0])


def test_every_file_of_a_question_is_there() -> None:
    files = {name for question in QUESTIONS for name in question["files"]}
    assert files == {"files/sales.csv"}
    assert all((EXAMPLES / name).is_file() for name in files)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_is_what_independent_code_computes(question: dict[str, Any]) -> None:
    computed = ANSWERS[question["id"]]()
    if question["check"] == "exact":
        assert question["answer"] == computed
    else:
        assert math.isclose(question["answer"], computed, rel_tol=1e-9, abs_tol=0.0)


def test_the_most_frequent_and_the_longest_are_not_tied() -> None:
    assert [count for _, count in units_by_region().most_common(2)] == sorted(set(units_by_region().values()), reverse=True)[:2]
    assert Counter([3, 7, 3, 9, 7, 3, 1, 7, 7]).most_common(2) == [(7, 4), (3, 3)]
