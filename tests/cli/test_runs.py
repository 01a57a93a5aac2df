"""`codeact runs`."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import COMMAND, Codeact
from cli.terminal import Terminal
from codeact.cli.exits import Exit
from codeact.events import RunStarted, TaskGiven
from codeact.store.kept import open_store
from codeact.trajectory import Trajectory, load

TURNS = "I add.\n<execute>\nprint(20 + 1)\n</execute>\n---\n<solution>21</solution>"
STARTED = {"model": "script", "format": "code", "system": "", "isolation": "none", "limits": {}}


def begun(run_id: str, task: str, when: float, **other: str) -> Trajectory:
    """A run of which there is no more than its task."""
    started = RunStarted.model_validate({"run_id": run_id, "time": when, **STARTED, **other})
    return Trajectory(events=[started, TaskGiven(text=task, time=when)])


async def fill(database: Path, run: Path) -> None:
    store = await open_store(database)
    await store.add(load(run))
    await store.add(begun("abc1", "Which \x1b[31mcolour?", 1.0))
    await store.add(begun("abc2", "Which size?", 2.0))
    await store.add(begun("session", "none", 3.0, model=""))
    await store.aclose()


@pytest.fixture
def run(codeact: Codeact, script: Callable[..., str], folder: Path) -> Path:
    """A saved run, which is in the database too."""
    codeact("run", "What is 20 + 1?", "--model", script(TURNS), "--save", "run.jsonl")
    asyncio.run(fill(folder / "runs.db", folder / "run.jsonl"))
    return folder / "run.jsonl"


@pytest.fixture
def run_id(run: Path) -> str:
    """Its id."""
    return load(run).of_type(RunStarted)[0].run_id


@pytest.fixture
def runs(codeact: Codeact, run: Path) -> Codeact:
    """Call a verb of `codeact runs` on the database with that run."""
    return lambda verb, *arguments: codeact("runs", verb, *arguments, "--database", run.with_name("runs.db"))


def test_the_list_has_a_line_for_each_run_the_newest_first(runs: Codeact, run_id: str) -> None:
    result = runs("list")
    assert (result.returncode, result.stderr) == (Exit.OK, "")
    head, *rows = [line.split() for line in result.stdout.splitlines()]
    assert head == ["id", "when", "state", "turns", "model", "title"]
    assert [(row[0], row[3], row[4]) for row in rows] == [
        (run_id[:12], "answered", "2"),
        ("abc2", "running", "0"),
        ("abc1", "running", "0"),
    ]
    assert "What is 20 + 1?" in result.stdout and "\x1b" not in result.stdout


def test_the_list_can_be_narrowed_and_come_as_json(runs: Codeact, run_id: str) -> None:
    def ids(*arguments: str) -> list[str]:
        return [row["id"] for row in json.loads(runs("list", "--json", *arguments).stdout)]

    assert ids() == [run_id, "abc2", "abc1"]
    assert ids("--state", "running", "--limit", "1") == ["abc2"]
    assert ids("--search", "COLOUR") == ["abc1"]
    assert ids("--search", "taste") == []
    result = runs("list", "--search", "taste")
    assert (result.returncode, result.stdout, result.stderr) == (Exit.OK, "", "codeact: no such runs are kept\n")


def test_a_run_is_shown_as_its_file_would_be(codeact: Codeact, runs: Codeact, run: Path, run_id: str) -> None:
    for arguments in ([], ["--json"], ["--whole"]):
        shown = runs("show", run_id[:8], *arguments)
        assert (shown.returncode, shown.stderr) == (Exit.OK, "")
        assert shown.stdout == codeact("show", run, *arguments).stdout


def test_a_beginning_that_is_not_of_one_run_is_an_error(runs: Codeact) -> None:
    several = runs("show", "abc")
    assert (several.returncode, several.stdout) == (Exit.STORE, "")
    assert "several runs have an id that begins with 'abc': abc1, abc2; give more of it" in several.stderr
    assert "there is no run whose id begins with 'zzz'" in runs("export", "zzz", "--to", "md").stderr


def test_a_run_is_exported_as_the_file_it_was_and_in_each_format(codeact: Codeact, runs: Codeact, run: Path, run_id: str) -> None:
    assert runs("export", run_id, "--to", "jsonl").stdout == run.read_text()
    for name in ("out.jsonl", "out.md", "out.ipynb"):
        assert runs("export", run_id, "-o", name).stderr == f"written: {name}\n"
    assert run.with_name("out.jsonl").read_bytes() == run.read_bytes()
    assert run.with_name("out.md").read_text() == codeact("export", run, "--to", "md").stdout
    assert json.loads(runs("export", run_id, "--to", "chat").stdout)["messages"][1]["content"] == "What is 20 + 1?"
    result = runs("export", run_id)
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert "--to jsonl | ipynb | md | chat" in result.stderr


def test_runs_are_removed_all_or_none(runs: Codeact, run_id: str) -> None:
    assert runs("rm", run_id, "zzz", "--yes").returncode == Exit.STORE
    assert len(json.loads(runs("list", "--json").stdout)) == 3
    result = runs("rm", run_id, "abc1", "--yes")
    assert (result.returncode, result.stdout, result.stderr) == (Exit.OK, "", f"removed: {run_id}\nremoved: abc1\n")
    assert [row["id"] for row in json.loads(runs("list", "--json").stdout)] == ["abc2"]


def test_without_a_terminal_runs_are_only_removed_with_yes(runs: Codeact) -> None:
    result = runs("rm", "abc1")
    assert result.returncode == Exit.INPUT and "give --yes" in result.stderr
    assert len(json.loads(runs("list", "--json").stdout)) == 3


def test_at_a_terminal_a_removal_is_asked_about(runs: Codeact, environment: dict[str, str], folder: Path) -> None:
    for keys, code, left in (("n\r", Exit.CANCELLED, 3), ("y\r", Exit.OK, 2)):
        with Terminal([*COMMAND, "runs", "rm", "abc1", "--database", "runs.db"], folder, environment) as terminal:
            terminal.wait_for("remove for ever?")
            assert "abc1  Which colour?" in terminal.text
            terminal.type(keys)
            assert terminal.end() == code
        assert len(json.loads(runs("list", "--json").stdout)) == left


def test_the_setting_says_which_database_and_none_is_made(codeact: Codeact, run: Path, folder: Path) -> None:
    assert "Which size?" in codeact("runs", "list", CODEACT_DATABASE="runs.db").stdout
    result = codeact("runs", "list", "--database", "none.db")
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert "there is no database" in result.stderr and "none.db" in result.stderr
    assert "codeact/runs.db" in codeact("runs", "list").stderr
    assert not (folder / "none.db").exists()


def test_without_the_extra_the_install_line_is_printed(folder: Path, codeact: Codeact) -> None:
    (folder / "sqlalchemy.py").write_text("raise ModuleNotFoundError(name='sqlalchemy')")
    for verb in ("runs", "keys"):
        result = codeact(verb, "list", PYTHONPATH=str(folder))
        assert (result.returncode, result.stdout) == (Exit.INPUT, "")
        assert "the database of runs needs the package 'sqlalchemy'. Install it with: pip install 'codeact[serve]'" in result.stderr
