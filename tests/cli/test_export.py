"""`codeact export`."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cli.conftest import Codeact
from codeact.cli.exits import Exit

TURNS = """\
<execute>
import math
x = [n * n for n in range(5)]
print(sum(x))
x
</execute>
---
<execute>
undefined
</execute>
---
<execute>
x[-1], math.floor(2.5)
</execute>
---
<solution>16</solution>
"""


@pytest.fixture
def run(codeact: Codeact, script: Callable[..., str], folder: Path) -> Path:
    """A saved run."""
    codeact("run", "Square.", "--model", script(TURNS), "--save", "run.jsonl")
    return folder / "run.jsonl"


@pytest.mark.filterwarnings("default")  # jupyter_client's and zmq's own warnings are not ours
def test_an_exported_notebook_runs_in_jupyter_with_the_recorded_results(codeact: Codeact, run: Path, folder: Path) -> None:
    assert codeact("export", run, "-o", "run.ipynb").returncode == Exit.OK
    recorded = nbformat.read(folder / "run.ipynb", as_version=4)
    nbformat.validate(recorded)
    fresh = nbformat.read(folder / "run.ipynb", as_version=4)
    NotebookClient(fresh, timeout=60).execute()
    codes = [(old, new) for old, new in zip(recorded.cells, fresh.cells, strict=True) if old.cell_type == "code"]
    assert len(codes) == 3
    for place in (0, 2):
        assert codes[place][0].outputs == codes[place][1].outputs
    assert (codes[1][0].outputs[0].ename, codes[1][1].outputs[0].ename) == ("NameError", "NameError")


def test_without_a_file_the_export_goes_to_standard_output(codeact: Codeact, run: Path) -> None:
    assert "## Answer\n\n16" in codeact("export", run, "--to", "md").stdout
    messages = json.loads(codeact("export", run, "--to", "chat").stdout)["messages"]
    assert messages[1] == {"role": "user", "content": "Square."}


def test_an_existing_file_is_replaced_whole(codeact: Codeact, run: Path, folder: Path) -> None:
    (folder / "run.md").write_text("x" * 100_000)
    codeact("export", run, "-o", "run.md")
    assert (folder / "run.md").read_text().startswith("# Run ")
    assert sorted(path.name for path in folder.iterdir()) == ["run.jsonl", "run.md", "script.txt"]


def test_a_file_that_does_not_tell_its_format_is_an_error(codeact: Codeact, run: Path) -> None:
    result = codeact("export", run, "-o", "run.txt")
    assert result.returncode == Exit.INPUT and "'run.txt' does not tell" in result.stderr


def test_a_folder_that_is_not_there_is_an_error_that_names_the_file(codeact: Codeact, run: Path) -> None:
    result = codeact("export", run, "-o", "none/run.md")
    assert result.returncode == Exit.INPUT and "cannot write 'none/run.md'" in result.stderr
