"""Two folders of results are compared on what they have in common, and on nothing else."""

from pathlib import Path

import pytest

from bench.report import simulated
from codeact import errors
from codeact.bench.report import comparison, intervals
from codeact.bench.results import Key


def solved(*numbers: int) -> simulated.Chance:
    """Success in these tasks, and in no other."""
    return lambda key: float(int(key.task.removeprefix("task-")) in numbers)


def test_tasks_that_changed_are_named_and_tested(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", models=("local",), formats=("code",), tasks=12, chance=solved(0, 1), records=False)
    second = simulated.folder(
        tmp_path / "b", models=("local",), formats=("code",), tasks=12, chance=solved(1, 2, 3, 4, 5, 6, 7), records=False
    )
    found = comparison.compare(first, second)
    row = found.rows[0]
    assert [change.task for change in row.better] == [f"task-{number:03}" for number in range(2, 8)]
    assert row.worse == (comparison.Change("task-000", 1.0, 0.0),)
    assert (row.tasks, row.first.value, row.second.value) == (12, pytest.approx(2 / 12, abs=1e-6), pytest.approx(7 / 12, abs=1e-6))
    assert row.success.difference.value == pytest.approx(5 / 12, abs=1e-6)
    assert row.success.test == intervals.Test(intervals.MCNEMAR, 0.125, 6, 1)
    text = comparison.text(found)
    assert "better, local, code: task-002 (0% to 100%), task-003" in text
    assert "worse, local, code: task-000 (100% to 0%)" in text
    assert "+41.7" in text
    assert all(len(line) == len(comparison.COLUMNS) for line in comparison.table(found))


def test_a_folder_beside_itself_shows_no_change(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "a", models={"local": 0.5, "oracle": 1.0}, repeats=2, records=False)
    found = comparison.compare(path, path)
    assert len(found.rows) == 6
    assert all(not row.better and not row.worse and row.success.test.p == row.turns.test.p == 1.0 for row in found.rows)
    assert found.notes == ()


def test_two_models_are_compared_where_each_folder_has_one(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", models={"old": 0.3, "oracle": 1.0}, tasks=40, records=False)
    second = simulated.folder(tmp_path / "b", models={"new": 0.9}, tasks=40, repeats=2, records=False)
    found = comparison.compare(first, second)
    assert [row.model for row in found.rows] == ["old \N{RIGHTWARDS ARROW} new"] * 3
    assert all(row.success.p_adjusted < 0.05 and row.success.test.name == intervals.SIGN_FLIP for row in found.rows)
    assert found.notes == ("Not the same: repeats is 1 in the first, 2 in the second.",)


def test_two_formats_are_compared_where_each_folder_has_one(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", models={"taught-text": 0.2}, formats=("text",), tasks=40, records=False)
    second = simulated.folder(tmp_path / "b", models={"taught-code": 0.9}, formats=("code",), tasks=40, records=False)
    found = comparison.compare(first, second)
    assert [(row.model, row.format) for row in found.rows] == [
        ("taught-text \N{RIGHTWARDS ARROW} taught-code", "text \N{RIGHTWARDS ARROW} code")
    ]
    assert found.rows[0].success.difference.low > 0.3


def test_only_the_tasks_of_both_are_compared_and_what_lacks_is_said(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", models=("local",), formats=("code",), tasks=12, chance=solved(*range(12)), records=False)
    second = simulated.folder(
        tmp_path / "b", models=("local",), formats=("code",), tasks=10, chance=solved(*range(10)), missing=2, records=False
    )
    found = comparison.compare(first, second)
    assert (found.rows[0].tasks, found.rows[0].first.value) == (8, 1.0)
    assert "Not finished: the second lacks 2 of its 10 attempts." in found.notes
    assert "Not the same tasks: 12 in the first, 10 in the second; compared are those of both." in found.notes


def test_runs_of_different_tasks_are_not_compared(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", records=False)
    second = simulated.folder(tmp_path / "b", records=False, fingerprint="another")
    with pytest.raises(errors.InputError, match="the fingerprint is '0123456789abcdef' in the first and 'another' in the second"):
        comparison.compare(first, second)


def test_runs_with_nothing_in_common_are_told_what_each_has(tmp_path: Path) -> None:
    first = simulated.folder(tmp_path / "a", models=("oracle",), formats=("code", "json"), records=False)
    second = simulated.folder(tmp_path / "b", models=("oracle",), formats=("text",), records=False)
    with pytest.raises(errors.InputError, match="the first has oracle in code, oracle in json; the second oracle in text"):
        comparison.compare(first, second)


def test_many_changes_are_counted_and_not_all_named(tmp_path: Path) -> None:
    def nothing(_: Key) -> float:
        return 0.0

    first = simulated.folder(tmp_path / "a", models=("local",), formats=("code",), tasks=30, chance=nothing, records=False)
    second = simulated.folder(tmp_path / "b", models=("local",), formats=("code",), tasks=30, chance=solved(*range(30)), records=False)
    assert "task-011 (0% to 100%) and 18 more" in comparison.text(comparison.compare(first, second))
