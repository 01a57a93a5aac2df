"""A session on a server: a sandboxed interpreter that keeps its state, used as `codeact.Session` is.

Invariant: what is asked is done once, whatever happens to the connection; an action that was undone, since the server was ended in the
middle of it, is run again. Who stops waiting for an action interrupts it. It does not: end a session that it did not begin and was not told
to close.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, Self

from codeact import errors, events
from codeact.client import addresses, answers, uploads
from codeact.client.patience import Patience
from codeact.client.sse import Sent
from codeact.client.told import Files, Mark, SessionInfo, Undone
from codeact.client.wire import Wire, once
from codeact.protocols import OnOutput
from codeact.sync import Closeable, LoopRunner

_INTERRUPT_SECONDS = 5.0


class RemoteSession(Closeable):
    """A session of a server; made by `Client.session`. It begins with a `with` block, or with what is first asked of it.

    Args:
        wire: to the server.
        runner: for the sync face.
        limits: lower than the server's; None: those of the server.
        session_id: of one that there is; None: a new one.
    """

    def __init__(self, wire: Wire, runner: LoopRunner, *, limits: events.Limits | None = None, session_id: str | None = None) -> None:
        self._wire = wire
        self._runner = runner
        self._limits = limits
        self._id = session_id
        self._closed = False
        self._starting = asyncio.Lock()

    def __repr__(self) -> str:
        return f"RemoteSession({self._id!r} of {self._wire.url!r})"

    @property
    def session_id(self) -> str:
        """Its id.

        Raises:
            SessionError: not started yet.
        """
        if self._id is None:
            raise errors.SessionError("the session has not been started; use it in a `with` block, or call start()")
        return self._id

    async def astart(self) -> None:
        """Start the session if it is not running.

        Raises:
            ServerBusyError: not now.
            SessionError: it cannot start.
            SessionClosedError: it was closed.
        """
        if self._closed:
            raise errors.SessionClosedError("the session is closed; make a new one")
        async with self._starting:
            if self._id is not None:
                return
            body = {} if self._limits is None else {"limits": lowered(self._limits)}
            self._id = (await self._wire.ask(SessionInfo, "POST", addresses.path("sessions"), json=body, headers=once(), repeats=True)).id

    def start(self) -> None:
        """Sync face of `astart`."""
        self._runner.call(self.astart())

    async def ainfo(self) -> SessionInfo:
        """The session in short, as it is now."""
        return await self._wire.ask(SessionInfo, "GET", await self._path(), repeats=True)

    def info(self) -> SessionInfo:
        """Sync face of `ainfo`."""
        return self._runner.call(self.ainfo())

    async def arun(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> events.Observation:
        """Run an action to its end, once. Giving up waiting interrupts it.

        A connection that breaks is made anew: an action that goes on is waited for, one that is over is told of, and one that was undone
        since the server was ended in the middle of it is run again. `on_output` misses what was written meanwhile; the observation has it.

        Args:
            code: Python, as in a notebook cell.
            on_output: called with the stream's name and text while the action runs.
            timeout: seconds of wall clock; None takes the session's limit.

        Raises:
            InputError: the code cannot be sent.
            SessionBusyError: another action is running.
            SessionError: the session cannot go on. Whatever the code does is an observation, never an exception.
            ServerUnavailableError: the server was away for longer than the client's patience; what became of the action is not known.
            ServerBusyError: the server ends or has no room; the action was not run, or is undone.
        """
        if any("\ud800" <= letter <= "\udfff" for letter in code):
            raise errors.InputError("the code holds half a pair of surrogates, which cannot be sent: take it out")
        body: dict[str, Any] = {"code": code, "stream": True}
        if timeout is not None:
            body["timeout"] = timeout
        path, headers, patience = await self._path("run"), once(), Patience(self._wire.patience)
        while True:
            try:
                async with aclosing(self._wire.stream("POST", path, json=body, headers=headers)) as source:
                    return await self._observed(source, on_output)
            except errors.ServerUnavailableError:
                if not self._wire.reached or not await patience.wait():  # who was never there is not waited for
                    raise
            except errors.CodeactError:
                raise
            except BaseException:  # nobody waits for it any more: the server is told, since it would wait for this client a moment longer
                with suppress(errors.CodeactError, TimeoutError):
                    await asyncio.wait_for(self.ainterrupt(), _INTERRUPT_SECONDS)
                raise

    def run(self, code: str, *, on_output: OnOutput | None = None, timeout: float | None = None) -> events.Observation:
        """Sync face of `arun`."""
        return self._runner.call(self.arun(code, on_output=on_output, timeout=timeout))

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; nothing if none runs."""
        if self._id is not None:
            await self._wire.send("POST", await self._path("interrupt"))

    def interrupt(self) -> None:
        """Sync face of `ainterrupt`, for another thread: by a client of its own, and `Client.session` with the id of this session."""
        self._runner.call(self.ainterrupt())

    async def awrite_file(self, path: str, data: bytes | str) -> None:
        """Write a file of the workspace.

        Args:
            path: relative to the workspace.
            data: its content; text is written as UTF-8.

        Raises:
            InputError: it cannot be written there, or is too large.
        """
        content = data.encode() if isinstance(data, str) else bytes(data)
        await self._wire.send("PUT", await self._file(path), content=content, repeats=True)

    def write_file(self, path: str, data: bytes | str) -> None:
        """Sync face of `awrite_file`."""
        self._runner.call(self.awrite_file(path, data))

    async def aadd_file(self, source: str | Path, name: str | None = None) -> str:
        """Copy a file of this machine into the workspace; returns its name there.

        Args:
            source: path on this machine.
            name: in the workspace, None for the source's own.

        Raises:
            InputError: no such file, or a bad name.
        """
        taken = Path(source).name if name is None else name
        await self.awrite_file(taken, await uploads.read(source))
        return taken

    def add_file(self, source: str | Path, name: str | None = None) -> str:
        """Sync face of `aadd_file`."""
        return self._runner.call(self.aadd_file(source, name))

    async def aread_file(self, name: str) -> bytes:
        """Content of a regular file of the workspace.

        Args:
            name: path relative to the workspace.

        Raises:
            InputError: not there, not a regular file, or behind a link.
        """
        return await self._wire.send("GET", await self._file(name), repeats=True)

    def read_file(self, name: str) -> bytes:
        """Sync face of `aread_file`."""
        return self._runner.call(self.aread_file(name))

    async def afiles(self) -> Files:
        """The files of the workspace."""
        return await self._wire.ask(Files, "GET", await self._path("files"), repeats=True)

    def files(self) -> Files:
        """Sync face of `afiles`."""
        return self._runner.call(self.afiles())

    async def avariables(self) -> events.Variables:
        """The variables that the code has made; between actions, and without running the code.

        Raises:
            SessionBusyError: an action is running.
        """
        return await self._wire.ask(events.Variables, "GET", await self._path("variables"), repeats=True)

    def variables(self) -> events.Variables:
        """Sync face of `avariables`."""
        return self._runner.call(self.avariables())

    async def acheckpoint(self) -> str:
        """Take a checkpoint of the interpreter and the workspace; returns its mark.

        Raises:
            CheckpointError: it cannot be taken.
            SessionBusyError: an action is running.
        """
        return (await self._wire.ask(Mark, "POST", await self._path("checkpoints"), headers=once(), repeats=True)).mark

    def checkpoint(self) -> str:
        """Sync face of `acheckpoint`."""
        return self._runner.call(self.acheckpoint())

    async def arollback(self, mark: str | None = None) -> str:
        """Go back to a checkpoint, which stays; later ones go.

        Args:
            mark: from `checkpoint`; None: to before the latest action.

        Returns:
            what could not be put back, in a sentence, empty if all was.

        Raises:
            CheckpointError: there is none of that mark (any more).
            SessionBusyError: an action is running.
        """
        path = await self._path("rollback")
        return (await self._wire.ask(Undone, "POST", path, json=_marked(mark), headers=once(), repeats=True)).notice

    def rollback(self, mark: str | None = None) -> str:
        """Sync face of `arollback`."""
        return self._runner.call(self.arollback(mark))

    async def afork(self, mark: str | None = None) -> "RemoteSession":
        """A twin: another session with a copy of the interpreter and of the workspace, which goes its own way from here on. Close both.

        Args:
            mark: of a checkpoint to start from, which stays; None: from how things are now.

        Raises:
            CheckpointError: it cannot be copied.
            SessionBusyError: an action is running.
        """
        made = await self._wire.ask(SessionInfo, "POST", await self._path("fork"), json=_marked(mark), headers=once(), repeats=True)
        return RemoteSession(self._wire, self._runner, limits=self._limits, session_id=made.id)

    def fork(self, mark: str | None = None) -> "RemoteSession":
        """Sync face of `afork`."""
        return self._runner.call(self.afork(mark))

    async def aclose(self) -> None:
        """End the session on the server, with all that is kept of it. Calling it twice does nothing more."""
        if self._closed:
            return
        self._closed = True
        if self._id is not None:
            try:
                await self._wire.send("DELETE", addresses.path("sessions", self._id), repeats=True)
            except errors.NotFoundError:
                return  # somebody else ended it

    def close(self) -> None:
        """Sync face of `aclose`."""
        if not self._closed:
            self._runner.call(self.aclose())

    async def __aenter__(self) -> Self:
        await self.astart()
        return self

    def __enter__(self) -> Self:
        self.start()
        return self

    async def _path(self, *parts: str) -> str:
        await self.astart()
        return addresses.path("sessions", self.session_id, *parts)

    async def _file(self, name: str) -> str:
        await self.astart()
        return addresses.file_path("sessions", self.session_id, "files", name=name)

    async def _observed(self, source: AsyncGenerator[Sent], on_output: OnOutput | None) -> events.Observation:
        async for sent in source:
            event = None
            if sent.event == "error":
                raise answers.error_of(500, {}, sent.data.encode(), self._wire.url)
            if sent.event in ("stream_chunk", "observation"):
                event = answers.read_event(sent.data, self._wire.url)
            if isinstance(event, events.StreamChunk) and on_output is not None:
                on_output(event.name, event.text)
            if isinstance(event, events.Observation):
                return event
        raise errors.ServerUnavailableError(
            f"{self._wire.url} went away while the action ran; look what it has done before running it again"
        )


def lowered(limits: events.Limits) -> dict[str, Any]:
    """The limits that were chosen, as a server takes them."""
    return {name: value for name, value in limits.model_dump(exclude_unset=True).items() if value is not None}


def _marked(mark: str | None) -> dict[str, str]:
    return {} if mark is None else {"mark": mark}
