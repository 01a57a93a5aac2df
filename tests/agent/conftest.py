"""The fixture that every test of the agent uses."""

from collections.abc import AsyncIterator

import pytest

from agent.parts import Sessions


@pytest.fixture
async def sessions() -> AsyncIterator[Sessions]:
    """Opens real sessions, and ends what a test left open."""
    sessions = Sessions()
    yield sessions
    for session in sessions.opened:
        await session.aclose()
