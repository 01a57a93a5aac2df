"""Records in a file, a line of JSON each, that is only ever appended to: results of attempts, recorded runs that were played.

Invariant: a record counts once its line is whole; a torn last line, of a writer that was killed, is cut off when the file is opened again,
and only by the one process that holds the file. It does not: know what a record means.
"""

import fcntl
import os
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from codeact import errors
from codeact.events import Value

R = TypeVar("R", bound=Value)
K = TypeVar("K", bound=Hashable)


class LineFile(Generic[R, K]):
    """The file, open to append by one process.

    Args:
        path: made if it is not there; what it holds is read, and a torn last line is cut off.
        kind: of the records.
        key: names a record.
        noun: what a record is called in messages.
        sync_seconds: how long a line may wait until it is on disk; a process that is killed loses none either way.
        brief: what has its default is not written.

    Raises:
        InputError: it cannot be used, another process writes to it, or a line before the last is broken.
    """

    def __init__(
        self, path: Path, kind: type[R], key: Callable[[R], K], *, noun: str, sync_seconds: float = 0.0, brief: bool = False
    ) -> None:
        self.path = path
        self._key = key
        self._sync_seconds = sync_seconds
        self._brief = brief
        self._due = 0.0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab+", buffering=0)
        except OSError as error:
            raise errors.InputError(f"cannot open {str(path)!r}: {error.strerror}; give another --out") from error
        try:
            self.lines = {key(record): record for record in _parsed(path, self._whole_lines(), kind, noun)}
        except BaseException:
            self._file.close()
            raise

    def append(self, record: R) -> None:
        """Add a record; it is kept from now on, whatever becomes of this process.

        Raises:
            InputError: it cannot be written; the records before it are kept.
        """
        try:
            self._file.write(record.model_dump_json(exclude_defaults=self._brief).encode() + b"\n")
            if time.monotonic() >= self._due:
                os.fdatasync(self._file.fileno())
                self._due = time.monotonic() + self._sync_seconds
        except OSError as error:
            raise errors.InputError(
                f"cannot write {str(self.path)!r}: {error.strerror}; mend that and start again: what is done is kept"
            ) from error
        self.lines[self._key(record)] = record

    def close(self) -> None:
        """Close the file, all of it on disk. Calling it twice does nothing more."""
        if not self._file.closed:
            with suppress(OSError):  # a full disk was told of when the line was written
                os.fdatasync(self._file.fileno())
            self._file.close()

    def _whole_lines(self) -> bytes:
        """What the file holds. It is locked first: what looks like a torn line may be one that another process is writing."""
        try:
            fcntl.flock(self._file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file.seek(0)
            raw = self._file.read()
            good = raw.rfind(b"\n") + 1
            if good < len(raw):
                self._file.truncate(good)
        except BlockingIOError:
            raise errors.InputError(f"{str(self.path)!r} is in use: another process writes to it") from None
        except OSError as error:
            raise errors.InputError(f"cannot use {str(self.path)!r}: {error.strerror}; give another --out") from error
        return raw[:good]


def read(path: Path, kind: type[R], key: Callable[[R], K], noun: str) -> dict[K, R]:
    """The records of all whole lines by their keys, in the order of the file; nothing is locked or changed. Arguments as of `LineFile`.

    Raises:
        InputError: it cannot be read, or a line before the last is broken.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise errors.InputError(f"cannot read {str(path)!r}: {error.strerror}") from error
    return {key(record): record for record in _parsed(path, raw[: raw.rfind(b"\n") + 1], kind, noun)}


def _parsed(path: Path, raw: bytes, kind: type[R], noun: str) -> Iterator[R]:
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise errors.InputError(f"{str(path)!r}, line {number} is no {noun} ({reason}); remove the line, and it is made anew") from None
