"""Frames between host and guest: a fixed header, a JSON body, then binary parts. The guest's end; `sandbox.channel` is the host's.

Invariant: one frame is sent whole or the connection is over. It does not: interpret bodies; the host never trusts them.

A header is `>BII`: kind, bytes of JSON, bytes of binary parts; a body with binary parts has their sizes under "parts".
"""

import json
import socket
import struct

HEADER = struct.Struct(">BII")

RUN, ACKNOWLEDGE = 1, 2  # host to guest
READY, DONE, DISPLAY = 16, 17, 18  # guest to host


class Wire:
    """Blocking frames over a connected stream socket. What it calls is held by itself, out of reach of patched builtins."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._receive = connection.recv
        self._send = connection.sendall
        self._dumps = json.JSONEncoder(separators=(",", ":")).encode
        self._loads = json.JSONDecoder().decode
        self._pack, self._unpack, self._size = HEADER.pack, HEADER.unpack, HEADER.size

    def send(self, kind: int, body: dict, parts: list[bytes] | tuple[bytes, ...] = ()) -> None:
        """Send one frame.

        Raises:
            OSError: the host is gone.
        """
        if parts:
            body = {**body, "parts": [len(part) for part in parts]}
        text = self._dumps(body).encode("utf-8", "replace")
        blob = b"".join(parts)
        self._send(self._pack(kind, len(text), len(blob)) + text + blob)

    def receive(self) -> tuple[int, dict]:
        """Wait for one frame.

        Raises:
            EOFError: the host is gone.
        """
        kind, size, extra = self._unpack(self._exactly(self._size))
        body = self._loads(self._exactly(size).decode("utf-8"))
        if extra:
            self._exactly(extra)
        return kind, body

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._receive(size - len(data))
            if not piece:
                raise EOFError("the host closed the connection")
            data += piece
        return data
