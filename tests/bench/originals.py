"""Where data of other projects lies, for tests that are made with it: beside the repository, or where CODEACT_TEST_DATA says."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CODEACT_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")


def original(name: str) -> Path:
    """The folder of a project's data; the test is skipped, with the reason, where it is not."""
    if not (FOLDER / name).is_dir():
        pytest.skip(f"the data of {name} is not in {FOLDER}: set CODEACT_TEST_DATA to the folder that holds it")
    return FOLDER / name
