"""`Agent.stream`: every event as it happens, and a run that ends when nobody looks any more."""

import pytest

from agent.parts import Sessions, SlowModel
from codeact import errors, events
from codeact.agent.loop import Agent
from codeact.formats.code import CodeFormat
from codeact.models.replay import ScriptModel
from codeact.trajectory import Trajectory

TURNS = ["I print.\n<execute>\nprint('a', flush=True)\n</execute>", "<solution>a</solution>"]


async def test_all_events_come_out_in_order_and_the_pieces_make_the_whole(sessions: Sessions) -> None:
    trajectory = Trajectory()
    agent = Agent(ScriptModel(TURNS), CodeFormat(), sessions)
    seen = [event async for event in agent.stream("Print a.", trajectory=trajectory)]
    assert [event for event in seen if not event.transient] == list(trajectory.events)
    assert isinstance(seen[-1], events.RunEnded)
    written = {turn.turn: turn.text for turn in trajectory.of_type(events.ModelTurn)}
    assert {n: "".join(e.text for e in seen if isinstance(e, events.ModelDelta) and e.turn == n) for n in written} == written
    assert "".join(e.text for e in seen if isinstance(e, events.StreamChunk)) == "a\n"


async def test_pieces_come_before_the_whole(sessions: Sessions) -> None:
    agent = Agent(ScriptModel(TURNS), CodeFormat(), sessions)
    kinds = [event.type async for event in agent.stream("Print a.")]
    assert kinds.index("model_delta") < kinds.index("model_turn")
    assert kinds.index("action") < kinds.index("stream_chunk") < kinds.index("observation")


async def test_leaving_early_cancels_the_run_and_closes_the_session(sessions: Sessions) -> None:
    model, trajectory = SlowModel(), Trajectory()
    stream = Agent(model, CodeFormat(), sessions).stream("Think.", trajectory=trajectory)
    async for event in stream:
        if isinstance(event, events.ModelDelta):
            break
    await stream.aclose()
    assert model.stopped
    assert trajectory.of_type(events.RunEnded)[0].state == "cancelled"
    with pytest.raises(errors.SessionClosedError):
        await sessions.opened[0].arun("1")


async def test_bad_input_is_raised_to_whoever_reads(sessions: Sessions) -> None:
    with pytest.raises(errors.InputError, match="is empty"):
        [event async for event in Agent(ScriptModel([]), CodeFormat(), sessions).stream("")]
