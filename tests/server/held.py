"""Sessions behind their routes, in the event loop of a test."""

import asyncio
import functools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from codeact import config, errors, events
from codeact.server.api import faults, session_routes
from codeact.server.api.access import Access
from codeact.server.engine.sessions import Sessions
from codeact.store.kept import Store, open_store
from store.templates import laid_out

HERE = "http://here"


@dataclass(slots=True)
class Held:
    """Sessions that are served.

    Args:
        sessions: the engine.
        store: where they are kept.
        application: their routes.
        http: a client of it.
    """

    sessions: Sessions
    store: Store
    application: FastAPI
    http: httpx.AsyncClient

    def client(self, key: str) -> httpx.AsyncClient:
        """A client that shows a key."""
        transport = httpx.ASGITransport(self.application, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=HERE, headers={"Authorization": f"Bearer {key}"})

    async def made(self, limits: Mapping[str, float] | None = None) -> "One":
        """A new session."""
        answer = await self.http.post("/api/v1/sessions", json={} if limits is None else {"limits": limits})
        assert answer.status_code == 201, answer.text
        return self.one(answer.json()["id"])

    def one(self, session_id: str, http: httpx.AsyncClient | None = None) -> "One":
        """A session that there is, as this client sees it."""
        return One(session_id, self, http or self.http)


@dataclass(slots=True)
class One:
    """A session, as a client sees it."""

    id: str
    held: Held
    http: httpx.AsyncClient

    async def ask(self, method: str, path: str = "", status: int = 200, **more: Any) -> Any:
        """Send a request; the JSON of its answer, which has to be of this status."""
        answer = await self.http.request(method, f"/api/v1/sessions/{self.id}{path}", **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def run(self, code: str, **more: Any) -> events.Observation:
        """Run code."""
        return events.Observation.model_validate(await self.ask("POST", "/run", json={"code": code, **more}))

    async def refused(self, method: str, path: str, status: int, **more: Any) -> str:
        """What the error of a refused request says."""
        return (await self.ask(method, path, status, **more))["error"]["message"]

    async def mark(self) -> str:
        """Take a checkpoint."""
        return (await self.ask("POST", "/checkpoints", 201))["mark"]

    async def back(self, mark: str | None = None) -> str:
        """Go back; what could not be put back."""
        return (await self.ask("POST", "/rollback", json={} if mark is None else {"mark": mark}))["notice"]

    async def fork(self, mark: str | None = None) -> "One":
        """Copy it."""
        told = await self.ask("POST", "/fork", 201, json={} if mark is None else {"mark": mark})
        assert told["parent"] == self.id
        return self.held.one(told["id"])

    async def put(self, path: str, content: bytes, status: int = 201) -> Any:
        """Write a file."""
        return await self.ask("PUT", f"/files/{path}", status, content=content)

    async def get(self, path: str) -> bytes:
        """Read a file."""
        answer = await self.http.get(f"/api/v1/sessions/{self.id}/files/{path}")
        assert answer.status_code == 200, answer.text
        return answer.content

    async def files(self) -> dict[str, int]:
        """Files of its workspace with their sizes."""
        return {file["path"]: file["size"] for file in (await self.ask("GET", "/files"))["files"]}

    async def state(self) -> str:
        """What it is doing."""
        return (await self.ask("GET"))["state"]

    async def until(self, state: str, *, actions: int = 0) -> None:
        """Wait until it does this, and was asked to run so many actions."""
        for _ in range(6000):
            told = await self.ask("GET")
            if told["state"] == state and told["actions"] >= actions:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"it never was {state} after {actions} actions")

    async def sleeps(self) -> None:
        """Put it to sleep."""
        await self.held.sessions.sleep(self.id)
        assert await self.state() == "asleep"


@functools.cache
def _routes() -> tuple[BaseRoute, ...]:
    """Made once for all tests: they hold nothing of an application."""
    return tuple(session_routes.router().routes)


def routes(sessions: Sessions, store: Store, *, needs_key: bool = False) -> FastAPI:
    """An application of nothing but the routes of sessions."""
    made = FastAPI(routes=list(_routes()))
    made.state.sessions = sessions
    made.state.access = Access(store.keys, needed=needs_key)
    for kind in (faults.FaultError, errors.CodeactError, RequestValidationError, HTTPException, Exception):
        made.add_exception_handler(kind, faults.answer_fault)
    return made


@asynccontextmanager
async def held(
    database: str, *, needs_key: bool = False, isolation: str | None = None, limits: events.Limits | None = None, **more: Any
) -> AsyncIterator[Held]:
    """Sessions, served while the block lasts.

    Args:
        database: where they are kept.
        needs_key: clients have to show one.
        isolation, limits: of the interpreters.
        more: of `Sessions`.
    """
    await laid_out(database)
    store = await open_store(database)
    sessions = Sessions(store, config.load(preload=(), isolation=isolation, limits=limits), **more)
    made = routes(sessions, store, needs_key=needs_key)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made, raise_app_exceptions=False), base_url=HERE, timeout=60) as http:
            yield Held(sessions, store, made, http)
    finally:
        await sessions.aclose()
        await store.aclose()
