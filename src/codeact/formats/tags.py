"""Where in a message the action or the answer stands, and, if there is none, what is wrong with it.

Invariant: positions are those of the text as it was given. Tags are read in any case, with attributes, HTML-escaped, in back-ticks
or bold; a tag in a string literal or comment of the code does not end it. It does not: change the text between the tags.
"""

import difflib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from codeact.formats import source

Kind = Literal["execute", "solution", "fence"]

_ATTRIBUTES = r"""(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w-]+))?){0,8}"""
_DECORATION = r"(?P<decoration>\*{1,2}|__|(?<!`)`{1,2})?"
_OPEN = re.compile(
    rf"{_DECORATION}(?P<lt><|&lt;)[ \t]*(?P<name>execute|solution){_ATTRIBUTES}\s*(?:>|&gt;)(?(decoration)(?:(?P=decoration))?)",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"(?:<|&lt;)[ \t]*\\?/[ \t]*(?P<name>execute|solution)[ \t]*(?:>|&gt;)", re.IGNORECASE)
_REASONING = re.compile(r"<(think|thinking|thought|reasoning)>.*?</\1>", re.IGNORECASE | re.DOTALL)
_REASONED = re.compile(r"</(think|thinking|thought|reasoning)>", re.IGNORECASE)
_REASONS = re.compile(r"<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_ANY_TAG = re.compile(r"(?:<|&lt;|\[)[ \t]*(?P<slash>/?)[ \t]*(?P<name>[a-z][\w-]{1,30})(?:\s[^<>\n]{0,80})?(?:>|&gt;|\])", re.IGNORECASE)
_LIKE_EXECUTE = frozenset(
    {
        "code",
        "python",
        "py",
        "action",
        "run",
        "exec",
        "script",
        "cell",
        "tool",
        "tool_call",
        "function",
        "function_call",
        "ipython",
        "program",
    }
)
_LIKE_SOLUTION = frozenset({"answer", "final_answer", "final", "result", "output", "solve", "response", "conclusion"})
_PYTHON = frozenset({"python", "python3", "py", "ipython", "ipython3"})
_MOST_CLOSINGS = 20
_MOST_OPENINGS = 50  # a model that repeats a tag without end is not worth more


@dataclass(frozen=True, slots=True)
class Found:
    """An action or an answer in a message.

    Args:
        thought: the text before it.
        content_start, content_end: positions of what stands between the tags.
        closed: whether something ends it; if not, `content_end` is where it most likely ends.
        decoration: back-ticks or asterisks around the tag.
        escaped: the tag was HTML-escaped.
    """

    kind: Kind
    thought: str
    content_start: int
    content_end: int
    closed: bool
    decoration: str = ""
    escaped: bool = False


def locate(text: str) -> Found | None:
    """Find the first action or answer; None if there is none. What a model thinks aloud in `<think>` is looked at last."""
    masked = without_reasoning(text)
    found = _locate(text, masked)
    if masked == text or (found is not None and _holds_anything(text, found)):
        return found
    aloud = _locate(text, text)
    return aloud if aloud is not None and (found is None or _holds_anything(text, aloud)) else found


def without_reasoning(text: str) -> str:
    """The text with what a model thinks aloud in `<think>` and its like as spaces; positions stay as they are."""
    return _REASONING.sub(lambda match: " " * len(match.group()), text) if _REASONED.search(text) else text


def reasoned(text: str) -> tuple[str, str]:
    """What a model thinks aloud at the start of a text, and what it says after that."""
    masked = without_reasoning(text)
    if masked == text and (closing := _REASONED.search(text)) and not _REASONS.search(text, 0, closing.start()):
        return text[: closing.end()].strip(), text[closing.end() :].strip()  # the opening tag was in the prompt
    start = len(masked) - len(masked.lstrip())
    return text[:start].strip(), text[start:].strip()


def half_closing(text: str, kind: Kind) -> str:
    """The start of a closing tag that the text breaks off in, with a line break behind it; empty if it does not."""
    whole, body = f"</{kind}>", text.removesuffix("\n")
    half = next((whole[:size] for size in range(len(whole) - 1, 1, -1) if body.endswith(whole[:size])), "")
    return half and half + text[len(body) :]


def undecorated(content: str, decoration: str, *, escaped: bool = False) -> str:
    """The content without the closing tag's half of a decoration; unescaped on demand."""
    if decoration and content.rstrip().endswith(decoration):
        content = content.rstrip().removesuffix(decoration)
    return html.unescape(content) if escaped else content


def why_not(text: str) -> str:
    """Why `locate` found nothing, as the end of a sentence for the model."""
    if not text.strip():
        return "it was empty"
    if closing := _CLOSE.search(text):
        return f"{closing.group()} has no <{closing['name'].lower()}> before it"
    for match in _ANY_TAG.finditer(text):
        if meant := _meant(match["name"].lower()):
            return f"{match.group()} is not a tag that is read here, write <{meant}>"
    if half := re.search(r"<\s*(execute|solution)\b[^>]*$", text, re.IGNORECASE):
        return f"the tag <{half[1].lower()}> was not complete"
    for block in source.fenced(text + "\n"):
        if block.language and block.language not in _PYTHON:
            return f"a ```{block.language} block is not run, only ```python is"
        return "a ``` block is run only if it is marked ```python and holds code"
    return "it had text only, no code and no answer between tags"


def _locate(text: str, masked: str) -> Found | None:
    """Tags first; a Python fence counts where no `<execute>` does, and before an answer."""
    fences = [(block, text[block.content_start : block.content_end]) for block in source.fenced(masked) if _is_python(block)]
    spans = [(block.start, block.end) for block, content in fences if source.parses(source.tidied(content))]
    openings = [match for match in _OPEN.finditer(masked) if not any(start < match.start() < end for start, end in spans)]
    openings = openings[:_MOST_OPENINGS]
    tag = next((found for index in range(len(openings)) if (found := _at(text, openings, index)) is not None), None)
    if tag is not None and tag.kind == "execute":
        return tag
    for block, content in fences:
        before_answer = tag is None or block.start < tag.content_start
        if before_answer and (block.language or (tag is None and source.acts(source.tidied(content)))) and content.strip():
            thought = text[: block.start].strip()
            return Found("fence", thought, block.content_start, block.content_end, block.closed)
    return tag if tag is not None or openings else _between_closings(text, masked)


def _between_closings(text: str, masked: str) -> Found | None:
    """An answer whose opening tag was written as a closing one: `</solution>42</solution>`."""
    first, second = [*islice(_CLOSE.finditer(masked), 2), None, None][:2]
    if first is None or second is None or {first["name"].lower(), second["name"].lower()} != {"solution"}:
        return None
    found = Found("solution", text[: first.start()].strip(), first.end(), second.start(), True)
    return found if _holds_anything(text, found) else None


def _holds_anything(text: str, found: Found) -> bool:
    return bool(text[found.content_start : found.content_end].strip())


def _at(text: str, openings: list[re.Match[str]], index: int) -> Found | None:
    """What the opening tag begins; None if it is only spoken of, or empty while others follow."""
    opening = openings[index]
    later = openings[index + 1 :]
    read = _action_at if opening["name"].lower() == "execute" else _answer_at
    start, end, closed = read(text, opening, later)
    if start > end or (later and not text[start:end].strip()):
        return None
    thought = re.sub(r"(?:`{3,}|~{3,})\w*\s*$", "", text[: opening.start()]).strip()
    kind: Kind = "execute" if opening["name"].lower() == "execute" else "solution"
    return Found(kind, thought, start, end, closed, opening["decoration"] or "", opening["lt"] != "<")


_NOT_THIS: tuple[int, int, bool] = (1, 0, False)


def _action_at(text: str, opening: re.Match[str], later: list[re.Match[str]]) -> tuple[int, int, bool]:
    """Start, end and closedness of the code behind an opening tag.

    The end is the first tag at which the code parses; else the first that is not inside a string literal; else the first.
    """
    start = opening.end()
    ends = list(_ends(text, start))
    for number, end in enumerate(ends):
        code = source.tidied(text[start:end], escaped=opening["lt"] != "<")
        if source.parses(code):
            return start, _behind_comment(text, start, ends[number:], later), True
    if any(match["name"].lower() == "execute" and (not ends or match.start() < ends[0]) for match in later):
        return _NOT_THIS
    outside = next((end for end in ends if source.end_of(text[start:end]) != "string"), None)
    if outside is not None:
        return _above(text, start, outside) if later and later[0].start() == outside else (start, outside, True)
    return start, ends[0] if ends else len(text) - len(half_closing(text, "execute")), False


def _above(text: str, start: int, answer: int) -> tuple[int, int, bool]:
    """The code above the sentence that an answer opens in, if code stands there; else the opening tag is only spoken of."""
    end = text.rfind("\n", start, answer) + 1
    return (start, end, True) if end > start and source.acts(source.tidied(text[start:end])) else _NOT_THIS


def _ends(text: str, start: int) -> Iterator[int]:
    """Where the code may end: at a closing tag, of the wrong name too, or where an answer opens."""
    found = [match.start() for match in _CLOSE.finditer(text, start)]
    found += [match.start() for match in _OPEN.finditer(text, start) if match["name"].lower() == "solution"]
    return iter(sorted(found)[:_MOST_CLOSINGS])


def _behind_comment(text: str, start: int, ends: list[int], later: list[re.Match[str]]) -> int:
    """The end itself, or, if it stands in a comment, the next one in the same block at which the code parses as well."""
    end = ends[0]
    if source.end_of(text[start:end]) != "comment":
        return end
    limit = min((match.start() for match in later), default=len(text))
    others = (other for other in ends[1:] if other < limit and source.parses(source.tidied(text[start:other])))
    return next(others, end)


def _answer_at(text: str, opening: re.Match[str], later: list[re.Match[str]]) -> tuple[int, int, bool]:
    """Start, end and closedness of the answer behind an opening tag."""
    start = opening.end()
    closing = _end_of_answer(text, start, later)
    end = closing.start() if closing else len(text) - len(half_closing(text, "solution"))
    inside = [match for match in later if match.start() < end]
    if any(match["name"].lower() == "solution" for match in inside):
        return _NOT_THIS
    if inside and (closing is None or not text[start : inside[0].start()].strip()):
        return _NOT_THIS
    return start, end, closing is not None


def _end_of_answer(text: str, start: int, later: list[re.Match[str]]) -> re.Match[str] | None:
    """The answer's closing tag; that of code, if nothing else closes the answer before the next tag opens."""
    closings = list(islice(_CLOSE.finditer(text, start), _MOST_CLOSINGS))
    opened = later[0].start() if later else len(text)
    right = next((match for match in closings if match["name"].lower() == "solution"), None)
    if right is None or (later and later[0]["name"].lower() == "solution" and opened < right.start()):
        right = next((match for match in closings if match.start() < opened and text[start : match.start()].strip()), right)
    return right


def _is_python(block: source.Block) -> bool:
    return not block.language or block.language in _PYTHON


def _meant(name: str) -> str | None:
    """The tag that a wrong tag's name stands for, None if it is just some tag."""
    if name in _LIKE_EXECUTE or (name != "execute" and difflib.get_close_matches(name, ["execute"], cutoff=0.75)):
        return "execute"
    if name in _LIKE_SOLUTION or (name != "solution" and difflib.get_close_matches(name, ["solution"], cutoff=0.75)):
        return "solution"
    return None
