"""The host's end of the wire takes any bytes: frames, or `WireError`, and nothing else; and no more text in one go than is there."""

import asyncio
import fcntl
import json
import os
import struct
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeact.errors import WireError
from codeact.sandbox import channel
from codeact.sandbox.channel import open_ends
from codeact.sandbox.guest_process import GuestProcess


def frame(kind: int, body: object, blob: bytes = b"") -> bytes:
    """A frame as a guest would send it."""
    text = json.dumps(body).encode()
    return channel.HEADER.pack(kind, len(text), len(blob)) + text + blob


READY = frame(channel.READY, {"pid": 7})
DONE = frame(channel.DONE, {"id": 1, "status": "ok", "result": {"text/plain": "5"}})
DISPLAY = frame(channel.DISPLAY, {"data": {"image/png": None, "text/plain": "x"}, "wait": True, "parts": [3]}, b"png")
FAILED = frame(channel.DONE, {"id": 2, "status": "error", "error": ["E", "m", "t"]})
KINDS = [channel.READY, channel.DONE, channel.DISPLAY]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
frames = st.lists(st.sampled_from([READY, DONE, DISPLAY, FAILED]), max_size=6)


def fed(data: bytes, cuts: list[int]) -> tuple[list[channel.Frame], bool]:
    """The frames that come of the bytes, cut at the places, and whether it ended with a `WireError`."""
    decoder = channel.Decoder()
    found: list[channel.Frame] = []
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        try:
            for body, parts in decoder.feed(data[start:end]):
                found.append(body)
                assert sum(body.parts) == sum(map(len, parts))
        except WireError:
            return found, True
    return found, False


cuts = st.lists(st.integers(min_value=0), max_size=8)


@given(frames, cuts)
def test_good_frames_come_out_whole_wherever_the_bytes_are_cut(sent: list[bytes], places: list[int]) -> None:
    found, broken = fed(b"".join(sent), places)
    assert not broken
    assert found == [body for one in sent for body in fed(one, [])[0]]
    assert len(found) == len(sent)


@given(st.binary(max_size=200), cuts)
def test_arbitrary_bytes_raise_nothing_but_wire_errors(data: bytes, places: list[int]) -> None:
    fed(data, places)


@given(frames.filter(bool), st.data())
def test_damaged_frames_raise_nothing_but_wire_errors(sent: list[bytes], data: st.DataObject) -> None:
    raw = bytearray(b"".join(sent))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    fed(bytes(raw), data.draw(cuts))


@given(st.sampled_from(KINDS), json_values, st.binary(max_size=20))
def test_any_json_as_a_body_raises_nothing_but_wire_errors(kind: int, body: object, blob: bytes) -> None:
    fed(frame(kind, body, blob), [])


@given(st.sampled_from(KINDS), st.binary(max_size=100))
def test_a_body_that_is_no_json_is_a_wire_error(kind: int, text: bytes) -> None:
    _, broken = fed(channel.HEADER.pack(kind, len(text) + 1, 0) + b"\xff" + text, [])
    assert broken


@pytest.mark.parametrize(
    "raw",
    [
        frame(channel.RUN, {"id": 1, "code": "1"}),
        frame(0, {}),
        frame(255, {}),
        channel.HEADER.pack(channel.DONE, channel.MOST_JSON + 1, 0),
        channel.HEADER.pack(channel.DISPLAY, 2, channel.MOST_BINARY + 1),
        frame(channel.READY, {"pid": "7"}),
        frame(channel.READY, {"pid": 7, "more": 1}),
        frame(channel.DONE, {"id": 1, "status": "fine"}),
        frame(channel.DONE, {"id": 1, "status": "error", "error": ["one"]}),
        frame(channel.DONE, {"id": True, "status": "ok"}),
        frame(channel.DISPLAY, {"data": {"a": 5}, "wait": False}),
        frame(channel.DISPLAY, {"data": {}, "wait": False, "parts": [-1, 4]}, b"abc"),
        frame(channel.DISPLAY, {"data": {}, "wait": False, "parts": [2]}, b"abc"),
        frame(channel.DISPLAY, {"data": {}, "wait": False, "parts": [10**30]}, b"abc"),
        channel.HEADER.pack(channel.DONE, 40_000, 0) + b"[" * 40_000,
        channel.HEADER.pack(channel.DONE, 13, 0) + b'{"id":"\\ud8"}',
    ],
)
def test_what_is_not_the_protocol_is_a_wire_error(raw: bytes) -> None:
    with pytest.raises(WireError):
        list(channel.Decoder().feed(raw))


def test_what_came_before_it_is_given_first() -> None:
    whole = frame(channel.CHECKPOINTED, {"mark": "one", "pid": 5, "reason": ""})
    frames = channel.Decoder().feed(whole + b"\xff" * 64)
    assert next(frames) == (channel.Checkpointed(mark="one", pid=5, reason=""), [])
    with pytest.raises(WireError):
        next(frames)


def test_an_error_names_the_kind_and_what_does_not_fit_but_not_the_content() -> None:
    with pytest.raises(WireError, match="kind 17 does not fit") as caught:
        list(channel.Decoder().feed(frame(channel.DONE, {"id": 1, "status": "secret-of-the-guest"})))
    assert "secret" not in str(caught.value)


def test_an_announced_giant_takes_no_memory_before_it_comes() -> None:
    decoder = channel.Decoder()
    tracemalloc.start()
    try:
        assert not list(decoder.feed(channel.HEADER.pack(channel.DONE, channel.MOST_JSON, channel.MOST_BINARY) + b"{"))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 20


def test_what_waits_for_its_end_is_bounded_by_the_largest_frame() -> None:
    decoder = channel.Decoder()
    assert not list(decoder.feed(channel.HEADER.pack(channel.DONE, channel.MOST_JSON, 0)))
    piece = b" " * (1 << 20)
    with pytest.raises(WireError):
        for _ in range((channel.MOST_JSON >> 20) + 1):
            list(decoder.feed(piece))


@given(st.dictionaries(st.text(max_size=8), st.none() | st.text(), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_a_bundle_fits_its_parts_or_is_a_wire_error(data: dict[str, str | None], parts: list[bytes]) -> None:
    empty = sum(content is None for content in data.values())
    if empty != len(parts):
        with pytest.raises(WireError):
            channel.bundle(data, parts)
        return
    made = channel.bundle(data, parts)
    assert made.keys() == data.keys()
    assert all(made[mime] == content for mime, content in data.items() if content is not None)


@given(json_values)
def test_a_frame_to_the_guest_has_the_header_that_the_guest_reads(value: object) -> None:
    raw = channel.encode(channel.RUN, {"code": value})
    kind, size, extra = struct.unpack(">BII", raw[:9])
    assert (kind, size, extra) == (channel.RUN, len(raw) - 9, 0)
    assert json.loads(raw[9:]) == {"code": value}


class Heard:
    """A listener that hears a guest, plays the guest and its warden, and does something each time when text was read."""

    def __init__(self, there: list[int]) -> None:
        self.warden, self.data, self.writer, _ = there
        self.text = self.pieces = self.displays = 0
        self.at_done: int | None = None
        self.ended = asyncio.Event()
        self.then: Callable[[int], object] = lambda size: None

    def fill(self, size: int = 1 << 24) -> int:
        """Write to the pipe of standard output as long as there is room; how much that was."""
        os.set_blocking(self.writer, False)
        written = 0
        try:
            while written < size:
                written += os.write(self.writer, bytes(min(size - written, 4096)))
        except BlockingIOError:
            pass
        return written

    def on_text(self, name: str, data: bytes) -> None:
        """As of `channel.Listener`, like the others."""
        self.text, self.pieces = self.text + len(data), self.pieces + 1
        if self.pieces < 1000:  # without an end, who reads without one would never tell
            self.then(len(data))

    def on_display(self, frame: channel.Display, parts: list[bytes]) -> None:
        self.displays += 1

    def on_done(self, frame: channel.Done | channel.Looked, parts: list[bytes]) -> None:
        self.at_done = self.text

    def on_call(self, frame: channel.Call, parts: list[bytes], weight: int) -> None:
        raise AssertionError

    def on_end(self, event: dict[str, Any]) -> None:
        self.ended.set()


@asynccontextmanager
async def guest() -> AsyncIterator[tuple[GuestProcess, Heard]]:
    """A process that has said that it is ready, and who hears it."""
    with open_ends(None) as (ends, there):
        heard = Heard(there)
        process = GuestProcess(ends, heard)
        os.write(heard.data, READY)
        await process.start(20)
        yield process, heard
        heard.then = lambda size: None
    await process.close()


async def test_text_that_is_written_as_fast_as_it_is_read_holds_nobody_up() -> None:
    async with guest() as (process, heard):
        heard.then = heard.fill
        there = heard.fill()
        process.drain()
        assert there <= heard.text <= there + channel.READ_BYTES


async def test_text_in_tiny_pieces_instead_of_what_was_there_holds_nobody_up() -> None:
    async with guest() as (process, heard):
        pages = heard.fill() // 4096
        reader = os.open(f"/proc/self/fd/{heard.writer}", os.O_RDONLY)
        fcntl.fcntl(heard.writer, fcntl.F_SETFL, fcntl.fcntl(heard.writer, fcntl.F_GETFL) | os.O_DIRECT)  # each write is one read

        def swap(_: int) -> None:
            if heard.pieces == 1:
                os.read(reader, 1 << 24)
            for _ in range(2):
                heard.fill(1)

        heard.then = swap
        process.drain()
        os.close(reader)
        assert 1 < heard.pieces <= pages


async def test_all_text_from_before_the_end_is_there_at_the_end() -> None:
    async with guest() as (process, heard):
        there = heard.fill()
        os.write(heard.data, DONE)
        process.catch_up()
        assert heard.at_done == there > 0


async def test_many_frames_that_come_at_once_do_not_each_make_the_host_read_all_that_comes_meanwhile() -> None:
    async with guest() as (process, heard):
        heard.then = heard.fill
        there = heard.fill()
        os.write(heard.data, DISPLAY * 100)
        process.catch_up()
        assert heard.displays == 100
        assert heard.text <= there + channel.READ_BYTES


async def test_the_end_is_told_though_the_text_before_it_cannot_be_kept() -> None:
    async with guest() as (_, heard):

        def fail(size: int) -> None:
            heard.fill()
            raise OSError(28, "No space left on device")

        told: list[BaseException | None] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context.get("exception")))
        heard.fill()
        heard.then = fail
        os.write(heard.warden, b'{"event": "exited", "code": 1}')
        async with asyncio.timeout(20):
            await heard.ended.wait()
        assert {type(one) for one in told} == {OSError}
