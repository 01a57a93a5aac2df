"""An agent with many tools: the prompt names them, and the model finds one that it does not know, looks it up and calls it."""

from collections.abc import Sequence
from typing import Any

import pytest

from codeact import events
from codeact.build import Agent
from codeact.models.replay import ScriptModel
from codeact.protocols import Decision, Question
from codeact.tools.function import FunctionTool, tool

FORMATS = ("code", "json", "text")
LONG = "What it gives is described at length here. " * 10


class OfModule(FunctionTool):
    """A function as a tool of a module, as tools of servers are."""

    def __init__(self, function: Any, module: str, **more: Any) -> None:
        super().__init__(function, **more)
        self._module = module

    @property
    def spec(self) -> events.ToolSpec:
        """With the module."""
        return super().spec.model_copy(update={"module": self._module})


def convert(amount: float, to: str = "mile") -> str:
    """Kilometres in another unit of length."""
    return f"{amount * 0.62:.2f} {to}"


def look(number: int) -> int:
    """Look at something."""
    return number


def many(count: int = 60) -> list[Any]:
    """Tools of two modules, of which one converts lengths."""
    others = [OfModule(look, "shelf", name=f"look_{n}", description=f"Look at shelf number {n}.\n\n{LONG}") for n in range(count)]
    return [*others, OfModule(convert, "units")]


TURNS = {
    "code": [
        "<execute>\nimport tools\ntools.search('convert kilometres')\n</execute>",
        "<execute>\nfrom tools.units import convert\nhelp(convert)\n</execute>",
        "<execute>\nconvert(100, to='mile')\n</execute>",
        "<solution>62</solution>",
    ],
    "json": [
        '{"tool": "search", "arguments": {"words": "convert kilometres"}}',
        '{"tool": "help", "arguments": {"name": "units.convert"}}',
        '{"tool": "units.convert", "arguments": {"amount": 100, "to": "mile"}}',
        '{"answer": 62}',
    ],
    "text": [
        "Action: search('convert kilometres')",
        "Action: help('units.convert')",
        "Action: units.convert(100, to='mile')",
        "Answer: 62",
    ],
}


async def ran(format: str, turns: Sequence[str], tools: Sequence[Any], **options: Any) -> Any:
    """The run of a script."""
    async with Agent(ScriptModel(turns), tools=tools, format=format, preload=(), **options) as agent:
        return await agent.arun("How many miles are 100 kilometres?")


def shown(run: Any) -> list[str]:
    return [observation.text for observation in run.trajectory.of_type(events.Observation)]


@pytest.mark.parametrize("format", FORMATS)
async def test_an_unknown_tool_is_found_looked_up_and_called(format: str) -> None:
    run = await ran(format, TURNS[format], many())
    assert (run.state, run.answer) == ("answered", "62")
    system = run.trajectory.messages[0].content
    assert "- convert: Kilometres in another unit of length.\n" in system
    assert "to: str = 'mile'" not in system
    found, told, called = shown(run)
    imported, whole = "from tools.units import convert\n", "def convert(amount: float, to: str = 'mile') -> str:\n    "
    whole += '"""Kilometres in another unit of length."""'
    assert found == f"Output:\n{imported}{whole}"
    assert told == f"Output:\n{imported}\n{whole}"
    assert called == "Output:\n'62.00 mile'"
    assert [each.name for each in run.trajectory.of_type(events.ToolCalled)] == ["units.convert"]


async def test_what_is_found_and_told_is_the_same_in_every_format() -> None:
    runs = [await ran(format, TURNS[format], many()) for format in FORMATS]
    assert shown(runs[0]) == shown(runs[1]) == shown(runs[2])


@pytest.mark.parametrize(
    ("format", "turn", "told"),
    [
        ("code", "<execute>\nhelp(convrt)\n</execute>", "NameError: name 'convrt' is not defined"),
        ("json", '{"tool": "help", "arguments": ["convrt"]}', "NameError: name 'convrt' is not defined. Did you mean: 'convert'?"),
        ("text", "Action: help('convrt')", "NameError: name 'convrt' is not defined. Did you mean: 'convert'?"),
        ("json", '{"tool": "search", "arguments": {"query": "x"}}', "TypeError: search() got an unexpected keyword argument 'query'"),
        ("text", "Action: search(7)", "TypeError: search() takes words as one text, not 7"),
        ("json", '{"tool": "help", "arguments": {}}', "tools.units, 1 function:\n    convert"),
        ("text", "Action: help('units')", "def convert(amount: float"),
        ("text", "Action: search('zebra')", "No tool matches 'zebra'; there are 61"),
    ],
)
async def test_a_slip_in_looking_up_is_told(format: str, turn: str, told: str) -> None:
    run = await ran(format, [turn, TURNS[format][-1]], many())
    assert told in shown(run)[0]


@pytest.mark.parametrize("format", FORMATS[1:])
async def test_with_few_tools_there_is_nothing_to_search(format: str) -> None:
    run = await ran(format, [TURNS[format][0], TURNS[format][-1]], many(2))
    assert "NameError: name 'search' is not defined" in shown(run)[0]


@pytest.mark.parametrize("format", FORMATS[1:])
async def test_looking_up_is_asked_about_by_nobody_and_costs_no_calls(format: str) -> None:
    asked: list[str] = []

    async def approve(question: Question) -> Decision:
        asked.append(question.tool)
        return Decision()

    run = await ran(format, TURNS[format], [*many(), tool(look, calls=1)], approve=approve)
    assert run.answer == "62"
    assert asked == ["units.convert"]
