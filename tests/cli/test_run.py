"""`codeact run`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit
from codeact.events import Observation, RunStarted, TaskGiven
from codeact.trajectory import load

Script = Callable[..., str]


def test_the_answer_alone_is_on_standard_output(codeact: Codeact, script: Script) -> None:
    result = codeact("run", "What is 12345 * 6789?", "--model", script())
    assert (result.returncode, result.stdout) == (Exit.OK, "83810205\n")
    places = [result.stderr.index(text) for text in ("I let Python compute it.", "12345 * 6789", "│ working", "answered · 2 turns")]
    assert places == sorted(places)
    assert "\x1b" not in result.stderr


def test_a_run_is_saved_under_its_id_and_named(codeact: Codeact, script: Script, environment: dict[str, str]) -> None:
    result = codeact("run", "hi", "--model", script())
    saved = list((Path(environment["XDG_DATA_HOME"]) / "codeact" / "runs").iterdir())
    assert len(saved) == 1
    trajectory = load(saved[0])
    assert saved[0].stem == trajectory.of_type(RunStarted)[0].run_id
    assert f"saved to {saved[0]}" in result.stderr
    assert trajectory.last(Observation) is not None


def test_no_save_writes_nothing(codeact: Codeact, script: Script, environment: dict[str, str], folder: Path) -> None:
    plot = "<execute>\nimport matplotlib.pyplot as plt\nplt.plot([1])\n</execute>\n---\n<solution>1</solution>"
    result = codeact("run", "hi", "--model", script(plot), "--no-save")
    assert result.stdout == "1\n"
    assert not Path(environment["XDG_DATA_HOME"]).exists()
    assert [path.name for path in folder.iterdir()] == ["script.txt"]


def test_json_is_one_document(codeact: Codeact, script: Script, folder: Path) -> None:
    result = codeact("run", "hi", "--model", script(), "--json", "--answer-type", "int", "--save", "run.jsonl")
    document = json.loads(result.stdout)
    assert (document["state"], document["answer"], document["value"], document["turns"]) == ("answered", "83810205", 83810205, 2)
    assert document["trajectory"] == "run.jsonl" and (folder / "run.jsonl").exists()
    assert document["error"] is None and document["usage"]["output_tokens"] > 0


def test_a_figure_is_saved_beside_the_record_and_named(codeact: Codeact, script: Script, folder: Path) -> None:
    plot = "<execute>\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n</execute>\n---\n<solution>done</solution>"
    result = codeact("run", "hi", "--model", script(plot), "--save", "run.jsonl")
    assert "figure saved to run-figure-1.png" in result.stderr
    assert (folder / "run-figure-1.png").read_bytes().startswith(b"\x89PNG")


def test_files_are_given_and_those_made_are_copied_out(codeact: Codeact, script: Script, folder: Path) -> None:
    (folder / "data.csv").write_text("a\n1\n2\n")
    code = "rows = open('data.csv').read().split()\nopen('n.txt', 'w').write(str(len(rows)))"
    turn = f"<execute>\n{code}\n</execute>\n---\n<solution>3</solution>"
    result = codeact("run", "hi", "--model", script(turn), "--file", "data.csv", "--out", "out", "--save", "run.jsonl")
    assert result.returncode == 0
    assert (folder / "out" / "n.txt").read_text() == "3"
    assert "file n.txt created, 1 bytes" in result.stderr
    assert load(folder / "run.jsonl").of_type(TaskGiven)[0].files == ("data.csv",)


def test_a_link_out_of_the_workspace_is_not_copied(codeact: Codeact, script: Script, folder: Path) -> None:
    turn = (
        "<execute>\nimport os\nopen('a', 'w').write('a')\n</execute>\n---\n"
        "<execute>\nos.remove('a')\nos.symlink('/etc/passwd', 'a')\n</execute>\n---\n<solution>3</solution>"
    )
    codeact("run", "hi", "--model", script(turn), "--out", "out")
    assert list((folder / "out").iterdir()) == []


def test_long_output_is_folded(codeact: Codeact, script: Script) -> None:
    turn = "<execute>\nfor n in range(50_000):\n    print(n)\n</execute>\n---\n<solution>3</solution>"
    result = codeact("run", "hi", "--model", script(turn))
    lines = [line for line in result.stderr.splitlines() if line.startswith("│ ")]
    assert lines[0] == "│ 0" and lines[-1] == "│ 49999"
    assert "lines left out" in lines[-6]
    assert len(lines) == 16


def test_neither_model_nor_guest_can_send_escape_sequences(codeact: Codeact, script: Script) -> None:
    hostile = r"\x1b]0;owned\x07\x1b[2J[bold]x[/bold]\x9b31m"
    code = f"print('{hostile}')\nraise ValueError('{hostile}')"
    turn = f"\x1b[31mthought\n<execute>\n{code}\n</execute>\n---\n<solution>\x1b[2Jfine\x07 [red]</solution>"
    result = codeact("run", "hi", "--model", script(turn))
    assert result.stdout == "fine [red]\n"
    shown = result.stderr + result.stdout
    assert [char for char in shown if (ord(char) < 32 and char not in "\n\t") or 127 <= ord(char) < 160] == []
    assert "[bold]x[/bold]" in shown


@pytest.mark.parametrize(
    ("turns", "code", "state"),
    [
        ("hm\n---\nhm\n---\nhm", Exit.GAVE_UP, "gave_up"),
        ("<execute>\n1\n</execute>\n---\n" * 3 + "<execute>\n2\n</execute>", Exit.LIMIT, "limit"),
        ("<execute>\n1\n</execute>", Exit.MODEL, "error"),
    ],
)
def test_every_end_has_its_exit_code(codeact: Codeact, script: Script, turns: str, code: Exit, state: str) -> None:
    result = codeact("run", "hi", "--model", script(turns), "--save", "run.jsonl", "--max-turns", "3", "--json")
    assert (result.returncode, json.loads(result.stdout)["state"]) == (code, state)
    assert state.replace("_", " ") in result.stderr


def test_quiet_says_only_why_there_is_no_answer(codeact: Codeact, script: Script) -> None:
    result = codeact("run", "hi", "--model", script("<execute>\n1\n</execute>"), "--max-turns", "1", "-q")
    assert (result.returncode, result.stdout) == (Exit.LIMIT, "")
    assert result.stderr == "codeact: limit: the run reached its limit of turns: 1\n"


def test_the_task_is_read_from_standard_input(codeact: Codeact, script: Script, folder: Path) -> None:
    codeact("run", "-", "--model", script(), "--save", "run.jsonl", stdin="What is it?\n")
    assert load(folder / "run.jsonl").of_type(TaskGiven)[0].text == "What is it?"


def test_an_answer_of_another_type_goes_back_to_the_model(codeact: Codeact, script: Script) -> None:
    model = script('<solution>many</solution>\n---\n<solution>{"a": [1]}</solution>')
    result = codeact("run", "hi", "--model", model, "--answer-type", "json", "--json")
    assert json.loads(result.stdout)["value"] == {"a": [1]}
    assert "answer rejected" in result.stderr


def test_a_record_is_never_overwritten(codeact: Codeact, script: Script, folder: Path) -> None:
    (folder / "run.jsonl").write_text("mine")
    result = codeact("run", "hi", "--model", script(), "--save", "run.jsonl")
    assert result.returncode == Exit.INPUT and "exists" in result.stderr
    assert (folder / "run.jsonl").read_text() == "mine"


def test_a_file_that_is_not_there_is_an_input_error(codeact: Codeact, script: Script) -> None:
    result = codeact("run", "hi", "--model", script(), "--file", "none.csv")
    assert result.returncode == Exit.INPUT and "'none.csv'" in result.stderr


def test_native_calls_change_what_the_model_is_told_and_can_be_had_with_some_formats_only(
    codeact: Codeact, script: Script, folder: Path
) -> None:
    assert codeact("run", "hi", "--model", script(), "--native", "--save", "run.jsonl").stdout == "83810205\n"
    assert "`run_python`" in load(folder / "run.jsonl").of_type(RunStarted)[0].system
    again = codeact("run", "hi", "--model", "replay:run.jsonl", "--native", "--no-save")
    assert again.stdout == "83810205\n"
    assert "is not the recorded one" in codeact("run", "hi", "--model", "replay:run.jsonl", "--no-save").stderr
    refused = codeact("run", "hi", "--model", script(), "--native", "--format", "text")
    assert refused.returncode == Exit.INPUT
    assert "the format 'text' has no native calls" in refused.stderr
