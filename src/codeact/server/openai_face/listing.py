"""``GET /v1/models``: the models that the agent can be asked for by.

Invariant: every model that is listed can be named in a request, and no other. It does not: list what a model's endpoint has besides.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from codeact import errors
from codeact.server.api.access import Caller, allowed
from codeact.server.api.shapes import FAULTS
from codeact.server.engine.runs import Runs

Runner = Annotated[Caller, Depends(allowed("run"))]


class Model(BaseModel):
    """A model that the agent can be asked for by; nobody knows when it was made."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["codeact"] = "codeact"


class Models(BaseModel):
    """All of them, the default first."""

    object: Literal["list"] = "list"
    data: list[Model]


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/v1/models", tags=["openai"], responses=FAULTS)
    made.get("")(listed)
    made.get("/{model:path}")(look)
    return made


async def listed(request: Request, _: Runner) -> Models:
    """All models, the default first."""
    runs: Runs = request.app.state.runs
    return Models(data=[Model(id=name) for name in runs.agents.names])


async def look(request: Request, model: str, _: Runner) -> Model:
    """One model."""
    runs: Runs = request.app.state.runs
    if model not in runs.agents.names:
        raise errors.ModelNotFoundError(f"this server has no model {model!r}; it has: {', '.join(runs.agents.names)}")
    return Model(id=model)
