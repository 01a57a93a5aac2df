"""--ask, in a real terminal."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import COMMAND, Codeact
from cli.terminal import Terminal
from codeact.cli.exits import Exit
from codeact.events import Action, ApprovalAsked, ApprovalGiven, Feedback, Observation, ToolReturned
from codeact.trajectory import load

TURNS = """\
I look.
<execute>
print("one", get_price("pear"))
</execute>
---
<execute>
print("two", get_price("apple"))
</execute>
---
<solution>done</solution>
"""
SHOP = "def get_price(item: str) -> float:\n    'Price of an item.'\n    return {'apple': 0.5, 'pear': 0.75}[item]\n"
RUN_IT, CALL_IT = "run this? [y]es", "make this call? [y]es"

Start = Callable[[str], Terminal]


@pytest.fixture
def start(folder: Path, environment: dict[str, str], script: Callable[..., str]) -> Start:
    """Start a run that asks."""
    (folder / "shop.py").write_text(SHOP)
    (folder / "editor.py").write_text(
        "import sys\nfrom pathlib import Path\nfile = Path(sys.argv[1])\nfile.write_text(file.read_text().replace('pear', 'apple'))\n"
    )
    options = ["--model", script(TURNS), "--tools", "shop", "--save", "run.jsonl"]
    variables = {**environment, "EDITOR": f"{sys.executable} {folder / 'editor.py'}", "VISUAL": ""}
    return lambda asked: Terminal([*COMMAND, "run", "Go.", *options, "--ask", asked], folder, variables)


def outputs(folder: Path) -> list[str]:
    return [one.stdout for one in load(folder / "run.jsonl").of_type(Observation)]


def test_each_action_is_shown_whole_and_runs_when_it_is_allowed(start: Start, folder: Path) -> None:
    with start("actions") as terminal:
        terminal.wait_for(RUN_IT)
        assert 'print("one", get_price("pear"))' in terminal.text and "one 0.75" not in terminal.text
        terminal.type("y\r")
        terminal.wait_for(RUN_IT, times=2)
        terminal.type("y\r")
        assert terminal.end() == Exit.OK
    assert outputs(folder) == ["one 0.75\n", "two 0.5\n"]
    assert terminal.text.count('print("one"') == 1


def test_an_action_that_is_refused_is_not_run_and_the_model_is_told_why(start: Start, folder: Path) -> None:
    with start("actions") as terminal:
        terminal.wait_for(RUN_IT)
        terminal.type("n\r")
        terminal.wait_for("why?")
        terminal.type("no pears\r")
        terminal.wait_for(RUN_IT, times=2)
        terminal.type("a\r")
        assert terminal.end() == Exit.OK
    record = load(folder / "run.jsonl")
    assert outputs(folder) == ["two 0.5\n"]
    assert "no pears" in record.of_type(Feedback)[0].text
    actions = {one.approval_id for one in record.of_type(ApprovalAsked) if one.subject == "action"}
    assert [one.decision for one in record.of_type(ApprovalGiven) if one.approval_id in actions] == ["deny", "allow"]


def test_an_action_can_be_edited(start: Start, folder: Path) -> None:
    with start("actions") as terminal:
        terminal.wait_for(RUN_IT)
        terminal.type("e\r")
        terminal.wait_for(RUN_IT, times=2)
        terminal.type("a\r")
        assert terminal.end() == Exit.OK
    assert outputs(folder)[0] == "one 0.5\n"
    assert 'get_price("apple")' in load(folder / "run.jsonl").of_type(Action)[0].code


def test_calls_are_asked_about_and_can_be_edited_and_refused(start: Start, folder: Path) -> None:
    with start("calls") as terminal:
        terminal.wait_for(CALL_IT)
        assert '"pear"' in terminal.text
        terminal.type("e\r")
        terminal.wait_for(CALL_IT, times=2)
        terminal.type("n\r")
        terminal.wait_for("why?")
        terminal.type("\r")
        assert terminal.end() == Exit.OK
    assert RUN_IT not in terminal.text
    assert outputs(folder)[0] == "one 0.5\n"
    assert [one.error for one in load(folder / "run.jsonl").of_type(ToolReturned)] == [None, "PermissionError: get_price was not allowed"]


def test_anything_else_is_asked_again(start: Start) -> None:
    with start("all") as terminal:
        terminal.wait_for(RUN_IT)
        terminal.type("what\r")
        terminal.wait_for(RUN_IT, times=2)
        terminal.type("a\r")
        terminal.wait_for(CALL_IT)
        terminal.type("a\r")
        assert terminal.end() == Exit.OK


def test_ctrl_c_twice_ends_the_waiting(start: Start) -> None:
    with start("actions") as terminal:
        terminal.wait_for(RUN_IT)
        terminal.type("\x03")
        terminal.wait_for("press Ctrl-C again")
        terminal.type("\x03")
        assert terminal.end() == Exit.CANCELLED


def test_without_a_terminal_nothing_can_be_asked(codeact: Codeact, script: Callable[..., str]) -> None:
    result = codeact("run", "Go.", "--model", script(TURNS), "--ask", "all")
    assert result.returncode == Exit.INPUT
    assert "standard input is none" in result.stderr
