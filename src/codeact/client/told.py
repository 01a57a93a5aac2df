"""What a server tells, as pydantic models.

Invariant: a field that is not known is passed over, so that a newer server can be asked too. It does not: say how it is asked.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from codeact import events


class Told(BaseModel):
    """Base of everything here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OpenQuestion(Told):
    """Something that somebody has to decide about, see `codeact.protocols.Question`; `id` is its number."""

    id: str
    subject: Literal["action", "call"]
    content: str
    tool: str = ""


class RunInfo(Told):
    """A run in short.

    `state` is ``running``, ``waiting`` for a decision, or one of `codeact.events.State`. `live`: it is worked on just now. Times in seconds
    since 1970, `cost` in dollars; `events` is how many there are.
    """

    id: str
    title: str
    model: str
    format: str
    state: str
    reason: str = ""
    answer: str | None = None
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    events: int = 0
    created: float = 0.0
    updated: float = 0.0
    parent: str | None = None
    live: bool = False
    questions: tuple[OpenQuestion, ...] = ()


class RunsPage(Told):
    """Runs, the newest first; `next` is where those after them begin."""

    runs: tuple[RunInfo, ...]
    next: str | None = None


class SessionInfo(Told):
    """A session in short. `state` is ``open``, ``asleep`` or ``busy``; times in seconds since 1970; `actions` is how many it has run."""

    id: str
    state: str = ""
    isolation: str = ""
    created: float = 0.0
    updated: float = 0.0
    actions: int = 0
    parent: str | None = None


class SessionsPage(Told):
    """All sessions."""

    sessions: tuple[SessionInfo, ...]


class FileInfo(Told):
    """A file of a workspace: its path in it, its size in bytes."""

    path: str
    size: int


class Files(Told):
    """The files of a workspace; `whole` is false if there are more."""

    files: tuple[FileInfo, ...]
    whole: bool = True


class Upload(Told):
    """A file that the server keeps, by the SHA-256 of its content."""

    name: str
    digest: str
    size: int


class Mark(Told):
    """A checkpoint."""

    mark: str


class Undone(Told):
    """What could not be put back, in a sentence; empty if all was."""

    notice: str = ""


class About(Told):
    """What a server is: its version and isolation, its models (the first is taken where none is named), its highest limits, its tools."""

    version: str
    isolation: str
    models: tuple[str, ...]
    formats: tuple[str, ...]
    limits: events.Limits
    tools: tuple[events.ToolSpec, ...] = ()
