"""The snippets: read from `snippets/*.cells`, where a line `# %% name` begins one.

Invariant: names are unique over all files. It runs nothing.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "snippets"
_MARK = "# %% "


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cell to compare.

    Args:
        group: name of its file.
        name: what it is about.
        code: of the cell.
    """

    group: str
    name: str
    code: str


def groups() -> dict[str, list[Snippet]]:
    """All snippets by group, both in alphabetical order of the files and in order within a file."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.cells"))}


def _read(path: Path) -> list[Snippet]:
    found: list[Snippet] = []
    for part in ("\n" + path.read_text(encoding="utf-8")).split("\n" + _MARK)[1:]:
        name, _, code = part.partition("\n")
        found.append(Snippet(path.stem, name.strip(), code.strip("\n")))
    return found
