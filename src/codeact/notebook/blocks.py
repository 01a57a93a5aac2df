"""What is shown in a notebook, block by block, as MIME bundles that cannot do harm there.

Invariant: nothing that a model, a session or a file wrote reaches the page as HTML: it is escaped, or built anew (`tables`), or broken
(`prose`), or inside an image. A block that is shown again takes the place of what it showed before. It does not: know events.
"""

import base64
import json
import secrets
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from codeact.cli.flow import clean, folded
from codeact.notebook.prose import harmless_markdown
from codeact.notebook.tables import harmless_tables, text_of

Publish = Callable[..., object]
"""As `DisplayPublisher.publish` of IPython."""

_IMAGES = ("image/png", "image/jpeg", "image/gif")
_HEAD, _TAIL, _LONGEST = 60, 20, 4000
_GRAY = "var(--jp-ui-font-color2, gray)"  # JupyterLab's own, which fit its theme; elsewhere one that can be read on white and on black
_RED = "var(--jp-error-color1, #d9453d)"
_STYLES = {
    "status": f"color: {_GRAY}; font-size: 85%",
    "note": f"color: {_GRAY}; font-size: 85%",
    "warning": "border-left: 3px solid orange; padding: 4px 8px",
    "thought": "font-style: italic; white-space: pre-wrap",
    "error": f"color: {_RED}",
}
_PRE = "white-space: pre-wrap; margin: 0; max-height: 30em; overflow: auto"


class Block:
    """A place in a cell's output.

    Args:
        publish: puts a bundle there.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._id = secrets.token_hex(16)
        self._shown: dict[str, str] | None = None

    def show(self, bundle: dict[str, str]) -> None:
        """Show this, in place of what it showed before."""
        if bundle != self._shown:
            update = self._shown is not None
            self._shown = bundle
            self._publish(data=dict(bundle), metadata={}, transient={"display_id": self._id}, update=update)


def line(kind: str, text: str) -> dict[str, str]:
    """A line of ours, or a thought: `kind` is one of the styles."""
    text = clean(text)
    return {"text/html": f'<div style="{_STYLES[kind]}">{escape(text)}</div>', "text/plain": text}


def verbatim(parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Output as it was written, folded.

    Args:
        parts: the stream's name (or ``error``) and text.
    """
    shown = [(name, fold(text)) for name, text in parts]
    html = "".join(escape(text) if name == "stdout" else f'<span style="color: {_RED}">{escape(text)}</span>' for name, text in shown)
    return {"text/html": f'<pre style="{_PRE}">{html}</pre>', "text/plain": "".join(text for _, text in shown)}


def markdown(text: str) -> dict[str, str]:
    """Markdown of somebody else's."""
    return {"text/markdown": harmless_markdown(text), "text/plain": clean(text)}


def rich(data: dict[str, str]) -> dict[str, str]:
    """A bundle of a session: the richest of it that is harmless.

    Args:
        data: any MIME bundle, binary types in base64.
    """
    plain = fold(data.get("text/plain", ""))
    for kind in _IMAGES:
        if content := _base64(data.get(kind, "")):
            return {kind: content, "text/plain": plain or "figure"}
    if "image/svg+xml" in data:
        address = base64.b64encode(data["image/svg+xml"].encode("utf-8", "replace")).decode()
        return {"text/html": f'<img alt="figure" src="data:image/svg+xml;base64,{address}">', "text/plain": plain or "figure"}
    table = harmless_tables(data.get("text/html", ""))
    if table is not None:
        return {"text/html": table, "text/plain": plain}
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    if "application/json" in data:
        return verbatim([("stdout", _indented(data["application/json"]))])
    text = text_of(data["text/html"]) if "text/html" in data and plain.startswith("<") else ""
    return verbatim([("stdout", text or plain or f"a display of {', '.join(sorted(data)) or 'nothing'}")])


def fold(text: str) -> str:
    """The first and the last lines of what is long, without control characters."""
    lines = [_cut(each) if isinstance(each, str) else f"... {each:,} lines left out ..." for each in folded(text, _HEAD, _TAIL)]
    return "\n".join(lines) + ("\n" if text.endswith("\n") and lines else "")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... {len(text) - _LONGEST:,} characters left out"


def _base64(text: str) -> str:
    """The same bytes in base64, as it has to be; empty if it holds none."""
    try:
        return base64.b64encode(base64.b64decode("".join(text.split()), validate=True)).decode()
    except ValueError:
        return ""


def _indented(text: str) -> str:
    try:
        value: Any = json.loads(text)
        return json.dumps(value, indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
