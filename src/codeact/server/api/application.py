"""The ASGI application: all routes, and what stands before them.

Invariant: it holds nothing of its own; what lives (runs, sessions, the store) is given, and closed by whoever gave it. It does not: listen
on a socket (`hosting` does).
"""

import functools
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from codeact import __version__, errors
from codeact.server.api import faults, plain_routes, run_routes, session_routes
from codeact.server.api.access import SCHEMA, Access, Gate
from codeact.server.api.guard import BODY_SECONDS, Guard
from codeact.server.api.metrics import Counting, Metrics
from codeact.server.engine.runs import Runs
from codeact.server.engine.sessions import Sessions
from codeact.server.openai_face import chat, listing, responses
from codeact.server.page import data_routes, shell_routes

LOG = logging.getLogger("codeact.server")

_ABOUT = """Agents that act by running Python in a confined interpreter. Errors have the shape of OpenAI's API:
`{"error": {"message", "type", "code", "param"}}`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work on.

    Args:
        runs: runs of agents.
        sessions: sessions without an agent.
        access: who may do what.
        metrics: what is counted.
        isolation: the tier that sessions have.
    """

    runs: Runs
    sessions: Sessions
    access: Access
    metrics: Metrics
    isolation: str


def application(parts: Parts, hosts: Iterable[str] | None = None, *, prefix: str = "", patience: float = BODY_SECONDS) -> FastAPI:
    """The application.

    Args:
        parts: what it works on.
        hosts: names by which it may be reached; None: any, for a server that asks for keys.
        prefix: path under which a proxy shows it.
        patience: seconds for which the next part of a body is waited for.
    """
    made = FastAPI(
        routes=list(_routes()),  # and not by `include_router`, which makes each of them a second time
        title="codeact",
        version=__version__,
        description=_ABOUT,
        openapi_url=SCHEMA,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would lead to whatever host the request names
    )
    made.root_path = prefix  # the parameter is deprecated, for the sake of servers that know it; ours is told by its own `prefix`
    for name in ("runs", "sessions", "access", "metrics", "isolation"):
        setattr(made.state, name, getattr(parts, name))
    for kind in (faults.FaultError, errors.CodeactError, RequestValidationError, HTTPException):
        made.add_exception_handler(kind, faults.answer_fault)
    made.add_exception_handler(Exception, _unforeseen)
    made.add_middleware(Gate, access=parts.access)
    made.add_middleware(Guard, hosts=hosts, seconds=patience)
    made.add_middleware(Counting, metrics=parts.metrics)
    return made


@functools.cache
def _routes() -> tuple[BaseRoute, ...]:
    """All routes: they hold nothing of an application, so they are made once."""
    parts = (plain_routes, run_routes, session_routes, listing, chat, responses, data_routes, shell_routes)
    return tuple(route for part in parts for route in part.router().routes)


async def _unforeseen(request: Request, error: Exception) -> Response:
    LOG.error("%s %r failed", request.method, request.url.path, exc_info=error)
    return await faults.answer_fault(request, error)
