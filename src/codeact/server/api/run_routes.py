"""Routes of runs: begin, look, watch, decide, go on, end.

Invariant: what a caller may not see is answered as if it were not there. It does not: do anything itself (`engine.runs` does).
"""

import asyncio
from typing import Annotated, Literal

import pydantic_core
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse

from codeact import errors, events
from codeact.export.chat import to_chat
from codeact.export.markdown import to_markdown
from codeact.export.notebook import to_notebook
from codeact.protocols import Decision
from codeact.sandbox.workspace import files_in
from codeact.server.api import streams
from codeact.server.api.access import Caller, allowed
from codeact.server.api.downloads import REST, content_of, download
from codeact.server.api.faults import FaultError
from codeact.server.api.shapes import (
    FAULTS,
    BranchAsked,
    DecisionAsked,
    EventsTold,
    FilesTold,
    FileTold,
    MessageAsked,
    OnceKey,
    RunAsked,
    RunsTold,
    RunTold,
    given,
)
from codeact.server.engine.live import LiveRun
from codeact.server.engine.once import named
from codeact.server.engine.order import Onward, Order
from codeact.server.engine.runs import Runs
from codeact.store.schema import storable
from codeact.store.summary import WAITING
from codeact.trajectory import Trajectory

Reader = Annotated[Caller, Depends(allowed("read"))]
Runner = Annotated[Caller, Depends(allowed("run"))]
After = Annotated[int, Query(ge=-1, le=10**9, description="Number of the last event that was seen.")]

_EXPORTS = {
    "md": (to_markdown, "text/markdown"),
    "ipynb": (to_notebook, "application/x-ipynb+json"),
    "chat": (to_chat, "application/jsonl"),
}


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api/v1/runs", tags=["runs"], responses=FAULTS)
    made.post("", status_code=201)(begin)
    made.get("")(listing)
    made.get("/{run_id}")(look)
    made.delete("/{run_id}", status_code=204)(remove)
    made.get("/{run_id}/events")(page)
    made.get("/{run_id}/stream", response_class=EventSourceResponse)(watch)
    made.post("/{run_id}/messages", status_code=202)(send)
    made.post("/{run_id}/cancel")(cancel)
    made.post("/{run_id}/interrupt", status_code=204)(interrupt)
    made.post("/{run_id}/questions/{question_id}")(decide)
    made.post("/{run_id}/branch", status_code=201)(branch)
    made.get("/{run_id}/files")(files)
    made.get(f"/{{run_id}}/files/{REST}", response_class=Response)(read)
    made.get("/{run_id}/variables")(variables)
    made.get("/{run_id}/export", response_class=Response)(export)
    return made


async def begin(request: Request, asked: RunAsked, caller: Runner, idempotency_key: OnceKey = None) -> RunTold:
    """Begin a run. With the header `Idempotency-Key`, a second request with the same key begins nothing and is told of the first run."""
    order = Order(
        task=asked.task,
        files=given(asked.files),
        model=asked.model,
        format=asked.format,
        limits=asked.limits.given(),
        temperature=asked.temperature,
        seed=asked.seed,
        max_tokens=asked.max_tokens,
        ask=asked.ask,
    )
    once = named(caller.id, "a run", idempotency_key, asked.model_dump())
    return await _told(request, await _runs(request).start(order, caller, once))


async def listing(
    request: Request,
    caller: Reader,
    *,
    state: Annotated[list[str] | None, Query(max_length=10)] = None,
    search: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RunsTold:
    """Runs, the newest first."""
    runs = _runs(request)
    owner = None if "admin" in caller.scopes else caller.id
    found = await runs.store.runs(
        states=[storable(one) for one in state or ()], search=search, most=limit + 1, before=_read_cursor(cursor), owner=owner
    )
    told = [RunTold.of(summary, runs.live(summary.id)) for summary in found[:limit]]
    return RunsTold(runs=told, next=f"{found[limit - 1].created!r}:{found[limit - 1].id}" if len(found) > limit else None)


async def look(request: Request, run_id: str, caller: Reader) -> RunTold:
    """One run."""
    runs = _runs(request)
    summary = await runs.seen(run_id, caller)
    return RunTold.of(summary, await runs.reach(run_id, caller) if summary.state == WAITING else runs.live(run_id))


async def remove(request: Request, run_id: str, caller: Runner) -> None:
    """Remove a run and all that is kept of it; cancelled first, if it is worked on."""
    await _runs(request).remove(run_id, caller)


async def page(
    request: Request, run_id: str, caller: Reader, after: After = -1, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
) -> EventsTold:
    """The events of a run."""
    record = await _record(request, run_id, caller)
    part = list(enumerate(record.events))[after + 1 : after + 1 + limit]
    told = [{"number": number, **event.model_dump(mode="json")} for number, event in part]
    last = part[-1][0] if part else after
    return EventsTold(events=told, next=last if last < len(record.events) - 1 else None)


async def watch(
    request: Request,
    run_id: str,
    caller: Reader,
    *,
    after: After = -1,
    follow: bool = False,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> EventSourceResponse:
    """The events of a run as they happen, as server-sent events: `id` is the event's number, `event` its type, `data` its JSON.

    A client that comes back says with `Last-Event-ID` (or `after`) which it has seen; events without an id may come again then. When the
    message is over, `event: end` is sent and the stream ends, unless `follow` is given.
    """
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        after = int(last_event_id)
    live = await _runs(request).reach(run_id, caller)
    return streams.stream(streams.shown(live, after, follow=follow))


async def send(request: Request, run_id: str, asked: MessageAsked, caller: Runner, idempotency_key: OnceKey = None) -> RunTold:
    """Give a run its next message; its session is as it was left. With the header `Idempotency-Key`, once for the same key."""
    once = named(caller.id, f"a message to {run_id}", idempotency_key, asked.model_dump())
    return await _told(request, await _runs(request).send(run_id, asked.text, given(asked.files), caller, once))


async def cancel(request: Request, run_id: str, caller: Runner) -> RunTold:
    """End what is worked on, or waits for a decision; answered when it has ended."""
    live = await _runs(request).reach(run_id, caller)
    await live.cancel()
    if live.gone and not _runs(request).ends:  # it was put to sleep meanwhile
        live = await _runs(request).reach(run_id, caller)
        await live.cancel()
    return await _told(request, live)


async def interrupt(request: Request, run_id: str, caller: Runner) -> None:
    """Interrupt the running action, as Ctrl-C would; the run goes on."""
    live = await _runs(request).reach(run_id, caller)
    if live.conversation is not None:
        await live.conversation.ainterrupt()


async def decide(request: Request, run_id: str, question_id: str, asked: DecisionAsked, caller: Runner) -> RunTold:
    """Decide about an open question."""
    live = await _runs(request).reach(run_id, caller)
    content = asked.content if asked.decision == "edit" else None
    if asked.decision == "edit":
        content = _checked_edit(live, question_id, asked.content)
    elif asked.content is not None:
        raise FaultError(422, "content goes with the decision 'edit' only", "invalid", param="content")
    try:
        await _runs(request).decide(run_id, question_id, Decision(asked.decision, content, asked.reason, asked.for_run), caller)
    except errors.InputError as error:
        raise FaultError(409, str(error), "not_open") from error
    return await _told(request, live)


async def branch(request: Request, run_id: str, asked: BranchAsked, caller: Runner, idempotency_key: OnceKey = None) -> RunTold:
    """Begin another run with the past of this one. With the header `Idempotency-Key`, once for the same key."""
    onward = Onward(asked.message, asked.code, given(asked.files))
    once = named(caller.id, f"a branch of {run_id}", idempotency_key, asked.model_dump())
    return await _told(request, await _runs(request).branch(run_id, asked.turn, caller, onward, once))


async def files(request: Request, run_id: str, caller: Reader) -> FilesTold:
    """The files of the run's workspace; a session that sleeps is woken for it."""
    workspace = await _runs(request).workspace(run_id, caller)
    found, whole = await asyncio.to_thread(files_in, workspace.workspace)
    return FilesTold(files=[FileTold(path=path, size=size) for path, size in found.items()], whole=whole)


async def read(request: Request, run_id: str, path: str, caller: Reader) -> Response:
    """A file of the run's workspace."""
    if path.startswith("/"):
        raise FaultError(400, f"{path!r} is not a path inside the workspace", "input_error", param="path")
    session = await _runs(request).workspace(run_id, caller)
    return download(path, await content_of(session, path))


async def variables(request: Request, run_id: str, caller: Reader) -> events.Variables:
    """The variables that the run's code has made, while none of it runs; a session that sleeps is woken for it."""
    runs = _runs(request)
    live = await runs.reach(run_id, caller)
    if live.works and (live.conversation is None or live.conversation.session is None):
        raise errors.SessionBusyError("the run is working on a message and has no session yet: wait for it")
    return await (await runs.workspace(run_id, caller)).avariables()


async def export(
    request: Request, run_id: str, caller: Reader, to: Annotated[Literal["jsonl", "md", "ipynb", "chat"], Query()]
) -> Response:
    """The run as a trajectory file, Markdown, a notebook, or chat messages."""
    record = await _record(request, run_id, caller)
    if to == "jsonl":
        return Response(record.text(), media_type="application/jsonl")
    write, kind = _EXPORTS[to]
    return Response(write(record), media_type=kind)


def _runs(request: Request) -> Runs:
    return request.app.state.runs


async def _told(request: Request, live: LiveRun) -> RunTold:
    return RunTold.of(await _runs(request).store.find(live.run_id), live)


async def _record(request: Request, run_id: str, caller: Caller) -> Trajectory:
    runs = _runs(request)
    await runs.seen(run_id, caller)
    live = runs.live(run_id)
    if live is None:
        return await runs.store.read(run_id)
    await live.record.settled()
    return live.record


def _read_cursor(cursor: str | None) -> tuple[float, str] | None:
    if cursor is None:
        return None
    created, _, run_id = cursor.partition(":")
    try:
        return float(created), storable(run_id)
    except ValueError:
        raise FaultError(422, f"{cursor!r} is no cursor: take it from `next` of the page before", "invalid", param="cursor") from None


def _checked_edit(live: LiveRun, question_id: str, content: str | None) -> str:
    """What an action or a call is to be instead."""
    if content is None:
        raise FaultError(422, "the decision 'edit' needs content: what is to be done instead", "invalid", param="content")
    question = live.questions.get(question_id)
    if question is not None and question[0].subject == "call":
        try:
            call = pydantic_core.from_json(content)
        except ValueError as error:
            raise FaultError(422, f"content is no JSON: {error}", "invalid", param="content") from None
        fits = isinstance(call, dict) and isinstance(call.get("args", []), list) and isinstance(call.get("kwargs", {}), dict)
        if not fits:
            raise FaultError(422, 'content has to be {"args": [...], "kwargs": {...}}', "invalid", param="content")
    return content
