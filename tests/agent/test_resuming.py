"""A run that is broken off after any event goes on to the same end: nothing is asked, run or called twice that need not be."""

import functools
import json
from collections.abc import Sequence
from typing import Any

import pytest

from codeact import Agent, errors, events
from codeact.models.replay import ScriptModel
from codeact.protocols import Decision, Question
from codeact.tools.function import tool
from codeact.trajectory import Trajectory

CODE = (
    "I look.\n<execute>\nfound = [price(name) for name in ('pear', 'fig')]\nprint(found)\n</execute>",
    "no action at all",
    "<execute>\nopen('sum.txt', 'w').write(str(sum(found)))\n1 / 0\n</execute>",
    "<execute>\nprint(pay(int(open('sum.txt').read())), len(found))\n</execute>",
    "<solution>paid 7</solution>",
)
JSON = (
    '{"tool": "price", "arguments": {"item": "pear"}}\n{"tool": "price", "arguments": {"item": "fig"}}',
    '{"tool": "pay", "arguments": {"amount": 7}}',
    '{"answer": "paid 7"}',
)


class Shop:
    """Tools, and what was done by them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.paid: list[int] = []

    @functools.cached_property
    def tools(self) -> list[Any]:
        """The tools."""

        def price(item: str) -> int:
            """Price of an item."""
            self.asked.append(item)
            return len(item)

        @tool(effect=True)
        def pay(amount: int) -> str:
            """Pay."""
            self.paid.append(amount)
            return f"paid {amount}"

        return [price, pay]


def agent_of(turns: Sequence[str], shop: Shop, format: str, **more: Any) -> Agent:
    return Agent(ScriptModel(turns), tools=shop.tools, format=format, preload=(), **more)


def recorded(turns: Sequence[str], format: str, **more: Any) -> list[events.AnyEvent]:
    """The events of a run that was not broken off."""
    with agent_of(turns, Shop(), format, **more) as agent:
        return list(agent.run("What do a pear and a fig cost? Pay it.").trajectory.events)


def kinds(record: Sequence[events.AnyEvent]) -> list[str]:
    return [event.type for event in record]


def shown(record: Trajectory) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in record.messages]


@pytest.mark.parametrize(("turns", "format"), [(CODE, "code"), (JSON, "json")], ids=["code", "json"])
def test_broken_off_after_any_event_it_ends_as_if_it_was_not(turns: Sequence[str], format: str) -> None:
    whole = recorded(turns, format)
    assert whole[-2].type == "answered"
    for count in range(2, len(whole)):
        before = whole[:count]
        record, shop = Trajectory(events=before), Shop()
        done = sum(isinstance(event, events.ModelTurn) for event in before)
        called = [event.name for event in before if isinstance(event, events.ToolCalled)]
        is_open = isinstance(before[-1], events.ToolCalled)
        if is_open and called[-1] == "pay":
            continue  # its outcome is not known: another test
        with agent_of(turns[done:], shop, format) as agent:
            run = agent.resume(record)
        assert (run.state, run.answer) == ("answered", "paid 7"), kinds(before)
        assert shown(record) == shown(Trajectory(events=whole)), kinds(before)
        assert shop.asked == ["pear", "fig"][called.count("price") - (is_open and called[-1] == "price") :]
        assert shop.paid == [7][called.count("pay") :]
        made = [kind for kind in kinds(record.events) if kind != "tool_called"]
        assert made == [kind for kind in kinds(whole) if kind != "tool_called"]
        ended = record.last(events.RunEnded)
        assert ended is not None
        assert ended.turns == len(turns)


def broken_in_pay() -> list[events.AnyEvent]:
    whole = recorded(CODE, "code")
    place = next(place for place, event in enumerate(whole) if isinstance(event, events.ToolCalled) and event.name == "pay")
    return whole[: place + 1]


def test_a_call_with_an_effect_whose_outcome_is_not_known_is_not_made_again() -> None:
    record, shop = Trajectory(events=broken_in_pay()), Shop()
    with agent_of(["<solution>I do not know</solution>"], shop, "code") as agent:
        run = agent.resume(record)
    assert (run.answer, shop.paid) == ("I do not know", [])
    last = record.last(events.Observation)
    assert last is not None
    assert "its outcome is not known: the program was ended while pay ran, and it is not called again" in last.text
    again, same = Trajectory(events=record.events[: record.events.index(last)]), Shop()  # broken off once more, after that was said
    with agent_of(["<solution>I do not know</solution>"], same, "code") as agent:
        agent.resume(again)
    assert shown(again) == shown(record)


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_somebody_is_asked_about_a_call_whose_outcome_is_not_known(decision: Any) -> None:
    asked: list[str] = []

    async def approve(question: Question) -> Decision:
        asked.append(question.content)
        return Decision(decision if "outcome" in question.content else "allow")

    record, shop = Trajectory(events=broken_in_pay()), Shop()
    with agent_of(["<solution>x</solution>"], shop, "code", approve=approve) as agent:
        agent.resume(record)
    assert shop.paid == ([7] if decision == "allow" else [])
    (question,) = asked
    assert json.loads(question)["note"] == "its outcome is not known: the program was ended while it ran; allow to call it again"


def test_what_was_asked_or_decided_before_is_not_asked_again() -> None:
    turns = ("<execute>\nprint(1)\n</execute>", "<execute>\nprint(pay(2))\n</execute>", "<solution>done</solution>")
    asked: list[str] = []

    async def approve(question: Question) -> Decision:
        asked.append(question.content)
        return Decision("edit", question.content.replace("print(1)", "print(3)")) if "print(1)" in question.content else Decision()

    whole = recorded(turns, "code", approve=approve)
    assert len(asked) == 3
    for count in range(2, len(whole)):
        asked.clear()
        before = whole[:count]
        record, shop = Trajectory(events=before), Shop()
        given = sum(isinstance(event, events.ApprovalGiven) for event in before)
        done = sum(isinstance(event, events.ModelTurn) for event in before)
        called = sum(isinstance(event, events.ToolReturned) for event in before)
        unknown = called == 0 and given == 3  # allowed, and perhaps called
        with agent_of(turns[done:], shop, "code", approve=approve) as agent:
            assert agent.resume(record).answer == "done"
        assert len(asked) == 3 - given + unknown, kinds(before)
        assert shop.paid == ([] if called else [2])
        assert shown(record) == shown(Trajectory(events=whole))


def test_the_model_is_told_of_what_did_not_come_out_as_before() -> None:
    turns = ("<execute>\nimport uuid\nprint(uuid.uuid4().hex)\n</execute>", "<execute>\nprint(2)\n</execute>", "<solution>x</solution>")
    whole = recorded(turns, "code")
    place = next(place for place, event in enumerate(whole) if isinstance(event, events.Observation))
    record = Trajectory(events=whole[: place + 1])
    with agent_of(turns[1:], Shop(), "code") as agent:
        agent.resume(record)
    told = record.events[place + 1]
    assert isinstance(told, events.Feedback)
    assert told.text.startswith("The program was started again, and your session was rebuilt")
    assert "Turn 1 now gives:" in told.text
    assert len(told.text.split()[-1]) == 32


def test_news_of_the_session_do_not_end_the_turn_that_was_broken_off() -> None:
    turns = (
        "<execute>\nimport uuid\nprint(uuid.uuid4().hex)\n</execute>",
        "<execute>\nprint(pay(7))\n</execute>",
        "<solution>x</solution>",
    )
    whole = recorded(turns, "code")
    called = next(place for place, event in enumerate(whole) if isinstance(event, events.ToolCalled))
    first, shop = Trajectory(events=whole[: called + 1]), Shop()
    with agent_of(["<solution>x</solution>"], shop, "code") as agent:
        agent.resume(first)
    news = next(place for place, event in enumerate(first.events) if isinstance(event, events.Feedback))
    assert (first.events[news].turn, first.events[news].reason) == (2, "rebuilt")  # type: ignore[union-attr]
    again = Trajectory(events=first.events[: news + 1])
    with agent_of(["<solution>x</solution>"], shop, "code") as agent:
        agent.resume(again)
    last = again.last(events.Observation)
    assert last is not None
    assert (last.turn, shop.paid) == (2, [])
    assert "its outcome is not known" in last.text


def test_an_action_that_ran_into_the_runs_limit_is_stopped_there_again() -> None:
    turns = ("<execute>\nx = 1\nimport time\ntime.sleep(1000)\n</execute>", "<execute>\nprint(x)\n</execute>", "<solution>x</solution>")
    limits = events.Limits(seconds=1, action_seconds=None)
    record = Trajectory(events=recorded(turns[:1], "code", limits=limits))
    with (
        agent_of(turns[1:], Shop(), "code", limits=events.Limits(action_seconds=None)) as agent,
        agent.conversation(record, rebuilds=True) as conversation,
    ):
        run = conversation.send("And now?")
    assert run.answer == "x"
    assert [one.status for one in record.of_type(events.Observation)] == ["timeout", "ok"]


def test_an_action_that_was_undone_or_ended_the_interpreter_is_not_run_again() -> None:
    turns = (
        "<execute>\nkept = 1\nopen('log.txt', 'a').write('a')\n</execute>",
        "<execute>\nimport os\nopen('log.txt', 'a').write('b')\nos._exit(3)\n</execute>",
        "<execute>\nprint(kept, open('log.txt').read())\n</execute>",
        "<solution>x</solution>",
    )
    whole = recorded(turns, "code")
    place = [place for place, event in enumerate(whole) if isinstance(event, events.Observation)][1]
    record = Trajectory(events=whole[: place + 1])
    with agent_of(turns[2:], Shop(), "code") as agent:
        agent.resume(record)
    last = record.last(events.Observation)
    assert last is not None
    assert last.stdout == "1 a\n"


def test_limits_count_what_was_used_before() -> None:
    turns = tuple(f"<execute>\nprint({number})\n</execute>" for number in range(4))
    whole = recorded(turns, "code", limits=events.Limits(turns=4))
    place = [place for place, event in enumerate(whole) if isinstance(event, events.Observation)][2]
    record = Trajectory(events=whole[: place + 1])
    with agent_of(turns[3:], Shop(), "code", limits=events.Limits(turns=4)) as agent:
        run = agent.resume(record)
    assert (run.state, run.reason) == ("limit", "the run reached its limit of turns: 4")
    assert kinds(record.events) == kinds(whole)


def test_the_time_between_two_processes_counts_for_no_limit() -> None:
    turns = (*(f"<execute>\nprint({number})\n</execute>" for number in range(3)), "<solution>x</solution>")
    whole = recorded(turns, "code")
    places = [place for place, event in enumerate(whole) if isinstance(event, events.Observation)]
    later = [event.model_copy(update={"time": event.time + 1000}) for event in whole[places[0] + 1 : places[1] + 1]]
    with agent_of(turns[2:], Shop(), "code", limits=events.Limits(seconds=500)) as agent:
        assert agent.resume(Trajectory(events=[*whole[: places[0] + 1], *later])).state == "answered"
    slow = [event.model_copy(update={"seconds": 600}) if event is whole[places[0]] else event for event in whole[: places[1] + 1]]
    with agent_of((), Shop(), "code", limits=events.Limits(seconds=500)) as agent:
        assert agent.resume(Trajectory(events=slow)).reason == "the run reached its limit of seconds: 500"


def test_what_is_over_or_had_files_is_not_gone_on_with(tmp_path: Any) -> None:
    with agent_of(["<solution>x</solution>"], Shop(), "code") as agent:
        run = agent.run("What?")
        with pytest.raises(errors.InputError, match="the run is over"):
            agent.resume(run.trajectory)
    (tmp_path / "a.csv").write_text("a\n1\n")
    with agent_of(["<solution>x</solution>"], Shop(), "code") as agent:
        whole = agent.run("What?", files=[tmp_path / "a.csv"]).trajectory.events
        with pytest.raises(errors.InputError, match=r"was given files, which its record does not hold: a\.csv"):
            agent.resume(Trajectory(events=whole[:-1]))
