"""The page of an attempt that failed: what was written, run, called and said, in the order in which it happened.

Invariant: what a guest or a model wrote is shown as text, a figure only if it is a bitmap; a record that cannot be read makes a page that
says so. It does not: show all of an endless output; the record has it.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeact import errors, trajectory
from codeact.bench.report import pages
from codeact.bench.results import Result
from codeact.bench.runner import slug
from codeact.events import (
    Action,
    Answered,
    AnyEvent,
    Failed,
    Feedback,
    LimitReached,
    ModelTurn,
    Observation,
    RunEnded,
    RunStarted,
    TaskGiven,
    ToolCalled,
    ToolReturned,
)

MOST_CHARS = 20_000
_MOST_VALUE_CHARS = 2_000
_MOST_CALLS = 50
_MOST_BLOCKS = 500
_BITMAPS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: `kind` is its class there; `folded` ones are opened by the reader; `images` are data URIs."""

    kind: str
    title: str
    text: str = ""
    folded: bool = False
    images: tuple[str, ...] = ()


def file_name(result: Result) -> str:
    """Name of the page's file."""
    return f"{slug(result.model)}.{result.format}.{slug(result.task)}.{result.repeat}.html"


def page(folder: Path, result: Result) -> str:
    """The page.

    Args:
        folder: of the results.
        result: of the attempt.

    Raises:
        MissingExtraError: `jinja2` is not installed.
    """
    return pages.page("failed.html", result=result, blocks=blocks(folder / result.trajectory), most=MOST_CHARS)


def blocks(path: Path) -> list[Block]:
    """The parts of the page, read from a record."""
    try:
        record = trajectory.load(path)
    except errors.TrajectoryError as error:
        return [Block("wrong", "The record cannot be read", str(error).replace(str(path), path.name))]
    found = list(_blocks(record.events))
    if record.recovered:
        found.append(Block("note", "The end of the record is missing"))
    if len(found) > _MOST_BLOCKS:
        left_out = len(found) - _MOST_BLOCKS
        found[_MOST_BLOCKS - 20 : -20] = [Block("note", f"{left_out:,} more parts are in the record")]
    return found


def _blocks(events: Sequence[AnyEvent]) -> Iterator[Block]:
    called: dict[str, ToolCalled] = {}
    calls, text = 0, ""
    for event in events:
        match event:
            case ModelTurn():
                text = event.text
                yield Block("model", f"Turn {event.turn}: the model wrote", text or "(nothing)")
            case Action() if event.code.strip() not in text:
                yield Block("model", f"Turn {event.turn}: what was run", event.code, folded=bool(event.tool))
            case ToolCalled():
                called[event.call_id] = event
            case ToolReturned():
                calls += 1
                if calls <= _MOST_CALLS and event.call_id in called:
                    yield _call(called.pop(event.call_id), event)
            case Observation():
                if calls > _MOST_CALLS:
                    yield Block("note", f"{calls - _MOST_CALLS:,} more calls are in the record")
                calls = 0
                yield _observation(event)
            case _:
                yield from _other(event)


def _other(event: AnyEvent) -> Iterator[Block]:
    match event:
        case RunStarted():
            yield Block("note", "The system message", event.system, folded=True)
        case TaskGiven():
            files = f"\n\nFiles: {', '.join(event.files)}" if event.files else ""
            yield Block("note", "The task", event.text + files)
        case Feedback():
            yield Block("wrong", f"Turn {event.turn}: the model was told", event.text)
        case LimitReached():
            yield Block("wrong", f"The limit on {event.limit.name} was reached: {event.limit.value:g}")
        case Failed():
            yield Block("wrong", f"{event.kind} at the {event.boundary} boundary", event.message)
        case Answered():
            yield Block("answer", f"Turn {event.turn}: the answer", event.text or "(empty)")
        case RunEnded():
            yield Block("note", f"The run ended: {event.state}", event.reason)
        case _:
            pass


def _call(called: ToolCalled, returned: ToolReturned) -> Block:
    """A call, with its arguments, and the value or the error."""
    args, kwargs = called.arguments.get("args"), called.arguments.get("kwargs")
    parts = [_value(each) for each in args] if isinstance(args, list) else []
    parts += [f"{name}={_value(each)}" for name, each in kwargs.items()] if isinstance(kwargs, dict) else []
    call = f"{called.name}({', '.join(parts)})"
    if returned.error is not None:
        return Block("wrong", f"Turn {called.turn}: a call failed", f"{call}\nfailed: {pages.cut(returned.error, _MOST_VALUE_CHARS)}")
    return Block("call", f"Turn {called.turn}: a call", f"{call}\n-> {_value(returned.value)}")


def _observation(event: Observation) -> Block:
    well = event.status in ("ok", "exit")
    title = f"Turn {event.turn}: {'what came of it' if well else f'it ended with {event.status}'}"
    text = "\n\n".join(filter(None, (event.text, event.notice if event.notice not in event.text else "")))
    return Block("output" if well else "wrong", title, text or "(no output)", images=tuple(_images(event)))


def _images(event: Observation) -> Iterator[str]:
    """Figures as data URIs; what only claims to be a bitmap is left out."""
    for bundle in event.displays:
        for kind, begins in _BITMAPS.items():
            try:
                raw = base64.b64decode("".join(bundle.get(kind, "").split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            if raw.startswith(begins):
                yield f"data:{kind};base64,{base64.b64encode(raw).decode()}"
                break


def _value(value: Any) -> str:
    text = repr(value) if value is None or isinstance(value, str | bool | int | float) else json.dumps(value, ensure_ascii=False)
    return pages.cut(text, _MOST_VALUE_CHARS)
