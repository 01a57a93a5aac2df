"""The loop with turns that are calls: run as code in a real session, each an action of its own, told in one message."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from agent.parts import Sessions
from codeact import errors, events
from codeact.agent.conversation import Run
from codeact.agent.loop import Agent
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.models.replay import ReplayModel, ScriptModel
from codeact.protocols import ActionFormat, Call, Completion, Step, ToolLimits
from codeact.sandbox.session import Session

FORMATS: tuple[ActionFormat, ...] = (CodeFormat(), JsonFormat(), TextFormat())
CALLING = FORMATS[1:]
SETUP = """
def price(item: str, *, day: str = "today"):
    return {"apple": 1.5, "pear, ripe": 2}[item]

def slow():
    import time
    print("begun", flush=True)
    time.sleep(60)

async def now():
    return "noon"
"""


class Named:
    """A tool that is known by its name only: what it does is defined in the session."""

    limits = ToolLimits()

    def __init__(self, signature: str) -> None:
        self.spec = events.ToolSpec(name=signature.removeprefix("async ").split("(")[0], signature=signature)

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Never called: the session does not know of it."""
        raise NotImplementedError


TOOLS = [Named("price(item: str, *, day: str = 'today')"), Named("slow()"), Named("async now()")]


async def run_steps(
    sessions: Sessions, action_format: ActionFormat, steps: Sequence[Step | str], **options: Any
) -> tuple[Run, ScriptModel]:
    """Run turns as the format writes them, in a session in which the tools are defined."""

    async def opened(_: object) -> Session:
        session = await sessions()
        await session.arun(SETUP)
        return session

    model = ScriptModel([turn if isinstance(turn, str) else action_format.write(turn) for turn in steps])
    async with Agent(model, action_format, opened, tools=TOOLS, **options) as agent:
        return await agent.arun("What does it cost?"), model


@pytest.mark.parametrize("action_format", FORMATS, ids=lambda one: one.name)
async def test_one_call_is_the_same_in_every_format(sessions: Sessions, action_format: ActionFormat) -> None:
    steps = [Step("I look.", calls=(Call("price", ("pear, ripe",), {"day": "it's"}),)), Step("", answer="2")]
    run, model = await run_steps(sessions, action_format, steps)
    assert (run.state, run.answer) == ("answered", "2")
    (action,) = run.trajectory.of_type(events.Action)
    assert (action.code, action.thought.removeprefix("Thought: ")) == ("price('pear, ripe', day=\"it's\")", "I look.")
    assert action.tool == ("" if action_format.name == "code" else "price")
    assert model.requests[1].messages[-1].content == "Output:\n2"


@pytest.mark.parametrize(
    "call", [Call("price", ("plum",)), Call("price"), Call("price", ("apple",), {"week": 1}), Call("prize", ("apple",))]
)
async def test_an_error_is_the_same_in_every_format_traceback_included(sessions: Sessions, call: Call) -> None:
    told: list[str] = []
    for action_format in FORMATS:
        _, model = await run_steps(sessions, action_format, [Step("", calls=(call,)), Step("", answer="?")])
        told.append(model.requests[1].messages[-1].content)
    assert "Traceback" in told[0] and "Error: " in told[0]
    assert told == [told[0]] * 3


@pytest.mark.parametrize("action_format", CALLING, ids=lambda one: one.name)
async def test_several_calls_are_actions_in_order_and_told_in_one_message(sessions: Sessions, action_format: ActionFormat) -> None:
    calls = (Call("price", ("apple",)), Call("price", ("plum",)), Call("now"))
    run, model = await run_steps(sessions, action_format, [Step("All.", calls=calls), Step("", answer="1.5")])
    assert [(one.code, one.thought, one.more) for one in run.trajectory.of_type(events.Action)] == [
        ("price('apple')", "All.", True),
        ("price('plum')", "", True),
        ("await now()", "", False),
    ]
    assert [one.status for one in run.trajectory.of_type(events.Observation)] == ["ok", "error", "ok"]
    told = model.requests[1].messages[-1].content
    assert [message.role for message in model.requests[1].messages] == ["system", "user", "assistant", "user"]
    assert told.startswith("[call 1: price]\nOutput:\n1.5\n\n[call 2: price]\nOutput:\nTraceback")
    assert told.endswith("KeyError: 'plum'\n\n[call 3: now]\nOutput:\n'noon'")
    replayed = ReplayModel(run.trajectory)
    pieces = [piece async for piece in replayed.generate(model.requests[0])] + [
        piece async for piece in replayed.generate(model.requests[1])
    ]
    assert [piece.text for piece in pieces if isinstance(piece, Completion)] == [
        turn.text for turn in run.trajectory.of_type(events.ModelTurn)
    ]
    await replayed.aclose()


@pytest.mark.parametrize("action_format", CALLING, ids=lambda one: one.name)
async def test_python_itself_is_not_within_reach_of_a_call(sessions: Sessions, action_format: ActionFormat) -> None:
    steps = [Step("", calls=(Call("exec", ("open('x', 'w')",)), Call("open", ("x",)))), Step("", answer="no")]
    run, _ = await run_steps(sessions, action_format, steps)
    for observation in run.trajectory.of_type(events.Observation):
        assert observation.error is not None
        assert observation.error.name == "NameError"
        assert observation.files == ()


async def test_calls_behind_one_that_the_user_interrupted_are_not_made(sessions: Sessions) -> None:
    async def opened(_: object) -> Session:
        session = await sessions()
        await session.arun(SETUP)
        return session

    turn = FORMATS[1].write(Step("", calls=(Call("now"), Call("slow"), Call("price", ("apple",)))))
    async with Agent(ScriptModel([turn, '{"answer": 1}']), FORMATS[1], opened, tools=TOOLS) as agent, agent.conversation() as conversation:
        running = asyncio.Event()
        conversation.trajectory.listen(lambda event: running.set() if isinstance(event, events.StreamChunk) else None)
        task = asyncio.create_task(conversation.asend("Go."))
        await running.wait()
        await conversation.ainterrupt()
        run = await task
    assert [one.status for one in run.trajectory.of_type(events.Observation)] == ["ok", "interrupted"]
    contents = [message.content for message in run.trajectory.messages]
    assert contents[3].startswith("[call 1: now]\n") and "[call 2: slow]\n" in contents[3]
    assert contents[4] == "1 more of your calls was not made, since the user interrupted this one."


async def test_calls_are_not_begun_when_the_runs_seconds_are_over(sessions: Sessions) -> None:
    steps = [Step("", calls=(Call("slow"), Call("price", ("apple",))))]
    run, _ = await run_steps(sessions, FORMATS[1], steps, limits=events.Limits(seconds=3.0, action_seconds=30.0))
    assert (run.state, len(run.trajectory.of_type(events.Action))) == ("limit", 1)
    assert run.trajectory.messages[-1].content.startswith("[call 1: slow]\nOutput:\nbegun")


async def test_a_slip_in_the_writing_of_a_call_costs_no_more_patience_than_a_syntax_error_in_code(sessions: Sessions) -> None:
    limits = events.Limits(malformed=2)
    slips = ["<execute>\nprice(\n</execute>", '{"tool": "price", "arguments": {"item": "a" "b"}}', "Action: price('a' b)"]
    for action_format, slip in zip(FORMATS, slips, strict=True):
        run, _ = await run_steps(sessions, action_format, ["hm", slip, slip, slip, "hm", Step("", answer="1")], limits=limits)
        assert run.state == "answered", action_format.name


async def test_the_tools_are_in_the_system_message_and_in_the_record(sessions: Sessions) -> None:
    for action_format in FORMATS:
        run, _ = await run_steps(sessions, action_format, [Step("", answer="1")])
        started = run.trajectory.last(events.RunStarted)
        assert started is not None
        assert started.tools == tuple(tool.spec for tool in TOOLS)
        assert "def price(item: str, *, day: str = 'today'): ...\ndef slow(): ...\nasync def now(): ..." in started.system


def test_two_tools_of_one_name_are_an_error(sessions: Sessions) -> None:
    with pytest.raises(errors.InputError, match="two tools are called 'slow'"):
        Agent(ScriptModel([]), FORMATS[0], sessions, tools=[Named("slow()"), Named("slow(x)")])


async def test_an_output_that_the_model_makes_up_is_stopped_and_not_kept(sessions: Sessions) -> None:
    turn = 'Action: price("apple")\nOutput: 7\nAnswer: 7'
    run, _ = await run_steps(sessions, FORMATS[2], [turn, Step("", answer="1.5")])
    assert run.answer == "1.5"
    assert run.trajectory.of_type(events.ModelTurn)[0].text == 'Action: price("apple")'
