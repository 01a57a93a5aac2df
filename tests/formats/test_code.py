"""The code format: what models write is understood, or they are told precisely why not."""

import ast
import re
import warnings

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.formats.code import CodeFormat
from codeact.protocols import ActionFormat
from formats import promises
from formats.messages import CLOSING, EVERY, FAULTS, FENCES, Answer, Code, Fault
from formats.recorded import JUDGED

FORMAT: ActionFormat = CodeFormat()

PIECES = st.sampled_from(
    [
        "<execute>",
        "</execute>",
        "<solution>",
        "</solution>",
        "```",
        "```python\n",
        "'",
        '"',
        '"""',
        "#",
        "\n",
        " ",
        "print(1)",
        "&lt;",
        "**",
        "<think>",
    ]
)


@pytest.mark.parametrize(("message", "expected"), [case[1:] for case in EVERY + JUDGED], ids=[case[0] for case in EVERY + JUDGED])
def test_a_message_is_understood(message: str, expected: Code | Answer | Fault) -> None:
    match expected:
        case Code(code, thought):
            step = FORMAT.parse(message)
            assert (step.code, step.answer) == (code, None)
            assert thought in ("", step.thought)
        case Answer(text):
            step = FORMAT.parse(message)
            assert (step.answer, step.code) == (text, None)
        case Fault(words):
            with pytest.raises(FormatError, match=re.escape(words)):
                FORMAT.parse(message)


def test_the_table_of_messages_is_long_and_names_each_once() -> None:
    assert len(EVERY) >= 60
    assert len({message for _, message, _ in EVERY}) == len(EVERY)


@pytest.mark.parametrize("message", [message for _, message, expected in FAULTS if isinstance(expected, Fault)])
def test_every_feedback_shows_how_to_write_both(message: str) -> None:
    with pytest.raises(FormatError) as caught:
        FORMAT.parse(message)
    assert "<execute>\n...\n</execute>" in caught.value.feedback
    assert "<solution>...</solution>" in caught.value.feedback


@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
@example("<execute>" * 30 + "</execute>" * 30)
@example('<execute>"""' + "</execute>" * 30)
@example("<execute>" + "(" * 500 + "</execute>")
@example("<execute>\ud800\0</execute>")
def test_whatever_is_written_is_understood_or_a_format_error(message: str) -> None:
    promises.is_understood_or_refused(FORMAT, message, kept=message[:-11], acts=lambda step: step.code)


SOURCES = st.lists(
    st.one_of(
        st.sampled_from(
            ["x = 1", "def f(a, *b):\n    return a", "for i in x:\n\n    print(i)", "# a comment", "if x < 1 << 2:\n  pass", ""]
        ),
        st.text(max_size=20).map(lambda text: f"s = {text!r}"),
        st.text(alphabet=st.characters(exclude_characters='"\\'), max_size=20).map(lambda text: f's = """{text}"""'),
        st.text(max_size=20),
    ),
    min_size=1,
    max_size=6,
).map("\n".join)


def is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(ast.parse(source).body)
    except (SyntaxError, ValueError):
        return False


@given(SOURCES, st.sampled_from(["", "I think so.\n"]))
@example('s = """\n```\n"""', "")
@example('s = """\n    indented\n\n  """\nprint(s)', "")
@example("`x`", "")
def test_code_that_parses_is_read_back_as_it_was_written(source: str, thought: str) -> None:
    assume(is_python(source) and is_python(source.strip()) and "</execute" not in source and "solution" not in source)
    step = FORMAT.parse(f"{thought}<execute>\n{source}\n</execute>")
    assert step.code is not None
    assert step.code.strip() == source.strip()
    assert ast.dump(ast.parse(step.code)) == ast.dump(ast.parse(source))
    assert step.thought == thought.strip()


@given(st.text(min_size=1).filter(lambda text: text.strip() and "<" not in text and "&lt;" not in text))
def test_an_answer_is_read_back_as_it_was_written(answer: str) -> None:
    assert FORMAT.parse(f"So:\n<solution>{answer}</solution>").answer == answer.strip()


@pytest.mark.parametrize(
    "message",
    [m for name, m, expected in CLOSING + FENCES if isinstance(expected, Code) and m.endswith("\n</execute>") and name != "in a comment"],
)
def test_what_the_stop_string_took_away_is_put_back(message: str) -> None:
    assert FORMAT.complete(message.removesuffix("</execute>")) == message


@pytest.mark.parametrize(
    ("message", "whole"),
    [
        ("<solution>42", "<solution>42</solution>"),
        ("<execute>\nprint(1)\n</exe", "<execute>\nprint(1)\n</execute>"),
        ("```python\nprint(1)", "```python\nprint(1)\n```"),
        ("```python\nprint(1)\n", "```python\nprint(1)\n```"),
        ("<execute>\nprint(1)\n</execute>", "<execute>\nprint(1)\n</execute>"),
        ("text only", "text only"),
        ("", ""),
    ],
)
def test_a_message_gets_the_closing_tag_that_it_lacks(message: str, whole: str) -> None:
    assert FORMAT.complete(message) == whole


@pytest.mark.parametrize(
    ("message", "unfinished"),
    [
        ("<execute>\nprint('", True),
        ('<execute>\ns = """one\ntwo ', True),
        ("<execute>\nprint(f'{x} ", True),
        ("<execute>\nprint('</execute>, ", True),
        ("```python\nprint('", True),
        ("<execute>\nprint(1)\n", False),
        ("<execute>\nprint(1)  # don't ", False),
        ("<execute>\nprint('De Moivre's theorem')\n", False),
        ("<execute>\nI don't know", False),
        ("<execute>\nprint('done')\n</execute>", False),
        ("<solution>it's", False),
        ("it's", False),
    ],
)
def test_a_stop_string_inside_a_string_literal_does_not_count(message: str, unfinished: bool) -> None:
    assert FORMAT.unfinished(message) is unfinished


def test_the_prompt_is_short_shows_one_example_and_is_understood_by_the_parser() -> None:
    system = FORMAT.system()
    assert len(system) < 2000
    example_turn = system.split("\nYou: ", 1)[1].split("\nUser:", 1)[0]
    assert FORMAT.parse(example_turn).code == "result = 318 * 47 + 5\nprint(result)"
    assert FORMAT.parse(system.rsplit("\nYou: ", 1)[1]).answer == "14951"


def test_the_example_in_the_prompt_is_true() -> None:
    names: dict[str, object] = {}
    code = FORMAT.parse(FORMAT.system().split("\nYou: ", 1)[1]).code
    assert code is not None
    exec(code.replace("print(result)", ""), names)
    assert names["result"] == 14951


def test_tools_are_shown_as_python_stubs_and_the_kind_of_answer_in_words() -> None:
    tools = [
        ToolSpec(name="price", signature="price(item: str, *, day: str = 'today') -> float", description="Unit price.\n\n    In dollars."),
        ToolSpec(name="now", signature="async def now() -> str:"),
    ]
    system = FORMAT.system(tools, "a whole number")
    assert 'def price(item: str, *, day: str = \'today\') -> float:\n    """Unit price.\n\n        In dollars."""' in system
    assert "async def now() -> str: ..." in system
    assert system.endswith("Between the solution tags must stand a whole number.")
    stubs = system.split("call them in your code:\n")[1].split("\n\nBetween")[0]
    assert [getattr(node, "name", None) for node in ast.parse(stubs).body] == ["price", "now"]


def test_the_system_message_is_the_same_to_the_byte_each_time() -> None:
    tools = [ToolSpec(name="f", signature="f()")]
    assert FORMAT.system(tools, "x") == CodeFormat().system(tools, "x")
