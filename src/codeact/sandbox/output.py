"""What an action writes and shows, collected in order and bounded, with the whole text in a file when it is long.

Invariant: memory is bounded whatever comes: a head, a tail, a count of what lies between, a most of displays. It does not: decide how much
of it a model is shown (the format does).
"""

import codecs
from collections import deque
from collections.abc import Callable
from typing import Literal

from codeact.events import MIME, DisplayOutput, ErrorOutput, Output, ResultOutput, StreamOutput

Name = Literal["stdout", "stderr"]

KEPT_BYTES = 100_000
"""Of the text: so much from the start and so much from the end is kept."""

MOST_DISPLAYS = 50
MOST_DISPLAY_BYTES = 32 << 20
_BETWEEN_BYTES = 64 << 10


class Collector:
    """Outputs of one action.

    Args:
        on_text: called with the stream's name and text as it comes, for the first `KEPT_BYTES`.
        spill: called with raw bytes of the whole text once it exceeds `spill_after` bytes, from the first byte on.
        spill_after: bytes.
    """

    def __init__(self, on_text: Callable[[Name, str], None] | None, spill: Callable[[bytes], None], spill_after: int) -> None:
        self.total = 0
        self._on_text = on_text
        self._spill = spill
        self._spill_after = spill_after
        self._early: list[bytes] | None = []
        self._head: list[tuple[Name, bytes] | Output] = []
        self._head_room = KEPT_BYTES
        self._tail: deque[tuple[Name, bytes] | Output] = deque()
        self._tail_size = 0
        self._left_out = 0
        self._displays = 0
        self._display_bytes = 0
        self._decoders: dict[Name, codecs.IncrementalDecoder] = {}

    def text(self, name: Name, data: bytes) -> None:
        """Bytes that came on a stream."""
        self.total += len(data)
        first, rest = data[: self._head_room], data[self._head_room :]
        if first:
            self._head_room -= len(first)
            self._head.append((name, first))
            if self._on_text is not None and (shown := self._decoder(name).decode(first)):
                self._on_text(name, shown)
        if rest:
            self._tail.append((name, rest[-KEPT_BYTES:]))
            self._left_out += len(rest) - len(rest[-KEPT_BYTES:])
            self._tail_size += len(rest[-KEPT_BYTES:])
            self._trim()
        self._to_file(data)  # last: what is kept is kept, whatever becomes of the file

    def display(self, data: MIME) -> None:
        """A rich display."""
        size = sum(len(content) for content in data.values())
        self._displays += 1
        self._display_bytes += size
        if self._displays <= MOST_DISPLAYS and self._display_bytes <= MOST_DISPLAY_BYTES:
            self._put(DisplayOutput(data=data))

    def result(self, data: MIME) -> None:
        """The value of the last expression."""
        self._put(ResultOutput(data=data))

    def error(self, name: str, message: str, traceback: str) -> None:
        """What the action raised."""
        self._put(ErrorOutput(name=name, message=message, traceback=traceback))

    def close(self) -> None:
        """Nothing more comes: let go of who is told, so that what is kept here is in no cycle and goes with its last user."""
        self._on_text, self._spill = None, _nobody

    def finish(self, whole: str | None) -> tuple[Output, ...]:
        """All outputs, neighbours of one stream merged.

        Args:
            whole: name of the file that holds the whole text, for the mark where text was left out.
        """
        items = list(self._head)
        if self._left_out:
            where = f"; the whole is in {whole}" if whole else ""
            items.append(("stdout", f"\n[... {self._left_out} bytes left out{where} ...]\n".encode()))
        items += self._tail
        if self._displays > MOST_DISPLAYS or self._display_bytes > MOST_DISPLAY_BYTES:
            note = f"\n[{self._displays} displays; only the first are kept, up to {MOST_DISPLAYS} and {MOST_DISPLAY_BYTES >> 20} MB]\n"
            items.append(("stderr", note.encode()))
        return tuple(_merged(items))

    def _decoder(self, name: Name) -> codecs.IncrementalDecoder:
        if name not in self._decoders:
            self._decoders[name] = codecs.getincrementaldecoder("utf-8")("replace")
        return self._decoders[name]

    def _put(self, output: Output) -> None:
        (self._tail if self._tail else self._head).append(output)

    def _trim(self) -> None:
        """Forget the oldest text of the tail beyond what is kept; displays in it stay, at its start."""
        saved: list[tuple[Name, bytes] | Output] = []
        while self._tail_size > KEPT_BYTES:
            item = self._tail.popleft()
            if not isinstance(item, tuple):
                saved.append(item)
                continue
            name, data = item
            surplus = min(self._tail_size - KEPT_BYTES, len(data))
            self._tail_size -= surplus
            self._left_out += surplus
            if surplus < len(data):
                self._tail.appendleft((name, data[surplus:]))
        self._tail.extendleft(reversed(saved))

    def _to_file(self, data: bytes) -> None:
        if self._early is None:
            self._spill(data)
        elif self.total <= self._spill_after:
            self._early.append(data)
        else:
            self._spill(b"".join(self._early) + data)
            self._early = None


def _nobody(_: bytes) -> None:
    """Where text goes when the action is over."""


def _merged(items: list[tuple[Name, bytes] | Output]) -> list[Output]:
    outputs: list[Output] = []
    run: list[bytes] = []
    name: Name = "stdout"
    for item in [*items, None]:
        if isinstance(item, tuple) and (not run or item[0] == name):
            name = item[0]
            run.append(item[1])
            continue
        if run:
            outputs.append(StreamOutput(name=name, text=b"".join(run).decode("utf-8", "replace")))
            run = []
        if isinstance(item, tuple):
            name, run = item[0], [item[1]]
        elif item is not None:
            outputs.append(item)
    return outputs


class Between:
    """Text that came while no action ran, for the next one: the first 64 KB of it."""

    def __init__(self) -> None:
        self._pieces: list[tuple[Name, bytes]] = []
        self._room = _BETWEEN_BYTES

    def text(self, name: Name, data: bytes) -> None:
        """Keep a piece, as far as there is room."""
        if self._room > 0:
            self._pieces.append((name, data[: self._room]))
            self._room -= len(data)

    def pour(self, collector: Collector) -> None:
        """Hand all over, and be empty again."""
        for name, data in self._pieces:
            collector.text(name, data)
        self._pieces, self._room = [], _BETWEEN_BYTES
