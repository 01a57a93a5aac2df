"""What an action writes: in order, bounded, nothing lost from the file that holds the whole."""

import asyncio
import os
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.errors import InputError
from codeact.events import DisplayOutput, ErrorOutput, Limits, Observation, ResultOutput, StreamOutput
from codeact.sandbox import channel, output
from codeact.sandbox.action import RunningAction
from codeact.sandbox.output import KEPT_BYTES, MOST_DISPLAYS, Collector, Name
from codeact.sandbox.session import Session
from codeact.sandbox.workspace import EMPTY

names = st.sampled_from(["stdout", "stderr"])
pieces = st.lists(st.tuples(names, st.binary(min_size=1, max_size=30)), max_size=30)
long_pieces = st.lists(st.tuples(names, st.integers(1, 90_000)), max_size=12)


_ALWAYS_FULL = """
import ctypes, os, struct
block = ctypes.create_string_buffer(1 << 20)
pages = struct.pack("QQ", ctypes.addressof(block), len(block))
for _ in range(60):
    if os.fork() == 0:
        while True:
            if ctypes.CDLL(None).vmsplice(1, pages, 1, 0) < 0: os.write(1, block)
for number in range(5): display(number)
7
"""
"""Many processes keep the pipe full, with pages that are not even copied, while the host reads up to each display and to the end."""


class Turns(Session):
    """A session that knows the most text that it was told in one turn of the loop."""

    most_told = _told = 0

    def on_text(self, name: Name, data: bytes) -> None:
        if self._told == 0:
            asyncio.get_running_loop().call_soon(self._next)
        self._told += len(data)
        self.most_told = max(self.most_told, self._told)
        super().on_text(name, data)

    def _next(self) -> None:
        self._told = 0


@dataclass
class Seen:
    """A collector and what it told."""

    spill_after: int = 1 << 30
    spilled: bytearray = field(default_factory=bytearray)
    told: list[tuple[Name, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.collector = Collector(lambda name, text: self.told.append((name, text)), self.spilled.extend, self.spill_after)

    def texts(self, whole: str | None = None) -> list[StreamOutput]:
        """Only the streams of all outputs."""
        return [one for one in self.collector.finish(whole) if isinstance(one, StreamOutput)]


def lettered(sizes: list[tuple[Name, int]]) -> list[tuple[Name, bytes]]:
    """Pieces of the sizes, each of another letter."""
    return [(name, bytes([97 + number]) * size) for number, (name, size) in enumerate(sizes)]


def merged(written: list[tuple[Name, str]]) -> list[tuple[str, str]]:
    """Neighbours of one stream as one."""
    found: list[tuple[str, str]] = []
    for name, text in written:
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + text)
        else:
            found.append((name, text))
    return found


@given(st.lists(st.tuples(names, st.text(min_size=1, max_size=20)), max_size=30))
def test_short_text_comes_back_in_order_with_neighbours_merged(written: list[tuple[Name, str]]) -> None:
    written = [(name, text.encode("utf-8", "ignore").decode()) for name, text in written]
    written = [(name, text) for name, text in written if text]
    seen = Seen()
    for name, text in written:
        seen.collector.text(name, text.encode())
    assert [(one.name, one.text) for one in seen.texts()] == merged(written)
    assert merged(seen.told) == merged(written)


@given(pieces, st.integers(0, 200))
def test_the_file_gets_every_byte_once_in_order_or_none(written: list[tuple[Name, bytes]], spill_after: int) -> None:
    seen = Seen(spill_after)
    for name, data in written:
        seen.collector.text(name, data)
    whole = b"".join(data for _, data in written)
    assert seen.collector.total == len(whole)
    assert bytes(seen.spilled) == (whole if len(whole) > spill_after else b"")


@given(long_pieces)
def test_head_tail_and_the_count_between_add_up(sizes: list[tuple[Name, int]]) -> None:
    written = lettered(sizes)
    seen = Seen()
    for name, data in written:
        seen.collector.text(name, data)
    whole = b"".join(data for _, data in written).decode()
    shown = "".join(one.text for one in seen.texts())
    mark = re.search(r"\n\[\.\.\. (\d+) bytes left out \.\.\.\]\n", shown)
    if len(whole) <= 2 * KEPT_BYTES:
        assert (mark, shown) == (None, whole)
        return
    assert mark is not None
    head, tail = shown[: mark.start()], shown[mark.end() :]
    assert (len(head), len(tail)) == (KEPT_BYTES, KEPT_BYTES)
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert len(head) + int(mark[1]) + len(tail) == len(whole)


@given(st.text(alphabet="aé数😀", max_size=40), st.integers(1, 4))
def test_a_character_cut_by_a_read_is_whole_in_the_end_and_while_it_streams(text: str, size: int) -> None:
    raw = text.encode()
    seen = Seen()
    for start in range(0, len(raw), size):
        seen.collector.text("stdout", raw[start : start + size])
    assert "".join(one.text for one in seen.texts()) == text
    assert "".join(part for _, part in seen.told) == text


@given(st.binary(max_size=300))
def test_bytes_that_are_no_text_are_shown_somehow(data: bytes) -> None:
    seen = Seen()
    seen.collector.text("stdout", data)
    assert "".join(one.text for one in seen.texts()) == data.decode("utf-8", "replace")


def test_the_mark_names_the_file_that_holds_the_whole() -> None:
    seen = Seen()
    seen.collector.text("stdout", b"x" * (3 * KEPT_BYTES))
    assert f"[... {KEPT_BYTES} bytes left out; the whole is in output-1.txt ...]" in seen.texts("output-1.txt")[0].text


def test_displays_keep_their_place_between_texts() -> None:
    seen = Seen()
    seen.collector.text("stdout", b"a")
    seen.collector.display({"text/plain": "d"})
    seen.collector.text("stdout", b"b")
    seen.collector.result({"text/plain": "r"})
    assert seen.collector.finish(None) == (
        StreamOutput(name="stdout", text="a"),
        DisplayOutput(data={"text/plain": "d"}),
        StreamOutput(name="stdout", text="b"),
        ResultOutput(data={"text/plain": "r"}),
    )


def test_displays_and_errors_within_text_that_is_left_out_are_kept() -> None:
    seen = Seen()
    seen.collector.text("stdout", b"x" * (2 * KEPT_BYTES))
    seen.collector.display({"text/plain": "middle"})
    seen.collector.text("stdout", b"y" * (2 * KEPT_BYTES))
    seen.collector.error("E", "m", "t")
    outputs = seen.collector.finish(None)
    assert [one.type for one in outputs if not isinstance(one, StreamOutput)] == ["display", "error"]
    assert outputs[-1] == ErrorOutput(name="E", message="m", traceback="t")


def test_displays_beyond_the_most_are_counted_and_not_kept() -> None:
    seen = Seen()
    for number in range(MOST_DISPLAYS + 10):
        seen.collector.display({"text/plain": str(number)})
    outputs = seen.collector.finish(None)
    assert sum(isinstance(one, DisplayOutput) for one in outputs) == MOST_DISPLAYS
    assert f"{MOST_DISPLAYS + 10} displays" in seen.texts()[-1].text


def test_displays_beyond_the_most_bytes_are_counted_and_not_kept() -> None:
    seen = Seen()
    half = "x" * (output.MOST_DISPLAY_BYTES // 2 + 1)
    seen.collector.display({"text/html": half})
    seen.collector.display({"text/html": half})
    outputs = seen.collector.finish(None)
    assert sum(isinstance(one, DisplayOutput) for one in outputs) == 1
    assert "2 displays" in seen.texts()[-1].text


def test_a_host_that_listens_is_not_flooded() -> None:
    seen = Seen()
    for _ in range(100):
        seen.collector.text("stdout", b"x" * 10_000)
    assert sum(len(text) for _, text in seen.told) == KEPT_BYTES


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process grows larger: stands for a disk that is full, for whoever writes more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def written(pieces: list[bytes], create: Callable[[str], int]) -> Observation:
    """What is told of an action that writes the pieces and is done, if the whole goes to that file."""
    action = RunningAction(1, Limits(output_chars=100), None, EMPTY, create)
    for piece in pieces:
        action.collector.text("stdout", piece)
    action.done(channel.Done(id=1, status="ok"), [])
    await action.end()
    action.close()
    return action.observe(EMPTY, ended_before=False)


async def test_on_a_full_disk_the_text_is_shown_as_far_as_it_is_kept_and_it_is_said_that_there_is_no_more() -> None:
    seen = await written([b"a" * KEPT_BYTES, b"b" * KEPT_BYTES, b"c" * KEPT_BYTES], lambda _: os.open("/dev/full", os.O_WRONLY))
    assert (seen.status, seen.full_output, seen.output_bytes) == ("ok", None, 3 * KEPT_BYTES)
    assert seen.stdout == "a" * KEPT_BYTES + f"\n[... {KEPT_BYTES} bytes left out ...]\n" + "c" * KEPT_BYTES
    assert seen.notice == "The file output-1.txt holds nothing of the output: No space left on device."


async def test_a_file_that_takes_a_part_only_is_closed_and_told_with_its_size(tmp_path: Path) -> None:
    made: list[int] = []

    def create(name: str) -> int:
        made.append(os.open(tmp_path / name, os.O_WRONLY | os.O_CREAT))
        return made[0]

    with largest_file(150):
        seen = await written([b"a" * 140, b"b" * 20, b"c" * 5], create)
    assert (tmp_path / "output-1.txt").read_bytes() == b"a" * 140 + b"b" * 10
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(made[0])
    assert (seen.full_output, seen.stdout) == (None, "a" * 140 + "b" * 20 + "c" * 5)
    assert "output-1.txt holds only the first 150 bytes" in seen.notice


async def test_a_file_that_cannot_be_made_is_told_and_not_begun_later_without_its_beginning() -> None:
    asked: list[str] = []

    def refuse(name: str) -> int:
        asked.append(name)
        raise InputError(f"cannot make the file {name!r} in the workspace: No space left on device")

    seen = await written([b"a" * 200, b"b" * 200], refuse)
    assert (asked, seen.full_output, seen.stdout) == (["output-1.txt"], None, "a" * 200 + "b" * 200)
    assert "no file of the whole output" in seen.notice


def test_what_comes_is_kept_though_the_file_of_the_whole_fails() -> None:
    def fail(_: bytes) -> None:
        raise OSError(28, "No space left on device")

    collector = Collector(None, fail, spill_after=3)
    with pytest.raises(OSError, match="No space"):
        collector.text("stdout", b"kept")
    assert collector.finish(None) == (StreamOutput(name="stdout", text="kept"),)


@pytest.mark.parametrize("end", ["7", "import os; os._exit(1)"], ids=["an action that is done", "an action whose process ends"])
async def test_an_action_ends_though_its_output_cannot_be_written(end: str) -> None:
    async with Session(preload=(), limits=Limits(action_seconds=20, output_chars=100)) as session:
        await session.arun("x = 5")
        with largest_file(50_000):
            async with asyncio.timeout(60):
                seen = await session.arun(f"print('a' * 150_000, flush=True)\n{end}")
        assert seen.status == ("ok" if end == "7" else "crash")
        assert seen.stdout.startswith("a" * 100_000)
        assert seen.full_output is None
        assert "output-2.txt holds only the first 50000 bytes of the output: File too large." in seen.notice
        assert (await session.arun("x")).result == "5"


async def test_in_one_turn_of_the_loop_no_more_is_read_than_the_pipes_hold_though_they_are_always_full() -> None:
    async with Turns(preload=(), limits=Limits(action_seconds=20)) as session:
        seen = await session.arun(_ALWAYS_FULL)
        assert seen.status in ("ok", "timeout")
        assert 0 < session.most_told < 4 << 20  # a pipe holds 1 MB, and is read for a frame, for an end, and for its own sake
