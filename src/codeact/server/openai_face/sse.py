"""Answers in pieces, as server-sent events.

Invariant: a line holds ASCII only, so that no client finds a line break in a string of JSON. It does not: know what the pieces are.
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Message

from codeact.server.api.streams import PING_SECONDS, SEND_SECONDS

DONE = ServerSentEvent(data="[DONE]", sep="\n")
STREAMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "The answer; with `stream`, in pieces."}
}


def sent(piece: BaseModel, event: str | None = None) -> ServerSentEvent:
    """A piece as it is sent.

    Args:
        piece: of the answer.
        event: its type, where it has one.
    """
    return ServerSentEvent(data=json.dumps(piece.model_dump(mode="json")), event=event, sep="\n")


def stream(pieces: AsyncGenerator[ServerSentEvent], gone: Callable[[], Awaitable[object]] | None = None) -> EventSourceResponse:
    """The response that sends pieces as they come.

    Args:
        pieces: as `sent` made them.
        gone: called when the client has closed the connection before the end, or takes nothing any more; not when the server ends.
    """

    async def closed(_: Message) -> None:
        if gone is not None:
            await gone()

    async def taken() -> AsyncGenerator[ServerSentEvent]:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
        except GeneratorExit:  # a piece could not be sent
            if gone is not None:
                await gone()
            raise

    return EventSourceResponse(taken(), ping=PING_SECONDS, send_timeout=SEND_SECONDS, sep="\n", client_close_handler_callable=closed)
