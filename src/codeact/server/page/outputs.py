"""What an action put out, as parts that a template knows how to show: text, tables, figures, frames, trees, errors.

Invariant: of a bundle the richest kind that can be shown safely is taken, and only that one; HTML and SVG of a guest are for a frame that
runs nothing. It does not: make HTML.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from codeact import events
from codeact.server.page import documents, tables, texts

HEAD_LINES = 14
TAIL_LINES = 4
MOST_TEXT = 200_000
_MOST_NODES = 2_000
_MOST_FRAME = 4_000_000
_MOST_PIXELS = 20_000
_MOST_LOOKED_AT = 20_000
"""Characters of a document by which its height is guessed."""
_SVG = re.compile(r"<svg\b([^<>]{0,2000})")
_HEIGHT = re.compile(r"\bheight=[\"'](\d{1,5})(?:\.\d{1,20})?(px|pt)?[\"']")
_BITMAPS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}


@dataclass(frozen=True, slots=True)
class Text:
    """Text in up to three parts, of which the middle one is folded; `name` is its stream, or `result`."""

    name: str
    head: str
    middle: str = ""
    tail: str = ""
    left_out: int = 0
    kind: str = field(default="text", init=False)

    @property
    def folded_lines(self) -> int:
        """How many lines are folded."""
        return self.middle.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    table: tables.Table
    kind: str = field(default="grid", init=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A bitmap, as a data URI; `name` is what can be said of it in words. `size`: width and height in pixels as it tells them, so that its
    place is kept until it is drawn; None if they cannot be read."""

    source: str
    name: str
    size: tuple[int, int] | None = None
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A document of the guest's, for a frame; `place` is that of the output, `height` in pixels."""

    content: str
    place: int
    height: int
    is_svg: bool = False
    kind: str = field(default="frame", init=False)

    @property
    def document(self) -> str:
        """What the frame holds, made fit for it."""
        return documents.of_svg(self.content) if self.is_svg else documents.of_html(self.content)


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown."""

    text: str
    kind: str = field(default="prose", init=False)


@dataclass(frozen=True, slots=True)
class Tree:
    """A value of JSON."""

    value: Any
    kind: str = field(default="tree", init=False)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was raised."""

    name: str
    message: str
    trace: Text
    kind: str = field(default="wrong", init=False)


Part = Text | Grid | Figure | Frame | Prose | Tree | Wrong


def parts(observation: events.Observation) -> Iterator[Part]:
    """The parts of what came back."""
    for place, output in enumerate(observation.outputs):
        match output:
            case events.StreamOutput():
                if output.text:
                    yield text(output.name, output.text)
            case events.DisplayOutput():
                yield from _bundle("display", output.data, place)
            case events.ResultOutput():
                yield from _bundle("result", output.data, place)
            case events.ErrorOutput():
                trace = output.traceback or f"{output.name}: {output.message}"
                yield Wrong(output.name, texts.visible(output.message), text("traceback", trace))


def text(name: str, whole: str) -> Text:
    """Text, its middle folded if it is long."""
    whole = texts.terminal(whole).removesuffix("\n")
    left_out = max(0, len(whole) - MOST_TEXT)
    if left_out:
        whole = f"{whole[: MOST_TEXT // 2]}\n⋯\n{whole[-MOST_TEXT // 2 :]}"
    lines = whole.split("\n")
    if len(lines) <= HEAD_LINES + TAIL_LINES + 6:
        return Text(name, whole, left_out=left_out)
    head, middle, tail = lines[:HEAD_LINES], lines[HEAD_LINES:-TAIL_LINES], lines[-TAIL_LINES:]
    return Text(name, "\n".join(head), "\n".join(middle), "\n".join(tail), left_out)


def figure(raw: bytes, name: str) -> Figure | None:
    """A bitmap; None if the bytes only claim to be one."""
    for kind, begins in _BITMAPS.items():
        if raw.startswith(begins):
            return Figure(f"data:{kind};base64,{base64.b64encode(raw).decode()}", name, _size(raw) if kind == "image/png" else None)
    return None


def _size(png: bytes) -> tuple[int, int] | None:
    """Width and height, from the header."""
    width, height = (int.from_bytes(png[first : first + 4], "big") for first in (16, 20))
    return (width, height) if 0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS else None


def document(observation: events.Observation, place: int) -> str | None:
    """The guest's document at a place among the outputs; None if there is none."""
    if not 0 <= place < len(observation.outputs):
        return None
    output = observation.outputs[place]
    if not isinstance(output, events.DisplayOutput | events.ResultOutput):
        return None
    return next((part.document for part in _bundle("", output.data, place) if isinstance(part, Frame)), None)


def _bundle(name: str, data: events.MIME, place: int) -> Iterator[Part]:
    plain = data.get("text/plain", "")
    shown = _figure(data, plain) or _rich(data, place)
    if shown is not None:
        yield shown
    elif plain:
        yield text(name, plain)
    elif data:
        yield text(name, f"({', '.join(sorted(data))}: not shown here)")


def _figure(data: events.MIME, plain: str) -> Figure | None:
    for kind in _BITMAPS:
        if kind in data:
            try:
                raw = base64.b64decode("".join(data[kind].split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            words = "" if plain.startswith("<") else " ".join(texts.visible(plain).split())[:200]
            return figure(raw, words or "figure")
    return None


def _rich(data: events.MIME, place: int) -> Part | None:
    html, svg = data.get("text/html", ""), data.get("image/svg+xml", "")
    table = tables.of_html(html) if html else None
    if table is not None:
        return Grid(table)
    if html and len(html) <= _MOST_FRAME:
        return Frame(html, place, _html_height(html))
    if svg and len(svg) <= _MOST_FRAME:
        return Frame(svg, place, _svg_height(svg), is_svg=True)
    if data.get("text/markdown"):
        return Prose(data["text/markdown"])
    return _tree(data.get("application/json", ""))


def _html_height(html: str) -> int:
    """A guess, by what stands on lines of its own: a frame that runs nothing cannot tell."""
    return max(90, min(480, 56 + 28 * len(re.findall(r"<(?:p|tr|li|h\d|br|pre|div)\b", html[:_MOST_LOOKED_AT]))))


def _svg_height(svg: str) -> int:
    first = _SVG.search(svg[:_MOST_LOOKED_AT])  # and no other: to look from each one to the end takes the square of the length
    found = None if first is None else _HEIGHT.search(first[1])
    if found is None:
        return 320
    return max(40, min(900, int(int(found[1]) * (4 / 3 if found[2] == "pt" else 1)) + 24))


def _tree(content: str) -> Tree | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return Tree(value) if _count(value, _MOST_NODES) > 0 else None


def _count(value: Any, left: int, depth: int = 0) -> int:
    """What is left of a number of nodes when these are counted; nothing where they are nested too deeply."""
    if depth > 20:
        return 0
    left -= 1
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        if left <= 0:
            return 0
        left = _count(each, left, depth + 1)
    return left
