"""Parts of tests of spans: runs that are traced, and their spans as a tree."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from codeact import Agent, events
from codeact.models.replay import ScriptModel
from codeact.telemetry import trace
from codeact.trajectory import Trajectory

STOCK = {"apple-secret": 1.5}
TASK = "Price of the apple-secret?"
TURNS = {
    "code": ["Look-secret.\n<execute>\nprint('got', get_price('apple-secret'))\n</execute>", "<solution>1.5-secret</solution>"],
    "json": ['{"tool": "get_price", "arguments": {"item": "apple-secret"}}', '{"answer": "1.5-secret"}'],
}
FAILING = {
    "code": ["<execute>\nget_price('plum-secret')\n</execute>", "<solution>x</solution>"],
    "json": ['{"tool": "get_price", "arguments": {"item": "plum-secret"}}', '{"answer": "x"}'],
}
FORMATS = pytest.mark.parametrize("format", ["code", "json"])


def get_price(item: str) -> float:
    """Unit price of an item, in dollars."""
    return STOCK[item]


class Traced:
    """A provider of its own, and what came out of it."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    @property
    def spans(self) -> list[ReadableSpan]:
        """Those that have ended, as they began."""
        return sorted(self._exporter.get_finished_spans(), key=lambda span: (span.start_time or 0, -(span.end_time or 0)))

    def named(self, name: str) -> list[ReadableSpan]:
        """The spans of this name."""
        return [span for span in self.spans if span.name == name]

    def tree(self) -> list[str]:
        """Names, each below that of its parent."""
        spans = self.spans
        ids = {id_of(span) for span in spans}

        def below(parent: int | None, indent: str) -> Iterator[str]:
            for span in spans:
                if (parent_of(span) if parent_of(span) in ids else None) == parent:
                    yield f"{indent}{span.name}"
                    yield from below(id_of(span), f"{indent}  ")

        return list(below(None, ""))

    def text(self) -> str:
        """Everything that is in the spans."""
        return "".join(span.to_json() for span in self.spans)


def id_of(span: ReadableSpan) -> int | None:
    return span.context.span_id if span.context is not None else None


def parent_of(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent is not None else None


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def failure(span: ReadableSpan) -> tuple[Any, str | None] | None:
    """Type and description of what failed; None if nothing did."""
    if span.status.status_code is not StatusCode.ERROR:
        assert "error.type" not in facts(span)
        return None
    return facts(span)["error.type"], span.status.description


def nanoseconds(event: events.AnyEvent) -> int:
    return round(event.time * 1e9)


async def ran(traced: Traced, turns: Sequence[str], *, content: bool = False, **options: Any) -> Any:
    """The run of a script with one tool, with spans of all of it."""
    record = Trajectory()
    end = trace(record, tracer_provider=traced.provider, content=content)
    async with Agent(ScriptModel(turns, allow_unused=True), tools=[get_price], preload=(), **options) as agent:
        run = await agent.arun(TASK, trajectory=record)
    end()
    return run
