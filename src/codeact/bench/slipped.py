"""A model whose first turn is a mistake that the suite put into its mouth: `slipped:NAME`. What it does about it is its own.

`slipped:slipped:NAME` makes the same mistake twice before it does anything about it, as small models do.

Invariant: the mistake is run as any action, so that what the model is shown of it is real; a task for which the suite knows no mistake is
done without one. It does not: grade, or make mistakes up.
"""

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

from codeact.bench.face import Face
from codeact.bench.suite import Suite
from codeact.bench.task import Task
from codeact.protocols import ActionFormat, Completion, Model, ModelRequest, Step

SLIPPED = "slipped:"


def inner_name(name: str) -> str:
    """The name without ``slipped:``."""
    return name[len(SLIPPED) * times(name) :]


def times(name: str) -> int:
    """How often a model of that name makes its mistake."""
    count = 0
    while name.startswith(SLIPPED, count * len(SLIPPED)):
        count += 1
    return count


def slip_of(suite: Suite, task: Task, format: ActionFormat, repeat: int) -> Step | None:
    """The mistake for one attempt; None if there is none.

    Args:
        suite, task: which.
        format: in which it will be written.
        repeat: changes which of several it is.
    """
    return suite.slip(task, format.name, random.Random(f"slip|{suite.name}|{task.id}|{repeat}"))


class Slipped(Face):
    """The model.

    Args:
        inner: who writes all turns but the first.
        slip: the text of the first; empty: the model inside writes that too.
        times: how many turns the mistake is made in, one after another.
    """

    def __init__(self, inner: Model, slip: str, times: int = 1) -> None:
        super().__init__(inner)
        self._slip = slip
        self._times = times

    @property
    def name(self) -> str:
        """The model's, after `SLIPPED`."""
        return SLIPPED * self._times + super().name

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """The mistake, then what the model inside writes."""
        if self._slip and sum(message.role == "assistant" for message in request.messages) < self._times:
            yield self._slip
            yield Completion(self._slip)
            return
        async with aclosing(super().generate(request)) as pieces:
            async for piece in pieces:
                yield piece
