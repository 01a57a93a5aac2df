"""A model that does the same once more, and gets the same, is told so; the action is run all the same."""

from collections.abc import Iterator, Sequence

import pytest

from codeact import Agent, events
from codeact.agent.conversation import Run
from codeact.agent.repetition import told_of_repetition
from codeact.models.replay import ScriptModel
from codeact.trajectory import Trajectory

FAILED = "That was the same action as before, and it failed in the same way. Write a different one."
SAME = "That was the same action as before, with the same result. Unless you wait for something, do something else or answer."
DONE = "<solution>1</solution>"


def act(code: str) -> str:
    return f"<execute>\n{code}\n</execute>"


def told(turns: Sequence[str], *, format: str = "code", tools: Sequence[object] = (), tasks: int = 1) -> list[str]:
    """What the model was told besides observations, of the turns that were told something."""
    with Agent(ScriptModel(turns), format=format, tools=tools, preload=()) as agent, agent.conversation() as conversation:
        runs = [conversation.send("Do it.") for _ in range(tasks)]
    assert [run.state for run in runs] == ["answered"] * tasks
    record = runs[-1].trajectory
    said = record.of_type(events.Feedback)
    assert all(event.reason == "repeated" for event in said)
    return [f"{event.turn}: {event.text}" for event in said]


def test_an_error_made_again() -> None:
    assert told([act("x = 1\nx / 0")] * 3 + [DONE]) == [f"2: {FAILED}", f"3: {FAILED}"]


FAILING, OTHER = act("x = 1\nx / 0"), act("1 / 0")


@pytest.mark.parametrize(
    ("turns", "limits", "ending", "took"),
    [
        ([FAILING] * 4, {}, ("gave_up", "the same action failed in the same way 4 times in a row"), 4),
        ([FAILING] * 2, {"repeats": 1}, ("gave_up", "the same action failed in the same way 2 times in a row"), 2),
        ([OTHER, *[FAILING] * 4], {}, ("gave_up", "the same action failed in the same way 4 times in a row"), 5),
        ([FAILING] * 6, {"repeats": None}, ("limit", "the run reached its limit of turns: 6"), 6),
        ([FAILING, OTHER] * 3, {}, ("limit", "the run reached its limit of turns: 6"), 6),
        ([*[FAILING] * 3, OTHER, *[FAILING] * 2], {}, ("limit", "the run reached its limit of turns: 6"), 6),
        ([act("print(1)")] * 6, {}, ("limit", "the run reached its limit of turns: 6"), 6),
    ],
    ids=["four times", "a limit of its own", "after another", "no limit", "in turn", "with a break", "what succeeds"],
)
def test_a_run_whose_action_fails_again_and_again_is_given_up(
    turns: Sequence[str], limits: dict[str, int | None], ending: tuple[str, str], took: int
) -> None:
    bounds = events.Limits.model_validate({"turns": 6, **limits})
    with Agent(ScriptModel(turns), limits=bounds, preload=()) as agent:
        run = agent.run("Do it.")
    assert (run.state, run.reason) == ending
    assert len(run.trajectory.of_type(events.ModelTurn)) == took


def test_a_message_after_one_that_was_given_up_begins_anew() -> None:
    turns = [*[FAILING] * 4, *[FAILING] * 3, DONE]
    with Agent(ScriptModel(turns), preload=()) as agent, agent.conversation() as conversation:
        runs = [conversation.send("Do it.") for _ in range(2)]
    assert [run.state for run in runs] == ["gave_up", "answered"]


def test_a_result_asked_for_again() -> None:
    assert told([act("print(1)"), act("print(1)"), act("print(2)"), DONE]) == [f"2: {SAME}"]


@pytest.mark.parametrize(
    "turns",
    [
        [act("print(1)"), act("print(+1)"), DONE],
        [act("n = globals().get('n', 0) + 1\nprint(n)")] * 2 + [DONE],
        [act("print(1)"), act("print(2)"), act("print(1)"), DONE],
        [act("n = globals().get('n', 0)\nn += 1\n1 / (n - 2)")] * 2 + [DONE],
    ],
    ids=["other code", "other output", "not one after another", "another outcome"],
)
def test_what_is_no_repetition(turns: Sequence[str]) -> None:
    assert told(turns) == []


def test_the_same_in_another_task_is_no_repetition() -> None:
    assert told([act("print(1)"), DONE] * 2, tasks=2) == []


def test_calls_are_compared_as_a_whole() -> None:
    def price(item: str) -> int:
        """Price of an item."""
        return {"pear": 3, "fig": 4}[item]

    pear, fig, nut = (f'{{"tool": "price", "arguments": {{"item": "{name}"}}}}' for name in ("pear", "fig", "nut"))
    answer = '{"answer": "7"}'
    assert told([f"{pear}\n{fig}", f"{pear}\n{fig}", answer], format="json", tools=[price]) == [f"2: {SAME}"]
    assert told([f"{pear}\n{pear}", pear, answer], format="json", tools=[price]) == []
    assert told([nut, nut, answer], format="json", tools=[price]) == [f"2: {FAILED}"]


def test_the_model_is_shown_it_after_the_output() -> None:
    model = ScriptModel([act("1 / 0"), act("1 / 0"), DONE])
    with Agent(model, preload=()) as agent:
        agent.run("Do it.")
    last = [message.content for message in model.requests[2].messages[-2:]]
    assert last[0].endswith("ZeroDivisionError: division by zero")
    assert last[1] == FAILED


def test_it_is_no_malformed_turn() -> None:
    limits = events.Limits(malformed=1)
    with Agent(ScriptModel([act("1 / 0")] * 3 + [DONE]), limits=limits, preload=()) as agent:
        assert agent.run("Do it.").state == "answered"


def resumed(whole: Sequence[events.AnyEvent], turns: Sequence[str]) -> Iterator[tuple[Trajectory, Run]]:
    """The run, killed after each event of its record, and gone on with."""
    for count in range(2, len(whole)):
        record = Trajectory(events=whole[:count])
        left = turns[sum(isinstance(event, events.ModelTurn) for event in whole[:count]) :]
        with Agent(ScriptModel(left), preload=()) as agent:
            yield record, agent.resume(record)


@pytest.mark.parametrize("turn", [FAILING, "<execute>"], ids=["failing", "malformed"])
def test_a_run_is_given_up_after_as_many_turns_if_it_is_killed(turn: str) -> None:
    turns = [turn] * (4 if turn == FAILING else 3)
    with Agent(ScriptModel(turns), preload=()) as agent:
        whole = list(agent.run("Do it.").trajectory.events)
    for record, run in resumed(whole, turns):
        assert (run.state, len(record.of_type(events.ModelTurn))) == ("gave_up", len(turns))


def test_it_is_the_same_after_a_kill() -> None:
    turns = [act("1 / 0"), act("1 / 0"), act("print(1)"), DONE]
    with Agent(ScriptModel(turns), preload=()) as agent:
        whole = list(agent.run("Do it.").trajectory.events)
    for record, run in resumed(whole, turns):
        assert run.state == "answered"
        assert [message.content for message in record.messages] == [message.content for message in Trajectory(events=whole).messages]


def test_nothing_done_is_nothing_repeated() -> None:
    assert told_of_repetition([], 1) == ""
