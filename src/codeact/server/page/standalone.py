"""A run as one HTML file, to hand on: readable offline, in any browser, with nothing beside it.

Invariant: a file loads nothing, and runs no script but the one that sorts its tables; documents of guests stand in frames that run nothing.
It does not: read or write files.
"""

from codeact import __version__
from codeact.server.page import rendering
from codeact.server.page.assets import file_policy, text
from codeact.server.page.blocks import Fold
from codeact.trajectory import Trajectory


def to_html(trajectory: Trajectory) -> str:
    """The file's text.

    Args:
        trajectory: any trajectory.

    Raises:
        MissingExtraError: a package of the extra `serve` is not installed.
    """
    fold = Fold().add_all(trajectory.events)
    script, style = text("tables.js"), text("page.css")
    return rendering.page(
        "standalone.html",
        blocks=rendering.texts.markup(rendering.whole(fold, rendering.View())),
        fold=fold,
        policy=file_policy(script),
        script=rendering.texts.markup(script),
        style=rendering.texts.markup(style),
        version=__version__,
    )
