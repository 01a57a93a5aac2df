"""OpenTelemetry spans of a run, made from its events as they happen, by the semantic conventions for generative AI.

Invariant: it only listens; what a run does is the same with it and without. Spans hold no prompt, code, output, argument or message of an
error unless that is asked for. It does not: export spans (a tracer provider does), or make a span the current one: spans that a tool makes
itself are beside those of the run.

    invoke_agent codeact            from a task to its end
    |-- chat MODEL                  a turn of the model
    `-- execute_tool run_python     an action
        `-- execute_tool NAME       a call of a tool
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from codeact import __version__, errors, events
from codeact.trajectory import Trajectory

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer, TracerProvider

AGENT = "codeact"
ACTION = "run_python"
_PROVIDERS = ("openai", "local", "script", "replay")
_OTHER = "_OTHER"
_WELL = ("ok", "exit", "interrupted")
_MOST_NAME = 100

Attributes = Mapping[str, Any]
"""Of a span; None stands for one that it has not."""


def trace(trajectory: Trajectory, *, tracer_provider: "TracerProvider | None" = None, content: bool = False) -> Callable[[], None]:
    """Make spans from what happens in a trajectory from now on; returns a function that ends it, and the spans that are open then.

    The span of a run is below the one that is current when it begins; if there is none, below the one that is current now.

    Args:
        trajectory: of a run that has not begun, or that is gone on with.
        tracer_provider: makes the spans; None: the global one.
        content: put tasks, messages, code, outputs, arguments and messages of errors into the spans.

    Raises:
        MissingExtraError: `opentelemetry` is not installed.
    """
    try:
        from opentelemetry import context
        from opentelemetry import trace as otel
    except ImportError:
        raise errors.MissingExtraError("opentelemetry", "otel", "tracing a run") from None
    provider = otel.get_tracer_provider() if tracer_provider is None else tracer_provider
    spans = _Spans(trajectory, provider.get_tracer(AGENT, __version__), context.get_current(), content=content)
    endings = [trajectory.listen(spans.take)]

    def end() -> None:
        while endings:
            endings.pop()()
            spans.end_all(time.time_ns())

    return end


class _Spans:
    """The open spans of one trajectory. Times are in nanoseconds since 1970.

    Args:
        record: the trajectory.
        tracer: makes the spans.
        outside: the context of a run that begins where no span is current.
        content: whether they hold content.
    """

    def __init__(self, record: Trajectory, tracer: "Tracer", outside: "Context", *, content: bool) -> None:
        self._record = record
        self._tracer = tracer
        self._outside = outside
        self._content = content
        self._known: events.RunStarted | None = None
        self._run: Span | None = None
        self._chat: Span | None = None
        self._action: Span | None = None
        self._calls: dict[str, Span] = {}
        self._asked: int | None = None  # when the model was, if it may have been since the last of its turns
        self._cut: int | None = None  # when the turn of the open chat was broken off: what broke it is not known yet
        self._failed: events.Failed | None = None
        self._takers: dict[type, Callable[[Any, int], None]] = {
            events.TaskGiven: self._task,
            events.Feedback: self._feedback,
            events.ModelDelta: self._delta,
            events.ModelTurn: self._turn,
            events.Action: self._act,
            events.Observation: self._observation,
            events.ToolCalled: self._called,
            events.ToolReturned: self._returned,
            events.ApprovalAsked: self._approval,
            events.ApprovalGiven: self._approval,
            events.Answered: self._answered,
            events.LimitReached: self._limit,
            events.Failed: self._failure,
            events.RunEnded: self._ended,
        }

    def take(self, event: events.AnyEvent) -> None:
        """Begin and end what an event begins and ends."""
        taker = self._takers.get(type(event))
        if taker is not None:
            taker(event, _nanoseconds(event.time))

    def end_all(self, at: int) -> None:
        """End every open span, marked as one whose end was not seen."""
        cut, self._cut, self._asked, self._failed = self._cut, None, None, None
        if cut is not None and self._chat is not None:
            self._chat.end(cut)
            self._chat = None
        for span in (*self._calls.values(), self._action, self._chat, self._run):
            if span is not None:
                span.set_attribute("codeact.unfinished", True)
                span.end(at)
        self._calls.clear()
        self._action = self._chat = self._run = None

    def _task(self, event: events.TaskGiven, at: int) -> None:
        self.end_all(at)
        self._asked = at
        self._root(at)

    def _feedback(self, event: events.Feedback, at: int) -> None:
        self._asked = at

    def _delta(self, event: events.ModelDelta, at: int) -> None:
        self._asking(at)

    def _turn(self, event: events.ModelTurn, at: int) -> None:
        span = self._asking(at - _nanoseconds(event.seconds))
        finish = [event.finish]
        first = event.seconds_to_first_token or None
        _set(span, {"gen_ai.response.finish_reasons": finish, "gen_ai.response.time_to_first_chunk": first, "codeact.turn": event.turn})
        _set(span, _usage(event.usage))
        if self._content:
            _set(span, {"gen_ai.input.messages": _messages(self._record.messages[:-1])})
            _set(span, {"gen_ai.output.messages": _messages(self._record.messages[-1:], finish_reason=event.finish)})
        if event.finish == "cancelled":
            self._cut = at
        else:
            self._end_chat(at)

    def _act(self, event: events.Action, at: int) -> None:
        self._action = self._acting(event, at)

    def _observation(self, event: events.Observation, at: int) -> None:
        action = self._record.last(events.Action)
        span, self._action = self._action, None
        if span is None:  # it was begun before the run was broken off
            span = self._acting(action, at - _nanoseconds(event.seconds))
        limit = event.limit.name if event.limit is not None else None
        _set(span, {"codeact.status": event.status, "codeact.limit": limit, "codeact.state_lost": event.state_lost or None})
        if self._content:
            _set(span, {"gen_ai.tool.call.result": event.text})
        if event.status not in _WELL:
            raised = event.error if event.status == "error" else None
            kind, content = (
                (event.status, event.notice) if raised is None else (_class_name(raised.name), f"{raised.name}: {raised.message}")
            )
            self._fail(span, kind, f"the action ended with the status {event.status!r}", content)
        span.end(at)
        if action is None or not action.more:
            self._asked = at

    def _called(self, event: events.ToolCalled, at: int) -> None:
        attributes: dict[str, Any] = {"gen_ai.tool.call.id": event.call_id, "codeact.turn": event.turn}
        if self._content:
            attributes["gen_ai.tool.call.arguments"] = _json(event.arguments)
        if self._action is None and (begun := self._begun()) is not None:
            self._action = self._acting(begun, at)
        parent = self._root(at) if self._action is None else self._action
        self._calls[event.call_id] = self._tool(event.name, parent, at, attributes)

    def _returned(self, event: events.ToolReturned, at: int) -> None:
        span = self._calls.pop(event.call_id, None)
        if span is None:  # it was begun before the run was broken off
            return
        if event.error is not None:
            kind = _class_name(event.error.partition(":")[0])
            self._fail(span, kind, f"the call raised {kind}", event.error)
        elif self._content:
            _set(span, {"gen_ai.tool.call.result": _json(event.value)})
        span.end(at)

    def _approval(self, event: events.ApprovalAsked | events.ApprovalGiven, at: int) -> None:
        """The question and the decision, on the span of what is asked about; an action has none before it is allowed."""
        known = {"turn", "approval_id", "subject", "decision", "for_run"} | ({"content", "reason"} if self._content else set())
        facts = {f"codeact.{name}": value for name, value in event.model_dump(include=known).items() if value is not None}
        span = self._calls.get(event.approval_id) or self._action or self._root(at)
        span.add_event(f"codeact.{event.type}", facts, at)

    def _answered(self, event: events.Answered, at: int) -> None:
        if self._content:
            answer = events.Message(role="assistant", content=event.text)
            _set(self._root(at), {"gen_ai.output.messages": _messages([answer], finish_reason="stop")})

    def _limit(self, event: events.LimitReached, at: int) -> None:
        _set(self._root(at), {"codeact.limit": event.limit.name})

    def _failure(self, event: events.Failed, at: int) -> None:
        self._failed = event
        words = f"{event.kind} at the {event.boundary} boundary"
        if event.boundary == errors.ModelError.boundary and (self._chat is not None or self._asked is not None):
            chat = self._chat if self._chat is not None else self._asking(at)
            self._fail(chat, event.kind, words, event.message)
            self._end_chat(at if self._cut is None else self._cut)
        elif self._action is not None:
            self._fail(self._action, event.kind, words, event.message)
            self._action.end(at)
            self._action = None

    def _ended(self, event: events.RunEnded, at: int) -> None:
        span, failed, self._run = self._root(at), self._failed, None
        _set(span, {"codeact.state": event.state, "codeact.turns": event.turns})
        _set(span, _usage(event.usage))
        if event.state == "error":
            words = f"{failed.kind} at the {failed.boundary} boundary" if failed is not None else "the run failed"
            self._fail(span, failed.kind if failed is not None else _OTHER, words, event.reason)
        elif event.state not in ("answered", "cancelled"):
            self._fail(span, event.state, event.reason)
        self.end_all(at)
        span.end(at)

    @property
    def _started(self) -> events.RunStarted | None:
        if self._known is None:
            self._known = self._record.last(events.RunStarted)
        return self._known

    def _root(self, at: int) -> "Span":
        """The span of the run; of one that is gone on with, it begins with what happens first."""
        from opentelemetry import trace as otel

        if self._run is None:
            started = self._started
            attributes = {"gen_ai.agent.name": AGENT, **self._model()}
            if started is not None:
                attributes["gen_ai.agent.version"] = started.environment.get("codeact")
                attributes |= {"codeact.format": started.format, "codeact.isolation": started.isolation}
            task = self._record.last(events.TaskGiven)
            if self._content and task is not None:
                attributes["gen_ai.input.messages"] = _messages([events.Message(role="user", content=task.text)])
            inside = otel.get_current_span().get_span_context().is_valid
            start = at if self._asked is None else self._asked
            self._run = self._open("invoke_agent", AGENT, None if inside else self._outside, start, attributes)
        return self._run

    def _asking(self, at: int) -> "Span":
        """The span of a turn of the model; a new one begins when the model was asked, or at `at` if that is not known."""
        from opentelemetry import trace as otel

        if self._cut is not None:
            self._end_chat(self._cut)
        if self._chat is None:
            start = at if self._asked is None else self._asked
            model = self._model()
            context = otel.set_span_in_context(self._root(start))
            self._chat = self._open("chat", model["gen_ai.request.model"] or "", context, start, model, remote=True)
            self._asked = None
        return self._chat

    def _end_chat(self, at: int) -> None:
        if self._chat is not None:
            self._chat.end(at)
        self._chat = self._cut = None

    def _begun(self) -> events.Action | None:
        """The action that is not over yet, if there is one: its beginning may be older than the tracing."""
        latest = next((each for each in reversed(self._record.events) if isinstance(each, events.Action | events.Observation)), None)
        return latest if isinstance(latest, events.Action) else None

    def _acting(self, action: events.Action | None, at: int) -> "Span":
        """The span of an action."""
        attributes: dict[str, Any] = {}
        if action is not None:
            attributes = {"codeact.turn": action.turn, "codeact.tool": action.tool or None}
            if self._content:
                attributes["gen_ai.tool.call.arguments"] = _json({"code": action.code})
        return self._tool(ACTION, self._root(at), at, attributes)

    def _tool(self, name: str, parent: "Span", at: int, attributes: Attributes) -> "Span":
        from opentelemetry import trace as otel

        facts = {"gen_ai.tool.name": name, "gen_ai.tool.type": "function", **attributes}
        return self._open("execute_tool", name, otel.set_span_in_context(parent), at, facts)

    def _open(
        self, operation: str, name: str, context: "Context | None", at: int, attributes: Attributes, *, remote: bool = False
    ) -> "Span":
        from opentelemetry import trace as otel

        started = self._started
        common = {"gen_ai.operation.name": operation, "gen_ai.conversation.id": None if started is None else started.run_id}
        facts = {key: value for key, value in {**common, **attributes}.items() if value is not None}
        kind = otel.SpanKind.CLIENT if remote else otel.SpanKind.INTERNAL
        return self._tracer.start_span(f"{operation} {name}".strip(), context, kind, facts, start_time=at)

    def _model(self) -> dict[str, str | None]:
        """Who provides the model, and its name there."""
        name = self._started.model if self._started is not None else ""
        provider, _, rest = name.partition(":")
        provider = provider.partition("+")[0]
        return {
            "gen_ai.provider.name": provider if provider in _PROVIDERS else _OTHER,
            "gen_ai.request.model": (rest if provider == "openai" else name) or None,
        }

    def _fail(self, span: "Span", kind: str, words: str, content: str | None = None) -> None:
        """Mark a span as failed.

        Args:
            span: still open.
            kind: a name of few, such as a class.
            words: what happened, without content.
            content: the same with it.
        """
        from opentelemetry import trace as otel

        span.set_attribute("error.type", kind)
        span.set_status(otel.Status(otel.StatusCode.ERROR, content if self._content and content else words))


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)


def _set(span: "Span", attributes: Attributes) -> None:
    span.set_attributes({key: value for key, value in attributes.items() if value is not None})


def _usage(usage: events.Usage) -> Attributes:
    return {
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens or None,
        "codeact.cost": usage.cost or None,
    }


def _class_name(text: str) -> str:
    """The name of an exception's class, if it can be one: code that is run says what it likes."""
    fits = len(text) <= _MOST_NAME and all(part.isidentifier() for part in text.split("."))
    return text if fits else _OTHER


def _messages(messages: Iterable[events.Message], **more: str) -> str:
    """Messages as the conventions write them in an attribute."""
    return _json([{"role": each.role, "parts": [{"type": "text", "content": each.content}], **more} for each in messages])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
