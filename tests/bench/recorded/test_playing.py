"""Recorded runs written by us, played in real sessions: readings, observations, scores, and going on after an end."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.recorded.written import answer, code, legs, line, record
from codeact import config, errors
from codeact.bench.recorded import lines, runner
from codeact.bench.recorded.judging import judged
from codeact.bench.recorded.lines import PlayedRun, PlayedTurn
from codeact.bench.recorded.record import Reading
from codeact.bench.recorded.report import ALL, Report
from codeact.bench.recorded.seen import Seen
from codeact.bench.recorded.successes import differences

BOTH = "<execute>\nx = 7\nprint(x)\n</execute>\n<execute>\nprint(x * 8)\n</execute>\n"
GUESSED = "<execute>\nprint(7 * 8)\n</execute>\nIt is <solution> 57 </solution>\n"


async def play(root: Path, runs: Sequence[dict[str, Any]], **options: Any) -> Report:
    """Play runs of one model; what was played is in the folder ``out``."""
    record(root / "record", runs)
    settings = config.load().model_copy(update={"preload": ()})
    return await runner.play(root / "record", suite=legs(root), out=root / "out", settings=settings, **options)


def said(report: Report) -> list[list[str | None]]:
    """What is said of each message of each run."""
    return [[None if one is None else f"{one.said}: {one.why}".rstrip(": ") for one in each] for each in report.judgements]


async def test_state_is_kept_over_the_turns_of_a_run_and_not_beyond(tmp_path: Path) -> None:
    first = line([(code("x = 7\nprint(x)"), "7"), (code("x * 8"), "Out[2]: 56"), (answer("56"), None)], success=True)
    second = line([(code("print(x)"), "7")], number="1")
    report = await play(tmp_path, [first, second])
    assert said(report) == [["equal", "formatting", None], ["explained: shared process there: a name that no action of the run binds"]]
    assert report.observations(lambda run: run.subset)["legs"] == {
        "messages": 4,
        "read the same": 4,
        "actions there": 3,
        "actions here": 3,
        "compared": 3,
        "equal": 1,
        "formatting": 1,
        "explained": 1,
    }
    assert report.successes()["ant-1b", ALL] == {"tasks": 2, "recorded": 1, "original": 1, "corrected": 1, "ours": 1}
    assert not report.disagreements() and report.unexplained == 0


async def test_a_message_that_was_read_otherwise_is_played_both_ways(tmp_path: Path) -> None:
    joined = line([(BOTH, "7\n56"), (code("print(x)"), "7")])
    guessed = line([(GUESSED, "Your answer is wrong."), (answer("56"), None)], number="1", success=True)
    report = await play(tmp_path, [joined, guessed])
    assert said(report) == [["explained: read otherwise: all code of the message there, the first here", "equal"], [None, None]]
    turn = report.runs[0].turns[0]
    assert turn.seen is not None and turn.joined is not None
    assert (turn.seen.stdout, turn.joined.stdout) == ("7\n", "7\n56\n")
    assert [score.success for turn in report.runs[1].turns if (score := turn.original)] == [False, True]
    assert [score.success for turn in report.runs[1].turns if (score := turn.ours)] == [True]
    assert report.readings() == {"all code of the message there, the first here": 1, "answer there, code here": 1}


async def test_what_nothing_explains_is_counted_so(tmp_path: Path) -> None:
    report = await play(tmp_path, [line([(code("print(6 * 7)"), "43"), (code("print(1)"), "1")])])
    assert said(report) == [["unexplained: unexplained", "equal"]]
    assert report.unexplained == 0.5
    assert report.runs[0].turns[0].again is not None
    assert "| unexplained | 1 |" in report.markdown()


async def test_searches_are_answered_from_the_record_or_said_to_need_the_web(tmp_path: Path) -> None:
    asked = [
        (code("print(wikipedia_search('spider'))"), "It has eight legs."),
        (code("print(wikipedia_search('spider').split()[2])"), "eight"),
        (code("found = wikipedia_search('insect')\nprint(len(found))"), "17"),
        (code("print(found)"), "It has six legs."),
    ]
    report = await play(tmp_path, [line(asked)])
    need = "needs the web: the record has no text for a search"
    assert said(report) == [["equal", "equal", f"explained: {need}", f"explained: follows from an earlier difference: {need}"]]


async def test_a_success_that_is_not_as_recorded_has_a_class(tmp_path: Path) -> None:
    sentence = line([(answer("There are 56 legs"), None)], success=True)
    holds = line([(answer("560"), None)], number="1", success=True)
    refused = line([(answer("56.0"), "Your answer is wrong."), (answer("8"), None)], number="2")
    report = await play(tmp_path, [sentence, holds, refused])
    assert report.successes()[ALL, ALL] == {"tasks": 3, "recorded": 2, "original": 3, "corrected": 1, "ours": 1}
    assert [[(found.grading, found.here, found.why) for found in differences(run)] for run in report.runs] == [
        [("corrected", "wrong", "any text that holds the reference was taken there")],
        [("corrected", "wrong", "any text that holds the reference was taken there")],
        [
            ("original", "right", "the original's rules, told again, say otherwise: right"),
            ("corrected", "right", "the original's rules, told again, say otherwise: right"),
        ],
    ]


async def test_what_is_played_is_not_played_again_and_a_torn_line_is(tmp_path: Path) -> None:
    runs = [line([(code(f"print({number})"), str(number))], number=str(number)) for number in range(3)]
    told: list[tuple[str, int, int]] = []

    def progress(run: PlayedRun, done: int, total: int) -> None:
        told.append((run.number, done, total))

    await play(tmp_path, runs, limit=2, on_progress=progress, jobs=1)
    assert told == [("0", 1, 2), ("1", 2, 2)]
    file = tmp_path / "out" / runner.PLAYED
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    told.clear()
    report = await play(tmp_path, runs, on_progress=progress, jobs=1)
    assert told == [("1", 2, 3), ("2", 3, 3)]
    assert said(report) == [["equal"]] * 3
    assert lines.read(file) == list(report.runs)


async def test_a_file_that_another_writes_to_is_left_alone(tmp_path: Path) -> None:
    held = lines.PlayedFile(tmp_path / "out" / runner.PLAYED)
    with pytest.raises(errors.InputError, match="is in use"):
        await play(tmp_path, [line([(answer("56"), None)])])
    held.close()
    (tmp_path / "out" / runner.PLAYED).write_text(json.dumps({"model": 3}) + "\n", encoding="utf-8")
    with pytest.raises(errors.InputError, match="line 1 is no played run"):
        await play(tmp_path, [line([(answer("56"), None)])])


async def test_runs_of_a_task_that_the_suite_lacks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match="has no task 'legs/9'"):
        await play(tmp_path, [line([(answer("56"), None)], number="9")])
    other = line([(answer("56"), None)])
    other["task"]["prompt"] = "What is the tallest tower of Europe called?"
    with pytest.raises(errors.InputError, match="'legs/0' of the suite 'legs' is not the one that was recorded: 'What is the tallest"):
        await play(tmp_path, [other])


async def test_an_answer_that_only_the_harness_read_makes_a_difference_of_its_own(tmp_path: Path) -> None:
    at_once = "<execute>\nprint(7 * 8)\n</execute>\nIt is <solution> 56 </solution>\n"
    report = await play(tmp_path, [line([(at_once, None)], success=True)])
    assert report.successes()[ALL, ALL] == {"tasks": 1, "recorded": 1, "original": 1, "corrected": 1, "ours": 0}
    assert report.disagreements() == {("our readings", "right", "wrong", "read otherwise: answer there, code here"): 1}


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (Seen(stdout="2\n"), "differs by itself: two runs here differ too"),
        (Seen(status="timeout"), "seconds: stopped at 30 s here, done there"),
    ],
)
def test_of_two_runs_of_one_reading_either_may_be_as_recorded(first: Seen, why: str) -> None:
    turn = PlayedTurn(reading=Reading(kind="code", text="f()"), shown="1", seen=first, joined=Seen(stdout="1\n"))
    fields = {"model": "ant-1b", "subset": "legs", "number": "0", "task": "legs/0", "success": False, "ended": "max_steps"}
    run = PlayedRun.model_validate({**fields, "turns": [turn], "original": False, "corrected": False, "ours": False})
    assert judged(run) == [("explained", why)]


async def test_what_differs_in_words_only_explains_nothing_that_comes_later(tmp_path: Path) -> None:
    worded = "  Cell In[1], line 1\n    x = 5k\nSyntaxError: invalid syntax"
    report = await play(tmp_path, [line([(code("x = 5k"), worded), (code("x = 1\nprint(x)"), "2")])])
    assert said(report) == [["explained: Python 3.8 there: other words for an error of syntax", "unexplained: unexplained"]]
