"""Routes of the page's shells, style sheet and scripts, and of guests' documents in frames.

Invariant: a shell needs no key, and holds no data where data needs one: the page's scripts fetch it then, with the key, from `data_routes`.
A guest's document, or PDF file, is had by an address that proves itself, and comes under a policy that lets nothing of it run.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from codeact import errors
from codeact.server.api.access import ANYBODY
from codeact.server.api.downloads import REST, content_of, disposition
from codeact.server.api.faults import FaultError, not_found
from codeact.server.engine.runs import Runs
from codeact.server.page import assets, family, guests, looks, outputs, packing, previews, rendering

_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
_FRAMED = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_READERS = ThreadPoolExecutor(2, "codeact-documents")
"""Where guests' documents are made fit: what one of them takes, nothing but other documents waits for."""

RunId = Annotated[str, Path(max_length=64)]


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False)
    made.get("/", response_class=Response)(home)
    made.get("/runs/{run_id}", response_class=Response)(run)
    made.get("/compare", response_class=Response)(compare)
    made.get("/static/{version}/{name}", response_class=Response)(static)
    made.get("/page/guest/{run_id}/{number}/{place}/{proof}", response_class=Response)(guest)
    made.get(f"/page/guest/file/{{run_id}}/{{digest}}/{{proof}}/{REST}", response_class=Response)(file)
    return made


async def home(request: Request) -> Response:
    """The page to ask on, with the list of runs."""
    return _shell(request, "home.html")


async def run(request: Request, run_id: RunId) -> Response:
    """The page of a run; with its last blocks where no key is needed, so that they are there as soon as anything is."""
    return _shell(request, "run.html", run_id=run_id, at_first=looks.AT_FIRST, look=await _open_look(request, run_id))


async def compare(request: Request) -> Response:
    """The page of two runs side by side."""
    return _shell(request, "compare.html")


async def static(request: Request, version: str, name: str) -> Response:
    """The style sheet, or a script."""
    found = assets.asset(name)
    if found is None:
        raise not_found("file", name)
    headers = _FOR_GOOD if version == assets.version() else {"Cache-Control": "no-cache"}
    return packing.answer(request, *found, headers, assets.packed(name))


async def guest(request: Request, run_id: RunId, number: int, place: int, proof: str) -> Response:
    """A guest's document."""
    runs: Runs = request.app.state.runs
    if not guests.proves(proof, run_id, number, place):
        raise not_found("document", f"{run_id}/{number}/{place}")
    found = (await family.record(runs, run_id)).events
    event = found[number] if 0 <= number < len(found) else None
    html: str | None = None
    if event is not None and event.type == "observation":
        html = await asyncio.get_running_loop().run_in_executor(_READERS, outputs.document, event, place)
    if html is None:
        raise not_found("document", f"{run_id}/{number}/{place}")
    headers = {"Content-Security-Policy": assets.GUEST_POLICY, **_FRAMED}
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


async def file(request: Request, run_id: RunId, digest: str, proof: str, path: str) -> Response:
    """A PDF file of a run's workspace, for the browser's viewer, as it was when its address was given out."""
    runs: Runs = request.app.state.runs
    if not guests.proves_file(proof, run_id, path, digest):
        raise not_found("document", path)
    content = await content_of(await runs.workspace(run_id, ANYBODY), path)
    if not previews.is_pdf(content) or guests.digest_of(content) != digest:
        raise not_found("document", path)
    headers = {
        "Content-Security-Policy": assets.PDF_POLICY,
        "Content-Disposition": disposition(path, "inline"),
        "X-Content-Type-Options": "nosniff",
        **_FRAMED,
    }
    return Response(content, media_type="application/pdf", headers=headers)


async def _open_look(request: Request, run_id: str) -> looks.Look | None:
    """A run's last blocks; None if a key is needed, or there is no such run: the scripts find out."""
    try:
        caller = await request.app.state.access.caller(request)
        return await looks.of(request.app.state.runs, run_id, caller, looks.view(request, run_id), last=looks.AT_FIRST)
    except (FaultError, errors.CodeactError):
        return None


def _shell(request: Request, template: str, *, run_id: str = "", **values: Any) -> Response:
    root = looks.root(request)
    early, style = (rendering.texts.markup(assets.text(name)) for name in assets.IN_SHELL)
    static = f"{root}/static/{assets.version()}"
    html = rendering.page(template, root=root, static=static, run_id=run_id, script=early, style=style, **values)
    headers = {
        "Content-Security-Policy": assets.page_policy(),
        "Cache-Control": "no-cache" if values.get("look") is None else "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return packing.answer(request, html, "text/html; charset=utf-8", headers)
