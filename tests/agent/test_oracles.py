"""Tasks done by their oracles, in every format: the answer is that of the data, and code takes no more turns than one call a turn does."""

import pytest

from agent.oracles import TASKS
from agent.oracles.run import done, right
from agent.oracles.task import Task

SOME = [task for task in TASKS if task.name in ("travel: where to go", "shop: whom to ring up", "messages: the sum of the numbers")]


def test_there_are_twenty_tasks_of_different_names() -> None:
    assert len({task.name for task in TASKS}) == len(TASKS) == 20
    assert len(SOME) == 3


@pytest.mark.parametrize("task", SOME, ids=[task.name for task in SOME])
async def test_the_oracle_reaches_the_answer_in_every_format(task: Task) -> None:
    code, json, text = [await done(task, format) for format in ("code", "json", "text")]
    single = await done(task, "json", single=True)
    for each in (code, json, text, single):
        assert right(task, each.answer), each
    assert (json.turns, json.calls) == (text.turns, text.calls)
    assert json.calls == single.calls == single.turns - 1
    assert code.turns <= json.turns < single.turns


def test_a_wrong_answer_is_told_from_a_right_one() -> None:
    for task in TASKS:
        assert right(task, str(task.gold()))
        assert not right(task, "none: limit, the run reached its limit of turns: 10")
        assert not right(task, "-1")
