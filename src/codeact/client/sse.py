"""Server-sent events from bytes, as the HTML standard has it (section 9.2.6, "Interpreting an event stream").

Invariant: however the bytes are cut, the same events come out; lines end at CR, LF or CRLF and nowhere else (JSON may hold other line
breaks of Unicode). An event that is not whole when the bytes end is left out. It does not: reconnect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENDS = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Sent:
    """An event: its type, its data, and its id if it has one of its own."""

    event: str
    data: str
    id: str | None = None


class Reader:
    """Takes bytes as they come."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._event = ""
        self._data: list[str] = []
        self._id: str | None = None
        self._first = True
        self._after_cr = False  # an LF that comes next ends no line of its own

    def feed(self, chunk: bytes) -> Iterator[Sent]:
        """The events that are whole with these bytes."""
        for line in self._lines(chunk):
            if line:
                self._field(line)
                continue
            if self._data:
                yield Sent(self._event or "message", "\n".join(self._data), self._id)
            self._event, self._data, self._id = "", [], None

    def _lines(self, chunk: bytes) -> list[str]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
            self._parts.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return []
        *lines, rest = _ENDS.split(b"".join(self._parts))
        self._parts = [rest] if rest else []
        read = [line.decode("utf-8", "replace") for line in lines]
        if self._first and read:
            self._first, read[0] = False, read[0].removeprefix("\ufeff")
        return read

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "event":
                self._event = value
            case "data":
                self._data.append(value)
            case "id" if "\0" not in value:
                self._id = value
            case _:
                pass  # a comment, which has no name, or what the standard does not know
