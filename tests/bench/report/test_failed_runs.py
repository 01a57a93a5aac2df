"""The page of a failed attempt shows all that happened as text, whatever a guest or a model wrote."""

import base64
from pathlib import Path

import pytest

from bench.report import parsed, simulated
from codeact import events
from codeact.bench.report import failed_runs, folder, writing
from codeact.bench.results import Result
from codeact.bench.task import Score
from codeact.trajectory import Trajectory

EVIL = (
    '</pre></section><script>alert(1)</script><img src=x onerror="alert(2)">"\'><svg onload=alert(3)>'
    "{{ 7 * 7 }} </style></title> javascript:alert(4) \x1b[31m \u202e"
)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return simulated.folder(tmp_path / "out", models={"local": 0.0}, formats=("code",), tasks=1, chance=lambda _: 0.0)


def result_of(path: Path) -> Result:
    return folder.read(path).results[0]


def page_of(path: Path, *happened: events.AnyEvent) -> parsed.Page:
    """The page of the folder's attempt, with a record of these events."""
    result = result_of(path)
    (path / result.trajectory).unlink()
    record = Trajectory(path / result.trajectory)
    for event in happened:
        record.append(event)
    record.close()
    return parsed.Page(failed_runs.page(path, result))


def everything(text: str) -> list[events.AnyEvent]:
    """Every kind of event that is shown, with one text in all its fields."""
    return [
        events.RunStarted(run_id=text, model=text, format=text, system=text, isolation=text, limits=events.Limits()),
        events.TaskGiven(text=text, files=(text,)),
        events.ModelTurn(turn=1, text=text),
        events.Feedback(turn=1, reason="malformed", text=text),
        events.ModelTurn(turn=2, text="another"),
        events.Action(turn=2, code=text, tool=text),
        events.ToolCalled(turn=2, call_id="1", name=text, arguments={"args": [text], "kwargs": {text: text}}),
        events.ToolReturned(turn=2, call_id="1", value={text: text}),
        events.ToolCalled(turn=2, call_id="2", name=text, arguments={}),
        events.ToolReturned(turn=2, call_id="2", error=text),
        events.Observation(turn=2, status="error", text=text, notice=f"notice: {text}"),
        events.LimitReached(turn=2, limit=events.LimitHit(name=text, value=1)),
        events.Failed(turn=2, boundary=text, kind=text, message=text),
        events.Answered(turn=2, text=text),
        events.RunEnded(state="answered", reason=text),
    ]


def test_what_is_hostile_stays_text_in_every_place(path: Path) -> None:
    page = page_of(path, *everything(EVIL))
    assert page.wrong == []
    assert page.of("script", "img", "svg", "iframe", "link", "object") == []
    assert page.handlers == []
    assert page.loads == ["../report.html#failed"]
    assert page.prose.count("<script>alert(1)</script>") >= 15
    assert "{{ 7 * 7 }}" in page.prose
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    policy = next(each["content"] for each in page.of("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert "script-src 'none'" in policy


def test_what_is_hostile_stays_text_in_the_overview_and_in_every_field_of_a_result(tmp_path: Path) -> None:
    path = simulated.folder(tmp_path / "out", models={EVIL: 0.0}, formats=("code",), tasks=1, chance=lambda _: 0.0)
    changed = {"tags": (EVIL,), "score": Score.of(False, EVIL), "answer": EVIL, "reason": EVIL, "failure": "tool"}
    simulated.rewritten(path, lambda result: result.model_copy(update=changed))
    written = writing.write(path)
    overview, page = parsed.read(written.page), parsed.read(next((path / "failed").iterdir()))
    for each in (overview, page):
        assert each.wrong == []
        assert each.of("img", "iframe", "object") == []
        assert each.handlers == []
        assert "<script>alert(1)</script>" in each.prose
        assert not {"\x1b", "\u202e"} & set(each.text)
    assert len(overview.of("script")) == 1
    assert page.of("script") == []
    assert {path.parent for path in written.files} <= {path, path / "charts", path / "failed"}


def test_what_happened_is_told_in_order_with_what_the_check_says(path: Path) -> None:
    result = result_of(path)
    prose = page_of(path, *everything("words")).prose
    marks = [
        result.score.reason,
        "The system message",
        "The task",
        "Turn 1: the model wrote",
        "Turn 1: the model was told",
        "Turn 2: what was run",
        "Turn 2: a call words('words', words='words')",
        "Turn 2: a call failed",
        "Turn 2: it ended with error",
        "Turn 2: the answer",
        "The run ended: answered",
    ]
    places = [prose.index(mark) for mark in marks]
    assert places == sorted(places)


def test_code_that_stands_in_the_turn_is_not_told_twice(path: Path) -> None:
    turn = events.ModelTurn(turn=1, text="<execute>\nprint(1)\n</execute>")
    assert page_of(path, turn, events.Action(turn=1, code="print(1)")).text.count("print(1)") == 1


def test_a_figure_is_shown_only_if_it_is_a_bitmap(path: Path) -> None:
    def shown(*bundles: events.MIME) -> list[str]:
        outputs = tuple(events.DisplayOutput(data=bundle) for bundle in bundles)
        page = page_of(path, events.Observation(turn=1, text="figure", outputs=outputs))
        return [each["src"] for each in page.of("img")]

    svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
    assert shown({"image/png": PIXEL}) == [f"data:image/png;base64,{PIXEL}"]
    assert shown({"image/png": svg}, {"image/png": '"><script>'}, {"image/svg+xml": "<svg/>"}, {"text/html": "<b>"}) == []


def test_much_output_and_many_calls_are_cut_with_a_word_on_what_is_left_out(path: Path) -> None:
    calls: list[events.AnyEvent] = []
    for number in range(60):
        calls.append(events.ToolCalled(turn=1, call_id=str(number), name="f", arguments={"args": [number]}))
        calls.append(events.ToolReturned(turn=1, call_id=str(number), value=number))
    page = page_of(path, *calls, events.Observation(turn=1, text="x" * 50_000))
    assert "10 more calls are in the record" in page.prose
    assert "30,000 more characters are in the record" in page.prose
    turns = [events.ModelTurn(turn=number, text=f"turn {number}.") for number in range(1, 701)]
    many = page_of(path, *turns)
    assert "200 more parts are in the record" in many.prose
    assert "turn 1." in many.prose
    assert "turn 700." in many.prose
    assert "turn 600." not in many.prose


@pytest.mark.parametrize("text", [None, "", "not a record\n", '{"codeact": "trajectory", "version": 1}\n{}\n{}\n'])
def test_a_record_that_cannot_be_read_makes_a_page_that_says_so(text: str | None, path: Path) -> None:
    result = result_of(path)
    record = path / result.trajectory
    record.unlink()
    if text is not None:
        record.write_text(text, encoding="utf-8")
    page = parsed.Page(failed_runs.page(path, result))
    assert "The record cannot be read" in page.prose
    assert str(path) not in page.prose


def test_a_record_whose_end_is_torn_is_shown_as_far_as_it_goes(path: Path) -> None:
    result = result_of(path)
    record = path / result.trajectory
    record.write_bytes(record.read_bytes()[:-20])
    prose = parsed.Page(failed_runs.page(path, result)).prose
    assert "The end of the record is missing" in prose
    assert "The task" in prose
