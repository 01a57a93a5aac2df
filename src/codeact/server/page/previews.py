"""A file of a workspace, to look at without fetching it: a table, a figure, the pages of a PDF, code, text.

Invariant: what is shown is text, a bitmap or the pages of a PDF, by what the file holds, whatever its name says. It does not: read files.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath

from codeact import events
from codeact.server.page import outputs, rendering, tables, texts

_MOST_TEXT = 300_000
_SEPARATED = {".csv": ",", ".tsv": "\t"}


def preview(path: str, content: bytes, *, frame: str = "", note: str = "") -> str:
    """HTML of a file.

    Args:
        path: in the workspace.
        content: of the file.
        frame: the address of its pages, if it is a PDF.
        note: what stands above it.
    """
    shown: outputs.Part | None = outputs.figure(content, PurePosixPath(path).name)
    code = ""
    if shown is None and not frame:
        text, shown = _read(path, content)
        code = text if shown is None else ""
    whole = len(content) <= _MOST_TEXT or bool(frame) or isinstance(shown, outputs.Figure)
    return rendering.page(
        "preview.html",
        path=path,
        size=len(content),
        part=shown,
        text=code,
        whole=whole,
        language=path,
        frame=frame,
        note=note,
        view=rendering.View(),
    )


def is_pdf(content: bytes) -> bool:
    """Whether it is a PDF by what it holds."""
    return content.startswith(b"%PDF-")


def since(path: str, later: Iterable[events.AnyEvent]) -> tuple[events.FileChange, list[int]] | None:
    """What became of a file in these events: its latest change, and the turns that changed it; None if nothing did.

    Args:
        path: in the workspace.
        later: events of the run.
    """
    observed = (event for event in later if isinstance(event, events.Observation))
    found = [(change, event.turn) for event in observed for change in event.files if change.path == path]
    return (found[-1][0], sorted({turn for _, turn in found})) if found else None


def _read(path: str, content: bytes) -> tuple[str, outputs.Part | None]:
    """The file's text, and what it is shown as, if it is not shown as code."""
    part = content[:_MOST_TEXT]
    if b"\0" in part:
        return "", outputs.text("file", "Not text: fetch it to look at it.")
    text = part.decode("utf-8", "replace")
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _SEPARATED:
        table = tables.of_csv(text, _SEPARATED[suffix])
        if table is not None:
            return "", outputs.Grid(table)
    if suffix == ".md":
        return "", outputs.Prose(texts.visible(text))
    return text, None
