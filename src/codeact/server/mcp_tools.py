"""The tools of the sandbox: their names, what a model is told of them, their arguments, and what each does in a client's room.

Invariant: whatever the arguments and the code, a call has a result; what went wrong is its text. It does not: know how a client is
connected.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from mcp import types
from mcp.server.context import ServerRequestContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codeact import errors
from codeact.config import Settings
from codeact.events import Observation
from codeact.sandbox.isolation import folder_names
from codeact.sandbox.session import PRELOAD
from codeact.server import mcp_results
from codeact.server.rooms import House, Room

Context = ServerRequestContext[House, Any]

_MOST_LISTED = 1000
_TELL_SECONDS = 0.5
_MOST_TOLD = 2000


class Arguments(BaseModel):
    """Base of all arguments: strict about unknown names."""

    model_config = ConfigDict(extra="forbid")


class RunPython(Arguments):
    """See `TOOLS`."""

    code: Annotated[str, Field(description="Python, as in a notebook cell.")]
    timeout: Annotated[float | None, Field(default=None, gt=0, description="Seconds; the session's own limit holds all the same.")]


class ReadFile(Arguments):
    """See `TOOLS`."""

    path: Annotated[str, Field(description="Path relative to the workspace.")]


class WriteFile(Arguments):
    """See `TOOLS`."""

    path: Annotated[str, Field(description="Path relative to the workspace; folders on the way are made.")]
    content: Annotated[str, Field(description="The whole content.")]
    encoding: Annotated[Literal["utf-8", "base64"], Field(default="utf-8", description="base64 for what is no text.")]


@dataclass(frozen=True, slots=True)
class Call:
    """A call on its way: whose room, what the client gave, how to tell it of progress."""

    room: Room
    context: Context
    settings: Settings


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as clients see it, and what it does."""

    description: str
    arguments: type[Arguments]
    do: Callable[[Call, Any], Awaitable[types.CallToolResult]]
    changes: Literal["nothing", "session", "everything"]
    result: type[BaseModel] | None = None


class Telling:
    """Passes on text as progress while an action runs, if the client asked to be told.

    Args:
        context: of the call.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._text = ""
        self._wanted = context.meta is not None and context.meta.get("progress_token") is not None

    async def during(self, room: Room, arguments: RunPython) -> Observation:
        """Run the action."""
        if not self._wanted:
            return await room.run(arguments.code, timeout=arguments.timeout)
        teller = asyncio.ensure_future(self._tell())
        try:
            return await room.run(arguments.code, timeout=arguments.timeout, on_output=self._hear)
        finally:
            teller.cancel()

    def _hear(self, _: str, text: str) -> None:
        self._text = (self._text + text)[-_MOST_TOLD:]

    async def _tell(self) -> None:
        count = 0
        while True:
            await asyncio.sleep(_TELL_SECONDS)
            text, self._text = self._text, ""
            if text:
                count += 1
                await self._context.session.report_progress(count, message=mcp_results.harmless(text))


async def _run_python(call: Call, arguments: RunPython) -> types.CallToolResult:
    observation = await Telling(call.context).during(call.room, arguments)
    return await asyncio.to_thread(mcp_results.ran, observation, call.settings.limits.output_chars)


async def _reset(call: Call, _: Arguments) -> types.CallToolResult:
    await call.room.reset()
    return mcp_results.said("This is a new session: the variables, imports and files of the one before are gone.")


async def _undo(call: Call, _: Arguments) -> types.CallToolResult:
    remark = await call.room.undo()
    return mcp_results.said(f"Variables and files are as they were before the latest action. {remark}".strip())


async def _list_files(call: Call, _: Arguments) -> types.CallToolResult:
    files, whole = await call.room.files()
    lines = [f"{path} ({size} bytes)" for path, size in list(files.items())[:_MOST_LISTED]]
    if len(files) > len(lines) or not whole:
        lines.append(f"[only the first {len(lines)} files are listed; look for others with run_python]")
    return mcp_results.said("\n".join(lines) if lines else "[the workspace is empty]")


async def _read_file(call: Call, arguments: ReadFile) -> types.CallToolResult:
    return mcp_results.read(arguments.path, await call.room.read(arguments.path))


async def _write_file(call: Call, arguments: WriteFile) -> types.CallToolResult:
    try:
        encode = arguments.content.encode if arguments.encoding == "utf-8" else lambda: base64.b64decode(arguments.content, validate=True)
        data = encode()
    except (UnicodeEncodeError, binascii.Error) as error:
        raise errors.InputError(f"the content is not {arguments.encoding}: {error}") from error
    observation = await call.room.write(arguments.path, data)
    if observation.status != "ok":
        return mcp_results.ran(observation, call.settings.limits.output_chars).model_copy(update={"structured_content": None})
    return mcp_results.said(f"Wrote {len(data)} bytes to {arguments.path}. {observation.notice}".strip())


TOOLS = {
    "run_python": Tool(
        "Run Python in a sandbox that keeps its state, as cells of a notebook do: variables, imports and files stay from call to call, "
        "the value of the last expression is shown without print, figures come back as images, top-level await works. "
        "There is no network, and of the computer only a workspace, which is the working directory{folders}. {libraries}"
        "Limits: {limits}. Longer output is cut in the middle, and the whole of it is in a file that the result names. "
        "An error comes back as a traceback, and the session goes on.",
        RunPython,
        _run_python,
        "session",
        mcp_results.Ran,
    ),
    "reset": Tool("Begin anew: a new session, without the variables and files of this one.", Arguments, _reset, "everything"),
    "undo": Tool("Take back the latest run_python or write_file: variables and files as they were before it.", Arguments, _undo, "session"),
    "list_files": Tool("The files in the workspace, with their sizes.", Arguments, _list_files, "nothing"),
    "read_file": Tool(
        "Read a file of the workspace: text as text, an image as an image, anything else in base64. "
        f"At most {mcp_results.MOST_READ >> 20} MB; of larger files, read parts with run_python.",
        ReadFile,
        _read_file,
        "nothing",
    ),
    "write_file": Tool("Make or replace a file in the workspace.", WriteFile, _write_file, "session"),
}


def offered(settings: Settings) -> list[types.Tool]:
    """The tools as a client is told of them.

    Args:
        settings: what the descriptions tell of limits, libraries and folders.
    """
    folders = ", ".join(folder_names(settings.folders))
    shown = f", and, to be read only, these folders: {folders}" if folders else ""
    words = {"libraries": _libraries(settings), "limits": _limits(settings), "folders": shown}
    return [
        types.Tool(
            name=name,
            description=tool.description.format(**words),
            input_schema=tool.arguments.model_json_schema(),
            output_schema=tool.result.model_json_schema(mode="serialization") if tool.result is not None else None,
            annotations=types.ToolAnnotations(
                read_only_hint=tool.changes == "nothing",
                destructive_hint=tool.changes == "everything",
                idempotent_hint=tool.changes != "session",
                open_world_hint=False,
            ),
        )
        for name, tool in TOOLS.items()
    ]


async def answer(call: Call, name: str, given: dict[str, Any]) -> types.CallToolResult:
    """Make a call; what goes wrong is in the result."""
    tool = TOOLS[name]
    try:
        return await tool.do(call, tool.arguments.model_validate(given))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False, include_input=False)
        )
        return mcp_results.said(f"The arguments of {name} do not fit: {faults}", is_error=True)
    except errors.CodeactError as error:
        return mcp_results.said(f"{name}: {error}", is_error=True)


def _libraries(settings: Settings) -> str:
    """What can be imported besides the standard library, as far as it is known: an interpreter of the user's may have anything."""
    wanted = [name.split(".")[0] for name in (PRELOAD if settings.preload is None else settings.preload)]
    known = [name for name in dict.fromkeys(wanted) if settings.python is not None or find_spec(name) is not None]
    return f"Installed: {', '.join(known)}. " if known else ""


def _limits(settings: Settings) -> str:
    limits = settings.limits
    said = [
        f"{limits.action_seconds:g} seconds a call" if limits.action_seconds is not None else "",
        f"{limits.memory_mb} MB of memory" if limits.memory_mb is not None else "",
        f"{limits.disk_mb} MB of files" if limits.disk_mb is not None else "",
        f"{limits.output_chars} characters of output",
    ]
    return ", ".join(filter(None, said))
