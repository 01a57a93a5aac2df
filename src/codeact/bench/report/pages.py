"""Templates filled in: pages that need nothing beside them, and no network.

Invariant: every value is escaped, and its control characters are made visible, whoever wrote it, but for drawings and the script, which are
ours; a page's policy lets no other script run and nothing be loaded, so that what a guest wrote stays text even if an escape failed. It
does not: know what a page is about.
"""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeact import __version__, errors
from codeact.bench.report import palette, words

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, **values: Any) -> str:
    """A page.

    Args:
        template: name of a file in `templates/`.
        values: that it names.

    Raises:
        MissingExtraError: `jinja2` is not installed.
    """
    script = _text("sort.js") if "script" in _text(template) else ""
    return (
        _environment()
        .get_template(template)
        .render(
            light=palette.declarations(False),
            dark=palette.declarations(True),
            policy=_policy(script),
            script=script,
            style=_text("style.css"),
            version=__version__,
            **values,
        )
    )


@lru_cache
def _environment() -> "Environment":
    try:
        import jinja2
    except ImportError:
        raise errors.MissingExtraError("jinja2", "bench", "the pages of a report") from None

    def finalize(value: Any) -> Any:
        return words.visible(value) if type(value) is str else value

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        amount=words.amount,
        bare_p=words.bare_p,
        cut=words.cut,
        format_name=words.name_of,
        money=words.money,
        percent=words.percent,
        points=words.points,
        seconds=words.seconds,
        signed=words.signed,
    )
    return made


@lru_cache
def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """Content security: nothing is loaded; styles and figures are inside; one script, by its hash, if any."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"'sha256-{digest}'" if script else "'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}; base-uri 'none'; form-action 'none'"
