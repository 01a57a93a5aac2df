"""Servers on real sockets, and databases for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.serving import Served, script, served
from store.conftest import address, postgres

__all__ = ["address", "postgres", "served_"]


@pytest.fixture(name="served")
async def served_(tmp_path: Path) -> AsyncIterator[Served]:
    """A server whose model adds one and one."""
    async with served(str(tmp_path / "runs.db"), script(tmp_path)) as up:
        yield up
