"""Where an opening bracket is closed, in text that may be JSON, Python, or neither: strings count as one thing.

Invariant: it takes one pass over the text and never fails. It does not: say whether the text between is well formed.
"""

import re
from typing import NamedTuple

_STRING = r'''"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''''
_STRICT = re.compile(
    rf"""(?P<string>{_STRING}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<open>["'])|(?P<bracket>[()\[\]{{}}])""", re.DOTALL
)
_LOOSE_STRING = re.compile(rf"""{_STRING}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_LOOSE = re.compile(rf"""(?P<string>{_LOOSE_STRING.pattern})|(?P<open>["'])|(?P<bracket>[()\[\]{{}}])""", re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Span(NamedTuple):
    """What a bracket holds.

    Args:
        end: position behind the closing bracket, None if there is none.
        missing: the closing brackets that are missing, in order; empty if `end` is known.
        in_string: the text ends inside a string.
    """

    end: int | None
    missing: str = ""
    in_string: bool = False


def span(text: str, start: int, *, loose: bool = False) -> Span:
    """The span of the bracket at a position.

    Args:
        start: position of an opening bracket.
        loose: whether a string in simple quotes may go on over line breaks.
    """
    waiting: list[str] = []
    for match in (_LOOSE if loose else _STRICT).finditer(text, start):
        if match["open"]:
            return Span(None, "".join(reversed(waiting)), in_string=True)
        if (bracket := match["bracket"]) in _CLOSING:
            waiting.append(_CLOSING[bracket])
        elif bracket:
            waiting.pop()
            if not waiting:
                return Span(match.end())
    return Span(None, "".join(reversed(waiting)))


def outside_strings(text: str, pattern: re.Pattern[str], by: str) -> str:
    """The text with a pattern replaced wherever it does not stand in a string."""
    pieces: list[str] = []
    position = 0
    for match in _LOOSE_STRING.finditer(text):
        pieces += [pattern.sub(by, text[position : match.start()]), match.group()]
        position = match.end()
    return "".join([*pieces, pattern.sub(by, text[position:])])


def one_line_strings(text: str) -> str:
    """The text with line breaks in strings of simple quotes written as ``\\n``, as Python wants them."""

    def mended(match: re.Match[str]) -> str:
        whole = match.group()
        return whole if whole[:3] in ('"""', "'''") else whole.replace("\r\n", "\n").replace("\n", "\\n")

    return _LOOSE_STRING.sub(mended, text)
