"""What fails, hits a limit or is cancelled: which spans say so, and in which words."""

import asyncio

import pytest

from agent.parts import BrokenModel, SlowModel
from codeact import Agent, events
from codeact.events import Limits
from codeact.models.replay import ScriptModel
from codeact.telemetry import trace
from codeact.trajectory import Trajectory
from telemetry.parts import FAILING, FORMATS, TASK, TURNS, Traced, facts, failure, nanoseconds, ran


@FORMATS
@pytest.mark.parametrize("content", [False, True])
async def test_a_tool_that_fails_fails_its_span_and_that_of_the_action(traced: Traced, format: str, content: bool) -> None:
    run = await ran(traced, FAILING[format], format=format, content=content)
    action, call = traced.named("execute_tool run_python")[0], traced.named("execute_tool get_price")[0]
    raised = run.trajectory.last(events.Observation).error
    assert facts(action)["codeact.status"] == "error"
    assert failure(action) == ("KeyError", f"KeyError: {raised.message}" if content else "the action ended with the status 'error'")
    assert failure(call) == ("KeyError", "KeyError: plum-secret" if content else "the call raised KeyError")
    assert failure(traced.named("invoke_agent codeact")[0]) is None


async def test_a_tool_whose_failure_the_code_expects_fails_its_own_span_only(traced: Traced) -> None:
    code = "<execute>\ntry:\n    get_price('plum')\nexcept KeyError:\n    print('none')\n</execute>"
    await ran(traced, [code, "<solution>x</solution>"])
    assert [span.name for span in traced.spans if failure(span)] == ["execute_tool get_price"]


async def test_an_action_that_hits_a_limit_says_which(traced: Traced) -> None:
    await ran(traced, ["<execute>\nwhile True: pass\n</execute>", "<solution>x</solution>"], limits=Limits(action_seconds=0.5))
    action = traced.named("execute_tool run_python")[0]
    assert failure(action) == ("timeout", "the action ended with the status 'timeout'")
    assert facts(action)["codeact.limit"] == "action_seconds"


async def test_a_run_that_ends_at_a_limit_has_failed(traced: Traced) -> None:
    await ran(traced, TURNS["code"], limits=Limits(turns=1))
    agent = traced.named("invoke_agent codeact")[0]
    assert failure(agent) == ("limit", "the run reached its limit of turns: 1")
    assert (facts(agent)["codeact.state"], facts(agent)["codeact.limit"]) == ("limit", "turns")
    assert len(traced.named("chat script")) == 1


async def test_a_run_that_is_cancelled_has_ended_spans_and_has_not_failed(traced: Traced) -> None:
    record, running = Trajectory(), asyncio.Event()

    async def wait() -> None:
        """Wait without end."""
        running.set()
        await asyncio.Event().wait()

    end = trace(record, tracer_provider=traced.provider)
    async with Agent(ScriptModel(["<execute>\nawait wait()\n</execute>"]), tools=[wait], preload=()) as agent:
        task = asyncio.create_task(agent.arun(TASK, trajectory=record))
        await running.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    end()
    assert traced.tree() == ["invoke_agent codeact", "  chat script", "  execute_tool run_python", "    execute_tool wait"]
    agent_span, _, action, _ = traced.spans
    assert (facts(agent_span)["codeact.state"], failure(agent_span)) == ("cancelled", None)
    assert (facts(action)["codeact.unfinished"], failure(action)) == (True, None)
    assert "codeact.unfinished" not in facts(agent_span)


async def test_a_model_that_is_cancelled_while_it_writes_has_an_ended_span(traced: Traced) -> None:
    record, model = Trajectory(), SlowModel()
    end = trace(record, tracer_provider=traced.provider)
    async with Agent(model, preload=()) as agent:
        task = asyncio.create_task(agent.arun(TASK, trajectory=record))
        await model.writing.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    end()
    chat = traced.named("chat slow")[0]
    turn = record.last(events.ModelTurn)
    assert turn is not None
    assert (chat.end_time, facts(chat)["gen_ai.response.finish_reasons"], failure(chat)) == (nanoseconds(turn), ("cancelled",), None)
    assert facts(chat)["gen_ai.provider.name"] == "_OTHER"


async def test_a_model_that_breaks_off_fails_its_turn_and_the_run(traced: Traced) -> None:
    record = Trajectory()
    end = trace(record, tracer_provider=traced.provider)
    async with Agent(BrokenModel(ValueError("a secret")), preload=()) as agent:
        await agent.arun(TASK, trajectory=record)
    end()
    assert traced.tree() == ["invoke_agent codeact", "  chat broken"]
    assert [failure(span) for span in traced.spans] == [("UnexpectedError", "UnexpectedError at the model boundary")] * 2
    assert "secret" not in traced.text()


async def test_a_model_that_writes_nothing_and_fails_has_a_turn_that_failed(traced: Traced) -> None:
    run = await ran(traced, TURNS["code"][:1])
    assert run.state == "error"
    chat = traced.named("chat script")[1]
    assert failure(chat) == ("ScriptError", "ScriptError at the model boundary")
    assert chat.start_time == nanoseconds(run.trajectory.last(events.Observation))
    assert "codeact.unfinished" not in traced.text()
    assert "secret" not in traced.text()
