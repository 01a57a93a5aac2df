"""Dialogues as tasks, the grading of a call, and whole runs, on a small API-Bank of our own; the original where it is at hand."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bench.api_bank import sample
from codeact import build, config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.calling import LoggedTool
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.runner import Runner
from codeact.bench.suite import Suite
from codeact.bench.suites.api_bank import dialogues
from codeact.bench.task import Score, Task
from codeact.errors import InputError
from codeact.formats import calls as written
from codeact.protocols import Call, Step

SETTINGS = config.Settings.model_validate({"preload": ()})
AGENDA = {"token": sample.TOKEN, "content": "a call with Bo", "time": "2023-05-02 09:00:00", "location": "home"}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suites.read("api-bank", data=sample.write(tmp_path_factory.mktemp("bank")))


def task_of(suite: Suite, name: str) -> Task:
    return next(task for task in suite.tasks if task.id == name)


def grade(suite: Suite, name: str, *calls: tuple[str, dict[str, Any]], answer: str | None = "done") -> Score:
    """The score of an attempt at a task in which these calls were made."""
    task = task_of(suite, name)
    tools = suite.tools(task)
    make(tools, *calls)
    return asyncio.run(grader(suite, task, tools)(answer, None))


def grader(suite: Suite, task: Task, tools: list[LoggedTool]) -> Grader:
    return Grader(suite, task, tools, sandbox_of(SETTINGS, SETTINGS.limits))


def make(tools: list[LoggedTool], *calls: tuple[str, dict[str, Any]]) -> None:
    there = {tool.spec.name: tool for tool in tools}
    for name, arguments in calls:
        with suppress(ValueError):
            there[name].call((), arguments)


def test_every_recorded_call_is_a_task_and_a_level_can_be_chosen(suite: Suite) -> None:
    assert [task.id for task in suite.tasks][:2] == ["1/Agenda/0", "1/Agenda/1"]
    assert len(suite.tasks) == 12
    assert suite.data is not None
    for level, count in ((1, 9), (2, 3)):
        chosen = suites.read("api-bank", data=suite.data, options={"level": level})
        assert [task.domain for task in chosen.tasks] == [f"level-{level}"] * count


def test_the_prompt_holds_what_came_before_the_call_and_nothing_of_it_or_after_it(suite: Suite) -> None:
    prompt = task_of(suite, "1/Agenda/1").prompt
    assert "User: Put a call with Bo" in prompt
    assert 'GetUserToken was called with username: "Ada", password: "pw". It gave: {"token": "t0k3n"}' in prompt
    assert "2023" in prompt
    assert "AddAgenda" not in prompt
    assert "of course" not in prompt


def test_the_tools_are_those_of_the_dialogue_and_at_level_2_those_that_were_found(suite: Suite) -> None:
    assert task_of(suite, "1/Agenda/0").tools == ("AddAgenda", "GetUserToken")
    assert task_of(suite, "2/Alarm/0").tools == ("ToolSearcher",)
    assert task_of(suite, "2/Alarm/1").tools == ("ToolSearcher", "AddAlarm", "GetUserToken")


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({}, True),
        ({"content": "call with Bo"}, True),  # more than half of the words
        ({"content": "Dinner"}, False),
        ({"time": "2023-05-02 10:00:00"}, False),
        ({"time": " 2023-05-02 09:00:00 "}, True),
        ({"location": "work"}, False),
        ({"token": "b0"}, False),
        ({"token": "none"}, False),
    ],
)
def test_a_call_is_right_if_what_it_says_and_does_is_the_same(suite: Suite, changed: dict[str, str], right: bool) -> None:
    assert grade(suite, "1/Agenda/1", ("AddAgenda", {**AGENDA, **changed})).success is right


def test_the_first_call_counts_and_there_has_to_be_one(suite: Suite) -> None:
    good, other = ("AddAgenda", AGENDA), ("GetUserToken", {"username": "Ada", "password": "pw"})
    assert grade(suite, "1/Agenda/1", good, other).success
    assert grade(suite, "1/Agenda/1", good, answer=None).success
    assert not grade(suite, "1/Agenda/1", other, good).success
    assert grade(suite, "1/Agenda/1").reason == "no tool was called"


def test_after_a_wrong_call_the_next_answer_is_graded_by_the_next_call(suite: Suite) -> None:
    task = task_of(suite, "1/Agenda/0")
    tools = suite.tools(task)
    judge = grader(suite, task, tools)
    make(tools, ("GetUserToken", {"username": "Bo", "password": "b"}))
    assert not asyncio.run(judge("done", None)).success
    make(tools, ("GetUserToken", {"username": "Ada", "password": "pw"}))
    assert asyncio.run(judge("done", None)).success


def test_arguments_that_do_not_bind_are_no_call(suite: Suite) -> None:
    tool = suite.tools(task_of(suite, "1/Agenda/0"))[1]
    with pytest.raises(TypeError, match="missing 1 required"):
        tool.call((), {"username": "Ada"})
    assert tool.log.calls == []


def test_the_earlier_calls_of_a_dialogue_were_made_and_attempts_share_nothing(suite: Suite) -> None:
    changed = ("ForgotPassword", {"status": "Verification Code", "verification_code": "123456", "new_password": "new"})
    assert grade(suite, "1/Password/1", changed).success
    assert grade(suite, "1/Password/1", changed).success
    assert grade(suite, "1/Password/2", ("GetUserToken", {"username": "Ada", "password": "new"})).success
    assert not grade(suite, "1/Password/2", ("GetUserToken", {"username": "Ada", "password": "pw"})).success


def test_recorded_texts_are_read_as_lists_and_numbers_where_the_tool_takes_those(suite: Suite) -> None:
    data = [{"name": "blood_pressure", "value": "120/80"}]
    assert grade(suite, "1/Health/0", ("RecordHealthData", {"user_id": "a1", "time": "2023-05-03 08:00:00", "health_data": data})).success
    stay = {"hotel_name": "Inn", "check_in_time": "2023-05-04", "check_out_time": "2023-05-06"}
    assert grade(suite, "1/Health/2", ("BookHotel", {**stay, "room_count": 1, "adult_count": 2, "child_count": 0})).success
    assert not grade(suite, "1/Health/2", ("BookHotel", {**stay, "room_count": 2, "adult_count": 2, "child_count": 0})).success


def test_other_words_for_a_search_do_if_the_same_tools_are_found(suite: Suite) -> None:
    assert grade(suite, "2/Alarm/0", ("ToolSearcher", {"keywords": "add an alarm"})).success
    assert not grade(suite, "2/Alarm/0", ("ToolSearcher", {"keywords": "book hotel"})).success


def test_bad_data_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs the original's data"):
        suites.read("api-bank")
    with pytest.raises(InputError, match="there are no dialogues"):
        suites.read("api-bank", data=tmp_path)
    folder = sample.write(tmp_path / "bank")
    with pytest.raises(InputError, match="levels 1 and 2 here, not 3"):
        suites.read("api-bank", data=folder, options={"level": 3})
    (folder / "lv1-lv2-samples" / "level-1-given-desc" / "Zoo.jsonl").write_text('{"role": "API"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"Zoo.jsonl', line 1 is no line of a dialogue"):
        suites.read("api-bank", data=folder)


async def test_the_oracle_is_right_in_each_format_and_the_others_are_not(suite: Suite, tmp_path: Path) -> None:
    chosen = ["1/Agenda/1", "1/Health/0", "1/Health/1", "1/Translation/0", "2/Alarm/0"]
    for model, formats, tasks, right in (("oracle", ["code", "json", "text"], chosen, 15), ("guess", ["code"], chosen[:2], 0)):
        plan = plans.plan(suite, SETTINGS, models=[model], formats=formats, tasks=tasks)
        results = await Runner(plan, suite, SETTINGS, tmp_path / model, 2).arun()
        assert sum(result.score.success for result in results) == right


def kept(made: Call, name: str) -> bool:
    """Whether a format reads what it wrote."""
    action_format = build.format(name)
    step = action_format.parse(action_format.write(Step("", calls=(made,))))
    return (written.read(step.code or "") if name == "code" else step.calls[0]) == made


def recorded(data: Path, level: int) -> list[Call]:
    turns = [turn for dialogue in dialogues.read(data) if dialogue.level == level for turn in dialogue.turns]
    return [Call(turn.tool, (), dict(turn.arguments)) for turn in turns if turn.tool]


@pytest.mark.parametrize("name", ["code", "json", "text"])
def test_recorded_calls_come_back_from_each_format(suite: Suite, name: str) -> None:
    assert suite.data is not None
    calls = recorded(suite.data, 1)
    assert len(calls) == 9
    assert all(kept(call, name) for call in calls)
