"""An observation as the model is shown it: everything that matters, in order, within the limit, and the end of an error never lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.events import (
    DisplayOutput,
    ErrorOutput,
    FileChange,
    LimitHit,
    Observation,
    Output,
    ResultOutput,
    StreamOutput,
)
from codeact.formats.code import CodeFormat

TRACEBACK = (
    "Traceback (most recent call last):\n  Cell, line 3\n    f(0)\n  Cell, line 2, in f\n    1 / x\nZeroDivisionError: division by zero"
)
ERROR = ErrorOutput(name="ZeroDivisionError", message="division by zero", traceback=TRACEBACK)


def out(text: str) -> StreamOutput:
    return StreamOutput(name="stdout", text=text)


def show(*outputs: Output, most: int = 8000, **fields: Any) -> str:
    return CodeFormat().show(Observation.model_validate({"outputs": outputs, **fields}), most)


@pytest.mark.parametrize(
    ("outputs", "text"),
    [
        ((), "[no output]"),
        ((out(" \n"),), "[no output]"),
        ((out("42\n"),), "42"),
        ((out("a"), StreamOutput(name="stderr", text="b\n"), out("c\n")), "a\nb\nc"),
        ((out("a\n"), ResultOutput(data={"text/plain": "1"})), "a\n1"),
        ((ResultOutput(data={"text/html": "<b>1</b>", "text/plain": "1"}),), "1"),
        ((DisplayOutput(data={"text/html": "<b>1</b>"}),), "<b>1</b>"),
        ((DisplayOutput(data={"image/png": "iVBO", "text/plain": "<Figure>"}),), "[image/png displayed]"),
        ((DisplayOutput(data={"application/x-odd": "?"}),), "[application/x-odd displayed]"),
        ((out("before"), ERROR), f"before\n{TRACEBACK}"),
        ((ErrorOutput(name="KeyError", message="'a'", traceback=""),), "KeyError: 'a'"),
        ((out("\x1b[31mred\x1b[0m\n"),), "red"),
        ((out(" 10%\r 50%\r100%\ndone\n"),), "100%\ndone"),
        ((out("windows\r\nlines\r\n"),), "windows\nlines"),
        ((out("<execute>\n"),), "<execute>"),
    ],
)
def test_outputs_are_shown_in_order(outputs: tuple[Output, ...], text: str) -> None:
    assert show(*outputs) == f"Output:\n{text}"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"status": "exit", "exit_code": 3}, "[the code asked to leave (exit code 3)]"),
        ({"status": "crash", "signal": 11}, "[the Python process crashed (signal 11)]"),
        ({"status": "killed", "restored": True}, "[the Python process was killed]\n[variables are as they were before this action]"),
        ({"status": "interrupted"}, "[interrupted by the user]"),
        (
            {"status": "timeout", "limit": LimitHit(name="action_seconds", value=30.0)},
            "[stopped: it ran too long]\n[limit action_seconds = 30]",
        ),
        (
            {"status": "timeout", "limit": LimitHit(name="action_seconds", value=30.0), "notice": "Stopped at the limit of 30 seconds."},
            "Output:\n1\n[Stopped at the limit of 30 seconds.]",
        ),
        ({"limit": LimitHit(name="output_chars", value=8000)}, "[limit output_chars = 8000]"),
        ({"status": "memory", "state_lost": True}, "all variables and imports were lost; define again what you need]"),
        (
            {"files": (FileChange(path="a.csv", change="created", size=9), FileChange(path="b", change="deleted"))},
            "[files: created a.csv (9 bytes), deleted b]",
        ),
        ({"files": tuple(FileChange(path=str(n), change="created") for n in range(25))}, "created 19 (0 bytes), and 5 more]"),
    ],
)
def test_notices_stand_at_the_end_with_their_values(fields: dict[str, Any], line: str) -> None:
    text = show(out("1\n"), **fields)
    assert text.startswith("Output:\n1\n[")
    assert text.endswith(line)


def test_a_notice_that_says_what_was_lost_is_not_said_twice() -> None:
    assert show(state_lost=True, notice="All variables are gone.").count("variables") == 1


def test_nothing_is_cut_that_fits() -> None:
    text = show(out("x" * 100))
    assert show(out("x" * 100), most=len(text)) == text


def test_long_output_is_cut_in_the_middle_with_the_count_and_the_files_name() -> None:
    text = show(out("".join(f"line {n}\n" for n in range(1000))), most=300, full_output=".output/1.txt")
    whole = show(out("".join(f"line {n}\n" for n in range(1000))), most=10**6)
    head, _, rest = text.partition("\n[... ")
    mark, _, tail = rest.partition(" ...]\n")
    assert len(text) <= 300
    assert (whole.startswith(head), whole.endswith(tail)) == (True, True)
    assert mark == f"{len(whole) - len(head) - len(tail)} characters left out; the whole is in .output/1.txt"


def test_the_end_of_an_error_and_the_notices_are_kept_whole_when_output_is_cut() -> None:
    text = show(
        out("x" * 10_000), ERROR, most=400, status="error", notice="Careful.", files=(FileChange(path="a", change="created", size=1),)
    )
    assert text.endswith("    1 / x\nZeroDivisionError: division by zero\n[Careful.]\n[files: created a (1 bytes)]")
    assert "left out" in text
    assert len(text) <= 400


@given(st.lists(st.text(max_size=60).map(out) | st.just(ERROR), max_size=6), st.integers(min_value=0, max_value=400), st.text(max_size=40))
def test_what_is_shown_is_never_longer_than_asked(outputs: list[Output], most: int, notice: str) -> None:
    text = show(*outputs, most=most, notice=notice)
    assert len(text) <= most
    whole = show(*outputs, most=10**6, notice=notice)
    quarter = most // 4
    assert text == whole or text.endswith(whole[len(whole) - quarter :])


def test_an_error_that_says_too_much_keeps_both_ends_of_it() -> None:
    error = ErrorOutput(name="ValueError", message="", traceback="Traceback\nValueError: bad " + "x" * 10**6 + " end")
    text = show(out("y" * 10**5), error)
    assert text.endswith("x end")
    assert "\nValueError: bad xxx" in text
    assert "characters left out ...] x" in text
    assert len(text) <= 8000


@given(st.integers(min_value=250, max_value=3000), st.integers(min_value=0, max_value=5000))
def test_the_last_lines_of_a_traceback_survive_any_cut(most: int, size: int) -> None:
    assert show(out("y" * size + "\n"), ERROR, most=most, status="error").endswith("    1 / x\nZeroDivisionError: division by zero")
