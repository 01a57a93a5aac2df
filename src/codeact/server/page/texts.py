"""Text of models and guests, made fit for a page: Markdown, code, terminal output.

Invariant: what comes out as markup holds only elements that are named here, no script, and nothing that is loaded from anywhere; characters
that turn or hide text can be seen. It does not: lay out a page (`rendering` does).
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pygments
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from codeact import errors

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_HIGHLIGHTED = 200_000
"""Characters of code that are coloured; longer code is shown plain."""

_MOST_KEPT = 8_000
_CODE = HtmlFormatter(nowrap=True, classprefix="s-")
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}
_TURNING = {code: f"⟨U+{code:04X}⟩" for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_BITMAP = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre"),
    *("s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


def visible(text: str) -> str:
    """Text whose control characters can be seen, those that turn the direction of writing included."""
    return text.replace("\r\n", "\n").translate(_PICTURES | _TURNING)


def terminal(text: str) -> str:
    """Output as it would stand on a terminal, without its colours: what a line was written over with takes its place."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return visible(text)


def code(text: str, language: str = "python") -> "Markup":
    """Code with the classes of its words, for the style sheet to colour.

    Args:
        text: the code.
        language: as Pygments calls it, or a file's name; one that it does not know is shown plain.
    """
    if len(text) > MOST_HIGHLIGHTED:
        return markup(_escaped(visible(text)))
    return _coloured(text, language) if len(text) > _MOST_KEPT else _kept_coloured(text, language)


def _coloured(text: str, language: str) -> "Markup":
    lexer = _lexer(language)
    if lexer is None:
        return markup(_escaped(visible(text)))
    return markup(pygments.highlight(visible(text), lexer, _CODE).removesuffix("\n"))


_kept_coloured = lru_cache(maxsize=1024)(_coloured)  # most of the time that a long run takes is spent on this


def code_lines(text: str, language: str = "python") -> list["Markup"]:
    """The lines of some code, each coloured and whole by itself, as Pygments makes them."""
    return [markup(line) for line in code(text, language).split("\n")]


def markdown(text: str) -> "Markup":
    """Markdown as HTML. Raw HTML in it is shown as text, images only if they are inside it.

    Raises:
        MissingExtraError: `nh3` is not installed.
    """
    try:
        import nh3
    except ImportError:
        raise errors.MissingExtraError("nh3", "serve", "the page of a run") from None
    clean = nh3.clean(
        _markdown().render(visible(text)),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"src", "alt"}, "code": {"class"}, "span": {"class"}, "ol": {"start"}},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "pre": {"tabindex": "0"}, "table": {"tabindex": "0"}},  # those two scroll
    )
    return markup(clean)


def markup(text: str) -> "Markup":
    """Text that is HTML, and safe.

    Raises:
        MissingExtraError: `jinja2` is not installed.
    """
    try:
        import markupsafe
    except ImportError:
        raise errors.MissingExtraError("jinja2", "serve", "the page of a run") from None
    return markupsafe.Markup(text)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value; None where it is left out."""
    match tag, attribute:
        case "img", "src":
            return value if _BITMAP.fullmatch(value) else None
        case "a", "href":
            return value if re.match(r"(https?|mailto):", value, re.IGNORECASE) else None
        case (("code" | "span"), "class"):
            return value if re.fullmatch(r"(s-[a-z0-9]+ ?)+|language-[\w+-]+", value) else None
        case _:
            return value


@lru_cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _image)
    made.core.ruler.push("lower", _lower)
    return made


def _lower(state: StateCore) -> None:
    """Headings take their place below those of the page, which end with the third level, and none is left out."""
    above: list[str] = []
    for token in state.tokens:
        if token.type == "heading_open":
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, 3 + len(above))}"


def _fence(text: str, language: str, _: object) -> str:
    return str(code(text.removesuffix("\n"), language or "text"))


def _image(renderer: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """An image that is inside the text; of any other, its name."""
    token = tokens[index]
    source, name = str(token.attrGet("src") or ""), _escaped(renderer.renderInlineAsText(token.children or [], options, env))
    return f'<img src="{source}" alt="{name}">' if _BITMAP.fullmatch(source) else f"<em>[image: {name or _escaped(source)}]</em>"


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    for find in (get_lexer_by_name, get_lexer_for_filename):
        try:
            return find(language, stripnl=False, ensurenl=False)
        except ClassNotFound:
            continue
    return None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
