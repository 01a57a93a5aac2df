"""pydantic-monty: a subset of Python in Rust, no packages, in worker processes; with a worker of its own, and with a worker used again."""

from pydantic_monty import CollectString, Monty, MontySession


class OpenMonty:
    """A session, and the pool that ends with it, if it has one of its own."""

    def __init__(self, session: MontySession, pool: Monty | None) -> None:
        self._session, self._pool = session, pool

    async def run(self, code: str) -> str:
        """As `Live.run`."""
        printed = CollectString()
        self._session.feed_run(code, print_callback=printed)
        return str(printed.output)

    async def close(self) -> None:
        """As `Live.close`."""
        self._session.__exit__(None, None, None)
        if self._pool is not None:
            self._pool.__exit__(None, None, None)


class PydanticMonty:
    """pydantic-monty.

    Args:
        reused: workers wait in a pool.
    """

    libraries = False
    together = 20
    slow = 2

    def __init__(self, *, reused: bool) -> None:
        self.name = f"pydantic-monty, {'reused' if reused else 'new'} worker"
        self._pool = Monty(min_processes=2, max_processes=self.together).__enter__() if reused else None

    async def rest(self) -> None:
        """Nothing."""

    async def renew(self) -> None:
        """Nothing: its workers are processes of its own."""

    async def open(self) -> OpenMonty:
        """A session in a worker of its own."""
        own = Monty(min_processes=1, max_processes=1).__enter__() if self._pool is None else None
        session = (self._pool or own or Monty()).checkout()
        return OpenMonty(session.__enter__(), own)

    async def close(self) -> None:
        """End the waiting workers."""
        if self._pool is not None:
            self._pool.__exit__(None, None, None)
