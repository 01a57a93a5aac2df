"""A codeact server in the event loop of a test, on a real socket, with a script for a model."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from codeact import config, events
from codeact.server import serving
from store.templates import laid_out

UNREAD = httpx.create_ssl_context(verify=False)
"""For a client of plain HTTP: certificates, which each client would read anew, are of no use to it."""

ADD = ["I add.\n<execute>\nprint(1 + 1)\n</execute>", "<solution>2</solution>"]


@dataclass(slots=True)
class Served:
    """A server that is up.

    Args:
        url: where.
        database: where it keeps runs.
        model: the name of its model.
        opened: what it told when it was ready.
        http: a client of it.
    """

    url: str
    database: str
    model: str
    opened: serving.Opened
    http: httpx.AsyncClient

    async def run(self, task: str = "add", **more: Any) -> dict[str, Any]:
        """Begin a run; as it is told."""
        answer = await self.http.post("/api/v1/runs", json={"task": task, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def watched(self, run_id: str, after: int = -1) -> list[tuple[int | None, str, dict[str, Any]]]:
        """The events of a run to its end: number, type, data."""
        async with self.http.stream("GET", f"/api/v1/runs/{run_id}/stream", params={"after": after}) as answer:
            assert answer.status_code == 200
            return [one async for one in sent(answer)]

    async def ended(self, run_id: str) -> dict[str, Any]:
        """A run when its message is over."""
        await self.watched(run_id)
        return (await self.http.get(f"/api/v1/runs/{run_id}")).json()


async def sent(answer: httpx.Response) -> AsyncIterator[tuple[int | None, str, dict[str, Any]]]:
    """Server-sent events, as they come: id, event, data."""
    number: int | None = None
    kind = data = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        match name:
            case "id":
                number = int(value)
            case "event":
                kind = value
            case "data":
                data = value
            case "" if data:
                yield number, kind, json.loads(data)
                number, kind, data = None, "", ""
            case _:
                pass


def script(folder: Path, turns: Sequence[str] = ADD, name: str = "script.json") -> str:
    """A model that writes these turns in each run."""
    path = folder / name
    path.write_text(json.dumps(list(turns)), encoding="utf-8")
    return f"script:{path}"


@asynccontextmanager
async def served(
    database: str, *models: str, key: str | None = None, limits: events.Limits | None = None, **more: Any
) -> AsyncIterator[Served]:
    """A server, up while the block lasts.

    Args:
        database: where it keeps runs.
        models: that it has.
        key: that the client shows.
        limits: the highest of its runs.
        more: of `serving.Terms`.
    """
    await laid_out(database)
    settings = config.load(preload=(), limits=limits)
    ready: asyncio.Future[serving.Opened] = asyncio.get_running_loop().create_future()
    terms = serving.Terms(settings=settings, database=database, models=models, port=0, **more)
    task = asyncio.ensure_future(serving.serve(terms, ready.set_result))
    try:
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        opened = ready.result()
        headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
        async with httpx.AsyncClient(base_url=opened.url, headers=headers, timeout=60, verify=UNREAD) as http:
            yield Served(opened.url, database, opened.models[0], opened, http)
    finally:
        task.cancel()
        await asyncio.wait([task])
