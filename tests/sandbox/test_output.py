"""What an action writes: in order, bounded, nothing lost from the file that holds the whole."""

import re
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from codeact.events import DisplayOutput, ErrorOutput, ResultOutput, StreamOutput
from codeact.sandbox import output
from codeact.sandbox.output import KEPT_BYTES, MOST_DISPLAYS, Collector, Name

names = st.sampled_from(["stdout", "stderr"])
pieces = st.lists(st.tuples(names, st.binary(min_size=1, max_size=30)), max_size=30)
long_pieces = st.lists(st.tuples(names, st.integers(1, 90_000)), max_size=12)


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
