"""Routes about the server itself, and of files that runs are given."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from codeact import __version__, build
from codeact.server.api import metrics
from codeact.server.api.access import Caller, allowed
from codeact.server.api.bodies import UPLOAD, uploaded
from codeact.server.api.faults import FaultError
from codeact.server.api.shapes import FAULTS, AboutTold, UploadTold
from codeact.server.engine.order import GivenFile


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(tags=["server"])
    made.get("/health")(health)
    made.get("/ready", responses={503: FAULTS[503]})(ready)
    made.get("/metrics", response_class=Response, responses=FAULTS)(counts)
    made.get("/api/v1/about", responses=FAULTS)(about)
    made.put("/api/v1/files/{name}", status_code=201, responses=FAULTS, openapi_extra=UPLOAD)(upload)
    return made


async def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


async def ready(request: Request) -> JSONResponse:
    """Whether it can take runs: the database is there, and the server is not ending."""
    if request.app.state.runs.ends:
        raise FaultError(503, "the server is ending", "ending", type="busy", headers={"Retry-After": "5"})
    await request.app.state.runs.store.ready()
    return JSONResponse({"status": "ok"})


async def counts(request: Request, _: Annotated[Caller, Depends(allowed("admin"))]) -> Response:
    """What is counted, for Prometheus."""
    return Response(request.app.state.metrics.text(), media_type=metrics.CONTENT_TYPE)


async def about(request: Request, _: Annotated[Caller, Depends(allowed("read"))]) -> AboutTold:
    """What this server is, and what it has."""
    agents = request.app.state.runs.agents
    return AboutTold(
        version=__version__,
        models=list(agents.names),
        formats=[*build.FORMATS.split(", ")],
        isolation=request.app.state.isolation,
        limits=agents.settings.limits,
        tools=list(agents.tools),
    )


async def upload(
    request: Request,
    name: Annotated[str, Path(max_length=255)],
    _: Annotated[Caller, Depends(allowed("run"))],
) -> UploadTold:
    """Keep a file that runs can be given; what no run was given is removed after a day."""
    GivenFile(name, "")  # a name that a run could not be given
    content = await uploaded(request)
    digest = await request.app.state.runs.store.keep_file(content)
    return UploadTold(name=name, digest=digest, size=len(content))
