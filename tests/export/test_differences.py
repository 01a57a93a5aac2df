"""Two observations of one action, compared."""

from typing import Any

import pytest

from codeact.events import DisplayOutput, ErrorOutput, FileChange, LimitHit, Observation, ResultOutput, StreamOutput
from codeact.export.differences import differences

OUT = StreamOutput(name="stdout", text="a")
ERR = StreamOutput(name="stderr", text="b")
BASE: dict[str, Any] = {"outputs": (OUT, ERR, ResultOutput(data={"text/plain": "1"})), "files": (FileChange(path="x", change="created"),)}


def found(**changes: Any) -> list[str]:
    return [one.what for one in differences(Observation(**BASE), Observation(**{**BASE, **changes}))]


def test_time_turn_wording_and_interleaving_do_not_count() -> None:
    assert found(time=1.0, seconds=9.0, turn=7, text="shown", notice="n", outputs=(ERR, BASE["outputs"][2], OUT)) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"status": "timeout"}, ["status"]),
        ({"outputs": (OUT, BASE["outputs"][2])}, ["stderr"]),
        ({"outputs": (OUT, ERR, ResultOutput(data={"text/plain": "2"}))}, ["outputs"]),
        ({"outputs": (OUT, ERR, DisplayOutput(data={"text/plain": "1"}))}, ["outputs"]),
        ({"outputs": (*BASE["outputs"], ErrorOutput(name="E", message="m", traceback="t"))}, ["error"]),
        ({"files": ()}, ["files"]),
        ({"files": (FileChange(path="x", change="created", size=1),)}, ["files"]),
        ({"exit_code": 3}, ["exit code"]),
        ({"signal": 11}, ["signal"]),
        ({"state_lost": True}, ["state lost"]),
        ({"limit": LimitHit(name="memory_mb", value=1)}, ["limit"]),
    ],
)
def test_whatever_the_action_did_counts(changes: dict[str, Any], what: list[str]) -> None:
    assert found(**changes) == what
