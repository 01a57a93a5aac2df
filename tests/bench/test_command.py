"""`codeact bench` as a user calls it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import forking

ERRANDS = Path(__file__).parents[2] / "examples" / "suites" / "errands"
COMMAND = [sys.executable, "-m", "codeact.cli.main", "bench"]


def bench(*arguments: str | Path) -> forking.Result:
    """Run the command with pipes."""
    environment = {**os.environ, "CODEACT_PRELOAD": "[]", "COLUMNS": "120"}
    return forking.run(["bench", *arguments], folder=Path.cwd(), environment=environment)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, forking.Result]:
    """A folder of results, and what the command said."""
    out = tmp_path_factory.mktemp("bench") / "out"
    return out, bench(ERRANDS, "--model", "flawed:0.5", "--out", out)


def test_the_table_is_on_standard_output_with_the_baselines_and_progress_is_not(
    results: tuple[Path, forking.Result],
) -> None:
    out, said = results
    assert said.returncode == 0, said.stderr
    models = [line.split()[0] for line in said.stdout.splitlines()[3:] if line.strip()]
    assert models == [name for name in ("flawed:0.5", "silent", "guess", "oracle") for _ in range(3)]
    assert str(out / "report.html") in said.stderr
    assert "report" not in said.stdout
    assert {path.name for path in out.iterdir()} >= {
        "plan.json",
        "results.jsonl",
        "scores.json",
        "times.json",
        "report.html",
        "charts",
        "runs",
    }


def test_the_same_command_does_nothing_again_and_says_the_same(results: tuple[Path, forking.Result]) -> None:
    out, said = results
    before = (out / "results.jsonl").read_bytes(), (out / "scores.json").read_bytes()
    again = bench(ERRANDS, "--model", "flawed:0.5", "--out", out)
    assert again.stdout == said.stdout
    assert before == ((out / "results.jsonl").read_bytes(), (out / "scores.json").read_bytes())


def test_json_is_one_document(results: tuple[Path, forking.Result]) -> None:
    out, _ = results
    said = bench(ERRANDS, "--model", "flawed:0.5", "--out", out, "--json", "--quiet")
    assert said.stdout == (out / "scores.json").read_text(encoding="utf-8")
    assert json.loads(said.stdout)["plan"]["suite"] == "errands"
    assert said.stderr == ""


def test_two_folders_are_compared_and_of_two_suites_refused(results: tuple[Path, forking.Result], tmp_path: Path) -> None:
    out, _ = results
    same = bench("--compare", out, out)
    assert same.returncode == 0, same.stderr
    assert "flawed:0.5" in same.stdout
    assert json.loads(bench("--compare", out, out, "--json").stdout)
    other = bench(ERRANDS, "--model", "silent", "--no-baselines", "--task", "basket", "--format", "code", "--out", tmp_path / "other")
    assert other.returncode == 0, other.stderr
    (tmp_path / "other" / "plan.json").write_text(
        (tmp_path / "other" / "plan.json").read_text(encoding="utf-8").replace('"suite": "errands"', '"suite": "else"'), encoding="utf-8"
    )
    refused = bench("--compare", out, tmp_path / "other")
    assert refused.returncode == 2
    assert "errands" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a suite and where its results go"),
        ([ERRANDS], "name a suite and where its results go"),
        (["nothing", "--out", "x"], "there is no suite 'nothing'"),
        ([ERRANDS, "--out", "x", "--tag", "none"], "no task with the tag 'none'; its tags are: files, prices"),
        ([ERRANDS, "--out", "x", "--task", "none"], "has no task 'none'"),
        ([ERRANDS, "--out", "x", "--format", "xml"], "cannot be done in 'xml'"),
        ([ERRANDS, "--out", "x", "--option", "variants"], "is not of the form KEY=VALUE"),
        ([ERRANDS, "--out", "x", "--model", "flawed:often"], "needs a rate between 0 and 1"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_exit_code_2(
    arguments: list[str | Path], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = bench(*arguments)
    assert said.returncode == 2
    assert words in said.stderr
    assert "Traceback" not in said.stderr
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- names, no paths


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_is_done_and_how_to_go_on(number: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "CODEACT_PRELOAD": "[]"}
    arguments = [*COMMAND, str(ERRANDS), "--model", "oracle", "--no-baselines", "--repeats", "200", "--out", str(tmp_path / "out")]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment) as process:
        while not (tmp_path / "out" / "results.jsonl").exists() or not (tmp_path / "out" / "results.jsonl").read_bytes():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "of 2000 attempts are done and kept in" in said
    assert "Traceback" not in said
