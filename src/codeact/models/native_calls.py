"""Calls of an OpenAI-compatible endpoint at the border: messages with calls in them on the way out, deltas of calls on the way in.

Invariants: each call in a message is followed by exactly one message of the role `tool`; ids are made of places, so that a request starts
with the bytes of the request before. It does not: know any format (`protocols.Native` does), or send anything.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from codeact import events
from codeact.protocols import Native

NOT_RUN = "Not run."
"""What is told of a call of which nothing came."""


def as_tools(native: Native) -> list[dict[str, Any]]:
    """The functions as a request has them."""
    return [
        {"type": "function", "function": {"name": one.name, "description": one.description, "parameters": one.parameters}}
        for one in native.functions
    ]


def as_messages(messages: Sequence[events.Message], native: Native | None) -> list[dict[str, Any]]:
    """The messages as a request has them; without `native` they are text."""
    if native is None:
        return [{"role": message.role, "content": message.content} for message in messages]
    conversation = _Conversation(native)
    return [sent for message in messages for sent in conversation.add(message)] + list(conversation.left())


class _Conversation:
    """Messages, one after another, with what the endpoint has of its own."""

    def __init__(self, native: Native) -> None:
        self._native = native
        self._calls = 0  # in all of it
        self._open: list[str] = []  # ids of calls that nothing came of yet

    def add(self, message: events.Message) -> Iterator[dict[str, Any]]:
        """What a message becomes."""
        if message.role == "user" and not message.task:
            yield from self._reply(message)
            return
        yield from self.left()
        if message.role == "assistant":
            yield self._turn(message.content)
        else:
            yield {"role": message.role, "content": message.content}

    def left(self) -> Iterator[dict[str, Any]]:
        """Words for the calls that nothing came of."""
        unanswered, self._open = self._open, []
        for one in unanswered:
            yield _told(one, NOT_RUN)

    def _turn(self, text: str) -> dict[str, Any]:
        content, calls = self._native.split(text)
        if not calls:
            return {"role": "assistant", "content": content}
        self._open = [_id(self._calls + number) for number in range(1, len(calls) + 1)]
        self._calls += len(calls)
        made = [
            {"id": one, "type": "function", "function": {"name": name, "arguments": arguments}}
            for one, (name, arguments) in zip(self._open, calls, strict=True)
        ]
        return {"role": "assistant", "content": content or None, "tool_calls": made}

    def _reply(self, message: events.Message) -> Iterator[dict[str, Any]]:
        """What came of the open calls, one message each; words to the model are told of the first that is open."""
        parts = message.parts or (message.content,)
        if len(parts) > len(self._open):
            yield from self.left()
            yield {"role": message.role, "content": message.content}
            return
        answered, self._open = self._open[: len(parts)], self._open[len(parts) :]
        for one, text in zip(answered, parts, strict=True):
            yield _told(one, text)


class Gathered:
    """A turn as it comes in: content and pieces of calls.

    Args:
        native: makes the format's text of it.
    """

    def __init__(self, native: Native) -> None:
        self.text = ""
        self._native = native
        self._content = ""
        self._calls: list[_Call] = []

    def feed(self, content: str, deltas: Sequence[Any]) -> str:
        """Take what a chunk brings; returns the text that is certain by now. Content behind a call is dropped, as text behind an action."""
        if not self._calls:
            self._content += content
        for delta in deltas:
            self._call(delta)
        return self._grown("streaming") if self._calls else ""

    def finish(self, *, cut: bool) -> str:
        """The turn has ended; returns the rest of the text, and `text` is the whole."""
        return self._grown("cut" if cut else "whole")

    def _grown(self, state: Literal["streaming", "whole", "cut"]) -> str:
        text = self._native.join(self._content, [(one.name, one.arguments) for one in self._calls], state)
        if not text.startswith(self.text) and state == "streaming":
            return ""
        before, self.text = self.text, text
        return text[len(before) :] if text.startswith(before) else ""

    def _call(self, delta: Any) -> None:
        function = delta.function
        name, arguments = (function and function.name) or "", (function and function.arguments) or ""
        arguments = arguments if isinstance(arguments, str) else json.dumps(arguments)
        call = self._known(delta.index, delta.id or "", name)
        if call is None:
            call = _Call(delta.index, delta.id or "")
            self._calls.append(call)
        if name != call.name and not call.arguments:
            call.name += name
        call.arguments += arguments

    def _known(self, index: int | None, identity: str, name: str) -> "_Call | None":
        """The call that a piece belongs to. Some servers give every call the same index, or none: ids tell them apart, else names do."""
        last = next((one for one in reversed(self._calls) if one.index == index), None)
        if last is None or (identity and last.identity and identity != last.identity):
            return None
        if index is None and name and last.arguments and not identity:
            return None
        return last


class _Call:
    """A call as it comes in."""

    def __init__(self, index: int | None, identity: str) -> None:
        self.index = index
        self.identity = identity
        self.name = ""
        self.arguments = ""


def _id(number: int) -> str:
    """Nine letters and digits, which the strictest of the servers asks for."""
    return f"call{number:05d}"


def _told(call: str, text: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call, "content": text}
