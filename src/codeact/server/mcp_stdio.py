"""MCP over standard input and output, for the one client that started the process.

Invariant: standard output carries the protocol and nothing else; waiting for the client never keeps the process from ending. It does
not: handle signals.
"""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator
from typing import Any, cast

from mcp.server.stdio import stdio_server

from codeact.server import mcp_server
from codeact.server.rooms import House

_PIECE = 1 << 16


async def serve(house: House) -> None:
    """Serve until standard input ends; cancelled, the session is closed all the same.

    Args:
        house: where the one client has its session.

    Raises:
        BrokenPipeError: the client closed its end of standard output.
    """
    server = mcp_server.make(house, lambda _: "the one client")
    try:
        async with stdio_server(stdin=cast(Any, Lines.of_standard_input())) as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    except BaseExceptionGroup as group:
        if group.split(BrokenPipeError)[1] is not None:
            raise
        raise BrokenPipeError("the client does not read any more") from group


class Lines:
    """The lines of a descriptor as they come.

    The SDK's own reader waits in a thread that the end of the program waits for: SIGTERM would go unanswered until the client writes.

    Args:
        descriptor: a pipe, a terminal, a file, whatever can be read.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(maxsize=16)
        self._loop = asyncio.get_running_loop()

    @classmethod
    def of_standard_input(cls) -> "Lines":
        """Of descriptor 0, in whose place children of this process find an empty file."""
        own = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return cls(own)

    async def __aiter__(self) -> AsyncIterator[str]:
        threading.Thread(target=self._read, name="standard input", daemon=True).start()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        held: list[str] = []
        while piece := await self._pieces.get():
            first, *others = decoder.decode(piece).split("\n")
            held.append(first)
            for line in others:
                yield "".join(held)
                held = [line]

    def _read(self) -> None:
        """In a thread of its own: hand on what comes, as fast as it is taken, and nothing at the end."""
        piece = b"start"
        while piece:
            try:
                piece = os.read(self._descriptor, _PIECE)
            except OSError:
                piece = b""
            try:
                asyncio.run_coroutine_threadsafe(self._pieces.put(piece), self._loop).result()
            except RuntimeError:  # the loop is closed: nobody reads any more
                return
