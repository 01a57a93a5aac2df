"""How an agent that never errs decodes messages.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says. It does not: encode.
"""

from collections.abc import Callable
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, at_once
from codeact.bench.task import Task
from codeact.protocols import Call

_TOOLS = {"shift": "caesar_decode", "reverse": "reverse_string", "hex": "convert_hex_to_ascii"}
_LAST = {
    "text": "print(texts[0])",
    "length": "print(string_length(texts[0]))",
    "shortest length": "print(min(string_length(text) for text in texts))",
    "longest": "print(max(texts, key=string_length))",
    "of length": "print(next(text for text in texts if string_length(text) == {length}))",
    "largest": "print(max(int(text) for text in texts))",
}


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    data: dict[str, Any] = task.data
    decoded = "message"
    for name, *by in reversed(data["steps"]):
        decoded = f"{_TOOLS[name]}({', '.join([decoded, *map(str, by)])})"
    last = _LAST[data["goal"]].format(**data)
    return at_once(f"texts = [{decoded} for message in {data['messages']!r}]\n{last}")


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    data: dict[str, Any] = task.data
    texts: list[str] = data["messages"]
    for name, *by in reversed(data["steps"]):
        texts = yield [Call(_TOOLS[name], (text, *by)) for text in texts]
    if data["goal"] == "text":
        return texts[0]
    if data["goal"] == "largest":
        return max(map(int, texts))
    lengths: list[int] = yield [Call("string_length", (text,)) for text in texts]
    if data["goal"] in ("length", "shortest length"):
        return min(lengths)
    fits: Callable[[int], bool] = {"longest": max(lengths).__eq__, "of length": data.get("length").__eq__}[data["goal"]]
    return next(text for text, length in zip(texts, lengths, strict=True) if fits(length))
