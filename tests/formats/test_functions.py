"""One function a tool: calls become objects of the format `json` and come back as they were, whatever an endpoint sends."""

import json
import re
from typing import Any

import pytest

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.formats.functions import MOST_DESCRIPTION, Functions, names
from codeact.formats.json_call import JsonFormat
from codeact.protocols import Call
from codeact.tools.function import tool


def get_price(item: str, *, count: int = 1) -> float:
    """Unit price of an item, in dollars."""
    raise NotImplementedError


def mixed(first: int, /, second: str = "x", *more: int, key: float = 1.0, **others: str) -> list[int]:
    raise NotImplementedError


def spec(name: str, signature: str | None = None, **fields: Any) -> ToolSpec:
    return ToolSpec(name=name, signature=signature if signature is not None else f"{name}()", **fields)


TOOLS = (
    tool(get_price).spec,
    tool(mixed).spec,
    spec("now", "async now(zone: str, *rest, at=None) -> Moment", module="clock", definitions="class Moment:\n    hour: int"),
    spec("odd", "odd("),
)
FORMAT = JsonFormat(native=True)


def native(*tools: ToolSpec) -> Functions:
    made = FORMAT.native(tools or TOOLS)
    assert made is not None
    return made


def parsed(*calls: tuple[str, str], content: str = "") -> tuple[Call, ...]:
    return FORMAT.parse(native().join(content, calls, "whole")).calls


def told(*calls: tuple[str, str]) -> str:
    with pytest.raises(FormatError) as caught:
        FORMAT.parse(native().join("", calls, "whole"))
    return caught.value.feedback


@pytest.mark.parametrize(
    ("name", "arguments", "call"),
    [
        ("get_price", {"item": 'a {"tool": "b"}', "count": 2}, Call("get_price", (), {"item": 'a {"tool": "b"}', "count": 2})),
        ("get_price", {}, Call("get_price")),
        ("mixed", {"first": 1, "key": 2.5, "z": "é"}, Call("mixed", (1,), {"key": 2.5, "z": "é"})),
        ("mixed", {"first": 1, "second": "s", "more": [2, 3]}, Call("mixed", (1, "s", 2, 3))),
        ("clock__now", {"zone": "x", "rest": [1], "at": None}, Call("clock.now", ("x", 1), {"at": None})),
        ("odd", {"a": [{}]}, Call("odd", (), {"a": [{}]})),
        ("none_such", {"a": 1}, Call("none_such", (), {"a": 1})),
    ],
)
@pytest.mark.parametrize("content", ["", "I look."])
def test_a_call_becomes_an_object_and_comes_back(name: str, arguments: dict[str, Any], call: Call, content: str) -> None:
    made = [(name, json.dumps(arguments, ensure_ascii=False))]
    text = native().join(content, made, "whole")
    step = FORMAT.parse(text)
    assert (step.calls, step.thought) == ((call,), content)
    assert JsonFormat().parse(text) == step
    assert native().split(text) == (content, made)
    assert text.startswith(native().join(content, made, "streaming"))


def test_several_calls_are_one_a_line() -> None:
    made = [("get_price", '{"item": "a"}'), ("get_price", '{"item": "b"}'), ("clock__now", '{"zone": "x"}')]
    text = native().join("Look:", made, "whole")
    assert text.splitlines() == [
        "Look:",
        '{"tool": "get_price", "arguments": {"item": "a"}}',
        '{"tool": "get_price", "arguments": {"item": "b"}}',
        '{"tool": "clock.now", "arguments": {"zone": "x"}}',
    ]
    assert native().split(text) == ("Look:", made)


def test_a_default_stands_in_for_what_a_later_position_needs() -> None:
    assert parsed(("mixed", '{"first": 1, "more": [2]}')) == (Call("mixed", (1, "x", 2)),)
    assert parsed(("mixed", '{"more": [2]}')) == (Call("mixed", (), {"more": [2]}),)  # the tool says what is missing


def test_arguments_by_position_get_their_names() -> None:
    text = '{"tool": "mixed", "arguments": [1, "s", 2], "keywords": {"key": 3}}'
    assert native().split(text) == ("", [("mixed", '{"first": 1, "second": "s", "more": [2], "key": 3}')])


@pytest.mark.parametrize("arguments", ["[1]", '["a", 1, 2]'])
def test_a_text_whose_arguments_have_no_names_stays_text(arguments: str) -> None:
    text = f'{{"tool": "{"none_such" if arguments == "[1]" else "get_price"}", "arguments": {arguments}}}'
    assert native().split(text) == (text, ())


@pytest.mark.parametrize("arguments", ["", " ", "{}", "null"])
def test_no_arguments_are_none(arguments: str) -> None:
    assert parsed(("get_price", arguments)) == (Call("get_price"),)


@pytest.mark.parametrize("arguments", ['{"item": "a",}', "{'item': 'a'}", '"{\\"item\\": \\"a\\"}"', '{"item": "a"'])
def test_arguments_that_are_nearly_right_are_understood(arguments: str) -> None:
    assert parsed(("get_price", arguments)) == (Call("get_price", (), {"item": "a"}),)


@pytest.mark.parametrize(
    "arguments", ['{"item": a b}', "item=1", '{"item": "a', '{"item": "a", "item": "b"}', "}{", "[" * 100_000, '{"a":' * 5000]
)
def test_arguments_that_cannot_be_read_are_refused_in_words_of_calls(arguments: str) -> None:
    feedback = told(("get_price", arguments))
    assert feedback.endswith("Either call a function, or write the answer as plain text, without a call.")


def test_the_last_call_of_a_turn_that_was_cut_is_whole_or_not_made() -> None:
    made = [("get_price", '{"item": "a"}'), ("get_price", '{"item": 12')]
    text = native().join("", made, "cut")
    assert FORMAT.complete(text) != text
    text = native().join("", made[:1], "cut")
    assert FORMAT.complete(text) == text
    assert FORMAT.parse(text).calls == (Call("get_price", (), {"item": "a"}),)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("It is 42.", '{"answer": "It is 42."}'),
        ("42", '{"answer": 42}'),
        ("1.50", '{"answer": 1.50}'),
        ("[1, 2]", '{"answer": [1, 2]}'),
        ('{"a": 1}', '{"answer": {"a": 1}}'),
        ("true", '{"answer": true}'),
        ("null", '{"answer": "null"}'),
        ("NaN", '{"answer": "NaN"}'),
        ('say "no"\n', '{"answer": "say \\"no\\""}'),
        ('"quoted"', '{"answer": "\\"quoted\\""}'),
        ('{"action": "sell", "count": 2}', '{"answer": {"action": "sell", "count": 2}}'),
    ],
)
def test_content_without_a_call_is_the_answer(content: str, text: str) -> None:
    assert native().join(content, [], "whole") == text
    assert FORMAT.parse(text).answer == content.strip()
    assert native().split(text) == (content.strip(), [])
    assert native().join(content, [], "streaming") == ""
    cut = native().join(content, [], "cut")
    assert FORMAT.complete(cut) != cut


def test_what_a_model_thinks_aloud_is_no_part_of_the_answer() -> None:
    for content in ('<think>{"tool": "get_price"}</think>42', 'or {"tool": "get_price"}?</think>42'):
        assert FORMAT.parse(native().join(content, [], "whole")).answer == "42"


@pytest.mark.parametrize("content", ["", " \n", "<think>hm</think>"])
def test_a_turn_with_nothing_in_it_is_refused(content: str) -> None:
    with pytest.raises(FormatError, match="Either call a function"):
        FORMAT.parse(native().join(content, [], "whole"))


def test_objects_in_place_of_calls_are_understood() -> None:
    content = 'Now: {"name": "clock__now", "arguments": {"zone": "x"}}'
    assert FORMAT.parse(native().join(content, [], "whole")).calls == (Call("clock.now", (), {"zone": "x"}),)
    assert FORMAT.parse(native().join('{"answer": 42}', [], "whole")).answer == "42"


def test_content_that_would_be_taken_for_a_call_gives_way_to_the_calls() -> None:
    for content in ('{"tool": "mixed", "arguments": {}}', '{"answer": 1}', '{"tool": "mi'):
        assert parsed(("get_price", '{"item": "a"}'), content=content) == (Call("get_price", (), {"item": "a"}),)


def test_names_are_such_as_endpoints_take_and_no_two_alike() -> None:
    tools = [spec("x" * 70), spec("x" * 80), spec("prüfe"), spec("pr_fe"), spec("b", module="a"), spec("a__b"), spec("c", module="a.b")]
    found = list(names(tools))
    assert len(set(found)) == len(tools)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in found)
    assert found[2:] == ["pr_fe", "pr_fe_2", "a__b", "a__b_2", "a__b__c"]
    for name, each in names(tools).items():
        call = f"{each.module}.{each.name}" if each.module else each.name
        text = native(*tools).join("", [(name, "{}")], "whole")
        assert FORMAT.parse(text).calls == (Call(call),)
        assert native(*tools).split(text) == ("", [(name, "{}")])


def test_functions_have_the_schema_of_the_tool_or_what_its_signature_says() -> None:
    functions = {one.name: one for one in native().functions}
    assert functions["get_price"].parameters == TOOLS[0].parameters
    assert functions["get_price"].description == "Unit price of an item, in dollars."
    assert functions["clock__now"].parameters == {
        "type": "object",
        "properties": {"zone": {}, "at": {}, "rest": {"type": "array"}},
        "required": ["zone"],
        "additionalProperties": False,
    }
    assert functions["odd"].parameters["additionalProperties"] is True


def test_the_prompt_says_what_schemas_do_not() -> None:
    system = FORMAT.system(TOOLS, "a whole number")
    assert "def get_price(item: str, *, count: int = 1) -> float: ..." in system
    assert "class Moment:\n    hour: int\ndef clock__now(zone: str, *rest, at=None) -> Moment: ..." in system
    assert "Unit price" not in system  # which the function says
    assert "odd" not in system  # of which there is nothing to say
    assert "The answer must be a whole number." in system
    assert '"tool"' not in system
    assert "There are no tools." in FORMAT.system()


def test_a_description_that_is_too_long_for_endpoints_is_whole_in_the_prompt() -> None:
    long = spec("f", description="\n".join(f"line {number}" for number in range(400)))
    (function,) = native(long).functions
    assert len(function.description) <= MOST_DESCRIPTION
    assert re.search(r"\nline \d+ \.\.\.\Z", function.description)
    assert "line 399" in FORMAT.system([long])
