"""Frames between host and guest: a fixed header, a JSON body, then binary parts. The guest's end; `sandbox.channel` is the host's.

Invariant: one frame is sent whole or the connection is over. It does not: interpret bodies; the host never trusts them.

A header is `>BII`: kind, bytes of JSON, bytes of binary parts; a body with binary parts has their sizes under "parts".
"""

import json
import socket
import struct

HEADER = struct.Struct(">BII")

RUN, ACKNOWLEDGE, CHECKPOINT, RESUME, FORK, TOOLS, REPLY, LOOK = 1, 2, 3, 4, 5, 6, 7, 8  # host to guest
READY, DONE, DISPLAY, CHECKPOINTED, FORKED, CALL, LOOKED = 16, 17, 18, 19, 20, 21, 22  # guest to host
_MOST_DESCRIPTORS = 4
_MOST_AT_ONCE = 1 << 20  # bytes

_PEEK = socket.MSG_PEEK | socket.MSG_DONTWAIT


class Wire:
    """Blocking frames over a connected stream socket. What it calls it holds itself, so that patched builtins do not matter."""

    def __init__(self) -> None:
        self._room = socket.CMSG_SPACE(4 * _MOST_DESCRIPTORS)
        self._integers = struct.Struct("i").iter_unpack
        # half surrogates, which JSON does not have, are replaced by `send`
        self._dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._loads = json.JSONDecoder().decode
        self._pack, self._unpack, self._size = HEADER.pack, HEADER.unpack, HEADER.size

    def connect(self, connection: socket.socket) -> None:
        """Use a connected socket from here on."""
        self.connection = connection
        self._receive = connection.recv
        self._receive_message = connection.recvmsg
        self.post = connection.sendall

    def pack(self, kind: int, body: dict, parts: list[bytes] | tuple[bytes, ...] = ()) -> bytes:
        """One frame, which `post` sends."""
        if parts:
            body = {**body, "parts": [len(part) for part in parts]}
        text = self._dumps(body).encode("utf-8", "replace")
        blob = b"".join(parts)
        return self._pack(kind, len(text), len(blob)) + text + blob

    def send(self, kind: int, body: dict, parts: list[bytes] | tuple[bytes, ...] = ()) -> None:
        """Send one frame.

        Raises:
            OSError: the host is gone.
        """
        self.post(self.pack(kind, body, parts))

    def waiting(self) -> bool:
        """Whether something is there to receive."""
        try:
            return bool(self._receive(1, _PEEK))
        except BlockingIOError:
            return False

    def receive(self) -> tuple[int, dict, list[int], list[bytes]]:
        """Wait for one frame: kind, body, the descriptors that came with it, binary parts.

        Raises:
            EOFError: the host is gone.
        """
        head, ancillary, _, _ = self._receive_message(self._size, self._room)
        descriptors = [number for (number,) in self._integers(ancillary[0][2])] if ancillary else []
        kind, size, extra = self._unpack(head if len(head) == self._size else head + self._exactly(self._size - len(head), head))
        body = self._loads(self._exactly(size).decode("utf-8"))
        if not extra:
            return kind, body, descriptors, []
        blob, parts, start = self._exactly(extra), [], 0
        for length in body.pop("parts"):
            parts.append(blob[start : start + length])
            start += length
        return kind, body, descriptors, parts

    def _exactly(self, size: int, before: bytes = b"-") -> bytes:
        if not before:
            raise EOFError("the host closed the connection")
        data = self._receive(min(size, _MOST_AT_ONCE))
        if len(data) == size:
            return data
        whole = bytearray(data)
        while data and len(whole) < size:
            data = self._receive(min(size - len(whole), _MOST_AT_ONCE))
            whole += data
        if len(whole) < size:
            raise EOFError("the host closed the connection")
        return bytes(whole)
