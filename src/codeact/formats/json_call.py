"""Actions written as JSON: `{"tool": name, "arguments": {...}}`, several of them one after another, and `{"answer": ...}`.

Invariant: a message is its calls, up to an answer or an output that the model made up, or an answer if that comes first. `arguments` is
an object of named arguments or a list of arguments in their order; a call with both has the named ones in `keywords`. Other shapes
that models know are read as well. Text without any is a `FormatError`, and nothing else is ever raised. It does not: make a call.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from codeact.errors import FormatError, InputError
from codeact.events import Observation, ToolSpec
from codeact.formats import calls, functions, listing, objects, shapes, shown, tags
from codeact.protocols import Call, Step

HOW_TO = 'Write either a call:\n{"tool": "name", "arguments": {"key": value}}\nor the answer:\n{"answer": value}'

_GRAMMAR = r"""
root ::= thought (calls | answer)
thought ::= ("Thought: " [^\[{`\n]{1,200} "\n")?
calls ::= call ("\n" call){0,3}
call ::= "{\"tool\": \"" word ("." word)? "\", \"arguments\": " (object | array keywords?) "}"
keywords ::= ", \"keywords\": " object
answer ::= "{\"answer\": " (sentence | number | object | array | "true" | "false") "}"
sentence ::= "\"" [!#-Z^-~\u00A1-\u167F\u3001-\uD7FF\U00010000-\U0010FFFF] character* "\""
value ::= string | number | object | array | "true" | "false" | "null"
object ::= "{" (pair (", " pair)*)? "}"
pair ::= string ": " value
array ::= "[" (value (", " value)*)? "]"
string ::= "\"" character* "\""
character ::= [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" hex hex hex hex)
hex ::= [0-9a-fA-F]
number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,15})? ([eE] [+-]? [0-9]{1,2})?
word ::= [a-zA-Z_] [a-zA-Z0-9_]{0,62}
"""
"""A turn has four calls at most: left free, a small model makes the same one over and over (seen with 135M parameters)."""
_MADE_UP = re.compile(r"^[ \t>*_]*(?:Output|Observation|Result)s?[ \t*_]*:", re.MULTILINE | re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:(?:`{3,}|~{3,})[\w-]*|`|<[\w|-]+>|\[TOOL_CALLS\]|^[ \t*]*(?:action|answer|tool)[ \t*]*:[ \t*]*)\s*\Z", re.IGNORECASE | re.MULTILINE
)
_THOUGHT_LABEL = re.compile(r"\A[\s*_]*thought[\s*_]*:[ \t*_]*", re.IGNORECASE)
_MOST_OPENINGS = 200  # a model that opens brackets without end is not worth more


class JsonFormat:
    """The action format `json`; see `protocols.ActionFormat`.

    Args:
        native: the model is told of functions of its endpoint, and not of objects.
    """

    name = "json"
    stop: Sequence[str] = ("\nOutput:", "\nObservation:")

    def __init__(self, *, native: bool = False) -> None:
        self._native = native

    def system(self, tools: Sequence[ToolSpec] = (), answer_type: str = "") -> str:
        """The system message: how to write, the tools as Python stubs, and the kind of answer that is wanted."""
        if self._native:
            notes = functions.notes(tools)
            parts = [_prompt("json_native"), f"What the functions give, in Python's words:\n{notes}" if notes else ""]
        else:
            parts = [_prompt("json"), f"These are the tools:\n{listing.listed(tools, self.name)}" if tools else ""]
        if not tools:
            parts[1] = "There are no tools."
        if answer_type:
            parts.append(f"""{"The answer" if self._native else 'The value of "answer"'} must be {answer_type}.""")
        return "\n\n".join(filter(None, parts))

    def grammar(self) -> str:
        """GBNF that admits a line of thought (`Thought: ...`), then calls or one answer, and nothing more."""
        return _GRAMMAR.strip() + "\n"

    def unfinished(self, text: str) -> bool:
        """Whether generation ended inside a string of an object (a stop string that does not count)."""
        return any(piece.in_string and piece.meant for piece in _pieces(text))

    def complete(self, text: str, stopped_by: str | None = None) -> str:
        """The text with the closing brackets that it lacks; a string that breaks off is not made whole."""
        for piece in _pieces(text):
            if piece.missing and not piece.in_string and (piece.meant or not piece.why):
                return text + piece.missing
        return text

    def parse(self, text: str) -> Step:
        """Understand a turn.

        Raises:
            FormatError: it is neither a call nor an answer; `.feedback` says why and how to write one.
        """
        made: list[Call] = []
        thoughts: list[str] = []
        start, end = len(text), 0
        for piece in _pieces(text):
            if made and _MADE_UP.search(text, end, piece.start):
                break
            if piece.why:
                raise self._malformed(piece.why, meant=True)
            turn = self._understood(piece)
            if turn is None:
                continue
            if not made:
                start = piece.start
            if turn.answered:
                if made:
                    break
                return Step(_thought(text[:start], [turn.thought]), answer=self._answer(turn, piece))
            made.extend(turn.calls)
            thoughts.append(turn.thought)
            end = piece.end
        if not made:
            raise self._malformed(_why_neither(text) if self._native else _why_not(text))
        return Step(_thought(text[:start], thoughts), calls=tuple(made))

    def write(self, step: Step) -> str:
        """A turn as a model should write it: `parse` reads it back.

        Raises:
            InputError: it is code, or an argument is no JSON value.
        """
        if step.code is not None:
            raise InputError("code cannot be written in the format json: give calls or an answer")
        lines = [step.thought] if step.thought else []
        lines += [_dumped({"answer": step.answer})] if step.answer is not None else [_dumped(_object(call)) for call in step.calls]
        return "\n".join(lines)

    def source(self, call: Call, tools: Sequence[ToolSpec] = ()) -> str:
        """The Python that makes a call."""
        return calls.source(call, tools)

    def show(self, observation: Observation, most: int) -> str:
        """The observation as the model is shown it, cut in the middle to `most` characters."""
        return shown.shown(observation, most)

    def native(self, tools: Sequence[ToolSpec] = ()) -> functions.Functions | None:
        """How its turns become calls of functions; None if they are text."""
        return functions.Functions(self.parse, self.write, tools) if self._native else None

    def _understood(self, piece: objects.Piece) -> shapes.Turn | None:
        try:
            return shapes.understood(calls.checked_depth(piece.value))
        except FormatError as error:
            raise self._malformed(error.feedback, meant=True) from None

    def _answer(self, turn: shapes.Turn, piece: objects.Piece) -> str:
        """The answer's text; a number as it was written."""
        value = turn.answer
        if isinstance(value, int | float) and turn.key and (written := objects.number_as_written(piece, turn.key)) is not None:
            return written
        text = value.strip() if isinstance(value, str) else _dumped(value)
        if not text:
            raise self._malformed("there was nothing in the answer" if self._native else 'there was nothing in "answer"')
        return text

    def _malformed(self, why: str, *, meant: bool = False) -> FormatError:
        return FormatError(f"Your message could not be used: {why}. {functions.HOW_TO if self._native else HOW_TO}", meant=meant)


def _pieces(text: str) -> Iterator[objects.Piece]:
    """Objects that are, or were meant as, calls or answers, in order; whatever comes behind a broken one is left alone."""
    masked = tags.without_reasoning(text)
    position = 0
    for _ in range(_MOST_OPENINGS):
        if (opening := objects.OPENING.search(masked, position)) is None:
            return
        piece = objects.at(text, opening.start())
        if piece.why and piece.meant:
            yield piece
            return
        if piece.why or not _is_ours(piece.value):
            position = opening.start() + 1
            continue
        yield piece
        position = piece.end


def _is_ours(value: Any) -> bool:
    try:
        return shapes.understood(value) is not None
    except FormatError:
        return True


def _thought(before: str, inside: list[str]) -> str:
    """What stands before the first object, without what introduces the object, and what the objects say."""
    before = before.rstrip()
    while (shorter := _BEFORE.sub("", before).rstrip()) != before:
        before = shorter
    return "\n".join(part for part in (_THOUGHT_LABEL.sub("", before).strip(), *inside) if part)


def _object(call: Call) -> dict[str, Any]:
    if call.args and call.kwargs:
        return {"tool": call.tool, "arguments": list(call.args), "keywords": call.kwargs}
    return {"tool": call.tool, "arguments": list(call.args) if call.args else call.kwargs}


def _dumped(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:  # half a pair of surrogates
        return json.dumps(value)
    except TypeError as error:
        raise InputError(f"{value!r} cannot be written as JSON: {error}; give text, numbers, lists or dicts") from None
    return text


def _why_not(text: str) -> str:
    if not text.strip():
        return "it was empty"
    if re.search(r"```(?:python|py)\b|<execute>", text, re.IGNORECASE):
        return "Python code is not run here"
    if re.search(r"^[ \t]*(?:Action:[ \t]*)?[A-Za-z_][\w.]*\(.*\)[ \t]*$", text, re.MULTILINE):
        return "a call has to be written as JSON"
    if objects.OPENING.search(text):
        return "its JSON is neither a call nor an answer"
    return "it had text only, no JSON object with a call or an answer"


def _why_neither(text: str) -> str:
    return "it had neither a call nor an answer" if text.strip() else "it was empty"


@cache
def _prompt(name: str) -> str:
    return files("codeact.formats").joinpath(f"prompts/{name}.md").read_text(encoding="utf-8").strip()
