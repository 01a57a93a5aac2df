"""What a server answered as the value of a call: typed where the tool says of which type it is, else text, pictures, and the rest.

Invariant: any result of the protocol becomes a value that `outgoing.encode` takes, or an `McpError`; only pictures that a session can
show, PNG, JPEG, GIF and WebP, are given out as such. It does not: call anything.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from codeact.tools.mcp_client import schemas
from codeact.tools.mcp_client.arguments import Faults, worded
from codeact.tools.mcp_client.hiding import Secrets
from codeact.tools.mcp_client.life import McpError
from codeact.tools.mcp_client.typed import Part, Shape, Typist, revived
from codeact.tools.outgoing import Image
from codeact.tools.values import Fields

_WRAPPED = "result"
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_LONGEST_ERROR = 10_000


@dataclass(frozen=True, slots=True)
class Result:
    """The type of a tool's results.

    Args:
        shape: of the value.
        wrapped: whether the server puts a value that is no object into one of one field.
        faults: of the object, as it comes.
    """

    shape: Shape
    wrapped: bool
    faults: Faults


def result_of(schema: Any, hint: str, typist: Typist) -> Result | None:
    """The type of the results of a tool; None if it does not say.

    Args:
        schema: its output schema.
        hint: a class's name, where the schema has none.
        typist: takes the classes.
    """
    if not isinstance(schema, dict):
        return None
    whole = schemas.resolved(schema, schema)
    fields = schemas.properties(whole)
    wrapped = fields.keys() == {_WRAPPED} and (_WRAPPED in schemas.required(whole) or bool(schema.get("x-fastmcp-wrap-result")))
    node = fields[_WRAPPED] if wrapped else schema
    return Result(typist.shape(Part(schema, node, f"{hint} result", coming=True)), wrapped, Faults(schema))


def value_of(answer: dict[str, Any], result: Result | None, tool: str, secrets: Secrets) -> Any:
    """The value of a call.

    A result of a type is that; pictures and the like that come with an object are in its attribute `content`. Without a type: None for
    nothing, text or another value alone, or a list.

    Args:
        answer: the result, as the protocol has it.
        result: its type.
        tool: name of the tool, for messages.
        secrets: are taken out of errors.

    Raises:
        McpError: the tool failed, or the result is not of its type.
    """
    blocks = [one for one in answer.get("content") or [] if isinstance(one, dict)]
    if answer.get("isError"):
        text = "\n".join(one["text"] for one in blocks if one.get("type") == "text")
        raise McpError(secrets.hidden(text)[:_LONGEST_ERROR] or f"{tool} failed, and the server does not say why")
    structured = answer.get("structuredContent")
    if result is None or (structured is None and blocks):
        return _untyped(blocks, structured)
    fault = result.faults.first(structured)
    if fault is not None:
        told = worded(fault, f"{tool}() result", tuple(fault.absolute_path))
        raise McpError(f"the server's answer is not what it says it would be: {secrets.hidden(str(told))}")
    bare = structured[_WRAPPED] if result.wrapped and isinstance(structured, dict) and _WRAPPED in structured else structured
    value = revived(result.shape, bare)
    others = [_block(one) for one in blocks if one.get("type") != "text"]
    if others and isinstance(value, Fields):
        value.setdefault("content", others)
    return value


def _untyped(blocks: list[dict[str, Any]], structured: Any) -> Any:
    if structured is not None and all(one.get("type") == "text" for one in blocks):
        return structured
    values = [_block(one) for one in blocks]
    return values[0] if len(values) == 1 else values or None


def _block(block: dict[str, Any]) -> Any:
    kind = block.get("type")
    if kind == "text":
        return block["text"]
    if kind in ("image", "audio"):
        return _media(kind, block.get("mimeType") or "", _bytes(block["data"]))
    if kind == "resource":
        return _resource(block["resource"])
    names = {"uri": "uri", "name": "name", "title": "title", "description": "description", "mimeType": "mime_type", "size": "size"}
    return Fields("ResourceLink", {own: block.get(name) for name, own in names.items()})


def _media(kind: str, mime: str, data: bytes) -> Any:
    mime = mime.partition(";")[0].strip().lower()
    if mime in _PICTURES:
        return Image(mime, data)
    return Fields("Audio" if kind == "audio" else "Resource", {"mime_type": mime, "data": data})


def _resource(inside: dict[str, Any]) -> Any:
    fields = {"uri": inside.get("uri"), "mime_type": inside.get("mimeType")}
    if "text" in inside:
        return Fields("Resource", {**fields, "text": inside["text"]})
    data = _bytes(inside.get("blob") or "")
    mime = str(inside.get("mimeType")).partition(";")[0].strip().lower()
    return Image(mime, data) if mime in _PICTURES else Fields("Resource", {**fields, "data": data})


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        raise McpError("the server sent bytes that are no base64") from None
