"""An agent whose actions are an endpoint's own calls: the same run as with text, told to a real HTTP server on loopback."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from codeact import errors, events
from codeact.build import Agent
from codeact.events import Limits
from codeact.export.chat import to_chat
from codeact.models.openai_api import OpenAIModel
from codeact.models.replay import ReplayModel, ScriptModel
from codeact.protocols import Decision, Question
from codeact.trajectory import load
from models.scripted_server import Reply, ScriptedServer, calls, refuses, writes

STOCK = {"apple": 1.0, "pear": 2.5}


def get_price(item: str, *, count: int = 1) -> float:
    """Unit price of an item, in dollars."""
    return STOCK[item] * count


def total(first: float, /, *more: float) -> float:
    return first + sum(more)


async def ran(replies: Sequence[Reply], format: str, **options: Any) -> tuple[Any, list[Any]]:
    """A run, and the bodies of its requests."""
    async with ScriptedServer(*replies) as server:
        model = OpenAIModel("m", base_url=server.url, api_key="k")
        async with Agent(model, tools=[get_price, total], format=format, native=True, preload=(), **options) as agent:
            run = await agent.arun("What do a pear and an apple cost?")
        assert server.unused == 0
        return run, [request.body for request in server.requests]


def roles(body: Any) -> list[str]:
    return [message["role"] for message in body["messages"]]


def grows(bodies: Sequence[Any]) -> bool:
    """Whether each request begins with the messages of the one before, to the byte, and is otherwise the same."""
    texts = [json.dumps(body["messages"]).removesuffix("]") for body in bodies]
    rests = [{key: value for key, value in body.items() if key != "messages"} for body in bodies]
    return all(later.startswith(former) for former, later in itertools.pairwise(texts)) and rests == rests[:1] * len(rests)


async def test_several_calls_in_one_turn_are_several_actions_and_several_replies() -> None:
    both = calls(("get_price", '{"item": "pear"}'), ("get_price", '{"item": "plum"}'), content="I look.")
    run, bodies = await ran([both, calls(("total", '{"first": 2.5, "more": [1.0]}')), writes("3.5")], "json", answer_type=float)
    assert (run.state, run.value) == ("answered", 3.5)
    assert [(one.code, one.tool, one.thought) for one in run.trajectory.of_type(events.Action)] == [
        ("get_price(item='pear')", "get_price", "I look."),
        ("get_price(item='plum')", "get_price", ""),
        ("total(2.5, 1.0)", "total", ""),
    ]
    assert grows(bodies)
    assert roles(bodies[2]) == ["system", "user", "assistant", "tool", "tool", "assistant", "tool"]
    assert bodies[1]["messages"][3]["content"] == "Output:\n2.5"
    assert bodies[1]["messages"][4]["content"].endswith("KeyError: 'plum'")
    assert bodies[2]["messages"][5]["tool_calls"][0]["function"]["arguments"] == '{"first": 2.5, "more": [1.0]}'
    assert run.usage.output_tokens == 23


async def test_code_is_a_call_of_run_python_and_the_answer_is_plain() -> None:
    replies = [
        calls(("run_python", json.dumps({"code": "price = get_price('pear')\nprice"})), content="First the pear."),
        calls(("run_python", json.dumps({"code": "price + get_price('apple')"}))),
        writes("It is 3.5 dollars."),
    ]
    run, bodies = await ran(replies, "code")
    assert (run.state, run.answer) == ("answered", "It is 3.5 dollars.")
    assert [one.text for one in run.trajectory.of_type(events.Observation)] == ["Output:\n2.5", "Output:\n3.5"]
    assert grows(bodies)
    assert roles(bodies[2]) == ["system", "user", "assistant", "tool", "assistant", "tool"]
    assert bodies[2]["messages"][2]["content"] == "First the pear."
    assert run.trajectory.messages[2].content == "First the pear.\n<execute>\nprice = get_price('pear')\nprice\n</execute>"


async def test_a_turn_that_cannot_be_used_is_told_as_the_user_and_the_run_goes_on() -> None:
    replies = [calls(("run_python", '{"code": 7}')), writes("", finish="stop"), calls(("none_such", '{"x": 1}')), writes("no")]
    run, bodies = await ran(replies, "code")
    assert run.state == "answered"
    assert grows(bodies)
    assert roles(bodies[3]) == ["system", "user", "assistant", "user", "assistant", "user", "assistant", "tool"]
    assert "the arguments of run_python were not an object" in bodies[1]["messages"][3]["content"]
    assert "it was empty" in bodies[2]["messages"][5]["content"]
    assert "NameError: name 'none_such' is not defined" in bodies[3]["messages"][7]["content"]


async def test_an_unknown_function_is_an_error_that_the_model_sees() -> None:
    run, bodies = await ran([calls(("get_prize", '{"item": "pear"}')), calls(("get_price", '{"item": bad}')), writes("no")], "json")
    assert run.state == "answered"
    assert "Did you mean: 'get_price'?" in bodies[1]["messages"][3]["content"]
    assert bodies[2]["messages"][-1]["role"] == "user"
    assert bodies[2]["messages"][-1]["content"].endswith("Either call a function, or write the answer as plain text, without a call.")


async def test_a_call_that_was_cut_is_told_so() -> None:
    long = calls(("run_python", '{"code": "print(1)\\nprint('), finish="length")
    run, bodies = await ran([long, writes("1")], "code")
    assert run.trajectory.of_type(events.Action) == []
    assert "was cut off at its limit" in bodies[1]["messages"][-1]["content"]
    assert grows(bodies)


async def test_an_action_that_is_denied_is_a_reply_to_its_call() -> None:
    async def approve(question: Question) -> Decision:
        return Decision("deny", reason="too dear") if "pear" in question.content else Decision()

    turn = json.dumps({"code": "get_price('pear')"})
    run, bodies = await ran([calls(("run_python", turn)), writes("no")], "code", approve=approve)
    assert run.trajectory.of_type(events.Action) == []
    assert bodies[1]["messages"][3]["role"] == "tool"
    assert "too dear" in bodies[1]["messages"][3]["content"]
    both = calls(("get_price", '{"item": "pear"}'), ("get_price", '{"item": "apple"}'))
    run, bodies = await ran([both, writes("no")], "json", approve=approve)
    assert [one.decision for one in run.trajectory.of_type(events.ApprovalGiven)] == ["deny", "allow"]
    assert "too dear" in bodies[1]["messages"][3]["content"]
    assert bodies[1]["messages"][4]["content"] == "Output:\n1.0"


async def test_a_conversation_goes_on_behind_a_limit() -> None:
    turns = [calls(("get_price", json)) for json in ('{"item": "pear"}', '{"item": "apple"}')]
    async with ScriptedServer(*turns, writes("2.5")) as server:
        model = OpenAIModel("m", base_url=server.url, api_key="k")
        options: dict[str, Any] = {"format": "json", "native": True, "preload": (), "limits": Limits(turns=2)}
        async with Agent(model, tools=[get_price], **options) as agent, agent.conversation() as conversation:
            assert (await conversation.asend("What does a pear cost?")).state == "limit"
            assert (await conversation.asend("Well?")).answer == "2.5"
    bodies = [request.body for request in server.requests]
    assert grows(bodies)
    assert roles(bodies[2]) == ["system", "user", "assistant", "tool", "assistant", "tool", "user"]


async def test_the_record_says_it_as_text_and_is_replayed_and_exported_as_any_other(tmp_path: Path) -> None:
    both = calls(("get_price", '{"item": "pear"}'), ("get_price", '{"item": "apple"}'), content="I look.")
    run, _ = await ran([both, writes("3.5")], "json")
    chat = [message["content"] for message in json.loads(to_chat(run.trajectory))["messages"][2:]]
    assert chat == [
        'I look.\n{"tool": "get_price", "arguments": {"item": "pear"}}\n{"tool": "get_price", "arguments": {"item": "apple"}}',
        "[call 1: get_price]\nOutput:\n2.5\n\n[call 2: get_price]\nOutput:\n1.0",
        '{"answer": 3.5}',
    ]
    assert set(json.loads(to_chat(run.trajectory))["messages"][2]) == {"role", "content"}
    path = tmp_path / "again.jsonl"
    async with Agent(ReplayModel(run.trajectory), tools=[get_price, total], format="json", native=True, preload=()) as agent:
        again = await agent.arun("What do a pear and an apple cost?", save=path)
    assert again.answer == "3.5"
    assert [message.content for message in load(path).messages] == [message.content for message in run.trajectory.messages]


async def test_the_tags_of_a_run_without_native_calls_are_understood_when_it_goes_on_with_them() -> None:
    async with Agent(ScriptModel(["<execute>\n1 + 1\n</execute>", "<solution>2</solution>"]), preload=()) as agent:
        before = await agent.arun("What is 1 + 1?")
    async with ScriptedServer(writes("Yes.")) as server:
        model = OpenAIModel("m", base_url=server.url, api_key="k")
        async with Agent(model, native=True, preload=()) as agent, agent.conversation(before.trajectory) as conversation:
            assert (await conversation.asend("Are you sure?")).answer == "Yes."
    assert roles(server.requests[0].body) == ["system", "user", "assistant", "tool", "assistant", "user", "user"]


async def test_a_server_without_calls_ends_the_run_with_advice() -> None:
    run, _ = await ran([refuses(400, "m does not support tools")], "code")
    assert run.state == "error"
    assert "--no-native" in run.reason


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "local"}, "the model 'local.*' has no calls of its own"),
        ({"model": "openai:m", "base_url": "http://127.0.0.1:9/v1", "format": "text"}, "the format 'text' has no native calls"),
        ({"model": "openai:m", "base_url": "http://127.0.0.1:9/v1", "grammar": True}, "grammar and native exclude each other"),
    ],
    ids=["local", "text", "grammar"],
)
def test_what_has_no_native_calls_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.InputError, match=message):
        Agent(**options, native=True)
