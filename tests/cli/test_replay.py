"""`codeact replay`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit
from codeact.events import Observation, RunStarted
from codeact.trajectory import load

TURNS = """\
<execute>
rows = open("data.csv").read().split()
open("n.txt", "w").write(str(len(rows)))
print(rows)
</execute>
---
<execute>
import sys
print("to err", file=sys.stderr)
rows[7]
</execute>
---
<solution>3</solution>
"""


@pytest.fixture
def run(codeact: Codeact, script: Callable[..., str], folder: Path) -> Path:
    """A saved run that was given a file."""
    (folder / "data.csv").write_text("a\n1\n2\n")
    codeact("run", "Count.", "--model", script(TURNS), "--file", "data.csv", "--save", "run.jsonl")
    return folder / "run.jsonl"


def test_a_run_played_again_has_equal_observations(codeact: Codeact, run: Path) -> None:
    result = codeact("replay", run, "--file", "data.csv")
    assert (result.returncode, result.stderr) == (Exit.OK, "")
    assert result.stdout.splitlines()[-1] == "2 actions, all observations equal"


def test_a_difference_is_shown_and_has_its_exit_code(codeact: Codeact, run: Path, folder: Path) -> None:
    (folder / "data.csv").write_text("a\n1\n9\n")
    result = codeact("replay", run, "--file", "data.csv")
    assert result.returncode == Exit.DIFFERENT
    assert "different: stdout" in result.stdout and "'9'" in result.stdout
    assert result.stdout.splitlines()[-1] == "2 actions, 1 different"


def test_json_lists_each_action(codeact: Codeact, run: Path, folder: Path) -> None:
    (folder / "data.csv").write_text("a\n1\n3\n")
    rows = json.loads(codeact("replay", run, "--file", "data.csv", "--json").stdout)
    assert [(row["turn"], row["status"], row["equal"]) for row in rows] == [(1, "ok", False), (2, "error", True)]
    assert {one["what"] for one in rows[0]["differences"]} == {"stdout"}


def test_a_file_that_the_run_was_given_is_asked_for(codeact: Codeact, run: Path) -> None:
    result = codeact("replay", run)
    assert result.returncode == Exit.INPUT and "data.csv; give each with --file" in result.stderr


def test_folders_that_the_run_could_read_are_named(codeact: Codeact, script: Callable[..., str], folder: Path) -> None:
    (folder / "data").mkdir(mode=0o755)
    (folder / "data" / "n.txt").write_text("7")
    turns = f"<execute>\nprint(open({str(folder / 'data' / 'n.txt')!r}).read())\n</execute>\n---\n<solution>7</solution>\n"
    codeact("run", "Count.", "--model", script(turns), "--folder", "data", "--save", "run.jsonl")
    without, given = codeact("replay", "run.jsonl"), codeact("replay", "run.jsonl", "--folder", "data")
    assert without.returncode == Exit.DIFFERENT and "data; to show them again, give each with --folder" in without.stderr
    assert (given.returncode, given.stderr) == (Exit.OK, "")


def test_the_new_run_is_saved_with_its_own_observations(codeact: Codeact, run: Path, folder: Path) -> None:
    codeact("replay", run, "--file", "data.csv", "--save", "again.jsonl")
    old, new = load(run), load(folder / "again.jsonl")
    assert [event.type for event in new.events] == [event.type for event in old.events]
    assert [one.text for one in new.of_type(Observation)] == [one.text for one in old.of_type(Observation)]
    assert new.of_type(RunStarted)[0].parent == old.of_type(RunStarted)[0].run_id


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        ("json", 'I try.\n{"tool": "cube", "arguments": [3]}\n{"tool": "cube", "arguments": {"x": 1}}\n---\n{"answer": 27}'),
        ("text", "Thought: I try.\nAction: cube(3)\nAction: cube(x=1)\n---\nAnswer: 27"),
    ],
)
def test_a_run_of_calls_is_shown_and_played_again(
    codeact: Codeact, script: Callable[..., str], folder: Path, name: str, turns: str
) -> None:
    done = codeact("run", "Three cubed?", "--format", name, "--model", script(turns), "--save", "run.jsonl")
    assert (done.returncode, done.stdout) == (Exit.OK, "27\n")
    shown = codeact("show", "run.jsonl").stdout
    assert shown.count("\nturn 1\n") == 1
    assert shown.count("I try.") == 1
    assert shown.index("    cube(3)\n") < shown.index("name 'cube' is not defined") < shown.index("    cube(x=1)\n")
    again = codeact("replay", "run.jsonl", "--save", "again.jsonl")
    assert again.stdout.splitlines()[-1] == "2 actions, all observations equal"
    assert load(folder / "again.jsonl").messages == load(folder / "run.jsonl").messages
