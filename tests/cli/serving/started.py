"""Servers that are forked from the process that has loaded the command (`cli.forking`), and that a test talks to while they live."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from cli import forking
from cli.serving import stand_in

_MOST = 1 << 20


class Started:
    """A process `codeact ARGUMENTS` with pipes, used as a `subprocess.Popen` is.

    Args:
        arguments: of the command.
        environment: all of its variables.
        folder: it is run in.
        stderr: where its standard error goes; None: a pipe.
    """

    def __init__(
        self, arguments: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path, stderr: IO[str] | None = None
    ) -> None:
        self._line, there = socket.socketpair()
        given, stdin = os.pipe()
        stdout, said = os.pipe()
        told, complaints = os.pipe() if stderr is None else (None, os.dup(stderr.fileno()))
        _fork(stand_in.order([str(one) for one in arguments], environment, folder), [given, said, complaints, there.detach()])
        self.stdin: IO[str] | None = os.fdopen(stdin, "w")
        self.stdout: IO[str] | None = os.fdopen(stdout)
        self.stderr: IO[str] | None = None if told is None else os.fdopen(told)
        self.returncode: int | None = None
        self.pid = int(self._line.recv(32))

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended.

        Raises:
            TimeoutError: it has not.
        """
        if self.returncode is None:
            self._line.settimeout(timeout)
            self.returncode = os.waitstatus_to_exitcode(int(self._line.recv(32)))
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code, None if it has not ended."""
        with contextlib.suppress(BlockingIOError):
            return self.wait(timeout=0)
        return None

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """End its standard input, and read what else it writes, until it has ended.

        Raises:
            TimeoutError: it has not; it is killed.
        """
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.stdin.close()
        with ThreadPoolExecutor(2) as readers:
            rest = [readers.submit(_rest, stream) for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except TimeoutError:
                self.kill()  # else its streams would not end
                raise
        return rest[0].result(), rest[1].result()

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[str] | Started


@contextlib.contextmanager
def command_to_start() -> Iterator[list[str]]:
    """A command that clients can start in place of `codeact`: the server is forked, and what they start ends with it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind("")  # the kernel finds a free name
        door.listen()

        def serve() -> None:
            with contextlib.suppress(OSError):  # the door is shut
                while True:
                    with door.accept()[0] as line:
                        _fork(*socket.recv_fds(line, _MOST, 4)[:2])

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield [sys.executable, "-I", "-S", stand_in.__file__, os.fsdecode(door.getsockname()[1:])]
        finally:
            door.shutdown(socket.SHUT_RDWR)
            serving.join()


def _fork(order: bytes, descriptors: list[int]) -> None:
    """Have an order done; the descriptors go over to the new process."""
    try:
        socket.send_fds(forking.loaded(), [order], descriptors)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _rest(stream: IO[str] | None) -> str:
    if stream is None:
        return ""
    with stream:
        return stream.read()
