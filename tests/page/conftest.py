"""One server and one browser for the tests of a module; each test has a browser's context of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from codeact import events
from codeact.tools.function import tool
from page.browsing import Opened, Visit, chromium, visited
from server.serving import Served, script, served


@tool(effect=True)
def pay(amount: int, note: str = "") -> str:
    """Pay an amount."""
    return f"paid {amount} {note}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model's script and the database are."""
    return tmp_path_factory.mktemp("page")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def up(folder: Path) -> AsyncIterator[Served]:
    """The server."""
    async with served(str(folder / "runs.db"), script(folder), tools=[pay], limits=events.Limits(turns=70)) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Opened]:
    """The browser."""
    async with chromium() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def here(up: Served, browser: Opened, folder: Path) -> AsyncIterator[Visit]:
    """A page."""
    async with visited(up, browser, folder) as visit:
        yield visit
