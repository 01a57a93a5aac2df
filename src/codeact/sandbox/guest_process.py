"""One warden and its guest, with the guest's checkpoints, as the host talks to them: bytes in, calls out.

Invariant: everything arrives in the order in which it happened, text before the frame that followed it; from a guest that ended or was
replaced nothing arrives. It does not: know actions, limits or observations (`session` does).
"""

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codeact.errors import CheckpointError, SessionError, WireError
from codeact.sandbox import channel
from codeact.sandbox.channel import Ends

_KILL_SECONDS = 10.0
_FORK_SECONDS = 5.0
_NUDGE_SECONDS, _NUDGES = 0.1, 5
_AFTER_TEXT = (channel.Display, channel.Done, channel.Looked)


@dataclass
class _Frozen:
    """A checkpoint: the host's end of its socket, and its pid as the session counts, None until the guest has told it."""

    data: socket.socket
    taken: "asyncio.Future[str]"
    pid: int | None = None


class GuestProcess:
    """A running session's processes.

    Args:
        ends: from the forkserver.
        listener: told of everything, from the loop that `start` runs in.
    """

    def __init__(self, ends: Ends, listener: channel.Listener) -> None:
        self._ends = ends
        self.group = ends.group
        self._listener = listener
        self._pipes = (channel.TextPipe(ends.output, "stdout", listener), channel.TextPipe(ends.errors, "stderr", listener))
        self._decoder = channel.Decoder()
        self._data = ends.data
        self.out: channel.Outgoing | None = None
        self._open = True
        self._ended = False
        self._frozen: dict[str, _Frozen] = {}
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._ready.add_done_callback(lambda ready: ready.cancelled() or ready.exception())  # seen, also where nobody waits any more
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._killed: asyncio.Future[None] | None = None
        self._ticket = 0
        self._forked: asyncio.Future[channel.Forked] | None = None

    async def start(self, seconds: float) -> None:
        """Wait until the guest is confined and ready.

        Raises:
            SessionError: it did not get there; the message says why.
        """
        self._ends.control.setblocking(False)
        self._loop.add_reader(self._ends.control, self._on_control)
        self._listen(self._data)
        for pipe in self._pipes:
            self._loop.add_reader(pipe.descriptor, self._on_pipe, pipe)
        try:
            async with asyncio.timeout(seconds):  # `wait_for` can lose a cancellation, before Python 3.12
                await asyncio.shield(self._ready)
        except TimeoutError:
            raise SessionError(f"the session did not start within {seconds:g} s; the machine may be overloaded: try again") from None

    def send(self, kind: int, body: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
        """Send a frame to the guest; one that is gone is reported by the warden."""
        if self.out is not None:
            self.out.write(channel.encode(kind, body, parts))

    def order(self, descriptors: Sequence[int] = (), **message: Any) -> None:
        """Send the warden an order, as `guest.warden` lists them, with the descriptors that belong to it."""
        with contextlib.suppress(OSError):  # the warden is gone, and all with it
            socket.send_fds(self._ends.control, [json.dumps(message).encode()], descriptors)

    def interrupt(self) -> None:
        """Interrupt what the guest runs, as Ctrl-C would.

        A signal that comes between CPython's last look for one and a system call that waits is not seen before that call ends; another
        signal, which the guest does nothing about, ends the call, and then it is seen.
        """
        self.order(do="signal", signal=int(signal.SIGINT))
        loop = asyncio.get_running_loop()
        for number in range(1, _NUDGES + 1):
            loop.call_later(number * _NUDGE_SECONDS, self._nudge)

    def _nudge(self) -> None:
        if self._open and not self._ended:
            self.order(do="signal", signal=int(signal.SIGURG))

    def kill(self) -> None:
        """Kill the guest and all that it started; the listener is told of the end."""
        self.order(do="kill", ticket=0)

    def order_watch(self) -> None:
        """Let the warden count often from now on: an action takes long."""
        self.order(do="watch")

    def drain(self) -> None:
        """Read all text that is in the pipes now; what is written meanwhile is left for later."""
        for pipe in self._pipes if self._open else ():
            pipe.drain()

    def catch_up(self) -> None:
        """Take in the frames that are there already: the loop may have had no turn for them."""
        if self._open and not self._ended:
            self._on_data()

    def checkpoint(self, mark: str) -> "asyncio.Future[str]":
        """Ask the guest to leave a frozen copy of itself, before whatever is sent after this.

        Args:
            mark: names it.

        Returns:
            the reason why it could not be taken, empty when it was.
        """
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        frozen = self._frozen[mark] = _Frozen(here, self._loop.create_future())
        try:
            if self._ended or self.out is None or self.out.waiting:
                raise OSError(11, "it has ended, or not read what was sent to it")
            socket.send_fds(self._data, [channel.encode(channel.CHECKPOINT, {"mark": mark})], [there.fileno()])
        except OSError as error:
            self._forget(mark, f"the interpreter does not answer: {error.strerror}")
        finally:
            there.close()
        return frozen.taken

    async def fork(self, mark: str | None, descriptors: Sequence[int]) -> int:
        """Let the guest, or a checkpoint, which stays one, copy itself as the guest of a twin; its pid as the session counts.

        Args:
            mark: of the checkpoint, None: the guest, which must be idle.
            descriptors: the twin's socket, standard output, standard error, and root.

        Raises:
            CheckpointError: it cannot be copied, or there is no such checkpoint.
        """
        frozen = self._frozen.get(mark) if mark is not None else None
        if mark is not None and (frozen is None or frozen.pid is None):
            raise CheckpointError(f"the checkpoint {mark!r} was given up")
        self._forked, self._ticket = self._loop.create_future(), self._ticket + 1
        data = frozen.data if frozen is not None else self._data
        if frozen is not None:
            self.order(do="thaw", pid=frozen.pid)
            self._loop.add_reader(data, self._on_sleeper, data, channel.Decoder())
        try:
            socket.send_fds(data, [channel.encode(channel.FORK, {"number": self._ticket})], descriptors)
            async with asyncio.timeout(_FORK_SECONDS):
                forked = await self._forked
        except (OSError, TimeoutError):
            raise CheckpointError("the interpreter does not answer") from None
        finally:
            if frozen is not None:
                self._loop.remove_reader(data)
                self.order(do="freeze", pid=frozen.pid)
        if forked.pid is None:
            advice = "; end them (executors, background tasks), then try again" if "threads" in forked.reason else ""
            raise CheckpointError(f"the session cannot be forked: {forked.reason}{advice}")
        return forked.pid

    def drop(self, mark: str) -> None:
        """Give a checkpoint up."""
        frozen = self._frozen.get(mark)
        if frozen is not None:
            if frozen.pid is not None:
                self.order(do="drop", pid=frozen.pid)
            self._forget(mark, "dropped")

    def has(self, mark: str) -> bool:
        """Whether that checkpoint can be gone back to."""
        frozen = self._frozen.get(mark)
        return frozen is not None and frozen.pid is not None

    async def restore(self, mark: str) -> bool:
        """Kill everything but the checkpoints and go on from one of them, which is one no more; False if there is none of that mark.

        Raises:
            SessionError: the warden does not answer.
        """
        if not self.has(mark):
            return False
        self._loop.remove_reader(self._data)
        self._close_out()
        self._killed, self._ticket = self._loop.create_future(), self._ticket + 1
        self.order(do="kill", ticket=self._ticket)
        try:
            await asyncio.wait_for(self._killed, _KILL_SECONDS)
        except TimeoutError:
            raise SessionError("the session's processes could not be killed") from None
        self.drain()
        frozen = self._frozen.pop(mark, None)
        if frozen is None or frozen.pid is None:
            return False
        self._data.close()
        self._data, self._decoder, self._ended = frozen.data, channel.Decoder(), False
        self.order(do="adopt", pid=frozen.pid)
        self._listen(self._data)
        self.send(channel.RESUME, {})
        return True

    async def close(self) -> None:
        """Kill everything and wait until it is gone."""
        if self._open:
            self.order(do="end")
            with contextlib.suppress(TimeoutError):  # closing the sockets ends the warden as well
                await asyncio.wait_for(asyncio.shield(self._gone), _KILL_SECONDS)
        self.drain()
        if self._open:
            self._shut()
            await self._ends.aclose()

    def _listen(self, data: socket.socket) -> None:
        data.setblocking(False)
        self.out = channel.Outgoing(data, self._loop)
        self._loop.add_reader(data, self._on_data)

    def _close_out(self) -> None:
        if self.out is not None:
            self.out.close()
            self.out = None

    def _forget(self, mark: str, reason: str) -> None:
        frozen = self._frozen.pop(mark)
        frozen.data.close()
        if not frozen.taken.done():
            frozen.taken.set_result(reason)

    def _shut(self) -> None:
        self._open = False
        for mark in list(self._frozen):
            self._forget(mark, "the session ended")
        self._close_out()
        for end in (self._ends.control, self._data, self._ends.output, self._ends.errors):
            self._loop.remove_reader(end)
        self._data.close()
        for future in (self._ready, self._gone):
            if not future.done():
                future.set_result(None)

    def _on_control(self) -> None:
        try:
            message = self._ends.control.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._loop.remove_reader(self._ends.control)
            self._end({"event": "lost", "reason": "the warden is gone"})
            for future in (self._gone, self._killed):
                if future is not None and not future.done():
                    future.set_result(None)
            return
        event = json.loads(message)
        match event["event"]:
            case "failed":
                self._fail(event["reason"])
            case "dropped":
                self._on_dropped(event["pid"])
            case "started":
                pass
            case "killed":
                self._on_killed(event)
            case _:
                self._end(event)

    def _on_killed(self, event: dict[str, Any]) -> None:
        if event["ticket"]:
            if event["ticket"] == self._ticket and self._killed is not None and not self._killed.done():
                self._killed.set_result(None)
        else:
            self._end(event)
            if not self._gone.done() and not self._frozen:
                self._gone.set_result(None)

    def _on_dropped(self, pid: int) -> None:
        for mark in [mark for mark, frozen in self._frozen.items() if frozen.pid == pid]:
            self._forget(mark, "it was given up")

    def _on_data(self) -> None:
        try:
            data = self._data.recv(channel.READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:  # closed by the guest, which may live on: the warden reports its end, or the action's limit makes it
            self._loop.remove_reader(self._data)
            return
        drained = False
        try:
            for frame, parts in self._decoder.feed(data):
                if isinstance(frame, _AFTER_TEXT) and not drained:  # once: all text from before any of these frames is in the pipes by now
                    drained = True
                    self.drain()
                self._on_frame(frame, parts)
        except WireError as error:
            self._loop.remove_reader(self._data)
            self._end({"event": "lost", "reason": str(error)})

    def _on_sleeper(self, data: socket.socket, decoder: channel.Decoder) -> None:
        """Bytes from a checkpoint that was asked to copy itself."""
        try:
            received = data.recv(channel.READ_BYTES)
            for frame, _ in decoder.feed(received):
                if isinstance(frame, channel.Forked):
                    self._on_forked(frame)
        except (OSError, WireError):
            received = b""
        if not received:
            self._on_forked(channel.Forked(number=self._ticket, pid=None, reason="it ended"))

    def _on_forked(self, frame: channel.Forked) -> None:
        if self._forked is not None and not self._forked.done() and frame.number == self._ticket:  # not of one that was given up
            self._forked.set_result(frame)

    def _on_frame(self, frame: channel.Frame, parts: list[bytes]) -> None:
        match frame:
            case channel.Ready():
                if not self._ready.done():
                    self._ready.set_result(None)
            case channel.Checkpointed():
                self._on_checkpointed(frame)
            case channel.Call():
                self._listener.on_call(frame, parts, self._decoder.weight)
            case channel.Forked():
                self._on_forked(frame)
            case channel.Display():
                self._listener.on_display(frame, parts)
            case channel.Done() | channel.Looked():
                self._listener.on_done(frame, parts)

    def _on_checkpointed(self, frame: channel.Checkpointed) -> None:
        frozen = self._frozen.get(frame.mark)
        if frozen is None or frozen.taken.done():
            return  # given up already, or told twice
        if frame.pid is None:
            self._forget(frame.mark, frame.reason)
            return
        frozen.pid = frame.pid
        self.order(do="freeze", pid=frame.pid)
        frozen.taken.set_result("")

    def _on_pipe(self, pipe: channel.TextPipe) -> None:
        if pipe.read() is None:
            self._loop.remove_reader(pipe.descriptor)

    def _end(self, event: dict[str, Any]) -> None:
        if not self._ready.done():
            self._fail(f"it ended while starting: {event}")
            return
        if not self._ended:
            self._ended = True
            self._on_forked(channel.Forked(number=self._ticket, pid=None, reason="the interpreter ended"))
            for mark in [mark for mark, frozen in self._frozen.items() if not frozen.taken.done()]:
                self._forget(mark, "the interpreter ended")
            try:
                self.drain()
            finally:  # who waits for the end must hear of it, whatever becomes of the text
                self._listener.on_end(event)

    def _fail(self, reason: str) -> None:
        if not self._ready.done():
            self._ready.set_exception(SessionError(f"the session could not start: {reason}"))
