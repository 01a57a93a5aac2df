"""Scores follow from the results alone: known counts, equal bytes for equal results, and errors that say what is wrong with a folder."""

import json
import random
import sys
from pathlib import Path

import pytest

from bench.report import simulated
from codeact import errors, events
from codeact.bench import plan as plans
from codeact.bench import runner
from codeact.bench.report import folder, intervals, scores, times
from codeact.bench.results import Key, Result

GOLDEN = Path(__file__).parent / "scores-v1.json"
MODELS = {"local": 0.7, "silent": 0.0, "oracle": 1.0}


def scores_of(path: Path) -> scores.Scores:
    return scores.scores(folder.read(path))


def lines(path: Path) -> list[str]:
    return (path / runner.RESULTS).read_text(encoding="utf-8").splitlines()


def put(path: Path, written: list[str]) -> None:
    (path / runner.RESULTS).write_text("".join(f"{line}\n" for line in written), encoding="utf-8")


def test_scores_of_version_1_are_those_of_the_golden_file(tmp_path: Path) -> None:
    found = scores_of(simulated.folder(tmp_path / "out", models=MODELS, tasks=6, repeats=2, seed=1, records=False))
    found = found.model_copy(update={"plan": found.plan.model_copy(update={"codeact": "0.1.0"})})
    assert found == scores.Scores.model_validate_json(GOLDEN.read_bytes())
    assert found.json_text == GOLDEN.read_text(encoding="utf-8")


def test_rates_amounts_and_failures_are_those_of_the_results(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models={"local": 0.5}, formats=("code",), tasks=10, repeats=3, records=False)
    results = folder.read(path).results
    cell = scores_of(path).cells[0]
    failed = [result.failure for result in results if not result.score.success]
    assert cell.successes == len(results) - len(failed) == round(cell.success.value * cell.attempts)
    assert {name: count for name, count in cell.failures.items() if count} == {name: failed.count(name) for name in set(failed)}
    assert cell.total.input_tokens == sum(result.usage.input_tokens for result in results)
    assert cell.mean.calls == pytest.approx(sum(result.calls for result in results) / 30, abs=1e-6)
    assert cell.turns.value == pytest.approx(cell.mean.turns, abs=1e-6)
    assert sum(domain.attempts for domain in cell.domains) == 30
    assert sum(domain.successes for domain in cell.domains) == cell.successes
    assert {domain.name for domain in cell.domains} == set(simulated.DOMAINS)


def test_a_failure_counts_with_the_limit_on_turns_where_the_paper_counts_so(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=("silent",), formats=("code",), tasks=4, records=False)
    cell = scores_of(path).cells[0]
    assert cell.turns_or_limit == 10.0
    assert cell.turns.value < 10.0


def test_formats_are_compared_on_the_same_tasks_and_the_test_is_named(tmp_path: Path) -> None:
    def chance(key: Key) -> float:
        return 1.0 if key.format == "code" or key.task.endswith("0") else 0.0

    once = scores_of(simulated.folder(tmp_path / "once", models=("local",), tasks=20, chance=chance, records=False))
    several = scores_of(simulated.folder(tmp_path / "several", models=("local",), tasks=20, repeats=3, chance=chance, records=False))
    for found, test in ((once, intervals.MCNEMAR), (several, intervals.SIGN_FLIP)):
        pair = found.pairs[0]
        assert (pair.first, pair.second, pair.tasks, pair.success.test.name) == ("code", "json", 20, test)
        assert (pair.success.test.better, pair.success.test.worse) == (18, 0)
        assert pair.success.difference.value == 0.9
        assert pair.success.test.p == pytest.approx(2 * 0.5**18, abs=1e-6)
        assert pair.success.p_adjusted >= pair.success.test.p
        assert found.pairs[2].success.difference.value == 0.0


def test_the_order_of_results_and_what_the_clock_says_change_no_byte(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=5, repeats=2, records=False)
    before = scores_of(path).json_text
    shuffled = lines(path)
    random.Random(0).shuffle(shuffled)
    put(path, shuffled)
    simulated.rewritten(path, lambda result: result.model_copy(update={"seconds": 99.0, "waited": 1.0}))
    with (path / runner.RESULTS).open("a", encoding="utf-8") as file:
        file.write('{"model": "loc')  # of a writer that was killed
    assert scores_of(path).json_text == before


def test_no_time_and_no_place_is_in_the_scores(tmp_path: Path) -> None:
    text = scores_of(simulated.folder(tmp_path / "out", models=MODELS, tasks=5, records=False)).json_text
    assert str(tmp_path) not in text
    assert not {"waited", "trajectory", "time"} & set(json.loads(text)["cells"][0])


def test_a_folder_that_is_not_finished_says_so_and_has_scores(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=5, repeats=3, missing=7, records=False)
    found = scores_of(path)
    assert (found.planned, found.attempts, folder.read(path).missing) == (135, 128, 7)
    assert min(cell.attempts for cell in found.cells) < found.cells[0].planned == 15


def test_tasks_that_a_format_cannot_do_are_not_missing_in_it_and_not_in_its_pairs(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=10, repeats=2, only={"task-003": ("code",)}, records=False)
    found = scores_of(path)
    assert [(cell.format, cell.planned, cell.attempts) for cell in found.cells[:3]] == [
        ("code", 20, 20),
        ("json", 18, 18),
        ("text", 18, 18),
    ]
    assert found.planned == found.attempts == 3 * 56
    assert [pair.tasks for pair in found.pairs[:3]] == [9, 9, 9]


def test_a_format_alone_has_no_pair(tmp_path: Path) -> None:
    assert scores_of(simulated.folder(tmp_path / "out", models=MODELS, formats=("text",), records=False)).pairs == ()


def test_scores_that_were_written_are_read_back(tmp_path: Path) -> None:
    found = scores_of(simulated.folder(tmp_path / "out", models=MODELS, tasks=5, records=False))
    (tmp_path / scores.FILE).write_text(found.json_text, encoding="utf-8")
    assert scores.read_scores(tmp_path) == found


def test_without_scipy_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=5, records=False)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(errors.MissingExtraError, match=r"codeact\[bench\]"):
        scores_of(path)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (plans.FILE, None, "holds no results"),
        (plans.FILE, "{}", "is no plan"),
        (runner.RESULTS, None, "cannot read "),
        (runner.RESULTS, "", "holds no results yet"),
        (runner.RESULTS, "{}\n{}\n", "line 1 is no result"),
    ],
)
def test_a_broken_folder_is_told_by_file_and_reason(file: str, text: str | None, message: str, tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=5, records=False)
    (path / file).unlink()
    if text is not None:
        (path / file).write_text(text, encoding="utf-8")
    with pytest.raises(errors.InputError, match=message):
        folder.read(path)


def test_a_result_that_is_not_of_the_plan_is_told(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=MODELS, tasks=5, records=False)
    put(path, [*lines(path), lines(path)[0].replace('"local"', '"another"')])
    with pytest.raises(errors.InputError, match=r"'another'.*remove its line"):
        folder.read(path)


@pytest.mark.parametrize(("text", "message"), [(None, "cannot read the scores"), ('{"codeact": "scores", "version": 2}', "version 1")])
def test_scores_that_cannot_be_read_are_told(text: str | None, message: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / scores.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(errors.InputError, match=message):
        scores.read_scores(tmp_path)


def test_times_count_only_what_an_attempt_was_under_way(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=("local",), formats=("code",), tasks=3, repeats=2)
    simulated.rewritten(path, lambda result: result.model_copy(update={"seconds": 1.5, "waited": 1.0}))
    found = times.times(folder.read(path))
    assert (found.attempts, found.seconds, found.waited) == (6, 9.0, 6.0)
    assert found.busy == pytest.approx(3.0, abs=1e-3)  # three side by side, twice, two seconds apart
    assert found.tasks_a_second == pytest.approx(2.0, abs=1e-3)
    assert (found.cells[0].mean, found.cells[0].rest, found.cells[0].p90) == (1.5, 0.5, 1.5)


def test_times_without_all_records_leave_out_what_they_cannot_tell(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=("local",), formats=("code",), tasks=3)
    next((path / "runs").rglob("*.jsonl")).unlink()
    found = times.times(folder.read(path))
    assert (found.busy, found.tasks_a_second) == (None, None)
    assert found.cells[0].attempts == 3


def test_how_attempts_ended_is_counted(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models=("local",), formats=("code",), tasks=4, records=False)

    def ended(result: Result) -> Result:
        state: events.State = "error" if result.task == "task-001" else "answered"
        return result.model_copy(update={"state": state})

    simulated.rewritten(path, ended)
    assert scores_of(path).cells[0].states == {"answered": 3, "error": 1}
