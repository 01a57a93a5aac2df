"""What happens in a run, told as a response of OpenAI's API: whole, or in typed pieces.

Invariant: it depends on kept events only, so that a response that is read later, or its pieces once more, are as they were. It does not:
wait for events (`responses` does).
"""

import re
from collections.abc import Iterator
from typing import Any

from codeact import events
from codeact.server.openai_face.chat_shapes import Origin
from codeact.server.openai_face.response_shapes import (
    CodeItem,
    CodeStatus,
    Image,
    Incomplete,
    ItemStatus,
    Logs,
    MessageItem,
    OutputText,
    ReasoningItem,
    Response,
    ResponseEvent,
    ResponseFailure,
    ResponseUsage,
    Status,
    SummaryText,
)
from codeact.server.openai_face.rounds import Counted, Round, without_answer
from codeact.server.openai_face.steps import plain

_CODE = "response.code_interpreter_call"
_STATUS: dict[events.State, Status] = {
    "answered": "completed",
    "gave_up": "incomplete",
    "limit": "incomplete",
    "error": "failed",
    "cancelled": "cancelled",
}
_ENDS: dict[Status, str] = {"completed": "completed", "incomplete": "incomplete", "failed": "failed", "cancelled": "failed"}
_REASONS: dict[str, Any] = {"tokens": "max_output_tokens", "turns": "max_messages"}
_PICTURES = ("image/png", "image/jpeg")


class ResponseTelling:
    """Events of one message, one after another, become a response.

    Args:
        started: the start of the run.
        begun: the message.
        background: whether the client does not wait for it; None: it did not say, which no record tells.
    """

    def __init__(self, started: events.RunStarted, begun: Round, *, background: bool | None = None) -> None:
        self.response = Response(
            id=response_id(started.run_id, begun.number),
            created_at=begun.given.time,
            status="in_progress",
            background=background,
            max_output_tokens=_number(started.options.get("max_tokens"), int),
            model=started.model,
            previous_response_id=response_id(started.run_id, begun.number - 1) if begun.number > 1 else None,
            temperature=_number(started.options.get("temperature"), float),
            codeact=Origin(run_id=started.run_id, state="running"),
        )
        self._tail = f"{started.run_id}_{begun.number}"
        self.next = 0
        self._acting: CodeItem | None = None
        self._counted = Counted()
        self._limit: str | None = None
        self._failure: ResponseFailure | None = None

    def first(self) -> list[ResponseEvent]:
        """The pieces that a stream begins with."""
        return [self._whole("response.created"), self._whole("response.in_progress")]

    def add(self, event: events.AnyEvent) -> list[ResponseEvent]:
        """The pieces that an event adds; none for the many that add none."""
        self._counted.add(event)
        match event:
            case events.Action():
                return [*self._left("incomplete"), *self._thought(event), *self._action(event)]
            case events.Observation():
                return list(self._observed(event))
            case events.Answered():
                return list(self._message(event.text, "completed"))
            case events.LimitReached():
                self._limit = event.limit.name
            case events.Failed():
                self._failure = ResponseFailure(message=_told(event))
            case events.RunEnded():
                return [*self._left("incomplete"), *self._ended(event)]
        return []

    def _thought(self, event: events.Action) -> Iterator[ResponseEvent]:
        text = event.thought.strip()
        if not text:
            return
        item = ReasoningItem(id=self._item_id("rs"))
        yield self._added(item)
        at = {**self._at(item), "summary_index": 0}
        part = SummaryText(text=text)
        kind = "response.reasoning_summary"
        yield self._event(f"{kind}_part.added", **at, part=SummaryText(text="").model_dump())
        yield self._event(f"{kind}_text.delta", **at, delta=text)
        yield self._event(f"{kind}_text.done", **at, text=text)
        yield self._event(f"{kind}_part.done", **at, part=part.model_dump())
        item.summary, item.status = [part], "completed"
        yield self._done(item)

    def _action(self, event: events.Action) -> Iterator[ResponseEvent]:
        item = self._acting = CodeItem(id=self._item_id("ci"), container_id=self.response.codeact.run_id)
        yield self._added(item)
        at = self._at(item)
        yield self._event(f"{_CODE}.in_progress", **at)
        item.code = event.code
        yield self._event(f"{_CODE}_code.delta", **at, delta=event.code)
        yield self._event(f"{_CODE}_code.done", **at, code=event.code)
        item.status = "interpreting"
        yield self._event(f"{_CODE}.interpreting", **at)

    def _observed(self, event: events.Observation) -> Iterator[ResponseEvent]:
        if self._acting is None:
            return
        self._acting.outputs = list(_outputs(event))
        yield self._event(f"{_CODE}.completed", **self._at(self._acting))
        yield from self._left(_code_status(event.status))

    def _left(self, status: CodeStatus) -> Iterator[ResponseEvent]:
        """The end of the action that goes on, if one does."""
        item, self._acting = self._acting, None
        if item is not None:
            item.status = status
            yield self._done(item)

    def _message(self, text: str, status: ItemStatus) -> Iterator[ResponseEvent]:
        item = MessageItem(id=self._item_id("msg"))
        yield self._added(item)
        at = {**self._at(item), "content_index": 0}
        part = OutputText(text=text)
        yield self._event("response.content_part.added", **at, part=OutputText().model_dump())
        yield self._event("response.output_text.delta", **at, delta=text, logprobs=[])
        yield self._event("response.output_text.done", **at, text=text, logprobs=[])
        yield self._event("response.content_part.done", **at, part=part.model_dump())
        item.content, item.status = [part], status
        yield self._done(item)

    def _ended(self, event: events.RunEnded) -> Iterator[ResponseEvent]:
        if event.state not in ("answered", "error"):
            yield from self._message(without_answer(event), "incomplete")
        response = self.response
        response.status = _STATUS[event.state]
        response.codeact = Origin(run_id=response.codeact.run_id, state=event.state)
        response.completed_at = event.time
        response.usage = ResponseUsage.of(self._counted.usage)
        if response.status == "failed":
            response.error = self._failure or ResponseFailure(message=event.reason)
        if response.status == "incomplete":
            response.incomplete_details = Incomplete(reason=_REASONS.get(self._limit or ""), limit=self._limit)
        yield self._whole(f"response.{_ENDS[response.status]}")

    def _item_id(self, kind: str) -> str:
        return f"{kind}_{self._tail}_{len(self.response.output)}"

    def _at(self, item: ReasoningItem | CodeItem | MessageItem) -> dict[str, Any]:
        """Where an item is: fields of every event about it."""
        return {"item_id": item.id, "output_index": self.response.output.index(item)}

    def _added(self, item: ReasoningItem | CodeItem | MessageItem) -> ResponseEvent:
        self.response.output.append(item)
        return self._event("response.output_item.added", output_index=len(self.response.output) - 1, item=item.model_dump())

    def _done(self, item: ReasoningItem | CodeItem | MessageItem) -> ResponseEvent:
        return self._event("response.output_item.done", output_index=self.response.output.index(item), item=item.model_dump())

    def _whole(self, type: str) -> ResponseEvent:
        return self._event(type, response=self.response.model_dump())

    def _event(self, type: str, **fields: Any) -> ResponseEvent:
        number, self.next = self.next, self.next + 1
        return ResponseEvent(type=type, sequence_number=number, **fields)


def response_id(run_id: str, number: int) -> str:
    """The id of the response to a message of a run.

    Args:
        run_id: of the run.
        number: of the message, from 1.
    """
    return f"resp_{run_id}_{number}"


def place_of(id: str) -> tuple[str, int] | None:
    """The run and the number of its message; None: it is no id of a response."""
    found = re.fullmatch(r"resp_(.+)_([1-9][0-9]{0,8})", id)
    return (found[1], int(found[2])) if found is not None else None


def _outputs(event: events.Observation) -> Iterator[Logs | Image]:
    """What came of an action: text, neighbours of which are one, and pictures."""
    texts: list[str] = []
    for output in event.outputs:
        picture = _picture(output)
        if picture is None:
            texts.append(plain(output))
            continue
        yield from _logs(texts)
        texts.clear()
        yield picture
    if event.notice or event.status not in ("ok", "error"):
        texts.append(f"[{event.status}] {event.notice}".strip())
    yield from _logs(texts)


def _logs(texts: list[str]) -> Iterator[Logs]:
    whole = ""
    for text in texts:
        whole += f"\n{text}" if whole and not whole.endswith("\n") else text
    if whole:
        yield Logs(logs=whole)


def _picture(output: events.Output) -> Image | None:
    if not isinstance(output, events.DisplayOutput | events.ResultOutput):
        return None
    kind = next((kind for kind in _PICTURES if kind in output.data), None)
    if kind is None:
        return None
    return Image(url=f"data:{kind};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', output.data[kind])}")


def _code_status(status: events.Status) -> CodeStatus:
    if status in ("ok", "error", "exit"):
        return "completed"
    return "incomplete" if status == "interrupted" else "failed"


def _told(event: events.Failed) -> str:
    """What is told of a failure: that nobody foresaw may hold anything, and is not told as it is."""
    return f"unexpected error at the {event.boundary} boundary" if event.kind == "UnexpectedError" else event.message


def _number(value: Any, kind: type) -> Any:
    return kind(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
