"""The record: what is on disk is what is in memory, broken files are told apart, and messages only ever grow."""

import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact import errors, events
from codeact.trajectory import Folding, Trajectory, load, resume
from golden import every_event

GOLDEN = Path(__file__).parent / "golden" / "trajectory-v1.jsonl"
WRITTEN = [event for event in every_event.EVENTS if not event.transient]
HEADER = '{"codeact": "trajectory", "version": 1}\n'
TASK = '{"type": "task_given", "text": "hello", "time": 1.0}\n'


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def test_the_golden_file_of_version_1_holds_every_event_that_is_written() -> None:
    kinds = {json.loads(line)["type"] for line in GOLDEN.read_text().splitlines()[1:]}
    assert kinds == {kind.model_fields["type"].default for kind in get_args(get_args(events.AnyEvent)[0]) if not kind.transient}


def test_the_golden_file_reads_as_the_events_that_it_was_written_from() -> None:
    assert list(load(GOLDEN).events) == WRITTEN


def _part(today: Any, old: Any) -> Any:
    """Of what is written today, what there was then."""
    if isinstance(today, dict) and isinstance(old, dict):
        return {key: _part(today[key], value) for key, value in old.items() if key in today}
    if isinstance(today, list) and isinstance(old, list) and len(today) == len(old):
        return [_part(*pair) for pair in zip(today, old, strict=True)]
    return today


def test_what_is_written_today_holds_all_that_the_golden_file_holds(tmp_path: Path) -> None:
    """An optional field may be added within a version; nothing may be renamed, moved or written otherwise."""
    path = tmp_path / "run.jsonl"
    trajectory = Trajectory(path)
    for event in every_event.EVENTS:
        trajectory.append(event)
    trajectory.close()
    today, golden = ([json.loads(line) for line in file.read_text().splitlines()] for file in (path, GOLDEN))
    assert [_part(line, old) for line, old in zip(today, golden, strict=True)] == golden


def test_a_file_is_written_event_by_event(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "run.jsonl"
    trajectory = Trajectory(path)
    for number, event in enumerate(WRITTEN, start=1):
        trajectory.append(event)
        assert list(load(path).events) == WRITTEN[:number]
    trajectory.close()
    trajectory.close()
    assert list(trajectory.events) == WRITTEN


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", "precious")
    with pytest.raises(errors.InputError, match="exists; a trajectory is never overwritten"):
        Trajectory(path)
    assert path.read_text() == "precious"


def test_a_path_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    blocked = written(tmp_path / "file", "")
    with pytest.raises(errors.InputError, match="cannot make the trajectory"):
        Trajectory(blocked / "run.jsonl")


@pytest.mark.parametrize("torn", ['{"type": "task_giv', "\0\0\0\0", '{"type": "party"}', "\x80"])
def test_a_torn_last_line_is_left_out_and_reported(torn: str, tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", HEADER + TASK + torn)
    trajectory = load(path)
    assert len(trajectory.events) == 1
    assert f"was torn ({len(torn.encode())} bytes" in trajectory.recovered
    assert path.read_text() == HEADER + TASK + torn


def test_a_whole_file_reports_no_recovery(tmp_path: Path) -> None:
    assert load(written(tmp_path / "run.jsonl", HEADER + TASK)).recovered == ""


def test_a_torn_last_line_is_cut_off_before_going_on(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", HEADER + TASK + '{"type": "task_giv')
    trajectory = resume(path)
    assert "was torn" in trajectory.recovered
    trajectory.append(WRITTEN[-1])
    trajectory.close()
    again = load(path)
    assert (again.recovered, again.events[-1], len(again.events)) == ("", WRITTEN[-1], 2)


def test_a_last_line_that_lacks_only_its_line_break_is_kept_and_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", HEADER + TASK.rstrip("\n"))
    assert (len(load(path).events), load(path).recovered) == (1, "")
    trajectory = resume(path)
    trajectory.append(WRITTEN[-1])
    trajectory.close()
    assert len(load(path).events) == 2


def test_a_file_with_a_header_and_nothing_else_is_an_empty_trajectory(tmp_path: Path) -> None:
    assert list(load(written(tmp_path / "a.jsonl", HEADER)).events) == []
    trajectory = resume(written(tmp_path / "b.jsonl", HEADER.rstrip("\n")))
    trajectory.append(WRITTEN[0])
    trajectory.close()
    assert list(load(tmp_path / "b.jsonl").events) == WRITTEN[:1]


@pytest.mark.parametrize(
    "broken", ["nonsense", "", "[1]", '{"type": "party"}', '{"type": "task_given"}', '{"type": "task_given", "text": "']
)
def test_a_broken_line_in_the_middle_is_an_error_with_its_number(broken: str, tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", HEADER + TASK + broken + "\n" + TASK)
    with pytest.raises(errors.TrajectoryCorruptError, match="line 3 is not an event") as caught:
        load(path)
    assert caught.value.line == 3


def test_a_broken_last_line_with_its_line_break_was_not_torn_but_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(errors.TrajectoryCorruptError, match="line 3 is not an event"):
        resume(written(tmp_path / "run.jsonl", HEADER + TASK + "nonsense\n"))


def test_a_newer_version_is_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", '{"codeact": "trajectory", "version": 2}\n' + '{"type": "party"}\n')
    with pytest.raises(errors.TrajectoryVersionError, match="has version 2, this codeact reads up to 1: install a newer codeact"):
        load(path)


@pytest.mark.parametrize(
    "header", ["", "\n", "hello\n", "{}\n", "[]\n", '{"codeact": "trajectory"}\n', '{"codeact": "cake", "version": 1}\n', "\x80\n"]
)
def test_a_file_that_is_no_trajectory_is_a_clear_error(header: str, tmp_path: Path) -> None:
    with pytest.raises(errors.TrajectoryError, match="is not a codeact trajectory: its first line is"):
        load(written(tmp_path / "run.jsonl", header))


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    for read in (load, resume):
        with pytest.raises(errors.TrajectoryError, match="No such file"):
            read(tmp_path / "none.jsonl")


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: the kernel refuses the write, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_a_clear_error_and_leaves_no_half_line(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    trajectory = Trajectory(path)
    trajectory.append(WRITTEN[1])
    heard: list[events.AnyEvent] = []
    trajectory.listen(heard.append)
    with full_disk(path.stat().st_size + 50), pytest.raises(errors.InputError, match=r"cannot write the trajectory .* free some space"):
        trajectory.append(events.TaskGiven(text="x" * 1000))
    assert (list(trajectory.events), heard) == ([WRITTEN[1]], [])
    trajectory.append(WRITTEN[-1])
    trajectory.close()
    assert list(load(path).events) == [WRITTEN[1], WRITTEN[-1]]


def test_half_a_surrogate_pair_is_mended_in_memory_as_on_disk(tmp_path: Path) -> None:
    trajectory = Trajectory(tmp_path / "run.jsonl")
    trajectory.append(events.ToolCalled(turn=1, call_id="c", name="f", arguments={"a": ["x\ud83dy", "\ud83d\ude00"]}))
    trajectory.append(events.TaskGiven(text="broken \udcff"))
    trajectory.close()
    assert trajectory.of_type(events.ToolCalled)[0].arguments == {"a": ["x\ufffdy", "\U0001f600"]}
    assert trajectory.messages[0].content == "broken \ufffd"
    assert list(load(tmp_path / "run.jsonl").events) == list(trajectory.events)


def test_listeners_hear_transient_events_too_until_they_are_let_go() -> None:
    trajectory = Trajectory()
    heard: list[events.AnyEvent] = []
    let_go = trajectory.listen(heard.append)
    for event in every_event.EVENTS:
        trajectory.append(event)
    let_go()
    trajectory.append(WRITTEN[0])
    assert heard == list(every_event.EVENTS)
    assert list(trajectory.events) == [*WRITTEN, WRITTEN[0]]


def test_events_are_found_by_their_class() -> None:
    trajectory = Trajectory()
    assert trajectory.last(events.TaskGiven) is None
    for text in ("one", "two"):
        trajectory.append(events.TaskGiven(text=text))
    assert [event.text for event in trajectory.of_type(events.TaskGiven)] == ["one", "two"]
    last = trajectory.last(events.TaskGiven)
    assert last is not None
    assert last.text == "two"


def test_a_run_folds_into_the_messages_that_a_model_is_sent() -> None:
    folding = Folding()
    messages = [message for event in every_event.EVENTS for message in folding.add(event)]
    assert [(message.role, message.content.splitlines()[0]) for message in messages] == [
        ("system", "You solve tasks by running Python."),
        ("user", "What is 6 ✕ 7?"),
        ("assistant", "I multiply."),
        ("user", "Output:"),
        ("user", "Your message could not be used."),
    ]
    assert messages[1].content.endswith("Files in the working directory: data.csv, photo.png")


def calls_of_one_turn(last: bool = True) -> list[events.AnyEvent]:
    return [
        events.Action(turn=1, code="f(1)", tool="f", more=True),
        events.Observation(turn=1, text="Output:\n1"),
        events.Action(turn=1, code="g()", tool="g", more=not last),
        events.Observation(turn=1, text="Output:\n[no output]"),
    ]


def test_what_comes_of_several_calls_of_one_turn_is_one_message() -> None:
    trajectory = Trajectory()
    for event in calls_of_one_turn():
        trajectory.append(event)
    trajectory.append(events.Action(turn=2, code="h()", tool="h"))
    trajectory.append(events.Observation(turn=2, text="Output:\n3"))
    assert [message.content for message in trajectory.messages] == [
        "[call 1: f]\nOutput:\n1\n\n[call 2: g]\nOutput:\n[no output]",
        "Output:\n3",
    ]


def test_what_came_of_the_first_calls_is_told_if_the_rest_was_not_made() -> None:
    for stop in (events.RunEnded(state="limit"), events.Feedback(turn=1, reason="other", text="Interrupted.")):
        trajectory = Trajectory()
        for event in [*calls_of_one_turn(last=False), stop]:
            trajectory.append(event)
        assert trajectory.messages[0].content == "[call 1: f]\nOutput:\n1\n\n[call 2: g]\nOutput:\n[no output]"


@given(st.lists(st.sampled_from([*every_event.EVENTS, *calls_of_one_turn()]), max_size=30))
def test_messages_after_any_event_start_with_the_messages_before_it(sequence: list[events.AnyEvent]) -> None:
    trajectory = Trajectory()
    before: tuple[events.Message, ...] = ()
    for event in sequence:
        trajectory.append(event)
        after = tuple(trajectory.messages)
        assert after[: len(before)] == before
        before = after


@given(st.lists(st.sampled_from(WRITTEN) | st.text().map(lambda text: events.TaskGiven(text=text)), max_size=10))
def test_any_trajectory_read_back_is_the_same(tmp_path_factory: pytest.TempPathFactory, sequence: list[events.AnyEvent]) -> None:
    path = tmp_path_factory.mktemp("run") / "run.jsonl"
    trajectory = Trajectory(path)
    for event in sequence:
        trajectory.append(event)
    trajectory.close()
    again = load(path)
    assert (list(again.events), list(again.messages)) == (list(trajectory.events), list(trajectory.messages))
