"""Values on their way between a tool and the session: `encode` out, `decode` in, `plain` for the record.

The wire form is a JSON value and binary parts. None, bool, int, float, str, list, and dict whose keys are text that does not start
with ``$`` stand for themselves. The rest:

    {"$": "float", "v": "nan" | "inf" | "-inf"}
    {"$": "tuple" | "set" | "frozenset", "v": [value, ...]}
    {"$": "dict", "v": [[key, value], ...]}                        keys that are not text, or that start with $
    {"$": "bytes", "part": index}
    {"$": "image", "type": mime, "part": index}
    {"$": "object", "type": name, "fields": {name: value}}         dataclass, pydantic model, named tuple, `Fields`
    {"$": "enum", "type": name, "name": member, "v": value}
    {"$": "datetime" | "date" | "time", "v": as isoformat() writes it}      without `fold`
    {"$": "timedelta", "v": seconds, in decimal digits}            exact to the microsecond: "-0.000001"
    {"$": "decimal" | "uuid" | "path" | "complex", "v": as str() writes it}
    {"$": "table", "columns": [value, ...], "dtypes": [text, ...], "data": [[value, ...] of a column, ...],
     "index": null | {"names": [value, ...], "labels": [value, ...]}, "series": true if it is one column and not a frame}

A missing cell of a table is null. Index null: the rows are counted from 0. Labels of an index of several levels are tuples.

Invariant: `decode` takes its input for hostile; nothing is executed, imported or unpickled, and work and memory are bounded by what
came in. It does not: know of frames, or of the tool's annotations.
"""

from codeact.tools.incoming import Fields, decode
from codeact.tools.outgoing import Image, encode
from codeact.tools.record import plain

__all__ = ["Fields", "Image", "decode", "encode", "plain"]
