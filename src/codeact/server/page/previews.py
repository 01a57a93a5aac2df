"""A file of a workspace, to look at without fetching it: a table, a figure, code, text.

Invariant: what is shown is text or a bitmap, whatever the file's name says. It does not: read files.
"""

from pathlib import PurePosixPath

from codeact.server.page import outputs, rendering, tables, texts

_MOST_TEXT = 300_000
_SEPARATED = {".csv": ",", ".tsv": "\t"}


def preview(path: str, content: bytes) -> str:
    """HTML of a file.

    Args:
        path: in the workspace.
        content: of the file.
    """
    shown: outputs.Part | None = outputs.figure(content, PurePosixPath(path).name)
    code = ""
    if shown is None:
        text, shown = _read(path, content)
        code = text if shown is None else ""
    whole = len(content) <= _MOST_TEXT or isinstance(shown, outputs.Figure)
    return rendering.page(
        "preview.html", path=path, size=len(content), part=shown, text=code, whole=whole, language=path, view=rendering.View()
    )


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
