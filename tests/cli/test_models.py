"""`codeact models`. Fetching itself is tested with the weights' own module."""

import json
from pathlib import Path

from cli.conftest import Codeact
from codeact.cli.exits import Exit


def test_the_list_says_what_is_here_and_how_to_get_the_rest(codeact: Codeact, tmp_path: Path) -> None:
    result = codeact("models", "list", CODEACT_CACHE_DIR=str(tmp_path / "weights"))
    assert result.returncode == Exit.OK
    assert "local" in result.stdout and "Apache-2.0" in result.stdout and "codeact models pull" in result.stdout


def test_the_list_as_json(codeact: Codeact, tmp_path: Path) -> None:
    (row,) = json.loads(codeact("models", "list", "--json", CODEACT_CACHE_DIR=str(tmp_path / "weights")).stdout)
    assert (row["name"], row["present"]) == ("local", False)
    assert row["path"].startswith(str(tmp_path / "weights"))


def test_a_file_that_is_not_the_pinned_one_is_not_taken_for_it(codeact: Codeact, tmp_path: Path) -> None:
    row = json.loads(codeact("models", "list", "--json", CODEACT_CACHE_DIR=str(tmp_path)).stdout)[0]
    Path(row["path"]).parent.mkdir(parents=True)
    Path(row["path"]).write_text("something else")
    result = codeact("models", "pull", CODEACT_CACHE_DIR=str(tmp_path))
    assert (result.returncode, result.stdout) == (Exit.MODEL, "")
    assert "is not the pinned weights file" in result.stderr
