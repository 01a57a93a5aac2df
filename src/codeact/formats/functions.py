"""Turns of the format `json` as an endpoint's own calls: one function a tool, and plain content for the answer.

Invariant: every tool has a function, whose name endpoints take; `split` of what `join` made gives the calls and the content back. What
a JSON schema does not say of a tool (the value, the classes, a long description) is in `notes`. It does not: talk to an endpoint, or
check arguments (the tool does).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Literal

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.formats import listing, objects, tags
from codeact.formats.parameters import Parameters
from codeact.protocols import Call, Function, Step

HOW_TO = "Either call a function, or write the answer as plain text, without a call."

MOST_NAME = 64
MOST_DESCRIPTION = 1024
"""What OpenAI takes of each, which others follow."""

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]")


class Functions:
    """See `protocols.Native`.

    Args:
        parse, write: of the format.
        tools: what can be called.
    """

    parallel = True

    def __init__(self, parse: Callable[[str], Step], write: Callable[[Step], str], tools: Sequence[ToolSpec] = ()) -> None:
        self._parse = parse
        self._write = write
        self._tools = names(tools)
        self._parameters = {name: Parameters(spec) for name, spec in self._tools.items()}
        self._names = {_called(spec): name for name, spec in self._tools.items()}
        self.functions: Sequence[Function] = [
            Function(name, spec.description if _fits(spec) else _shortened(spec.description), self._parameters[name].schema)
            for name, spec in self._tools.items()
        ]

    def split(self, text: str) -> tuple[str, Sequence[tuple[str, str]]]:
        """The content and the calls of a turn."""
        try:
            step = self._parse(text)
            return "\n".join(part for part in (step.thought, step.answer) if part), [self._as_named(call) for call in step.calls]
        except FormatError:
            return text, ()

    def join(self, content: str, calls: Sequence[tuple[str, str]], state: Literal["streaming", "whole", "cut"]) -> str:
        """The turn as objects, one a line."""
        if not calls:
            return "" if state == "streaming" else self._answered(content, cut=state == "cut")
        thought = self._thought(content)
        if state == "streaming":
            return thought
        lines = [self._line(name, arguments, cut=False) for name, arguments in calls[:-1]]
        return thought + "\n".join([*lines, self._line(*calls[-1], cut=state == "cut")])

    def _as_named(self, call: Call) -> tuple[str, str]:
        """A call's name and arguments for the endpoint.

        Raises:
            FormatError: the arguments have no names.
        """
        name = self._names.get(call.tool.removeprefix("tools."))
        if name is not None:
            return name, json.dumps(self._parameters[name].named(call), ensure_ascii=False)
        if call.args:
            raise FormatError(f"{call.tool} is no tool, and its arguments have no names")
        return _NOT_IN_NAMES.sub("_", call.tool)[:MOST_NAME], json.dumps(call.kwargs, ensure_ascii=False)

    def _line(self, name: str, arguments: str, *, cut: bool) -> str:
        """A call as an object; arguments that cannot be read stand there as they came, for the format to refuse."""
        raw = arguments.strip() or "{}"
        value = objects.whole(raw)
        tool = _called(self._tools[name]) if name in self._tools else name
        if isinstance(value, dict):
            parameters = self._parameters.get(name)
            return self._write(Step("", calls=(parameters.call(tool, value) if parameters is not None else Call(tool, kwargs=value),)))
        return f'{{"tool": {json.dumps(tool, ensure_ascii=False)}, "arguments": {raw}{"" if cut and value is None else "}"}'

    def _thought(self, content: str) -> str:
        """The content as what stands before the calls; nothing if the format would take it for a call or an answer."""
        call = '{"tool": "pass", "arguments": {}}'
        return self._behind(content.strip(), call).removesuffix(call)

    def _answered(self, content: str, *, cut: bool) -> str:
        """The content as an answer; what is written as an object, as if there were no functions, is left to the format."""
        thought, answer = tags.reasoned(content)
        if not answer:
            return content
        if written := self._as_text(answer):
            return self._behind(thought, written)
        text = self._behind(thought, next(text for text in self._answers(answer) if self._is_answer(text)))
        return text.removesuffix("}") if cut else text

    def _answers(self, answer: str) -> Iterator[str]:
        """The answer as an object: a value that is no text as it is, if it reads well."""
        value = objects.whole(answer)
        if isinstance(value, dict | list | int) or (isinstance(value, float) and isfinite(value)):
            yield f'{{"answer": {answer}}}'
        yield self._write(Step("", answer=answer))

    def _behind(self, thought: str, text: str) -> str:
        """The text behind a thought; without it, if the format would take something in the thought for the turn."""
        whole = f"{thought}\n{text}"
        return whole if thought and self._meaning(whole) == self._meaning(text) else text

    def _meaning(self, text: str) -> tuple[Any, ...]:
        try:
            step = self._parse(text)
        except FormatError:
            return ()
        return step.calls, step.answer

    def _as_text(self, content: str) -> str:
        """Calls of known tools, or an answer, that stand in the content as the format writes them; empty if there are none."""
        try:
            step = self._parse(content)
        except FormatError:
            return ""
        if step.answer is not None:
            return content
        known = [Call(_called(self._tools[call.tool]), call.args, call.kwargs) if call.tool in self._tools else call for call in step.calls]
        return self._write(Step(step.thought, calls=tuple(known))) if all(call.tool in self._names for call in known) else ""

    def _is_answer(self, text: str) -> bool:
        return self._meaning(text)[1:] not in ((), (None,))


def names(tools: Sequence[ToolSpec]) -> Mapping[str, ToolSpec]:
    """The tools by names that endpoints take, in their order: letters, digits, ``_`` and ``-``, and no two alike."""
    named: dict[str, ToolSpec] = {}
    for spec in tools:
        plain = _NOT_IN_NAMES.sub("_", f"{spec.module.replace('.', '__')}__{spec.name}" if spec.module else spec.name)
        name, number = plain[:MOST_NAME], 2
        while name in named:
            ending = f"_{number}"
            name, number = plain[: MOST_NAME - len(ending)] + ending, number + 1
        named[name] = spec
    return named


def notes(tools: Sequence[ToolSpec]) -> str:
    """What the model is told of tools in words, since a JSON schema does not say it; empty if there is nothing."""
    told = [
        spec.model_copy(
            update={
                "module": "",
                "signature": _SIGNATURE_NAME.sub(lambda _, name=name: name, spec.signature, count=1),
                "description": "" if _fits(spec) else spec.description,
            }
        )
        for name, spec in names(tools).items()
        if "->" in spec.signature or spec.definitions or not _fits(spec)
    ]
    return listing.full(told) if told else ""


_SIGNATURE_NAME = re.compile(r"\A\s*(?:async )?(?:def )?[^(]*")


def _called(spec: ToolSpec) -> str:
    return f"{spec.module}.{spec.name}" if spec.module else spec.name


def _fits(spec: ToolSpec) -> bool:
    return len(spec.description) <= MOST_DESCRIPTION


def _shortened(description: str) -> str:
    """As much of a description as endpoints take, to the end of a line if there is one."""
    text = description[: MOST_DESCRIPTION - len(_MORE)]
    return (text.rpartition("\n")[0] or text) + _MORE


_MORE = " ..."
