"""A trajectory with one of everything that an export shows."""

import base64

import pytest

from codeact.events import (
    Action,
    Answered,
    DisplayOutput,
    ErrorOutput,
    Feedback,
    FileChange,
    LimitHit,
    Limits,
    ModelTurn,
    Observation,
    ResultOutput,
    RunEnded,
    RunStarted,
    StreamOutput,
    TaskGiven,
)
from codeact.trajectory import Trajectory

PIXEL = base64.b64encode(b"not really a picture").decode()


@pytest.fixture
def trajectory() -> Trajectory:
    """Five turns: a good action, a raising one, a stopped one, a malformed one, the answer."""
    record = Trajectory()
    for event in (
        RunStarted(run_id="r1", model="script:s", format="code", system="You act.", isolation="strict", limits=Limits()),
        TaskGiven(text="Count the rows.", files=("rows.csv",)),
        ModelTurn(turn=1, text="I read it.\n<execute>\nprint('`````')\nx = 2\nx\n</execute>"),
        Action(turn=1, code="print('`````')\nx = 2\nx", thought="I read it."),
        Observation(
            turn=1,
            outputs=(
                StreamOutput(name="stdout", text="`````\n"),
                DisplayOutput(data={"image/png": PIXEL, "text/plain": "<Figure>"}),
                DisplayOutput(data={"application/json": '{"a": [1]}', "text/plain": "{'a': [1]}"}),
                StreamOutput(name="stderr", text="careful\n"),
                ResultOutput(data={"text/plain": "2"}),
            ),
            files=(FileChange(path="out.txt", change="created", size=3),),
            text="`````\ncareful\n2",
        ),
        ModelTurn(turn=2, text="<execute>\n1/0\n</execute>"),
        Action(turn=2, code="1/0"),
        Observation(
            turn=2,
            status="error",
            outputs=(
                ErrorOutput(
                    name="ZeroDivisionError", message="division by zero", traceback="Traceback\n  1/0\nZeroDivisionError: division by zero"
                ),
            ),
            text="ZeroDivisionError: division by zero",
        ),
        ModelTurn(turn=3, text="<execute>\nwhile True: pass\n</execute>"),
        Action(turn=3, code="while True: pass"),
        Observation(turn=3, status="timeout", notice="stopped after 30 s", limit=LimitHit(name="action_seconds", value=30), text="stopped"),
        ModelTurn(turn=4, text="hm"),
        Feedback(turn=4, reason="malformed", text="Neither an action nor an answer."),
        ModelTurn(turn=5, text="It is done.\n<solution>3</solution>"),
        Answered(turn=5, text="3", value=3, thought="It is done."),
        RunEnded(state="answered", turns=5, seconds=31.5),
    ):
        record.append(event)
    return record


@pytest.fixture
def called() -> Trajectory:
    """A run in the format json: two calls in one turn, the second of which raises, then the answer."""
    record = Trajectory()
    for event in (
        RunStarted(run_id="r2", model="script:s", format="json", system="You call.", isolation="strict", limits=Limits()),
        TaskGiven(text="What is it?"),
        ModelTurn(turn=1, text='I look.\n{"tool": "abs", "arguments": [-2]}\n{"tool": "pow", "arguments": []}'),
        Action(turn=1, code="abs(-2)", thought="I look.", tool="abs", more=True),
        Observation(turn=1, outputs=(ResultOutput(data={"text/plain": "2"}),), text="Output:\n2"),
        Action(turn=1, code="pow()", tool="pow"),
        Observation(
            turn=1, status="error", outputs=(ErrorOutput(name="TypeError", message="no", traceback="TypeError: no"),), text="Output:\nno"
        ),
        ModelTurn(turn=2, text='{"answer": 2}'),
        Answered(turn=2, text="2"),
        RunEnded(state="answered", turns=2),
    ):
        record.append(event)
    return record
