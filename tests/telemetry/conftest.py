"""The fixture that every test of the spans uses."""

import pytest

from telemetry.parts import Traced


@pytest.fixture
def traced() -> Traced:
    return Traced()
