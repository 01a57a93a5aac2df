"""Everyday work: files that are written and plots count by what is in them, and conversation needs no code."""

import struct
import zlib
from pathlib import Path

import pytest

from codeact.bench import checks
from codeact.bench.task import Task
from codeact.data import catalogue
from codeact.data.families.everyday.lines import filed
from codeact.data.families.everyday.plots import plotted
from codeact.data.phrasing import expansions


def png(width: int, height: int, values: bytes) -> bytes:
    """A grey PNG image of lines of values."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(values[column % len(values)] for column in range(width)) for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


DRAWN = png(60, 60, bytes(range(0, 250, 10)))
PLOT = Task(id="p", prompt="Draw.", answer="a.png", check="python:plotted")
WRITTEN = Task(id="w", prompt="Write.", answer={"said": "2", "file": "b.txt", "lines": ["one", "two"]}, check="python:filed")


def test_a_plot_counts_if_something_is_drawn_in_the_file_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DRAWN)
    assert plotted("a.png", PLOT, tmp_path).success
    assert plotted("'a.png'.", PLOT, tmp_path).success
    assert not plotted("b.png", PLOT, tmp_path).success
    assert not plotted(None, PLOT, tmp_path).success


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (b"a plot", "no PNG"),
        (png(60, 60, b"\xff"), "nothing is drawn"),
        (png(8, 8, bytes(range(0, 250, 10))), "8 x 8"),
        (DRAWN[:60] + b"\0" * 40, "broken"),
    ],
)
def test_a_file_that_is_no_plot_does_not_count(held: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(held)
    score = plotted("a.png", PLOT, tmp_path)
    assert not score.success
    assert reason in score.reason


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "real.png").write_bytes(DRAWN)
    (tmp_path / "elsewhere" / "real.txt").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "a.png").symlink_to("elsewhere/real.png")
    (tmp_path / "b.txt").symlink_to("elsewhere/real.txt")
    assert "no plain file" in plotted("a.png", PLOT, tmp_path).reason
    assert "no plain file" in filed("2", WRITTEN, tmp_path).reason


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    assert "no plain file" in plotted("a.png", PLOT, tmp_path).reason


def test_a_written_file_counts_by_its_lines(tmp_path: Path) -> None:
    assert "no plain file" in filed("2", WRITTEN, tmp_path).reason
    (tmp_path / "b.txt").write_text("one\r\ntwo", encoding="utf-8")
    assert filed("2", WRITTEN, tmp_path).success
    assert not filed("3", WRITTEN, tmp_path).success
    (tmp_path / "b.txt").write_text("two\none\n", encoding="utf-8")
    assert not filed("2", WRITTEN, tmp_path).success


TALK = ("greeting", "thanks", "who-are-you", "small-talk")


@pytest.mark.parametrize("name", TALK)
def test_conversation_is_answered_at_once_and_with_no_code(name: str) -> None:
    for number in range(20):
        policy = catalogue.family(f"everyday/{name}").instance("train", 0, number).code()
        with pytest.raises(StopIteration) as end:
            next(policy)
        assert isinstance(end.value.value, str)


@pytest.mark.parametrize(
    ("name", "answer", "right"),
    [
        ("greeting", "Hi there! What can I do for you?", True),
        ("greeting", "42", False),
        ("greeting", "print('Hello')\n" * 20, False),
        ("thanks", "You're welcome!", True),
        ("thanks", "The answer is 7.", False),
        ("who-are-you", "I'm an assistant that runs Python.", True),
        ("small-talk", "I am well, thank you.", True),
    ],
)
def test_a_friendly_sentence_is_right_in_conversation(name: str, answer: str, right: bool) -> None:
    instance = catalogue.family(f"everyday/{name}").instance("train", 0, 0)
    assert checks.check(instance.check, answer, instance.answer).success is right


def tasks(name: str, count: int = 120) -> list[Task]:
    """Tasks of a family."""
    return [catalogue.family(f"everyday/{name}").task("train", 1, number) for number in range(count)]


def right(task: Task, answer: object) -> bool:
    """Whether an answer is taken."""
    return checks.check(task.check, str(answer), task.answer, task.tolerance).success


def test_numbers_that_are_extracted_are_numbers_and_other_things_are_texts() -> None:
    asked = tasks("extract")
    numbers = [task for task in asked if "numbers" in task.prompt]
    assert numbers
    for task in numbers:
        assert isinstance(task.answer, list) and all(isinstance(one, int) for one in task.answer)
        assert right(task, task.answer)
    others = [task for task in asked if task not in numbers]
    assert others and all(isinstance(task.answer, list) and all(isinstance(one, str) for one in task.answer) for task in others)


def test_no_question_leaves_open_whether_the_last_day_counts() -> None:
    """The days from one to another are asked for as a distance, never as days that a course has or that lie between."""
    family = catalogue.family("everyday/days-between")
    said = [wording for template in (*family.phrasings, *family.unseen_phrasings) for wording in expansions(template)]
    open_ended = ("lie between", "are there", "ends on {last}. How many {unit} is")
    assert not [wording for wording in said if any(words in wording for words in open_ended)]


def test_hex_digits_of_a_colour_and_of_a_hash_may_be_capitals() -> None:
    made = [task for name in ("character-codes", "encoded-text") for task in tasks(name)]
    asked = [task for task in made if any(words in task.prompt for words in ("hex code (like", "hash", "MD5"))]
    assert asked
    for task in asked:
        assert isinstance(task.answer, list)
        assert right(task, task.answer[0]) and right(task, str(task.answer[0]).upper())
