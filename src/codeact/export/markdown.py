"""A trajectory as a Markdown page to read.

Invariants: what was verbatim (code, output, tracebacks, malformed turns) stays verbatim, in a fence longer than any run of
backticks inside; figures are inside the page as data URIs, so that the page is one file. It does not: write rich HTML
outputs; their plain text is shown.
"""

import re
from collections.abc import Iterator

from codeact.events import (
    MIME,
    Action,
    Answered,
    AnyEvent,
    DisplayOutput,
    ErrorOutput,
    Failed,
    Feedback,
    LimitReached,
    ModelTurn,
    Observation,
    Output,
    ResultOutput,
    RunEnded,
    RunStarted,
    StreamOutput,
    TaskGiven,
)
from codeact.export.calls import Calls
from codeact.trajectory import Trajectory

_IMAGES = ("image/png", "image/jpeg")


def to_markdown(trajectory: Trajectory) -> str:
    """The page's text.

    Args:
        trajectory: any trajectory.
    """
    turn_text = ""
    acted = 0  # the turn of the action before: one heading for all actions of a turn
    blocks: list[str] = []
    calls = Calls()
    for event in trajectory.events:
        line = calls.line(event)
        blocks.extend([_inline(line)] if line is not None else [])
        if isinstance(event, ModelTurn):
            turn_text = event.text
        blocks.extend(_blocks(event, turn_text, acted))
        acted = event.turn if isinstance(event, Action) else acted
    return "\n\n".join(blocks) + "\n"


def _blocks(event: AnyEvent, turn_text: str, previous: int) -> Iterator[str]:
    match event:
        case RunStarted():
            yield f"# Run {event.run_id}"
            yield f"Model {_inline(event.model)}, format {_inline(event.format)}, isolation {_inline(event.isolation)}."
        case TaskGiven():
            yield f"## Task\n\n{event.text}"
            if event.files:
                yield "Files: " + ", ".join(_inline(name) for name in event.files)
            if event.folders:
                yield "Folders: " + ", ".join(_inline(name) for name in event.folders)
        case Action():
            if event.turn != previous:
                yield f"## Turn {event.turn}"
            if event.thought.strip():
                yield event.thought.strip()
            yield _fence(event.code, "python")
        case Observation():
            yield from _observation(event)
        case _:
            yield from _outcome(event, turn_text)


def _outcome(event: AnyEvent, turn_text: str) -> Iterator[str]:
    match event:
        case Feedback():
            if event.refuses:
                yield f"## Turn {event.turn}"
                yield _fence(turn_text)
            yield f"Told to the model ({event.reason}):"
            yield _fence(event.text)
        case LimitReached():
            yield f"Limit reached: {event.limit.name} = {event.limit.value:g}."
        case Failed():
            yield f"Failed at the {event.boundary} boundary ({event.kind}):"
            yield _fence(event.message)
        case Answered():
            if event.thought.strip():
                yield event.thought.strip()
            yield f"## Answer\n\n{event.text}"
        case RunEnded():
            tokens = event.usage.input_tokens + event.usage.output_tokens
            reason = f" ({event.reason})" if event.reason else ""
            yield f"*{event.state}{reason}: {event.turns} turns, {tokens} tokens, {event.seconds:.1f} s*"


def _observation(event: Observation) -> Iterator[str]:
    for output in event.outputs:
        yield from _output(output)
    if event.notice or event.status != "ok":
        yield f"*{event.status}* {event.notice}".strip()
    if event.files:
        yield "Files: " + ", ".join(f"{_inline(file.path)} {file.change}" for file in event.files)


def _output(output: Output) -> Iterator[str]:
    match output:
        case StreamOutput():
            yield _fence(output.text, "text" if output.name == "stdout" else "stderr")
        case DisplayOutput() | ResultOutput():
            yield from _bundle(output.data)
        case ErrorOutput():
            yield _fence(output.traceback or f"{output.name}: {output.message}", "text")


def _bundle(data: MIME) -> Iterator[str]:
    for kind in _IMAGES:
        if kind in data:
            yield f"![figure](data:{kind};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', data[kind])})"
            return
    if "text/plain" in data:
        yield _fence(data["text/plain"], "text")


def _fence(text: str, language: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") or not text else text + "\n"
    return f"{fence}{language}\n{body}{fence}"


def _inline(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
