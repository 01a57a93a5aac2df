"""A session that is no sandbox: actions run in the user's own shell, with the user's variables and rights (`--here`).

Invariant: an action runs in the notebook's thread; what it prints, shows and raises is in its observation and not in the notebook's
output. It does not: confine anything, undo anything, or ask (the agent's `approve` does).
"""

import asyncio
import base64
import io
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell

from codeact import errors
from codeact.cli.flow import clean
from codeact.events import DisplayOutput, ErrorOutput, LimitHit, Observation, Output, ResultOutput, Status, StreamOutput
from codeact.notebook.stage import Stage
from codeact.protocols import OnOutput

_MOST_TEXT = 2_000_000  # characters of one action that are kept
_PUMP_SECONDS = 0.1
_NO_AWAIT = ErrorOutput(
    name="SyntaxError",
    message="await outside a function cannot be run in this notebook",
    traceback="SyntaxError: await outside a function cannot be run in this notebook, whose loop is busy; use code that does not await",
)


class OwnShell:
    """A `Session` on the user's shell.

    Args:
        shell: where code runs.
        stage: lets it run in the notebook's thread.
        seconds: that an action may take; None: any.
    """

    isolation = "none"

    def __init__(self, shell: InteractiveShell, stage: Stage, seconds: float | None) -> None:
        self._shell = shell
        self._stage = stage
        self._seconds = seconds
        self._alarm = _Alarm()

    @property
    def workspace(self) -> Path:
        """The notebook's working directory."""
        return Path.cwd()

    async def arun(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> Observation:
        """Run an action; see `protocols.Session.arun`.

        Args:
            code: as in a cell of the notebook.
            on_output: called with the stream's name and text while the action runs.
            timeout: seconds; None takes the limit.
        """
        return await self._stage.here(lambda: self._run(code, on_output, timeout if timeout is not None else self._seconds))

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would."""
        self._alarm.ring("interrupted")

    async def aadd_file(self, source: Path, name: str | None = None) -> str:
        """The file's path: nothing has to be copied.

        Raises:
            InputError: no such file.
        """
        if not await asyncio.to_thread(Path(source).is_file):
            raise errors.InputError(f"there is no file {str(source)!r}")
        return str(source)

    async def aclose(self) -> None:
        """Nothing: the shell is the user's."""

    def _run(self, code: str, on_output: OnOutput | None, seconds: float | None) -> Observation:
        if _awaits(self._shell, code):
            return Observation(status="error", outputs=(_NO_AWAIT,))
        started = time.monotonic()
        catch = _Catch(self._shell, self._stage, on_output, code)
        with catch.everything():
            result = self._alarm.watch(seconds, lambda: self._shell.run_cell(code, store_history=False))
        error = result.error_before_exec or result.error_in_exec if result is not None else KeyboardInterrupt()
        if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
            catch.failed(error)
        status: Status = "ok"
        if isinstance(error, KeyboardInterrupt):
            status = "timeout" if self._alarm.reason == "timeout" else "interrupted"
        elif error is not None:
            status = "exit" if isinstance(error, SystemExit) else "error"
        if status == "interrupted" and not self._alarm.reason:
            self._stage.interrupted()  # it was the user
        hit = LimitHit(name="action_seconds", value=seconds) if status == "timeout" and seconds is not None else None
        notice = {
            "timeout": f"The action was stopped at its limit of {seconds:g} seconds." if seconds is not None else "",
            "interrupted": "The user stopped the action.",
            "exit": "The action asked to leave; the notebook goes on.",
        }.get(status, "")
        outputs, size = tuple(catch.outputs), catch.size
        return Observation(status=status, outputs=outputs, seconds=time.monotonic() - started, notice=notice, limit=hit, output_bytes=size)


class _Alarm:
    """Interrupts what the notebook's thread does, and nothing that comes after it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watching = False
        self._thread = 0
        self.reason: Literal["", "timeout", "interrupted"] = ""

    def ring(self, reason: Literal["timeout", "interrupted"]) -> None:
        """Interrupt what is watched; nothing if nothing is."""
        with self._lock:
            if self._watching and not self.reason:
                self.reason = reason
                signal.pthread_kill(self._thread, signal.SIGINT)  # a real one: it ends a sleep as well

    def watch(self, seconds: float | None, what: Any) -> Any:
        """Do it; None if the interrupt came after its end."""
        self.reason, result = "", None
        clock = threading.Timer(seconds, self.ring, ["timeout"]) if seconds is not None else None
        if clock is not None:
            clock.daemon = True
            clock.start()
        try:
            self._thread, self._watching = threading.get_ident(), True
            result = what()
            self._over()
        except KeyboardInterrupt:
            self._over()
        if clock is not None:
            clock.cancel()
        return result

    def _over(self) -> None:
        with self._lock:
            self._watching = False


class _Catch:
    """What an action prints, shows and raises.

    Args:
        shell: that runs it.
        stage: shows meanwhile what came.
        on_output: told of what is printed.
        code: of the action.
    """

    def __init__(self, shell: InteractiveShell, stage: Stage, on_output: OnOutput | None, code: str) -> None:
        self.outputs: list[Output] = []
        self.size = 0
        self._shell = shell
        self._code = code
        self._stage = stage
        self._on_output = on_output
        self._thread = threading.get_ident()
        self._pumped = 0.0
        self._traceback = ""
        self._streams: tuple[_Text, ...] = ()

    @contextmanager
    def everything(self) -> Iterator[None]:
        """Catch it while the block lasts."""
        shell = self._shell
        streams, publisher, hook = (sys.stdout, sys.stderr), shell.display_pub, sys.displayhook
        sys.stdout, sys.stderr = self._streams = _Text("stdout", self), _Text("stderr", self)
        shell.display_pub = _Publisher(self)
        sys.displayhook = self._result
        shell._showtraceback = lambda etype, evalue, stb: self._raised(stb)
        try:
            yield
        finally:
            self._flush()
            del shell._showtraceback  # the class's own again
            (sys.stdout, sys.stderr), shell.display_pub, sys.displayhook = streams, publisher, hook

    def text(self, name: Literal["stdout", "stderr"], text: str) -> None:
        """Something was printed."""
        text = clean(text)
        self.size += len(text)
        if not text or self.size > _MOST_TEXT:
            return
        last = self.outputs[-1] if self.outputs else None
        if isinstance(last, StreamOutput) and last.name == name:
            self.outputs[-1] = StreamOutput(name=name, text=last.text + text)
        else:
            self.outputs.append(StreamOutput(name=name, text=text))
        if self._on_output is not None:
            self._stage.tell(self._on_output, name, text)
        now = time.monotonic()
        if now - self._pumped > _PUMP_SECONDS and threading.get_ident() == self._thread:
            self._pumped = now
            self._stage.pump()

    def display(self, data: dict[str, Any]) -> None:
        """Something was shown."""
        self._flush()
        self.outputs.append(DisplayOutput(data=_bundle(data)))

    def failed(self, error: BaseException) -> None:
        """The action raised this."""
        name, message = type(error).__name__, clean(str(error))
        self.outputs.append(ErrorOutput(name=name, message=message, traceback=self._traceback or f"{name}: {message}"))

    def _flush(self) -> None:
        for stream in self._streams:
            stream.flush()

    def _result(self, value: object) -> None:
        formatter, hook = self._shell.display_formatter, self._shell.displayhook
        quiet = isinstance(hook, DisplayHook) and hook.semicolon_at_end_of_expression(self._code)
        if value is not None and not quiet and isinstance(formatter, DisplayFormatter):
            data, _ = formatter.format(value)
            self._flush()
            self.outputs.append(ResultOutput(data=_bundle(data)))

    def _raised(self, lines: list[str]) -> None:
        self._traceback = clean("\n".join(lines))


class _Text(io.TextIOBase):
    """A stream that is caught, line by line."""

    encoding = "utf-8"

    def __init__(self, name: Literal["stdout", "stderr"], catch: _Catch) -> None:
        self._name: Literal["stdout", "stderr"] = name
        self._catch = catch
        self._begun = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Catch it."""
        self._begun += text
        if "\n" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Let go what of a line is here."""
        text, self._begun = self._begun, ""
        if text:
            self._catch.text(self._name, text)


class _Publisher(DisplayPublisher):
    """Displays that are caught."""

    def __init__(self, catch: _Catch) -> None:
        super().__init__()
        self._catch = catch

    def publish(self, data: dict[str, Any], metadata: object = None, *_: object, **__: object) -> None:
        """Catch it; one of `update_display` is caught again."""
        self._catch.display(data)

    def clear_output(self, wait: bool = False) -> None:
        """Nothing: what was shown stays in the record."""


def _awaits(shell: InteractiveShell, code: str) -> bool:
    """Whether a loop would have to turn for it while another turns in this thread."""
    try:
        asyncio.get_running_loop()
        return shell.should_run_async(code, transformed_cell=shell.transform_cell(code))
    except (RuntimeError, SyntaxError):  # no loop turns; or the shell will say what is wrong
        return False


def _bundle(data: dict[str, Any]) -> dict[str, str]:
    return {str(kind): _content(value) for kind, value in data.items() if value is not None}


def _content(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value if isinstance(value, str) else json.dumps(value, default=str)
