"""What the agent does for an answer, as pieces of Markdown while it happens: thoughts, code, output.

Invariant: whatever an output holds, it does not end its fence; the pieces together are one text, of which no action's output is longer
than `MOST_SHOWN` and some. It does not: show turns of the model as they are written, which hold tags, or pictures.
"""

import re
from collections.abc import Iterator

from codeact import events

MOST_SHOWN = 8000
"""Characters that are shown of what one action wrote, and of each other output."""

_CUT = "... (more was written, and is left out here)"


class Steps:
    """Events of one message, one after another, become pieces of text."""

    def __init__(self) -> None:
        self._began = False
        self._fence = _Fence()
        self._written = ""

    def add(self, event: events.AnyEvent) -> str:
        """The piece that an event adds; empty for the many that add none."""
        match event:
            case events.Action():
                return self._fence.close() + self._action(event)
            case events.StreamChunk():
                return self._stream(event.text)
            case events.Observation():
                return self._observation(event)
            case events.RunEnded():
                return self._fence.close()
            case _:
                return ""

    def _action(self, event: events.Action) -> str:
        self._written = ""
        thought = event.thought.strip()
        return (self._block(thought) if thought else "") + self._block(fenced(event.code, "python"))

    def _observation(self, event: events.Observation) -> str:
        whole = "".join(output.text for output in event.outputs if isinstance(output, events.StreamOutput))
        rest = whole[len(self._written) :] if whole.startswith(self._written) else ""
        return self._stream(rest) + self._fence.close() + "".join(map(self._block, _others(event)))

    def _stream(self, text: str) -> str:
        room = MOST_SHOWN - len(self._written)
        if room < 0 or not text:
            return ""
        self._written = (self._written + text)[: MOST_SHOWN + 1]
        shown = text if len(text) <= room else f"{text[:room]}\n{_CUT}\n"
        before = "" if self._fence.open else self._block("")
        return before + self._fence.write(shown)

    def _block(self, text: str) -> str:
        """A text, apart from what was before."""
        before, self._began = ("\n\n" if self._began else ""), True
        return before + text


class _Fence:
    """A fence around text that comes in pieces: a run of backticks in it that would end it goes into a longer one."""

    def __init__(self) -> None:
        self.open = ""
        self._held = ""
        self._at_start = True

    def write(self, text: str) -> str:
        """The next piece; backticks at its end are kept until it is known how many they are."""
        text = self._held + text
        body = text.rstrip("`")
        self._held = text[len(body) :]
        return self._put(body)

    def close(self) -> str:
        """The end of the fence, if one is open."""
        if not self.open:
            return ""
        held, self._held = self._held, ""
        end = self._put(held)
        end += "" if self._at_start else "\n"
        end, self.open = end + self.open, ""
        return end

    def _put(self, text: str) -> str:
        needed = _fence_for(text)
        before = ""
        if not self.open:
            self.open, self._at_start = needed, True
            before = f"{needed}text\n"
        elif len(needed) > len(self.open):
            before = f"{'' if self._at_start else chr(10)}{self.open}\n\n{needed}text\n"
            self.open, self._at_start = needed, True
        self._at_start = text.endswith("\n") if text else self._at_start
        return before + text


def fenced(text: str, language: str = "") -> str:
    """A text in a fence that it does not end.

    Args:
        text: any.
        language: of it, for whoever colours it.
    """
    fence = _fence_for(text)
    body = text if text.endswith("\n") or not text else f"{text}\n"
    return f"{fence}{language}\n{body}{fence}"


def _others(event: events.Observation) -> Iterator[str]:
    """What came of an action besides what it wrote."""
    for output in event.outputs:
        text = plain(output)
        if text and not isinstance(output, events.StreamOutput):
            yield fenced(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}\n{_CUT}", "text")
    if event.notice or event.status not in ("ok", "error"):
        yield f"*{event.status}* {event.notice}".strip()


def plain(output: events.Output) -> str:
    """An output as plain text."""
    match output:
        case events.StreamOutput():
            return output.text
        case events.ErrorOutput():
            return output.traceback or f"{output.name}: {output.message}"
        case _:
            return output.data.get("text/plain", "")


def _fence_for(text: str) -> str:
    return "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
