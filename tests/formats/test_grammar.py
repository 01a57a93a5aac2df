"""The grammars of the formats: what they admit is well formed, and what is well formed in the plain way they admit.

They are read here as regular expressions, values in values in values as the number 0. That llama.cpp reads them too is tested with the
local model.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeact.errors import FormatError
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.protocols import ActionFormat

FORMAT = CodeFormat()

TOKEN = re.compile(r'"(?P<literal>(?:[^"\\]|\\.)*)"|(?P<set>\[(?:[^\]\\]|\\.)*\])|(?P<rule>[a-z]+)|(?P<other>[()|*+?]|\{\d+,\d*\})|\s+')


def as_regex(grammar: str) -> str:
    """GBNF as a regular expression; no rule but `value` refers to itself."""
    rules = dict(line.split(" ::= ") for line in grammar.strip().splitlines())

    def expand(name: str, values: int = 0) -> str:
        values += name == "value"
        if values > 2:
            return "0"

        def token(match: re.Match[str]) -> str:
            if match["literal"] is not None:
                return re.escape(match["literal"].encode().decode("unicode_escape"))
            return expand(match["rule"], values) if match["rule"] else match["set"] or match["other"] or ""

        assert TOKEN.sub("", rules[name]) == "", f"the rule {name} holds what this reader does not know"
        return f"(?:{TOKEN.sub(token, rules[name])})"

    return expand("root")


RANGE = re.compile(r"(\\u[0-9A-F]{4}|\\U[0-9A-F]{8})-(\\u[0-9A-F]{4}|\\U[0-9A-F]{8})")


LETTERS, MARKS = (0, 0x24F), (0x2000, 0x206F)


def drawn_of(regex: re.Pattern[str]) -> st.SearchStrategy[str]:
    """What a regular expression admits; of a long range, each of whose characters takes hypothesis time, letters, marks and its end."""

    def some(match: re.Match[str]) -> str:
        first, last = (int(end[2:], 16) for end in match.groups())
        parts = ((max(first, low), min(last, high)) for low, high in (LETTERS, MARKS, (last - 31, last)))
        return "".join(rf"\U{low:08X}-\U{high:08X}" for low, high in parts if low <= high)

    return st.from_regex(re.compile(RANGE.sub(some, regex.pattern)), fullmatch=True)


REGEX = re.compile(as_regex(FORMAT.grammar()))
JSON = JsonFormat()
JSON_REGEX = re.compile(as_regex(JSON.grammar()))
TEXT = TextFormat()
TEXT_REGEX = re.compile(as_regex(TEXT.grammar()))


@settings(max_examples=40)
@given(drawn_of(REGEX))
def test_whatever_the_grammar_admits_is_one_action_or_one_answer(message: str) -> None:
    assert REGEX.fullmatch(message)
    step = FORMAT.parse(message)
    assert (step.code is None) != (step.answer is None)
    assert FORMAT.complete(message) == message


@pytest.mark.parametrize(
    "message",
    [
        "<execute>\nprint(1)\n</execute>",
        "Thought: I multiply.\n<execute>\nprint(1 << 3, 1 < 2, '</b>')\n\nfor i in x:\n    pass\n</execute>",
        "<execute>\n# a comment\nx = [\n  1,\n]\n</execute>",
        "<solution>42</solution>",
        "Thought: The output says it.\n<solution>one\ntwo, a < b</solution>",
    ],
)
def test_plain_messages_are_admitted(message: str) -> None:
    assert REGEX.fullmatch(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "text only",
        "<execute>\n</execute>",
        "<execute>\n```python\nx\n```\n</execute>",
        "<execute>\nprint(1)\n</execute>\nmore",
        "<execute>\nprint(1)\n</execute>\n<solution>1</solution>",
        "<execute>\nprint(1)\n</solution>",
        "<solution></solution>",
        "<solution>1</solution> more",
        "<solution>1</solution><solution>2</solution>",
        "It is\n<solution>1</solution>",
        "Thought: " + "x" * 201 + "\n<solution>1</solution>",
        "<execute>\nprint(1)\n<solution>1</solution>\n</execute>",
        "<execute>\nprint(1)\n```\n</execute>",
        "<solution>1\n<output>1</solution>",
    ],
)
def test_other_messages_are_not(message: str) -> None:
    assert not REGEX.fullmatch(message)


def assert_calls_or_answer(action_format: ActionFormat, message: str) -> None:
    try:
        step = action_format.parse(message)
    except FormatError as error:
        assert "twice" in error.feedback  # that a name does not come again is more than a grammar can say
        return
    assert bool(step.calls) != bool(step.answer)
    assert step.code is None
    assert action_format.complete(message).rstrip("\n") == message.rstrip("\n")


@settings(max_examples=20)
@given(drawn_of(JSON_REGEX))
def test_whatever_the_json_grammar_admits_is_calls_or_one_answer(message: str) -> None:
    assert JSON_REGEX.fullmatch(message)
    assert_calls_or_answer(JSON, message)


@settings(max_examples=20)
@given(drawn_of(TEXT_REGEX))
def test_whatever_the_text_grammar_admits_is_calls_or_one_answer(message: str) -> None:
    assert TEXT_REGEX.fullmatch(message)
    assert_calls_or_answer(TEXT, message)


@pytest.mark.parametrize(
    "message",
    [
        '{"tool": "view", "arguments": {}}',
        'Thought: I look.\n{"tool": "find", "arguments": {"from": "A, \\"B\\" (C)", "n": -1.5, "tags": ["a", null, true]}}',
        '{"tool": "tools.search", "arguments": ["x"], "keywords": {"n": 2}}',
        '{"tool": "f", "arguments": [1]}\n{"tool": "g", "arguments": {"x": [1]}}',
        '{"answer": "two words"}',
        '{"answer": 42}',
        'Thought: It is there.\n{"answer": [1, "a"]}',
    ],
)
def test_plain_messages_are_admitted_by_the_json_grammar(message: str) -> None:
    assert JSON_REGEX.fullmatch(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "text only",
        '{"tool": "f"}',
        '{"tool": "f", "arguments": 1}',
        '{"tool": "f", "arguments": {"x": 1,}}',
        '{"tool": "f", "arguments": {}} more',
        '{"tool": "f", "arguments": {}}\nOutput: 1',
        '{"tool": "f", "arguments": {}}\n{"answer": 1}',
        '{"answer": ""}',
        '{"answer": null}',
        "Thought: " + "x" * 201 + '\n{"answer": 1}',
        'Thought: [\n{"answer": 1}',
        '```json\n{"answer": 1}\n```',
    ],
)
def test_other_messages_are_not_by_the_json_grammar(message: str) -> None:
    assert not JSON_REGEX.fullmatch(message)


@pytest.mark.parametrize(
    "message",
    [
        "Action: view()",
        "Thought: I look.\nAction: find('A, (B)', n=-1.5, tags=[\"a\", None, True], more={'x': 1})",
        'Action: tools.search("it\'s")',
        "Action: f(1)\nAction: g(x=2)",
        "Answer: 12:30",
        "Thought: It is there.\nAnswer: one, two: three",
    ],
)
def test_plain_messages_are_admitted_by_the_text_grammar(message: str) -> None:
    assert TEXT_REGEX.fullmatch(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "text only",
        "Action: view",
        "Action: f(x)",
        "Action: f(a=1, 2)",
        "Action: f(g(1))",
        "Action: f(1) more",
        "Action: f(1)\nOutput: 1",
        "Action: f(1)\nAnswer: 1",
        "Answer: ",
        "Answer: 1\nAction: f(1)",
        "Answer: 1\n2",
        "Action: f(1)" + "\nAction: f(1)" * 4,
        "Thought: " + "x" * 201 + "\nAnswer: 1",
    ],
)
def test_other_messages_are_not_by_the_text_grammar(message: str) -> None:
    assert not TEXT_REGEX.fullmatch(message)
