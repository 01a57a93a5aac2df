"""The shapes in which models write a call or an answer as an object: ours, and those that they have learnt elsewhere.

Invariant: an object is understood in one way or is none of ours; one that is ours and has a part too many, or of a wrong kind, is a
`FormatError`. It does not: read text (`objects` does), or know which tools there are.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from codeact.errors import FormatError
from codeact.formats import calls
from codeact.protocols import Call

TOOLS = ("tool", "tool_name", "function", "function_name", "action", "api_name", "recipient_name")
ARGUMENTS = ("arguments", "args", "parameters", "params", "param_dict", "action_input", "tool_input", "input", "inputs")
KEYWORDS = ("keywords", "keyword_arguments", "kwargs")
ANSWERS = ("answer", "final_answer", "solution")
_WRAPPERS = ("function", "function_call", "tool_call", "tool", "action", "call")
_LISTS = ("tool_calls", "function_calls", "calls", "actions")
_THOUGHTS = ("thought", "thoughts", "reasoning", "rationale", "explanation", "comment")
_IGNORED = ("id", "type", "index", "call_id", "tool_call_id")
_TO_ANSWER = ("final_answer", "final answer", "finalanswer")


@dataclass(frozen=True, slots=True)
class Turn:
    """What an object says: calls, or an answer.

    Args:
        calls: at least one, if there is no answer.
        answered: whether it is an answer.
        answer: the answer's value.
        key: the object's key that the answer stands at, if it is not further in.
        thought: what it says besides.
    """

    calls: tuple[Call, ...] = ()
    answered: bool = False
    answer: Any = None
    key: str = ""
    thought: str = ""


def understood(value: Any, *, wrapped: bool = False) -> Turn | None:
    """What an object (or a list of objects) says; None if it is neither a call nor an answer.

    Args:
        value: as JSON.
        wrapped: whether it stands in an object that says that it is a call.

    Raises:
        FormatError: it is a call or an answer with a mistake in it; `.feedback` says which, as the end of a sentence.
    """
    if isinstance(value, list):
        return _listed([understood(item, wrapped=wrapped) for item in value])
    if not isinstance(value, dict):
        return None
    named = {key.strip().lower().replace(" ", "_"): key for key in value}
    return _in_wrapper(value, named) or _call(value, named, wrapped) or _answer(value, named)


def _listed(turns: list[Turn | None]) -> Turn | None:
    """The calls of a list, up to an answer; an answer if it comes first."""
    found = [turn for turn in turns if turn is not None]
    if not found or len(found) < len(turns):
        return None
    if found[0].answered:
        return found[0]
    made: list[Call] = []
    for turn in found:
        if turn.answered:
            break
        made.extend(turn.calls)
    return Turn(tuple(made), thought="\n".join(turn.thought for turn in found if turn.thought))


def _in_wrapper(value: dict[str, Any], named: dict[str, str]) -> Turn | None:
    inner: Any = None
    for name in (*_LISTS, *_WRAPPERS):
        candidate = value[named[name]] if name in named else None
        if candidate and isinstance(candidate, list if name in _LISTS else dict):
            inner = understood(candidate, wrapped=True)
            break
    return None if inner is None else replace(inner, key="", thought=_thought(value, named) or inner.thought)


def _call(value: dict[str, Any], named: dict[str, str], wrapped: bool) -> Turn | None:
    has_arguments = any(name in named for name in (*ARGUMENTS, *KEYWORDS))
    keys = [named[name] for name in (*TOOLS, *(("name",) if wrapped or has_arguments else ())) if name in named]
    key = next((key for key in keys if value[key] is not None), None)
    if key is None:
        if keys and not any(name in named for name in ANSWERS):
            raise FormatError(f'"{keys[0]}" names no tool', meant=True)
        return None
    tool = value[key]
    if not isinstance(tool, str) or not tool.strip():
        raise FormatError(f'"{key}" must be the name of a tool in quotes, not {_short(tool)}', meant=True)
    tool = tool.strip().removeprefix("functions.")
    rest = {name: item for name, item in value.items() if name != key}
    args, kwargs = _arguments(rest, named) if has_arguments else ((), {name: item for name, item in rest.items() if name != "thought"})
    if tool.lower() in _TO_ANSWER:
        return Turn(answered=True, answer=_only([*args, *kwargs.values()]), thought=_thought(value, named))
    return Turn((Call(tool, args, kwargs),), thought=_thought(value, named))


def _arguments(rest: dict[str, Any], named: dict[str, str]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional and keyword arguments of a call, out of the keys besides the tool's."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    for name in (*ARGUMENTS, *KEYWORDS):
        if (key := named.get(name)) is None or key not in rest:
            continue
        given = _from_text(rest[key])
        if isinstance(given, dict):
            twice = kwargs.keys() & given.keys()
            if twice:
                raise FormatError(f"the argument {min(twice)!r} is there twice", meant=True)
            kwargs |= given
        elif name in KEYWORDS and given is not None:
            raise FormatError(f'"{key}" must be an object, {{"name": value}}, not {_short(given)}', meant=True)
        elif given is not None:
            args += tuple(given) if isinstance(given, list) else (given,)
    allowed = {*ARGUMENTS, *KEYWORDS, *_THOUGHTS, *_IGNORED, *ANSWERS, *TOOLS, "name"}
    unknown = [key for name, key in named.items() if key in rest and name not in allowed]
    if unknown:
        raise FormatError(f'"{unknown[0]}" is no key of a call: the arguments stand in "arguments"', meant=True)
    return args, kwargs


def _from_text(given: Any) -> Any:
    """Arguments that were written as the text of an object, as some servers do; other text is itself, and none is no argument."""
    if not isinstance(given, str):
        return given
    if not given.strip():
        return None
    if not given.strip().startswith("{"):
        return given
    try:
        value = json.loads(given, strict=False)
    except (ValueError, RecursionError):
        try:
            value = calls.literal(given)
        except FormatError:
            return given
    return value if isinstance(value, dict) else given


def _answer(value: dict[str, Any], named: dict[str, str]) -> Turn | None:
    for name in ANSWERS:
        if name in named:
            return Turn(answered=True, answer=value[named[name]], key=named[name], thought=_thought(value, named))
    return None


def _thought(value: dict[str, Any], named: dict[str, str]) -> str:
    found = [value[named[name]] for name in _THOUGHTS if name in named]
    return "\n".join(text.strip() for text in found if isinstance(text, str) and text.strip())


def _only(values: list[Any]) -> Any:
    if len(values) != 1:
        raise FormatError("an answer is one value", meant=True)
    return values[0]


def _short(value: Any, most: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[:most] + "..."
