"""What goes in and out over the native API, as pydantic models: the source of its OpenAPI schema.

Invariant: nothing that a client sends is acted on unchecked; a field that is not known is refused, so that a misspelt one is not passed
over.
"""

from typing import Annotated, Any, Literal

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field

from codeact import events
from codeact.protocols import Question
from codeact.server.api.faults import Fault
from codeact.server.engine.live import LiveRun
from codeact.server.engine.order import Ask, GivenFile
from codeact.store.summary import RUNNING, WAITING, Summary

_FAULTS = {
    400: "Something of the request cannot be had",
    401: "No key, or not a right one",
    403: "The key has not the scope",
    404: "There is none, or it is another's",
    408: "The body came too slowly",
    409: "Not in this state",
    413: "Too large",
    422: "The request is not as it should be",
    429: "Too much is going on; the header Retry-After says when to try again",
    502: "The model, or a server of tools, failed",
    503: "Something is not available just now",
}
_TELLING: dict[str, Any] = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}}
"""What `model` comes to in the schema, without the validators that FastAPI builds for each route and status: hundreds at each start."""

FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, **({"model": Fault} if status == 400 else _TELLING)}  # one of them has to bring the schema itself
    for status, words in _FAULTS.items()
}

Text = Annotated[str, Field(max_length=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=255)]
OnceKey = Annotated[
    str | None, Header(max_length=255, alias="Idempotency-Key", description="Of the client's making: what is asked with it is done once.")
]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Strict(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileGiven(Strict):
    """A file that was uploaded: its name in the workspace, and the digest that the upload was answered with."""

    name: Name
    digest: Digest


class LimitsAsked(Strict):
    """Limits that are to be lower than the server's."""

    turns: int | None = Field(default=None, ge=1, le=10_000)
    tokens: int | None = Field(default=None, ge=1, le=10**9)
    seconds: float | None = Field(default=None, gt=0, le=10**9)
    cost: float | None = Field(default=None, gt=0, le=10**9)
    action_seconds: float | None = Field(default=None, gt=0, le=10**9)
    memory_mb: int | None = Field(default=None, ge=16, le=10**6)

    def given(self) -> dict[str, float | None]:
        """Those that were given."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class RunAsked(Strict):
    """A run that is asked for."""

    task: Annotated[Text, Field(min_length=1)]
    model: str | None = Field(default=None, description="One of the server's; its first if none is given.")
    format: Literal["code", "json", "text"] | None = None
    limits: LimitsAsked = Field(default_factory=LimitsAsked)
    temperature: float | None = Field(default=None, ge=0, le=10)
    seed: int | None = Field(default=None, ge=0, lt=2**32)
    max_tokens: int | None = Field(default=None, ge=1, le=10**6)
    ask: Ask = Field(default="nothing", description="What somebody is asked about before it is done.")
    files: Annotated[tuple[FileGiven, ...], Field(max_length=50)] = ()


class MessageAsked(Strict):
    """The next message of a conversation."""

    text: Annotated[Text, Field(min_length=1)]
    files: Annotated[tuple[FileGiven, ...], Field(max_length=50)] = ()


class DecisionAsked(Strict):
    """A decision about an open question."""

    decision: Literal["allow", "edit", "deny"]
    content: Text | None = Field(default=None, description="With `edit`: the code, or the call as JSON with `args` and `kwargs`.")
    reason: Annotated[str, Field(max_length=10_000)] = Field(default="", description="With `deny`: what the model is told.")
    for_run: bool = Field(default=False, description="The like of it is allowed for the rest of the run.")


class BranchAsked(Strict):
    """A branch: everything up to the end of a turn, and then another message, or other code for that turn."""

    turn: int = Field(ge=0, le=10**6)
    message: Annotated[Text, Field(min_length=1)] | None = None
    code: Annotated[Text, Field(min_length=1)] | None = None
    files: Annotated[tuple[FileGiven, ...], Field(max_length=50, description="Given with the message.")] = ()


class QuestionTold(BaseModel):
    """Something that somebody has to decide about."""

    id: str
    subject: Literal["action", "call"]
    content: str
    tool: str

    @classmethod
    def of(cls, question: Question) -> "QuestionTold":
        """As it is told."""
        return cls(id=question.number, subject=question.subject, content=question.content, tool=question.tool)


class RunTold(BaseModel):
    """A run in short. Times in seconds since 1970, `cost` in dollars.

    `live`: it is worked on just now. One that is `running` and not `live` waits to be gone on with after a restart of the server.
    """

    id: str
    title: str
    model: str
    format: str
    state: str
    reason: str
    answer: str | None
    turns: int
    input_tokens: int
    output_tokens: int
    cost: float
    events: int
    created: float
    updated: float
    parent: str | None
    live: bool
    questions: list[QuestionTold]

    @classmethod
    def of(cls, summary: Summary, live: LiveRun | None) -> "RunTold":
        """As it is told. `summary` may be read before `live` is looked at: whether it waits is said by the questions that are told."""
        told = {name: getattr(summary, name) for name in set(cls.model_fields) - {"live", "questions"}}
        asked = [QuestionTold.of(question) for question in live.open_questions] if live is not None else []
        if live is not None and summary.state in (RUNNING, WAITING):
            told["state"] = WAITING if asked else RUNNING
        return cls(**told, live=live is not None and live.works and not live.queued, questions=asked)


class RunsTold(BaseModel):
    """A page of runs, the newest first; `next` is the `cursor` of the next page."""

    runs: list[RunTold]
    next: str | None


class EventsTold(BaseModel):
    """A page of events, each with its `number`; `next` is the `after` of the next page."""

    events: list[dict[str, Any]]
    next: int | None


class FileTold(BaseModel):
    """A file of a workspace."""

    path: str
    size: int


class FilesTold(BaseModel):
    """The files of a workspace; `whole` is false if there are more."""

    files: list[FileTold]
    whole: bool


class UploadTold(BaseModel):
    """A file that is kept."""

    name: str
    digest: str
    size: int


class AboutTold(BaseModel):
    """What the server is."""

    version: str
    models: list[str]
    formats: list[str]
    isolation: str
    limits: events.Limits
    tools: list[events.ToolSpec]


def given(files: tuple[FileGiven, ...]) -> tuple[GivenFile, ...]:
    """Files as the engine takes them."""
    return tuple(GivenFile(file.name, file.digest) for file in files)
