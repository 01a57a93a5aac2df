"""The OpenTelemetry spans of a run: what took how long, below what, without a word of what was said."""

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from codeact import Agent, Trajectory
from codeact.models.replay import ScriptModel
from codeact.telemetry import trace

TURNS = ["<execute>\nprint(get_price('apple') * 3)\n</execute>", "<solution>1.2</solution>"]
SHOWN = ("gen_ai.response.finish_reasons", "gen_ai.tool.call.id", "codeact.status", "codeact.state")


def get_price(item: str) -> float:
    """Unit price of an item, in dollars."""
    return {"apple": 0.4}[item]


spans = InMemorySpanExporter()  # elsewhere: OTLPSpanExporter() in a BatchSpanProcessor
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))

record = Trajectory()
end = trace(record, tracer_provider=provider)
with Agent(ScriptModel(TURNS), tools=[get_price]) as agent:
    agent.run("What do three apples cost?", trajectory=record)
end()

for span in spans.get_finished_spans():  # in the order in which they ended
    shown = {name: value for name, value in (span.attributes or {}).items() if name in SHOWN}
    print(span.name, shown)
