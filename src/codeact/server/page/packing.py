"""Answers of the page, compressed where the client takes it.

Invariant: what is sent unpacks to what was given, byte by byte. It does not: pack what is streamed, or what holds a secret beside text that
somebody else may choose and measure.
"""

import gzip

from fastapi import Request, Response

LEAST = 1000
"""Bytes below which it is not worth it."""

_FAST = 1


def answer(request: Request, content: bytes | str, media_type: str, headers: dict[str, str], packed: bytes | None = None) -> Response:
    """An answer.

    Args:
        request: that is answered.
        content: to send.
        media_type: of the content.
        headers: more of them.
        packed: the content, compressed already.
    """
    plain = content.encode() if isinstance(content, str) else content
    if len(plain) < LEAST:
        return Response(plain, media_type=media_type, headers=headers)
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(plain, media_type=media_type, headers=headers)
    small = packed if packed is not None else gzip.compress(plain, _FAST, mtime=0)
    return Response(small, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
