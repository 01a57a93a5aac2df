"""Answers that somebody looks at before they stand."""

import asyncio
from collections.abc import Awaitable, Callable

from agent.conftest import Sessions
from codeact import events
from codeact.agent.loop import Agent
from codeact.errors import InputError
from codeact.formats.code import CodeFormat
from codeact.models.replay import ScriptModel

TURNS = ["<solution>41</solution>", "<solution>42</solution>"]


def judge(right: str, seen: list[str]) -> Callable[[str], Awaitable[str]]:
    """Takes one answer only."""

    async def verify(answer: str) -> str:
        seen.append(answer)
        return "" if answer == right else f"{answer} is wrong."

    return verify


async def test_an_answer_that_is_objected_to_goes_back_with_the_words_and_another_may_follow(sessions: Sessions) -> None:
    seen: list[str] = []
    async with Agent(ScriptModel(TURNS), CodeFormat(), sessions, verify=judge("42", seen)) as agent:
        run = await agent.arun("What is 6 times 7?")
    assert (run.state, run.answer, seen) == ("answered", "42", ["41", "42"])
    assert [(event.reason, event.text) for event in run.trajectory.of_type(events.Feedback)] == [("answer_rejected", "41 is wrong.")]
    assert [event.text for event in run.trajectory.of_type(events.Answered)] == ["42"]


async def test_answers_that_are_objected_to_use_up_turns_and_no_patience(sessions: Sessions) -> None:
    limits = events.Limits(turns=6, malformed=2)
    model = ScriptModel(["<solution>41</solution>"] * 6)
    async with Agent(model, CodeFormat(), sessions, limits=limits, verify=judge("42", [])) as agent:
        run = await agent.arun("What is 6 times 7?")
    assert (run.state, run.answer) == ("limit", None)


async def test_an_answer_of_the_wrong_type_is_not_shown_to_whoever_looks(sessions: Sessions) -> None:
    seen: list[str] = []
    turns = ["<solution>many</solution>", *TURNS]
    async with Agent(ScriptModel(turns), CodeFormat(), sessions, answer_type=int, verify=judge("42", seen)) as agent:
        run = await agent.arun("What is 6 times 7?")
    assert (run.value, seen) == (42, ["41", "42"])


async def test_whoever_looks_and_fails_ends_the_run_with_an_error(sessions: Sessions) -> None:
    async def verify(_: str) -> str:
        raise InputError("the right answer is not there")

    async with Agent(ScriptModel(TURNS, allow_unused=True), CodeFormat(), sessions, verify=verify) as agent:
        run = await agent.arun("What is 6 times 7?")
    assert (run.state, run.reason) == ("error", "the right answer is not there")


async def test_the_seconds_that_it_takes_are_not_the_runs(sessions: Sessions) -> None:
    async def verify(_: str) -> str:
        await asyncio.sleep(0.5)
        return ""

    async with Agent(ScriptModel(TURNS[1:]), CodeFormat(), sessions, verify=verify) as agent:
        run = await agent.arun("What is 6 times 7?")
    began, ended = run.trajectory.last(events.TaskGiven), run.trajectory.last(events.RunEnded)
    assert began is not None
    assert ended is not None
    assert ended.time - began.time >= ended.seconds + 0.3
