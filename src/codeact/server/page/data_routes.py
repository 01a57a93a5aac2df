"""Routes of what the page shows: runs as HTML, made by the server, and followed as they go on.

Invariant: each needs the key that the data needs. They belong to the page of the same version, and are no part of the API that is promised.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import pydantic_core
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from codeact import errors, events
from codeact.server.api import run_routes, streams
from codeact.server.api.access import Caller, allowed
from codeact.server.api.bodies import uploaded
from codeact.server.api.downloads import REST, content_of
from codeact.server.api.faults import FaultError
from codeact.server.engine.live import LiveRun
from codeact.server.engine.runs import Runs
from codeact.server.page import comparing, family, guests, looks, packing, previews, rendering
from codeact.server.page.blocks import Block, Fold
from codeact.server.page.rendering import View
from codeact.server.page.shell_routes import RunId
from codeact.server.page.standalone import to_html
from codeact.trajectory import KIND, Trajectory

Reader = Annotated[Caller, Depends(allowed("read"))]
After = Annotated[int, Query(ge=-1, le=10**9)]
Most = Annotated[int, Query(ge=0, le=10**9)]
_UNKEPT = {"Cache-Control": "no-store"}


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/page", include_in_schema=False)
    made.get("/runs", response_class=Response)(listing)
    made.get("/runs/{run_id}/blocks", response_class=Response)(blocks)
    made.get("/runs/{run_id}/stream", response_class=EventSourceResponse)(stream)
    made.get("/runs/{run_id}/family", response_class=Response)(kin)
    made.get(f"/runs/{{run_id}}/preview/{REST}", response_class=Response)(preview)
    made.get("/runs/{run_id}/variables", response_class=Response)(variables)
    made.get("/runs/{run_id}/document", response_class=Response)(document)
    made.get("/compare", response_class=Response)(compare)
    made.post("/saved", response_class=Response)(saved)
    return made


async def listing(
    request: Request,
    caller: Reader,
    *,
    state: Annotated[list[str] | None, Query(max_length=10)] = None,
    search: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """A page of the list of runs."""
    found = await run_routes.listing(request, caller, state=state, search=search, limit=30, cursor=cursor)
    return _html("list.html", request, runs=found.runs, next=found.next, narrowed=bool(state or search))


async def blocks(request: Request, run_id: RunId, caller: Reader, last: Most | None = None, before: Most | None = None) -> Response:
    """The blocks of a run so far, to be followed from there: all, or so many, up to the one that is counted by `before`."""
    look = await looks.of(_runs(request), run_id, caller, looks.view(request, run_id), last=last, before=before)

    def told() -> Response:
        return packing.answer(request, pydantic_core.to_json({"html": look.html, **look.facts}), "application/json", _UNKEPT)

    return await asyncio.to_thread(told)


async def stream(request: Request, run_id: RunId, caller: Reader, after: After = -1) -> EventSourceResponse:
    """What happens in a run, as server-sent events: `blocks` (`id` is the event's number), and text as it is written."""
    live = await _runs(request).reach(run_id, caller)
    return streams.stream(_followed(live, after, looks.view(request, run_id)))


async def kin(request: Request, run_id: RunId, caller: Reader) -> Response:
    """The tree of branches that a run stands in."""
    root = await family.tree(_runs(request), run_id, caller)
    return _html("family.html", request, root_kin=root, own=run_id, own_place=root.place_of(run_id))


async def preview(request: Request, run_id: RunId, path: str, caller: Reader, after: After | None = None) -> Response:
    """A file of a run's workspace, to look at; `after`: number of the event that named it, since which it may have been changed."""
    session = await _runs(request).workspace(run_id, caller)
    record = await family.record(_runs(request), run_id)
    since = None if after is None else previews.since(path, record.events[after + 1 :])
    try:
        content = await content_of(session, path)
    except FaultError:
        if since is None or since[0].change != "deleted":
            raise
        raise FaultError(404, f"the file {path!r} is not there any more: turn {since[1][-1]} deleted it", "not_found") from None

    def shown() -> str:
        frame = guests.file_address(looks.root(request), run_id, path, content) if previews.is_pdf(content) else ""
        return previews.preview(path, content, frame=frame, note="" if since is None else _changed(since[1]))

    return Response(await asyncio.to_thread(shown), media_type="text/html; charset=utf-8", headers=_UNKEPT)


async def variables(request: Request, run_id: RunId, caller: Reader) -> Response:
    """The variables of a run's session; or why they cannot be told just now."""
    found, busy = None, ""
    try:
        found = await run_routes.variables(request, run_id, caller)
    except errors.SessionBusyError as error:
        busy = str(error)
    return _html("variables.html", request, found=found, busy=busy)


async def document(request: Request, run_id: RunId, caller: Reader) -> Response:
    """A run as one HTML file."""
    await _runs(request).seen(run_id, caller)
    record = await family.record(_runs(request), run_id)
    html = await asyncio.to_thread(to_html, Trajectory(events=list(record.events)))
    headers = {"Content-Disposition": 'attachment; filename="run.html"', "Content-Security-Policy": "sandbox"}
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


async def compare(
    request: Request, caller: Reader, left: Annotated[str, Query(max_length=64)], right: Annotated[str, Query(max_length=64)]
) -> Response:
    """Two runs side by side."""
    folds: list[Fold] = []
    for run_id in (left, right):
        await _runs(request).seen(run_id, caller)
        folds.append(Fold().add_all((await family.record(_runs(request), run_id)).events))
    views = [View(frame=guests.addresses(looks.root(request), run_id)) for run_id in (left, right)]

    def told() -> Response:
        rows = list(comparing.compared(folds[0], folds[1]))
        return _html("rows.html", request, rows=rows, ids=(left, right), folds=folds, views=views, block=rendering.block)

    return await asyncio.to_thread(told)


async def saved(request: Request, caller: Reader) -> Response:
    """A trajectory file, to be read; nothing of it is kept."""
    content = await uploaded(request)

    def told() -> Response:
        fold = _read(content.decode("utf-8", "replace"))
        return _html("saved.html", request, fold=fold, blocks=rendering.texts.markup(rendering.whole(fold, View())))

    return await asyncio.to_thread(told)


async def _followed(live: LiveRun, after: int, view: View) -> AsyncGenerator[ServerSentEvent]:
    fold = Fold().add_all(live.record.events[: after + 1])
    known = {block.id for block in fold.blocks}
    async for one in live.watch(fold.number, follow=True):
        if one.number is None:
            yield ServerSentEvent(streams.one_line(one.line), event=one.event.type, sep="\n")
            continue
        changed = fold.add(one.event)
        told_blocks = [{**each, "is_new": each["id"] not in known} for each in await asyncio.to_thread(_told, changed, view)]
        known.update(block.id for block in changed)
        data = {"blocks": told_blocks, "standing": asdict(fold.standing), "type": one.event.type}
        if isinstance(one.event, events.TaskGiven):
            data["about"] = looks.about(fold)
        told = streams.one_line(pydantic_core.to_json(data).decode())
        yield ServerSentEvent(told, event="blocks", id=str(one.number), sep="\n")


def _told(blocks: Sequence[Block], view: View) -> list[dict[str, str | bool]]:
    return [{"id": block.id, "kind": block.kind, "html": rendering.block(block, view)} for block in blocks]


def _changed(turns: list[int]) -> str:
    shown = f"turn {turns[0]}" if len(turns) == 1 else f"turns {', '.join(map(str, turns[:-1]))} and {turns[-1]}"
    return f"Changed again in {shown}: this is how it is now."


def _read(text: str) -> Fold:
    """A trajectory file, folded.

    Raises:
        FaultError: it is none.
    """
    header, *lines = text.split("\n")
    try:
        told = pydantic_core.from_json(header)
        if not isinstance(told, dict) or told.get("codeact") != KIND or int(told.get("version", 0)) > events.SCHEMA_VERSION:
            raise FaultError(
                422, "this is no trajectory that this codeact can read: drop a file that `--save` or an export wrote", "invalid"
            )
        fold = Fold()
        whole = lines if text.endswith("\n") else lines[:-1]  # the last line of a writer that was killed is torn
        for line in whole:
            if line:
                fold.add(events.EVENT.validate_json(line))
    except (ValidationError, ValueError, TypeError) as error:
        raise FaultError(422, f"the file is no trajectory: {str(error).splitlines()[0]}", "invalid") from None
    return fold


def _html(template: str, request: Request, **values: Any) -> Response:
    html = rendering.page(template, root=looks.root(request), **values)
    return packing.answer(request, html, "text/html; charset=utf-8", _UNKEPT)


def _runs(request: Request) -> Runs:
    return request.app.state.runs
