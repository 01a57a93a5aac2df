"""The command as a whole: help, the verb that may be left out, errors in one line, pipes that break."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import COMMAND, Codeact
from codeact.cli.exits import Exit
from codeact.cli.main import VERBS


def test_help_names_every_verb_and_every_exit_code(codeact: Codeact) -> None:
    result = codeact("--help")
    assert result.returncode == 0
    assert [verb for verb in VERBS if f"  {verb} " not in result.stdout] == []
    assert [code for code in Exit if f"{code.value}  {code.meaning}" not in result.stdout] == []


@pytest.mark.parametrize("verb", [*VERBS, "models list", "models pull"])
def test_every_verb_has_help_with_an_example(codeact: Codeact, verb: str) -> None:
    result = codeact(*verb.split(), "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"codeact {verb.partition(' ')[0]}" in result.stdout[result.stdout.index("Example") :]


def test_help_loads_no_verb() -> None:
    code = "import sys; from codeact.cli.main import main; main(['--help']); print([m for m in sys.modules if m in %r])"
    heavy = ("codeact.cli.run", "codeact.build", "rich.console", "pydantic", "IPython")
    result = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.splitlines()[-1] == "[]"


def test_a_question_without_a_verb_is_run(codeact: Codeact, script: Callable[..., str]) -> None:
    assert codeact("What is 12345 * 6789?", "--model", script()).stdout == "83810205\n"
    assert codeact("--model", script(), "What is it?").stdout == "83810205\n"


def test_a_slip_in_a_verb_is_no_question(codeact: Codeact) -> None:
    result = codeact("shwo", "run.jsonl")
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert "did you mean 'show'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "hi", "--model", "gpt"], Exit.INPUT, "no model is called 'gpt'; write one of: local"),
        (["run", "hi", "--model", "script:none.txt"], Exit.INPUT, "none.txt"),
        (["run", "hi", "--model", "local:none.gguf", "--no-save"], Exit.MODEL, "none.gguf"),
        (["run", "hi", "--model", "openai:gpt"], Exit.MODEL, "OPENAI_API_KEY"),
        (["run", "hi", "--format", "yaml", "--model", "local"], Exit.INPUT, "no format is called 'yaml'"),
        (["run", "hi", "--max-turns", "0"], Exit.INPUT, "--max-turns"),
        (["run", " "], Exit.INPUT, "the task is empty"),
        (["run", "hi", "--save", "a", "--no-save"], Exit.INPUT, "exclude each other"),
        (["show", "none.jsonl"], Exit.INPUT, "none.jsonl"),
        (["exec", "none.py"], Exit.INPUT, "none.py"),
        (["exec", "-", "--python", "/none/python"], Exit.SESSION, "/none/python"),
        (["export", "none.jsonl"], Exit.INPUT, "--to ipynb | md | chat"),
        (["models", "pull", "none"], Exit.INPUT, "no model 'none'"),
    ],
)
def test_an_error_is_a_clear_line_and_its_exit_code(codeact: Codeact, arguments: list[str], code: Exit, words: str) -> None:
    result = codeact(*arguments, stdin="1")
    assert (result.returncode, result.stdout) == (code, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bad_setting_names_its_variable(codeact: Codeact) -> None:
    result = codeact("run", "hi", CODEACT_MODLE="x")
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert result.stderr == "codeact: error: environment: the variable 'CODEACT_MODLE' is no setting; did you mean 'CODEACT_MODEL'?\n"


def test_debug_shows_where_an_error_happened(codeact: Codeact) -> None:
    result = codeact("show", "none.jsonl", CODEACT_DEBUG="1")
    assert "Traceback" in result.stderr


def test_a_reader_that_goes_away_is_not_complained_about(environment: dict[str, str], folder: Path, script: Callable[..., str]) -> None:
    answer = "word\n" * 100_000
    script(f"<solution>{answer}</solution>")
    call = " ".join([*COMMAND, "run", "hi", "--model", "script:script.txt", "--save", "run.jsonl", "-q"])
    show = " ".join([*COMMAND, "show", "run.jsonl"])
    for command in (call, show):
        line = f"{command} | head -n 1; echo ${{PIPESTATUS[0]}}"
        result = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=True)
        assert result.stderr == ""
        assert result.stdout.splitlines()[-1] == str(Exit.BROKEN_PIPE.value)
