"""The session's working directory seen from the host, where everything in it belongs to the guest and may lie.

Invariant: no link is ever followed, nothing but regular files is ever opened to read or write, and sizes and counts are bounded;
each step goes by descriptors, so that swapping a folder for a link between look and use gains nothing. It does not: keep quotas (the
warden does).
"""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from codeact.errors import InputError
from codeact.events import FileChange

_MOST_ENTRIES = 5_000
_MOST_DEPTH = 12
_MOST_CHANGES = 100
_UNSEEN = {"__pycache__", ".ipynb_checkpoints", ".cache", ".config", ".ipython"}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

Listing = dict[str, tuple[int, int, int]]
"""Relative path to (modification time in ns, size in bytes, inode)."""


class Workspace:
    """A directory for one session.

    Args:
        path: made anew; its parent must exist.
        owner: host uid and gid that the guest runs as, None if that is the caller's.
    """

    def __init__(self, path: Path, owner: tuple[int, int] | None) -> None:
        self.path = path
        self._owner = owner
        path.mkdir(mode=0o700)
        if owner is not None:
            os.chown(path, *owner)
        self._folder = os.open(path, _FOLDER)

    def listing(self) -> Listing:
        """All regular files, links left alone."""
        found: Listing = {}
        budget = [_MOST_ENTRIES]
        for name, status in _walk(os.dup(self._folder), "", budget, _MOST_DEPTH):
            found[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    def create(self, name: str) -> int:
        """A new file, open to write, that the guest can read; returns its descriptor.

        Raises:
            InputError: the name is not a plain file name, or exists.
        """
        _check_name(name)
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=self._folder)
        except OSError as error:
            raise InputError(f"cannot make the file {name!r} in the workspace: {error.strerror}") from error
        if self._owner is not None:
            os.fchown(descriptor, *self._owner)
        return descriptor

    def add(self, source: Path, name: str | None = None) -> str:
        """Copy a host file in; returns its name.

        Raises:
            InputError: the source cannot be read, the name is taken or not a plain file name.
        """
        target = name if name is not None else source.name
        try:
            with source.open("rb") as file, os.fdopen(self.create(target), "wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
        except OSError as error:
            raise InputError(f"cannot read the file {str(source)!r}: {error.strerror or error}; give a path to a file") from error
        return target

    def read(self, name: str, most: int = 64 << 20) -> bytes:
        """Content of a regular file.

        Args:
            name: path relative to the workspace.
            most: bytes; a larger file is refused.

        Raises:
            InputError: not there, not a regular file, behind a link, or larger than `most`.
        """
        parts = PurePosixPath(name).parts
        if not parts or any(part in ("/", "..", ".") for part in parts):
            raise InputError(f"{name!r} is not a path inside the workspace")
        folder = os.dup(self._folder)
        try:
            for part in parts[:-1]:
                folder, parent = os.open(part, _FOLDER, dir_fd=folder), folder
                os.close(parent)
            descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except OSError as error:
            raise InputError(f"cannot read {name!r} in the workspace: {error.strerror} (links are not followed)") from error
        finally:
            os.close(folder)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputError(f"{name!r} in the workspace is not a regular file")
            if status.st_size > most:
                raise InputError(f"{name!r} in the workspace has {status.st_size} bytes, more than the {most} that are read at once")
            return file.read(most)

    def remove(self) -> None:
        """Delete it and all in it; what cannot be deleted is left to the next clean-up."""
        os.close(self._folder)
        shutil.rmtree(self.path, ignore_errors=True)


def changes(before: Listing, after: Listing) -> tuple[FileChange, ...]:
    """What differs between two listings, by path; at most 100 entries."""
    found = [
        FileChange(path=_shown(path), change="modified" if path in before else "created", size=entry[1])
        for path, entry in after.items()
        if before.get(path) != entry
    ]
    found += [FileChange(path=_shown(path), change="deleted") for path in before.keys() - after.keys()]
    return tuple(sorted(found, key=lambda change: change.path)[:_MOST_CHANGES])


def _walk(folder: int, prefix: str, budget: list[int], depth: int) -> Iterator[tuple[str, os.stat_result]]:
    """Regular files below an open folder; closes it."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                budget[0] -= 1
                if budget[0] < 0:
                    return
                if entry.name in _UNSEEN:
                    continue
                yield from _visit(folder, entry, prefix, budget, depth)
    finally:
        os.close(folder)


def _visit(folder: int, entry: os.DirEntry[str], prefix: str, budget: list[int], depth: int) -> Iterator[tuple[str, os.stat_result]]:
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            yield prefix + entry.name, status
        elif stat.S_ISDIR(status.st_mode) and depth > 0:
            yield from _walk(os.open(entry.name, _FOLDER, dir_fd=folder), f"{prefix}{entry.name}/", budget, depth - 1)
    except OSError:
        return  # it changed while we looked, or the guest took our right to look


def _check_name(name: str) -> None:
    if not name or name in (".", "..") or "/" in name or "\0" in name or len(os.fsencode(name)) > 255:
        raise InputError(f"{name!r} is not a plain file name")


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
