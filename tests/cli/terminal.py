"""The command in a pseudo-terminal: what a user types, and what the screen gets.

Invariant: a process that is still there at the end is killed, and only that one. It does not: interpret escape sequences.
"""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07")
MOST_SECONDS = 60.0


class Terminal:
    """A command with a terminal for all three of its streams.

    Args:
        command: with its arguments.
        folder: its working directory.
        environment: its variables.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self._mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env=environment,
            preexec_fn=_own_terminal,  # noqa: PLW1509 -- the tests have one thread
        )
        os.close(theirs)
        self.raw = ""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._mine)

    @property
    def text(self) -> str:
        """What came so far, without escape sequences."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def type(self, keys: str) -> None:
        """Type keys; Ctrl-C is `\\x03`."""
        os.write(self._mine, keys.encode())

    def press_until(self, keys: str, words: str) -> None:
        """Type keys until the screen shows the words: a signal between a prompt and its waiting is only seen with the next key."""
        until = time.monotonic() + MOST_SECONDS
        while words not in self.text:
            assert time.monotonic() < until, f"{words!r} did not come; the screen has: {self.text!r}"
            self.type(keys)
            assert self._read(1.0), f"the command ended before {words!r} came; the screen has: {self.text!r}"

    def wait_for(self, words: str, times: int = 1) -> None:
        """Read until the screen has shown the words so often."""
        until = time.monotonic() + MOST_SECONDS
        while self.text.count(words) < times:
            assert time.monotonic() < until, f"{words!r} did not come; the screen has: {self.text!r}"
            assert self._read(1.0), f"the command ended before {words!r} came; the screen has: {self.text!r}"

    def end(self, number: signal.Signals | None = None) -> int:
        """Read to the end; returns the exit code. A signal is sent until then: line editing hears none that comes just before it waits."""
        until = time.monotonic() + MOST_SECONDS
        if number is not None:
            self.process.send_signal(number)
        while self._read(1.0):
            if number is not None:
                self.process.send_signal(number)
            assert time.monotonic() < until, f"the command does not end; the screen has: {self.text!r}"
        return self.process.wait(timeout=MOST_SECONDS)

    def _read(self, seconds: float) -> bool:
        """Read what there is; False at the end."""
        ready, _, _ = select.select([self._mine], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._mine, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # what Linux says when nobody holds the other end
                raise
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)


def _own_terminal() -> None:
    """Ctrl-C must reach the command as it does from a shell."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
