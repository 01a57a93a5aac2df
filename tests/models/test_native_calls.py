"""Native calls against a real HTTP server on loopback: what is sent, and what comes of every way in which calls stream in."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from codeact import errors
from codeact.events import Message, ToolSpec, Usage
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.models.backoff import Backoff
from codeact.models.native_calls import NOT_RUN, as_messages
from codeact.models.openai_api import OpenAIModel
from codeact.protocols import Completion, ModelRequest, Native
from models.scripted_server import DONE, Reply, ScriptedServer, call, calls, chunk, refuses, stream, writes

SYSTEM, TASK = Message(role="system", content="be good"), Message(role="user", content="how many?", task=True)
PRICE = ToolSpec(name="price", signature="price(item: str) -> float", description="In dollars.")
CODE = CodeFormat(native=True).native()
JSON = JsonFormat(native=True).native((PRICE,))
ONE = '{"tool": "price", "arguments": {"item": "a"}}'
CALLS = ONE + '\n{"tool": "price", "arguments": {"item": "b"}}'


async def answer(native: Native | None, *replies: Reply, messages: Sequence[Message] = (SYSTEM, TASK)) -> tuple[list[str], Completion, Any]:
    """The pieces, the whole, and the last request's body."""
    async with ScriptedServer(*replies) as server:
        model = OpenAIModel("m", base_url=server.url, api_key="k", backoff=Backoff(first=0.001), timeout=5.0)
        try:
            parts = [part async for part in model.generate(ModelRequest(messages, native=native))]
        finally:
            await model.aclose()
            assert server.unused == 0
        completion = parts.pop()
        assert isinstance(completion, Completion)
        return [str(part) for part in parts], completion, server.requests[-1].body


async def written(native: Native | None, *parts: bytes) -> str:
    """The text that comes of chunks."""
    pieces, completion, _ = await answer(native, stream(*parts, chunk(finish="tool_calls"), DONE))
    assert "".join(pieces) == completion.text
    return completion.text


async def test_functions_are_sent_and_no_stop_strings() -> None:
    _, _, body = await answer(JSON, writes("42"))
    assert body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "price",
                "description": "In dollars.",
                "parameters": {"type": "object", "properties": {"item": {}}, "required": ["item"], "additionalProperties": False},
            },
        }
    ]
    assert body["parallel_tool_calls"] is True
    assert "stop" not in body
    _, _, body = await answer(CODE, writes("42"))
    assert [tool["function"]["name"] for tool in body["tools"]] == ["run_python"]
    assert body["parallel_tool_calls"] is False


async def test_an_agent_without_tools_sends_none() -> None:
    _, _, body = await answer(JsonFormat(native=True).native(), writes("42"))
    assert not {"tools", "parallel_tool_calls"} & body.keys()


async def test_a_server_that_does_not_know_the_parameter_for_several_calls_gets_it_no_more() -> None:
    _, completion, body = await answer(JSON, refuses(400, "Unknown parameter", param="parallel_tool_calls"), writes("42"))
    assert completion.text == '{"answer": 42}'
    assert "parallel_tool_calls" not in body
    assert "tools" in body


async def test_code_is_shown_as_it_streams() -> None:
    pieces, completion, _ = await answer(CODE, calls(("run_python", '{"code": "a = 1\\nprint(\\"\\u00e9\\")"}'), content="I count. "))
    assert completion == Completion('I count.\n<execute>\na = 1\nprint("é")\n</execute>', Usage(input_tokens=30, output_tokens=9))
    assert "".join(pieces) == completion.text
    assert len(pieces) > 4


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
async def test_several_calls_come_in_order_however_they_are_cut(size: int) -> None:
    pieces, completion, _ = await answer(JSON, calls(("price", '{"item": "a"}'), ("price", '{"item": "b"}'), size=size))
    assert "".join(pieces) == completion.text == CALLS
    assert completion.finish == "stop"


@pytest.mark.parametrize(
    "parts",
    [
        [call('{"item": "a"}', "price", identity="x"), call('{"item": "b"}', "price", identity="y")],  # all have the same index
        [call('{"item": "a"}', "price", index=None), call('{"item": "b"}', "price", index=None)],  # none has index or id
        [call("", "pr", identity="x"), call('{"item"', "ice"), call(': "a"}'), call('{"item": "b"}', "price", index=1, identity="y")],
        [call("", "price"), call("", "price", index=1), call('{"item": ', index=1), call('{"item": "a"}'), call('"b"}', index=1)],
        [call('{"item": ', "price", content="  "), call('"a"}'), call('{"item": "b"}', "price", index=1, content="and so on")],
    ],
    ids=["ids", "neither", "name", "mixed", "content"],
)
async def test_calls_are_told_apart_whatever_the_server_says_of_them(parts: list[bytes]) -> None:
    assert await written(JSON, *parts) == CALLS


async def test_arguments_as_an_object_are_taken() -> None:
    piece = b'data: {"choices": [{"index": 0, "delta": {"tool_calls": [{"function": {"name": "price", "arguments": {"item": "a"}}}]}}]}\n\n'
    assert await written(JSON, piece) == ONE


async def test_content_is_held_back_until_it_is_a_thought_or_the_answer() -> None:
    pieces, completion, _ = await answer(JSON, writes("It is forty two"))
    assert pieces == [completion.text] == ['{"answer": "It is forty two"}']
    pieces, completion, _ = await answer(CODE, writes("It is forty two"))
    assert pieces == [completion.text] == ["<solution>It is forty two</solution>"]


async def test_arguments_that_turn_out_broken_take_back_what_was_shown() -> None:
    pieces, completion, _ = await answer(CODE, calls(("run_python", '{"code": "print(1)" and more')))
    assert "".join(pieces).startswith("<execute>\nprint(1)")
    assert completion.text == '<run_python>{"code": "print(1)" and more</run_python>'
    with pytest.raises(errors.FormatError, match="arguments of run_python"):
        CodeFormat(native=True).parse(completion.text)


@pytest.mark.parametrize(("native", "name", "arguments"), [(CODE, "run_python", '{"code": "print(1'), (JSON, "price", '{"item": 12')])
async def test_a_call_that_was_cut_is_not_closed(native: Native, name: str, arguments: str) -> None:
    _, completion, _ = await answer(native, calls((name, arguments), finish="length"))
    assert completion.finish == "length"
    assert not completion.text.endswith(("}", "</execute>"))


async def test_a_fault_before_anything_was_handed_out_is_tried_again() -> None:
    _, completion, _ = await answer(JSON, stream(chunk("I th"), abort=True), calls(("price", '{"item": "a"}')))
    assert completion.text == ONE


async def test_a_fault_in_the_middle_of_code_is_an_error() -> None:
    with pytest.raises(errors.ModelUnavailableError, match="broke off"):
        await answer(CODE, stream(call('{"code": "print(1', "run_python"), abort=True))


@pytest.mark.parametrize(
    "refusal",
    [
        refuses(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        refuses(400, "m does not support tools"),
        refuses(404, "No endpoints found that support tool use."),
        refuses(500, "tools param requires --jinja flag"),
        refuses(422, "Extra inputs are not permitted: 'tools'"),
    ],
    ids=lambda refusal: str(refusal.status),
)
async def test_a_server_without_calls_is_an_error_that_says_how_to_do_without(refusal: Reply) -> None:
    with pytest.raises(errors.ModelRequestError, match="--no-native"):
        await answer(CODE, refusal)


async def test_a_conversation_that_is_too_long_is_said_to_be_that_with_tools_too() -> None:
    with pytest.raises(errors.ModelRequestError, match="is too long"):
        await answer(CODE, refuses(400, "messages and functions exceed the context length", code="context_length_exceeded"))


async def test_without_native_calls_a_server_that_makes_them_is_not_listened_to() -> None:
    _, completion, body = await answer(None, calls(("price", "{}"), content="hm", finish="stop"))
    assert completion.text == "hm"
    assert "tools" not in body


def sent(*messages: Message) -> list[dict[str, Any]]:
    return as_messages([SYSTEM, TASK, *messages], JSON)[2:]


def said(text: str) -> Message:
    return Message(role="assistant", content=text)


def test_each_call_is_followed_by_one_message_of_its_own() -> None:
    both = Message(role="user", content="[call 1: price]\nx\n\n[call 2: price]\ny", parts=("x", "y"))
    turn, *told = sent(said(f"Look:\n{CALLS}"), both)
    assert turn["content"] == "Look:"
    assert [(one["id"], one["type"], one["function"]) for one in turn["tool_calls"]] == [
        ("call00001", "function", {"name": "price", "arguments": '{"item": "a"}'}),
        ("call00002", "function", {"name": "price", "arguments": '{"item": "b"}'}),
    ]
    assert told == [
        {"role": "tool", "tool_call_id": "call00001", "content": "x"},
        {"role": "tool", "tool_call_id": "call00002", "content": "y"},
    ]


def test_words_to_the_model_go_to_a_call_that_nothing_came_of() -> None:
    first, second = Message(role="user", content="[call 1: price]\nx", parts=("x",)), Message(role="user", content="the other was not made")
    assert [one["content"] for one in sent(said(CALLS), first, second)[1:]] == ["x", "the other was not made"]
    told = sent(said(CALLS), second, TASK)[1:]
    assert [(one["role"], one["content"]) for one in told] == [("tool", second.content), ("tool", NOT_RUN), ("user", "how many?")]


def test_a_task_behind_calls_of_which_nothing_came_is_the_users() -> None:
    assert [(one["role"], one["content"]) for one in sent(said(CALLS), TASK, said('{"answer": 1}'))[1:]] == [
        ("tool", NOT_RUN),
        ("tool", NOT_RUN),
        ("user", "how many?"),
        ("assistant", "1"),
    ]


def test_words_about_a_turn_without_calls_are_the_users() -> None:
    told = sent(said("{broken"), Message(role="user", content="It could not be used."))
    assert told == [{"role": "assistant", "content": "{broken"}, {"role": "user", "content": "It could not be used."}]


def test_ids_go_on_through_the_conversation() -> None:
    reply = Message(role="user", content="x")
    both = Message(role="user", content="?", parts=("x", "y"))
    turns = [one for one in sent(said(CALLS), both, said(ONE), reply) if one["role"] == "assistant"]
    assert [made["id"] for turn in turns for made in turn["tool_calls"]] == ["call00001", "call00002", "call00003"]
    assert json.dumps(sent(said(CALLS), both)) == json.dumps(sent(said(CALLS), both, said(CALLS), both)[:3])
