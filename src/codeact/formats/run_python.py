"""Turns of the format `code` as an endpoint's own calls: the one function `run_python`, and plain content for the answer.

Invariant: what `join` makes of a call is an action, or a text that is neither action nor answer; code that broke off or cannot be
read is never run. Of several calls the first counts, as of several actions in a text. It does not: talk to an endpoint.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from pydantic_core import from_json

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.formats import calls, objects, source, tags
from codeact.protocols import Call, Function, Step

NAME = "run_python"
HOW_TO = f"Either call {NAME} with the code to run, or write the answer as plain text, without a call."

_FUNCTION = Function(
    NAME,
    "Run Python code. What it prints, and the value of its last expression, is sent back; variables are kept.",
    {"type": "object", "properties": {"code": {"type": "string", "description": "The code."}}, "required": ["code"]},
)
_OPENING, _CLOSING = "<execute>\n", "\n</execute>"
_UNREAD = re.compile(rf"<{NAME}>(.*)</{NAME}>\s*\Z", re.DOTALL)
"""How arguments that cannot be read are recorded."""


class RunPython:
    """See `protocols.Native`.

    Args:
        parse: understands a text of the format.
        tools: what the code can call; a model may call one of them as if it were a function of the endpoint, which then is its code.
    """

    functions: Sequence[Function] = (_FUNCTION,)
    parallel = False

    def __init__(self, parse: Callable[[str], Step], tools: Sequence[ToolSpec] = ()) -> None:
        self._parse = parse
        self._tools = tools
        self._thought = lru_cache(maxsize=4)(self._thought_of)  # it is asked for with each piece of the code

    def split(self, text: str) -> tuple[str, Sequence[tuple[str, str]]]:
        """The content and the call of a turn."""
        try:
            step = self._parse(text)
        except FormatError:
            return text, ()
        if step.code is None:
            return "\n".join(part for part in (step.thought, step.answer) if part), ()
        return step.thought, [(NAME, json.dumps({"code": step.code}, ensure_ascii=False))]

    def join(self, content: str, calls: Sequence[tuple[str, str]], state: Literal["streaming", "whole", "cut"]) -> str:
        """The turn between tags."""
        if not calls:
            return "" if state == "streaming" else self._answered(content, cut=state == "cut")
        name, arguments = calls[0][0] or NAME, calls[0][1]
        begun = _begun(arguments) if name == NAME else None
        thought = self._thought(content)
        if state == "streaming":
            return "" if begun is None else f"{thought}{_OPENING}{begun}"
        code = self._code(name, arguments)
        text = f"{thought}{_OPENING}{code}{_CLOSING}"
        if code is not None and self._reads_back(text, code):
            return text
        if code is None and state == "cut":
            return f"{thought}{_OPENING}{begun or ''}"
        return f"{thought}<{NAME}>{arguments}</{NAME}>"

    def _reads_back(self, text: str, code: str) -> bool:
        """Whether the format reads that code and no part of it; or refuses it in its own words."""
        try:
            return self._parse(text).code == source.tidied(f"\n{code}\n")
        except FormatError:
            return True

    def _thought_of(self, content: str) -> str:
        """The content as what stands before the code; nothing if the format would take it for an action or an answer."""
        thought = content.strip()
        try:
            step = self._parse(f"{thought}\n{_OPENING}pass{_CLOSING}")
        except FormatError:
            return ""
        return f"{thought}\n" if thought and (step.code, step.thought) == ("pass", thought) else ""

    def _answered(self, content: str, *, cut: bool) -> str:
        """The content as an answer; one with tags, written as if there were no functions, is left as it is."""
        thought, answer = tags.reasoned(content)
        found = tags.locate(answer)
        if not answer or (found is not None and found.kind != "fence"):
            return content
        whole = f"<solution>{answer}</solution>"
        if thought and self._is_answer(f"{thought}\n{whole}"):
            whole = f"{thought}\n{whole}"
        return whole.removesuffix("</solution>") if cut else whole

    def _is_answer(self, text: str) -> bool:
        try:
            return self._parse(text).answer is not None
        except FormatError:
            return False

    def _code(self, name: str, arguments: str) -> str | None:
        """The code that a call stands for; None if it cannot be read."""
        raw = arguments.strip()
        value = objects.whole(raw)
        if isinstance(value, dict) and name != NAME and not isinstance(value.get("code"), str):
            return calls.source(Call(name, kwargs=value), self._tools)
        if isinstance(value, dict):
            value = value.get("code", next(iter(value.values())) if len(value) == 1 else None)
        elif value is None and raw not in ("", "null") and not raw.startswith(("{", "[")) and source.parses(raw):
            value = raw  # code in place of an object with code in it, which some models write
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else None


def is_unread(text: str) -> bool:
    """Whether a turn is a call with arguments that could not be read."""
    return _UNREAD.search(text) is not None


def why_nothing(text: str) -> str:
    """Why a turn is neither an action nor an answer, as the end of a sentence."""
    found = _UNREAD.search(text)
    if found is None:
        return "it had neither a call nor an answer" if text.strip() else "it was empty"
    arguments = found[1].strip()
    value, why = objects.whole(arguments), objects.why_not_whole(arguments)
    if isinstance(value, dict) and isinstance(value.get("code"), str):
        return "the code has </execute> or <solution> in it, which has another meaning here: write it in two parts, '</exe' 'cute>'"
    return f'the arguments of {NAME} were not an object with the code as text in "code"{f": {why}" if why else ""}'


def _begun(arguments: str) -> str | None:
    """The code so far, of arguments that are still being written; None if there is none."""
    try:
        value = from_json(arguments, allow_partial="trailing-strings")
    except ValueError:
        return None
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, str) else None
