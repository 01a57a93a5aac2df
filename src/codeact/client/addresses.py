"""Addresses of a server and of what it has.

Invariant: a name that a user gives (of a run, of a file) leads to that thing or nowhere, whatever characters are in it; an address holds no
password. It does not: open connections.
"""

import ipaddress
from urllib.parse import SplitResult, quote, urlsplit

from codeact import errors


def checked(url: str) -> str:
    """The address of a server, without a slash at its end.

    Args:
        url: as the user wrote it; a path, where a proxy shows the server below one, stays.

    Raises:
        InputError: it is none.
    """
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        raise errors.InputError(f"the address of {parts.hostname!r} holds a user or a password; give the key as key=, or as CODEACT_KEY")
    if parts.query or parts.fragment:
        raise errors.InputError(f"{url!r} is no address of a server: it ends in a query or a fragment; leave that out")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    host = _split(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def path(*parts: str) -> str:
    """The path of something below ``/api/v1``.

    Args:
        parts: each one segment, whatever is in it.

    Raises:
        InputError: one is empty.
    """
    return "/api/v1" + "".join(f"/{_segment(part)}" for part in parts)


def file_path(*parts: str, name: str) -> str:
    """The path of a file of a workspace.

    Args:
        parts: as in `path`.
        name: relative to the workspace, with slashes.

    Raises:
        InputError: the name is empty, or one of `parts` is.
    """
    if not name:
        raise errors.InputError("the name of the file is empty")
    return path(*parts) + "/" + "/".join(_quoted(part) for part in name.split("/"))


def host_of(url: str) -> str:
    """What of an address can be shown whoever made it: scheme, host and port."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
        return f"{parts.scheme}://{parts.hostname or ''}{port}"
    except ValueError:
        return "an address that cannot be read"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:
        fits, parts = False, urlsplit("")
    if not fits:
        shown = repr(url) if "@" not in url else "the address, which holds an @,"
        raise errors.InputError(f"{shown} is no address of a server; write for example 'http://127.0.0.1:8765'")
    return parts


def _segment(part: str) -> str:
    if not part:
        raise errors.InputError("an id is empty: give that of a run or of a session")
    return _quoted(part)


def _quoted(part: str) -> str:
    """Percent-encoded; dots alone too, which would lead elsewhere."""
    try:
        return part.replace(".", "%2E") if part in (".", "..") else quote(part, safe="")
    except UnicodeEncodeError:
        raise errors.InputError(f"{part!r} holds half a surrogate pair and can name nothing") from None
