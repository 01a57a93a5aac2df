"""Style sheet and scripts of the page, and the policies under which browsers show it.

Invariant: an address of an asset holds the digest of all of them, so that a browser keeps it for good and never mixes two versions. It does
not: take anything from elsewhere.
"""

import base64
import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from codeact import errors

_STATIC = Path(__file__).parent / "static"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

IN_SHELL = ("early.js", "page.css")
"""What the first paint waits for stands in the shell itself."""

GUEST_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""Of a guest's document: no script, no network, an origin of its own."""

PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""Of a guest's PDF file: the browser's own viewer and nothing else; browsers start it in no sandbox, and it lays itself out by a style."""


def asset(name: str) -> tuple[bytes, str] | None:
    """An asset and its media type; None if there is none of that name."""
    return _assets().get(name)


def text(name: str) -> str:
    """An asset's text.

    Raises:
        InputError: it is not there.
    """
    found = asset(name)
    if found is None:
        raise errors.InputError(f"the file {name!r} of the page is not installed: install codeact again")
    return found[0].decode()


@lru_cache
def packed(name: str) -> bytes:
    """An asset, compressed.

    Args:
        name: of an asset that there is.
    """
    return gzip.compress(_assets()[name][0], mtime=0)


@lru_cache
def version() -> str:
    """The digest of all assets."""
    together = hashlib.sha256()
    for name, (content, _) in sorted(_assets().items()):
        together.update(name.encode() + b"\0" + content)
    return together.hexdigest()[:12]


@lru_cache
def page_policy() -> str:
    """Of the page: its own scripts and styles, the two that stand in its shell by their digests, and nothing from elsewhere."""
    script, style = (f"'sha256-{_digest(text(name))}'" for name in IN_SHELL)
    return (
        f"default-src 'none'; script-src 'self' {script}; style-src 'self' {style}; img-src 'self' data: blob:; connect-src 'self'; "
        "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def file_policy(script: str) -> str:
    """Of a file that is to be read without a server: everything is inside, and one script runs.

    Args:
        script: its text.
    """
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{_digest(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )


@lru_cache
def _assets() -> dict[str, tuple[bytes, str]]:
    return {path.name: (path.read_bytes(), _KINDS[path.suffix]) for path in sorted(_STATIC.iterdir()) if path.suffix in _KINDS}
