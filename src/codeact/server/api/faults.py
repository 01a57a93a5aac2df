"""How errors are told over HTTP: one shape, that of OpenAI's API, whose clients read it.

    {"error": {"message": "...", "type": "input", "code": "input_error", "param": null}}

Invariant: a message is one that codeact made for its user; what nobody foresaw is told without its text, which may hold anything. It does
not: log (`application` does).
"""

import re
import reprlib
from collections.abc import Mapping

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from codeact import errors


class Told(BaseModel):
    """What is told of an error."""

    message: str
    type: str
    code: str
    param: str | None = None


class Fault(BaseModel):
    """The body of every answer that is an error."""

    error: Told


class FaultError(Exception):
    """A request that is answered with an error.

    Args:
        status: of HTTP.
        message: what is wrong and what to do.
        code: a word for programs, for example ``not_found``.
        type: of whose making: ``input``, ``access``, ``busy`` or a boundary, see `codeact.errors`.
        param: the field that it is about.
        headers: more of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: str,
        *,
        type: str = "input",
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.told = Told(message=_sendable(message), type=type, code=code, param=None if param is None else _sendable(param))
        self.headers = dict(headers or {})


def not_found(what: str, name: str) -> FaultError:
    """There is none, or it is another's, which is told alike."""
    return FaultError(404, f"there is no {what} {name!r}", "not_found")


def busy(message: str, *, seconds: int = 1) -> FaultError:
    """The server, or the key, has as much to do as it may; worth another try after so many seconds."""
    return FaultError(429, message, "too_busy", type="busy", headers={"Retry-After": str(seconds)})


_STATUS: tuple[tuple[type[errors.CodeactError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.StoreUnavailableError, 503),
    (errors.ModelNotFoundError, 404),
    (errors.StoreError, 409),
    (errors.SessionBusyError, 409),
    (errors.CheckpointError, 409),
    (errors.SessionClosedError, 409),
    (errors.SessionError, 503),
    (errors.ModelUnavailableError, 503),
    (errors.ModelError, 502),
    (errors.ToolServerError, 502),
    (errors.InputError, 400),
)


def of_error(error: errors.CodeactError) -> FaultError:
    """The answer for an error of codeact's."""
    if isinstance(error, errors.UnexpectedError):
        return FaultError(
            500, f"unexpected {type(error.__cause__).__name__} at the {error.boundary} boundary", "unexpected", type=error.boundary
        )
    if isinstance(error, errors.BusyError):
        return busy(str(error), seconds=error.seconds)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {"Retry-After": "1"} if status == 503 else {}
    return FaultError(status, str(error), _code(type(error).__name__), type=error.boundary, headers=headers)


async def answer_fault(_: Request, error: Exception) -> JSONResponse:
    """The answer for a `FaultError`, an error of codeact's, or one of the framework's."""
    match error:
        case FaultError():
            fault = error
        case errors.CodeactError():
            fault = of_error(error)
        case RequestValidationError():
            fault = _invalid(error)
        case HTTPException():
            fault = FaultError(error.status_code, str(error.detail), _code(str(error.detail)), headers=error.headers)
        case _:
            fault = FaultError(500, "unexpected error of the server; its log has more", "unexpected", type="codeact")
    return JSONResponse(Fault(error=fault.told).model_dump(), fault.status, headers=fault.headers)


def _invalid(error: RequestValidationError) -> FaultError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0] if first["loc"] else "body")
    shown = reprlib.repr(first.get("input"))  # it may be large, and deep
    return FaultError(422, f"{where}: {first['msg']} (got {shown})", "invalid", param=where)


def _sendable(text: str) -> str:
    """The text with what UTF-8 cannot hold (half of a surrogate pair) escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _code(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
