"""Recorded runs, told as chats and as responses of OpenAI's API."""

import json

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from agent.parts import Sessions
from codeact import events
from codeact.agent.loop import Agent
from codeact.formats.code import CodeFormat
from codeact.models.replay import ScriptModel
from codeact.server.openai_face.chat_shapes import ChatChunk, Show
from codeact.server.openai_face.chat_telling import ChatTelling
from codeact.server.openai_face.response_shapes import ResponseEvent
from codeact.server.openai_face.response_telling import ResponseTelling, place_of, response_id
from codeact.server.openai_face.rounds import rounds_of
from codeact.server.openai_face.steps import MOST_SHOWN, Steps, fenced

EVENT: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
ADD = ["I add.\n<execute>\nprint('a', flush=True)\n1 + 1\n</execute>", "<solution>2</solution>"]


async def run(turns: list[str], limits: events.Limits | None = None) -> list[events.AnyEvent]:
    """Everything that happened in a run on a real session, the transient events too."""
    sessions = Sessions()
    agent = Agent(ScriptModel(turns, allow_unused=True), CodeFormat(), sessions, limits=limits)
    return [event async for event in agent.stream("Add.")]


def kept(happened: list[events.AnyEvent]) -> list[events.AnyEvent]:
    """Those that a record keeps."""
    return [event for event in happened if not event.transient]


def chat(happened: list[events.AnyEvent], show: Show = "reasoning") -> tuple[ChatTelling, list[ChatChunk]]:
    """A run as a chat: what was told, and in which pieces."""
    telling = ChatTelling("run-1", "m", 5.5, show)
    pieces = [telling.first(), *(chunk for event in happened for chunk in telling.add(event)), *telling.last(usage=True)]
    return telling, pieces


def response(happened: list[events.AnyEvent]) -> tuple[ResponseTelling, list[ResponseEvent]]:
    """A run as a response: what was told, and in which pieces."""
    record = kept(happened)
    started = record[0]
    assert isinstance(started, events.RunStarted)
    telling = ResponseTelling(started, rounds_of(record)[0])
    return telling, [*telling.first(), *(piece for event in happened for piece in telling.add(event))]


def strict(piece: BaseModel) -> str:
    """As it is sent."""
    return json.dumps(piece.model_dump(mode="json"))


async def test_the_steps_are_reasoning_and_the_answer_is_content() -> None:
    telling, _ = chat(await run(ADD))
    assert telling.content == "2"
    assert telling.reasoning == "I add.\n\n```python\nprint('a', flush=True)\n1 + 1\n```\n\n```text\na\n```\n\n```text\n2\n```"


async def test_the_steps_stand_before_the_answer_if_that_is_wanted_or_nowhere() -> None:
    happened = await run(ADD)
    reasoning = chat(happened)[0].reasoning
    whole = chat(happened, "content")[0]
    assert (whole.content, whole.reasoning) == (f"{reasoning}\n\n2", "")
    bare = chat(happened, "answer")[0]
    assert (bare.content, bare.reasoning) == ("2", "")


async def test_what_a_record_keeps_tells_what_was_told_as_it_happened() -> None:
    happened = await run(ADD)
    assert any(isinstance(event, events.StreamChunk) for event in happened)
    live, again = chat(happened)[0], chat(kept(happened))[0]
    assert (live.content, live.reasoning) == (again.content, again.reasoning)
    assert [*map(strict, response(happened)[1])] == [*map(strict, response(kept(happened))[1])]


async def test_pieces_of_a_chat_are_what_the_official_client_reads_and_make_the_whole() -> None:
    telling, pieces = chat(await run(ADD))
    read = [ChatCompletionChunk.model_validate_json(strict(piece), strict=True) for piece in pieces]
    deltas = [choice.delta for chunk in read for choice in chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == "2"
    assert "".join((delta.model_extra or {}).get("reasoning_content", "") for delta in deltas) == telling.reasoning
    assert [chunk.choices[0].finish_reason for chunk in read[:-1]] == [None] * (len(read) - 2) + ["stop"]
    assert read[-1].choices == [] and read[-1].usage is not None
    whole = ChatCompletion.model_validate_json(strict(telling.whole()), strict=True)
    assert whole.usage == read[-1].usage
    assert (whole.id, whole.created, whole.choices[0].message.content) == ("chatcmpl-run-1", 5, "2")


async def test_usage_is_the_sum_of_all_turns() -> None:
    happened = await run(ADD)
    ended = happened[-1]
    assert isinstance(ended, events.RunEnded)
    usage = chat(happened)[0].whole().usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (ended.usage.input_tokens, ended.usage.output_tokens)
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


async def test_a_limit_is_told_plainly_and_finishes_by_length() -> None:
    telling, pieces = chat(await run(ADD, events.Limits(turns=1)))
    assert telling.content == "No answer: the run reached its limit of turns: 1."
    assert pieces[-2].choices[0].finish_reason == "length"
    assert telling.whole().codeact.state == "limit"


async def test_an_agent_that_gives_up_says_so() -> None:
    telling, pieces = chat(await run(["Hm."] * 3))
    assert telling.content == "No answer: 3 messages of the model in a row could not be used."
    assert pieces[-2].choices[0].finish_reason == "stop"


async def test_no_tag_of_the_model_is_told() -> None:
    telling = chat(await run(ADD), "content")[0]
    assert "<execute>" not in telling.content and "<solution>" not in telling.content


async def test_output_that_holds_fences_stays_in_its_own() -> None:
    code = "import sys, time\nfor piece in ('a\\n``', '`\\n', '````\\nb'):\n    print(piece, end='', flush=True)\n    time.sleep(0.1)"
    happened = await run([f"<execute>\n{code}\n</execute>", ADD[1]])
    reasoning = chat(happened)[0].reasoning
    assert outside(reasoning) == []
    assert outside(chat(kept(happened))[0].reasoning) == []
    assert "a\n" in reasoning and "`````text\n````\nb\n`````" in reasoning


def outside(text: str) -> list[str]:
    """Lines that are in no fence of CommonMark's, blank ones left out."""
    fence, found = "", []
    for line in text.splitlines():
        ticks = len(line) - len(line.lstrip("`"))
        if not fence and ticks >= 3:
            fence = line[:ticks]
        elif fence and ticks >= len(fence) and not line.strip("`"):
            fence = ""
        elif not fence and line:
            found.append(line)
    assert not fence
    return found


@pytest.mark.parametrize("pieces", [["```\n", "x"], ["``", "`", "`\nx"], ["x", "``````"], ["````", "\n```", "\n"], [" ```\n", "x ``` y\n"]])
def test_no_run_of_backticks_ends_the_fence_however_it_is_cut(pieces: list[str]) -> None:
    steps = Steps()
    chunks = [events.StreamChunk(turn=1, name="stdout", text=piece) for piece in pieces]
    written = tuple(events.StreamOutput(name="stdout", text=piece) for piece in pieces)
    text = "".join(map(steps.add, [*chunks, events.Observation(turn=1, outputs=written)]))
    assert outside(text) == []
    longest = max(len(run) for run in "".join(pieces).replace("x", " ").replace("y", " ").split())
    assert f"{'`' * longest}" in text.replace("text", "")


def test_output_without_end_is_cut_and_that_is_said() -> None:
    steps = Steps()
    chunk = events.StreamChunk(turn=1, name="stdout", text="x" * (MOST_SHOWN // 2))
    text = "".join(steps.add(chunk) for _ in range(9))
    assert text.count("x") - text.count("text") == MOST_SHOWN
    assert text.count("left out here") == 1


def test_pieces_that_a_slow_watcher_missed_come_with_the_whole() -> None:
    steps = Steps()
    seen = steps.add(events.StreamChunk(turn=1, name="stdout", text="a\n"))
    whole = events.Observation(turn=1, outputs=(events.StreamOutput(name="stdout", text="a\nb\n"),))
    assert seen + steps.add(whole) == "```text\na\nb\n```"


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    assert fenced("`````") == "``````\n`````\n``````"


async def test_pieces_of_a_response_are_what_the_official_client_reads() -> None:
    telling, pieces = response(await run(ADD))
    read = [EVENT.validate_json(strict(piece), strict=True) for piece in pieces]
    assert [one.sequence_number for one in read] == list(range(len(read)))
    assert [one.type.removeprefix("response.") for one in read] == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "code_interpreter_call.in_progress",
        "code_interpreter_call_code.delta",
        "code_interpreter_call_code.done",
        "code_interpreter_call.interpreting",
        "code_interpreter_call.completed",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    whole = Response.model_validate_json(strict(telling.response), strict=True)
    assert (whole.output_text, whole.status) == ("2", "completed")
    assert read[-1].type == "response.completed" and read[-1].response == whole


async def test_an_action_is_a_call_of_the_code_interpreter_with_its_logs() -> None:
    telling, _ = response(await run(ADD))
    thought, call, message = telling.response.output
    assert thought.type == "reasoning" and [part.text for part in thought.summary] == ["I add."]
    assert call.type == "code_interpreter_call" and call.code == "print('a', flush=True)\n1 + 1"
    assert [one.model_dump() for one in call.outputs] == [{"type": "logs", "logs": "a\n2"}]
    assert (call.status, call.container_id) == ("completed", telling.response.codeact.run_id)
    assert message.type == "message" and message.status == "completed"


async def test_an_action_that_raises_is_completed_and_one_that_is_stopped_is_not() -> None:
    telling, _ = response(await run(["<execute>\n1/0\n</execute>", "<execute>\nimport os\nos.kill(os.getpid(), 9)\n</execute>", ADD[1]]))
    raised, killed, _ = telling.response.output
    assert raised.status == "completed" and "ZeroDivisionError" in raised.model_dump_json()
    assert killed.status == "failed"


async def test_a_response_at_a_limit_is_incomplete_and_says_which() -> None:
    telling, pieces = response(await run(ADD, events.Limits(turns=1)))
    whole = Response.model_validate_json(strict(telling.response), strict=True)
    assert (whole.status, pieces[-1].type) == ("incomplete", "response.incomplete")
    assert whole.incomplete_details is not None and whole.incomplete_details.reason == "max_messages"
    assert whole.output_text == "No answer: the run reached its limit of turns: 1."


async def test_a_response_that_fails_says_of_what() -> None:
    telling, pieces = response(await run(ADD[:1]))
    whole = Response.model_validate_json(strict(telling.response), strict=True)
    assert (whole.status, pieces[-1].type) == ("failed", "response.failed")
    assert whole.error is not None and "asked for turn 2" in whole.error.message


def test_pictures_are_outputs_of_their_own() -> None:
    started = events.RunStarted(run_id="r_1", model="m", format="code", system="", isolation="strict", limits=events.Limits())
    outputs = (
        events.StreamOutput(name="stdout", text="a\n"),
        events.DisplayOutput(data={"image/png": "QUJD\n", "text/plain": "<Figure>"}),
        events.ResultOutput(data={"text/plain": "2"}),
    )
    happened = [started, events.TaskGiven(text="Draw."), events.Action(turn=1, code="1"), events.Observation(turn=1, outputs=outputs)]
    telling, _ = response(happened)
    assert [one.model_dump() for item in telling.response.output if item.type == "code_interpreter_call" for one in item.outputs] == [
        {"type": "logs", "logs": "a\n"},
        {"type": "image", "url": "data:image/png;base64,QUJD"},
        {"type": "logs", "logs": "2"},
    ]


def test_what_nobody_foresaw_is_not_told() -> None:
    started = events.RunStarted(run_id="r_1", model="m", format="code", system="", isolation="strict", limits=events.Limits())
    failed = events.Failed(turn=1, boundary="model", kind="UnexpectedError", message="a secret")
    telling, pieces = response([started, events.TaskGiven(text="Go."), failed, events.RunEnded(state="error", reason="a secret")])
    assert telling.response.error is not None and "secret" not in "".join(map(strict, pieces))


def test_an_id_leads_back_to_its_place() -> None:
    assert place_of(response_id("run_a_1", 12)) == ("run_a_1", 12)
    assert [place_of(id) for id in ("resp_x", "resp_x_0", "run-1", "resp__1x", "")] == [None] * 5
