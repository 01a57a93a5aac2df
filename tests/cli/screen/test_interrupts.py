"""Ctrl-C and SIGTERM in a real terminal, with a runaway action."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import COMMAND, Codeact
from cli.processes import all_gone, children_of
from cli.terminal import Terminal
from codeact.cli.exits import Exit
from codeact.events import Observation, RunEnded
from codeact.trajectory import Trajectory, load

RUNAWAY = """\
I wait.
<execute>
print("runs away")
while True:
    pass
</execute>
---
<solution>went on</solution>
"""
STUBBORN = RUNAWAY.replace("<execute>", "<execute>\nimport signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)")


@pytest.fixture
def start(folder: Path, environment: dict[str, str], script: Callable[..., str]) -> Callable[..., Terminal]:
    """Start a verb in a terminal."""

    def call(verb: str, *arguments: str, turns: str = RUNAWAY) -> Terminal:
        return Terminal([*COMMAND, verb, *arguments, "--model", script(turns), "--save", "run.jsonl"], folder, environment)

    return call


def saved(folder: Path) -> Trajectory:
    return load(folder / "run.jsonl")


def test_once_stops_the_action_and_the_run_goes_on(start: Callable[..., Terminal], folder: Path) -> None:
    with start("run", "Wait.") as terminal:
        terminal.wait_for("runs away", times=2)
        terminal.type("\x03")
        terminal.wait_for("press Ctrl-C again to stop the run")
        code = terminal.end()
    assert (code, "went on" in terminal.text) == (Exit.OK, True)
    record = saved(folder)
    assert [one.status for one in record.of_type(Observation)] == ["interrupted"]
    assert [one.state for one in record.of_type(RunEnded)] == ["answered"]


def test_twice_stops_the_run_and_leaves_a_record_and_no_process(start: Callable[..., Terminal], folder: Path) -> None:
    with start("run", "Wait.", turns=STUBBORN) as terminal:
        terminal.wait_for("runs away", times=2)
        below = children_of(terminal.process.pid)
        assert len(below) > 0
        terminal.type("\x03")
        terminal.wait_for("press Ctrl-C again to stop the run")
        terminal.type("\x03")
        code = terminal.end()
    assert code == Exit.CANCELLED
    assert all_gone(below)
    record = saved(folder)
    assert record.recovered == ""
    assert [one.state for one in record.of_type(RunEnded)] == ["cancelled"]


def test_sigterm_stops_the_run_like_twice(start: Callable[..., Terminal], folder: Path) -> None:
    with start("run", "Wait.") as terminal:
        terminal.wait_for("runs away", times=2)
        below = children_of(terminal.process.pid)
        os.kill(terminal.process.pid, signal.SIGTERM)
        code = terminal.end()
    assert code == Exit.CANCELLED
    assert all_gone(below)
    assert [one.state for one in saved(folder).of_type(RunEnded)] == ["cancelled"]


def test_what_a_stopped_run_made_is_named_where_it_cannot_be_copied_any_more(start: Callable[..., Terminal]) -> None:
    turns = "<execute>\nopen('a.txt', 'w').write('a')\n</execute>\n---\n" + RUNAWAY
    with start("run", "Wait.", "--out", "made", turns=turns) as terminal:
        terminal.wait_for("runs away", times=2)
        os.kill(terminal.process.pid, signal.SIGTERM)
        code = terminal.end()
    assert code == Exit.CANCELLED
    assert "not copied, since the session is over: a.txt" in terminal.text


@pytest.mark.parametrize("messages", [0, 1])
def test_sigterm_at_the_prompt_ends_the_chat_in_good_order(start: Callable[..., Terminal], folder: Path, messages: int) -> None:
    turns = "<execute>\nopen('a.txt', 'w').write('a')\n</execute>\n---\n<solution>written</solution>"
    with start("chat", "--out", "made", turns=turns) as terminal:
        terminal.wait_for("> ")
        if messages:
            terminal.type("Write.\r")
            terminal.wait_for("\n> ", times=2)
        below = children_of(terminal.process.pid)
        code = terminal.end(signal.SIGTERM)
    assert code == Exit.CANCELLED, terminal.text
    assert all_gone(below)
    assert (folder / "made" / "a.txt").exists() == bool(messages)


def test_in_a_chat_twice_stops_the_message_and_not_the_chat(start: Callable[..., Terminal], folder: Path) -> None:
    with start("chat", turns=STUBBORN) as terminal:
        terminal.wait_for("> ")
        terminal.type("Wait.\r")
        terminal.wait_for("runs away", times=2)
        terminal.type("\x03")
        terminal.wait_for("press Ctrl-C again")
        terminal.type("\x03")
        terminal.wait_for("> ", times=2)
        terminal.type("Go on.\r")
        terminal.wait_for("went on")
        terminal.wait_for("> ", times=3)
        terminal.type("\x04")
        code = terminal.end()
    assert code == Exit.OK
    assert [one.state for one in saved(folder).of_type(RunEnded)] == ["cancelled", "answered"]


def test_at_the_prompt_ctrl_c_says_how_to_leave(start: Callable[..., Terminal], folder: Path) -> None:
    with start("chat") as terminal:
        terminal.wait_for("> ")
        terminal.press_until("\x03", "/quit or Ctrl-D leaves")
        terminal.type("/quit\r")
        assert terminal.end() == Exit.OK


def test_exec_stops_a_cell_with_once_and_all_with_twice(folder: Path, environment: dict[str, str]) -> None:
    (folder / "cells.py").write_text("print('first')\nwhile True: pass\n# %%\nprint('second')\nwhile True: pass\n")
    with Terminal([*COMMAND, "exec", "cells.py"], folder, environment) as terminal:
        terminal.wait_for("first")
        terminal.type("\x03")
        terminal.wait_for("second")
        below = children_of(terminal.process.pid)
        terminal.type("\x03")
        terminal.wait_for("stopping the", times=2)
        terminal.type("\x03")
        code = terminal.end()
    assert code == Exit.CANCELLED
    assert all_gone(below)


def test_a_terminal_shows_colours_and_makes_the_answer_stand_out(start: Callable[..., Terminal]) -> None:
    with start("run", "What?", turns="I think.\n<execute>\nx = [1]\nx\n</execute>\n---\n<solution>one</solution>") as terminal:
        code = terminal.end()
    assert code == Exit.OK
    assert "\x1b[" in terminal.raw
    assert terminal.text.count("Answer\none\n") == 1
    assert "I think." in terminal.text and "\x1b[?25h" in terminal.raw  # the cursor is back


def test_an_export_to_the_terminal_is_made_harmless_and_to_a_pipe_it_is_exact(
    start: Callable[..., Terminal], folder: Path, environment: dict[str, str], codeact: Codeact
) -> None:
    with start("run", "What?", turns="<solution>a\x1b]0;owned\x07b</solution>") as terminal:
        assert terminal.end() == Exit.OK
    with Terminal([*COMMAND, "export", "run.jsonl", "--to", "md"], folder, environment) as terminal:
        assert terminal.end() == Exit.OK
    assert "owned" not in terminal.raw and "## Answer" in terminal.raw
    assert "a\x1b]0;owned\x07b" in codeact("export", "run.jsonl", "--to", "md").stdout
