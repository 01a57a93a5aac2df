"""Spans of real runs: what they are called, what is below what, when they begin and end, and which runs have them."""

import asyncio
import subprocess
import sys

import pytest
from opentelemetry.trace import SpanKind

from agent.parts import SlowModel
from codeact import Agent, events
from codeact.events import Limits
from codeact.models.replay import ScriptModel
from codeact.telemetry import trace
from codeact.trajectory import Trajectory
from telemetry.parts import FORMATS, TASK, TURNS, Traced, facts, failure, get_price, id_of, nanoseconds, parent_of, ran


@FORMATS
async def test_a_run_is_a_span_with_its_turns_and_actions_below_and_calls_below_those(traced: Traced, format: str) -> None:
    await ran(traced, TURNS[format], format=format)
    assert traced.tree() == [
        "invoke_agent codeact",
        "  chat script",
        "  execute_tool run_python",
        "    execute_tool get_price",
        "  chat script",
    ]
    assert {failure(span) for span in traced.spans} == {None}
    assert {span.kind for span in traced.named("chat script")} == {SpanKind.CLIENT}
    assert {span.kind for span in traced.spans if span.name != "chat script"} == {SpanKind.INTERNAL}


async def test_spans_say_what_the_conventions_name(traced: Traced) -> None:
    run = await ran(traced, TURNS["code"])
    started, first = run.trajectory.last(events.RunStarted), run.trajectory.of_type(events.ModelTurn)[0]
    call = run.trajectory.last(events.ToolCalled)
    common = {"gen_ai.conversation.id": started.run_id}
    model = {"gen_ai.provider.name": "script", "gen_ai.request.model": "script"}
    agent, chat, action, tool, _ = traced.spans
    assert facts(agent) == common | model | {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "codeact",
        "gen_ai.agent.version": started.environment["codeact"],
        "gen_ai.usage.input_tokens": run.usage.input_tokens,
        "gen_ai.usage.output_tokens": run.usage.output_tokens,
        "codeact.format": "code",
        "codeact.isolation": started.isolation,
        "codeact.state": "answered",
        "codeact.turns": 2,
    }
    assert facts(chat) == common | model | {
        "gen_ai.operation.name": "chat",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.time_to_first_chunk": first.seconds_to_first_token,
        "gen_ai.usage.input_tokens": first.usage.input_tokens,
        "gen_ai.usage.output_tokens": first.usage.output_tokens,
        "codeact.turn": 1,
    }
    executed = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.type": "function", "codeact.turn": 1}
    assert facts(action) == common | executed | {"gen_ai.tool.name": "run_python", "codeact.status": "ok"}
    assert facts(tool) == common | executed | {"gen_ai.tool.name": "get_price", "gen_ai.tool.call.id": call.call_id}


async def test_spans_have_the_times_of_the_events(traced: Traced) -> None:
    run = await ran(traced, TURNS["code"])
    at: dict[str, list[int]] = {}
    for event in run.trajectory.events:
        at.setdefault(event.type, []).append(nanoseconds(event))
    assert [(span.start_time, span.end_time) for span in traced.spans] == [
        (at["task_given"][0], at["run_ended"][0]),
        (at["task_given"][0], at["model_turn"][0]),
        (at["action"][0], at["observation"][0]),
        (at["tool_called"][0], at["tool_returned"][0]),
        (at["observation"][0], at["model_turn"][1]),
    ]


async def test_a_turn_after_words_from_the_agent_begins_with_those(traced: Traced) -> None:
    run = await ran(traced, ["I am lost.", "<solution>x</solution>"])
    told = run.trajectory.last(events.Feedback)
    assert [span.start_time for span in traced.named("chat script")][1] == nanoseconds(told)


async def test_several_actions_of_one_turn_are_spans_of_their_own(traced: Traced) -> None:
    turn = "\n".join([TURNS["json"][0]] * 3)
    await ran(traced, [turn, TURNS["json"][1]], format="json")
    actions = traced.named("execute_tool run_python")
    assert [facts(span)["codeact.tool"] for span in actions] == ["get_price"] * 3
    assert [parent_of(span) for span in traced.named("execute_tool get_price")] == [id_of(span) for span in actions]
    assert len(traced.named("chat script")) == 2


async def test_calls_that_run_beside_each_other_each_have_their_span(traced: Traced) -> None:
    async def wait(name: str) -> str:
        """Wait until the last has been called."""
        if name == "last":
            called.set()
        await called.wait()
        return name

    called = asyncio.Event()
    record = Trajectory()
    end = trace(record, tracer_provider=traced.provider)
    code = "<execute>\nimport asyncio\nprint(await asyncio.gather(wait('first'), wait('second'), wait('last')))\n</execute>"
    async with Agent(ScriptModel([code, "<solution>x</solution>"]), tools=[wait], preload=()) as agent:
        await agent.arun(TASK, trajectory=record)
    end()
    begun = {facts(span)["gen_ai.tool.call.id"]: span.end_time for span in traced.named("execute_tool wait")}
    assert begun == {event.call_id: nanoseconds(event) for event in record.of_type(events.ToolReturned)}
    assert len(begun) == 3


async def test_each_message_of_a_conversation_is_a_span_with_one_id(traced: Traced) -> None:
    record = Trajectory()
    end = trace(record, tracer_provider=traced.provider)
    async with (
        Agent(ScriptModel(["<solution>x</solution>", "<solution>y</solution>"]), preload=()) as agent,
        agent.conversation(record) as conversation,
    ):
        await conversation.asend("One.")
        await conversation.asend("Two.")
    end()
    assert traced.tree() == ["invoke_agent codeact", "  chat script"] * 2
    assert len({facts(span)["gen_ai.conversation.id"] for span in traced.spans}) == 1
    assert len({span.context.trace_id for span in traced.spans if span.context is not None}) == 2


@FORMATS
async def test_a_run_that_was_broken_off_after_any_event_is_traced_from_there_on(traced: Traced, format: str) -> None:
    whole = (await ran(traced, TURNS[format], format=format)).trajectory.events
    for count in range(2, len(whole)):
        again, before = Traced(), whole[:count]
        record = Trajectory(events=before)
        turns = TURNS[format][sum(isinstance(event, events.ModelTurn) for event in before) :]
        end = trace(record, tracer_provider=again.provider)
        async with Agent(ScriptModel(turns), tools=[get_price], preload=(), format=format) as agent:
            assert (await agent.aresume(record)).state == "answered"
        end()
        root = again.spans[0]
        assert (root.name, facts(root)["codeact.state"], again.tree()[0]) == ("invoke_agent codeact", "answered", "invoke_agent codeact")
        assert len(again.named("invoke_agent codeact")) == 1
        assert len(again.named("chat script")) == len(turns)
        observed = len(record.of_type(events.Observation)) - sum(isinstance(event, events.Observation) for event in before)
        assert len(again.named("execute_tool run_python")) == observed
        actions = {id_of(span) for span in again.named("execute_tool run_python")}
        assert {parent_of(span) for span in again.named("execute_tool get_price")} <= actions
        assert {facts(span)["gen_ai.conversation.id"] for span in again.spans} == {whole[0].run_id}
        assert "codeact.unfinished" not in again.text()


async def test_a_run_is_below_the_span_that_is_current_when_it_begins(traced: Traced) -> None:
    with traced.provider.get_tracer("test").start_as_current_span("request"):
        await ran(traced, ["<solution>x</solution>"])
    assert traced.tree() == ["request", "  invoke_agent codeact", "    chat script"]


async def test_spans_that_are_open_when_tracing_ends_are_ended_and_no_more_are_made(traced: Traced) -> None:
    record, model = Trajectory(), SlowModel()
    end = trace(record, tracer_provider=traced.provider)
    async with Agent(model, preload=()) as agent:
        task = asyncio.create_task(agent.arun(TASK, trajectory=record))
        await model.writing.wait()
        end()
        assert [facts(span)["codeact.unfinished"] for span in traced.spans] == [True, True]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    end()
    assert traced.tree() == ["invoke_agent codeact", "  chat slow"]


@pytest.mark.parametrize(
    ("model", "provider", "name"),
    [
        ("openai:gpt-5", "openai", "gpt-5"),
        ("local", "local", "local"),
        ("local+adapter.gguf", "local", "local+adapter.gguf"),
        ("local:base", "local", "local:base"),
        ("mine", "_OTHER", "mine"),
    ],
)
def test_a_model_is_named_as_its_provider_names_it(traced: Traced, model: str, provider: str, name: str) -> None:
    record = Trajectory()
    end = trace(record, tracer_provider=traced.provider)
    record.append(events.RunStarted(run_id="1", model=model, format="code", system="", isolation="none", limits=Limits()))
    record.append(events.TaskGiven(text="x"))
    record.append(events.ModelTurn(turn=1, text="y"))
    record.append(events.RunEnded(state="answered"))
    end()
    assert traced.tree() == ["invoke_agent codeact", f"  chat {name}"]
    for span in traced.spans:
        assert (facts(span)["gen_ai.provider.name"], facts(span)["gen_ai.request.model"]) == (provider, name)


def test_without_the_extra_the_error_says_how_to_install_it() -> None:
    code = (
        "import sys\nsys.modules['opentelemetry'] = None\n"
        "from codeact import errors\nfrom codeact.telemetry import trace\nfrom codeact.trajectory import Trajectory\n"
        "try: trace(Trajectory())\n"
        "except errors.MissingExtraError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "tracing a run needs the package 'opentelemetry'. Install it with: pip install 'codeact[otel]'\n"
