"""Files of this machine on their way to a server.

Invariant: a run is given the content as it was when it was read here. It does not: keep anything.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from codeact import errors
from codeact.client import addresses
from codeact.client.told import Upload
from codeact.client.wire import Wire


async def read(source: str | Path) -> bytes:
    """The content of a file of this machine.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return await asyncio.to_thread(Path(source).read_bytes)
    except OSError as error:
        raise errors.InputError(f"cannot read the file {str(source)!r}: {error.strerror or error}") from error


async def uploaded(wire: Wire, files: Iterable[str | Path]) -> list[dict[str, str]]:
    """Files as a run is given them, kept by the server.

    Args:
        wire: to the server.
        files: paths on this machine; each keeps its own name.

    Raises:
        InputError: one cannot be read, or is too large.
        ServerError: the server could not take it.
    """
    given = []
    for file in map(Path, files):
        content = await read(file)
        kept = await wire.ask(Upload, "PUT", addresses.path("files", file.name), content=content, repeats=True)
        given.append({"name": file.name, "digest": kept.digest})
    return given
