"""What clients of OpenAI's API say: read into a task and what was before it, and found again when it is sent on."""

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from codeact import events
from codeact.server.api.faults import FaultError
from codeact.server.openai_face.chat_shapes import ChatRequest
from codeact.server.openai_face.remembered import Remembered
from codeact.server.openai_face.response_shapes import ResponseRequest
from codeact.server.openai_face.talk import Said, Talk, heard, talk
from codeact.store.kept import open_store
from codeact.trajectory import Trajectory

HI = {"role": "user", "content": "hi"}


def read(*messages: Mapping[str, object]) -> Talk:
    """A chat as the route reads it."""
    asked = ChatRequest.model_validate({"messages": list(messages)})
    return talk([heard(message, f"messages.{number}") for number, message in enumerate(asked.messages)], "messages")


def test_instructions_stand_before_the_first_message_of_the_user() -> None:
    system, developer = {"role": "system", "content": "Be short."}, {"role": "developer", "content": "Use SI units."}
    alone = read(system, developer, HI)
    assert (alone.task, alone.earlier) == ("Be short.\n\nUse SI units.\n\nhi", ())
    later = read(system, HI, {"role": "assistant", "content": "ho"}, {"role": "user", "content": "and?"})
    assert [(one.role, one.content) for one in later.earlier] == [("user", "Be short.\n\nhi"), ("assistant", "ho")]
    assert later.task == "and?"


def test_instructions_behind_the_last_message_count_for_it() -> None:
    assert read(HI, {"role": "system", "content": "Be short."}).task == "Be short.\n\nhi"


def test_content_may_come_in_parts_of_text() -> None:
    assert read({"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}).task == "a\nb"


@pytest.mark.parametrize(
    ("messages", "said", "param"),
    [
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
            "'image_url' are not taken",
            "messages.0.content",
        ),
        ([{"role": "tool", "content": "x", "tool_call_id": "1"}, HI], "'tool' are not taken", "messages.0.role"),
        ([{"role": "assistant", "tool_calls": [{"id": "1"}]}, HI], "runs its own tools", "messages.0.tool_calls"),
        ([HI, {"role": "assistant", "content": "ho"}], "last message has to be the user's", "messages"),
        ([{"role": "system", "content": "Be short."}], "last message has to be the user's", "messages"),
        ([{"role": "user", "content": " "}], "is empty", "messages.0.content"),
    ],
)
def test_what_cannot_be_taken_is_said(messages: list[Mapping[str, object]], said: str, param: str) -> None:
    with pytest.raises(FaultError, match=said) as caught:
        read(*messages)
    assert (caught.value.status, caught.value.told.param) == (400, param)


@pytest.mark.parametrize(
    "asked",
    [
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"functions": [{"name": "f"}]},
        {"n": 2},
        {"stop": ["x"]},
        {"logprobs": True},
        {"response_format": {"type": "json_object"}},
    ],
)
def test_what_is_asked_for_and_not_to_be_had_is_refused_by_name(asked: dict[str, object]) -> None:
    with pytest.raises(FaultError) as caught:
        ChatRequest.model_validate({"messages": [HI], **asked}).check()
    assert (caught.value.status, caught.value.told.param) == (400, next(iter(asked)))


@pytest.mark.parametrize(
    "asked",
    [
        {"tools": [], "functions": None, "tool_choice": "auto"},
        {"n": 1, "stop": [], "logprobs": False, "top_logprobs": 0, "response_format": {"type": "text"}},
        {"user": "u", "metadata": {"a": "b"}, "frequency_penalty": 0.5, "codeact": {"show": "answer"}, "stream_options": {"x": 1}},
    ],
)
def test_what_asks_for_nothing_and_what_is_unknown_is_passed_over(asked: dict[str, object]) -> None:
    ChatRequest.model_validate({"messages": [HI], **asked}).check()


@pytest.mark.parametrize("asked", [{"max_tokens": 0}, {"temperature": 3}, {"codeact": {"show": "all"}}, {"codeact": {"shown": "answer"}}])
def test_a_value_out_of_range_is_an_error(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ChatRequest.model_validate({"messages": [HI], **asked})


def test_items_of_earlier_answers_besides_their_messages_are_passed_over() -> None:
    asked = ResponseRequest.model_validate(
        {
            "instructions": "Be short.",
            "input": [
                HI,
                {"type": "reasoning", "id": "rs_1", "summary": []},
                {"type": "code_interpreter_call", "id": "ci_1", "code": "1", "container_id": "c", "outputs": []},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "ho", "annotations": []}]},
                {"role": "user", "content": [{"type": "input_text", "text": "and?"}]},
            ],
        }
    )
    assert asked.said() == [Said("system", "Be short."), Said("user", "hi"), Said("assistant", "ho"), Said("user", "and?")]


@pytest.mark.parametrize(
    "asked",
    [
        {"input": [{"type": "function_call_output", "call_id": "1", "output": "x"}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
        {"input": "hi", "tools": [{"type": "web_search"}]},
        {"input": "hi", "text": {"format": {"type": "json_schema"}}},
        {"input": "hi", "conversation": "conv_1"},
        {"input": "hi", "prompt": {"id": "p"}},
    ],
)
def test_a_response_that_is_not_to_be_had_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(FaultError) as caught:
        request = ResponseRequest.model_validate(asked)
        request.check()
        request.said()
    assert caught.value.status == 400


async def test_a_conversation_is_found_by_all_that_was_said_and_by_nobody_else_as_long_as_its_run_is_there(address: str) -> None:
    said = [Said("system", "Be short."), Said("user", "hi"), Said("assistant", "ho")]
    store = await open_store(address)
    for run_id in ("run-1", "run-2"):
        started = {"model": "m", "format": "code", "system": "", "isolation": "none", "limits": events.Limits()}
        await store.add(Trajectory(events=[events.RunStarted(run_id=run_id, **started)]))
    remembered = Remembered(store.talks)
    await remembered.put("me", "m", said, "run-2", 1)
    await remembered.put("me", "m", said, "run-1", 3)
    await store.aclose()
    store = await open_store(address)
    remembered = Remembered(store.talks)
    trimmed = [*said[:2], Said("assistant", " ho\n")]
    assert await remembered.find("me", "m", trimmed) == ("run-1", 3)
    assert await remembered.find("you", "m", said) is None
    assert await remembered.find("me", "other", said) is None
    assert await remembered.find("me", "m", said[1:]) is None
    assert await remembered.find("me", "m", [*said[:2], Said("user", "ho")]) is None
    await store.remove("run-1")
    assert await remembered.find("me", "m", said) is None
    await store.aclose()
