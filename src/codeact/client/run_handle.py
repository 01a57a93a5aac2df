"""A run that a server does: watched, decided about, gone on with, looked into, ended.

Invariant: everything that is asked is asked of the server each time, except the events that `wait` has seen; nothing that is done here ends
the run, but `cancel` and `remove`. It does not: begin runs (`client` does).
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codeact import errors, events
from codeact.client import addresses, answers, uploads
from codeact.client.following import Answering, Numbered, followed
from codeact.client.told import Files, RunInfo
from codeact.client.wire import Wire, once
from codeact.protocols import Approve, Decision
from codeact.sync import LoopRunner
from codeact.trajectory import Trajectory

OnEvent = Callable[[events.AnyEvent], object]
Export = Literal["jsonl", "md", "ipynb", "chat"]


@dataclass(frozen=True, slots=True)
class RemoteRun:
    """How a run on a server went, as `codeact.agent.conversation.Run` has it.

    Args:
        run_id: of the run.
        state: how it ended.
        answer: the answer as written, None if there is none.
        value: the answer as a value of the wanted type; None without one.
        usage: tokens and money of this message.
        trajectory: everything that happened.
        error: what failed, if `state` is ``error``.
        reason: in a sentence, why it ended without an answer.
    """

    run_id: str
    state: events.State
    answer: str | None
    value: Any
    usage: events.Usage
    trajectory: Trajectory
    error: errors.CodeactError | None = None
    reason: str = ""

    @property
    def events(self) -> Sequence[events.AnyEvent]:
        """Everything that happened, without what was only shown as it happened."""
        return self.trajectory.events


class RunHandle:
    """A run of a server; made by `Client.start` and `Client.get`.

    Args:
        wire: to the server.
        run_id: of the run.
        runner: for the sync face.
    """

    def __init__(self, wire: Wire, run_id: str, runner: LoopRunner) -> None:
        self.run_id = run_id
        self._wire = wire
        self._runner = runner
        self._record = Trajectory()

    def __repr__(self) -> str:
        return f"RunHandle({self.run_id!r} of {self._wire.url!r})"

    def stream(self, after: int = -1) -> AsyncGenerator[Numbered]:
        """The events of the run as they happen, to the end of the message that is worked on; the transient ones too, without a number.

        A connection that breaks is made anew, and nothing is missed. Leaving early does not end the run.

        Args:
            after: number of the last event that was seen; -1: none was.

        Raises:
            ServerUnavailableError: the server was away for longer than the client's patience.
            CodeactError: another error of the server's.
        """
        return followed(self._wire, self.run_id, after)

    async def await_end(self, *, approve: Approve | None = None, on_event: OnEvent | None = None) -> RemoteRun:
        """Wait for the end of the message that is worked on; at once, if none is. Giving up waiting does not end the run.

        Args:
            approve: decides about the questions of the run; None: somebody else does.
            on_event: called with each event as it happens, the transient ones too.

        Raises:
            InputError: a decision does not fit its question.
            ServerUnavailableError: the server was away for longer than the client's patience.
            CodeactError: another error of the server's. A run that fails is a `RemoteRun` with a typed state.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                answering = None if approve is None else Answering(approve, self.ainfo, self.adecide, tasks)
                await self._follow(answering, on_event)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group.exceptions[0].__cause__
        return _ended(self.run_id, self._record, self._wire.url)

    def wait(self, *, approve: Approve | None = None, on_event: OnEvent | None = None) -> RemoteRun:
        """Sync face of `await_end`."""
        return self._runner.call(self.await_end(approve=approve, on_event=on_event))

    async def ainfo(self) -> RunInfo:
        """The run in short, as it is now."""
        return await self._wire.ask(RunInfo, "GET", self._path(), repeats=True)

    def info(self) -> RunInfo:
        """Sync face of `ainfo`."""
        return self._runner.call(self.ainfo())

    async def acancel(self) -> RunInfo:
        """End what is worked on; returns when it has ended."""
        return await self._wire.ask(RunInfo, "POST", self._path("cancel"), repeats=True)

    def cancel(self) -> RunInfo:
        """Sync face of `acancel`."""
        return self._runner.call(self.acancel())

    async def ainterrupt(self) -> None:
        """Interrupt the running action, as Ctrl-C would; the run goes on. Nothing if none runs."""
        await self._wire.send("POST", self._path("interrupt"))

    def interrupt(self) -> None:
        """Sync face of `ainterrupt`."""
        self._runner.call(self.ainterrupt())

    async def adecide(self, question_id: str, decision: Decision) -> RunInfo:
        """Decide about an open question.

        Args:
            question_id: its `id` in `RunInfo.questions`, or the `approval_id` of the event.
            decision: the answer.

        Raises:
            InputError: it is not open (any more), or the decision does not fit it.
        """
        body: dict[str, Any] = {"decision": decision.decision, "reason": decision.reason, "for_run": decision.for_run}
        if decision.content is not None:
            body["content"] = decision.content
        return await self._wire.ask(RunInfo, "POST", self._path("questions", question_id), json=body)

    def decide(self, question_id: str, decision: Decision) -> RunInfo:
        """Sync face of `adecide`."""
        return self._runner.call(self.adecide(question_id, decision))

    async def asend(self, text: str, files: Iterable[str | Path] = ()) -> RunInfo:
        """Give the run its next message, once, whatever happens to the connection; `wait` waits for the end of what follows from it.

        Args:
            text: the message.
            files: of this machine, copied into the run's workspace first.

        Raises:
            InputError: it is working on a message, or the message or a file cannot be used.
            ServerBusyError: not now.
        """
        given = await uploads.uploaded(self._wire, files)
        body = {"text": text, "files": given}
        return await self._wire.ask(RunInfo, "POST", self._path("messages"), json=body, headers=once(), repeats=True)

    def send(self, text: str, files: Iterable[str | Path] = ()) -> RunInfo:
        """Sync face of `asend`."""
        return self._runner.call(self.asend(text, files))

    async def abranch(
        self, turn: int, message: str | None = None, code: str | None = None, files: Iterable[str | Path] = ()
    ) -> "RunHandle":
        """Begin another run with the past of this one, once, whatever happens to the connection; one of `message` and `code` is given.

        Args:
            turn: the past ends with it; 0: before the first.
            message: what is said next.
            code: in place of the code of the turn.
            files: of this machine, given with the message.

        Raises:
            InputError: there is no such turn, or a file cannot be used.
            ServerBusyError: not now.
        """
        given = await uploads.uploaded(self._wire, files)
        wanted = {"turn": turn, "message": message, "code": code, "files": given or None}
        body = {name: value for name, value in wanted.items() if value is not None}
        made = await self._wire.ask(RunInfo, "POST", self._path("branch"), json=body, headers=once(), repeats=True)
        return RunHandle(self._wire, made.id, self._runner)

    def branch(self, turn: int, message: str | None = None, code: str | None = None, files: Iterable[str | Path] = ()) -> "RunHandle":
        """Sync face of `abranch`."""
        return self._runner.call(self.abranch(turn, message, code, files))

    async def afiles(self) -> Files:
        """The files of the run's workspace."""
        return await self._wire.ask(Files, "GET", self._path("files"), repeats=True)

    def files(self) -> Files:
        """Sync face of `afiles`."""
        return self._runner.call(self.afiles())

    async def aread_file(self, path: str) -> bytes:
        """Content of a file of the run's workspace.

        Args:
            path: relative to the workspace.

        Raises:
            InputError: not there, not a regular file, or behind a link.
        """
        return await self._wire.send("GET", addresses.file_path("runs", self.run_id, "files", name=path), repeats=True)

    def read_file(self, path: str) -> bytes:
        """Sync face of `aread_file`."""
        return self._runner.call(self.aread_file(path))

    async def avariables(self) -> events.Variables:
        """The variables that the run's code has made; between its actions, and without running the code.

        Raises:
            SessionBusyError: an action is running, or the run has no session yet.
        """
        return await self._wire.ask(events.Variables, "GET", self._path("variables"), repeats=True)

    def variables(self) -> events.Variables:
        """Sync face of `avariables`."""
        return self._runner.call(self.avariables())

    async def aexport(self, to: Export = "jsonl") -> str:
        """The run as text.

        Args:
            to: ``jsonl`` a trajectory file, which `codeact.load` reads; ``md`` Markdown; ``ipynb`` a notebook; ``chat`` messages.
        """
        return (await self._wire.send("GET", self._path("export"), params={"to": to}, repeats=True)).decode()

    def export(self, to: Export = "jsonl") -> str:
        """Sync face of `aexport`."""
        return self._runner.call(self.aexport(to))

    async def aremove(self) -> None:
        """Remove the run and all that is kept of it; cancelled first, if it is worked on."""
        await self._wire.send("DELETE", self._path())

    def remove(self) -> None:
        """Sync face of `aremove`."""
        self._runner.call(self.aremove())

    def _path(self, *parts: str) -> str:
        return addresses.path("runs", self.run_id, *parts)

    async def _follow(self, answering: Answering | None, on_event: OnEvent | None) -> None:
        if answering is not None:
            for event in self._record.events:  # a question that was seen before may still be open
                answering.take(event)
        async with aclosing(self.stream(len(self._record.events) - 1)) as source:
            async for one in source:
                if one.number == len(self._record.events):  # another who waits may have recorded it
                    self._record.append(one.event)
                if answering is not None:
                    answering.take(one.event)
                if on_event is not None:
                    on_event(one.event)
        if answering is not None:
            answering.close()


def _ended(run_id: str, record: Trajectory, url: str) -> RemoteRun:
    """How the latest message ended.

    Raises:
        ServerError: it has no end.
    """
    ended = record.last(events.RunEnded)
    if ended is None:
        raise errors.ServerError(f"{url} ended the events of {run_id!r} without the end of the run")
    begun = max((number for number, event in enumerate(record.events) if isinstance(event, events.TaskGiven)), default=0)
    answer = failed = None
    for event in record.events[begun:]:
        answer = event if isinstance(event, events.Answered) else answer
        failed = event if isinstance(event, events.Failed) else failed
    return RemoteRun(
        run_id,
        ended.state,
        None if answer is None else answer.text,
        None if answer is None else answer.value,
        ended.usage,
        record,
        error=_error(failed) if failed is not None and ended.state == "error" else None,
        reason=ended.reason,
    )


def _error(failed: events.Failed) -> errors.CodeactError:
    error = answers.named(failed.kind, failed.message) or errors.CodeactError(failed.message)
    error.boundary = failed.boundary
    return error
