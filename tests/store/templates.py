"""A database file as `open_store` makes it, made once and copied: bringing one to its schema takes longer than most tests use it for."""

import tempfile
from pathlib import Path

from codeact.store.kept import open_store

_MADE: list[bytes] = []


async def laid_out(address: str) -> None:
    """Put an empty database where a file is to be and is none yet; one of a server is left as it is."""
    path = address.removeprefix("sqlite:///")
    if "://" in path:
        return
    if not _MADE:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "runs.db"
            await (await open_store(made)).aclose()
            _MADE.append(_read(made))
    _put(Path(path), _MADE[0])


def _read(made: Path) -> bytes:
    beside = [path.name for path in made.parent.iterdir() if path.name not in (made.name, f"{made.name}.lock")]
    assert beside == [], "all of it is in the file"
    return made.read_bytes()


def _put(path: Path, content: bytes) -> None:
    if not path.exists():
        path.write_bytes(content)
