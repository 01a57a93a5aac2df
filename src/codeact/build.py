"""Settings to live objects: names of models, formats and sessions become what they stand for.

Invariant: it is the only module that names concrete classes; everything else takes what it is given. It does not: run anything, or
read a setting when it is imported.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from codeact import config, errors, events, protocols
from codeact.agent import loop
from codeact.agent.conversation import Run
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.models import pinned
from codeact.models.context import fitted
from codeact.models.local import LocalModel, fastest
from codeact.models.openai_api import OpenAIModel
from codeact.models.replay import ReplayModel, ScriptModel
from codeact.sandbox.session import PRELOAD, Session
from codeact.sync import Closeable
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools
from codeact.tools.loading import load
from codeact.tools.mcp_client import McpServers
from codeact.tools.recorded import RecordedCalls
from codeact.trajectory import Trajectory

__all__ = ["Agent", "Run", "Session", "Toolbox", "agent", "format", "local_models", "model", "open_session", "pull_model", "recorded_calls"]

OnProgress = Callable[[int, int], None]
OnSession = Callable[[Session], None]
OnNote = Callable[[str], None]
Record = Callable[[events.AnyEvent], object]

FORMATS = "code, json, text"
MODELS = "local, local:base, local:PATH.gguf, local:MODEL+ADAPTER.gguf, openai:NAME, replay:FILE, script:FILE"


def model(
    name: str,
    *,
    base_url: str | None = None,
    grammar: bool | None = None,
    prices: events.Prices | None = None,
    slots: int = 1,
    written: int = 0,
    on_progress: OnProgress | None = None,
) -> protocols.Model:
    """The model that a name stands for. Nothing is loaded or asked yet.

    Args:
        name: one of the forms in `MODELS`; ``local:base`` is the local model without our adapter.
        base_url: address of an OpenAI-compatible server, for `openai:NAME`.
        grammar: whether it is held to the format's grammar; None: local models are, others not.
        prices: of `openai:NAME`; None: not known.
        slots: requests that a local model computes at once.
        written: turns of a script or a recorded run that were written before.
        on_progress: told of the fetch of the local model's weights, in bytes done and in all.

    Raises:
        InputError: the name has another form, or its file cannot be read.
        ModelAuthError: there is no key for OpenAI's own server.
    """
    kind, _, rest = name.partition(":")
    match kind:
        case "local" if rest or name == "local":
            path, lora = _weights(rest)
            return LocalModel(path, lora=lora, base=rest == "base", slots=slots, uses_grammar=grammar is not False, on_progress=on_progress)
        case "openai" if rest:
            return OpenAIModel(rest, base_url=base_url, uses_grammar=grammar is True, prices=prices)
        case "replay" if rest:
            return ReplayModel.from_file(rest).after(written)
        case "script" if rest:
            return ScriptModel.from_file(rest).after(written)
        case _:
            raise errors.InputError(f"no model is called {name!r}; write one of: {MODELS}")


def _weights(rest: str) -> tuple[str | None, str | None]:
    """The files that stand behind ``local:``: of the model, None for the pinned one, and of an adapter on top."""
    if rest in ("", "base"):
        return None, None
    if rest.startswith("base+"):
        return None, rest.removeprefix("base+")
    path, plus, lora = rest.partition(".gguf+")
    return (f"{path}.gguf", lora) if plus else (rest, None)


def format(name: str, *, native: bool = False) -> protocols.ActionFormat:
    """The action format that a name stands for.

    Args:
        name: one of `FORMATS`.
        native: its turns become the endpoint's own calls.

    Raises:
        InputError: there is none of that name, or it has no native calls.
    """
    match name:
        case "code":
            return CodeFormat(native=native)
        case "json":
            return JsonFormat(native=native)
        case "text" if native:
            raise errors.InputError(
                "the format 'text' has no native calls: take the format code or json, or leave native out (--no-native)"
            )
        case "text":
            return TextFormat()
        case _:
            raise errors.InputError(f"no format is called {name!r}; write one of: {FORMATS}")


async def open_session(settings: config.Settings, calls: protocols.Calls | None = None) -> Session:
    """A started session; close it with `aclose`, or use it as an async context manager.

    Args:
        settings: all of them.
        calls: who answers the calls of tools that its code makes; None: there are no tools.

    Raises:
        InputError: a folder cannot be shown.
        IsolationError: the isolation that is set cannot be had here.
        SessionError: it cannot start.
    """
    session = Session(
        limits=settings.limits,
        isolation=settings.isolation,
        preload=PRELOAD if settings.preload is None else settings.preload,
        calls=calls,
        python=settings.python,
        folders=settings.folders,
    )
    try:
        await session.astart()
    except BaseException:
        await session.aclose()
        raise
    return session


class Toolbox(Closeable):
    """What code can call: tools given as objects, those that the settings name, and those of MCP servers, which it starts and ends.

    Args:
        settings: all of them; `tools` and `mcp` count.
        given: see `codeact.tools.function.as_tools`; text is the name of something to load.
        on_note: told what happens to servers.

    Raises:
        InputError: something named cannot be loaded or is no tool, or two have one name.
        ToolServerError: a server cannot be started.
    """

    def __init__(self, settings: config.Settings, given: Iterable[Any] = (), on_note: OnNote | None = None) -> None:
        objects = given if isinstance(given, str) else [load(one) if isinstance(one, str) else one for one in given]
        made = as_tools([*as_tools(objects), *map(load, settings.tools)])
        self._servers = McpServers(settings.mcp, on_note=on_note) if settings.mcp is not None else None
        try:
            self.tools = as_tools([*made, *(self._servers.tools if self._servers is not None else ())])
        except BaseException:
            self.close()
            raise

    def calls(
        self, record: Record, turn: Callable[[], int] = lambda: 0, approve: protocols.Approve | None = None
    ) -> protocols.Calls | None:
        """The host's end of the calls of one session; None without tools. Arguments as of `Bridge`."""
        return Bridge(self.tools, record, turn, approve) if self.tools else None

    async def aclose(self) -> None:
        """End the servers."""
        if self._servers is not None:
            await self._servers.aclose()

    def close(self) -> None:
        """Sync face of `aclose`."""
        if self._servers is not None:
            self._servers.close()


def recorded_calls(recorded: Iterable[events.AnyEvent], record: Record, turn: Callable[[], int]) -> protocols.Calls | None:
    """What answers calls from the record of a run; None if the run had no tools. Arguments as of `RecordedCalls`."""
    calls = RecordedCalls(recorded, record, turn)
    return calls if calls.specs else None


def agent(
    settings: config.Settings,
    *,
    model: protocols.Model | None = None,
    tools: Iterable[Any] = (),
    toolbox: Toolbox | None = None,
    approve: protocols.Approve | None = None,
    verify: protocols.Verify | None = None,
    answer_type: Any = None,
    on_progress: OnProgress | None = None,
    on_session: OnSession | None = None,
    on_note: OnNote | None = None,
) -> loop.Agent:
    """The agent that the settings describe.

    Args:
        settings: all of them.
        model: who writes the turns; None: the one that the settings name.
        tools: what the code can call, see `codeact.tools.function.as_tools`.
        toolbox: what it can call, in place of `tools` and of what the settings name; it stays its maker's to close.
        approve: asked before each action and each call of a tool; None: all are allowed.
        verify: asked about each answer before it stands, see `codeact.protocols.Verify`.
        answer_type: type of the answer, checked by pydantic; None for free text.
        on_progress: see `model`.
        on_session: told of each session that is opened.
        on_note: told what happens to MCP servers.

    Raises:
        InputError: a name in the settings stands for nothing, or the answer type cannot be checked.
        ToolServerError: an MCP server cannot be started.
    """
    model = named(settings, on_progress=on_progress) if model is None else model
    rest = _rest(settings, model, tools, approve, answer_type, toolbox=toolbox, on_session=on_session, on_note=on_note)
    return loop.Agent(model, verify=verify, **rest)


def _rest(
    settings: config.Settings,
    model: protocols.Model,
    tools: Iterable[Any],
    approve: protocols.Approve | None,
    answer_type: Any,
    *,
    toolbox: Toolbox | None = None,
    on_session: OnSession | None = None,
    on_note: OnNote | None = None,
) -> dict[str, Any]:
    """What an agent takes besides its model."""
    settings = settings.model_copy(update={"limits": fitted(settings.limits, model)})
    if settings.native and settings.grammar:
        raise errors.InputError("grammar and native exclude each other: a grammar is of text, and native calls are none; leave one out")
    action_format = format(settings.format, native=settings.native)
    box = Toolbox(settings, tools, on_note) if toolbox is None else toolbox  # last of what may fail: it starts servers

    async def opened(calls: protocols.Calls | None) -> Session:
        session = await open_session(settings, calls)
        if on_session is not None:
            on_session(session)
        return session

    return {
        "format": action_format,
        "open_session": opened,
        "tools": box.tools,
        "owned": (box,) if toolbox is None else (),
        "bridge": Bridge,
        "approve": approve,
        "limits": settings.limits,
        "answer_type": answer_type,
        "temperature": settings.temperature,
        "seed": settings.seed,
        "max_tokens": settings.max_tokens,
    }


class Agent(loop.Agent):
    """An agent made of names. What is not given is taken from the settings (files and environment), see `codeact.config`.

    Args:
        model: a name (`local`, `local:base`, `local:PATH.gguf`, `openai:NAME`, `replay:FILE`, `script:FILE`) or a model of your own.
        tools: what the code can call: functions, methods, objects, modules; or text that names them, see `codeact.tools.loading`.
        mcp: file of MCP servers, whose tools the code can call; they run until `close`.
        approve: asked before each action and each call of a tool, see `codeact.protocols.Question`; None: all are allowed.
        verify: asked about each answer before it stands, see `codeact.protocols.Verify`; what it takes counts for no limit.
        format: how an action is written: `code`, `json` or `text`.
        limits: bounds of each run and its session.
        answer_type: type of the answer, checked by pydantic; None for free text.
        base_url: address of an OpenAI-compatible server.
        grammar: whether the model is held to the format's grammar; None: local models are, others not.
        native: whether actions are the endpoint's own calls of functions, for `openai:NAME`.
        isolation, preload, python, folders: of the session, see `Session`.
        temperature, seed: for sampling; max_tokens: most of one turn.
        on_progress: told of the fetch of the local model's weights, in bytes done and in all.
        on_note: told what happens to MCP servers.

    Raises:
        InputError: a name stands for nothing, a setting does not fit, or the answer type cannot be checked.
        ToolServerError: an MCP server cannot be started.
    """

    def __init__(
        self,
        model: str | protocols.Model | None = None,
        *,
        tools: Iterable[Any] = (),
        mcp: str | Path | None = None,
        approve: protocols.Approve | None = None,
        verify: protocols.Verify | None = None,
        format: str | None = None,
        limits: events.Limits | None = None,
        answer_type: Any = None,
        base_url: str | None = None,
        grammar: bool | None = None,
        native: bool | None = None,
        isolation: Literal["auto", "strict", "landlock", "process"] | None = None,
        preload: Sequence[str] | None = None,
        python: str | Path | None = None,
        folders: Sequence[str | Path] | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
        on_progress: OnProgress | None = None,
        on_note: OnNote | None = None,
    ) -> None:
        settings = config.load(
            mcp=mcp,
            model=model if isinstance(model, str) else None,
            format=format,
            limits=limits,
            base_url=base_url,
            grammar=grammar,
            native=native,
            isolation=isolation,
            preload=None if preload is None else tuple(preload),
            python=python,
            folders=folders,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
        )
        if model is None or isinstance(model, str):
            model = named(settings, on_progress=on_progress)
        super().__init__(model, verify=verify, **_rest(settings, model, tools, approve, answer_type, on_note=on_note))

    async def arun(
        self, task: str, *, files: Sequence[Path] = (), trajectory: Trajectory | None = None, save: str | Path | None = None
    ) -> Run:
        """Do one task on a session of its own.

        Args:
            task: what to do.
            files: host files to copy into the session's workspace.
            trajectory: where to record it; None keeps it in memory, or in the file `save`.
            save: file to record it in, made anew.

        Raises:
            InputError: the task or a file is unusable; a run that fails is a `Run` with a typed state.
        """
        if save is None:
            return await super().arun(task, files=files, trajectory=trajectory)
        if trajectory is not None:
            raise errors.InputError(f"both a trajectory and save={str(save)!r} are given; give one of them")
        with contextlib.closing(Trajectory(save)) as made:
            return await super().arun(task, files=files, trajectory=made)

    def run(self, task: str, *, files: Sequence[Path] = (), trajectory: Trajectory | None = None, save: str | Path | None = None) -> Run:
        """Sync face of `arun`."""
        return self._runner.call(self.arun(task, files=files, trajectory=trajectory, save=save))


def named(of: config.Settings, name: str | None = None, **more: Any) -> protocols.Model:
    """The model of that name, or else of the settings, which say more of it; `more` is as in `model`."""
    return model(name or of.model, base_url=of.base_url, grammar=of.grammar, prices=of.prices, slots=of.slots, **more)


def local_models() -> list[pinned.ModelFile]:
    """The models that need no server, and whether their weights are here."""
    return pinned.list_models()


def pull_model(name: str, on_progress: OnProgress | None = None) -> Path:
    """Fetch a local model's weights if they are not here, check their checksum, and make the form that is fastest. Blocks.

    Args:
        name: as `local_models` has it.
        on_progress: told of bytes done and bytes in all.

    Raises:
        InputError: no such model.
        ModelError: the weights cannot be fetched, or are not the pinned ones.
    """
    names = [one.name for one in pinned.list_models()]
    if name not in names:
        raise errors.InputError(f"there is no model {name!r} to fetch; there is: {', '.join(names)}")
    path = pinned.ensure(on_progress=on_progress, verify=True)
    with contextlib.suppress(errors.MissingExtraError):  # weights can be fetched first; whoever uses them is told what is missing
        fastest(path, pinned.find_adapter())
    return path
