"""A model seen through another: what looks at its turns, or writes some itself, and leaves the rest to it.

Invariant: what it says of itself is what the model inside says; closing it leaves the model to its owner. It does not: change a turn.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from codeact.protocols import Completion, Model, ModelRequest


class Face:
    """The face of a model.

    Args:
        model: the one inside.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    @property
    def uses_grammar(self) -> bool:
        """The model's."""
        return self._model.uses_grammar

    @property
    def context_tokens(self) -> int | None:
        """The model's; one that does not say knows of none."""
        return getattr(self._model, "context_tokens", None)

    @property
    def takes_native(self) -> bool:
        """The model's; one that does not say has no calls of its own."""
        return bool(getattr(self._model, "takes_native", False))

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """What the model writes."""
        async with aclosing(self._model.generate(request)) as pieces:  # type: ignore[type-var]  # every model's is a generator
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        """Nothing: the model inside is its owner's to close."""
