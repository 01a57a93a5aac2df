"""Temporary folders of this process, which a later one removes if this one is killed; and removing a folder, whatever is in it.

Invariant: a folder is removed by the process that made it, or by one of the same user after that process ended; the folder's mark, a file
that its process keeps locked, tells. Removing follows no link and ends, however deep the folders are, whatever their names and modes, and
whoever moves them meanwhile. It does not: know what is in the folders, or keep anything (`cache` does).
"""

import contextlib
import errno
import fcntl
import os
import secrets
import stat
import tempfile
from pathlib import Path

_PREFIX = "codeact-"
_MARK = ".alive"
_SHUT = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_LEVELS = 8  # folders that are open at once, one in the other
_MOST_LOOKS = 10_000_000  # entries looked at in all: who is still there may make new ones for ever


class Scratch:
    """A new temporary folder, its owner's only; those that killed processes left are removed first.

    Raises:
        OSError: none can be made in the folder for temporary files.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        unseen = self.path / f"{_MARK}.new"
        self._mark = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._mark, fcntl.LOCK_EX)
        unseen.rename(self.path / _MARK)  # only now: a mark that is not locked yet is one of a dead process to others

    def remove(self) -> None:
        """Remove it and all in it; to be called once."""
        remove_tree(self.path)
        os.close(self._mark)


def remove_tree(folder: Path) -> None:
    """Delete a folder that nobody uses any more, folders in it that their owner closed too; never raises."""
    with contextlib.suppress(OSError):
        parent = os.open(folder.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            remove_folder(folder.name, parent)
        finally:
            os.close(parent)


def remove_folder(name: str, parent: int, most: int = _MOST_LOOKS) -> None:
    """Delete a folder with all in it, folders that their owner closed too.

    Args:
        name: of the folder; a link is none.
        parent: descriptor of the folder that it is in.
        most: entries that are looked at before it is given up.

    Raises:
        OSError: it is no folder, or something in it could not be deleted.
    """
    folder = _opened(name, parent)
    try:
        _Emptying(folder, most).run()
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=parent)


class _Emptying:
    """Of a folder, by descriptors. What is too deep is moved to the top, so that a tree of any depth takes few of them, and no long path.

    Args:
        top: descriptor of the folder.
        most: entries to look at.
    """

    def __init__(self, top: int, most: int) -> None:
        self._top = top
        self._prefix = secrets.token_hex(8)  # names that are not taken
        self._moved = 0
        self._done = 0
        self._looks = most

    def run(self) -> None:
        """Delete all that can be; a mark goes last, so that what is left when we are killed meanwhile can still be told from the living.

        Raises:
            OSError: there is too much in it, or it fills up as fast as it is emptied.
        """
        for spared in (_MARK, ""):
            left, before = True, -1
            while left and self._done != before:
                before = self._done
                left = self._pass(self._top, 0, spared)
            if left:
                return

    def _pass(self, folder: int, level: int, spared: str = "") -> bool:
        """Delete or move what is in a folder now, but for one name; whether there was anything."""
        found = False
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == spared:
                    continue
                found = True
                self._looks -= 1
                if self._looks < 0:
                    raise OSError(errno.EBUSY, "there is too much in the folder, or it fills up as fast as it is emptied")
                with contextlib.suppress(OSError):  # not to be deleted, or not yet: the next pass tells
                    self._take(entry.name, folder, level)
                    self._done += 1
        return found

    def _take(self, name: str, folder: int, level: int) -> None:
        try:
            os.unlink(name, dir_fd=folder)
            return
        except IsADirectoryError:
            pass
        inner = _opened(name, folder)
        try:
            if level == _MOST_LEVELS:
                self._moved += 1
                os.rename(name, f"{self._prefix}{self._moved}", src_dir_fd=folder, dst_dir_fd=self._top)
                return
            self._pass(inner, level + 1)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=folder)


def _opened(name: str, parent: int) -> int:
    """Descriptor of a folder, to read it; it is opened to its owner, who may have closed it."""
    shut = os.open(name, _SHUT, dir_fd=parent)
    try:
        if os.fstat(shut).st_mode & 0o700 != 0o700:
            os.chmod(f"/proc/self/fd/{shut}", 0o700)  # noqa: PTH101 -- of a descriptor that needs no right to read
        return os.open(".", _FOLDER, dir_fd=shut)
    finally:
        os.close(shut)


def _sweep(where: Path) -> None:
    """Remove the folders of processes that were killed."""
    for folder in where.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # it has no mark, or its process lives
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
                continue  # another user's, who could put a link in its place while we look
            descriptor = os.open(folder / _MARK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(folder)
            finally:
                os.close(descriptor)
