"""An agent with tools: the same calls, errors and records in every format; budgets, time limits and approvals."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from codeact import errors, events
from codeact.build import Agent
from codeact.events import Limits
from codeact.models.replay import ScriptModel
from codeact.protocols import Completion, Decision, ModelRequest, Question
from codeact.tools.function import tool

STOCK = {"apple": 1.0, "pear": 2.5}


def get_price(item: str, *, count: int = 1) -> float:
    """Unit price of an item, in dollars."""
    return STOCK[item] * count


TURNS = {
    "code": ["<execute>\nget_price('pear', count=2)\n</execute>", "<execute>\nget_price('plum')\n</execute>", "<solution>5</solution>"],
    "json": ['{"tool": "get_price", "arguments": {"item": "pear", "count": 2}}', '{"tool": "get_price", "arguments": ["plum"]}', '{"answer": 5}'],
    "text": ["Action: get_price('pear', count=2)", "Action: get_price('plum')", "Answer: 5"],
}  # fmt: skip


async def ran(turns: Sequence[str], tools: Sequence[Any] = (get_price,), **options: Any) -> Any:
    """The run of a script, on a session without libraries."""
    async with Agent(ScriptModel(turns), tools=tools, preload=(), **options) as agent:
        return await agent.arun("What do two pears cost?")


def shown(run: Any) -> list[str]:
    return [observation.text for observation in run.trajectory.of_type(events.Observation)]


@pytest.mark.parametrize("format", ["json", "text"])
async def test_what_comes_back_is_the_same_in_every_format(format: str) -> None:
    code, other = await ran(TURNS["code"]), await ran(TURNS[format], format=format)
    assert (other.state, other.answer) == ("answered", "5")
    assert (
        [text.splitlines()[-1] for text in shown(other)] == [text.splitlines()[-1] for text in shown(code)] == ["5.0", "KeyError: 'plum'"]
    )


async def test_calls_and_their_ends_are_recorded() -> None:
    run = await ran(TURNS["code"])
    called, returned = run.trajectory.of_type(events.ToolCalled), run.trajectory.of_type(events.ToolReturned)
    assert [(each.turn, each.name, each.arguments) for each in called] == [
        (1, "get_price", {"args": ["pear"], "kwargs": {"count": 2}}),
        (2, "get_price", {"args": ["plum"], "kwargs": {}}),
    ]
    assert [(each.call_id == other.call_id, each.value, each.error) for each, other in zip(returned, called, strict=True)] == [
        (True, 5.0, None),
        (True, None, "KeyError: plum"),
    ]
    assert run.trajectory.of_type(events.RunStarted)[0].tools[0].name == "get_price"


async def test_a_wrong_call_says_what_would_fit() -> None:
    run = await ran(
        ["<execute>\nget_price('pear', count='many')\n</execute>", "<execute>\nget_price()\n</execute>", "<solution>?</solution>"]
    )
    assert "count" in shown(run)[0]
    assert "'many'" in shown(run)[0]
    assert "TypeError: get_price() missing 1 required positional argument: 'item'" in shown(run)[1]


async def test_a_tool_keeps_its_state_and_its_secrets_on_the_host() -> None:
    class Shop:
        """A shop."""

        def __init__(self) -> None:
            self.sold: list[str] = []
            self._connection = sqlite3.connect(":memory:", check_same_thread=False)
            self._secret = "sk-" + "very-secret-1234"

        def sell(self, item: str) -> int:
            """Sell an item; how many were sold so far."""
            self.sold.append(self._connection.execute("select ?", (item,)).fetchone()[0])
            return len(self.sold)

        def close(self) -> None:
            """Close it."""
            self._connection.close()

    shop = Shop()
    search = (
        "<execute>\nsell('a')\nsell('b')\nimport re\nfound, looked = [], 0\nfor line in open('/proc/self/maps'):\n    span, rights = line.split()[:2]\n"
        "    if rights.startswith('rw'):\n        start, end = (int(each, 16) for each in span.split('-'))\n        with open('/proc/self/mem', 'rb', 0) as memory:\n"
        "            memory.seek(start)\n            data = memory.read(end - start)\n            looked += len(data)\n"
        "            found += re.findall(rb'sk-[v]ery-secret-[0-9]+', data)\nprint(looked > 10_000_000, len(found))\n</execute>"
    )
    run = await ran([search, "<solution>x</solution>"], tools=[shop.sell])
    assert shop.sold == ["a", "b"]
    assert run.trajectory.of_type(events.Observation)[0].stdout == "True 0\n"
    shop.close()


async def test_a_budget_of_calls_is_kept() -> None:
    run = await ran(
        ["<execute>\nprint(get_price('pear'))\nprint(get_price('pear'))\n</execute>", "<solution>x</solution>"],
        tools=[tool(get_price, calls=1)],
    )
    assert "RuntimeError: get_price may be called 1 time in a run, and has been" in shown(run)[0]


async def test_a_time_limit_of_a_tool_is_kept() -> None:
    async def slow() -> None:
        """Wait."""
        await asyncio.sleep(30)

    run = await ran(["<execute>\nawait slow()\n</execute>", "<solution>x</solution>"], tools=[tool(slow, seconds=0.1)])
    assert "TimeoutError: slow took longer than its limit of 0.1 s" in shown(run)[0]


async def test_many_slow_calls_take_the_time_of_one() -> None:
    async def slow(number: int) -> int:
        """Wait a little."""
        await asyncio.sleep(0.3)
        return number

    code = "<execute>\nimport asyncio\nprint(sum(await asyncio.gather(*(slow(i) for i in range(100)))))\n</execute>"
    run = await ran([code, "<solution>x</solution>"], tools=[slow])
    assert shown(run)[0].endswith("4950")
    assert run.trajectory.of_type(events.Observation)[0].seconds < 15


async def test_actions_and_calls_are_asked_about_and_waiting_costs_nothing() -> None:
    asked: list[Question] = []

    async def approve(question: Question) -> Decision:
        asked.append(question)
        await asyncio.sleep(1.2)
        return Decision()

    run = await ran(TURNS["code"], approve=approve, limits=Limits(action_seconds=0.5, seconds=2.0))
    assert run.state == "answered", run.reason
    assert [each.subject for each in asked] == ["action", "call", "action", "call"]
    given = run.trajectory.of_type(events.ApprovalGiven)
    assert [each.approval_id for each in given] == [each.approval_id for each in run.trajectory.of_type(events.ApprovalAsked)]


async def test_what_is_denied_is_not_done_and_the_model_is_told() -> None:
    async def approve(question: Question) -> Decision:
        return Decision("deny", reason="too dear") if question.subject == "call" else Decision()

    run = await ran([TURNS["code"][0], "<solution>x</solution>"], approve=approve)
    assert "PermissionError: get_price was not allowed: too dear" in shown(run)[0]

    async def refuse(question: Question) -> Decision:
        return Decision("deny", reason="not now")

    run = await ran([TURNS["code"][0], "<solution>x</solution>"], approve=refuse)
    assert not run.trajectory.of_type(events.Action)
    assert "the user did not allow it (not now)" in run.trajectory.messages[-2].content


async def test_what_is_edited_is_done_as_edited() -> None:
    async def approve(question: Question) -> Decision:
        if question.subject == "action":
            return Decision("edit", content="print(get_price('apple'))")
        return Decision("edit", content='{"args": ["pear"], "kwargs": {"count": 3}}')

    run = await ran([TURNS["code"][0], "<solution>x</solution>"], approve=approve)
    assert run.trajectory.of_type(events.Action)[0].code == "print(get_price('apple'))"
    assert shown(run)[0].endswith("7.5")


async def test_in_json_and_text_a_call_is_asked_about_once() -> None:
    asked: list[str] = []

    async def approve(question: Question) -> Decision:
        asked.append(question.subject)
        return Decision()

    await ran(TURNS["json"], format="json", approve=approve)
    assert asked == ["call", "call"]


async def test_one_agent_serves_many_tasks_at_once() -> None:
    class Scripts:
        name, uses_grammar = "scripts", False

        async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
            number = request.messages[1].content
            done = len(request.messages) > 2
            text = (
                f"<solution>{request.messages[-1].content.split()[-1]}</solution>"
                if done
                else f"<execute>\nprint(twice({number}))\n</execute>"
            )
            yield text
            yield Completion(text)

        async def aclose(self) -> None:
            pass

    def twice(x: int) -> int:
        """Double."""
        return 2 * x

    async with Agent(Scripts(), tools=[tool(twice, calls=1)], preload=()) as agent:
        runs = await asyncio.gather(*(agent.arun(str(number)) for number in range(6)))
    assert [run.answer for run in runs] == [str(2 * number) for number in range(6)]


def test_what_is_no_tool_is_refused() -> None:
    with pytest.raises(errors.InputError):
        Agent(ScriptModel([]), tools=[42])
    with pytest.raises(errors.InputError, match="two tools"):
        Agent(ScriptModel([]), tools=[get_price, tool(len, name="get_price")])
