"""`codeact chat` with piped input; the terminal is in test_interrupts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit
from codeact.events import TaskGiven
from codeact.trajectory import load

Script = Callable[..., str]

STATE = "<execute>\nx = 20\n</execute>\n---\n<solution>kept</solution>\n---\n<execute>\nx + 1\n</execute>\n---\n<solution>21</solution>"


def test_state_is_kept_between_messages(codeact: Codeact, script: Script, folder: Path) -> None:
    result = codeact("chat", "--model", script(STATE), "--save", "chat.jsonl", stdin="Keep 20.\n\nAdd one.\n")
    assert (result.returncode, result.stdout) == (Exit.OK, "kept\n21\n")
    assert "│ 21" in result.stderr
    assert [task.text for task in load(folder / "chat.jsonl").of_type(TaskGiven)] == ["Keep 20.", "Add one."]


def test_files_are_added_listed_and_saved(codeact: Codeact, script: Script, folder: Path) -> None:
    (folder / "in.txt").write_text("in")
    turns = "<execute>\nopen('out.txt', 'w').write(open('in.txt').read())\n</execute>\n---\n<solution>1</solution>"
    typed = "/add in.txt\nCopy it.\n/files\n/save copy.jsonl\n/quit\nnever read\n"
    result = codeact("chat", "--model", script(turns), stdin=typed)
    assert result.stdout == "1\n"
    assert "in.txt\nout.txt\n" in result.stderr
    assert load(folder / "copy.jsonl").of_type(TaskGiven)[0].files == ("in.txt",)


def test_reset_forgets_everything(codeact: Codeact, script: Script, environment: dict[str, str]) -> None:
    turns = "<execute>\nx = 20\n</execute>\n---\n<solution>kept</solution>"
    result = codeact("chat", "--model", script(turns), stdin="Keep it.\n/reset\nAgain.\n")
    assert result.stdout == "kept\nkept\n"
    assert len(list((Path(environment["XDG_DATA_HOME"]) / "codeact" / "runs").iterdir())) == 2


@pytest.mark.parametrize("typed", ["/nonsense", "/add", "/save", "/add none.txt"])
def test_what_cannot_be_done_is_said_and_the_chat_goes_on(codeact: Codeact, script: Script, typed: str) -> None:
    result = codeact("chat", "--model", script("<solution>here</solution>"), stdin=f"{typed}\nhi\n")
    assert (result.returncode, result.stdout) == (Exit.OK, "here\n")
    assert "/help lists them" in result.stderr or "no file 'none.txt'" in result.stderr


def test_a_message_that_fails_does_not_end_the_chat(codeact: Codeact, script: Script) -> None:
    result = codeact("chat", "--model", script("<solution>one</solution>"), stdin="a\nb\n/help\n")
    assert result.stdout == "one\n"
    assert "failed at the model boundary" in result.stderr and "/reset" in result.stderr


def test_one_can_go_back_and_on_from_there(codeact: Codeact, script: Script, folder: Path, environment: dict[str, str]) -> None:
    (folder / "in.txt").write_text("in")
    turns = [
        "<execute>\nx = open('in.txt').read()\n</execute>",
        "<solution>read</solution>",
        "<execute>\nx = 'lost'\n</execute>",
        "<solution>set</solution>",
        "<execute>\nprint(x, open('in.txt').read())\n</execute>",
        "<solution>told</solution>",
        "<execute>\nprint('x' in dir())\n</execute>",
        "<solution>end</solution>",
    ]
    typed = "/add in.txt\nRead.\nForget.\n/turns\n/undo\nTell.\n/back 0\nIs there x?\n"
    result = codeact("chat", "--model", script("\n---\n".join(turns)), stdin=typed)
    assert result.stdout == "read\nset\ntold\nend\n"
    assert "     > Forget.\n   3   x = 'lost'\n   4   = set" in result.stderr
    assert "back at the end of turn 2; what came after it is in" in result.stderr
    assert "│ in in" in result.stderr and "│ False" in result.stderr
    saved = [load(path) for path in (Path(environment["XDG_DATA_HOME"]) / "codeact" / "runs").iterdir()]
    assert sorted([[task.text for task in record.of_type(TaskGiven)] for record in saved]) == [
        ["Is there x?"],
        ["Read.", "Forget."],
        ["Read.", "Tell."],
    ]


@pytest.mark.parametrize(("typed", "said"), [("/undo", "no message yet"), ("/back 3", "nothing has happened"), ("/back x", "not 'x'")])
def test_where_one_cannot_go_back_that_is_said(codeact: Codeact, script: Script, typed: str, said: str) -> None:
    result = codeact("chat", "--model", script("<solution>here</solution>"), stdin=f"{typed}\nhi\n")
    assert (result.returncode, result.stdout) == (Exit.OK, "here\n")
    assert said in result.stderr


def test_the_variables_are_listed_as_a_table(codeact: Codeact, script: Script) -> None:
    turns = "<execute>\nx = 20\nword = '\\x1b[2J' + 'w' * 100\n</execute>\n---\n<solution>kept</solution>"
    result = codeact("chat", "--model", script(turns), stdin="/vars\nKeep it.\n/vars\n/reset\n/vars\n")
    assert result.stdout == "kept\n"
    assert result.stderr.count("no variables\n") == 2
    head, first, second = result.stderr[result.stderr.index("name  ") :].splitlines()[:3]
    assert head.split() == ["name", "type", "shape", "bytes", "value"]
    assert first.split() == ["x", "int", "28", "20"]
    assert second.split()[:3] == ["word", "str", "104"] and second.endswith("w…")
