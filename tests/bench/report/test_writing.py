"""A report of any run is whole: every part is there, nothing is loaded, all is labelled, and every failed attempt is one click away."""

import asyncio
import base64
import hashlib
import itertools
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.report import parsed, simulated
from codeact import config, errors
from codeact.bench import plan as plans
from codeact.bench import runner
from codeact.bench import suite as suites
from codeact.bench.report import failed_runs, folder, paper, scores, times, writing
from codeact.bench.results import Key

PARTS = ("run", "scores", "formats", "turns", "failures", "domains", "failed", "paper")
ERRANDS = Path(__file__).parents[3] / "examples" / "suites" / "errands"
ALL = {"local": 0.6, "flawed:0.3": 0.5, "silent": 0.0, "guess": 0.0, "oracle": 1.0}


def never(_: Key) -> float:
    return 0.0


def always(_: Key) -> float:
    return 1.0


CASES: dict[str, dict[str, Any]] = {
    "all": {"models": ALL, "repeats": 2},
    "no baseline, one model": {"models": {"local": 0.5}},
    "one format, one task": {"models": {"local": 0.5, "oracle": 1.0}, "formats": ("text",), "tasks": 1},
    "only baselines that are made to fail": {"models": ("silent", "guess"), "formats": ("code", "json"), "tasks": 5},
    "some tasks in code only": {"models": {"local": 0.5}, "formats": ("code", "json"), "tasks": 4, "only": {"task-001": ("code",)}},
    "no failure": {"models": {"local": 1.0}, "formats": ("code", "text"), "tasks": 5, "chance": always},
    "only failures, not finished": {"models": {"local": 0.0}, "tasks": 5, "repeats": 2, "chance": never, "missing": 4},
}


@pytest.fixture(scope="module", params=CASES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> writing.Written:
    return writing.write(simulated.folder(tmp_path_factory.mktemp("report") / "out", **CASES[request.param]))


@pytest.fixture
def page(written: writing.Written) -> parsed.Page:
    return parsed.read(written.page)


def test_every_part_is_there_and_the_page_is_well_formed(page: parsed.Page) -> None:
    assert page.wrong == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert set(PARTS) <= set(ids)
    assert [attributes["href"] for attributes in page.of("a") if attributes["href"].startswith("#")] == [f"#{part}" for part in PARTS]


def test_nothing_is_loaded_and_the_one_script_is_the_one_that_the_policy_allows(page: parsed.Page) -> None:
    assert [each for each in page.loads if not each.startswith(("#", "failed/"))] == []
    assert page.of("link", "iframe", "object", "embed", "form", "base") == []
    assert page.handlers == []
    policy = next(each["content"] for each in page.of("meta") if each.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"@import|url\((?!#)", page.text)


def test_everything_is_labelled(page: parsed.Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert tags.count("caption") == tags.count("table") == tags.count("thead")
    assert all(each.get("aria-label") for each in page.of("div") if each.get("role") in ("img", "region"))
    assert all(each.get("scope") in ("row", "col") for each in page.of("th"))
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_failed_attempt_is_one_click_away(written: writing.Written, page: parsed.Page) -> None:
    links = {each["href"] for each in page.of("a") if each["href"].startswith("failed/")}
    run = folder.read(written.page.parent)
    wanted = [each for each in run.results if not each.score.success and each.model not in ("silent", "guess")]
    assert links == {f"failed/{failed_runs.file_name(result)}" for result in wanted}
    assert links == {f"failed/{path.name}" for path in (written.page.parent / "failed").iterdir()}


def test_the_files_are_those_that_are_told(written: writing.Written) -> None:
    out = written.page.parent
    before = (plans.FILE, runner.RESULTS, runner.RUNS)
    there = {path for path in out.rglob("*") if path.is_file()}
    assert {path for path in there if path.relative_to(out).parts[0] not in before} == set(written.files)
    assert scores.read_scores(out) == written.scores
    assert (out / times.FILE).read_text(encoding="utf-8") == written.times.json_text
    assert {path.stem for path in out.glob("charts/*.png")} >= {"success", "turns", "failures", "paper"}


def test_the_summary_has_a_row_for_each_model_and_format(written: writing.Written) -> None:
    rows = writing.summary(written.scores, written.times)
    assert len(rows) == len(written.scores.cells)
    assert all(len(row) == len(writing.COLUMNS) for row in rows)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = simulated.folder(tmp_path_factory.mktemp("whole") / "out", models=ALL, tasks=10)
    writing.write(path)
    return path


def test_the_papers_table_is_beside_ours_and_told_apart(whole: Path) -> None:
    prose = parsed.read(whole / writing.PAGE).prose
    for row in paper.ROWS:
        assert row.model in prose
    assert "of another suite, M3ToolEval, by another grader" in prose
    assert "Ours, made-up: success in percent" in prose


def test_the_means_of_the_papers_models_are_those_that_it_prints() -> None:
    assert len(paper.ROWS) == 17
    assert paper.mean(lambda row: row.success) == (22.5, 17.4, 14.2)
    assert paper.mean(lambda row: row.turns) == (8.7, 9.2, 9.3)
    assert sum(row.success.code > max(row.success.json, row.success.text) for row in paper.ROWS) == 10


def test_baselines_are_beside_every_score_and_what_lacks_is_said(whole: Path, tmp_path: Path) -> None:
    assert "Not run:" not in parsed.read(whole / writing.PAGE).prose
    alone = writing.write(simulated.folder(tmp_path / "out", models={"local": 0.5, "oracle": 1.0}, formats=("code",), tasks=5))
    assert "Not run: silent, guess." in parsed.read(alone.page).prose


def test_what_a_reader_must_know_is_said_first(tmp_path: Path) -> None:
    def chance(key: Key) -> float:
        return float(key.task != "task-001") if key.model == "oracle" else float(key.task == "task-001")

    path = simulated.folder(tmp_path / "out", models=("silent", "guess", "oracle"), formats=("json",), tasks=4, chance=chance, missing=1)
    simulated.rewritten(path, lambda result: result.model_copy(update={"failure": "ours"} if result.failure else {}))
    prose = parsed.read(writing.write(path).page).prose
    assert "Not finished: 11 of 12 attempts have a result." in prose
    assert "The oracle solves 67% in JSON, and not all" in prose
    assert "Guess reaches 25% in JSON" in prose
    assert "failed through the server, the sandbox or codeact, and count as failures: 3 in JSON" in prose


def test_tasks_that_a_format_cannot_do_are_counted_for_the_reader(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models={"local": 0.5}, formats=("code", "json"), tasks=4, only={"task-001": ("code",)})
    assert "Not all tasks can be done in all formats: 4 in code, 3 in JSON." in parsed.read(writing.write(path).page).prose


def test_a_report_that_is_made_anew_leaves_nothing_of_the_one_before(whole: Path) -> None:
    stale = whole / "failed" / "stale.html"
    stale.write_text("old", encoding="utf-8")
    kept = (whole / scores.FILE).read_bytes(), (whole / writing.PAGE).read_bytes()
    writing.write(whole)
    assert not stale.exists()
    assert ((whole / scores.FILE).read_bytes(), (whole / writing.PAGE).read_bytes()) == kept


def test_without_matplotlib_the_scores_are_there_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = simulated.folder(tmp_path / "out", models={"local": 0.5}, tasks=5)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(errors.MissingExtraError, match="matplotlib"):
        writing.write(path)
    assert scores.read_scores(path).attempts == 15
    assert (path / times.FILE).exists()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models={"local": 0.5}, tasks=5)
    (path / writing.CHARTS).write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(errors.InputError, match="cannot write the report to"):
        writing.write(path)


def test_a_suite_that_was_really_run_has_a_report_with_its_source_and_its_failed_runs(tmp_path: Path) -> None:
    suite, settings = suites.read(ERRANDS), config.load(preload=())
    plan = plans.plan(suite, settings, models=["flawed:0.9"], formats=["code"], tasks=["cheapest", "basket"])
    asyncio.run(runner.Runner(plan, suite, settings, tmp_path / "out", jobs=2).arun())
    written = writing.write(tmp_path / "out")
    prose = parsed.read(written.page).prose
    assert suite.manifest.description in prose
    assert f"Source {suite.manifest.source} Licence {suite.manifest.licence}" in prose
    failed = sorted((tmp_path / "out" / "failed").iterdir())
    assert failed
    assert "The task Which of apple, pear and plum costs least?" in parsed.read(failed[-1]).prose
    assert written.times.busy is not None
