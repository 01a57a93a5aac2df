"""What tools answer, as MCP has it: text, images, files, and the same for programs.

Invariant: all of it was made by hostile code, so it is bounded, free of control characters, and an image is what it says it is. It does
not: talk to a client.
"""

import base64
import binascii
import mimetypes
import re
from urllib.parse import quote, unquote

from mcp import types
from pydantic import BaseModel

from codeact import errors
from codeact.events import FileChange, Observation, Status
from codeact.formats import shown

SCHEME = "workspace:///"
"""Begins the URI of a file of the workspace."""

MOST_IMAGES, MOST_IMAGE = 8, 4 << 20
"""Images of one result, and bytes of one."""

MOST_READ, MOST_RESOURCE = 1 << 20, 16 << 20
"""Bytes of a file that a model reads with a tool, and that a program reads as a resource."""

_KINDS = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


class Raised(BaseModel):
    """What the code raised."""

    name: str
    message: str


class Ran(BaseModel):
    """An observation for programs.

    `output` is the text of the result once more, for clients that look at nothing else; `result` is the value of the last expression.
    `state_lost`: the interpreter is a new one; `restored`: it is as it was before the action.
    """

    status: Status
    output: str
    result: str | None = None
    error: Raised | None = None
    files: list[FileChange] = []
    notice: str = ""
    seconds: float = 0.0
    state_lost: bool = False
    restored: bool = False


def ran(observation: Observation, most: int) -> types.CallToolResult:
    """The result of an action; it is an error if the action did not end well.

    Args:
        observation: what came of it.
        most: most characters of each text.
    """
    images, notes = _images(observation)
    text = harmless("\n".join([shown.shown(observation, most), *notes]))
    error = observation.error
    structured = Ran(
        status=observation.status,
        output=text,
        result=None if observation.result is None else harmless(shown.cut(observation.result, most)),
        error=None if error is None else Raised(name=harmless(error.name), message=harmless(shown.cut(error.message, most))),
        files=[change.model_copy(update={"path": harmless(change.path)}) for change in observation.files],
        notice=harmless(observation.notice),
        seconds=round(observation.seconds, 3),
        state_lost=observation.state_lost,
        restored=observation.restored,
    )
    return types.CallToolResult(
        content=[types.TextContent(text=text), *images],
        structured_content=structured.model_dump(mode="json"),
        is_error=observation.status != "ok",
    )


def said(text: str, *, is_error: bool = False) -> types.CallToolResult:
    """A result of nothing but text."""
    return types.CallToolResult(content=[types.TextContent(text=harmless(text))], is_error=is_error)


def harmless(text: str) -> str:
    """The text without control characters (newline and tab stay), direction marks and what cannot be sent as UTF-8."""
    return _CONTROL.sub("", text.encode("utf-8", "backslashreplace").decode("utf-8"))


def read(path: str, data: bytes) -> types.CallToolResult:
    """A file for a model: text as text, an image as an image, anything else as a resource in base64.

    Raises:
        InputError: it is too long.
    """
    if len(data) > MOST_READ:
        raise errors.InputError(
            f"{path!r} has {len(data)} bytes, and read_file returns at most {MOST_READ}; look at a part of it with run_python"
        )
    kind = next((kind for kind, start in _KINDS.items() if start.match(data)), None)
    if kind is not None:
        return types.CallToolResult(content=[types.ImageContent(data=base64.b64encode(data).decode("ascii"), mime_type=kind)])
    text = _text(data)
    if text is not None:
        return types.CallToolResult(content=[types.TextContent(text=text)])
    return types.CallToolResult(content=[types.EmbeddedResource(resource=_blob(path, data))])


def resource(path: str, data: bytes) -> types.ReadResourceResult:
    """A file for a program.

    Raises:
        InputError: it is too long.
    """
    if len(data) > MOST_RESOURCE:
        raise errors.InputError(f"{path!r} has {len(data)} bytes, and a resource has at most {MOST_RESOURCE}")
    text = _text(data)
    if text is None:
        return types.ReadResourceResult(contents=[_blob(path, data)])
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri_of(path), mime_type=_mime(path, "text/plain"), text=text)])


def listed(files: dict[str, int]) -> types.ListResourcesResult:
    """Files as resources."""
    return types.ListResourcesResult(
        resources=[
            types.Resource(uri=uri_of(path), name=harmless(path), size=size, mime_type=mimetypes.guess_type(path)[0])
            for path, size in files.items()
        ]
    )


def uri_of(path: str) -> str:
    """The URI of a file of the workspace."""
    return SCHEME + quote(path)


def path_of(uri: str) -> str:
    """The file that a URI is of.

    Raises:
        InputError: it is of no file of the workspace.
    """
    if not uri.startswith(SCHEME):
        raise errors.InputError(f"{uri!r} is no file of the workspace; their URIs begin with {SCHEME}")
    return unquote(uri.removeprefix(SCHEME))


def _images(observation: Observation) -> tuple[list[types.ImageContent], list[str]]:
    """The images that were displayed, and a line for each that is left out."""
    images: list[types.ImageContent] = []
    notes: list[str] = []
    for kind, content in ((kind, content) for data in observation.displays for kind, content in data.items() if kind in _KINDS):
        try:
            data = base64.b64decode("".join(content.split()), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if _KINDS[kind].match(data) is None:
            notes.append(f"[an image is left out: what was displayed as {kind} is none]")
        elif len(data) > MOST_IMAGE:
            notes.append(f"[an image is left out: it has {len(data)} bytes, more than {MOST_IMAGE}; save it to a file, or make it smaller]")
        elif len(images) == MOST_IMAGES:
            notes.append(f"[an image is left out: a result has at most {MOST_IMAGES}]")
        else:
            images.append(types.ImageContent(data=base64.b64encode(data).decode("ascii"), mime_type=kind))
    return images, notes


def _text(data: bytes) -> str | None:
    """The bytes as text, None if they are none; control characters of a file are the file's own and stay, but NUL is no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _blob(path: str, data: bytes) -> types.BlobResourceContents:
    return types.BlobResourceContents(
        uri=uri_of(path), mime_type=_mime(path, "application/octet-stream"), blob=base64.b64encode(data).decode("ascii")
    )


def _mime(path: str, otherwise: str) -> str:
    return mimetypes.guess_type(path)[0] or otherwise
