"""What goes in and out of ``/v1/responses``, field by field.

Invariant: an answer can be read by OpenAI's own client; what else a request holds is ignored. It does not: fill anything in.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from codeact import events
from codeact.server.openai_face.chat_shapes import Origin, check_format, check_tools
from codeact.server.openai_face.talk import GivenMessage, Said, heard, refused

Status = Literal["in_progress", "completed", "incomplete", "failed", "cancelled"]
ItemStatus = Literal["in_progress", "completed", "incomplete"]
CodeStatus = Literal["in_progress", "interpreting", "completed", "incomplete", "failed"]

_OWN_TOOL = "code_interpreter"
_OWN_ITEMS = ("reasoning", "code_interpreter_call")


class GivenItem(GivenMessage):
    """Something that was said; items of earlier answers besides their messages are passed over."""

    type: str = "message"
    role: str = ""


class TextFormat(BaseModel):
    """How the answer is wanted."""

    model_config = ConfigDict(extra="ignore")

    format: dict[str, Any] | None = None


class ResponseRequest(BaseModel):
    """A request for an answer."""

    model_config = ConfigDict(extra="ignore")

    input: str | list[GivenItem]
    model: str | None = None
    instructions: str | None = None
    previous_response_id: str | None = None
    background: bool | None = None
    stream: bool | None = None
    store: bool | None = None
    max_output_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_logprobs: int | None = None
    tools: list[Any] | None = None
    text: TextFormat | None = None
    conversation: Any = None
    prompt: Any = None

    def check(self) -> None:
        """Look whether anything is asked for that is not to be had.

        Raises:
            FaultError: there is; its message says what to do.
        """
        check_tools(self.tools, "tools", own=(_OWN_TOOL,))
        check_format(self.text.format if self.text is not None else None, "text.format")
        if self.top_logprobs:
            raise refused("top_logprobs", "probabilities of tokens are not to be had of an answer: leave top_logprobs out")
        if self.conversation is not None:
            raise refused("conversation", "conversations are not kept by themselves: give previous_response_id, or what was said")
        if self.prompt is not None:
            raise refused("prompt", "there are no kept prompts: give instructions and input")

    def said(self) -> list[Said]:
        """Everything that is said by it.

        Raises:
            FaultError: something of it is not taken.
        """
        first = [Said("system", self.instructions)] if self.instructions else []
        if isinstance(self.input, str):
            return [*first, Said("user", self.input)]
        return [*first, *(self._heard(item, f"input.{number}") for number, item in enumerate(self.input) if item.type not in _OWN_ITEMS)]

    def _heard(self, item: GivenItem, where: str) -> Said:
        if item.type != "message":
            raise refused(where, f"items of the type {item.type!r} are not taken; give messages")
        return heard(item, where)


class SummaryText(BaseModel):
    """A thought."""

    type: Literal["summary_text"] = "summary_text"
    text: str


class ReasoningItem(BaseModel):
    """What the model thought before an action."""

    type: Literal["reasoning"] = "reasoning"
    id: str
    summary: list[SummaryText] = []
    status: ItemStatus = "in_progress"


class Logs(BaseModel):
    """Text that came of an action."""

    type: Literal["logs"] = "logs"
    logs: str


class Image(BaseModel):
    """A picture that came of an action; `url` holds all of it."""

    type: Literal["image"] = "image"
    url: str


class CodeItem(BaseModel):
    """An action; `container_id` is its run."""

    type: Literal["code_interpreter_call"] = "code_interpreter_call"
    id: str
    code: str = ""
    container_id: str
    outputs: list[Annotated[Logs | Image, Field(discriminator="type")]] = []
    status: CodeStatus = "in_progress"


class OutputText(BaseModel):
    """The answer's text."""

    type: Literal["output_text"] = "output_text"
    text: str = ""
    annotations: list[Any] = []
    logprobs: list[Any] = []


class MessageItem(BaseModel):
    """The answer."""

    type: Literal["message"] = "message"
    id: str
    role: Literal["assistant"] = "assistant"
    content: list[OutputText] = []
    status: ItemStatus = "in_progress"


Item = Annotated[ReasoningItem | CodeItem | MessageItem, Field(discriminator="type")]


class InputDetails(BaseModel):
    """More of the tokens that went in."""

    cached_tokens: int
    cache_write_tokens: int = 0


class OutputDetails(BaseModel):
    """More of the tokens that came out."""

    reasoning_tokens: int = 0


class ResponseUsage(BaseModel):
    """Tokens of all turns of the model that the answer took."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails = OutputDetails()
    total_tokens: int

    @classmethod
    def of(cls, usage: events.Usage) -> "ResponseUsage":
        """The same, in this shape."""
        return cls(
            input_tokens=usage.input_tokens,
            input_tokens_details=InputDetails(cached_tokens=usage.cached_tokens),
            output_tokens=usage.output_tokens,
            total_tokens=usage.input_tokens + usage.output_tokens,
        )


class ResponseFailure(BaseModel):
    """What failed."""

    code: Literal["server_error"] = "server_error"
    message: str


class Incomplete(BaseModel):
    """Why there is no answer; `limit` is the name of the run's limit."""

    reason: Literal["max_output_tokens", "max_messages"] | None = None
    limit: str | None = None


class Response(BaseModel):
    """An answer, and the steps to it."""

    id: str
    object: Literal["response"] = "response"
    created_at: float
    completed_at: float | None = None
    status: Status
    background: bool | None = None
    error: ResponseFailure | None = None
    incomplete_details: Incomplete | None = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    metadata: dict[str, str] = {}
    model: str
    output: list[Item] = []
    parallel_tool_calls: bool = False
    previous_response_id: str | None = None
    temperature: float | None = None
    tool_choice: Literal["auto"] = "auto"
    tools: list[Any] = []
    top_p: float | None = None
    truncation: Literal["disabled"] = "disabled"
    store: Literal[True] = True
    usage: ResponseUsage | None = None
    codeact: Origin


class Deleted(BaseModel):
    """What is said of a response that was deleted."""

    id: str
    object: Literal["response"] = "response"
    deleted: Literal[True] = True


class ResponseEvent(BaseModel):
    """A piece of an answer; what it holds besides goes by its type."""

    model_config = ConfigDict(extra="allow")

    type: str
    sequence_number: int
