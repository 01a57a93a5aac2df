"""The values that events are made of, and those that are told of a session without being events.

Invariant: a value is immutable and self-contained; the JSON of a value read back is equal to the value. It does not: happen (`events`
does).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

State = Literal["answered", "gave_up", "limit", "error", "cancelled"]
"""How a run ended."""

Status = Literal["ok", "error", "exit", "timeout", "interrupted", "memory", "crash", "killed", "lost"]
"""How an action ended: `ok`; `error`, it raised; `exit`, it asked to leave (`sys.exit`); `timeout`, a limit on seconds; `interrupted`
by the user; `memory`, a limit on memory; `crash`, its process died by itself; `killed` from outside; `lost`, the wire broke."""

MIME = dict[str, str]
"""A MIME bundle as in Jupyter: type to content; binary types (PNG, JPEG, PDF) hold base64."""


class Value(BaseModel):
    """Base of everything here: frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Message(Value):
    """One chat message, as a model's API takes it.

    `task`: a user's own words, and no reply to the turn before. `parts`: what came of each of several actions, if it is that. Both are for
    endpoints that have roles for it, and in no export.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    task: bool = Field(default=False, exclude=True)
    parts: tuple[str, ...] = Field(default=(), exclude=True)


class Usage(Value):
    """Tokens of one or more model turns. `cached_tokens` of the `input_tokens` came from the prompt cache; money in dollars."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        """Sum, field by field."""
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in Usage.model_fields})


class Prices(Value):
    """What tokens cost, in dollars a million. `cached` is of those that came from the prompt cache; None: as any other."""

    input: float
    output: float
    cached: float | None = None

    def of(self, usage: Usage) -> float:
        """Dollars that a model's turns cost.

        Args:
            usage: tokens of the turns.
        """
        cached = self.input if self.cached is None else self.cached
        read = (usage.input_tokens - usage.cached_tokens) * self.input + usage.cached_tokens * cached
        return (read + usage.output_tokens * self.output) / 1e6


class ToolSpec(Value):
    """What a model is shown of a tool, and its stub in a session is made of.

    `signature` is Python, ``name(x: int, *, n: int = 1) -> float``, ``async`` before it if calls are awaited. `parameters` is JSON schema.
    `definitions` is Python source of the classes that it names. `module` is where it is imported from below ``tools``, if from anywhere.
    """

    name: str
    signature: str
    description: str = ""
    parameters: dict[str, JsonValue] = {}
    definitions: str = ""
    module: str = ""


class Limits(Value):
    """Bounds of a run and of its session. None: no bound.

    turns, tokens (output tokens of the whole run), seconds and cost (dollars) of the run, malformed (unreadable model turns in a row),
    repeats (times in a row that an action fails just as the one before it did),
    action_seconds (wall clock of one action), memory_mb (all processes of the session), processes (alive at once),
    output_chars (of one observation, as the model sees it; a local model's are at most a quarter of the tokens that its context holds),
    disk_mb (workspace), file_mb (one file).
    """

    turns: int | None = 10
    tokens: int | None = None
    seconds: float | None = None
    cost: float | None = None
    malformed: int = 3
    repeats: int | None = 3
    action_seconds: float | None = 30.0
    memory_mb: int | None = 2048
    processes: int | None = 64
    output_chars: int = 8000
    disk_mb: int | None = 1024
    file_mb: int | None = 512


class StreamOutput(Value):
    """Text that the action wrote; neighbours of one stream are merged."""

    type: Literal["stream"] = "stream"
    name: Literal["stdout", "stderr"]
    text: str


class DisplayOutput(Value):
    """A rich display: `display(...)`, a figure."""

    type: Literal["display"] = "display"
    data: MIME


class ResultOutput(Value):
    """The value of the last expression."""

    type: Literal["result"] = "result"
    data: MIME


class ErrorOutput(Value):
    """What the action raised; `traceback` holds the user's frames only, plain text."""

    type: Literal["error"] = "error"
    name: str
    message: str
    traceback: str


Output = Annotated[StreamOutput | DisplayOutput | ResultOutput | ErrorOutput, Field(discriminator="type")]


class FileChange(Value):
    """A workspace file that the action made, changed or removed; `path` relative to the workspace, `size` in bytes."""

    path: str
    change: Literal["created", "modified", "deleted"]
    size: int = 0


class LimitHit(Value):
    """Which limit was hit and its value (in the unit of the field of `Limits` with that name)."""

    name: str
    value: float


_Count = Annotated[int, Field(ge=0, lt=1 << 63)]


class Variable(Value):
    """A variable of a session's code, as who looks on is told of it: as the session says, so that nothing in it can be trusted.

    `type` is the name of its class, with that of its values if it is an array or a column; `shape` that of an array or a table, and of what
    else has a length its length. `size` in bytes is its own, without what it refers to. `preview` is the beginning of its value.
    """

    name: Annotated[str, Field(max_length=100)]
    type: Annotated[str, Field(max_length=100)]
    shape: Annotated[tuple[_Count, ...], Field(max_length=64)] | None = None
    size: _Count | None = None
    preview: Annotated[str, Field(max_length=300)] = ""


class Variables(Value):
    """The variables of a session's code: values first, then functions and classes, then modules. `more`: how many there are besides."""

    variables: Annotated[tuple[Variable, ...], Field(max_length=200)] = ()
    more: _Count = 0
