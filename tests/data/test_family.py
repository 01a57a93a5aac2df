"""How the answers of made-up tasks are graded: whole numbers to the last digit, decimals as they are asked for, yes and no in any case."""

import pytest
from pydantic import JsonValue

from codeact.bench import checks
from codeact.bench.task import Task, Tolerance
from codeact.data import catalogue
from codeact.data.family import Family, Instance, Split

LARGE = 100_000


def tasks(name: str, count: int = 60) -> list[Task]:
    """Tasks of a family."""
    family = catalogue.family(name)
    split: Split = "unseen-tools" if family.held_out else "train"
    return [family.task(split, 3, number) for number in range(count)]


def right(task: Task, answer: object) -> bool:
    """Whether an answer is taken."""
    return checks.check(task.check, str(answer), task.answer, task.tolerance).success


def task_of(answer: JsonValue, *, check: str = "number", tolerance: Tolerance | None = None) -> Task:
    """The task of an instance that has this answer."""
    made = Instance("What is it?", answer, lambda: iter(()), check=check, tolerance=tolerance)  # type: ignore[arg-type, return-value]
    return Family("mathematics/made", "mathematics", lambda *_: made, ("What?",), ("Which?",)).task("train", 0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "everyday/identifier", "everyday/unix-time", "everyday/written-number", "mathematics/primes", "mathematics/series",
        "mathematics/factorials", "mathematics/sum-in-words", "information/total", "composition/total-work",
    ],
)  # fmt: skip
def test_a_large_whole_number_is_wrong_if_its_last_digit_is(name: str) -> None:
    large = [task for task in tasks(name) if isinstance(task.answer, int) and LARGE < task.answer < 10**15]
    assert large
    for task in large:
        assert isinstance(task.answer, int)
        assert right(task, task.answer)
        assert not right(task, task.answer + 1), task.prompt
        assert not right(task, task.answer - 1), task.prompt


def test_whole_numbers_in_lists_and_in_objects_are_graded_to_the_last_digit_too() -> None:
    assert right(task_of([[5_000_001]], check="list"), [[5_000_001]])
    assert not right(task_of([[5_000_001]], check="list"), [[5_000_000]])
    assert not right(task_of({"a": 5_000_001}, check="json"), '{"a": 5000000}')
    assert right(task_of([True, "a"], check="json"), '[true, "a"]')


def test_a_number_with_decimals_and_a_tolerance_of_the_familys_own_stay_as_they_were() -> None:
    assert task_of(0.5).tolerance is None
    assert task_of([1, 0.5], check="list").tolerance is None
    assert task_of(7, tolerance=Tolerance(abs=2)).tolerance == Tolerance(abs=2)


def test_two_decimals_of_a_large_amount_are_graded_as_two_decimals() -> None:
    for name in ("mathematics/loan", "composition/convert-work", "tables/computed"):
        found = [task for task in tasks(name) if isinstance(task.answer, int | float) and task.answer > LARGE]
        assert found
        for task in found:
            assert isinstance(task.answer, int | float)
            assert right(task, task.answer)
            assert not right(task, round(task.answer + 0.05, 2)), task.prompt


def test_a_european_number_is_graded_with_its_decimals() -> None:
    found = [task for task in tasks("everyday/written-number", 200) if isinstance(task.answer, float)]
    assert found
    for task in found:
        assert isinstance(task.answer, float)
        assert right(task, task.answer)
        assert right(task, int(task.answer)) == task.answer.is_integer(), task.prompt


@pytest.mark.parametrize(
    "name",
    [
        "everyday/is-weekday", "everyday/list-check", "everyday/who-first", "everyday/word-check", "everyday/identifier",
        "mathematics/yes-or-no", "programming/brackets", "composition/yes-no-goods",
    ],
)  # fmt: skip
def test_yes_and_no_may_begin_with_a_capital(name: str) -> None:
    asked = [task for task in tasks(name) if task.answer in (["yes", "Yes"], ["no", "No"])]
    assert asked
    assert not [task for task in tasks(name) if task.answer in ("yes", "no")]
    for task in asked:
        assert isinstance(task.answer, list)
        yes, no = ("Yes", "No") if "yes" in task.answer else ("No", "Yes")
        assert right(task, yes) and right(task, yes.lower()) and not right(task, no)
