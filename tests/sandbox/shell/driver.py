"""Runs a guest shell in a process of its own, with real pipes; `ShellProcess` is the test's end, the script the other.

It is not a session: no confinement, no limits, no wire.
"""

import base64
import json
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SANDBOX = Path(__file__).resolve().parents[3] / "src" / "codeact" / "sandbox"


@dataclass
class Ran:
    """What came back of one cell. Binary contents are bytes; displays in order."""

    status: str
    result: dict[str, Any] | None
    error: tuple[str, str, str] | None
    exit_code: int | None
    displays: list[dict[str, Any]]
    stdout: str = ""
    stderr: str = ""

    @property
    def text(self) -> str:
        """Text of the result."""
        assert self.result is not None, self
        return self.result["text/plain"]

    @property
    def traceback(self) -> str:
        """Text of the error."""
        assert self.error is not None, self
        return self.error[2]

    @property
    def shown(self) -> dict[str, Any]:
        """All that a user sees, without what is empty."""
        parts = {
            "status": self.status if self.status != "ok" else "",
            "result": self.result["text/plain"] if self.result else "",
            "displays": [each.get("text/plain", "") for each in self.displays],
            "stdout": self.stdout,
            "stderr": self.stderr,
            "traceback": self.error[2] if self.error else "",
            "exit_code": self.exit_code,
        }
        return {name: value for name, value in parts.items() if value not in ("", [], None)}


@dataclass
class ShellProcess:
    """A shell to run cells in; a context manager. `before` is run where the zygote warms up."""

    workspace: Path
    before: str = ""
    seconds: float = 60.0
    count: int = 0
    _streams: dict[int, bytearray] = field(default_factory=dict)

    def __enter__(self) -> "ShellProcess":
        replies, self._child_end = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__, str(self.workspace), str(self._child_end), self.before],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[self._child_end],
            env={"PATH": os.environ["PATH"], "HOME": str(self.workspace)},
        )
        os.close(self._child_end)
        self._replies = os.fdopen(replies, "rb", buffering=0)
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._selector = selectors.DefaultSelector()
        for stream in (self._process.stdout, self._process.stderr, self._replies):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ)
            self._streams[stream.fileno()] = bytearray()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr, self._replies):
            assert stream is not None
            stream.close()

    def signal(self, number: int) -> None:
        """Send the shell's process a signal."""
        self._process.send_signal(number)

    def run(self, code: str, interrupt_after: float | None = None) -> Ran:
        """Run a cell to its end; `interrupt_after` seconds a SIGINT is sent."""
        assert self._process.stdin
        self.count += 1
        self._process.stdin.write(json.dumps(code).encode() + b"\n")
        self._process.stdin.flush()
        timer = threading.Timer(interrupt_after or 0.0, self.signal, (signal.SIGINT,))
        if interrupt_after is not None:
            timer.start()
        try:
            line = self._read_line()
        finally:
            timer.cancel()
        reply = _decoded(json.loads(line))
        reply["error"] = tuple(reply["error"]) if reply["error"] else None
        return Ran(**reply, stdout=self._taken(self._process.stdout), stderr=self._taken(self._process.stderr))

    def run_all(self, *cells: str) -> Ran:
        """Run cells; what came back of the last. Cells are numbered from 1, whatever ran before, and the workspace is named so."""
        before = self.count
        for cell in cells[:-1]:
            self.run(cell)
        ran = self.run(cells[-1])

        def plain(text: str) -> str:
            renumbered = re.sub(r"<cell (\d+)", lambda found: f"<cell {int(found[1]) - before}", text)
            return renumbered.replace(str(self.workspace.resolve()), "WORKSPACE")

        error = (ran.error[0], ran.error[1], plain(ran.error[2])) if ran.error else None
        return replace(ran, stderr=plain(ran.stderr), error=error)

    def _read_line(self) -> bytes:
        replies = self._streams[self._replies.fileno()]
        while b"\n" not in replies:
            ready = self._selector.select(self.seconds)
            assert ready, f"no answer within {self.seconds} s; so far {self._streams}"
            self._pump(ready)
        line, _, rest = bytes(replies).partition(b"\n")
        replies[:] = rest
        while ready := self._selector.select(0):  # what was written before the answer is in the pipes by now
            self._pump(ready)
        return line

    def _pump(self, ready: list[Any]) -> None:
        for key, _ in ready:
            data = os.read(key.fd, 1 << 20)
            if not data:
                self._selector.unregister(key.fileobj)
                assert key.fd != self._replies.fileno(), f"the shell's process ended: {self._streams}"
            self._streams[key.fd] += data

    def _taken(self, stream: Any) -> str:
        data = bytes(self._streams[stream.fileno()])
        self._streams[stream.fileno()].clear()
        return data.decode("utf-8")


def _encoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: _encoded(each) for key, each in value.items()}
    return [_encoded(each) for each in value] if isinstance(value, list | tuple) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"]) if set(value) == {"base64"} else {key: _decoded(each) for key, each in value.items()}
    return [_decoded(each) for each in value] if isinstance(value, list) else value


def main(workspace: str, replies: str, before: str) -> None:
    """The shell's side."""
    sys.path.insert(0, str(SANDBOX))
    from guest.shell import Shell  # type: ignore[import-not-found] # the folder's name in the sandbox

    exec(before, {})
    shell = Shell()
    assert threading.active_count() == 1, threading.enumerate()
    assert "asyncio" not in sys.modules, "an event loop must not exist before the fork"
    cells = os.fdopen(os.dup(0), "rb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.path.pop(0)
    shell.settle(workspace)
    shell.start()
    dumps, write = json.dumps, os.write
    for line in cells:
        displays: list[Any] = []
        outcome = shell.run(json.loads(line), displays.append)
        parts = {"status": outcome.status, "result": outcome.result, "error": outcome.error, "exit_code": outcome.exit_code}
        data = dumps(_encoded({**parts, "displays": displays})).encode() + b"\n"
        while data:
            data = data[write(int(replies), data) :]


if __name__ == "__main__":
    main(*sys.argv[1:])
