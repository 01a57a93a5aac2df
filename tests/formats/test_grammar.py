"""The grammar of the code format: what it admits is well formed, and what is well formed in the plain way it admits.

It is read here as a regular expression, which it is: no rule of it refers to itself. That llama.cpp reads it too is tested with the
local model.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeact.formats.code import CodeFormat

FORMAT = CodeFormat()

TOKEN = re.compile(r'"(?P<literal>(?:[^"\\]|\\.)*)"|(?P<set>\[(?:[^\]\\]|\\.)*\])|(?P<rule>[a-z]+)|(?P<other>[()|*+?]|\{\d+,\d*\})|\s+')


def as_regex(grammar: str) -> str:
    """GBNF without recursion, as a regular expression."""
    rules = dict(line.split(" ::= ") for line in grammar.strip().splitlines())

    def expand(name: str) -> str:
        def token(match: re.Match[str]) -> str:
            if match["literal"] is not None:
                return re.escape(match["literal"].encode().decode("unicode_escape"))
            return expand(match["rule"]) if match["rule"] else match["set"] or match["other"] or ""

        assert TOKEN.sub("", rules[name]) == "", f"the rule {name} holds what this reader does not know"
        return f"(?:{TOKEN.sub(token, rules[name])})"

    return expand("root")


REGEX = re.compile(as_regex(FORMAT.grammar()))


@settings(max_examples=40)
@given(st.from_regex(REGEX, fullmatch=True))
def test_whatever_the_grammar_admits_is_one_action_or_one_answer(message: str) -> None:
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
