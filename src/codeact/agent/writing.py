"""One model turn being written: streamed, stopped at the closing tag, gone on with where the stop string did not count.

Invariant: whatever was written when it ends, by itself or cut off from outside, is in `event()`. It does not: understand the text.
"""

import dataclasses
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Literal, cast

from codeact import errors
from codeact.events import ModelDelta, ModelTurn, Usage
from codeact.protocols import ActionFormat, Completion, Model, ModelRequest

MOST_CONTINUATIONS = 3


class Writing:
    """A turn that a model writes.

    Args:
        model: who writes.
        action_format: says where a turn ends.
        turn: its number.
        on_delta: called with each piece as it is written.
    """

    def __init__(self, model: Model, action_format: ActionFormat, turn: int, on_delta: Callable[[ModelDelta], None]) -> None:
        self._model = model
        self._format = action_format
        self._on_delta = on_delta
        self._started = time.monotonic()
        self._first: float | None = None
        self.turn = turn
        self.text = ""
        self.usage = Usage()
        self.finish: Literal["stop", "length", "cancelled"] = "cancelled"

    async def write(self, request: ModelRequest) -> None:
        """Have the turn written.

        Raises:
            ModelError: of the model.
        """
        for left in reversed(range(MOST_CONTINUATIONS + 1)):
            completion = await self._generate(request)
            if completion.finish == "length":
                self.finish = "length"
                return
            if completion.stopped_by is None or left == 0 or not self._format.unfinished(self.text):
                self._close(completion.stopped_by)
                return
            self._add(completion.stopped_by)  # it stands in a string literal of the code: part of the text
            spent = request.max_tokens - completion.usage.output_tokens
            request = dataclasses.replace(request, prefix=self.text, max_tokens=max(1, spent))

    def event(self) -> ModelTurn:
        """The turn as it stands."""
        return ModelTurn(
            turn=self.turn,
            text=self.text,
            usage=self.usage,
            finish=self.finish,
            seconds=time.monotonic() - self._started,
            seconds_to_first_token=self._first or 0.0,
        )

    async def _generate(self, request: ModelRequest) -> Completion:
        before = self.text
        async with aclosing(_pieces(self._model, request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    self.text = before + piece.text
                    self.usage += piece.usage
                    return piece
                self._add(piece)
        raise errors.ModelError(f"the model {self._model.name!r} ended a turn without saying how; this is a defect of its adapter")

    def _close(self, stopped_by: str | None) -> None:
        """Give the text back what the stop string took away of it."""
        whole = self._format.complete(self.text, stopped_by)
        if whole != self.text:
            self._add(whole[len(self.text) :])
        self.finish = "stop"

    def _add(self, piece: str) -> None:
        if self._first is None:
            self._first = time.monotonic() - self._started
        self.text += piece
        self._on_delta(ModelDelta(turn=self.turn, text=piece))


async def _pieces(model: Model, request: ModelRequest) -> AsyncGenerator[str | Completion]:
    """What the model yields, every foreign failure typed; failures of whoever reads it are left as they are."""
    with errors.crossing("model"):
        stream = cast("AsyncGenerator[str | Completion]", model.generate(request))
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                yield piece
