"""Contents of files that runs are given, each kept once, under its SHA-256.

Invariant: a content that a run refers to is there, and so is one that was given a moment ago and that no run refers to yet; what nothing
refers to can be dropped. It does not: know names of files (events do).
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Double, String, delete, exists, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from codeact import errors
from codeact.store.database import Database, patiently
from codeact.store.schema import BLOBS, RUN_FILES, storable

MOST_BYTES = 64 * 1024 * 1024
"""Of one file."""

_LOOSE = ~exists().where(RUN_FILES.c.sha256 == BLOBS.c.sha256)


class Files:
    """Kept contents.

    Args:
        database: open.
        patience: seconds for which a database that went away is waited for.
    """

    def __init__(self, database: Database, patience: float) -> None:
        self._database = database
        self._patience = patience

    async def keep(self, content: bytes) -> str:
        """Keep a content, if it is not kept yet; returns its SHA-256 in hexadecimal.

        Raises:
            InputError: it is too large.
            StoreUnavailableError: it cannot be kept.
        """
        if len(content) > MOST_BYTES:
            raise errors.InputError(f"a file of {len(content):,} bytes is too large to be kept: {MOST_BYTES:,} bytes (64 MiB) are the most")
        digest = (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()

        async def write(_: int) -> None:
            async with self._database.writing() as connection:
                await _write(connection, digest, content)

        await patiently(self._patience, write)
        return digest

    async def read(self, digest: str) -> bytes:
        """A kept content.

        Args:
            digest: its SHA-256.

        Raises:
            StoreError: it is not kept, or the database stays away.
        """
        wanted = select(BLOBS.c.data).where(BLOBS.c.sha256 == storable(digest))

        async def look(_: int) -> bytes | None:
            async with self._database.reading() as connection:
                return (await connection.execute(wanted)).scalar_one_or_none()

        found = await patiently(self._patience, look)
        if found is None:
            raise errors.StoreError(f"no file with the SHA-256 {digest!r} is kept in {self._database.shown}: give the file again")
        return found

    async def drop_loose(self, seconds: float) -> int:
        """Drop contents that no run refers to and that were last given longer ago than this; returns how many."""
        async with self._database.writing() as connection:
            return await _drop(connection, BLOBS.c.created < time.time() - seconds)


def refer(connection: Connection, run_id: str, digests: Sequence[str], when: float) -> None:
    """Note that a run was given contents; one that is not kept (the run happened elsewhere) is passed over."""
    for digest in dict.fromkeys(map(storable, digests)):
        noted = exists().where(RUN_FILES.c.run_id == run_id, RUN_FILES.c.sha256 == digest)
        found = select(literal(run_id, String), BLOBS.c.sha256, literal(when, Double)).where(BLOBS.c.sha256 == digest, ~noted)
        found = found.with_for_update(read=True, key_share=True, of=BLOBS)  # nobody drops it meanwhile
        connection.execute(insert(RUN_FILES).from_select(["run_id", "sha256", "created"], found))


async def drop_of(connection: AsyncConnection, given: Sequence[tuple[str, float]]) -> None:
    """Drop what a removed run was given and nothing else refers to.

    Args:
        connection: in whose transaction the run was removed.
        given: SHA-256, and when the run was given it; what was given again later is somebody's who may not have used it yet.
    """
    for digest, when in sorted(given):
        await _drop(connection, (BLOBS.c.sha256 == digest) & (BLOBS.c.created <= when))


async def _write(connection: AsyncConnection, digest: str, content: bytes) -> None:
    """Write a content, or note that it was given now."""
    now = time.time()
    again = await connection.execute(update(BLOBS).where(BLOBS.c.sha256 == digest).values(created=now))
    if again.rowcount:
        return
    made = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(BLOBS)
    made = made.values(sha256=digest, size=len(content), created=now, data=content)
    await connection.execute(made.on_conflict_do_update(index_elements=[BLOBS.c.sha256], set_={"created": now}))


async def _drop(connection: AsyncConnection, wanted: ColumnElement[bool]) -> int:
    """Drop those of the contents that nothing refers to: they are locked first, so that none is referred to in between."""
    locked = select(BLOBS.c.sha256).where(wanted, _LOOSE).order_by(BLOBS.c.sha256).with_for_update()
    digests = (await connection.execute(locked)).scalars().all()
    return (await connection.execute(delete(BLOBS).where(BLOBS.c.sha256.in_(digests), wanted, _LOOSE))).rowcount if digests else 0
