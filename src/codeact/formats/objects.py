"""JSON objects in a message, read with patience: what a model wrote nearly rightly is understood as it was meant.

Invariant: what is JSON is read as JSON and in no other way; a key that stands twice in an object is an error, not a choice. It does
not: know what an object stands for (`shapes` does).
"""

import json
import re
from typing import Any, NamedTuple

from codeact.errors import FormatError
from codeact.formats import brackets, calls

OPENING = re.compile(r"""\{\s*(?:["'\u2018-\u201f]|[A-Za-z_]\w*\s*:|\})|\[\s*\{""")
"""What may begin an object, or a list of them; a bracket in prose is seldom one."""

_LIKE_A_TURN = re.compile(
    r"""["'\u2018-\u201f{,]\s*(?:tool|tool_name|tool_calls|function|function_name|function_call|name|action|arguments|parameters|answer|final_answer)
    ["'\u2018-\u201f]?\s*:""",
    re.VERBOSE,
)
_CURLY_QUOTES = {**dict.fromkeys(range(0x2018, 0x201C), "'"), **dict.fromkeys(range(0x201C, 0x2020), '"')}
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BARE_KEY = re.compile(r"([{,]\s*)([A-Za-z_]\w*)(\s*:)")
_COMMENT = re.compile(r"//[^\n]*")
_STRING_OR_COMMENT = re.compile(r""""(?:[^"\\\n]|\\.)*"|(?P<comment>(?://|\#)[^\n]*)""")
_LOOKED_AT = 300  # characters, to see whether a broken object was meant as a turn


class Piece(NamedTuple):
    """An object (or list) in a text.

    Args:
        start, end: where it stands.
        value: what it holds; None if it cannot be read.
        text: what was read, for those who want a number as it was written.
        why: why it cannot be read, as the end of a sentence; empty if it can.
        missing: closing brackets that it lacks.
        in_string: the text ends inside a string of it.
        meant: broken as it is, it looks like a call or an answer.
    """

    start: int
    end: int
    value: Any = None
    text: str = ""
    why: str = ""
    missing: str = ""
    in_string: bool = False
    meant: bool = False


class _TwiceError(ValueError):
    """A key that stands twice."""


def at(text: str, start: int) -> Piece:
    """Read the object whose opening bracket is at a position."""
    why, found = "", None
    for version in _different(text, text.translate(_CURLY_QUOTES), _without_comments(text, start)):
        try:
            value, end = _DECODER.raw_decode(version, start)
            return Piece(start, end, value, version[start:end])
        except _TwiceError as error:
            return _broken(text, start, str(error))
        except (ValueError, RecursionError) as error:
            why = why or _why(error, version)
        span = brackets.span(version, start, loose=True)
        found = found or span
        if span.in_string:
            continue
        whole = version[start : span.end] + span.missing
        for reading in _readings(whole):
            try:
                value = _value(reading)
            except _TwiceError as error:
                return _broken(text, start, str(error))
            except (ValueError, RecursionError, FormatError):
                continue
            return Piece(start, len(text) if span.end is None else span.end, value, reading, missing=span.missing)
    return _broken(text, start, why, found)


def whole(text: str) -> Any:
    """The one JSON value that a text is, an object with the patience of `at`; None if it is anything else or breaks off."""
    if text.startswith("{"):
        piece = at(text, 0)
        return None if piece.why or piece.missing or piece.end < len(text) else piece.value
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return None


def why_not_whole(text: str) -> str:
    """Why an object cannot be read, as the end of a sentence; empty if it can, or if the text is none."""
    return at(text, 0).why if text.startswith("{") else ""


def number_as_written(piece: Piece, key: str) -> str | None:
    """The text of a number that stands at a key of the object; None if it is no number, or not JSON."""
    try:
        value = json.loads(piece.text, strict=False, parse_float=_Number, parse_int=_Number)[key]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return str(value) if isinstance(value, _Number) else None


class _Number(str):
    """A number, as text."""

    __slots__ = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _TwiceError(f"the key {key!r} stands twice in one object; write each call as an object of its own")
        result[key] = value
    return result


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_pairs)


def _value(text: str) -> Any:
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs)
    except _TwiceError:
        raise
    except ValueError:
        return calls.literal(brackets.one_line_strings(text))


def _readings(text: str) -> tuple[str, ...]:
    """Readings of an object that is no JSON, the most literal first."""
    plain = brackets.outside_strings(text, _COMMENT, "")
    plain = brackets.outside_strings(plain, _TRAILING_COMMA, r"\1")
    return _different(text, plain, brackets.outside_strings(plain, _BARE_KEY, r'\1"\2"\3'))


def _without_comments(text: str, start: int) -> str:
    """Blanks in place of comments, in which quotes and brackets mean nothing; all else stays where it is."""
    return text[:start] + _STRING_OR_COMMENT.sub(lambda found: " " * len(found[0]) if found["comment"] else found[0], text[start:])


def _different(*texts: str) -> tuple[str, ...]:
    """Each text once, in order: what could not be read is not read again."""
    return tuple(dict.fromkeys(texts))


def _broken(text: str, start: int, why: str, span: brackets.Span | None = None) -> Piece:
    span = span or brackets.span(text, start, loose=True)
    end = len(text) if span.end is None else span.end
    meant = _LIKE_A_TURN.search(text, start, min(end, start + _LOOKED_AT)) is not None
    return Piece(start, end, why=why, missing=span.missing, in_string=span.in_string, meant=meant)


def _why(error: Exception, text: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "the JSON is nested too deeply or holds a number that cannot be read"
    message = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(" starting at")
    return f"the JSON is not written rightly, {message}, {calls.place(text, error.pos)}"
