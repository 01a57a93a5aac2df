"""The tools in the system message: in full as long as they are few, in short when they are many, the same in every format."""

import subprocess
import sys
from pathlib import Path

import pytest

from codeact.build import format as format_of
from codeact.events import ToolSpec
from codeact.formats import listing
from codeact.formats.calls import source
from codeact.protocols import Call

FORMATS = ("code", "json", "text")
PRICE = ToolSpec(name="price", signature="price(item: str) -> float", description="Unit price.\n\nIn dollars.")
LONG = "Longer text. " * 30


def many(count: int = 60, module: str = "shop") -> list[ToolSpec]:
    """Tools of a module whose descriptions pass the bound together."""
    return [
        ToolSpec(name=f"{module}_{n}", signature=f"{module}_{n}(at: int)", description=f"Thing {n}.\n\n{LONG}", module=module)
        for n in range(count)
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_few_tools_are_shown_in_full_and_nothing_is_said_of_a_search(name: str) -> None:
    system = format_of(name).system([PRICE, *many(3)])
    assert "from tools.shop import shop_0, shop_1, shop_2\ndef shop_0(at: int):" in system
    assert system.count(LONG.strip()) == 3
    assert "search" not in system


@pytest.mark.parametrize("name", FORMATS)
def test_of_many_tools_those_of_modules_are_names_and_first_lines(name: str) -> None:
    system = format_of(name).system([PRICE, *many(), *many(2, "bank")])
    assert (
        'def price(item: str) -> float:\n    """Unit price.\n\n    In dollars."""\n\ntools.shop:\n- shop_0: Thing 0.\n- shop_1: ' in system
    )
    assert "tools.bank:\n- bank_0: Thing 0.\n- bank_1: Thing 1.\n\n" in system
    assert "Longer" not in system


def test_plain_functions_are_shortened_only_if_they_pass_the_bound_by_themselves() -> None:
    plain = [tool.model_copy(update={"module": ""}) for tool in many()]
    assert listing.shortened(many(3)) == []
    assert listing.shortened([PRICE, *many()]) == many()
    assert listing.shortened([*plain, *many(1)]) == [*plain, *many(1)]
    assert listing.listed(plain, "code").startswith("tools:\n- shop_0: Thing 0.\n")


def test_the_bound_is_that_of_the_text_in_full() -> None:
    def of(size: int) -> str:
        return listing.listed([ToolSpec(name="f", signature="f()", description="x" * size, module="m")], "code")

    around = len(of(0)) + len('\n    """"""') - len(" ...")
    assert len(of(listing.MOST - around)) == listing.MOST
    assert "tools.m:\n- f: xxx" in of(listing.MOST - around + 1)


def test_a_first_line_is_cut_and_what_is_awaited_is_marked() -> None:
    awaited = ToolSpec(name="slow", signature="async slow() -> int", description="w" * 150 + "\nmore", module="shop")
    text = listing.listed([*many(), awaited, ToolSpec(name="bare", signature="bare()", module="shop")], "json")
    assert f"\n- async slow: {'w' * listing.MOST_LINE}...\n- bare\n" in text


@pytest.mark.parametrize("name", FORMATS[1:])
def test_the_listing_itself_is_the_same_in_every_format(name: str) -> None:
    parts = [listing.listed([PRICE, *many()], each).split("\n\nThe ") for each in ("code", name)]
    assert parts[0][0] == parts[1][0]
    assert len(parts[0]) == len(parts[1]) == 2


def test_the_same_tools_give_the_same_prompt_to_the_byte_in_every_process() -> None:
    code = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom formats.test_listing import FORMATS, PRICE, format_of, many\n"
        "for name in FORMATS:\n    print(format_of(name).system([PRICE, *many(), *many(2, 'bank')]))"
    )
    tests = str(Path(__file__).parents[1])
    seen = [
        subprocess.run([sys.executable, "-c", code, tests], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert seen[0] == seen[1]
    assert seen[0].count(b"- shop_7: Thing 7.") == 3


def test_each_format_tells_in_its_own_way_how_the_rest_is_had() -> None:
    code, json, text = (listing.listed(many(), name) for name in FORMATS)
    assert '<execute>\nimport tools\ntools.search("' in code
    assert "<execute>\nfrom tools.shop import shop_0\nhelp(shop_0)\n</execute>" in code
    assert '{"tool": "search", "arguments": {"words": "' in json
    assert '{"tool": "help", "arguments": {"name": "shop.shop_0"}}' in json
    assert 'Action: search(words="' in text
    assert 'Action: help(name="shop.shop_0")' in text


@pytest.mark.parametrize("name", FORMATS[1:])
def test_what_the_prompt_shows_is_read_as_calls(name: str) -> None:
    shown = [line for line in listing.listed(many(), name).splitlines() if line.startswith(("Action:", '{"tool"'))]
    calls = [format_of(name).parse(line).calls[0] for line in shown]
    assert [call.tool for call in calls] == ["search", "help"]
    assert source(calls[1], many()) == "import tools\ntools.help('shop.shop_0')"


def test_search_and_help_are_calls_only_where_tools_are_listed_in_short() -> None:
    assert source(Call("search", ("x",)), many()) == "import tools\ntools.search('x')"
    assert source(Call("search", ("x",)), many(2)) == "search('x')"
    assert source(Call("help", ("shop_1",)), many(2)) == "raise NameError(\"name 'help' is not defined\")"
    assert source(Call("tools.help", ("shop_1",)), many(2)) == "import tools\ntools.help('shop.shop_1')"


def test_a_tool_of_the_same_name_is_not_shadowed() -> None:
    own = ToolSpec(name="search", signature="search(query: str)", module="bank")
    tools = [*many(), own, ToolSpec(name="help", signature="help()")]
    assert source(Call("search", ("x",)), tools) == "import tools.bank\ntools.bank.search('x')"
    assert source(Call("help"), tools) == "help()"
    assert source(Call("search_tools", ("x",)), tools) == "import tools\ntools.search_tools('x')"
    assert source(Call("tools.help_tools", ("shop_1",)), tools) == "import tools\ntools.help_tools('shop.shop_1')"
    for name, search, helper in (
        ("code", "tools.search_tools(", "tools.help_tools("),
        ("json", '"search_tools"', 'help_tools"'),
        ("text", " search_tools(", "help_tools("),
    ):
        assert search in listing.listed(tools, name)
        assert helper in listing.listed(tools, name)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call("help"), "import tools\ntools.help('tools')"),
        (Call("help", ("shop",)), "import tools\ntools.help('shop')"),
        (Call("help", (), {"tool": "bank_1"}), "import tools\ntools.help('bank.bank_1')"),
        (Call("help", ("bank_9",)), "raise NameError(\"name 'bank_9' is not defined. Did you mean: 'bank_1'?\")"),
        (Call("help", (7,)), "raise TypeError('help() takes the name of one tool as text, not [7]')"),
        (Call("help", ("shop_1", "shop_2")), "raise TypeError(\"help() takes the name of one tool as text, not ['shop_1', 'shop_2']\")"),
    ],
)
def test_help_takes_the_name_of_a_tool_or_of_a_module(call: Call, code: str) -> None:
    assert source(call, [*many(), *many(2, "bank")]) == code
