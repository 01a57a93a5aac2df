"""Limits that fit a model: its context, and what is known of its prices.

Invariant: no limit is raised, and none is taken that could not be kept. It does not: count tokens or dollars.
"""

from typing import Protocol, runtime_checkable

from codeact import errors
from codeact.events import Limits
from codeact.protocols import Model


@runtime_checkable
class BoundedModel(Protocol):
    """A model that knows how long a conversation may be."""

    @property
    def context_tokens(self) -> int | None:
        """Most tokens of a conversation; None: not known."""
        ...


@runtime_checkable
class PricedModel(Protocol):
    """A model whose turns may cost money."""

    @property
    def tells_cost(self) -> bool:
        """Whether what a turn cost is in its `Usage`."""
        ...


def fitted(limits: Limits, model: Model) -> Limits:
    """The limits, with a lower `output_chars` if the context is small, so that no observation takes more than a quarter of it.

    A character may be a token: digits are, in many models.

    Raises:
        InputError: the limits bound dollars, and what the model costs is not known.
    """
    if limits.cost is not None and isinstance(model, PricedModel) and not model.tells_cost:
        raise errors.InputError(
            f"limits.cost = {limits.cost:g} cannot be kept: what {model.name!r} costs is not known; "
            "set price_input and price_output (dollars a million tokens), or bound tokens in place of dollars"
        )
    context = model.context_tokens if isinstance(model, BoundedModel) else None
    if context is None or limits.output_chars <= context // 4:
        return limits
    return limits.model_copy(update={"output_chars": context // 4})
