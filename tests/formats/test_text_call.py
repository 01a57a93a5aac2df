"""The text format: what models write is understood, or they are told precisely why not."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codeact.errors import FormatError, InputError
from codeact.events import ToolSpec
from codeact.formats.code import CodeFormat
from codeact.formats.text_call import TextFormat
from codeact.protocols import ActionFormat, Call, Step
from formats import promises
from formats.random_calls import CALLS

FORMAT: ActionFormat = TextFormat()
F = Call("f")
G = Call("g")
X = Call("f", (1,))

UNDERSTOOD: list[tuple[str, str, tuple[Call, ...] | str]] = [
    ("arguments in order", 'Action: f(1, "a", [2, {"b": null}])', (Call("f", (1, "a", [2, {"b": None}])),)),
    ("named arguments", "Action: f(x=1, y='a')", (Call("f", (), {"x": 1, "y": "a"}),)),
    ("both", "Action: f(1, k=true)", (Call("f", (1,), {"k": True}),)),
    ("no arguments", "Action: f()", (F,)),
    ("no brackets", "Action: f", (F,)),
    ("no brackets, a stop", "Action: f.", (F,)),
    ("quotes, commas and brackets in a text", """Action: f('a, "b" (c', x="it's)")""", (Call("f", ('a, "b" (c',), {"x": "it's)"}),)),
    ("three quotes", 'Action: f("""a\n"b" c""")', (Call("f", ('a\n"b" c',)),)),
    ("a line break in a text", 'Action: f("a\nAction: g()")', (Call("f", ("a\nAction: g()",)),)),
    ("arguments over several lines", "Action: f(\n    1,\n)", (X,)),
    ("one after another", "Action: f()\nAction: g()", (F, G)),
    ("a thought between", "Action: f()\nThought: and\nAction: g()", (F, G)),
    ("on one line", "Action: f(); g()", (F, G)),
    ("below each other", "Action: f(1)\ng()", (X, G)),
    ("numbered", "Action 1: f()\nAction 2: g()", (F, G)),
    ("a fence", "Action:\n```python\nf(1)\ng()\n```", (X, G)),
    ("back-ticks", "Action: `f(1)`", (X,)),
    ("bold", "**Action:** f(1)", (X,)),
    ("bold with the colon outside", "**Action**: f(1)", (X,)),
    ("a point of a list", "- Action: f(1)", (X,)),
    ("small letters", "action: f(1)", (X,)),
    ("within a line", "I use it. Action: f(1)", (X,)),
    ("prose behind", "Action: f(1) to find out", (X,)),
    ("prose below that looks like a call", "Action: f(1)\nas f(x) does", (X,)),
    ("a comment", "Action: f(1)  # now", (X,)),
    ("awaited", "Action: await f(1)", (X,)),
    ("a bracket missing at the end", "Action: f([1, 2", (Call("f", ([1, 2],)),)),
    ("a word of Python for a name", 'Action: f(from="A")', (Call("f", (), {"from": "A"}),)),
    ("a name that is none in Python", "Action: f(**{'max-size': 1})", (Call("f", (), {"max-size": 1}),)),
    ("an input as an object", 'Action: f\nAction Input: {"x": 1}', (Call("f", (), {"x": 1}),)),
    ("an input as a list", "Action: f\nAction Input: [1]\n", (X,)),
    ("an input as text", "Action: f\nAction Input: what is it\nObservation: it", (Call("f", ("what is it",)),)),
    ("no input", "Action: f\nAction Input:", (F,)),
    ("reasoning that speaks of a call", "<think>\nAction: x()\n</think>\nAction: f(1)", (X,)),
    ("an output made up", "Action: f(1)\nOutput: 3\nAction: g()", (X,)),
    ("an answer behind", "Action: f(1)\nAnswer: 3", (X,)),
    ("an output before", "Output: 3 was wrong.\nAction: f(1)", (X,)),
    ("an input with windows line breaks", 'Action: f\r\nAction Input: {"x": 1}\r\n', (Call("f", (), {"x": 1}),)),
    ("an answer", "Answer: two words", "two words"),
    ("an answer with a colon", "Answer: 12:30", "12:30"),
    ("an answer of several lines", "Answer:\none\ntwo", "one\ntwo"),
    ("the final answer", "Final Answer: 42", "42"),
    ("a bold label", "**Answer:** 42", "42"),
    ("a bold answer", "**Answer: 42**", "42"),
    ("an answer that is bold", "Answer: **42**", "**42**"),
    ("a call behind an answer", "Answer: 42\nAction: f(1)", "42"),
    ("a thought behind an answer", "Answer: 42\n\nThought: good", "42"),
    ("a made-up output behind an answer", "Answer: 42\nOutput: 42\nAnswer: 43", "42"),
    (
        "a program with a label in a comment",
        "Answer: def f():\n    # output: the sum\n    return 1",
        "def f():\n    # output: the sum\n    return 1",
    ),
    ("a program in a fence", "Answer:\n```python\nx = '''\nOutput: 1\n'''\n```", "```python\nx = '''\nOutput: 1\n'''\n```"),
    ("a note that says action", "Answer: Minutes\nAction: Bob sends the report\nClosed.", "Minutes\nAction: Bob sends the report\nClosed."),
    ("an answer within a line", "So the Answer: 42", "42"),
]

FAULTS: list[tuple[str, str, bool]] = [
    ("", "it was empty", False),
    ("I do not know yet.", "it had text only", False),
    ("```python\nf(1)\n```", "Python code is not run here", False),
    ("<execute>\nf(1)\n</execute>", "Python code is not run here", False),
    ("f(1)", "a call has to stand behind Action:", False),
    ('{"tool": "f", "arguments": {}}', "it was written as JSON", False),
    ("Answer:", "there was nothing behind Answer:", False),
    ("Action:", "there was nothing behind Action:", True),
    ("Action: I will look", "'I will look' is not a call of a tool", True),
    ('Action: {"tool": "f"}', "is not a call of a tool", True),
    ("Action: x = f(1)", "is not a call of a tool", True),
    ("Action: f(1) + 2", "behind f(1) something goes on", True),
    ("Action: f(1)[0]", "behind f(1) something goes on", True),
    ("Action: f(A)", "A is not a value: text stands in quotes", True),
    ("Action: f(g(1))", "g(1) is a call inside a call", True),
    ("Action: f('it's')", "was not closed in: f('it's')", True),
    ('Action: f("abc', 'was not closed in: f("abc', True),
    ("Action: f(1 2)", "at >>> in: f(>>>1 2)", True),
    ("Action: f(x=1, x=2)", "the argument 'x' is there twice", True),
    ("Action: f(x=1, 2)", "positional argument follows keyword argument", True),
    ("Action: f(1); g(x)", "x is not a value", True),
    ("Action: f(1)\nAction: g(x)", "x is not a value", True),
    ("Action: f(" + "[" * 60 + "]" * 60 + ")", "more than 50 deep", True),
    ("Action: f(" + "[" * 100_000, "too many nested parentheses", True),
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
    assert 'Action: tool("text", key=value)' in caught.value.feedback
    assert "Answer: ..." in caught.value.feedback
    assert caught.value.meant is meant
    assert len(caught.value.feedback) < 600


@pytest.mark.parametrize(
    ("message", "thought"),
    [
        ("Thought: I look.\nAction: f()", "I look."),
        ("I look.\nAction: f()", "I look."),
        ("**Thought:** I look.\n\n**Action:** f()", "I look."),
        ("Action: f()", ""),
        ("Thought: So.\nAnswer: 1", "So."),
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


@given(st.text(min_size=1).filter(lambda text: text.strip() and ":" not in text and "*" not in text and "_" not in text))
def test_an_answer_is_read_back_as_it_was_written(answer: str) -> None:
    assert FORMAT.parse(FORMAT.write(Step("I know.", answer=answer))) == Step("I know.", answer=answer.strip())


def test_code_cannot_be_written() -> None:
    with pytest.raises(InputError, match="code cannot be written in the format text"):
        FORMAT.write(Step("", code="f()"))


PIECES = st.one_of(
    st.sampled_from(
        [
            "Action: ",
            "Action:",
            "\nAction: f(",
            "Answer: ",
            "\n",
            "f",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            '"',
            "'",
            '"""',
            ",",
            "=",
            "1",
            "**",
            "*",
        ]
    ),
    st.sampled_from(["```", "#", "\\", "Action Input:", "\nOutput:", "Thought: ", "<think>", "from=", "; g("]),
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
@example("Action: f(" * 300)
@example("Action: f('" * 300)
@example("Action: f(1)" + ";f(1)" * 2000)
@example("Action:\n" * 2000)
@example("Action: f('\ud800\0')")
def test_whatever_is_written_is_understood_or_a_format_error(message: str) -> None:
    promises.is_understood_or_refused(FORMAT, message, kept=message, acts=lambda step: step.calls)


@pytest.mark.parametrize(
    ("message", "whole", "unfinished"),
    [
        ("Action: f(1, [2", "Action: f(1, [2])", False),
        ('Action: f("a', 'Action: f("a', True),
        ('Action: f("a")\nAction: g("b', 'Action: f("a")\nAction: g("b', True),
        ("Action: f(1)", "Action: f(1)", False),
        ("Action: f", "Action: f", False),
        ("Answer: 4", "Answer: 4\n", False),
        ("Answer: 4\n", "Answer: 4\n", False),
        ("I think (", "I think (", False),
    ],
)
def test_what_the_stop_string_took_away_is_put_back(message: str, whole: str, unfinished: bool) -> None:
    assert FORMAT.complete(message, "\nOutput:") == whole
    assert FORMAT.unfinished(message) is unfinished


def test_the_example_in_the_prompt_is_true_and_in_the_format() -> None:
    turns = re.findall(r"^You: (.*)$", FORMAT.system(), re.MULTILINE)
    assert FORMAT.parse(turns[0]).calls == (Call("multiply", (), {"a": 318, "b": 47}),)
    assert FORMAT.parse(turns[1]).answer == str(318 * 47)


@pytest.mark.parametrize("line", re.findall(r"Action: \w+\(.*?\)", FORMAT.system()))
def test_whatever_the_prompt_shows_is_in_the_format(line: str) -> None:
    call = FORMAT.parse(line).calls[0]
    assert call.args + tuple(call.kwargs.values()) in (("hello", 2), (318, 47))


def test_the_tools_are_shown_as_in_code_and_the_kind_of_answer_in_words() -> None:
    tools = [
        ToolSpec(name="price", signature="price(item: str) -> float", description="Price."),
        ToolSpec(name="now", signature="async now()"),
    ]
    system = FORMAT.system(tools, "a whole number")
    stubs = CodeFormat().system(tools).split("call them in your code:\n")[1]
    assert f"These are the tools:\n{stubs}\n\n" in system
    assert system.endswith('Behind "Answer:" must stand a whole number.')
    assert FORMAT.system(tools, "a whole number") == system
    assert FORMAT.system().endswith("There are no tools.")
