"""What goes in and out of the routes of sessions, as pydantic models: the source of their OpenAPI schema.

Invariant: a field that is not known is refused, so that a misspelt one is not passed over. It does not: check against the server's bounds
(`engine.sessions` does).
"""

from typing import Literal

from pydantic import BaseModel, Field

from codeact.server.api.shapes import Strict, Text
from codeact.server.engine.sessions import Glance


class SessionLimitsAsked(Strict):
    """Limits that are to be lower than the server's."""

    action_seconds: float | None = Field(default=None, gt=0, le=10**9)
    memory_mb: int | None = Field(default=None, ge=16, le=10**6)
    processes: int | None = Field(default=None, ge=1, le=10**6)
    output_chars: int | None = Field(default=None, ge=100, le=10**7)
    disk_mb: int | None = Field(default=None, ge=1, le=10**7)
    file_mb: int | None = Field(default=None, ge=1, le=10**7)


class SessionAsked(Strict):
    """A session that is asked for."""

    limits: SessionLimitsAsked = Field(default_factory=SessionLimitsAsked)


class ActionAsked(Strict):
    """An action that is to be run. `timeout` in seconds: the session's own limit counts if it is less."""

    code: Text
    timeout: float | None = Field(default=None, gt=0, le=10**9, allow_inf_nan=False)
    stream: bool = Field(default=False, description="Text as it comes, as server-sent events; the observation is the last of them.")


class MarkAsked(Strict):
    """The checkpoint that is meant; none: as the route says."""

    mark: str | None = Field(default=None, max_length=64, description="Of a checkpoint.")


class SessionTold(BaseModel):
    """A session in short. `busy`: it runs an action; `asleep`: it wakes when it is used. Times in seconds since 1970."""

    id: str
    state: Literal["open", "asleep", "busy"]
    isolation: str
    created: float
    updated: float
    actions: int
    parent: str | None

    @classmethod
    def of(cls, glance: Glance) -> "SessionTold":
        """As it is told."""
        summary = glance.summary
        return cls(
            id=summary.id,
            state=glance.state,
            isolation=glance.isolation,
            created=summary.created,
            updated=max(summary.created, summary.updated),
            actions=glance.actions,
            parent=summary.parent,
        )


class SessionsTold(BaseModel):
    """Sessions, the newest first."""

    sessions: list[SessionTold]


class WrittenTold(BaseModel):
    """A file that was written: its path in the workspace, its size in bytes."""

    path: str
    size: int


class MarkTold(BaseModel):
    """A checkpoint that was taken."""

    mark: str


class UndoneTold(BaseModel):
    """What could not be put back, in a sentence; empty if all was."""

    notice: str
