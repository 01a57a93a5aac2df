"""A server that is started here and spoken to over its standard streams: a transport as the SDK's client takes one.

The SDK has such a transport too; this one knows how the process ended and what it last wrote to stderr, bounds a message, and (on Linux)
has the kernel end the process with this one, however that ends.

Invariant: after the block nothing of the process's group is left, nor a descriptor of ours; a server that writes without end to stderr,
or anything but messages to stdout, is no matter. It does not: start a server again.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any

from codeact.tools.mcp_client.entries import Entry

MOST_MESSAGE = 64 * 2**20
"""Bytes of one message of a server; one that is larger ends the connection."""

_MOST_STDERR = 8192
_SECONDS_TO_LEAVE = 2.0  # after its stdin was closed, and again after SIGTERM
_SECONDS_TO_WRITE = 1.0
_LAUNCH = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
for each in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(each, signal.SIG_DFL)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"{sys.argv[2]}: {error.strerror}")
"""
"""PR_SET_PDEATHSIG is 1; it stays in force over exec. A parent that ended meanwhile is not noticed by the kernel."""


class ServerProcess:
    """See the module's docstring. As an asynchronous context manager it gives the two streams that the SDK's client wants.

    Args:
        entry: of a server with a command.
        on_end: called when the server closes its stdout, or has ended.
    """

    def __init__(self, entry: Entry, on_end: Callable[[], None]) -> None:
        self._entry = entry
        self._on_end = on_end
        self._process: asyncio.subprocess.Process | None = None
        self._stderr = bytearray()
        self._tasks: list[asyncio.Task[None]] = []
        self._streams: list[Any] = []
        self._why = ""

    async def __aenter__(self) -> tuple[Any, Any]:
        """Start it.

        Raises:
            OSError: it cannot be started.
        """
        import anyio
        from mcp.client.stdio import get_default_environment

        self._process = await asyncio.create_subprocess_exec(
            *_launched(self._entry),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**get_default_environment(), **self._entry.env},
            cwd=self._entry.cwd,
            start_new_session=True,
            limit=MOST_MESSAGE,
        )
        inward, read = anyio.create_memory_object_stream[Any](0)
        write, outward = anyio.create_memory_object_stream[Any](0)
        self._streams = [inward, read, write, outward]
        self._tasks = [asyncio.create_task(each) for each in self._work(self._process, inward, outward)]
        return read, write

    def _work(self, process: asyncio.subprocess.Process, inward: Any, outward: Any) -> list[Coroutine[Any, Any, None]]:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        return [self._read(process.stdout, inward), self._write(process.stdin, outward), self._listen(process.stderr)]

    async def _read(self, stdout: asyncio.StreamReader, inward: Any) -> None:
        """Hand on the messages; when nobody takes them any more, read on, so that a server that writes can see that it is to leave."""
        import anyio
        from mcp.shared.message import SessionMessage
        from mcp.types import jsonrpc_message_adapter

        wanted = True
        while line := await self._line(stdout):
            try:
                message = jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError:  # a line that a library of the server's printed
                continue
            if wanted:
                try:
                    await inward.send(SessionMessage(message))
                except (anyio.ClosedResourceError, anyio.BrokenResourceError):
                    wanted = False
        self._on_end()
        inward.close()

    async def _line(self, stdout: asyncio.StreamReader) -> bytes:
        try:
            return await stdout.readline()
        except ValueError:
            self._why = f"sent a message of more than {MOST_MESSAGE} bytes"
        except OSError:
            self._why = "closed its stdout"
        return b""

    async def _write(self, stdin: asyncio.StreamWriter, outward: Any) -> None:
        with suppress(OSError):  # the server is gone, which its stdout says too
            async for item in outward:
                stdin.write(item.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
                await stdin.drain()
        outward.close()

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        while piece := await stderr.read(_MOST_STDERR):
            self._stderr += piece
            del self._stderr[:-_MOST_STDERR]

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close its stdin, wait for it to leave, and make it."""
        ending = asyncio.ensure_future(self._end())
        try:
            await asyncio.shield(ending)
        finally:
            await asyncio.wait([ending])  # the one who cancels waits too: every step has its time

    async def _end(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        inward, read, write, outward = self._streams
        read.close()
        write.close()
        await asyncio.wait(self._tasks[1:2], timeout=_SECONDS_TO_WRITE)
        process.stdin.close()
        await self.gone(_SECONDS_TO_LEAVE)
        if process.returncode is None:
            _signalled(process.pid, signal.SIGTERM)
            await self.gone(_SECONDS_TO_LEAVE)
        _signalled(process.pid, signal.SIGKILL)
        await self.gone(_SECONDS_TO_LEAVE)
        await asyncio.wait(self._tasks, timeout=_SECONDS_TO_WRITE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        inward.close()
        outward.close()
        process._transport.close()  # type: ignore[attr-defined] # a grandchild in another session may hold a pipe: nothing public lets go of it

    async def gone(self, seconds: float) -> bool:
        """Whether it ended, waited for at most so long. `Process.wait` would also wait for its pipes, which others may hold."""
        process = self._process
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while process is not None and process.returncode is None:
            if clock() >= end:
                return False
            await asyncio.sleep(0.01)
        return True

    @property
    def started(self) -> bool:
        """Whether there ever was a process."""
        return self._process is not None

    @property
    def fate(self) -> str:
        """What became of it, as the end of a sentence."""
        code = self._process.returncode if self._process is not None else None
        if self._why:
            return self._why
        if code is None:
            return "closed its stdout"
        if code >= 0:
            return f"ended (exit code {code})"
        known = {each.value: each.name for each in signal.Signals}
        return f"was ended by {known.get(-code, f'signal {-code}')}"

    @property
    def stderr(self) -> str:
        """The end of what it wrote there, without secrets."""
        text = self._stderr.decode("utf-8", "replace")
        if len(self._stderr) == _MOST_STDERR:
            text = text.partition("\n")[2]  # the first line may begin in the middle of a secret
        return self._entry.secrets.hidden(text).strip()


def _launched(entry: Entry) -> list[str]:
    command = [entry.command, *entry.args]
    if sys.platform != "linux" or not sys.executable:
        return command
    return [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *command]


def _signalled(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
