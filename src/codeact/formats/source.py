"""What can be told of Python source without running it: whether it parses, and where a text stops being inside a string.

Invariant: source that parses as it is written is never changed. It does not: know tags, or judge what the code does. IPython's
additions (magics, `!cmd`, `name?`, top-level await) count as Python, by a cheap check of line starts.
"""

import ast
import html
import re
import textwrap
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

_LITERALS = re.compile(
    r'''(?P<comment>\#[^\n]*)
    | """(?:[^\\]|\\.)*?""" | \'\'\'(?:[^\\]|\\.)*?\'\'\'
    | (?P<open_triple>"""|\'\'\').*
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | (?P<open_line>["'](?:[^\\\n]|\\.)*\\?)
    ''',
    re.VERBOSE | re.DOTALL,
)
_STRING_PREFIXES = frozenset({"", "r", "b", "f", "u", "rb", "br", "rf", "fr"})
_MAGIC_LINE = re.compile(r"^(?P<indent>[ \t]*)(?:[\w, .\[\]'\"]+=[ \t]*)?(?:[%!]|\?{1,2}\w).*$|^[ \t]*%?[\w.]+\?{1,2}[ \t]*$", re.MULTILINE)
_PROMPT = re.compile(r"^[ \t]*(?:>>> |In \[\d+\]: )", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[\w+#.-]*)[^\n`]*\n", re.MULTILINE)
_ONE_LINE_FENCE = re.compile(r"(?P<mark>`{1,})(?:(?:python3?|py|ipython)[ \t]+)?(?P<code>[^\n`][^\n]*?)[ \t]*(?P=mark)")
_MOST_BLOCKS = 50
_MOST_CLOSINGS = 20
_INVISIBLE = str.maketrans({"\u00a0": " ", "\u200b": None, "\ufeff": None, "\u2003": " "})


class Block(NamedTuple):
    """A fenced block: where it starts and ends, its language in lower case, and where its content does."""

    start: int
    end: int
    language: str
    content_start: int
    content_end: int
    closed: bool


def parses(source: str) -> bool:
    """Whether the text is Python, or Python with IPython's additions."""
    if _parses_as_python(source):
        return True
    if source.lstrip().startswith("%%") or _PROMPT.match(source.lstrip("\n")):
        return True
    plain = _MAGIC_LINE.sub(lambda match: f"{match['indent'] or ''}pass", source)
    return plain != source and _parses_as_python(plain)


def end_of(source: str) -> Literal["code", "comment", "string"]:
    """What the text ends inside of: plain code, a comment, or a string literal that was not closed.

    A quotation mark right behind a letter or a closing bracket does not open a literal (``don't``, ``"a"b"``): it is a slip.
    """
    for match in _LITERALS.finditer(source):
        if match.end() < len(source):
            continue
        if match["comment"] is not None:
            return "comment"
        if match["open_triple"] is not None or (match["open_line"] is not None and _may_open(source, match.start())):
            return "string"
    return "code"


def tidied(raw: str, *, escaped: bool = False) -> str:
    """The action's code out of the text between the tags: the first of its readings that parses, else the plainest one.

    Args:
        raw: the text, with fences, indentation and blank lines as they were written.
        escaped: whether the tags were HTML-escaped, and so the code as well.
    """
    if escaped:
        raw = html.unescape(raw)
    block = next(fenced(raw), None)
    plainest = _trimmed(raw if block is None else raw[block.content_start : block.content_end])
    return next((reading for reading in _readings(raw) if reading.strip() and parses(reading)), plainest)


def acts(source: str) -> bool:
    """Whether the text is Python that does something: a call or a statement, not only a name or a literal (an output in a fence)."""
    tree = _tree(source)
    return tree is not None and any(
        isinstance(node, ast.Call) or (isinstance(node, ast.stmt) and not isinstance(node, ast.Expr)) for node in ast.walk(tree)
    )


def fenced(text: str) -> Iterator[Block]:
    """The fenced blocks of a text, the first 50 of them; a block without an end runs to the end of the text."""
    position = 0
    for _ in range(_MOST_BLOCKS):
        if (opening := _FENCE.search(text, position)) is None:
            return
        closing = _fence_end(text, opening)
        stop, end = closing if closing is not None else (len(text), len(text))
        yield Block(opening.start(), end, opening["language"].lower(), opening.end(), stop, closing is not None)
        position = max(end, opening.end())


def _fence_end(text: str, opening: re.Match[str]) -> tuple[int, int] | None:
    """Where the block's closing fence starts and ends: the first at which the content is not inside a string, else the first."""
    pattern = re.compile(rf"(?:^|(?<=[^\s`]))[ \t]*{re.escape(opening['mark'])}[`~]*[ \t\r]*$", re.MULTILINE)
    found = [(match.start(), match.end()) for match in islice(pattern.finditer(text, opening.end()), _MOST_CLOSINGS)]
    for start, end in found:
        if end_of(text[opening.end() : start].rstrip(" \t")) != "string":
            return start, end
    return found[0] if found else None


def _readings(raw: str) -> Iterator[str]:
    """Readings of the text between the tags, the most literal first."""
    plain = _trimmed(raw)
    yield plain
    yield _trimmed(textwrap.dedent(_without_blank_start(raw)))
    first, _, rest = plain.lstrip().partition("\n")
    yield f"{first}\n{textwrap.dedent(rest)}"
    yield html.unescape(plain)
    yield plain.translate(_INVISIBLE)
    for block in fenced(plain + "\n"):
        content = plain[block.content_start : block.content_end]
        yield _trimmed(content)
        yield _trimmed(textwrap.dedent(content))
        yield _trimmed(html.unescape(content))
    if one_line := _ONE_LINE_FENCE.fullmatch(plain.strip()):
        yield one_line["code"].strip()
    yield re.sub(r"\n[ \t]*(?:`{3,}|~{3,})[ \t]*$", "", plain)


def _trimmed(text: str) -> str:
    """Without blank lines around it; a first line that started beside the tag loses its indentation."""
    if "\n" not in text.rstrip() or text[: len(text) - len(text.lstrip())].count("\n") == 0:
        return text.strip()
    return _without_blank_start(text).rstrip()


def _without_blank_start(text: str) -> str:
    return re.sub(r"\A(?:[ \t\r\f\v]*\n)+", "", text)


def _may_open(source: str, position: int) -> bool:
    word = re.search(r"\w*$", source[max(0, position - 40) : position])
    before = word.group() if word else ""
    if before.lower() not in _STRING_PREFIXES:
        return False
    previous = source[: position - len(before)][-1:]
    return previous not in {")", "]", "}", '"', "'"}


def _parses_as_python(source: str) -> bool:
    return _tree(source) is not None


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the model's string is no concern of the host's
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # MemoryError: nested too deeply for the parser
        return None
