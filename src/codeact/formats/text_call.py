"""Actions written as text: `Action: tool(value, key=value)`, a line for each call, and `Answer: ...`.

Invariant: a message is its calls, up to an answer or an output that the model made up, or an answer if that comes first. What stands in
the brackets is read as Python literals, true, false and null besides; nothing is evaluated. Text without either is a `FormatError`,
and nothing else is ever raised. It does not: make a call.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from codeact.errors import FormatError, InputError
from codeact.events import Observation, ToolSpec
from codeact.formats import brackets, calls, listing, shown, source, tags
from codeact.protocols import Call, Step

HOW_TO = 'Write either a call:\nAction: tool("text", key=value)\nor the answer:\nAnswer: ...'

_GRAMMAR = r"""
root ::= thought (actions | answer)
thought ::= ("Thought: " [^:`\n]{1,200} "\n")?
actions ::= action ("\n" action){0,3}
action ::= "Action: " word ("." word)? "(" arguments? ")"
arguments ::= value (", " value)* (", " keyword)* | keyword (", " keyword)*
keyword ::= word "=" value
answer ::= "Answer: " visible [^\n]*
visible ::= [!#-)+-9;-^a-~\u00A1-\u167F\u3001-\uD7FF\U00010000-\U0010FFFF]
value ::= string | number | list | dict | "True" | "False" | "None"
list ::= "[" (value (", " value)*)? "]"
dict ::= "{" (pair (", " pair)*)? "}"
pair ::= string ": " value
string ::= "\"" character* "\"" | "'" letter* "'"
character ::= [^"\\\n\r\x00] | "\\" ["'\\nt]
letter ::= [^'\\\n\r\x00] | "\\" ["'\\nt]
number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,15})? ([eE] [+-]? [0-9]{1,2})?
word ::= [a-zA-Z_] [a-zA-Z0-9_]{0,62}
"""
"""An answer is one line and a turn has four calls at most: left free, a small model runs on (seen with 135M parameters)."""
_WORDS = r"(?P<name>thought|action(?P<input>[ \t_]*input)?|(?:final[ \t]+)?answer|output|observation)(?:[ \t]*\d{1,3})?"
_LABEL = re.compile(
    rf"^[ \t>#-]*(?P<before>[*_]+)?{_WORDS}[ \t]*(?P<inner>[*_]*)[ \t]*:(?P<after>(?(before)[*_]*))[ \t]*", re.MULTILINE | re.IGNORECASE
)
_INLINE = re.compile(r"\b(?P<before>)(?P<name>Action|(?:Final )?Answer)(?P<input>)(?P<inner>):(?P<after>)")
_BEHIND = re.compile(
    r"^[*_]*(?:(?:thought|output|observation)(?:[ \t]*\d{1,3})?[ \t*_]*:|action[ \t*_]*:[ \t*_]*[\w.]+\()", re.MULTILINE | re.IGNORECASE
)
"""What ends an answer: a label at the beginning of a line. In a program or a note, where lines are indented, marked or fenced, it is text.
"""
_INPUT = re.compile(r"[ \t\r`]*\n[ \t>#*_-]*action[ \t_]*input(?:[ \t]*\d{1,3})?[ \t*_]*:[ \t*_]*", re.IGNORECASE)
_LEAD = re.compile(r"\s*(?:(?:`{3,}|~{3,})\w*\s*\n\s*|`+)?")
_ANOTHER = re.compile(r"[ \t]*(?:[;,][ \t]*|\n[ \t]*)(?=[^\W\d][\w.-]*\()")
_GOES_ON = re.compile(r"[ \t]*[.\[(+*/%=<>&|-]")
_MOST_LABELS = 200  # a model that repeats a label without end is not worth more


class _Read(NamedTuple):
    """A call, and the position behind it."""

    call: Call
    end: int


class TextFormat:
    """The action format `text`; see `protocols.ActionFormat`."""

    name = "text"
    stop: Sequence[str] = ("\nOutput:", "\nObservation:")

    def system(self, tools: Sequence[ToolSpec] = (), answer_type: str = "") -> str:
        """The system message: how to write, the tools as Python stubs, and the kind of answer that is wanted."""
        parts = [_prompt(), f"These are the tools:\n{listing.listed(tools, self.name)}" if tools else "There are no tools."]
        if answer_type:
            parts.append(f'Behind "Answer:" must stand {answer_type}.')
        return "\n\n".join(parts)

    def grammar(self) -> str:
        """GBNF that admits a line of thought (`Thought: ...`), then calls or one answer, and nothing more."""
        return _GRAMMAR.strip() + "\n"

    def unfinished(self, text: str) -> bool:
        """Whether generation ended inside a string of a call (a stop string that does not count)."""
        start = _open_call(text)
        return start is not None and brackets.span(text, start, loose=True).in_string

    def complete(self, text: str, stopped_by: str | None = None) -> str:
        """The text with the closing brackets that its last call lacks, or with the line break that ends an answer."""
        start = _open_call(text)
        if start is not None:
            span = brackets.span(text, start, loose=True)
            return text if span.in_string else text + span.missing
        answer = next((match for match in _labels(text) if _kind(match) == "answer"), None)
        return text if answer is None or text.endswith("\n") else text + "\n"

    def parse(self, text: str) -> Step:
        """Understand a turn.

        Raises:
            FormatError: it is neither a call nor an answer; `.feedback` says why and how to write one.
        """
        made: list[Call] = []
        start, position = len(text), 0
        for match in _labels(text):
            kind = _kind(match)
            if match.start() < position or kind == "thought":
                continue
            if made and kind in ("output", "answer"):
                break
            if kind == "answer":
                return Step(_thought(text[: match.start()]), answer=_answer(text, match))
            if kind == "action":
                start = min(start, match.start())
                for read in _calls_at(text, match.end()):
                    made.append(read.call)
                    position = read.end
        if not made:
            raise _malformed(_why_not(text))
        return Step(_thought(text[:start]), calls=tuple(made))

    def write(self, step: Step) -> str:
        """A turn as a model should write it: `parse` reads it back.

        Raises:
            InputError: it is code, or an argument is no JSON value.
        """
        if step.code is not None:
            raise InputError("code cannot be written in the format text: give calls or an answer")
        lines = [f"Thought: {step.thought}"] if step.thought else []
        lines += [f"Answer: {step.answer}"] if step.answer is not None else [f"Action: {calls.expression(call)}" for call in step.calls]
        return "\n".join(lines)

    def source(self, call: Call, tools: Sequence[ToolSpec] = ()) -> str:
        """The Python that makes a call."""
        return calls.source(call, tools)

    def show(self, observation: Observation, most: int) -> str:
        """The observation as the model is shown it, cut in the middle to `most` characters."""
        return shown.shown(observation, most)

    def native(self, tools: Sequence[ToolSpec] = ()) -> None:
        """There is none: its turns are text."""


def _labels(text: str) -> Iterator[re.Match[str]]:
    """Labels at starts of lines; if none of them begins an action or an answer, those within lines."""
    masked = tags.without_reasoning(text)
    found = [match for match, _ in zip(_LABEL.finditer(masked), range(_MOST_LABELS), strict=False)]
    if not any(_kind(match) in ("action", "answer") for match in found):
        found = [match for match, _ in zip(_INLINE.finditer(masked), range(_MOST_LABELS), strict=False)]
    return iter(found)


def _kind(match: re.Match[str]) -> str:
    name = match["name"].lower()
    if match["input"]:
        return "input"
    return "output" if name == "observation" else "answer" if name.endswith("answer") else name.split()[0]


def _open_call(text: str) -> int | None:
    """Position of the bracket of the last call, if it is not closed."""
    position = 0
    for match in _labels(text):
        if match.start() < position or _kind(match) != "action":
            continue
        head = calls.HEAD.match(text, _LEAD.match(text, match.end()).end())  # type: ignore[union-attr]  # it matches anything
        if head is None or head["bracket"] is None:
            continue
        span = brackets.span(text, head.end() - 1)
        span = brackets.span(text, head.end() - 1, loose=True) if span.end is None else span
        if span.end is None:
            return head.end() - 1
        position = span.end
    return None


def _calls_at(text: str, position: int) -> Iterator[_Read]:
    """The call behind a label, and those that follow it with nothing but a comma or a line break between."""
    lead = _LEAD.match(text, position)
    read = _call_at(text, lead.end() if lead else position)
    yield read
    while another := _ANOTHER.match(text, read.end):
        on_new_line = "\n" in another.group()
        try:
            read = _call_at(text, another.end())
        except FormatError:
            if on_new_line:
                return  # prose that looks like a call
            raise
        yield read


def _call_at(text: str, start: int) -> _Read:
    head = calls.HEAD.match(text, start)
    if head is None:
        line = text[start:].split("\n", 1)[0].strip()
        raise _malformed(f"{line[:60]!r} is not a call of a tool" if line else "there was nothing behind Action:", meant=True)
    if head["bracket"] is None:
        return _without_brackets(text, head)
    why = ""
    for loose in (False, True):
        span = brackets.span(text, head.end() - 1, loose=loose)
        if span.in_string:
            why = why or f"the text in quotes was not closed in: {text[start : start + 60]}"
            continue
        end = len(text) if span.end is None else span.end
        written = text[start:end] + span.missing
        try:
            call = calls.read(brackets.one_line_strings(written) if loose else written)
        except FormatError as error:
            why = why or error.feedback
            continue
        if _GOES_ON.match(text, end):
            raise _malformed(f"behind {written[:60]} something goes on; write one call, nothing is computed here", meant=True)
        return _Read(call, end)
    raise _malformed(why, meant=True)


def _without_brackets(text: str, head: re.Match[str]) -> _Read:
    """A name alone: a call with no arguments, or with those of a line `Action Input:` below it."""
    name = head["name"]
    rest = text[head.end() :].split("\n", 1)[0].strip(" \t\r`*.")
    if rest:
        line = text[head.start() :].split("\n", 1)[0]
        raise _malformed(f"{line[:60]!r} is not a call of a tool, which has its arguments in brackets", meant=True)
    given = _INPUT.match(text, head.end())
    if given is None:
        return _Read(Call(name), head.end())
    following = _LABEL.search(text, given.end())
    end = following.start() if following else len(text)
    written = text[given.end() : end].strip().strip("`").strip()
    if not written:
        return _Read(Call(name), end)
    try:
        value = calls.literal(brackets.one_line_strings(written))
    except FormatError:
        value = written
    if isinstance(value, dict):
        return _Read(Call(name, (), value), end)
    return _Read(Call(name, tuple(value) if isinstance(value, list) else (value,)), end)


def _answer(text: str, match: re.Match[str]) -> str:
    """What stands behind the label, up to the next one."""
    inside = [range(block.start, block.end) for block in source.fenced(text) if block.start >= match.end()]
    behind = (label for label in _BEHIND.finditer(text, match.end()) if not any(label.start() in block for block in inside))
    following = next(behind, None)
    answer = text[match.end() : following.start() if following else len(text)].strip()
    marks = match["before"]
    if marks and not match["inner"] and not match["after"] and answer.endswith(marks):
        answer = answer.removesuffix(marks).rstrip()
    if not answer:
        raise _malformed("there was nothing behind Answer:")
    return answer


def _thought(before: str) -> str:
    return re.sub(r"^[ \t*_]*thought[ \t*_]*:[ \t*_]*", "", before, flags=re.IGNORECASE | re.MULTILINE).strip()


def _why_not(text: str) -> str:
    if not text.strip():
        return "it was empty"
    if re.search(r"```(?:python|py)\b|<execute>", text, re.IGNORECASE):
        return "Python code is not run here"
    if re.search(r"""\{\s*["'](?:tool|name|action|answer)["']\s*:""", text):
        return "it was written as JSON, which is not read here"
    if re.search(r"^[ \t]*[A-Za-z_][\w.]*\(.*\)[ \t]*$", text, re.MULTILINE):
        return "a call has to stand behind Action:"
    return "it had text only, no line that begins with Action: or Answer:"


def _malformed(why: str, *, meant: bool = False) -> FormatError:
    return FormatError(f"Your message could not be used: {why}. {HOW_TO}", meant=meant)


@cache
def _prompt() -> str:
    return files("codeact.formats").joinpath("prompts/text.md").read_text(encoding="utf-8").strip()
