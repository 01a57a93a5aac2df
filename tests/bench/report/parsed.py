"""A page as a browser's parser sees it: which elements there are, what they load, whether all is closed and labelled.

Invariant: what is found is what the standard library's parser finds in the text of the page. It does not: run scripts or lay out.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_VOID = {"meta", "img", "br", "hr", "link", "input", "use"}
_LOADS = ("src", "srcset", "href", "xlink:href", "data", "action", "poster", "background", "formaction")


@dataclass
class Page(HTMLParser):
    """A page that was read."""

    text: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    script: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element of a drawing that is closed where it is opened."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """What is closed must be what was opened last."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        """Words, and the script."""
        if self.open and self.open[-1] == "script":
            self.script += data
        elif not self.open or self.open[-1] != "style":
            self.words.append(data)

    def of(self, *tags: str) -> list[dict[str, str]]:
        """The attributes of all elements of some tags."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def prose(self) -> str:
        """All that can be read."""
        return " ".join(" ".join(self.words).split())

    @property
    def loads(self) -> list[str]:
        """Everything that an attribute names as something to load or to go to."""
        return [attributes[name] for _, attributes in self.elements for name in _LOADS if name in attributes]

    @property
    def handlers(self) -> list[str]:
        """Attributes that would run a script."""
        return [name for _, attributes in self.elements for name in attributes if name.startswith("on")]


def read(path: Path) -> Page:
    """Read a page."""
    return Page(path.read_text(encoding="utf-8"))
