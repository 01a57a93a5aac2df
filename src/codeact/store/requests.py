"""Requests that are done once, however often they are sent: each is kept in the transaction of the event by which it is done.

Invariant: a request is known exactly if its event is kept; it goes with its run. It does not: say when two requests are one (who names
them does).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from codeact import errors, events
from codeact.store.database import Database
from codeact.store.schema import REQUESTS


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for.

    Args:
        name: the same for what is the same request, SHA-256 in hexadecimal.
        body: SHA-256 of all that is asked for.
    """

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Known:
    """A request that was done.

    Args:
        body: as in `Request`.
        run_id: the run, or the record of a session, in which it was.
        number: of the event in it.
        answer: what was answered, where the record does not say it; None: it does, or it never was.
    """

    body: str
    run_id: str
    number: int
    answer: str | None


class Requests:
    """See the module's docstring.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._expected: dict[str, tuple[type[events.Event], Request]] = {}

    @contextmanager
    def expected(self, run_id: str, kind: type[events.Event], request: Request | None) -> Iterator[None]:
        """A block in which the next event of a kind is the one by which a request is done.

        Args:
            run_id: of the record that it comes in.
            kind: of the event.
            request: None: there is none.

        Raises:
            SessionBusyError: there is such a block.
        """
        if request is None:
            yield
            return
        if run_id in self._expected:
            raise errors.SessionBusyError("another request is being begun there: wait for its end")
        self._expected[run_id] = kind, request
        try:
            yield
        finally:
            self._expected.pop(run_id, None)

    def taken(self, run_id: str, event: events.AnyEvent) -> Request | None:
        """The request that is done by this event, which is about to be kept."""
        kind, request = self._expected.get(run_id, (None, None))
        if kind is None or not isinstance(event, kind):
            return None
        del self._expected[run_id]
        return request

    async def find(self, name: str) -> Known | None:
        """A request that was done; None: it was not.

        Args:
            name: as in `Request`.
        """
        columns = REQUESTS.c.body, REQUESTS.c.run_id, REQUESTS.c.number, REQUESTS.c.answer
        async with self._database.reading() as connection:
            row = (await connection.execute(select(*columns).where(REQUESTS.c.name == name))).one_or_none()
        return None if row is None else Known(*row)

    async def answer(self, name: str, text: str) -> None:
        """Keep what was answered to a request that was done."""
        async with self._database.writing() as connection:
            await connection.execute(update(REQUESTS).where(REQUESTS.c.name == name).values(answer=text))


def note(connection: Connection, request: Request | None, run_id: str, number: int) -> None:
    """Note that a request is done by an event, in that event's transaction; one that came to nothing may be done again.

    Args:
        connection: of the transaction.
        request: None: there is none.
        run_id, number: of the event.
    """
    if request is not None:
        connection.execute(delete(REQUESTS).where(REQUESTS.c.name == request.name))
        connection.execute(insert(REQUESTS).values(name=request.name, body=request.body, run_id=run_id, number=number))
