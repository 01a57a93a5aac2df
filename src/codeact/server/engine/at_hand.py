"""Files that a run is given, brought from the store to where its session can take them.

Invariant: what was written for that is gone when they were taken. It does not: give them.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from codeact.server.engine.order import GivenFile
from codeact.store.kept import Store


@asynccontextmanager
async def at_hand(store: Store, files: Sequence[GivenFile]) -> AsyncIterator[Sequence[Path]]:
    """A block in which kept files are there, each under its name.

    Args:
        store: that has their content.
        files: that are wanted.

    Raises:
        StoreError: the content of one is not kept.
    """
    if not files:
        yield ()
        return
    with tempfile.TemporaryDirectory(prefix="codeact-") as folder:
        paths = [Path(folder) / given.name for given in files]
        for given, path in zip(files, paths, strict=True):
            content = await store.file(given.digest)
            await asyncio.to_thread(path.write_bytes, content)
        yield paths
