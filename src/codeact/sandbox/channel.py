"""The host's end of the wire: frames in, frames out, everything from the guest checked before it means anything.

Invariant: whatever bytes come, the only exception is `WireError`; nothing from the guest is unpickled, evaluated or imported, and what is
buffered is bounded. It does not: act on frames. `guest.wire` is the other end and describes the format.
"""

import base64
import json
import struct
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codeact.errors import WireError

HEADER = struct.Struct(">BII")
RUN, ACKNOWLEDGE, CHECKPOINT, RESUME, FORK = 1, 2, 3, 4, 5
READY, DONE, DISPLAY, CHECKPOINTED, FORKED = 16, 17, 18, 19, 20

MOST_JSON = 16 << 20
MOST_BINARY = 64 << 20
_MOST_TYPES = 64
_HIGHEST_PID = 1 << 22  # of any Linux; 1 is the warden's in tier strict, and numbers below mean groups


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


Frame = Ready | Display | Done | Checkpointed | Forked
_KINDS: dict[int, type[Frame]] = {READY: Ready, DONE: Done, DISPLAY: Display, CHECKPOINTED: Checkpointed, FORKED: Forked}


class Decoder:
    """Bytes in, frames out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[Frame, list[bytes]]]:
        """All frames that are whole by now, each with its binary parts.

        Raises:
            WireError: the bytes are not the protocol.
        """
        self._buffer += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

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
        return body, _cut(blob, body.parts)


def encode(kind: int, body: dict) -> bytes:
    """A frame to the guest."""
    text = json.dumps(body).encode()
    return HEADER.pack(kind, len(text), 0) + text


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
