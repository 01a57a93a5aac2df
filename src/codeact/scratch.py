"""Temporary folders of this process, which a later one removes if this one is killed.

Invariant: a folder is removed by the process that made it, or by one of the same user after that process ended; the folder's mark, a file
that its process keeps locked, tells. It does not: know what is in the folders, or keep anything (`cache` does).
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from pathlib import Path

_PREFIX = "codeact-"
_MARK = ".alive"


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
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        for place, names, _ in os.walk(folder):
            for path in (Path(place, name) for name in names):
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


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
