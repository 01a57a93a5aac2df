"""Limits that fit a model's context.

Invariant: no limit is raised. It does not: count tokens.
"""

from typing import Protocol, runtime_checkable

from codeact.events import Limits
from codeact.protocols import Model


@runtime_checkable
class BoundedModel(Protocol):
    """A model that knows how long a conversation may be."""

    @property
    def context_tokens(self) -> int | None:
        """Most tokens of a conversation; None: not known."""
        ...


def fitted(limits: Limits, model: Model) -> Limits:
    """The limits, with a lower `output_chars` if the context is small, so that no observation takes more than a quarter of it.

    A character may be a token: digits are, in many models.
    """
    context = model.context_tokens if isinstance(model, BoundedModel) else None
    if context is None or limits.output_chars <= context // 4:
        return limits
    return limits.model_copy(update={"output_chars": context // 4})
