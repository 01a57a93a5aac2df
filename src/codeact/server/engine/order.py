"""What somebody asks a server for: a run, with what it may use.

Invariant: an order holds nothing that the record of its run does not; a run is gone on with by what its record holds. It does not: check
against the server's bounds (`agents` does).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pydantic_core

from codeact import errors, events
from codeact.protocols import Question

NOTHING = "nothing"
Ask = Literal["nothing", "actions", "calls", "all"]


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that is given to a run: its name in the workspace, and the SHA-256 by which the store keeps its content.

    Raises:
        InputError: the name is no plain file name; a copy of that name is written on the host.
    """

    name: str
    digest: str

    def __post_init__(self) -> None:
        """Check the name."""
        name = self.name
        if not name or name in (".", "..") or "/" in name or "\0" in name or len(os.fsencode(name)) > 255:
            raise errors.InputError(f"{name!r} is no plain file name")


@dataclass(frozen=True, slots=True)
class Order:
    """A run that is asked for.

    Args:
        task: the message.
        files: given with it.
        model: one of the server's names; None takes its first.
        format: of actions; None takes the server's.
        limits: fields of `events.Limits` that are to be lower than the server's.
        temperature, seed, max_tokens: for sampling; None takes the server's.
        ask: what somebody is asked about before it is done.
        earlier: messages of a conversation before this one, oldest first, that did not happen here: user, assistant and so on.
    """

    task: str
    files: tuple[GivenFile, ...] = ()
    model: str | None = None
    format: str | None = None
    limits: Mapping[str, float | None] = field(default_factory=dict)
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    ask: Ask = "nothing"
    earlier: tuple[events.Message, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """What the record of the run keeps of it, besides the model, the format and the limits."""
        named = {"temperature": self.temperature, "seed": self.seed, "max_tokens": self.max_tokens}
        return {"ask": self.ask, **{name: value for name, value in named.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class Onward:
    """How a branch goes on from its past.

    Args:
        message: what is said next.
        code: in place of the code of the turn.
        files: given with the message.

    Raises:
        InputError: neither or both of `message` and `code` are given, or files without a message.
    """

    message: str | None = None
    code: str | None = None
    files: tuple[GivenFile, ...] = ()

    def __post_init__(self) -> None:
        """Check that it is one of the two."""
        if (self.message is None) == (self.code is None):
            raise errors.InputError("a branch goes on with a message or with other code for its turn: give one of the two")
        if self.message is None and self.files:
            raise errors.InputError("files are given with a message: a branch with other code for its turn begins with those it had")


def is_asked(ask: str, question: Question) -> bool:
    """Whether somebody is to decide about it, where an order says so much."""
    return ask in ("all", f"{question.subject}s")


def is_unknown(question: Question) -> bool:
    """Whether it is about a call of which it is not known whether it was made: somebody is to decide about that, whatever was allowed."""
    return question.subject == "call" and "note" in pydantic_core.from_json(question.content)
