"""Calls of tools, a line each.

Invariant: a line is short whatever the call holds, and ends where the next one begins. It does not: make text harmless for a terminal.
"""

import json
from typing import Any

from codeact.events import AnyEvent, Observation, ToolCalled, ToolReturned

MOST_LINES = 10
"""Calls of one action that have a line of their own."""

_LONGEST = 160


class Calls:
    """Lines of the calls of a run, from its events one after the other."""

    def __init__(self) -> None:
        self._open: dict[str, ToolCalled] = {}
        self._ended = 0

    def line(self, event: AnyEvent) -> str | None:
        """What there is to say of an event: of a call when it has ended, and of calls that were left out when their action has."""
        match event:
            case ToolCalled():
                self._open[event.call_id] = event
            case ToolReturned() if event.call_id in self._open:
                self._ended += 1
                called = self._open.pop(event.call_id)
                return _line(called, event) if self._ended <= MOST_LINES else None
            case Observation():
                left_out, self._ended = self._ended - MOST_LINES, 0
                self._open.clear()
                return f"{left_out:,} more calls" if left_out > 0 else None
        return None


def _line(called: ToolCalled, returned: ToolReturned) -> str:
    args, kwargs = called.arguments.get("args"), called.arguments.get("kwargs")
    parts = [_value(each) for each in args] if isinstance(args, list) else []
    parts += [f"{name}={_value(each)}" for name, each in kwargs.items()] if isinstance(kwargs, dict) else []
    call = f"{called.name}({_cut(', '.join(parts))})"
    if returned.error is not None:
        return f"call {call} failed: {_cut(returned.error)}"
    return f"call {call} -> {_cut(_value(returned.value))}"


def _value(value: Any) -> str:
    """As Python writes it; JSON of anything larger."""
    return repr(value) if value is None or isinstance(value, str | bool | int | float) else json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"
