"""`codeact exec`."""

import json
from pathlib import Path

import pytest

from cli.conftest import Codeact
from codeact.cli.exec import split
from codeact.cli.exits import Exit


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("x = 1\n", ["x = 1\n"]),
        ("# %%\nx = 1\n# %% title\ny = 2\n", ["x = 1\n", "y = 2\n"]),
        ("a\n#%%\nb", ["a\n", "b"]),
        ("# %%\n\n# %%\n", []),
        ("s = '# %% no'\n  # %% no\n", ["s = '# %% no'\n  # %% no\n"]),
    ],
)
def test_a_file_is_cut_at_its_cell_marks(source: str, cells: list[str]) -> None:
    assert split(source) == cells


def test_streams_result_and_traceback_go_where_they_belong(codeact: Codeact) -> None:
    code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\n6 * 7\n# %%\n1 / 0\n"
    result = codeact("exec", "-", stdin=code)
    assert (result.returncode, result.stdout) == (Exit.CELL, "out\n42\n")
    assert result.stderr.startswith("err\n") and result.stderr.rstrip().endswith("ZeroDivisionError: division by zero")


def test_cells_share_state_and_go_on_after_an_error(codeact: Codeact, folder: Path) -> None:
    (folder / "cells.py").write_text("x = 1\n# %%\nx = 2; raise ValueError\n# %%\nx\n")
    assert codeact("exec", "cells.py").stdout == "2\n"
    assert codeact("exec", "cells.py", "--stop").stdout == ""


def test_json_is_the_list_of_observations(codeact: Codeact) -> None:
    result = codeact("exec", "-", "--json", stdin="print('a')\n# %%\nimport sys; sys.exit(3)\n")
    first, second = json.loads(result.stdout)
    assert result.returncode == Exit.CELL
    assert (first["turn"], first["status"], first["outputs"][0]["text"]) == (1, "ok", "a\n")
    assert (second["turn"], second["status"], second["exit_code"]) == (2, "exit", 3)


def test_a_runaway_cell_is_stopped_at_its_limit(codeact: Codeact) -> None:
    result = codeact("exec", "-", "--timeout", "0.5", stdin="while True: pass\n# %%\n'next'\n")
    assert (result.returncode, result.stdout) == (Exit.CELL, "'next'\n")
    assert "codeact: cell 1: timeout: " in result.stderr


def test_long_output_comes_with_its_end(codeact: Codeact) -> None:
    result = codeact("exec", "-", stdin="for n in range(200_000):\n    print(n)")
    assert result.stdout.startswith("0\n1\n") and result.stdout.endswith("199998\n199999\n")
    assert "left out" in result.stdout


def test_files_go_in_and_out(codeact: Codeact, folder: Path) -> None:
    (folder / "in.txt").write_text("in")
    result = codeact("exec", "-", "--file", "in.txt", "--out", "out", stdin="open('out.txt', 'w').write(open('in.txt').read()[::-1]);")
    assert result.returncode == Exit.OK
    assert (folder / "out" / "out.txt").read_text() == "ni"


def test_a_figure_is_saved_and_named(codeact: Codeact, folder: Path) -> None:
    result = codeact("exec", "-", stdin="import matplotlib.pyplot as plt\nplt.plot([1]);")
    assert "figure saved to codeact-output/figure-1.png" in result.stderr
    assert (folder / "codeact-output" / "figure-1.png").read_bytes().startswith(b"\x89PNG")


def test_escape_sequences_of_the_guest_are_not_printed(codeact: Codeact) -> None:
    result = codeact("exec", "-", stdin=r"print('\x1b[31mred\x1b]0;t\x07'); raise KeyError('\x1b[2J')")
    assert result.stdout == "red\n"
    assert "\x1b" not in result.stderr


def test_a_folder_is_read_where_it_is(codeact: Codeact, folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "shown").mkdir()
    (folder / "shown" / "in.txt").write_text("in")
    code = f"print(open({str(folder / 'shown' / 'in.txt')!r}).read())\n# %%\nopen({str(folder / 'shown' / 'out.txt')!r}, 'w')"
    result = codeact("exec", "-", "--folder", "shown", stdin=code)
    assert (result.returncode, result.stdout) == (Exit.CELL, "in\n"), result.stderr
    assert "Read-only" in result.stderr or "Permission denied" in result.stderr


def test_a_folder_that_is_not_there_is_said_so(codeact: Codeact) -> None:
    result = codeact("exec", "-", "--folder", "nowhere", stdin="1")
    assert (result.returncode, "'nowhere' does not exist" in result.stderr) == (Exit.INPUT, True)


def test_memory_and_preload_are_passed_on(codeact: Codeact) -> None:
    result = codeact(
        "exec", "-", "--memory", "300", "--preload", "", stdin="import sys; 'numpy' in sys.modules\n# %%\nb = bytearray(2**30)\n"
    )
    assert result.stdout == "False\n"
    assert "memory" in result.stderr.lower()
