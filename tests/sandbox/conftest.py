"""What tests of sessions in other hands share."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import elsewhere


@pytest.fixture(scope="session")
def python() -> Iterator[str]:
    """An interpreter with codeact that everybody can run."""
    base = elsewhere.base_python()
    if base is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        pytest.skip(f"no Python {version} on this machine that every user may run: install one below /usr")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield str(elsewhere.environment_for_all(Path(folder), base))
