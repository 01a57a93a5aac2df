"""Markdown of a model or a session made harmless for a notebook, whose renderer may take HTML in it for HTML.

Invariant: of what comes out no Markdown renderer makes an element that the text holds as HTML, an image, or a link to anything but http,
https, mail or a place nearby. What would be one is broken by a character that has no width. It does not: render.
"""

import re

from codeact.cli.flow import clean

_JOINER = "\u2060"
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"!(?=\[)")
_LINK = re.compile(r"\](?=(\s*[(:]\s*)(\S*))")
_HARMLESS = re.compile(r"(?:https?://|mailto:|[#/]|\.{1,2}/|[\w.-]+(?=[/?#)\s]|$)|\))", re.IGNORECASE)
_MATHS = re.compile(r"\\(?=\s*(?:href|url|require|csname|html|class|style|cssId|mmlToken|let|def|newcommand|renewcommand|unicode)\b)")
_RUN = re.compile(r"`+")


def harmless_markdown(text: str) -> str:
    """The text, to be shown as Markdown.

    Args:
        text: anything.
    """
    text = _TAG.sub(f"<{_JOINER}", clean(text))
    text = _IMAGE.sub(f"!{_JOINER}", text)
    text = _LINK.sub(_link, text)
    return _MATHS.sub(lambda _: f"\\{_JOINER}", text)


def fenced(code: str, language: str = "python") -> str:
    """Code as a block that none of its own characters can end."""
    code = clean(code).rstrip("\n")
    marks = "`" * max(3, 1 + max((len(run) for run in _RUN.findall(code)), default=0))
    return f"{marks}{language}\n{code}\n{marks}"


def _link(match: re.Match[str]) -> str:
    return "]" if _HARMLESS.match(match[2]) else f"]{_JOINER}"
