"""Snapshots of a workspace: what its files were at a checkpoint, to be put back.

Invariant: a snapshot costs copies of the files that changed since the last one only; putting back touches nothing outside the workspace. It
does not: keep what is beyond its bounds (it says what), or run while the guest does (the caller has stopped it).
"""

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from codeact.sandbox.workspace import Entry, Listing, Workspace
from codeact.scratch import remove_folder, remove_tree

_PIECE = 64 << 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A listing, and for each of its files the copy that holds the content, None where it was too large to keep.

    Files in `mapped` were open as shared memory: their times tell nothing about their content.
    """

    listing: Listing
    copies: dict[str, Path | None]
    mapped: frozenset[str] = frozenset()


@dataclass
class Snapshots:
    """The snapshots of one workspace.

    Args:
        workspace: whose files.
        store: folder for the copies, made when needed; only the host can reach it.
        most: bytes that the copies may take.
    """

    workspace: Workspace
    store: Path
    most: int
    _copies: dict[Entry, Path] = field(default_factory=dict)
    _held: dict[int, Snapshot] = field(default_factory=dict)
    _sizes: dict[Path, int] = field(default_factory=dict)
    _used: int = 0
    _next: int = 0

    def take(self, listing: Listing, mapped: Collection[str] = ()) -> Snapshot:
        """Keep the workspace as the listing, made just now, tells it.

        Args:
            listing: of the workspace.
            mapped: files that may change without a change of their times.
        """
        for path in mapped:
            self._copies.pop(listing.entries.get(path), None)  # type: ignore[arg-type] # None is no key of it
        copies = {path: self._copy(path, entry) for path, entry in listing.entries.items() if entry.kind == "file"}
        snapshot = Snapshot(listing, copies, frozenset(mapped))
        self._held[id(snapshot)] = snapshot
        return snapshot

    def drop(self, snapshot: Snapshot) -> None:
        """Give a snapshot up, and the copies that no other needs."""
        if self._held.pop(id(snapshot), None) is None:
            return
        needed = {copy for held in self._held.values() for copy in held.copies.values()}
        for copy in set(snapshot.copies.values()) - needed:
            if copy is not None:
                self._used -= self._sizes.pop(copy, 0)
                copy.unlink(missing_ok=True)
        self._copies = {entry: copy for entry, copy in self._copies.items() if copy in self._sizes}

    def restore(self, snapshot: Snapshot, keep: str | None = None) -> tuple[Listing, str]:
        """Put the workspace back.

        Args:
            snapshot: to what.
            keep: name of a file to leave alone.

        Returns:
            the listing now, and what could not be put back, in a sentence, empty if all was.
        """
        now = self.workspace.listing()
        if not (now.whole and snapshot.listing.whole):
            return now, "Files were left as they are: the workspace holds too many to keep track of."
        lost: list[str] = []
        wanted = snapshot.listing.entries
        for path in sorted(now.entries.keys() - wanted.keys(), reverse=True):
            if path != keep:
                self._remove(path)
        for path, entry in wanted.items():  # a folder comes before what is in it
            copy, found = snapshot.copies.get(path), now.entries.get(path)
            if path in snapshot.mapped and copy is not None and found is not None and found.inode == entry.inode:
                done = self._overwrite(path, entry, copy)
            else:
                done = found == entry or self._put_back(path, entry, copy)
            if not done:
                lost.append(path)
        after = self.workspace.listing()
        self._learn(snapshot, after)
        names = ", ".join(repr(path) for path in lost[:5])
        return after, f"Not put back (too large to keep a copy of, or a socket): {names}." if lost else ""

    def fill(self, snapshot: Snapshot) -> tuple[Listing, str]:
        """Copy another workspace's files into this one, which is empty.

        Args:
            snapshot: of the other workspace, held by its own snapshots until this is done.

        Returns:
            the listing now, and what could not be copied, in a sentence, empty if all was.
        """
        lost = [path for path, entry in snapshot.listing.entries.items() if not self._put_back(path, entry, snapshot.copies.get(path))]
        names = ", ".join(repr(path) for path in lost[:5])
        text = f"Not copied (too large, or a socket): {names}." if lost else ""
        return self.workspace.listing(), text if snapshot.listing.whole else "Not all files were copied: the workspace holds too many."

    def close(self) -> None:
        """Remove all copies."""
        remove_tree(self.store)

    def _copy(self, path: str, entry: Entry) -> Path | None:
        known = self._copies.get(entry)
        if known is not None:
            return known
        if self._used + entry.size > self.most:
            return None
        self._next += 1
        copy = self.store / str(self._next)
        try:
            self.store.mkdir(mode=0o700, exist_ok=True)
            folder = self.workspace.open_folder(path)
            try:
                source = os.open(PurePosixPath(path).name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            finally:
                os.close(folder)
            with os.fdopen(source, "rb") as file, copy.open("xb") as target:
                _transfer(file.fileno(), target.fileno(), entry.size)
                if not entry.describes(os.fstat(file.fileno())):
                    raise FileNotFoundError(path)
        except OSError:  # it changed while we looked: another file has that name now, or this one other content
            copy.unlink(missing_ok=True)
            return None
        self._copies[entry] = copy
        self._sizes[copy] = entry.size
        self._used += entry.size
        return copy

    def _learn(self, snapshot: Snapshot, after: Listing) -> None:
        """Files that were put back are new files with known content: remember which copy holds it."""
        for path, copy in snapshot.copies.items():
            entry = after.entries.get(path)
            if copy is not None and entry is not None and entry.kind == "file" and entry not in self._copies:
                self._copies[entry] = copy

    def _remove(self, path: str) -> None:
        name = PurePosixPath(path).name
        with contextlib.suppress(OSError):  # gone already, with the folder it was in
            folder = self.workspace.open_folder(path)
            try:
                try:
                    os.unlink(name, dir_fd=folder)
                except (IsADirectoryError, PermissionError):
                    remove_folder(name, folder)
            finally:
                os.close(folder)

    def _put_back(self, path: str, entry: Entry, copy: Path | None) -> bool:
        """Make one entry as it was; False if it cannot be: its content was not kept, or it is a socket."""
        if entry.kind == "socket" or (entry.kind == "file" and copy is None):
            return False
        name = PurePosixPath(path).name
        try:
            folder = self.workspace.open_folder(path)
        except OSError:
            return False
        try:
            if entry.kind == "folder":
                self._put_folder(name, entry, folder)
                return True
            self._remove(path)
            if entry.kind in ("link", "pipe"):
                if entry.kind == "link":
                    os.symlink(entry.target, name, dir_fd=folder)
                else:
                    os.mkfifo(name, entry.mode, dir_fd=folder)
                if self.workspace.owner is not None:
                    os.chown(name, *self.workspace.owner, dir_fd=folder, follow_symlinks=False)
            elif copy is not None:
                self._put_file(name, entry, copy, folder)
            return True
        except OSError:
            return False
        finally:
            os.close(folder)

    def _overwrite(self, path: str, entry: Entry, copy: Path) -> bool:
        """Put content back into the very file that the interpreter has mapped."""
        try:
            folder = self.workspace.open_folder(path)
            try:
                flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                target = os.open(PurePosixPath(path).name, flags, dir_fd=folder)
            finally:
                os.close(folder)
            with os.fdopen(target, "wb") as file, copy.open("rb") as source:
                if os.fstat(target).st_ino != entry.inode:
                    return False
                _transfer(source.fileno(), target, entry.size)
                os.ftruncate(file.fileno(), entry.size)
        except OSError:
            return False
        return True

    def _put_folder(self, name: str, entry: Entry, folder: int) -> None:
        try:
            os.mkdir(name, entry.mode, dir_fd=folder)
        except FileExistsError:
            with contextlib.suppress(NotADirectoryError):
                descriptor = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
                try:
                    os.chmod(f"/proc/self/fd/{descriptor}", entry.mode)  # noqa: PTH101 -- of a descriptor that needs no right to read
                finally:
                    os.close(descriptor)
                return
            os.unlink(name, dir_fd=folder)
            os.mkdir(name, entry.mode, dir_fd=folder)
        if self.workspace.owner is not None:
            os.chown(name, *self.workspace.owner, dir_fd=folder, follow_symlinks=False)

    def _put_file(self, name: str, entry: Entry, copy: Path, folder: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as target, copy.open("rb") as source:
            _transfer(source.fileno(), target.fileno(), entry.size)
            if self.workspace.owner is not None:
                os.fchown(target.fileno(), *self.workspace.owner)
            os.fchmod(target.fileno(), entry.mode)  # after the owner: a set-user-id file must at no time be the host's
            os.utime(target.fileno(), ns=(entry.modified, entry.modified))


def _transfer(source: int, target: int, size: int) -> None:
    """Copy up to `size` bytes between open files, in the kernel."""
    offset = 0
    while offset < size and (done := os.sendfile(target, source, offset, min(size - offset, _PIECE))):
        offset += done
