"""What goes in and out of ``/v1/chat/completions``, field by field.

Invariant: an answer can be read by OpenAI's own client; what else a request holds is ignored. It does not: fill
anything in.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from codeact import events
from codeact.server.openai_face.talk import GivenMessage, refused

Show = Literal["reasoning", "content", "answer"]
Finish = Literal["stop", "length"]


class StreamOptions(BaseModel):
    """How a stream is wanted."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = None


class Extras(BaseModel):
    """What OpenAI's API has no field for. `show`: where the steps to the answer are shown, folded, in the answer, or nowhere."""

    model_config = ConfigDict(extra="forbid")

    show: Show = "reasoning"


class ChatRequest(BaseModel):
    """A request for an answer."""

    model_config = ConfigDict(extra="ignore")

    messages: list[GivenMessage] = Field(min_length=1)
    model: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = None
    n: int | None = None
    stop: str | list[str] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: dict[str, Any] | None = None
    codeact: Extras = Extras()

    def check(self) -> None:
        """Look whether anything is asked for that is not to be had.

        Raises:
            FaultError: there is; its message says what to do.
        """
        check_tools(self.tools, "tools")
        check_tools(self.functions, "functions")
        check_format(self.response_format, "response_format")
        if self.n not in (None, 1):
            raise refused("n", f"{self.n} answers to one request are not to be had: ask for each by itself")
        if self.stop:
            raise refused("stop", "stop strings are not taken: the agent's turns end by their format")
        if self.logprobs or self.top_logprobs:
            raise refused("logprobs", "probabilities of tokens are not to be had of an answer: leave logprobs out")


def check_tools(tools: list[Any] | None, param: str, *, own: tuple[str, ...] = ()) -> None:
    """Look whether the client brings tools.

    Args:
        tools: of the request.
        param: their field.
        own: types of tools that the agent has anyhow.

    Raises:
        FaultError: it does.
    """
    if any(not isinstance(tool, Mapping) or tool.get("type") not in own for tool in tools or ()):
        raise refused(param, f"the agent runs its own tools, and none of the client's: leave {param} out")


def check_format(format: Mapping[str, Any] | None, param: str) -> None:
    """Look whether the answer is wanted in a format.

    Raises:
        FaultError: it is.
    """
    kind = (format or {}).get("type", "text")
    if kind != "text":
        raise refused(param, f"answers are text: {param} {kind!r} cannot be kept; ask for it in the message")


class PromptTokens(BaseModel):
    """More of the tokens that went in."""

    cached_tokens: int


class ChatUsage(BaseModel):
    """Tokens of all turns of the model that the answer took."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptTokens

    @classmethod
    def of(cls, usage: events.Usage) -> "ChatUsage":
        """The same, in this shape."""
        return cls(
            prompt_tokens=usage.input_tokens,
            completion_tokens=usage.output_tokens,
            total_tokens=usage.input_tokens + usage.output_tokens,
            prompt_tokens_details=PromptTokens(cached_tokens=usage.cached_tokens),
        )


class Origin(BaseModel):
    """The run behind an answer, and how it stands."""

    run_id: str
    state: str


class AnswerMessage(BaseModel):
    """The answer, and the steps to it."""

    role: Literal["assistant"] = "assistant"
    content: str
    reasoning_content: str | None = None
    refusal: None = None


class Choice(BaseModel):
    """The one answer there is."""

    index: int = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Finish


class ChatCompletion(BaseModel):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: ChatUsage
    system_fingerprint: None = None
    codeact: Origin


class Delta(BaseModel):
    """What has come of the answer; written without the fields that are empty."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    reasoning_content: str | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if value is not None}


class ChunkChoice(BaseModel):
    """The one answer there is, as far as this piece goes."""

    index: int = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Finish | None = None


class ChatChunk(BaseModel):
    """A piece of an answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: ChatUsage | None = None
    system_fingerprint: None = None
    codeact: Origin
