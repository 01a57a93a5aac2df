"""What a server's answers mean: errors of codeact's tree from bodies of errors, values from others.

Invariant: every answer that is an error raises one of codeact's errors, with the server's own words where it has any; what is no server of
codeact's is told from one that fails. It does not: send anything.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from codeact import errors, events
from codeact.client.addresses import host_of

T = TypeVar("T", bound=BaseModel)

AWAY = frozenset({502, 503, 504})
"""Statuses of a server that is not there just now, if the body is not codeact's."""


class _Told(BaseModel):
    message: str
    type: str = ""
    code: str = ""


class _Fault(BaseModel):
    error: _Told


def read(kind: type[T], body: bytes | str, url: str) -> T:
    """The value in a body.

    Args:
        kind: what it has to be.
        body: JSON.
        url: of the server, for the message.

    Raises:
        ServerError: it is something else.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise not_understood(error, url) from None


def read_event(body: str, url: str) -> events.AnyEvent:
    """The event in a body.

    Raises:
        ServerError: it is none that this codeact knows.
    """
    try:
        return events.EVENT.validate_json(body)
    except ValidationError as error:
        raise not_understood(error, url) from None


def not_understood(error: ValidationError, url: str) -> errors.ServerError:
    """The error for an answer that is not what it has to be."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "its body"
    return errors.ServerError(
        f"{url} sent what this codeact does not understand ({where}: {first['msg']}); see that it is a codeact server of the same version"
    )


def error_of(status: int, headers: Mapping[str, str], body: bytes, url: str) -> errors.CodeactError:
    """The error that an answer stands for.

    Args:
        status: of HTTP, 300 or more.
        headers: of the answer.
        body: of the answer.
        url: of the server.
    """
    told = _told(body)
    if told is None:
        return _foreign(status, headers, url)
    if status in (401, 403):
        return errors.ServerAccessError(told.message)
    if status == 429 or told.code == "too_busy":
        return errors.ServerBusyError(told.message, retry_after(headers.get("retry-after")))
    if told.code == "not_found":
        return errors.NotFoundError(told.message)
    made = named(told.code, told.message)
    if made is not None:
        return made
    if status in AWAY:
        return errors.ServerUnavailableError(told.message)
    if told.type == errors.InputError.boundary:
        return errors.InputError(told.message)
    return errors.ServerError(f"{url} failed: {told.message}")


def is_told(body: bytes) -> bool:
    """Whether a body is codeact's word on an error."""
    return _told(body) is not None


def named(name: str, message: str) -> errors.CodeactError | None:
    """The error of codeact's tree that a server had; None if there is none of that name.

    Args:
        name: of its class, ``StoreError`` or ``store_error``.
        message: of the error.
    """
    make = _BY_NAME.get(_code(name))
    return None if make is None else make(message)


def retry_after(header: str | None) -> float:
    """Seconds of a `Retry-After` header, which holds seconds or a date; 1 if it cannot be read."""
    try:
        if header is None:
            return 1.0
        if header.strip().isdecimal():
            return float(header)
        date = parsedate_to_datetime(header)
        return max(0.0, (date - datetime.now(date.tzinfo or UTC)).total_seconds()) if date.tzinfo else 1.0
    except ValueError:
        return 1.0


def _told(body: bytes) -> _Told | None:
    try:
        return _Fault.model_validate_json(body).error
    except ValidationError:
        return None


def _foreign(status: int, headers: Mapping[str, str], url: str) -> errors.CodeactError:
    """The error for an answer of something that is not a codeact server."""
    if 300 <= status < 400:
        where = host_of(headers.get("location", ""))
        return errors.ServerError(
            f"{url} leads on to {where!r} ({status}); the key is not taken there: give the address of the server itself"
        )
    kind = headers.get("content-type", "no type").partition(";")[0]
    said = f"{url} answered {status} ({kind}), and not as a codeact server does"
    if status in (401, 403):
        return errors.ServerAccessError(f"{said}: what stands before it wants something else than codeact's key")
    if status == 429:
        return errors.ServerBusyError(f"{said}; try again later", retry_after(headers.get("retry-after")))
    if status in AWAY:
        return errors.ServerUnavailableError(f"{said}: it is not there just now; try again later")
    return errors.ServerError(f"{said}; check the address")


def _tree(kind: type[errors.CodeactError]) -> Iterator[type[errors.CodeactError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _tree(below)


def _code(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


_BY_NAME: dict[str, Callable[[str], errors.CodeactError]] = {_code(kind.__name__): kind for kind in _tree(errors.CodeactError)}
_MADE_OTHERWISE: dict[str, Callable[[str], Any]] = {
    "missing_extra_error": errors.InputError,  # it is missing there, not here
    "trajectory_corrupt_error": errors.TrajectoryError,
    "tool_server_error": lambda message: errors.ToolServerError(message, ""),
    "unexpected_error": errors.ServerError,
}
_BY_NAME.update(_MADE_OTHERWISE)
