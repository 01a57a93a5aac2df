"""Files of a workspace on their way to a client: found by any name that a file may have, and never shown as a page of this server.

Invariant: whatever a file is called, its name adds nothing to a header, and a file that is not there is told of as such. It does not: open
files (`sandbox.workspace` does).
"""

import asyncio
import difflib
import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote

from fastapi import Response
from starlette.convertors import Convertor, register_url_convertor

from codeact import build, errors
from codeact.sandbox.workspace import files_in
from codeact.server.api.faults import FaultError

_MOST_NAMES = 300
_LONGEST_NAME = 100  # longer ones are compared by their beginnings: comparing takes the square of it


class _Whole(Convertor[str]):
    """The rest of an address as the path of a file, line ends too: at them the framework's own `path` stops."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("file", _Whole())
REST = "{path:file}"
"""The part of a route that takes the path of a file."""


def download(path: str, content: bytes) -> Response:
    """The answer that holds a file.

    Args:
        path: in the workspace.
        content: of the file.
    """
    headers = {"Content-Disposition": disposition(path, "attachment"), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def disposition(path: str, kind: Literal["attachment", "inline"]) -> str:
    """The header that names a file (RFC 6266): in ASCII for old clients, and whole, percent-encoded as RFC 5987 has it.

    Args:
        path: in the workspace.
        kind: whether it is kept or shown.
    """
    name = PurePosixPath(path).name
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"


async def content_of(session: build.Session, path: str) -> bytes:
    """The content of a file of a run's workspace.

    Args:
        session: of the run.
        path: in its workspace.

    Raises:
        FaultError: there is no such file.
        InputError: it cannot be read.
    """

    async def names() -> Iterable[str]:
        return (await asyncio.to_thread(files_in, session.workspace))[0]

    return await found(path, session.aread_file, names)


async def found(path: str, read: Callable[[str], Awaitable[bytes]], names: Callable[[], Awaitable[Iterable[str]]]) -> bytes:
    """The content of a file, read.

    Args:
        path: of the file.
        read: reads it.
        names: what there is, for the error.

    Raises:
        FaultError: there is no such file.
        InputError: it cannot be read.
    """
    try:
        return await read(path)
    except errors.InputError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        near = await asyncio.to_thread(nearest, path, await names())
        told = "and none with a name like it" if near is None else f"the nearest name is {near!r}"
        raise FaultError(404, f"there is no file {path!r} in the workspace; {told}", "not_found", param="path") from error


def nearest(path: str, names: Iterable[str]) -> str | None:
    """The path that is most like one that is not there: of the same name elsewhere, or written alike; None if there is none.

    Args:
        path: that is not there.
        names: paths that are; of very many some are looked at.
    """
    there = list(names)
    name = PurePosixPath(path).name.casefold()
    moved = (each for each in there if PurePosixPath(each).name.casefold() == name)
    if (same := min(moved, key=len, default=None)) is not None:
        return same
    cut = {each[:_LONGEST_NAME]: each for each in islice(there, _MOST_NAMES)}
    return next((cut[each] for each in difflib.get_close_matches(path[:_LONGEST_NAME], cut, n=1)), None)
