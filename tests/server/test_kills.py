"""A server's process that is killed at random moments: nothing is lost, done twice, or told twice."""

from pathlib import Path

import pytest

from server.killing import Killing


@pytest.mark.slow
async def test_runs_of_a_server_that_is_killed_end_as_if_it_had_not_been(address: str, tmp_path: Path) -> None:
    killing = Killing(tmp_path, address, seed=1)
    await killing.kill(3, 2)
    assert killing.kills == 3
    assert len(killing.done) >= 2
    assert killing.faults == []
