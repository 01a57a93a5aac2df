"""Every example runs by itself, prints what its `.out` file says, and is shown on some page of the documentation."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.with_suffix(".py") for path in (ROOT / "examples").rglob("*.out"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_the_documentation_says(example: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(example)],
        cwd=tmp_path,
        env={**os.environ, "CODEACT_PRELOAD": "[]"},  # agents' and servers' sessions import what their code needs, and not pandas for each
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout == example.with_suffix(".out").read_text(encoding="utf-8")


def test_there_are_examples_and_each_is_on_a_page() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert EXAMPLES
    assert sorted((ROOT / "examples").glob("*.py")) == [path for path in EXAMPLES if path.parent.name == "examples"]
    assert [path.name for path in EXAMPLES if f"<!-- include: {path.relative_to(ROOT).as_posix()} -->" not in pages] == []
