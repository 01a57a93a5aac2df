"""A bare worker: a Python process that runs what comes through a pipe. No isolation, no limits: the floor for anything with a process."""

import asyncio
import json
import sys

_WORKER = """
import contextlib, io, json, sys
requests, answers = sys.stdin, sys.stdout
names = {"__name__": "__main__"}
print("ready", file=answers, flush=True)
for line in requests:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(json.loads(line), "<cell>", "exec"), names)
    print(json.dumps(output.getvalue()), file=answers, flush=True)
"""


class OpenWorker:
    """The process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> str:
        """What it says next.

        Raises:
            RuntimeError: it ended.
        """
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the worker ended")
        return line.decode()

    async def run(self, code: str) -> str:
        """As `Live.run`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(code).encode() + b"\n")
        return json.loads(await self.line())

    async def close(self) -> None:
        """As `Live.close`."""
        self._process.kill()
        await self._process.wait()


class Worker:
    """A bare subprocess worker."""

    name = "bare worker"
    libraries = True
    together = 10
    slow = 1

    async def rest(self) -> None:
        """Nothing."""

    async def renew(self) -> None:
        """Nothing: each session is a process of its own."""

    async def open(self) -> OpenWorker:
        """A new process, ready to run."""
        pipe = asyncio.subprocess.PIPE
        worker = OpenWorker(await asyncio.create_subprocess_exec(sys.executable, "-I", "-c", _WORKER, stdin=pipe, stdout=pipe))
        await worker.line()
        return worker

    async def close(self) -> None:
        """Nothing."""
