"""What a line of the table of awkward tools is.

Invariant: a case holds all that is expected of one tool, word for word. It does not: call anything.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """Arguments of a call, as a session sends them."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As in code."""
        return ", ".join([*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())])


def call(*args: Any, **kwargs: Any) -> Given:
    """The arguments of a call."""
    return Given(args, kwargs)


@dataclass(frozen=True, slots=True)
class Case:
    """One tool.

    Args:
        kind: what is awkward about it, in a few words; unique.
        make: gives what `as_tools` is given; anew, since it may have state.
        signature, description: as the model sees them.
        right: a call that works.
        gives: the wire value of what it gives.
        wrong: a call that does not.
        error: class and message of what that raises; of the call, or of making its value a wire value.
        defines: names of the classes that the session is given.
        parts: binary parts of what it gives.
    """

    kind: str
    make: Callable[[], Any]
    signature: str
    description: str
    right: Given
    gives: Any
    wrong: Given
    error: tuple[type[Exception], str]
    defines: tuple[str, ...] = ()
    parts: tuple[bytes, ...] = ()
