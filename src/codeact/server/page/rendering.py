"""Blocks of a run as HTML, by one set of templates for the page and for files.

Invariant: every value is escaped, and its control characters are made visible, whoever wrote it; markup comes from `texts` only. It does
not: know where the HTML goes.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeact import errors, events
from codeact.server.page import outputs, texts
from codeact.server.page.blocks import Asked, Block, Called, Fold, Unshown

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"

FrameAddress = Callable[[int, int], str]
"""Where the page gets a guest's document from: by the number of the event, and the place among its outputs."""


@dataclass(frozen=True, slots=True)
class View:
    """How blocks are shown.

    Args:
        acts: there are buttons to decide and to branch with.
        frame: where documents of guests are had from; None: they are inside.
    """

    acts: bool = False
    frame: FrameAddress | None = None


def block(shown: Block, view: View, changed: frozenset[int] = frozenset()) -> str:
    """A block's HTML: one element, whose id is the block's; one that cannot be made says so.

    Args:
        shown: the block.
        view: how.
        changed: lines of its code that differ from another's.
    """
    try:
        with errors.crossing("session"):  # it holds what guests chose
            return page("block.html", block=shown, view=view, changed=changed).strip()
    except errors.UnexpectedError:
        return page("block.html", block=Unshown(shown.id, shown.turn), view=view, changed=changed).strip()


def whole(fold: Fold, view: View) -> str:
    """All blocks of a run."""
    return some(fold.blocks, view)


def some(blocks: Iterable[Block], view: View) -> str:
    """Blocks, one after the other."""
    return "\n".join(block(each, view) for each in blocks)


def page(template: str, **values: Any) -> str:
    """A template, filled in.

    Args:
        template: name of a file in `templates/`.
        values: that it names.

    Raises:
        MissingExtraError: `jinja2` is not installed.
    """
    return _environment().get_template(template).render(**values)


@lru_cache
def _environment() -> "Environment":
    try:
        import jinja2
    except ImportError:
        raise errors.MissingExtraError("jinja2", "serve", "the page of a run") from None

    def finalize(value: Any) -> Any:
        return texts.visible(value) if type(value) is str else value

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        amount=amount,
        bytes=size,
        call=_call,
        clock=seconds,
        code=texts.code,
        code_lines=texts.code_lines,
        cut=_cut,
        day=day,
        gist=gist,
        markdown=texts.markdown,
        parts=outputs.parts,
        question=_question,
        returned=_returned,
        short_model=short_model,
    )
    return made


def amount(number: int) -> str:
    """A number for people: 1,234, and from ten thousand on 12.3k."""
    return f"{number:,}" if number < 10_000 else f"{number / 1000:,.1f}k"


def size(number: int) -> str:
    """Bytes for people."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.1f} KB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def gist(text: str) -> str:
    """The beginning of some Markdown on a line, without its marks."""
    return " ".join(re.sub(r"[#|]|-{3,}", " ", re.sub(r"[*`]", "", text[:400])).split())[:160]


def seconds(number: float) -> str:
    """A duration for people."""
    if number < 0.0995:
        return f"{number * 1000:.0f} ms"
    if number < 60:
        return f"{number:.1f} s"
    return f"{int(number) // 60} min {int(number) % 60} s"


def day(number: float) -> str:
    """A time of UTC as HTML takes it; the page shows it in the reader's own."""
    return datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def short_model(name: str) -> str:
    """A model's name without the folder of its file."""
    kind, colon, rest = name.partition(":")
    return f"{kind}{colon}{rest.rpartition('/')[2]}"


def _call(called: events.ToolCalled) -> str:
    return f"{called.name}({_arguments(called.arguments)})"


def _arguments(arguments: dict[str, Any]) -> str:
    args, kwargs = arguments.get("args"), arguments.get("kwargs")
    parts = [_value(each) for each in args] if isinstance(args, list) else []
    parts += [f"{name}={_value(each)}" for name, each in kwargs.items()] if isinstance(kwargs, dict) else []
    return ", ".join(parts)


def _returned(shown: Called) -> str:
    if shown.returned is None:
        return ""
    return shown.returned.error if shown.returned.error is not None else _value(shown.returned.value)


def _question(shown: Asked) -> str:
    """What is asked about, as it is read and edited: code, or the call's arguments as JSON."""
    if shown.event.subject == "action":
        return shown.event.content
    try:
        asked = json.loads(shown.event.content)
        return json.dumps({name: asked[name] for name in ("args", "kwargs") if name in asked}, indent=1, ensure_ascii=False)
    except (ValueError, TypeError):
        return shown.event.content


def _value(value: Any) -> str:
    return repr(value) if value is None or isinstance(value, str | bool | int | float) else json.dumps(value, ensure_ascii=False)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more)"
