"""What a task and its score are: the line of `tasks.jsonl`, and what a check says of an answer.

Invariant: what is read is checked, unknown fields included. It does not: hold code; `suite` finds the tools and checks that a task names.
"""

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from codeact.events import Value

CHECKS = ("exact", "number", "set", "list", "json", "regex", "contains")
"""Checks that need no code of the suite's own; see `codeact.bench.checks`."""

PYTHON = "python:"


def _known_check(check: str) -> str:
    if check in CHECKS or (check.startswith(PYTHON) and check.removeprefix(PYTHON).isidentifier()):
        return check
    raise ValueError(f"there is no check {check!r}; write one of: {', '.join(CHECKS)}, or {PYTHON}NAME of a function in checks.py")


def _inside(path: str) -> str:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or not path:
        raise ValueError(f"the path {path!r} leads out of the folder files/; write one that is relative to it")
    return path


class Tolerance(Value):
    """How far a number may be from the one that is wanted: `rel` times that number, or `abs`, whichever is more."""

    rel: float = Field(default=1e-6, ge=0)
    abs: float = Field(default=0.0, ge=0)


class Task(Value):
    """One task.

    Args:
        id: unique in its suite.
        prompt: what the agent is told.
        messages: what it is told after that, one at a time, each when its answer to the one before was right; each answer is graded.
        tools: names of those that it may call; None: all that the suite has.
        files: of the suite's folder `files/`, copied into the workspace.
        answer: the right one, in the form that the check takes.
        check: one of `CHECKS`, or ``python:NAME``.
        tolerance: of numbers; None: the default.
        formats: in which it can be done at all; None: in all that the suite has.
        tags: the first is the task's domain, by which reports are broken down.
        data: anything else that the suite's own code needs.
    """

    id: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    messages: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    tools: tuple[str, ...] | None = None
    files: tuple[Annotated[str, AfterValidator(_inside)], ...] = ()
    answer: JsonValue = None
    check: Annotated[str, AfterValidator(_known_check)] = "exact"
    tolerance: Tolerance | None = None
    formats: tuple[Literal["code", "json", "text"], ...] | None = None
    tags: tuple[str, ...] = ()
    data: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The first tag, ``all`` if there is none."""
        return self.tags[0] if self.tags else "all"


class Score(Value):
    """What a check says.

    Args:
        success: the answer is right.
        value: between 0 and 1, for checks that give parts; 1 and 0 otherwise.
        reason: why it is not right, in a sentence, for whoever reads the report; the model is never told.
    """

    success: bool
    value: float = Field(ge=0, le=1)
    reason: str = ""

    @classmethod
    def of(cls, success: bool, reason: str = "") -> "Score":
        """All or nothing; `reason` counts only for a failure."""
        return cls(success=success, value=float(success), reason="" if success else reason)
