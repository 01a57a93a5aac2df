"""The json format: what models write is understood, or they are told precisely why not."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codeact.errors import FormatError, InputError
from codeact.events import ToolSpec
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.protocols import ActionFormat, Call, Step
from formats import promises
from formats.random_calls import CALLS, TEXTS

FORMAT: ActionFormat = JsonFormat()
F = Call("f")
X = Call("f", (), {"x": 1})

UNDERSTOOD: list[tuple[str, str, tuple[Call, ...] | str]] = [
    ("named arguments", '{"tool": "f", "arguments": {"x": 1}}', (X,)),
    ("arguments in order", '{"tool": "f", "arguments": [1, {"a": null}]}', (Call("f", (1, {"a": None})),)),
    ("both", '{"tool": "f", "arguments": [1], "keywords": {"k": true}}', (Call("f", (1,), {"k": True}),)),
    ("no arguments", '{"tool": "f", "arguments": {}}', (F,)),
    ("no key of arguments", '{"tool": "f"}', (F,)),
    ("null for arguments", '{"tool": "f", "arguments": null}', (F,)),
    ("one argument that is no list", '{"tool": "f", "arguments": 5}', (Call("f", (5,)),)),
    ("quotes and commas", '{"tool": "f", "arguments": {"x": "a, \\"b\\", (c)"}}', (Call("f", (), {"x": 'a, "b", (c)'}),)),
    ("a comment with an apostrophe", '{"tool": "f", // the shop\'s price\n "arguments": {"x": 1}}', (X,)),
    ("a comment with a bracket", '{"tool": "f", # see [1\n "arguments": {"x": 1}}', (X,)),
    ("an address is no comment", '{"tool": "f", "arguments": {"x": "http://a.b/#c"}, // it\'s\n}', (Call("f", (), {"x": "http://a.b/#c"}),)),
    ("one after another", '{"tool": "f"}\n{"tool": "g"}', (F, Call("g"))),
    ("with commas between", '{"tool": "f"}, {"tool": "g"}', (F, Call("g"))),
    ("a list", '[{"tool": "f"}, {"tool": "g"}]', (F, Call("g"))),
    ("a fence", '```json\n{"tool": "f"}\n```', (F,)),
    ("two fences", '```json\n{"tool": "f"}\n```\nand\n```json\n{"tool": "g"}\n```', (F, Call("g"))),
    ("prose with brackets around", 'For {x} in [1, 2] I call {"tool": "f"} now.', (F,)),
    ("an example of something else before", 'The row is {"a": 1}.\n{"tool": "f"}', (F,)),
    ("reasoning that speaks of a call", '<think>{"tool": "x"}</think>{"tool": "f"}', (F,)),
    ("reasoning only", '<think>{"tool": "f"}', (F,)),
    ("an output made up", '{"tool": "f"}\nOutput: 3\n{"tool": "g"}', (F,)),
    ("an answer behind", '{"tool": "f"}\n{"answer": 1}', (F,)),
    ("a call behind an answer", '{"answer": 1}\n{"tool": "f"}', "1"),
    ("an answer in a list behind", '[{"tool": "f"}, {"answer": 1}, {"tool": "g"}]', (F,)),
    ("trailing commas", '{"tool": "f", "arguments": {"x": [1, 2,],},}', (Call("f", (), {"x": [1, 2]}),)),
    ("a comma in a text before a bracket", '{"tool": "f", "arguments": {"x": ",]",},}', (Call("f", (), {"x": ",]"}),)),
    ("Python's quotes and words", "{'tool': 'f', 'arguments': {'x': None, 'y': true}}", (Call("f", (), {"x": None, "y": True}),)),
    ("curly quotes", "{“tool”: “f”, “arguments”: {“x”: “it\u2019s”}}", (Call("f", (), {"x": "it's"}),)),
    ("curly quotes in a text", '{"tool": "f", "arguments": {"x": "“a”"}}', (Call("f", (), {"x": "“a”"}),)),
    ("bare keys", '{tool: "f", arguments: {x: 1}}', (X,)),
    ("comments", '{"tool": "f", // this one\n "arguments": {"x": 1}}', (X,)),
    ("a line break in a text", '{"tool": "f", "arguments": {"x": "a\nb"}}', (Call("f", (), {"x": "a\nb"}),)),
    ("an escape that JSON does not know", '{"tool": "f", "arguments": {"x": "\\d+"}}', (Call("f", (), {"x": "\\d+"}),)),
    ("a bracket missing at the end", '{"tool": "f", "arguments": {"x": 1}', (X,)),
    ("two missing", '{"tool": "f", "arguments": {"x": 1', (X,)),
    ("brackets too many", '{"tool": "f", "arguments": {"x": 1}}}', (X,)),
    ("name and arguments", '{"name": "f", "arguments": {"x": 1}}', (X,)),
    ("name and parameters", '{"name": "f", "parameters": {"x": 1}}', (X,)),
    ("arguments as text", '{"name": "f", "arguments": "{\\"x\\": 1}"}', (X,)),
    ("arguments as text of Python", '{"name": "f", "arguments": "{\'x\': 1}"}', (X,)),
    ("a function", '{"type": "function", "function": {"name": "f", "arguments": {"x": 1}}}', (X,)),
    ("tool calls", '{"tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}', (F,)),
    ("tool use", '{"type": "tool_use", "id": "1", "name": "f", "input": {"x": 1}}', (X,)),
    ("action and its input", '{"action": "f", "action_input": {"x": 1}}', (X,)),
    ("action and a text for input", '{"action": "f", "action_input": "hello"}', (Call("f", ("hello",)),)),
    ("action and arguments beside it", '{"action": "f", "x": 1}', (X,)),
    ("a list as text", '{"action": "f", "x": "[\'a\', \'b\']"}', (Call("f", (), {"x": "['a', 'b']"}),)),
    ("a tag around", '<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>', (X,)),
    ("a mark before", '[TOOL_CALLS][{"name": "f", "arguments": {"x": 1}}]', (X,)),
    ("the final answer as an action", '{"action": "Final Answer", "action_input": "42"}', "42"),
    ("no tool, but an answer", '{"thought": "hm", "tool": null, "answer": "x"}', "x"),
    ("an answer", '{"answer": "two words"}', "two words"),
    ("an answer that is a number", '{"answer": 1.10}', "1.10"),
    ("a great number", '{"answer": 123456789012345678901234567890}', "123456789012345678901234567890"),
    ("a number nearly in JSON", '{"answer": 1.5,}', "1.5"),
    ("an answer that is true", '{"answer": true}', "true"),
    ("an answer that is a list", '{"answer": [1, "ü"]}', '[1, "ü"]'),
    ("an answer that is an object", '{"answer": {"a": 1.50}}', '{"a": 1.5}'),
    ("another word for the answer", '{"final_answer": "x"}', "x"),
    ("an answer with a thought", '{"thought": "done", "answer": "x"}', "x"),
]  # fmt: skip

FAULTS: list[tuple[str, str, bool]] = [
    ("", "it was empty", False),
    ("I do not know {yet}.", "it had text only", False),
    ("```python\nf(1)\n```", "Python code is not run here", False),
    ("<execute>\nf(1)\n</execute>", "Python code is not run here", False),
    ("f(1)", "a call has to be written as JSON", False),
    ("Action: f(x=1)", "a call has to be written as JSON", False),
    ('{"a": 1}', "its JSON is neither a call nor an answer", False),
    ('{"answer": ""}', 'there was nothing in "answer"', False),
    ('{"tool": "f", "arguments": {"x": "abc', "unterminated string", True),
    (
        '{"tool": "f", "arguments": {"x": "a "q" b"}}',
        'expecting \',\' delimiter, at >>> in: : "f", "arguments": {"x": "a ">>>q" b"}}',
        True,
    ),
    ('{"tool": "f", "arguments": {"x": }}', "expecting value, at >>> in: ", True),
    ('{"tool": "f"}\n{"tool": "g", "arguments": {"x": oh}}', "expecting value, at >>> in: ", True),
    ('{"tool": "f", "tool": "g"}', "the key 'tool' stands twice in one object", True),
    ('{"tool": "f", "arguments": {"x": 1, "x": 2}}', "the key 'x' stands twice in one object", True),
    ('{"tool": "f", "arguments": {"x": 1}, "keywords": {"x": 2}}', "the argument 'x' is there twice", True),
    ('{"tool": "f", "arguments": {"x": 1}, "y": 2}', '"y" is no key of a call', True),
    ('{"tool": "f", "arguments": [], "keywords": [1]}', '"keywords" must be an object', True),
    ('{"tool": 5, "arguments": {}}', '"tool" must be the name of a tool in quotes, not 5', True),
    ('{"tool": "", "arguments": {}}', '"tool" must be the name of a tool in quotes, not ""', True),
    ('{"tool": null}', '"tool" names no tool', True),
    ('{"tool": "final_answer", "arguments": [1, 2]}', "an answer is one value", True),
    ('{"tool": "f", "arguments": [' + "[" * 60 + "]" * 60 + "]}", "nested more than 50 deep", True),
    ('{"tool": "f", "arguments": [' + "[" * 100_000, "cannot be read", True),
    ('{"tool": "f", "arguments": [1' + "0" * 5000 + "]}", "cannot be read", True),
]


@pytest.mark.parametrize(("message", "expected"), [case[1:] for case in UNDERSTOOD], ids=[case[0] for case in UNDERSTOOD])
def test_a_message_is_understood(message: str, expected: tuple[Call, ...] | str) -> None:
    step = FORMAT.parse(message)
    assert step.code is None
    assert (step.answer if isinstance(expected, str) else step.calls) == expected
    assert (step.calls == ()) == isinstance(expected, str)


@pytest.mark.parametrize(("message", "words", "meant"), FAULTS)
def test_a_message_that_is_neither_is_told_why_and_how_to_write_both(message: str, words: str, meant: bool) -> None:
    with pytest.raises(FormatError, match=re.escape(words)) as caught:
        FORMAT.parse(message)
    assert '{"tool": "name", "arguments": {"key": value}}' in caught.value.feedback
    assert '{"answer": value}' in caught.value.feedback
    assert caught.value.meant is meant
    assert len(caught.value.feedback) < 600


@pytest.mark.parametrize(
    ("message", "thought"),
    [
        ('I look.\n{"tool": "f"}', "I look."),
        ('Thought: I look.\n```json\n{"tool": "f"}\n```', "I look."),
        ('**Thought:** I look.\nAction:\n```\n{"tool": "f"}\n```', "I look."),
        ('{"thought": "I look.", "tool": "f", "arguments": {}}', "I look."),
        ('I look.\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>', "I look."),
        ('{"tool": "f"}', ""),
        ('So:\n{"answer": 1}', "So:"),
    ],
)
def test_the_thought_is_what_stands_before(message: str, thought: str) -> None:
    assert FORMAT.parse(message).thought == thought


@settings(max_examples=150)
@given(st.lists(CALLS, min_size=1, max_size=3))
def test_calls_are_read_back_as_they_were_written(calls: list[Call]) -> None:
    written = FORMAT.write(Step("", calls=tuple(calls)))
    assert FORMAT.parse(written) == Step("", calls=tuple(calls))
    assert FORMAT.complete(written) == written


@given(TEXTS.filter(lambda text: text.strip()))
def test_an_answer_is_read_back_as_it_was_written(answer: str) -> None:
    assert FORMAT.parse(FORMAT.write(Step("I know.", answer=answer))) == Step("I know.", answer=answer.strip())


def test_code_cannot_be_written() -> None:
    with pytest.raises(InputError, match="code cannot be written in the format json"):
        FORMAT.write(Step("", code="f()"))


PIECES = st.one_of(
    st.sampled_from(['{"tool": "f"', '"arguments": ', "{", "}", "[", "]", '"', "'", ",", ":", "1", "null", "\n", "```json\n"]),
    st.sampled_from(['{"answer": ', "\\", "“", "<think>", "Output:"]),
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
@example('{"tool": ' * 50)
@example('{"tool": "' * 50)
@example("[{" * 2000)
@example('{"tool": "\ud800\0"}')
def test_whatever_is_written_is_understood_or_a_format_error(message: str) -> None:
    promises.is_understood_or_refused(FORMAT, message, kept=message, acts=lambda step: step.calls)


@pytest.mark.parametrize(
    ("message", "whole", "unfinished"),
    [
        ('{"tool": "f", "arguments": {"x": 1', '{"tool": "f", "arguments": {"x": 1}}', False),
        ('[{"tool": "f"', '[{"tool": "f"}]', False),
        ('{"answer": [1', '{"answer": [1]}', False),
        ('{"tool": "f", "arguments": {"x": "a', '{"tool": "f", "arguments": {"x": "a', True),
        ('{"tool": "f"}', '{"tool": "f"}', False),
        ("I think {", "I think {", False),
        ('He said "', 'He said "', False),
    ],
)
def test_what_the_stop_string_took_away_is_put_back(message: str, whole: str, unfinished: bool) -> None:
    assert FORMAT.complete(message, "\nOutput:") == whole
    assert FORMAT.unfinished(message) is unfinished


def test_the_example_in_the_prompt_is_true_and_in_the_format() -> None:
    turns = re.findall(r"^You: (.*)$", FORMAT.system(), re.MULTILINE)
    assert FORMAT.parse(turns[0]).calls == (Call("multiply", (), {"a": 318, "b": 47}),)
    assert FORMAT.parse(turns[1]).answer == str(318 * 47)


@pytest.mark.parametrize("line", re.findall(r'\{"(?:tool|answer)":.*?\}{1,2}(?=[,.\s])', FORMAT.system()))
def test_whatever_the_prompt_shows_is_in_the_format(line: str) -> None:
    step = FORMAT.parse(line)
    assert step.answer or step.calls[0].args + tuple(step.calls[0].kwargs.values()) in (("hello", 2), (318, 47))


def test_the_tools_are_shown_as_in_code_and_the_kind_of_answer_in_words() -> None:
    tools = [
        ToolSpec(name="price", signature="price(item: str) -> float", description="Unit price."),
        ToolSpec(name="now", signature="async now()"),
    ]
    system = FORMAT.system(tools, "a whole number")
    stubs = CodeFormat().system(tools).split("call them in your code:\n")[1]
    assert f"These are the tools:\n{stubs}\n\n" in system
    assert system.endswith('The value of "answer" must be a whole number.')
    assert FORMAT.system(tools, "a whole number") == system
    assert FORMAT.system().endswith("There are no tools.")
