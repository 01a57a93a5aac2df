"""`codeact data` as a user calls it: from nothing to a file for another tool."""

import json
import os
from pathlib import Path

import pytest

from cli import forking


def data(*arguments: str | Path) -> forking.Result:
    """Run the command with pipes."""
    environment = {**os.environ, "CODEACT_PRELOAD": "[]", "COLUMNS": "120"}
    return forking.run(["data", *arguments], folder=Path.cwd(), environment=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with runs of four tasks and the examples that were kept."""
    folder = tmp_path_factory.mktemp("data")
    made = data("generate", "--count", "4", "--domain", "mathematics", "--task-seed", "7", "--out", folder / "runs")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("8 runs, 8 of them right; next: codeact data filter")
    kept = data("filter", folder / "runs", "--out", folder / "train.jsonl", "--json", "--no-check-leaks")
    assert kept.returncode == 0, kept.stderr
    steps = json.loads(kept.stdout)
    assert [step["name"] for step in steps][:2] == ["success", "no leak"]
    assert steps[-1]["passed"] == len((folder / "train.jsonl").read_text().splitlines()) > 4
    return folder


def test_a_generation_that_is_done_is_not_done_again(folder: Path) -> None:
    before = (folder / "runs" / "results.jsonl").read_bytes()
    again = data("generate", "--count", "4", "--domain", "mathematics", "--task-seed", "7", "--out", folder / "runs")
    assert again.returncode == 0
    assert (folder / "runs" / "results.jsonl").read_bytes() == before


def test_the_same_folder_with_other_tasks_is_refused(folder: Path) -> None:
    other = data("generate", "--count", "5", "--domain", "mathematics", "--task-seed", "7", "--out", folder / "runs")
    assert other.returncode == 2
    assert "holds results of another plan" in other.stderr


def test_the_statistics_stand_beside_the_papers(folder: Path) -> None:
    said = data("stats", folder / "train.jsonl")
    rows = {line.split()[0]: line.split() for line in said.stdout.splitlines() if line.split()}
    assert rows["mathematics"][1] == rows["all"][1] == str(len((folder / "train.jsonl").read_text().splitlines()))
    assert rows["paper"][1:] == ["7,139", "10,581,681"]
    counted = json.loads(data("stats", folder / "train.jsonl", "--json").stdout)
    assert counted["teachers"].keys() == {"oracle", "slipped:oracle"}


def test_examples_are_exported(folder: Path) -> None:
    said = data("export", folder / "train.jsonl", "--form", "codeact", "--out", folder / "codeact.jsonl")
    assert said.returncode == 0, said.stderr
    first = json.loads((folder / "codeact.jsonl").read_text().splitlines()[0])
    assert [message["role"] for message in first["conversations"][:3]] == ["system", "user", "assistant"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate", "--out", "x", "--domain", "maths"], "there is no domain 'maths'"),
        (["generate", "--out", "x", "--family", "everyday/nothing"], "there is no family 'everyday/nothing'"),
        (["generate", "--out", "x", "--split", "trian"], "'trian' is not one of"),
        (["stats", "nothing.jsonl"], "nothing.jsonl"),
    ],
)
def test_what_is_not_there_is_named(arguments: list[str], message: str) -> None:
    said = data(*arguments)
    assert said.returncode == 2
    assert message in said.stderr
    assert "Traceback" not in said.stderr


def test_leaks_end_in_an_error_with_the_worst_pairs(folder: Path) -> None:
    """A task of the split `test` that was trained on: the file says so by its id."""
    lines = [json.loads(line) for line in (folder / "train.jsonl").read_text().splitlines()]
    lines[0]["task"] = "everyday/weekday/test-0-0"
    (folder / "leaking.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    said = data("leaks", folder / "leaking.jsonl", "--count", "420")
    assert said.returncode == 2
    assert "everyday/weekday/test-0-0" in said.stderr


def test_where_nothing_is_kept_it_says_which_step_let_none_through(folder: Path) -> None:
    long = data("filter", folder / "runs", "--out", folder / "none.jsonl", "--no-check-leaks", "--min-turns", "9")
    assert "nothing is kept: none of the 8 runs that came to the step 'turns' passes (at least 9 turns)" in long.stderr
    made = data("generate", "--count", "1", "--domain", "mathematics", "--model", "oracle", "--out", folder / "right")
    assert made.returncode == 0, made.stderr
    right = data("filter", folder / "right", "--out", folder / "none.jsonl", "--no-check-leaks")
    assert "in none of the 1 runs" in right.stderr and "--self-debug 0" in right.stderr
