"""Server-sent events of runs.

Invariant: an event's `id` is its number in the record, so that a client which comes back with `Last-Event-ID` misses none and sees none
twice; what is only shown as it happens has no id. Data is one line of JSON, in which nothing can look like the end of it, not even to
readers that end lines at more characters than they should.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import pydantic_core
from sse_starlette import EventSourceResponse, ServerSentEvent

from codeact import events
from codeact.server.engine.live import LiveRun, Shown

PING_SECONDS = 15
SEND_SECONDS = 30.0
"""A client that takes nothing for so long is left."""


_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def one_line(text: str) -> str:
    """JSON without characters that some clients (those that use Python's `str.splitlines`) end a line at."""
    return text.translate(_ENDS)


async def shown(live: LiveRun, after: int, *, follow: bool) -> AsyncGenerator[bytes]:
    """The events of a run, to the end of the message that is worked on; those that happen together are sent together.

    Args:
        live: the run.
        after: number of the last event that was seen.
        follow: do not end with the message.
    """
    async with aclosing(live.watch_parts(after, follow=follow)) as parts:
        async for part in parts:
            yield b"".join(map(_sent, part))
    ended = live.record.last(events.RunEnded)
    if not live.works and ended is not None and not live.gone:
        yield ServerSentEvent(pydantic_core.to_json({"state": ended.state}).decode(), event="end", sep="\n").encode()


def stream(source: AsyncGenerator[bytes] | AsyncGenerator[ServerSentEvent]) -> EventSourceResponse:
    """The answer that sends them."""
    return EventSourceResponse(source, ping=PING_SECONDS, send_timeout=SEND_SECONDS, sep="\n")


def _sent(one: Shown) -> bytes:
    number = None if one.number is None else str(one.number)
    return ServerSentEvent(one_line(one.line), event=one.event.type, id=number, sep="\n").encode()
