"""`codeact show`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exits import Exit

TURNS = """\
I plot.
<execute>
import matplotlib.pyplot as plt
plt.plot([1, 2])
for n in range(200):
    print(n)
</execute>
---
hm
---
<solution>two\tlines
of answer</solution>
"""


@pytest.fixture
def run(codeact: Codeact, script: Callable[..., str], folder: Path) -> Path:
    """A saved run."""
    codeact("run", "Draw it.", "--model", script(TURNS), "--save", "run.jsonl")
    return folder / "run.jsonl"


def test_the_whole_run_is_told_in_order_on_standard_output(codeact: Codeact, run: Path) -> None:
    result = codeact("show", run)
    assert (result.returncode, result.stderr) == (Exit.OK, "")
    words = (
        "Draw it.",
        "I plot.",
        "plt.plot([1, 2])",
        "│ 0\n",
        "lines left out",
        "│ 199\n",
        "malformed",
        "two\tlines\nof answer",
        "answered · 3",
    )
    places = [result.stdout.index(text) for text in words]
    assert places == sorted(places)
    assert "\x1b" not in result.stdout


def test_whole_shows_output_unfolded(codeact: Codeact, run: Path) -> None:
    result = codeact("show", run, "--whole")
    assert "│ 100\n" in result.stdout and "left out" not in result.stdout


def test_showing_writes_no_files(codeact: Codeact, run: Path, folder: Path) -> None:
    before = sorted(folder.iterdir())
    codeact("show", run)
    assert sorted(folder.iterdir()) == before


def test_json_is_the_list_of_events(codeact: Codeact, run: Path) -> None:
    events = json.loads(codeact("show", run, "--json").stdout)
    assert [events[0]["type"], events[1]["type"], events[-1]["type"]] == ["run_started", "task_given", "run_ended"]


def test_a_torn_last_line_is_reported_and_the_rest_shown(codeact: Codeact, run: Path) -> None:
    text = run.read_text()
    run.write_text(text[: len(text) - 40])
    result = codeact("show", run)
    assert result.returncode == Exit.OK
    assert "torn" in result.stderr
    assert "two\tlines" in result.stdout


def test_a_broken_line_in_the_middle_is_an_error_with_its_number(codeact: Codeact, run: Path) -> None:
    lines = run.read_text().splitlines(keepends=True)
    lines[2] = "{broken\n"
    run.write_text("".join(lines))
    result = codeact("show", run)
    assert (result.returncode, result.stdout) == (Exit.INPUT, "")
    assert "line 3" in result.stderr
