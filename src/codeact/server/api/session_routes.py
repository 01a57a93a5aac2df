"""Routes of sessions without an agent: make, run code, write and read files, go back, copy.

Invariant: what a caller may not see is answered as if it were not there; an action whose client went away is interrupted. It does not: do
anything itself (`engine.sessions` does).
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from codeact import errors, events
from codeact.server.api import faults
from codeact.server.api.access import Caller, allowed
from codeact.server.api.bodies import UPLOAD, uploaded
from codeact.server.api.downloads import REST, download, found
from codeact.server.api.session_shapes import (
    ActionAsked,
    MarkAsked,
    MarkTold,
    SessionAsked,
    SessionsTold,
    SessionTold,
    UndoneTold,
    WrittenTold,
)
from codeact.server.api.shapes import FAULTS, FilesTold, FileTold, OnceKey
from codeact.server.api.streams import PING_SECONDS, SEND_SECONDS, one_line
from codeact.server.engine.once import named
from codeact.server.engine.sessions import Sessions

User = Annotated[Caller, Depends(allowed("session"))]
FilePath = Annotated[str, Path(max_length=4000)]

_LOOK_SECONDS = 0.1
_NOBODY = 499  # no client reads it
_PLAIN, _HERE = SessionAsked(), MarkAsked()
_RAN: dict[int | str, dict[str, Any]] = {
    200: {
        "model": events.Observation,
        "description": "What came of the action; with `stream`, events `stream_chunk` before it, then `observation` (or `error`)",
        "content": {"text/event-stream": {}},
    }
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], responses=FAULTS)
    made.post("", status_code=201)(make)
    made.get("")(listing)
    made.get("/{session_id}")(look)
    made.delete("/{session_id}", status_code=204)(remove)
    made.post("/{session_id}/run", response_class=Response, responses=_RAN)(run)
    made.post("/{session_id}/interrupt", status_code=204)(interrupt)
    made.get("/{session_id}/files")(files)
    made.put(f"/{{session_id}}/files/{REST}", status_code=201, openapi_extra=UPLOAD)(write)
    made.get(f"/{{session_id}}/files/{REST}", response_class=Response, responses=_BYTES)(read)
    made.get("/{session_id}/variables")(variables)
    made.post("/{session_id}/checkpoints", status_code=201)(checkpoint)
    made.post("/{session_id}/rollback")(rollback)
    made.post("/{session_id}/fork", status_code=201)(fork)
    return made


async def make(request: Request, caller: User, asked: SessionAsked = _PLAIN, idempotency_key: OnceKey = None) -> SessionTold:
    """Make a session: an interpreter that keeps its state, confined as those of runs are. With an `Idempotency-Key`, once."""
    once = named(caller.id, "a session", idempotency_key, asked.model_dump())
    made = await _sessions(request).make(caller, asked.limits.model_dump(exclude_none=True), once)
    return await _told(request, made.id, caller)


async def listing(request: Request, caller: User) -> SessionsTold:
    """The sessions that there are, the newest first, at most 200."""
    return SessionsTold(sessions=[SessionTold.of(glance) for glance in await _sessions(request).list(caller)])


async def look(request: Request, session_id: str, caller: User) -> SessionTold:
    """One session."""
    return await _told(request, session_id, caller)


async def remove(request: Request, session_id: str, caller: User) -> None:
    """End a session, also in the middle of an action, and remove all that is kept of it."""
    await _sessions(request).remove(session_id, caller)


async def run(request: Request, session_id: str, asked: ActionAsked, caller: User, idempotency_key: OnceKey = None) -> Response:
    """Run code to its end. Whatever it does is an observation; a client that closes the connection interrupts it.

    With an `Idempotency-Key`, once for the same key: who asks again is given the same observation, or waits for it, and an action that was
    undone since the server ended in the middle of it is run again. It is interrupted when its client was away for three seconds.
    """
    once = named(caller.id, f"an action in {session_id}", idempotency_key, asked.model_dump(exclude={"stream"}))
    live = await _sessions(request).reach(session_id, caller)
    coming: asyncio.Queue[events.StreamChunk | None] = asyncio.Queue()
    begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def begin() -> None:
        if not begun.done():
            begun.set_result(None)

    running = asyncio.ensure_future(live.run(asked.code, timeout=asked.timeout, on_chunk=coming.put_nowait, on_begun=begin, request=once))
    running.add_done_callback(lambda _: (begin(), coming.put_nowait(None)))
    if not await _waited(request, begun if asked.stream else running, running):
        return Response(status_code=_NOBODY)
    if asked.stream and (not running.done() or running.exception() is None):
        return _Streamed(_chunks(running, coming), running)
    return Response(running.result().model_dump_json(), media_type="application/json")


async def interrupt(request: Request, session_id: str, caller: User) -> None:
    """Interrupt the running action, as Ctrl-C would; nothing if none runs."""
    (await _sessions(request).reach(session_id, caller)).interrupt()


async def files(request: Request, session_id: str, caller: User) -> FilesTold:
    """The files of the workspace."""
    found, whole = await (await _sessions(request).reach(session_id, caller)).files()
    return FilesTold(files=[FileTold(path=path, size=size) for path, size in found.items()], whole=whole)


async def write(request: Request, session_id: str, path: FilePath, caller: User) -> WrittenTold:
    """Make or replace a file of the workspace, with the folders on its way; at most 64 MiB."""
    live = await _sessions(request).reach(session_id, caller)
    content = await uploaded(request)
    return WrittenTold(path=await live.write(path, content), size=len(content))


async def read(request: Request, session_id: str, path: FilePath, caller: User) -> Response:
    """A file of the workspace; links are not followed."""
    live = await _sessions(request).reach(session_id, caller)

    async def names() -> Iterable[str]:
        return (await live.files())[0]

    return download(path, await found(path, live.read, names))


async def variables(request: Request, session_id: str, caller: User) -> events.Variables:
    """The variables that the code has made, between two actions: nothing of the code runs for it. All of it is as the session says."""
    return await (await _sessions(request).reach(session_id, caller)).variables()


async def checkpoint(request: Request, session_id: str, caller: User, idempotency_key: OnceKey = None) -> MarkTold:
    """Take a checkpoint of the interpreter and the workspace; the latest 8 can be gone back to. With an `Idempotency-Key`, once."""
    once = named(caller.id, f"a checkpoint of {session_id}", idempotency_key, {})
    return MarkTold(mark=await (await _sessions(request).reach(session_id, caller)).checkpoint(once))


async def rollback(
    request: Request, session_id: str, caller: User, asked: MarkAsked = _HERE, idempotency_key: OnceKey = None
) -> UndoneTold:
    """Go back to a checkpoint, which stays, later ones go; without a mark, to before the latest action. With an `Idempotency-Key`, once."""
    once = named(caller.id, f"a way back in {session_id}", idempotency_key, asked.model_dump())
    return UndoneTold(notice=await (await _sessions(request).reach(session_id, caller)).rollback(asked.mark, once))


async def fork(request: Request, session_id: str, caller: User, asked: MarkAsked = _HERE, idempotency_key: OnceKey = None) -> SessionTold:
    """Make a session with the state of this one, or of one of its checkpoints, which goes its own way. With an `Idempotency-Key`, once."""
    once = named(caller.id, f"a fork of {session_id}", idempotency_key, asked.model_dump())
    made = await _sessions(request).fork(session_id, caller, asked.mark, once)
    return await _told(request, made.id, caller)


async def _waited(request: Request, wanted: asyncio.Future[Any], running: asyncio.Future[events.Observation]) -> bool:
    """Wait for something of an action; whether the client did so too. The action is interrupted when nobody waits any more."""
    try:
        while not wanted.done():
            await asyncio.wait([wanted], timeout=_LOOK_SECONDS)
            if not wanted.done() and await request.is_disconnected():
                running.cancel()
                return False
    except BaseException:
        running.cancel()
        raise
    return True


class _Streamed(EventSourceResponse):
    """The answer that sends an action as it happens, and interrupts it when nobody reads on."""

    def __init__(self, source: AsyncGenerator[ServerSentEvent], running: asyncio.Future[events.Observation]) -> None:
        super().__init__(source, ping=PING_SECONDS, send_timeout=SEND_SECONDS, sep="\n")
        self._ran = running

    async def __call__(self, *args: Any) -> None:
        """Send it."""
        try:
            await super().__call__(*args)
        finally:
            self._ran.cancel()


async def _chunks(
    running: asyncio.Future[events.Observation], coming: asyncio.Queue[events.StreamChunk | None]
) -> AsyncGenerator[ServerSentEvent]:
    """What an action writes, then what came of it."""
    while (chunk := await coming.get()) is not None:
        yield _sent(chunk.type, chunk.model_dump_json())
    try:
        observation = running.result()
    except errors.CodeactError as error:
        yield _sent("error", faults.Fault(error=faults.of_error(error).told).model_dump_json())
    else:
        yield _sent(observation.type, observation.model_dump_json())


def _sent(kind: str, line: str) -> ServerSentEvent:
    return ServerSentEvent(one_line(line), event=kind, sep="\n")


def _sessions(request: Request) -> Sessions:
    return request.app.state.sessions


async def _told(request: Request, session_id: str, caller: Caller) -> SessionTold:
    return SessionTold.of(await _sessions(request).glance(session_id, caller))
