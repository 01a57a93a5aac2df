"""A model whose writing can be stopped from outside, so that a run ends and its session stays.

Invariant: stopped, it raises at once, wherever it is. It does not: write.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from codeact import errors
from codeact.notebook.stage import STOPPED
from codeact.protocols import Completion, Model, ModelRequest


class Stoppable:
    """A `Model` around another.

    Args:
        model: who writes.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._stopped = asyncio.Event()

    @property
    def name(self) -> str:
        """The other's."""
        return self._model.name

    @property
    def uses_grammar(self) -> bool:
        """The other's."""
        return self._model.uses_grammar

    @property
    def context_tokens(self) -> int | None:
        """The other's."""
        return getattr(self._model, "context_tokens", None)

    @property
    def tells_cost(self) -> bool:
        """The other's."""
        return bool(getattr(self._model, "tells_cost", True))

    @property
    def takes_native(self) -> bool:
        """The other's."""
        return bool(getattr(self._model, "takes_native", False))

    def stop(self) -> None:
        """End what is being written, and write nothing more until `resume`."""
        self._stopped.set()

    def resume(self) -> None:
        """Write again."""
        self._stopped.clear()

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """What the other writes.

        Raises:
            StoppedError: it was stopped.
            ModelError: of the other.
        """
        pieces = self._model.generate(request)
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            while True:
                piece = asyncio.ensure_future(anext(pieces, None))
                try:
                    await asyncio.wait({piece, stopped}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not piece.done():
                        await _cancelled(piece)
                if stopped.done():
                    raise errors.StoppedError(STOPPED)
                written = piece.result()
                if written is None:
                    return
                yield written
        finally:
            stopped.cancel()
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()

    async def aclose(self) -> None:
        """Free the other."""
        await self._model.aclose()


async def _cancelled(task: asyncio.Future[str | Completion | None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, errors.CodeactError):
        await task
