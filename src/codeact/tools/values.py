"""Values on their way between a tool and the session: `encode` out, `decode` in, `plain` for the record.

The wire form is a JSON value and binary parts. None, bool, int, float, str, list, and dict whose keys are text that does not start
with ``$`` stand for themselves. The rest:

    {"$": "float", "v": "nan" | "inf" | "-inf"}
    {"$": "tuple" | "set" | "frozenset", "v": [value, ...]}
    {"$": "dict", "v": [[key, value], ...]}                        keys that are not text, or that start with $
    {"$": "bytes" | "text", "part": index}                         text of more than 65,536 characters
    {"$": "image", "type": mime, "part": index}
    {"$": "object", "type": name, "fields": {name: value}}         dataclass, pydantic model, `Fields`; "tuple": true if it is a named tuple
    {"$": "enum", "type": name, "name": member, "v": value}
    {"$": "datetime" | "time", "v": as isoformat() writes it}      "zone": its name, "fold": 1, where there are such
    {"$": "date" | "decimal" | "uuid" | "path" | "complex", "v": as isoformat() or str() writes it}
    {"$": "timedelta", "v": seconds, in decimal digits}            exact to the microsecond: "-0.000001"
    {"$": "missing", "v": "NA" | "NaT"}                            of pandas, in a column of dtype object; elsewhere they are null
    {"$": "table", "columns": axis, "dtypes": [dtype, ...], "data": [[cell, ...] of a column, ...], "index": null | axis}

A table has "series": true if it is one column and not a frame; its name is then the one label of "columns", null without. Index null: the
rows are counted from 0. What a cell is depends on the dtype (`tables`).

    axis     [label, ...], of the dtype that pandas gives them, or {"names": [...], "dtypes": [...], "data": [[label, ...] of a level, ...]}
    dtype    as str() writes it, or {"categories": [cell, ...], "dtype": text, "ordered": bool}

Invariant: `decode` takes its input for hostile; nothing is executed, imported or unpickled, and work and memory are bounded by what
came in. It does not: know of frames, or of the tool's annotations.
"""

from typing import Any

from codeact.protocols import CallRequest
from codeact.tools.incoming import Fields, decode
from codeact.tools.outgoing import Image, encode
from codeact.tools.record import plain

__all__ = ["Fields", "Image", "decode", "encode", "plain", "read"]


def read(request: CallRequest) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call.

    Raises:
        ValueError: they cannot be read; the message names the tool.
    """
    try:
        args, kwargs = decode([request.args, request.kwargs], request.parts)
    except ValueError as error:
        raise ValueError(f"the arguments of {request.tool} cannot be read: {error}") from error
    return args, kwargs
