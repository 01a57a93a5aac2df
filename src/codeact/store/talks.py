"""Where conversations stand whose clients send all of them each time and no id: the run, and the message that was answered last.

Invariant: a place goes with its run. It does not: know what was said (its digest is given).
"""

from sqlalchemy import delete, insert, select

from codeact.store.database import Database
from codeact.store.schema import TALKS


class Talks:
    """See the module's docstring.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, digest: str, run_id: str, number: int) -> None:
        """Keep where a conversation stands.

        Args:
            digest: SHA-256 of what was said, in hexadecimal.
            run_id: of the run.
            number: of its message that was answered last.

        Raises:
            StoreUnavailableError: it cannot be kept, or there is no such run.
        """
        async with self._database.writing() as connection:
            await connection.execute(delete(TALKS).where(TALKS.c.digest == digest))
            await connection.execute(insert(TALKS).values(digest=digest, run_id=run_id, number=number))

    async def find(self, digest: str) -> tuple[str, int] | None:
        """The run of a conversation, and the number of its message that was answered last; None: it is not known."""
        wanted = select(TALKS.c.run_id, TALKS.c.number).where(TALKS.c.digest == digest)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else (row.run_id, row.number)
