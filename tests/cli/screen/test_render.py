"""Events on a screen; whole runs are in test_run and test_show."""

import io

import pytest
from rich.console import Console

from codeact.cli.screen.render import Screen, ending
from codeact.events import (
    Action,
    Answered,
    AnyEvent,
    DisplayOutput,
    Limits,
    ModelDelta,
    ModelTurn,
    Observation,
    RunEnded,
    RunStarted,
    StreamChunk,
    StreamOutput,
    TaskGiven,
    Usage,
)

STARTED = RunStarted(run_id="r", model="m", format="code", system="", isolation="strict", limits=Limits())


def shown(*events: AnyEvent) -> str:
    """What a screen without a terminal gets."""
    console = Console(file=io.StringIO(), highlight=False, markup=False, emoji=False, force_terminal=False, width=60)
    screen = Screen(console, answers=console)
    for event in (STARTED, TaskGiven(text="t"), *events):
        screen.event(event)
    screen.close()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().removeprefix("m, format code, isolation strict\n")


@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_thought_streams_and_the_code_is_shown_once(size: int) -> None:
    text = "I think.\n\nHard.\n<execute>\nx = 1\n</execute>"
    deltas = [ModelDelta(turn=1, text=text[place : place + size]) for place in range(0, len(text), size)]
    out = shown(*deltas, ModelTurn(turn=1, text=text), Action(turn=1, code="x = 1", thought="I think.\n\nHard."))
    assert out == "\nturn 1\nI think.\n\nHard.\n    x = 1\n"


def test_a_thought_that_did_not_stream_is_shown_with_its_action() -> None:
    assert shown(ModelTurn(turn=1, text=""), Action(turn=1, code="x", thought="I think.")) == "\nturn 1\nI think.\n    x\n"


def test_a_turn_that_ends_in_what_looked_like_a_tag_is_shown_whole() -> None:
    assert shown(ModelDelta(turn=1, text="so a <exe"), ModelTurn(turn=1, text="so a <exe")) == "\nturn 1\nso a <exe\n"


def test_streamed_output_is_not_repeated_by_the_observation() -> None:
    chunks = [StreamChunk(turn=1, name="stdout", text=text) for text in ("o", "ne\nt", "wo")]
    observation = Observation(turn=1, outputs=(StreamOutput(name="stdout", text="one\ntwo"),))
    assert shown(Action(turn=1, code="x"), *chunks, observation) == "\nturn 1\n    x\n│ one\n│ two\n"


def test_the_end_of_output_that_was_too_long_to_stream_comes_from_the_observation() -> None:
    lines = [f"{number}\n" for number in range(1000)]
    chunk = StreamChunk(turn=1, name="stdout", text="".join(lines[:100]))
    out = shown(Action(turn=1, code="x"), chunk, Observation(turn=1, outputs=(StreamOutput(name="stdout", text="".join(lines)),)))
    assert out.splitlines()[12:] == ["│ 9", "│ ... 985 lines left out ...", *(f"│ {number}" for number in range(995, 1000))]


def test_a_line_of_any_length_is_bounded() -> None:
    out = shown(Observation(outputs=(StreamOutput(name="stdout", text="x" * 50_000),)))
    assert len(out) < 2100 and "48,000 characters left out" in out


def test_a_display_without_text_is_named() -> None:
    assert shown(Observation(outputs=(DisplayOutput(data={"text/html": "<b>"}),))) == "display of text/html\n"


def test_the_last_line_says_how_it_ended() -> None:
    usage = Usage(input_tokens=1000, output_tokens=234, cached_tokens=900, cost=0.01)
    ended = RunEnded(state="limit", reason="turns: 1", turns=1, usage=usage, seconds=2.04)
    assert ending(ended) == "limit (turns: 1) · 1 turn · 1,234 tokens, 900 cached · 2.0 s · $0.0100"


def test_an_answer_keeps_its_tabs_and_brackets() -> None:
    assert shown(Answered(turn=1, text="a\tb [red]c[/red]")) == "a\tb [red]c[/red]\n"


def test_a_turn_that_only_answers_has_no_heading() -> None:
    text = "<solution>one</solution>"
    assert shown(ModelDelta(turn=1, text=text), ModelTurn(turn=1, text=text), Answered(turn=1, text="one")) == "one\n"


@pytest.mark.parametrize(
    ("name", "text", "thought"),
    [
        ("json", 'I think.\n{"tool": "f", "arguments": {}}', "I think."),
        ("json", 'I think.\n```json\n{"tool": "f"}\n```', "I think."),
        ("text", "Thought: I think.\nAction: f()", "Thought: I think."),
        ("text", "Thought: I think.\nAnswer: 1", "Thought: I think."),
    ],
)
def test_the_thought_streams_up_to_the_call_in_every_format(name: str, text: str, thought: str) -> None:
    deltas = [ModelDelta(turn=1, text=letter) for letter in text]
    out = shown(STARTED.model_copy(update={"format": name}), *deltas, ModelTurn(turn=1, text=text))
    assert out.split("turn 1\n")[1] == f"{thought}\n"
