"""What was said, written and printed is not in the spans, unless that is asked for."""

import json

import pytest

from codeact import events
from codeact.protocols import Decision, Question
from telemetry.parts import FAILING, FORMATS, TASK, TURNS, Traced, facts, failure, ran


@FORMATS
@pytest.mark.parametrize("failing", [False, True])
async def test_nothing_that_was_said_written_or_printed_is_in_the_spans(traced: Traced, format: str, failing: bool) -> None:
    run = await ran(traced, (FAILING if failing else TURNS)[format], format=format)
    assert "secret" in "".join(event.model_dump_json() for event in run.trajectory.events)
    assert "secret" not in traced.text()
    assert "get_price(" not in traced.text()


@FORMATS
async def test_what_was_said_written_and_printed_is_in_the_spans_if_that_is_asked_for(traced: Traced, format: str) -> None:
    run = await ran(traced, TURNS[format], format=format, content=True)
    agent, chat, action, tool, _ = map(facts, traced.spans)
    assert json.loads(agent["gen_ai.input.messages"]) == [{"role": "user", "parts": [{"type": "text", "content": TASK}]}]
    answer = {"role": "assistant", "parts": [{"type": "text", "content": "1.5-secret"}], "finish_reason": "stop"}
    assert json.loads(agent["gen_ai.output.messages"]) == [answer]
    said = [(each["role"], each["parts"][0]["content"]) for each in json.loads(chat["gen_ai.input.messages"])]
    assert said == [(each.role, each.content) for each in run.trajectory.messages[:2]]
    assert json.loads(chat["gen_ai.output.messages"])[0]["parts"][0]["content"] == run.trajectory.messages[2].content
    assert json.loads(action["gen_ai.tool.call.arguments"]) == {"code": run.trajectory.last(events.Action).code}
    assert action["gen_ai.tool.call.result"] == run.trajectory.last(events.Observation).text
    assert json.loads(tool["gen_ai.tool.call.arguments"]) == run.trajectory.last(events.ToolCalled).arguments
    assert tool["gen_ai.tool.call.result"] == "1.5"


async def test_a_class_whose_name_says_more_than_a_name_is_not_named(traced: Traced) -> None:
    await ran(traced, ["<execute>\nraise type('my secret', (Exception,), {})('x')\n</execute>", "<solution>x</solution>"])
    assert failure(traced.named("execute_tool run_python")[0]) == ("_OTHER", "the action ended with the status 'error'")
    assert "secret" not in traced.text()


@pytest.mark.parametrize("content", [False, True])
async def test_a_question_about_an_action_is_an_event_of_the_run(traced: Traced, content: bool) -> None:
    async def approve(question: Question) -> Decision:
        return Decision("deny", reason="secret") if question.subject == "action" else Decision("allow")

    await ran(traced, TURNS["code"], approve=approve, content=content)
    asked, given = traced.named("invoke_agent codeact")[0].events
    assert (asked.name, given.name) == ("codeact.approval_asked", "codeact.approval_given")
    assert dict(asked.attributes or {})["codeact.subject"] == "action"
    assert dict(given.attributes or {})["codeact.decision"] == "deny"
    assert dict(given.attributes or {}).get("codeact.reason") == ("secret" if content else None)
    assert ("secret" in traced.text()) == content


@FORMATS
async def test_a_question_about_a_call_is_an_event_of_the_call(traced: Traced, format: str) -> None:
    async def approve(question: Question) -> Decision:
        return Decision("allow")

    await ran(traced, TURNS[format], format=format, approve=approve)
    names = [event.name for event in traced.named("execute_tool get_price")[0].events]
    assert names == ["codeact.approval_asked", "codeact.approval_given"]
    assert "secret" not in traced.text()
