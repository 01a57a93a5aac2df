"""Files on their way to a client: never shown as a page of this server, whatever is in them."""

from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi import Response


def download(path: str, content: bytes) -> Response:
    """The answer that holds a file.

    Args:
        path: in the workspace.
        content: of the file.
    """
    name = quote(PurePosixPath(path).name, safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/octet-stream", headers=headers)
