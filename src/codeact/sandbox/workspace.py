"""The session's working directory seen from the host, where everything in it belongs to the guest and may lie.

Invariant: no link is ever followed, nothing but regular files is ever opened to read or write, and sizes and counts are bounded;
each step goes by descriptors, so that swapping a folder for a link between look and use gains nothing. It does not: keep quotas (the
warden does).
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from codeact.errors import InputError
from codeact.events import FileChange
from codeact.scratch import remove_tree

_MOST_ENTRIES = 5_000
_MOST_LOOKS = 4 * _MOST_ENTRIES  # devices are no entries, but take as long to look at
_MOST_DEPTH = 12
_MOST_CHANGES = 100
_UNSEEN = {"__pycache__", ".ipynb_checkpoints", ".cache", ".config", ".ipython"}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder, symbolic link, named pipe or socket of the workspace, as lstat tells it.

    Two equal entries of a file hold the same content.
    """

    kind: Literal["file", "folder", "link", "pipe", "socket"]
    inode: int
    changed: int
    modified: int
    size: int
    mode: int
    target: str = ""

    def describes(self, status: os.stat_result) -> bool:
        """Whether an open file is the regular file that this entry is of, unchanged since."""
        now = (status.st_ino, status.st_ctime_ns, status.st_mtime_ns, status.st_size)
        return stat.S_ISREG(status.st_mode) and now == (self.inode, self.changed, self.modified, self.size)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a workspace: relative path to entry; `whole` is False if there was more than is looked at."""

    entries: dict[str, Entry]
    whole: bool = True


EMPTY = Listing({})


class Workspace:
    """A directory for one session.

    Args:
        path: made anew; its parent must exist.
        owner: host uid and gid that the guest runs as, None if that is the caller's.
    """

    def __init__(self, path: Path, owner: tuple[int, int] | None) -> None:
        self.path = path
        self.owner = owner
        path.mkdir(mode=0o700)
        if owner is not None:
            os.chown(path, *owner)
        self._folder = os.open(path, _FOLDER)

    def listing(self) -> Listing:
        """All regular files, folders, symbolic links, pipes and sockets; links are not followed."""
        return _listed(os.dup(self._folder))

    def open_folder(self, path: str) -> int:
        """Descriptor of the folder that holds `path`.

        Raises:
            OSError: some part of the way is not there, or is a link; or the path is absolute, or leads upwards.
        """
        parts = PurePosixPath(path).parts[:-1]
        if any("/" in part or part == ".." for part in parts):  # the root may be written "/" or "//"
            raise OSError(errno.EACCES, "it leads out of the workspace", path)
        folder = os.dup(self._folder)
        try:
            for part in parts:
                folder, parent = os.open(part, _FOLDER, dir_fd=folder), folder
                os.close(parent)
        except OSError:
            os.close(folder)
            raise
        return folder

    def create(self, name: str) -> int:
        """A new file, open to write, that the guest can read; returns its descriptor.

        Raises:
            InputError: the name is not a plain file name, or exists.
        """
        _check_name(name)
        descriptor = None
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=self._folder)
            if self.owner is not None:
                os.fchown(descriptor, *self.owner)
        except OSError as error:
            if descriptor is not None:  # it cannot be given to the guest, whose quota may be full
                os.close(descriptor)
            raise InputError(f"cannot make the file {name!r} in the workspace: {error.strerror}") from error
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
        if not parts or "\0" in name or name.startswith("/") or any(part in ("..", ".") for part in parts):
            raise InputError(f"{name!r} is not a path inside the workspace")
        try:
            folder = self.open_folder(name)
            try:
                descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise InputError(f"cannot read {name!r} in the workspace: {error.strerror} (links are not followed)") from error
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise InputError(f"{name!r} in the workspace is not a regular file")
        with os.fdopen(descriptor, "rb") as file:
            if status.st_size > most:
                raise InputError(f"{name!r} in the workspace has {status.st_size} bytes, more than the {most} that are read at once")
            return file.read(most)

    def remove(self) -> None:
        """Delete it, all in it and its folder of temporary files; what cannot be deleted is left to the next clean-up."""
        os.close(self._folder)
        for folder in (self.path, temporary_of(self.path)):
            remove_tree(folder)


def temporary_of(workspace: Path) -> Path:
    """Where the session's temporary files go, in the tiers without a /tmp of its own."""
    return workspace.with_name(workspace.name + ".tmp")


def files_in(workspace: Path) -> tuple[dict[str, int], bool]:
    """The regular files in a workspace with their sizes in bytes, caches of programs left out, and whether these are all.

    Args:
        workspace: its folder; links in it are not followed.

    Raises:
        InputError: the folder cannot be opened.
    """
    try:
        listing = _listed(os.open(workspace, _FOLDER))
    except OSError as error:
        raise InputError(f"cannot look into the workspace {str(workspace)!r}: {error.strerror}") from error
    return {_shown(path): entry.size for path, entry in sorted(_files(listing).items())}, listing.whole


def changes(before: Listing, after: Listing) -> tuple[FileChange, ...]:
    """What differs between two listings, by path, caches of programs left out; at most 100 entries."""
    if before.entries == after.entries:
        return ()
    old, new = _files(before), _files(after)
    found = [
        FileChange(path=_shown(path), change="modified" if path in old else "created", size=entry.size)
        for path, entry in new.items()
        if old.get(path) != entry
    ]
    found += [FileChange(path=_shown(path), change="deleted") for path in old.keys() - new.keys()]
    return tuple(sorted(found, key=lambda change: change.path)[:_MOST_CHANGES])


def _listed(folder: int) -> Listing:
    """What is below an open folder; closes the descriptor."""
    entries: dict[str, Entry] = {}
    looks = [_MOST_LOOKS]
    for name, entry in _walk(folder, "", looks, _MOST_DEPTH):
        entries[name] = entry
        if len(entries) > _MOST_ENTRIES:
            return Listing(entries, whole=False)
    return Listing(entries, whole=looks[0] >= 0)


def _files(listing: Listing) -> dict[str, Entry]:
    return {path: entry for path, entry in listing.entries.items() if entry.kind == "file" and _UNSEEN.isdisjoint(path.split("/"))}


def _walk(folder: int, prefix: str, looks: list[int], depth: int) -> Iterator[tuple[str, Entry]]:
    """What is below an open folder, a folder before what is in it; closes the descriptor. Ends when `looks` is counted down."""
    try:
        with os.scandir(folder) as entries:
            for item in entries:
                looks[0] -= 1
                if looks[0] < 0:
                    return
                yield from _visit(folder, item, prefix, looks, depth)
    finally:
        os.close(folder)


def _visit(folder: int, item: os.DirEntry[str], prefix: str, looks: list[int], depth: int) -> Iterator[tuple[str, Entry]]:
    try:
        status = item.stat(follow_symlinks=False)
        common = (status.st_ino, status.st_ctime_ns, status.st_mtime_ns, status.st_size, stat.S_IMODE(status.st_mode))
        if stat.S_ISREG(status.st_mode):
            yield prefix + item.name, Entry("file", *common)
        elif stat.S_ISLNK(status.st_mode):
            yield prefix + item.name, Entry("link", *common, target=os.readlink(item.name, dir_fd=folder))
        elif stat.S_ISFIFO(status.st_mode):
            yield prefix + item.name, Entry("pipe", status.st_ino, 0, 0, 0, stat.S_IMODE(status.st_mode))
        elif stat.S_ISSOCK(status.st_mode):
            yield prefix + item.name, Entry("socket", status.st_ino, 0, 0, 0, stat.S_IMODE(status.st_mode))
        elif stat.S_ISDIR(status.st_mode):
            yield prefix + item.name, Entry("folder", status.st_ino, 0, 0, 0, stat.S_IMODE(status.st_mode))
            if depth > 0:
                yield from _walk(os.open(item.name, _FOLDER, dir_fd=folder), f"{prefix}{item.name}/", looks, depth - 1)
    except OSError:
        return  # it changed while we looked, or the guest took our right to look


def _check_name(name: str) -> None:
    if not name or name in (".", "..") or "/" in name or "\0" in name or len(os.fsencode(name)) > 255:
        raise InputError(f"{name!r} is not a plain file name")


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
