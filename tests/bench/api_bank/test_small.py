"""The small suite of our own after API-Bank: its record is true, and its check tells right calls from wrong ones."""

from pathlib import Path
from typing import Any

import pytest

from codeact.bench import suite as suites
from codeact.bench.suites.api_bank_small.checks import called
from codeact.bench.suites.api_bank_small.tasks import read
from codeact.bench.suites.api_bank_small.tools import METHODS, functions, run
from codeact.errors import InputError

SUITE = suites.read("api-bank-small")
TASKS = {task.id: task for task in SUITE.tasks}


def test_each_recorded_result_is_what_the_tool_gives() -> None:
    outputs = [turn.output for _, turns in read() for turn in turns if turn.tool]
    for task, output in zip(SUITE.tasks, outputs, strict=True):
        call: Any = task.data["call"]
        assert run(functions(task), call).value == output


def test_each_tool_is_called_somewhere() -> None:
    assert {task.domain for task in SUITE.tasks} == set(METHODS)


@pytest.mark.parametrize(
    ("name", "tool", "arguments", "right"),
    [
        ("drills/1", "LendTool", ("M101", "T1", 3), True),
        ("drills/1", "LendTool", ("M101", "T1", 4), False),
        ("drills/1", "LendTool", ("M101", "T2", 3), False),  # it is lent already
        ("drills/1", "FindTool", ("drill",), False),
        ("second-thoughts/1", "CancelReservation", ("R1",), True),  # it was made before
        ("wood-bench/0", "ReserveBench", ("M103", "Wood", "2023-05-06", 14, 3), True),
        ("broken-jigsaw/0", "ReportFault", ("T3", "blade is loose"), True),
        ("broken-jigsaw/0", "ReportFault", ("T3", " "), False),
    ],
)
def test_a_call_is_graded_by_what_it_says_and_does(name: str, tool: str, arguments: tuple[object, ...], right: bool) -> None:
    tools = SUITE.tools(TASKS[name])
    try:
        next(one for one in tools if one.spec.name == tool).call(arguments, {})
    except ValueError:
        assert not right
    assert called(TASKS[name], tools).success is right


def test_no_call_is_wrong_and_data_is_not_taken(tmp_path: Path) -> None:
    task = TASKS["drills/0"]
    assert not called(task, SUITE.tools(task)).success
    with pytest.raises(InputError, match="takes no data"):
        suites.read("api-bank-small", data=tmp_path)
