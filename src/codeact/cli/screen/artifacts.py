"""What a run leaves on the host besides its record: figures, and files copied out of the workspace.

Invariants: nothing on the host is ever overwritten; a link that the guest made is never followed, in no part of a path, and only
regular files up to a size are read, so that a guest cannot make the host read or wait on something else. It does not: trust any
name, size or type that it did not read from an open descriptor.
"""

import base64
import binascii
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codeact import errors
from codeact.cli.flow import clean
from codeact.events import MIME, AnyEvent, Limits, Observation

_KINDS = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf", "image/svg+xml": "svg"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """One workspace file: where its copy is, or why there is none."""

    name: str
    path: Path | None
    reason: str = ""


class Figures:
    """Saves the figures of observations under names that are free.

    Args:
        folder: made when the first figure comes.
        prefix: start of each file's name, before `figure-N`.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self._folder = folder
        self._prefix = prefix
        self._next = 1
        self.saved: list[Path] = []

    def save(self, data: MIME) -> Path | None:
        """Write the bundle's figure; None if it holds none.

        Raises:
            InputError: the file cannot be written.
        """
        kind = next((kind for kind in _KINDS if kind in data), None)
        if kind is None:
            return None
        try:
            content = data[kind].encode() if kind.endswith("xml") else base64.b64decode("".join(data[kind].split()), validate=True)
        except (binascii.Error, ValueError):  # the guest wrote the bundle: it need not be base64
            return None
        path = self._write(content, _KINDS[kind])
        self.saved.append(path)
        return path

    def _write(self, content: bytes, suffix: str) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            while True:
                path = self._folder / f"{self._prefix}figure-{self._next}.{suffix}"
                self._next += 1
                with suppress(FileExistsError):
                    with path.open("xb") as file:
                        file.write(content)
                    return path
        except OSError as error:
            raise errors.InputError(f"cannot save a figure in {str(self._folder)!r}: {error}; choose another folder") from error


def copy_made(workspace: Path, events: Sequence[AnyEvent], target: Path, limits: Limits) -> Iterator[str]:
    """Copy all that the actions made, and say of each file what became of it.

    Args:
        workspace, target: as for `copy_out`.
        events: of the run.
        limits: `file_mb` bounds each file; without it a file may have 1024 MB.
    """
    most = (limits.file_mb if limits.file_mb is not None else 1024) << 20
    for copied in copy_out(workspace, files_made(events), target, most):
        yield f"copied {copied.path}" if copied.path else f"not copied: {copied.name!r}: {copied.reason}"


def files_made(events: Sequence[AnyEvent]) -> list[str]:
    """Names of the workspace files that the actions made or changed and did not remove, in order of first mention."""
    made: dict[str, None] = {}
    for event in events:
        for file in event.files if isinstance(event, Observation) else ():
            if file.change == "deleted":
                made.pop(file.path, None)
            else:
                made.setdefault(file.path)
    return list(made)


def copy_out(workspace: Path, names: list[str], target: Path, most: int) -> Iterator[Copied]:
    """Copy workspace files to a host folder.

    Args:
        workspace: the guest's working directory; everything in it is hostile.
        names: paths relative to it, as an observation gave them.
        target: host folder, made if it is not there.
        most: bytes a file may have.

    Raises:
        InputError: the folder cannot be made.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        root = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise errors.InputError(f"cannot copy files to {str(target)!r}: {error}; choose another folder") from error
    try:
        for name in names:
            yield _copy_one(root, name, target, most)
    finally:
        os.close(root)


def _copy_one(root: int, name: str, target: Path, most: int) -> Copied:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or clean(name) != name or "\n" in name:
        return Copied(name, None, "its name is not a plain relative path")
    try:
        source = _open_inside(root, parts)
    except OSError as error:
        return Copied(name, None, f"it cannot be opened without following a link: {error.strerror}")
    try:
        state = os.fstat(source)
        if not stat.S_ISREG(state.st_mode):
            return Copied(name, None, "it is not a regular file")
        if state.st_size > most:
            return Copied(name, None, f"it has {state.st_size:,} bytes, the limit is {most:,}")
        return _pour(source, name, target.joinpath(*parts), most)
    finally:
        os.close(source)


def _open_inside(root: int, parts: tuple[str, ...]) -> int:
    """Open component by component, so that a link swapped in on the way is refused too."""
    here = os.dup(root)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = below
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)


def _pour(source: int, name: str, path: Path, most: int) -> Copied:
    """Copy up to `most` bytes: the file may still grow."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            left = most
            while left > 0 and (chunk := os.read(source, min(_CHUNK, left))):
                file.write(chunk)
                left -= len(chunk)
    except FileExistsError:
        return Copied(name, None, f"{str(path)!r} exists already")
    except OSError as error:
        return Copied(name, None, f"{str(path)!r} cannot be written: {error.strerror}")
    return Copied(name, path)
