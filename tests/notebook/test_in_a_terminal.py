"""The magics in IPython without a kernel: plain text, and the details that need no kernel."""

import atexit
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from notebook.kernels import LOAD, acting, answering, script


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell in the test's folder, with the extension loaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEACT_PRELOAD", "[]")
    settings = Config()
    settings.HistoryManager.enabled = False
    one = InteractiveShell(config=settings)
    one.run_cell(LOAD)
    yield one
    one.run_cell("%unload_ext codeact")
    one.atexit_operations()
    atexit.unregister(one.atexit_operations)  # it is not made to be called twice


def test_a_run_is_printed_as_the_command_line_prints_it(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = script(tmp_path, "talk.txt", acting("print('working')\n6 * 7", "I compute."), answering("**42**"))
    assert shell.run_cell(f"%%agent --model {model}\nSix times seven").success
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.strip()][1:6] == ["turn 1", "I compute.", "    print('working')", "    6 * 7", "│ working"]
    assert "**42**" in lines
    assert shell.user_ns["_agent"].answer == "**42**"


@pytest.mark.parametrize("line", ["%agent?", "%%agent?"])
def test_help_names_the_options(line: str, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell(line)
    shown = capsys.readouterr().out
    assert "Have an agent do a task" in shown
    assert "--push <NAME [NAME ...]>" in shown


def test_a_question_mark_at_the_end_of_a_line_is_part_of_the_question(shell: InteractiveShell, tmp_path: Path) -> None:
    model = script(tmp_path, "talk.txt", answering("yes"))
    assert shell.run_cell(f"%agent --model {model} --out said is it?").success
    assert shell.user_ns["said"].trajectory.messages[1].content == "is it?"


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("It's what I say", "It's what I say"),
        ("--turns 3 count -5 and --all", "count -5 and --all"),
        ("--turns=3 -- --odd one", "--odd one"),
        ("--ask --yes no", None),
        ("--out two-words x", None),
        ("--turns three x", None),
    ],
)
def test_the_task_of_a_line_begins_where_its_options_end(line: str, task: str | None, shell: InteractiveShell, tmp_path: Path) -> None:
    model = script(tmp_path, "talk.txt", answering("yes"))
    assert shell.run_cell(f"%agent --model {shlex.quote(model)} {line}").success is (task is not None)
    run = shell.user_ns.get("_agent")
    assert (run.trajectory.messages[1].content if run is not None else None) == task


def test_code_here_may_await_where_no_loop_turns(shell: InteractiveShell, tmp_path: Path) -> None:
    model = script(tmp_path, "talk.txt", acting("import asyncio\nslept = await asyncio.sleep(0, 'well')"), answering("ok"))
    shell.run_cell(f"%%agent --here --yes --model {model}\nsleep")
    assert shell.user_ns["slept"] == "well"


def test_code_here_cannot_ask_the_agent_that_runs_it(shell: InteractiveShell, tmp_path: Path) -> None:
    model = script(tmp_path, "talk.txt", acting("%agent --here hello"), answering("ok"))
    shell.run_cell(f"%%agent --here --yes --model {model}\nask yourself")
    assert "the agent is at work already" in str(shell.user_ns["_agent"].trajectory.messages)


def test_a_tool_runs_in_the_notebooks_process_and_its_call_is_shown(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.py").write_text('def price(item: str) -> float:\n    "Price of an item."\n    return 2.5\n', encoding="utf-8")
    model = script(tmp_path, "talk.txt", acting("price('tea') * 2"), answering("5"))
    shell.run_cell(f"%%agent --tools shop.py --model {model}\nTwo teas")
    assert "call price('tea') -> 2.5" in capsys.readouterr().out


def test_the_code_inside_takes_nothing_that_is_not_being_pushed(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = script(
        tmp_path,
        "talk.txt",
        acting("from tools.notebook import take\ntake('secret')"),
        acting("from tools.notebook import give\ngive(1)"),
        answering("no"),
    )
    shell.run_cell("secret = 1; open_one = [1, (2, 3)]")
    shell.run_cell(f"%%agent --push open_one --model {model}\nsteal")
    printed = capsys.readouterr().out
    assert "LookupError: the notebook pushes nothing of that name now" in printed
    assert "RuntimeError: the notebook asks for nothing now" in printed
    shell.run_cell("%agent --pull open_one")
    assert shell.user_ns["open_one"] == [1, (2, 3)]


def test_a_failed_model_is_a_run_with_its_reason(shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.run_cell(f"%agent --model {script(tmp_path, 'short.txt', acting('1'))} go on").success
    assert shell.user_ns["_agent"].state == "error"
    assert "Traceback" not in capsys.readouterr().out


def test_a_model_that_does_not_exist_is_one_line(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert not shell.run_cell("%agent --model script:missing.txt hello").success
    shown = capsys.readouterr()
    assert shown.err.startswith("UsageError: cannot read the script 'missing.txt'")
    assert "Traceback" not in shown.out + shown.err


def test_loaded_again_it_begins_anew(shell: InteractiveShell, tmp_path: Path) -> None:
    first = script(tmp_path, "one.txt", acting("a = 1"), answering("1"))
    second = script(tmp_path, "two.txt", answering("2"))
    shell.run_cell(f"%agent --model {first} one")
    shell.run_cell("%reload_ext codeact")
    assert shell.run_cell(f"%agent --model {second} two").success
    assert shell.user_ns["_agent"].answer == "2"
