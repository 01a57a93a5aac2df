"""What the tests of models share: the local model's weights, if they are here."""

from pathlib import Path

import pytest

from codeact.models import pinned


@pytest.fixture
def weights() -> Path:
    """Path of the local model's weights; the test is skipped where they were not fetched."""
    if not pinned.list_models()[0].present:
        pytest.skip("the local model's weights are not here: run `codeact models pull`")
    return pinned.path_of()
