"""The seams: what a model, an action format and a session are to everything else.

Invariant: the agent knows these and nothing concrete; `build` chooses what stands behind them. It holds no behaviour.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from codeact import events


@dataclass(frozen=True, slots=True)
class Function:
    """A function as an endpoint is told of it; `parameters` is the JSON schema of an object."""

    name: str
    description: str
    parameters: dict[str, Any]


class Native(Protocol):
    """Turns of a format as calls that an endpoint has in its own API, and back, at the border to it; recorded is the format's text."""

    @property
    def functions(self) -> Sequence[Function]:
        """What can be called."""
        ...

    @property
    def parallel(self) -> bool:
        """Whether a turn may have several calls."""
        ...

    def split(self, text: str) -> tuple[str, Sequence[tuple[str, str]]]:
        """The content and the calls (name, arguments as JSON) of a turn; a text that cannot be said in calls is all content."""
        ...

    def join(self, content: str, calls: Sequence[tuple[str, str]], state: Literal["streaming", "whole", "cut"]) -> str:
        """The turn as the format writes it.

        Args:
            content: what the model wrote before its calls, or, without any, for an answer.
            calls: names and arguments, as the endpoint sent them: nothing in them is checked.
            state: ``streaming``: more will come, and the text is what the whole is certain to start with, unless the arguments turn out
                unreadable; ``cut``: no more will come, since a limit was reached.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One request to a model.

    Args:
        messages: the whole conversation; each request of a run starts with the messages of the request before.
        stop: strings that end the generation; the model's text comes back without them.
        max_tokens: most tokens to write.
        temperature: 0 is greedy.
        seed: for sampling, where the model takes one.
        grammar: GBNF text that the output must match, for models with `uses_grammar`.
        prefix: start of the assistant's message, already written; the model goes on from there and returns what follows.
        cache_key: names the conversation (the run's id), for prompt caches.
        native: how turns become the endpoint's own calls, for models that are a `NativeModel`; None: turns are text.
    """

    messages: Sequence[events.Message]
    stop: Sequence[str] = ()
    max_tokens: int = 1024
    temperature: float = 0.0
    seed: int | None = None
    grammar: str | None = None
    prefix: str = ""
    cache_key: str = ""
    native: Native | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote, whole. `stopped_by` is the stop string that ended it, None if the model ended by itself."""

    text: str
    usage: events.Usage = field(default_factory=events.Usage)
    finish: Literal["stop", "length"] = "stop"
    stopped_by: str | None = None


@runtime_checkable
class Model(Protocol):
    """Who writes the turns."""

    @property
    def name(self) -> str:
        """As the user would write it, for example ``openai:gpt-5``."""
        ...

    @property
    def uses_grammar(self) -> bool:
        """Whether requests should carry the format's grammar."""
        ...

    def generate(self, request: ModelRequest) -> AsyncIterator[str | Completion]:
        """Yield pieces of text as they are written, then exactly one `Completion`.

        Closing the iterator early stops the generation at its source.

        Raises:
            ModelError: one of its kinds.
        """
        ...

    async def aclose(self) -> None:
        """Free what the model holds. A scripted model raises `ScriptError` if turns are left unused."""
        ...


@runtime_checkable
class NativeModel(Model, Protocol):
    """A model that heeds `ModelRequest.native`: its endpoint has calls of its own, or it writes what one with such calls wrote."""

    @property
    def takes_native(self) -> bool:
        """Whether it does so."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool as a model wrote it. Arguments are JSON values."""

    tool: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A model turn, understood: a thought, and either code to run, calls to make (in that order), or an answer."""

    thought: str
    code: str | None = None
    answer: str | None = None
    calls: tuple[Call, ...] = ()


@runtime_checkable
class Tool(Protocol):
    """Something on the host that a session's code can call."""

    @property
    def spec(self) -> events.ToolSpec:
        """What the model sees of it."""
        ...

    @property
    def limits(self) -> "ToolLimits":
        """What its calls may use."""
        ...

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Check the arguments and call it.

        Args:
            args, kwargs: plain values: JSON types, bytes, tuples, sets, dates, and mappings for objects.

        Raises:
            TypeError, ValueError: the arguments do not fit; the message says which, its value, and what would fit.
            Exception: whatever the tool itself raises.
        """
        ...


@runtime_checkable
class InlineTool(Protocol):
    """A tool that may also be called from the event loop, without waiting."""

    @property
    def inline(self) -> bool:
        """Whether it has to be called so."""
        ...

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The same as `Tool.acall`, at once."""
        ...


@dataclass(frozen=True, slots=True)
class ToolLimits:
    """What the calls of one tool may use.

    Args:
        calls: most calls in a run, None: any number.
        seconds: wall clock of one call, None: as long as the action may take.
        effect: a call changes something outside, and is not made again when its outcome is unknown.
    """

    calls: int | None = None
    seconds: float | None = None
    effect: bool = False


class ActionFormat(Protocol):
    """How an action is written."""

    @property
    def name(self) -> str:
        """``code``, ``json`` or ``text``."""
        ...

    @property
    def stop(self) -> Sequence[str]:
        """Stop strings for generation."""
        ...

    def system(self, tools: Sequence[events.ToolSpec] = (), answer_type: str = "") -> str:
        """The system message; `answer_type` describes the wanted answer in a phrase, empty for free text."""
        ...

    def grammar(self) -> str:
        """GBNF that admits a thought followed by one well-formed action or one answer."""
        ...

    def unfinished(self, text: str) -> bool:
        """Whether generation ended inside a string literal of the code (a stop string that does not count)."""
        ...

    def complete(self, text: str, stopped_by: str | None = None) -> str:
        """The text with its end, which the stop string took away; `stopped_by` comes back if it is an end that the text has no start of.

        A text that comes back unchanged is whole: it was not broken off inside an action or an answer.
        """
        ...

    def parse(self, text: str) -> Step:
        """Understand a turn.

        Raises:
            FormatError: it is neither an action nor an answer; `.feedback` is worded for the model.
        """
        ...

    def write(self, step: Step) -> str:
        """A turn as a model should write it: `parse` reads it back. Calls become code where actions are code."""
        ...

    def source(self, call: Call, tools: Sequence[events.ToolSpec] = ()) -> str:
        """The Python that makes a call, the same in every format.

        Args:
            call: as it was parsed.
            tools: the tools that there are, for those to be awaited or imported.
        """
        ...

    def show(self, observation: events.Observation, most: int) -> str:
        """The observation as the model is shown it, cut in the middle to `most` characters."""
        ...

    def native(self, tools: Sequence[events.ToolSpec] = ()) -> Native | None:
        """How its turns become an endpoint's own calls; None: they are text."""
        ...


OnOutput = Callable[[Literal["stdout", "stderr"], str], None]


class Session(Protocol):
    """Where actions run: a confined interpreter that keeps its state."""

    @property
    def isolation(self) -> str:
        """The tier in force: ``strict``, ``landlock`` or ``process``."""
        ...

    @property
    def workspace(self) -> Path:
        """The session's working directory, as the host sees it. Everything in it is the guest's: never follow its links."""
        ...

    async def arun(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> events.Observation:
        """Run an action to its end.

        Args:
            code: Python, as in a notebook cell.
            on_output: called with the stream's name and text while the action runs.
            timeout: seconds of wall clock; None takes the session's limit.

        Raises:
            SessionError: the session cannot go on. Whatever the code does is an observation, never an exception.
        """
        ...

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; nothing if none runs."""
        ...

    async def aadd_file(self, source: Path, name: str | None = None) -> str:
        """Copy a host file into the workspace; returns its name there.

        Raises:
            InputError: no such file, or a bad name.
        """
        ...

    async def aclose(self) -> None:
        """End the session and everything it started."""
        ...


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call as it comes from a session: nothing in it can be trusted.

    Args:
        tool: its name, after that of its module and a dot if it has one.
        args, kwargs: JSON, as `codeact.tools.values` reads it.
        parts: binary parts of the arguments.
        waiting: a context in which the action's time limit stands still (somebody decides).
    """

    tool: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    parts: Sequence[bytes]
    waiting: Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class CallReply:
    """What goes back: a value as JSON with binary parts, or the class name and message of an error."""

    value: Any = None
    parts: Sequence[bytes] = ()
    error: tuple[str, str] | None = None


class Calls(Protocol):
    """The host's end of the calls that a session's code makes."""

    @property
    def specs(self) -> Sequence[events.ToolSpec]:
        """The tools there are."""
        ...

    async def answer(self, request: CallRequest) -> CallReply:
        """Make a call. It raises nothing: what goes wrong is in the reply. Cancelled when the action that called is over."""
        ...


@runtime_checkable
class CallsAtOnce(Protocol):
    """What the host's end of calls may also be able to do."""

    def at_once(self, request: CallRequest) -> CallReply | None:
        """Make a call for which nobody has to wait, from the event loop; None: `Calls.answer` has to. It raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """Something that somebody has to allow: `content` is an action's code, or the call of `tool` as JSON: {"tool", "args", "kwargs"};
    `number` is that of the approval, as the record has it."""

    subject: Literal["action", "call"]
    number: str
    content: str
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a `Question`: `content` takes the place of the question's when it is ``edit``; `reason` is told to the model; `for_run`
    is for the record: whoever decides need not be asked about the like of it again in this run."""

    decision: Literal["allow", "edit", "deny"] = "allow"
    content: str | None = None
    reason: str = ""
    for_run: bool = False


Approve = Callable[[Question], Awaitable[Decision]]


@runtime_checkable
class Sparing(Protocol):
    """What an `Approve` may also be: one that asks nobody about some questions. These are allowed, and nothing is recorded of them."""

    def asks(self, question: Question) -> bool:
        """Whether somebody is asked about it."""
        ...


Verify = Callable[[str], Awaitable[str]]
"""Looks at an answer before it stands, while its session is open: words for the model why it does not, empty if it does."""
Settled = Callable[[], Awaitable[None]]
"""Waits until everything that was recorded so far is where it survives this process."""
Bridge = Callable[[Sequence[Tool], Callable[[Any], object], Callable[[], int], Approve | None, Settled | None], Calls]
"""Makes the host's end of a run's calls: of the tools, what takes the events, the number of the turn, and who decides."""
