"""Everything that can happen in a run: one frozen, discriminated union. What events are made of is in `values`, and had from here too.

Invariant: an event is immutable and self-contained; the JSON of an event read back is equal to the event. Adding an optional
field keeps the version; anything else raises `SCHEMA_VERSION` and gets a migration. It does not: order events (`trajectory` does)
or act on them.
"""

import time
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, JsonValue, TypeAdapter

from codeact.values import MIME as MIME
from codeact.values import DisplayOutput as DisplayOutput
from codeact.values import ErrorOutput as ErrorOutput
from codeact.values import FileChange as FileChange
from codeact.values import LimitHit as LimitHit
from codeact.values import Limits as Limits
from codeact.values import Message as Message
from codeact.values import Output as Output
from codeact.values import Prices as Prices
from codeact.values import ResultOutput as ResultOutput
from codeact.values import State as State
from codeact.values import Status as Status
from codeact.values import StreamOutput as StreamOutput
from codeact.values import ToolSpec as ToolSpec
from codeact.values import Usage as Usage
from codeact.values import Value as Value
from codeact.values import Variable as Variable
from codeact.values import Variables as Variables

SCHEMA_VERSION = 1


class Event(Value):
    """Base of all events. `time` is in seconds since 1970. A transient event is shown as it happens and never written."""

    transient: ClassVar[bool] = False
    time: float = Field(default_factory=time.time)


class RunStarted(Event):
    """A run begins: everything that the rest depends on. `isolation` is the tier in force, `system` the system message.

    `model` is empty where somebody runs code by hand: a session and no agent. `owner` is whose run it is, where that is asked; `options` is
    what else it was begun with, for whoever goes on with it.
    """

    type: Literal["run_started"] = "run_started"
    run_id: str
    model: str
    format: str
    system: str
    isolation: str
    limits: Limits
    tools: tuple[ToolSpec, ...] = ()
    answer_schema: dict[str, JsonValue] | None = None
    parent: str | None = None
    environment: dict[str, str] = Field(default_factory=dict)
    owner: str = ""
    options: dict[str, JsonValue] = Field(default_factory=dict)


class TaskGiven(Event):
    """The user asks. A conversation has several in one trajectory. `files` are names in the workspace.

    `folders` are paths at which the session is shown folders of the host, where the model is told of them with this message.
    `digests` are the SHA-256 of the files, in hexadecimal, where their content is kept beside the record; empty where it is not.
    """

    type: Literal["task_given"] = "task_given"
    text: str
    files: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


class ModelDelta(Event):
    """A piece of the model's text as it is written; the whole is in `ModelTurn`."""

    transient: ClassVar[bool] = True
    type: Literal["model_delta"] = "model_delta"
    turn: int
    text: str


class ModelTurn(Event):
    """The model's whole message, its cost and timing. `turn` counts from 1 over the whole trajectory."""

    type: Literal["model_turn"] = "model_turn"
    turn: int
    text: str
    usage: Usage = Usage()
    finish: Literal["stop", "length", "cancelled"] = "stop"
    seconds: float = 0.0
    seconds_to_first_token: float = 0.0


class Action(Event):
    """What the turn asks to do. `thought` is the text before it.

    `code` is what is run. `tool` is the tool that the turn calls, if it was written as a call and not as code. `more`: another action
    of the same turn follows, and the model is shown what comes of all of them in one message.
    """

    type: Literal["action"] = "action"
    turn: int
    code: str
    thought: str = ""
    tool: str = ""
    more: bool = False


class StreamChunk(Event):
    """Output of a running action, as it comes; the whole is in `Observation`."""

    transient: ClassVar[bool] = True
    type: Literal["stream_chunk"] = "stream_chunk"
    turn: int
    name: Literal["stdout", "stderr"]
    text: str


class Observation(Event):
    """What came back of an action.

    `outputs` are in the order in which they happened. `text` is what the model was shown. `notice` says in a sentence what the status
    does not (which limit, what was lost). `state_lost`: the interpreter is a new one; `restored`: it is as it was before the action.
    `full_output` is the workspace file that holds output beyond the cap.
    """

    type: Literal["observation"] = "observation"
    turn: int = 0
    status: Status = "ok"
    outputs: tuple[Output, ...] = ()
    files: tuple[FileChange, ...] = ()
    text: str = ""
    seconds: float = 0.0
    notice: str = ""
    limit: LimitHit | None = None
    exit_code: int | None = None
    signal: int | None = None
    state_lost: bool = False
    restored: bool = False
    output_bytes: int = 0
    full_output: str | None = None

    @property
    def stdout(self) -> str:
        """All text written to standard output."""
        return "".join(o.text for o in self.outputs if isinstance(o, StreamOutput) and o.name == "stdout")

    @property
    def stderr(self) -> str:
        """All text written to standard error."""
        return "".join(o.text for o in self.outputs if isinstance(o, StreamOutput) and o.name == "stderr")

    @property
    def result(self) -> str | None:
        """Text of the last expression's value, None if there was none."""
        texts = [o.data.get("text/plain", "") for o in self.outputs if isinstance(o, ResultOutput)]
        return texts[-1] if texts else None

    @property
    def displays(self) -> tuple[MIME, ...]:
        """MIME bundles of displays and of the result, in order."""
        return tuple(o.data for o in self.outputs if isinstance(o, DisplayOutput | ResultOutput))

    @property
    def error(self) -> ErrorOutput | None:
        """What the action raised, if it raised."""
        return next((o for o in reversed(self.outputs) if isinstance(o, ErrorOutput)), None)


class ToolCalled(Event):
    """A call left the session (or the turn) for a tool on the host."""

    type: Literal["tool_called"] = "tool_called"
    turn: int
    call_id: str
    name: str
    arguments: dict[str, JsonValue]


class ToolReturned(Event):
    """The tool's value, or its error as text.

    Where `value` is only a `summary`, `sent` holds all of it, unless that is large: as in `codeact.tools.values`, binary parts in base64.
    """

    type: Literal["tool_returned"] = "tool_returned"
    turn: int
    call_id: str
    value: JsonValue = None
    summary: bool = False
    sent: tuple[JsonValue, tuple[str, ...]] | None = None
    error: str | None = None
    seconds: float = 0.0


class ApprovalAsked(Event):
    """The run waits for somebody's decision about an action or a call."""

    type: Literal["approval_asked"] = "approval_asked"
    turn: int
    approval_id: str
    subject: Literal["action", "call"]
    content: str


class ApprovalGiven(Event):
    """The decision; `content` is the edited text when it was edited. `for_run`: the like of it need not be asked again in this run."""

    type: Literal["approval_given"] = "approval_given"
    turn: int
    approval_id: str
    decision: Literal["allow", "edit", "deny"]
    content: str | None = None
    reason: str = ""
    for_run: bool = False


class CheckpointTaken(Event):
    """The session's state can be brought back by this mark."""

    type: Literal["checkpoint_taken"] = "checkpoint_taken"
    turn: int
    mark: str
    degraded: str = ""


class RolledBack(Event):
    """The session is as it was at the mark."""

    type: Literal["rolled_back"] = "rolled_back"
    turn: int
    mark: str


class Branched(Event):
    """Another run was started from this point of this one."""

    type: Literal["branched"] = "branched"
    turn: int
    child: str
    mark: str | None = None


class Feedback(Event):
    """Words from the agent to the model: a malformed action, an answer that does not validate, an action that was repeated for nothing.

    `rebuilt`: its session is another one, with what is different in it; that may come before anything is done about the latest turn.
    """

    type: Literal["feedback"] = "feedback"
    turn: int
    reason: Literal["malformed", "answer_rejected", "repeated", "rebuilt", "other"]
    text: str

    @property
    def refuses(self) -> bool:
        """Whether the model's message itself was not taken: nothing else of the run shows it."""
        return self.reason in ("malformed", "answer_rejected")


class LimitReached(Event):
    """A limit of the run was reached."""

    type: Literal["limit_reached"] = "limit_reached"
    turn: int
    limit: LimitHit


class Failed(Event):
    """An error of ours, typed by the boundary it crossed."""

    type: Literal["failed"] = "failed"
    turn: int
    boundary: str
    kind: str
    message: str


class Answered(Event):
    """The answer: as written, and validated when a type was asked for. `thought` is the text before it."""

    type: Literal["answered"] = "answered"
    turn: int
    text: str
    value: JsonValue = None
    thought: str = ""


class RunEnded(Event):
    """The run (or this round of a conversation) is over. `turns`, `usage` and `seconds` are those of the round."""

    type: Literal["run_ended"] = "run_ended"
    state: State
    reason: str = ""
    turns: int = 0
    usage: Usage = Usage()
    seconds: float = 0.0


_OfTheRun = RunStarted | TaskGiven | ModelDelta | ModelTurn | Action | StreamChunk | Observation | Feedback
_Others = ToolCalled | ToolReturned | ApprovalAsked | ApprovalGiven | CheckpointTaken | RolledBack | Branched
_OfTheEnd = LimitReached | Failed | Answered | RunEnded
AnyEvent = Annotated[_OfTheRun | _Others | _OfTheEnd, Field(discriminator="type")]
EVENT: TypeAdapter[Any] = TypeAdapter(AnyEvent)
"""Reads any event from JSON: `EVENT.validate_json(line)`."""
