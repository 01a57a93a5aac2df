"""Parts of agents under test: real sandboxed sessions, scripted models, and models that hang or fail."""

import asyncio
from collections.abc import AsyncGenerator

from codeact.events import Limits
from codeact.protocols import Calls, Completion, ModelRequest
from codeact.sandbox.session import Session


class Sessions:
    """Opens real sessions and remembers them, so that a test can see whether they were closed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.opened: list[Session] = []
        self._limits = limits if limits is not None else Limits(action_seconds=20.0)

    async def __call__(self, calls: Calls | None = None) -> Session:
        session = Session(limits=self._limits, preload=(), calls=calls)
        await session.astart()
        self.opened.append(session)
        return session


class SlowModel:
    """Writes a piece, sets `writing`, and then nothing more, until the generation is closed from outside."""

    name = "slow"
    uses_grammar = True

    def __init__(self) -> None:
        self.writing = asyncio.Event()
        self.stopped = False
        self.requests: list[ModelRequest] = []

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """One piece, and a wait without end."""
        self.requests.append(request)
        try:
            yield "I think"
            self.writing.set()
            await asyncio.Event().wait()
        finally:
            self.stopped = True

    async def aclose(self) -> None:
        """Nothing to free."""


class BrokenModel:
    """Writes a piece, and then fails with an exception of its own making."""

    name = "broken"
    uses_grammar = False

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """One piece, then the error."""
        yield "I th"
        raise self._error

    async def aclose(self) -> None:
        """Nothing to free."""
