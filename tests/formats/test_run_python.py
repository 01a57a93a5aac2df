"""The function `run_python`: calls become actions of the format `code` and come back as they were, whatever an endpoint sends."""

import json

import pytest

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.formats.code import CodeFormat
from codeact.formats.run_python import RunPython

TOOLS = (
    ToolSpec(name="get_price", signature="get_price(item: str) -> float"),
    ToolSpec(name="now", signature="async now()", module="clock"),
)
FORMAT = CodeFormat(native=True)
CODES = [
    "print(1)",
    "def f():\n    return '</execute>'\n\nf()",
    'x = "<solution>no</solution>"\nprint(x)',
    "x = 1  # </execute> no\ny = 1",
    "print('é 😀 \\n \\\\')",
    "    1 + 1",
    "text = '''\n```python\n'''",
]


def native() -> RunPython:
    made = FORMAT.native(TOOLS)
    assert made is not None
    return made


def code_of(name: str, arguments: str) -> str | None:
    return FORMAT.parse(native().join("", [(name, arguments)], "whole")).code


def told(name: str, arguments: str) -> str:
    with pytest.raises(FormatError) as caught:
        FORMAT.parse(native().join("I look.", [(name, arguments)], "whole"))
    return caught.value.feedback


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("content", ["", "I look.", "First <think>this</think>\n\nthen that:"])
def test_a_call_becomes_the_action_and_comes_back(code: str, content: str) -> None:
    text = native().join(content, [("run_python", json.dumps({"code": code}))], "whole")
    step = FORMAT.parse(text)
    assert (step.code, step.thought) == (code.strip() if code.startswith(" ") else code, content)
    assert CodeFormat().parse(text) == step
    assert native().split(text) == (content, [("run_python", json.dumps({"code": step.code}, ensure_ascii=False))])
    assert FORMAT.complete(text) == text


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_streams_is_what_the_whole_begins_with(code: str, ascii_only: bool) -> None:
    arguments = json.dumps({"code": code}, ensure_ascii=ascii_only)
    whole = native().join("I look.", [("run_python", arguments)], "whole")
    texts = [native().join("I look.", [("run_python", arguments[:end])], "streaming") for end in range(len(arguments) + 1)]
    assert all(whole.startswith(text) for text in texts)
    assert texts == sorted(texts, key=len)
    assert len(set(texts)) > len(code) / 2


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("run_python", '{"code": "print(1)", "timeout": 5}'),
        ("run_python", '{"script": "print(1)"}'),
        ("run_python", "print(1)"),
        ("run_python", '"print(1)"'),
        ("run_python", '{"code": "print(1)",}'),
        ("run_python", "{'code': 'print(1)'}"),
        ("python", "print(1)"),
        ("python", '{"code": "print(1)"}'),
        ("", '{"code": "print(1)"}'),
        ("run_python", '{"code": "```python\\nprint(1)\\n```"}'),
    ],
)
def test_code_that_is_sent_in_another_shape_is_understood(name: str, arguments: str) -> None:
    assert code_of(name, arguments) == "print(1)"


def test_a_call_of_a_tool_is_the_code_that_calls_it() -> None:
    assert code_of("get_price", '{"item": "pear"}') == "get_price(item='pear')"
    assert code_of("now", "{}") == "import tools.clock\nawait tools.clock.now()"
    assert code_of("prize", '{"item": "pear"}') == "prize(item='pear')"
    assert code_of("exec", '{"source": "1"}') == "raise NameError(\"name 'exec' is not defined\")"


@pytest.mark.parametrize(
    "arguments", ["", "{}", "[1]", "7", "null", '{"code": 7}', '{"code": "print(1)', '{"code": "a", "code": "b"}', "{{", "(("]
)
def test_arguments_without_code_are_refused_in_words_of_calls(arguments: str) -> None:
    feedback = told("run_python", arguments)
    assert "the arguments of run_python were not an object with the code" in feedback
    assert feedback.endswith("Either call run_python with the code to run, or write the answer as plain text, without a call.")
    assert "<" not in feedback.replace(arguments, "")


def test_the_feedback_says_where_the_arguments_are_broken() -> None:
    assert 'at >>> in: {"code": "a" >>>b' in told("run_python", '{"code": "a" b}')


def test_empty_code_is_refused() -> None:
    assert "there was no code in it" in told("run_python", '{"code": "  "}')


def test_code_with_tags_that_cannot_be_told_apart_is_refused_and_not_run_in_part() -> None:
    code = 'x = 1  # </execute>\nprint("<solution>no</solution>")  # more'
    assert "the code has </execute> or <solution> in it" in told("run_python", json.dumps({"code": code}))


def test_code_that_was_cut_is_never_whole() -> None:
    arguments = json.dumps({"code": "a = 1\nb = 2"})
    for end in range(len(arguments)):
        text = native().join("", [("run_python", arguments[:end])], "cut")
        assert FORMAT.complete(text) != text
    assert FORMAT.parse(native().join("", [("run_python", arguments)], "cut")).code == "a = 1\nb = 2"
    text = native().join("The answer is", [], "cut")
    assert FORMAT.complete(text) != text


@pytest.mark.parametrize("content", ["42", "It is:\n```python\nprint(1)\n```", "a <b> c"])
def test_content_without_a_call_is_the_answer(content: str) -> None:
    text = native().join(content, [], "whole")
    assert FORMAT.parse(text).answer == CodeFormat().parse(text).answer == content
    assert native().split(text) == (content, ())
    assert native().join(content, [], "streaming") == ""


@pytest.mark.parametrize("content", ["<think>2 * 21, <execute>no</execute></think>\n42", "2 * 21\n</think>\n\n42"])
def test_what_a_model_thinks_aloud_is_no_part_of_the_answer(content: str) -> None:
    assert FORMAT.parse(native().join(content, [], "whole")).answer == "42"


@pytest.mark.parametrize("content", ["", " \n", "<think>hm</think>"])
def test_a_turn_with_nothing_in_it_is_refused(content: str) -> None:
    with pytest.raises(FormatError, match="Either call run_python"):
        FORMAT.parse(native().join(content, [], "whole"))


def test_tags_in_place_of_a_call_are_understood() -> None:
    assert FORMAT.parse(native().join("<execute>\nprint(1)\n</execute>", [], "whole")).code == "print(1)"
    assert FORMAT.parse(native().join("So <solution>42</solution>", [], "whole")).answer == "42"


def test_content_that_would_be_taken_for_the_action_gives_way_to_the_call() -> None:
    text = native().join("I run <execute>\nprint(2)\n</execute>", [("run_python", '{"code": "print(1)"}')], "whole")
    assert FORMAT.parse(text).code == "print(1)"


def test_of_several_calls_the_first_counts() -> None:
    text = native().join("", [("run_python", '{"code": "print(1)"}'), ("run_python", '{"code": "print(2)"}')], "whole")
    assert native().split(text) == ("", [("run_python", '{"code": "print(1)"}')])


def test_the_prompt_speaks_of_the_function_and_of_the_tools_and_not_of_tags() -> None:
    system = FORMAT.system(TOOLS, "a whole number")
    assert "`run_python`" in system
    assert "def get_price(item: str) -> float: ..." in system
    assert "from tools.clock import now" in system
    assert "The answer must be a whole number." in system
    assert "<" not in system
