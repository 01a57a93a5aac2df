"""The host's end of the wire: frames in, frames out, everything from the guest checked before it means anything.

Invariant: whatever bytes come, the only exception is `WireError`; nothing from the guest is unpickled, evaluated or imported, and what is
buffered, or read in one go, is bounded; frames to the guest leave whole and in order, and nobody waits for one that does not read. It does
not: act on frames. `guest.wire` is the other end and describes the format.
"""

import asyncio
import base64
import contextlib
import fcntl
import json
import mmap
import os
import socket
import struct
import sys
import termios
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from codeact.errors import IsolationError, WireError
from codeact.sandbox import cgroups
from codeact.sandbox.output import Name
from codeact.values import Variables

_dumps = json.JSONEncoder(separators=(",", ":")).encode  # a half surrogate pair goes as an escape
HEADER = struct.Struct(">BII")
RUN, ACKNOWLEDGE, CHECKPOINT, RESUME, FORK, TOOLS, REPLY, LOOK = 1, 2, 3, 4, 5, 6, 7, 8
READY, DONE, DISPLAY, CHECKPOINTED, FORKED, CALL, LOOKED = 16, 17, 18, 19, 20, 21, 22

MOST_JSON = 16 << 20
MOST_BINARY = 64 << 20
_MOST_TYPES = 64
_JSON_IN_MEMORY = 8
READ_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20
_HIGHEST_PID = 1 << 22  # of any Linux; 1 is the warden's in tier strict, and numbers below mean groups


@dataclass(frozen=True, slots=True)
class Ends:
    """The host's ends of a new session: the warden's and the guest's socket, and the pipes of standard output and error.

    Args:
        group: cgroup of the session, if it has one.
    """

    control: socket.socket
    data: socket.socket
    output: int
    errors: int
    group: cgroups.SessionGroup | None = None

    def close(self) -> None:
        """Close all four, and end what is left in the cgroup, which may have to be waited for."""
        self.control.close()
        self.data.close()
        os.close(self.output)
        os.close(self.errors)
        if self.group is not None:
            with contextlib.suppress(IsolationError):  # what does not end is removed with the group of this process
                self.group.remove()

    async def aclose(self) -> None:
        """`close`, without keeping the loop from its work where something has to be waited for."""
        if self.group is not None:
            await asyncio.shield(asyncio.to_thread(self.close))  # also if nobody waits for it any more
        else:
            self.close()


@contextlib.contextmanager
def open_ends(group: cgroups.SessionGroup | None) -> Iterator[tuple[Ends, list[int]]]:
    """New ends, and the descriptors to hand over: those still in the list are closed at the end of the block; if that fails, all are.

    Args:
        group: of the session, which the ends own from now on; its files are among what is handed over, after the four other ends.
    """
    there: list[int] = []
    with contextlib.ExitStack() as failed, contextlib.ExitStack() as handed:
        handed.callback(_close_all, there)
        if group is not None:
            failed.callback(group.remove)
        sockets, pipes = [], []
        for kind in (socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
            here, other = socket.socketpair(socket.AF_UNIX, kind)
            sockets.append(failed.enter_context(here))
            there.append(other.detach())
        for _ in ("output", "errors"):
            reader, writer = os.pipe()
            failed.callback(os.close, reader)
            pipes.append(reader)
            there.append(writer)
            with contextlib.suppress(OSError):  # beyond the user's allowance of pipe memory: a smaller pipe works too
                fcntl.fcntl(reader, 1031, _PIPE_BYTES)
        if group is not None:
            files = group.open()
            there += [files.procs, files.events, files.stat, files.high]
        yield Ends(*sockets, *pipes, group=group), there
        failed.pop_all()


def _close_all(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    parts: tuple[int, ...] = Field(default=(), max_length=_MOST_TYPES)


_Bundle = Annotated[dict[str, str | None], Field(max_length=_MOST_TYPES)]


class Ready(_Body):
    """The guest is confined and waits for actions."""

    pid: int


class Display(_Body):
    """A MIME bundle; None stands for the next binary part. `wait`: the guest waits until the host has read its text."""

    data: _Bundle
    wait: bool


class Done(_Body):
    """The action `id` is over.

    `broken`: it broke the shell, or an earlier one had before it could begin. `mapped`: files of the workspace open as shared memory.
    """

    id: int
    status: Literal["ok", "error", "exit", "interrupted"]
    exit_code: int | None = None
    result: _Bundle | None = None
    broken: Literal["", "now", "before"] = ""
    mapped: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    error: Annotated[list[str], Field(min_length=3, max_length=3)] | None = None


class Checkpointed(_Body):
    """A checkpoint was taken as process `pid`, or not, for a reason."""

    mark: str
    pid: Annotated[int, Field(gt=1, le=_HIGHEST_PID)] | None
    reason: str


class Forked(_Body):
    """For the order `number`, a twin was made as process `pid`, or not, for a reason."""

    number: int
    pid: Annotated[int, Field(gt=1, le=_HIGHEST_PID)] | None
    reason: str


class Call(_Body):
    """The code calls a tool and waits for the reply of that `id`. Values are as `guest.calls.values` writes them."""

    id: int
    tool: Annotated[str, Field(max_length=512)]
    args: list[JsonValue]
    kwargs: dict[str, JsonValue]


class Looked(_Body):
    """For the look of that `id`: the variables; None: the code has broken what would tell them."""

    id: int
    found: Variables | None


Frame = Ready | Display | Done | Checkpointed | Forked | Call | Looked
_KINDS: dict[int, type[Frame]] = {
    READY: Ready,
    DONE: Done,
    DISPLAY: Display,
    CHECKPOINTED: Checkpointed,
    FORKED: Forked,
    CALL: Call,
    LOOKED: Looked,
}


class Listener(Protocol):
    """Who is told what a guest sends, and that it ended."""

    def on_text(self, name: Name, data: bytes) -> None:
        """Raw bytes of a stream."""
        ...

    def on_display(self, frame: Display, parts: list[bytes]) -> None:
        """A rich display."""
        ...

    def on_done(self, frame: Done | Looked, parts: list[bytes]) -> None:
        """The action, or a look at the variables, is over."""
        ...

    def on_call(self, frame: Call, parts: list[bytes], weight: int) -> None:
        """The code calls a tool; `weight` as of `Decoder`."""
        ...

    def on_end(self, event: dict[str, Any]) -> None:
        """The guest is no more: the warden's event `exited`, `over` or `killed`, or {"event": "lost", "reason": text}."""
        ...


class Decoder:
    """Bytes in, frames out. `weight`: about how many bytes of memory the latest takes: parts as they are, JSON several times over."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.weight = 0

    def feed(self, data: bytes) -> Iterator[tuple[Frame, list[bytes]]]:
        """The frames that are whole by now, one after the other, each with its binary parts.

        Raises:
            WireError: the bytes are not the protocol; whole frames before them were given first.
        """
        self._buffer += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> tuple[Frame, list[bytes]] | None:
        if len(self._buffer) < HEADER.size:
            return None
        kind, size, extra = HEADER.unpack_from(self._buffer)
        if kind not in _KINDS or size > MOST_JSON or extra > MOST_BINARY:
            raise WireError(f"not a frame: kind {kind}, {size} bytes of JSON, {extra} bytes of binary parts")
        end = HEADER.size + size
        if len(self._buffer) < end + extra:
            return None
        text, blob = bytes(self._buffer[HEADER.size : end]), bytes(self._buffer[end : end + extra])
        del self._buffer[: end + extra]
        try:
            body = _KINDS[kind].model_validate_json(text)
        except ValidationError as error:
            raise WireError(
                f"a frame of kind {kind} does not fit: {error.errors(include_url=False, include_input=False)[0]['msg']}"
            ) from None
        self.weight = size * _JSON_IN_MEMORY + extra
        return body, _cut(blob, body.parts)


class TextPipe:
    """The way in of text: our end of the guest's standard output or error.

    Args:
        descriptor: to read from, which is not closed here.
        name: of the stream.
        listener: told of what is read.
    """

    def __init__(self, descriptor: int, name: Name, listener: Listener) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._name: Name = name
        self._listener = listener

    def read(self) -> int | None:
        """Bytes that were read, 0 if there are none now, None at the end."""
        try:
            data = os.read(self.descriptor, READ_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            return None
        self._listener.on_text(self._name, data)
        return len(data)

    def drain(self) -> None:
        """Read all that is there now, and not what comes meanwhile: who writes as fast as we read would keep us here for ever."""
        left = int.from_bytes(fcntl.ioctl(self.descriptor, termios.FIONREAD, bytes(4)), sys.byteorder)
        pages = fcntl.fcntl(self.descriptor, fcntl.F_GETPIPE_SZ) // mmap.PAGESIZE
        while left > 0 and pages > 0 and (read := self.read()):  # each takes a page at least: so many hold all, however small the pieces
            left, pages = left - read, pages - 1


class Outgoing:
    """The way out of one connected, non-blocking socket.

    Args:
        connection: to the guest.
        loop: that tells when it takes more.
    """

    def __init__(self, connection: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._rest = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes that have not left."""
        return len(self._rest)

    def write(self, data: bytes) -> None:
        """Send, now or as soon as there is room."""
        sent = 0
        if not self._rest:
            try:
                sent = self._connection.send(data)
            except BlockingIOError:
                pass
            except OSError:
                return
        if sent < len(data):
            if not self._rest:
                self._loop.add_writer(self._connection, self._flush)
            self._rest += memoryview(data)[sent:]

    def close(self) -> None:
        """Give up what has not left."""
        if self._rest:
            self._rest.clear()
            self._loop.remove_writer(self._connection)

    def _flush(self) -> None:
        try:
            del self._rest[: self._connection.send(memoryview(self._rest)[: 1 << 20].tobytes())]
        except BlockingIOError:
            return
        except OSError:
            self._rest.clear()
        if not self._rest:
            self._loop.remove_writer(self._connection)


def encode(kind: int, body: dict, parts: Sequence[bytes] = ()) -> bytes:
    """A frame to the guest."""
    if parts:
        body = {**body, "parts": [len(part) for part in parts]}
    text = _dumps(body).encode()
    blob = b"".join(parts)
    return HEADER.pack(kind, len(text), len(blob)) + text + blob


def fits(frame: bytes) -> bool:
    """Whether a frame is within the bounds that hold both ways."""
    _, size, extra = HEADER.unpack_from(frame)
    return size <= MOST_JSON and extra <= MOST_BINARY


def bundle(data: dict[str, str | None], parts: list[bytes]) -> dict[str, str]:
    """A MIME bundle with its binary parts in base64, as notebooks keep them.

    Raises:
        WireError: parts are missing or left over.
    """
    if sum(content is None for content in data.values()) != len(parts):
        raise WireError(f"a MIME bundle with {len(parts)} binary parts for the types {sorted(data)}")
    left = iter(parts)
    return {mime: base64.b64encode(next(left)).decode() if content is None else content for mime, content in data.items()}


def _cut(blob: bytes, sizes: tuple[int, ...]) -> list[bytes]:
    if any(size < 0 for size in sizes) or sum(sizes) != len(blob):
        raise WireError(f"binary parts of sizes {sizes[:5]} in {len(blob)} bytes")
    parts, start = [], 0
    for size in sizes:
        parts.append(blob[start : start + size])
        start += size
    return parts
