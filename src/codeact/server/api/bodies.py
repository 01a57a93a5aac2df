"""The body of an uploaded file, as it comes."""

from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from codeact.server.api.faults import FaultError
from codeact.server.api.guard import MOST_FILE

UPLOAD: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
"""How a schema tells of it."""


async def uploaded(request: Request) -> bytes:
    """The body of a request, as far as it may be large.

    Raises:
        FaultError: it is larger, or the client went away.
    """
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > MOST_FILE:
        raise _too_large()
    parts = bytearray()
    try:
        async for part in request.stream():
            parts += part
            if len(parts) > MOST_FILE:
                raise _too_large()
    except ClientDisconnect as error:
        raise FaultError(400, "the body ended before its end", "cut_short") from error
    return bytes(parts)


def _too_large() -> FaultError:
    return FaultError(413, f"the file is larger than {MOST_FILE} bytes", "too_large", headers={"Connection": "close"})
