"""Standard streams of the session's process: text on descriptors 1 and 2, nothing on 0.

Invariant: what was written has left the process when `write` returns, so that it keeps its order with the output of child
processes and of C code, and is not lost when the process is killed. It does not read the other end of the pipes.
"""

import builtins
import contextlib
import io
import os
import sys

_UNAVAILABLE = "{} is not available: nobody is at the keyboard; put the value in the code"
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_dup2, _fstat = os.dup2, os.fstat  # the user may patch `os`
_input = builtins.input  # this module's stands in for it


class Unbuffered(io.TextIOWrapper):
    """Text on a file descriptor; every write goes out at once."""

    def __init__(self, descriptor: int) -> None:
        raw = io.FileIO(descriptor, "w", closefd=False)
        super().__init__(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", newline="\n")
        self._descriptor = descriptor

    @property
    def name(self) -> str:
        """As CPython names its own."""
        return "<stdout>" if self._descriptor == _STDOUT else "<stderr>"

    @property
    def mode(self) -> str:
        """As CPython's own have it."""
        return "w"

    def write(self, text: str, /, _write=io.TextIOWrapper.write, _flush=io.TextIOWrapper.flush) -> int:
        """Write and flush; returns the number of characters."""
        count = _write(self, text)
        _flush(self)
        return count


class Streams:
    """Makes the streams, and puts them back when the user's code replaced, closed or redirected them."""

    def __init__(self) -> None:
        self._saved: dict[int, int] = {}
        self._identity: dict[int, tuple[int, int]] = {}
        self.stdin = open(_STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115 -- lives as long as the process
        self.stdout = Unbuffered(_STDOUT)
        self.stderr = Unbuffered(_STDERR)

    def hold(self) -> None:
        """Take the descriptors as they are now for the right ones."""
        for copy in self._saved.values():
            with contextlib.suppress(OSError):  # closed by the user
                os.close(copy)
        for descriptor in (_STDIN, _STDOUT, _STDERR):
            try:
                copy = os.dup(descriptor)
            except OSError:  # closed by whoever started us: the null device stands in
                null = os.open(os.devnull, os.O_RDWR)
                if null != descriptor:
                    os.dup2(null, descriptor, inheritable=True)
                    os.close(null)
                copy = os.dup(descriptor)
            self._saved[descriptor] = copy
            self._identity[descriptor] = _identity(descriptor)

    def restore(self) -> None:
        """Put the descriptors and `sys.std*` in their first state."""
        for descriptor, copy in self._saved.items():
            try:
                if _identity(descriptor) == self._identity[descriptor]:
                    continue
            except OSError:
                pass
            try:
                _dup2(copy, descriptor, inheritable=True)
            except OSError:
                continue  # the copy was closed too: what is left of the session goes on without this stream
        if _closed(self.stdin):
            self.stdin = open(_STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115 -- lives as long as the process
        if _spoilt(self.stdout):
            self.stdout = Unbuffered(_STDOUT)
        if _spoilt(self.stderr):
            self.stderr = Unbuffered(_STDERR)
        sys.stdin, sys.stdout, sys.stderr = self.stdin, self.stdout, self.stderr
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = self.stdin, self.stdout, self.stderr

    def flush(self) -> None:
        """Send what is left in buffers (`sys.stdout.buffer`, a stream of the user's own); never raises."""
        for stream in (sys.__dict__.get("stdout"), sys.__dict__.get("stderr"), self.stdout, self.stderr):
            try:
                if stream is not None:
                    stream.flush()
            except Exception:  # noqa: BLE001 -- a stream of the user's: whatever it raises is nobody's concern here
                pass

    def complain(self, text: str) -> None:
        """Write to standard error, past whatever the user put in `sys.stderr`; never raises."""
        with contextlib.suppress(OSError, ValueError):
            self.stderr.write(text)


def refuse_input(prompt: object = "", /) -> str:
    """Stands in for the builtin `input`; reads from a stream that the user put in the place of `sys.stdin`."""
    if sys.__dict__.get("stdin") is not sys.__stdin__:
        return _input(prompt)
    raise EOFError(_UNAVAILABLE.format("input()"))


def refuse_getpass(prompt: str = "", stream: object = None) -> str:
    """Stands in for `getpass.getpass`."""
    raise EOFError(_UNAVAILABLE.format("getpass()"))


def refuse_breakpoint(*args: object, **kwargs: object) -> None:
    """Stands in for `sys.breakpointhook`."""
    raise RuntimeError("breakpoint() is not available: nobody is at the keyboard; print what you want to see")


def _identity(descriptor: int) -> tuple[int, int]:
    status = _fstat(descriptor)
    return status.st_dev, status.st_ino


def _closed(stream: io.TextIOBase) -> bool:
    try:
        return stream.closed or stream.fileno() < 0
    except (ValueError, OSError):  # detached
        return True


def _spoilt(stream: Unbuffered) -> bool:
    """Closed, or given attributes that hide its methods."""
    return len(vars(stream)) > 1 or _closed(stream)
