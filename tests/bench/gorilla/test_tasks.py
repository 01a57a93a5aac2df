"""Finding the data, tasks, tools, grading and whole runs of the suite gorilla, on a small BFCL of our own."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.gorilla import sample
from bench.gorilla.simulators import installed
from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.runner import Runner
from codeact.bench.suite import Suite
from codeact.bench.suites.gorilla import world
from codeact.bench.suites.gorilla.schema import SchemaTool
from codeact.bench.task import Score, Task
from codeact.errors import InputError

SETTINGS = config.Settings.model_validate({"preload": ()})
SINGLE = "simple_python,multiple,parallel,parallel_multiple"


@pytest.fixture(scope="module")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The package's simulators, as far as the sample needs them."""
    with installed(tmp_path_factory.mktemp("package")):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.write(tmp_path_factory.mktemp("bfcl"))


@pytest.fixture(scope="module")
def suite(folder: Path) -> Suite:
    return suites.read("gorilla", data=folder)


def task_of(suite: Suite, name: str) -> Task:
    return next(task for task in suite.tasks if task.id == name)


def call(tools: list[SchemaTool], name: str, *args: Any, **given: Any) -> Any:
    return next(tool for tool in tools if tool.spec.name == name).call(args, given)


def grade(suite: Suite, task: Task, tools: list[SchemaTool], answer: str | None = "done") -> Score:
    return asyncio.run(Grader(suite, task, tools, sandbox_of(SETTINGS, SETTINGS.limits))(answer, None))


def test_the_data_is_read_from_its_folder_the_one_around_it_or_the_wheel(folder: Path, suite: Suite, tmp_path: Path) -> None:
    around = tmp_path / "bfcl_eval"
    around.mkdir()
    (around / "data").symlink_to(folder)
    for data in (folder, around, tmp_path, sample.wheel(folder, tmp_path / "bfcl.whl")):
        assert suites.read("gorilla", data=data).tasks == suite.tasks


def test_data_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no possible_answer/BFCL_v4_simple_python.json .*--no-deps bfcl-eval"):
        suites.read("gorilla", data=tmp_path)
    (tmp_path / "no.whl").write_text("text")
    with pytest.raises(InputError, match="is no wheel"):
        suites.read("gorilla", data=tmp_path / "no.whl")


@pytest.mark.parametrize(
    ("options", "words"),
    [({"categories": "java"}, "no category 'java'"), ({"limit": 0}, "limit=0"), ({"limit": True}, "limit=True")],
)
def test_options_are_checked(folder: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        suites.read("gorilla", data=folder, options=options)


def test_a_limit_chooses_some_of_each_category_by_the_seed(folder: Path) -> None:
    def chosen(seed: int) -> list[str]:
        return [task.id for task in suites.read("gorilla", data=folder, seed=seed, options={"limit": 2}).tasks]

    assert chosen(1) == chosen(1)
    assert len(chosen(1)) == 2 + 1 + 1 + 1 + 1
    assert len({tuple(chosen(seed)) for seed in range(8)}) > 1


def test_a_described_function_is_a_tool_with_types_defaults_and_choices(suite: Suite) -> None:
    area, book = suite.tools(task_of(suite, "multiple_0"))
    assert area.spec.signature == "geo_area(width: float, length: int, unit: str = 'm') -> Any"
    assert "unit: of length One of 'm', 'km'." in area.spec.description
    assert area.spec.parameters["type"] == "object"
    assert book.spec.signature == "book(names: list[str], wish: dict = None) -> Any"
    assert "  dish (str): to eat" in book.spec.description


def test_calls_are_graded_when_they_bind(suite: Suite) -> None:
    task = task_of(suite, "simple_python_0")
    tools = suite.tools(task)
    with pytest.raises(TypeError, match="unexpected keyword argument 'height'"):
        call(tools, "geo_area", 2, height=3)
    assert not grade(suite, task, tools).success
    assert call(tools, "geo_area", 2, 3) == "ok"
    assert grade(suite, task, tools).success
    assert grade(suite, task, tools, None).success
    call(tools, "geo_area", 2, 3)
    assert grade(suite, task, tools).reason == "2 calls were made, not 1"


async def test_the_oracle_is_right_in_each_format_and_the_others_are_not(folder: Path, tmp_path: Path) -> None:
    suite = suites.read("gorilla", data=folder, options={"categories": SINGLE, "limit": 1})
    for model, formats, right in (("oracle", ["code", "json", "text"], 12), ("silent", ["code"], 0), ("guess", ["code"], 0)):
        plan = plans.plan(suite, SETTINGS, models=[model], formats=formats)
        results = await Runner(plan, suite, SETTINGS, tmp_path / model, 2).arun()
        assert sum(result.score.success for result in results) == right


@pytest.mark.usefixtures("simulators")
def test_a_conversation_is_graded_after_each_message_by_state_and_results(suite: Suite) -> None:
    task = task_of(suite, "multi_turn_base_0")
    assert task.messages == ("Put an empty file a.txt into it, and say where you are.",)
    tools = suite.tools(task)
    assert [tool.spec.name for tool in tools] == ["mkdir", "cd", "touch", "pwd"]
    call(tools, "mkdir", "notes")
    assert grade(suite, task, tools).success
    call(tools, "cd", "notes")
    call(tools, "touch", file_name="a.txt")
    call(tools, "pwd")
    assert grade(suite, task, tools).success


@pytest.mark.usefixtures("simulators")
@pytest.mark.parametrize(
    ("made", "words"),
    [
        ([("touch", "a.txt"), ("pwd",)], "is not as"),  # in the wrong folder
        ([("cd", "notes"), ("touch", "a.txt")], "no call returned"),  # not looked at
        ([], "is not as"),
    ],
)
def test_a_conversation_that_goes_wrong_is_told_of(suite: Suite, made: list[tuple[str, ...]], words: str) -> None:
    task = task_of(suite, "multi_turn_base_0")
    tools = suite.tools(task)
    call(tools, "mkdir", "notes")
    assert grade(suite, task, tools).success
    for name, *args in made:
        call(tools, name, *args)
    assert words in grade(suite, task, tools).reason


@pytest.mark.usefixtures("simulators")
def test_without_an_answer_a_message_is_not_done(suite: Suite) -> None:
    task = task_of(suite, "multi_turn_base_0")
    tools = suite.tools(task)
    call(tools, "mkdir", "notes")
    assert grade(suite, task, tools, None).reason == "there is no answer"


@pytest.mark.usefixtures("simulators")
async def test_the_oracle_does_a_conversation_in_each_format(folder: Path, tmp_path: Path) -> None:
    suite = suites.read("gorilla", data=folder, options={"categories": ["multi_turn_base"]})
    plan = plans.plan(suite, SETTINGS, models=["oracle", "guess"], formats=["code", "json", "text"])
    results = await Runner(plan, suite, SETTINGS, tmp_path / "out", 2).arun()
    assert [result.answers for result in results if result.score.success] == [2, 2, 2]


@pytest.mark.parametrize(
    ("name", "given"), [("power", {"base": 9, "exponent": 10**9}), ("logarithm", {"precision": 10**9}), ("square_root", {"precision": 2e9})]
)
def test_numbers_that_would_take_for_ever_are_refused(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="may be at most"):
        world.check_bounds(name, given)


def test_what_a_simulator_gives_is_sent_as_json_has_it() -> None:
    assert world.plain({1: (Decimal("2.5"), {"a"}), "b": [None, True, Path("x")]}) == {"1": [2.5, ["a"]], "b": [None, True, "x"]}


@pytest.mark.parametrize("text", ["f(open('x'))", "f(x)", "f", "a.b()", "f(1) + 1", "f("])
def test_right_calls_are_read_and_never_evaluated(text: str) -> None:
    assert world.parsed("f(1, b=[2])") == ("f", [1], {"b": [2]})
    with pytest.raises(InputError, match="cannot be read"):
        world.parsed(text)
