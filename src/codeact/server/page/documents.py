"""Documents of guests, HTML and SVG, made fit for a frame.

Invariant: nothing is left in them that reaches out: no script, no link of a document (a browser opens connections for those whatever the
policy says), no refresh, no image but those inside. The frame's policy stands behind this. SVG is shown as an image, in which browsers
run and load nothing. One that would take too much to be made fit is shown as its source. It does not: serve them.
"""

import base64
import html as markup

from codeact import errors
from codeact.server.page import cleaning

MOST_SOURCE = 200_000
"""Characters of a document's source that are shown."""

_HEAD = "<!DOCTYPE html><meta charset=utf-8>\n"


def of_html(html: str) -> str:
    """A document that holds a guest's HTML, or its source if it takes too much to be read. It waits, and belongs into a thread.

    Raises:
        MissingExtraError: `nh3` is not installed.
    """
    try:
        clean = cleaning.bounded(html)
    except ImportError:
        raise errors.MissingExtraError("nh3", "serve", "the page of a run") from None
    if clean is None:
        source = markup.escape(html[:MOST_SOURCE].encode("utf-8", "replace").decode())
        return f"{_HEAD}<p>This HTML takes too much time or memory to be shown. Its source:</p>\n<pre>{source}</pre>"
    return f"{_HEAD}{clean}"


def of_svg(svg: str) -> str:
    """A document that shows a guest's SVG."""
    inside = base64.b64encode(svg.encode("utf-8", "replace")).decode()
    return f'{_HEAD}<img alt="drawing" src="data:image/svg+xml;base64,{inside}">'
