"""One warden and one guest, as the host talks to them: bytes in, calls out.

Invariant: everything arrives in the order in which it happened, text before the frame that followed it; after the end nothing arrives. It
does not: know actions, limits or observations (`session` does).
"""

import asyncio
import contextlib
import json
import os
from typing import Any, Protocol

from codeact.errors import SessionError, WireError
from codeact.sandbox import channel
from codeact.sandbox.forkserver import Ends
from codeact.sandbox.output import Name

_READ_BYTES = 1 << 18
_KILL_SECONDS = 10.0


class Listener(Protocol):
    """Who is told."""

    def on_text(self, name: Name, data: bytes) -> None:
        """Raw bytes of a stream."""
        ...

    def on_display(self, frame: channel.Display, parts: list[bytes]) -> None:
        """A rich display."""
        ...

    def on_done(self, frame: channel.Done, parts: list[bytes]) -> None:
        """The action is over."""
        ...

    def on_end(self, event: dict[str, Any]) -> None:
        """The guest is no more: the warden's event `exited`, `over` or `killed`, or {"event": "lost", "reason": text}."""
        ...


class GuestProcess:
    """A running session's processes.

    Args:
        ends: from the forkserver.
        listener: told of everything, from the loop that `start` runs in.
    """

    def __init__(self, ends: Ends, listener: Listener) -> None:
        self._ends = ends
        self._listener = listener
        self._decoder = channel.Decoder()
        self._open = True
        self._ended = False
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._gone: asyncio.Future[None] = self._loop.create_future()

    async def start(self, seconds: float) -> None:
        """Wait until the guest is confined and ready.

        Raises:
            SessionError: it did not get there; the message says why.
        """
        self._ends.control.setblocking(False)
        self._ends.data.setblocking(False)
        os.set_blocking(self._ends.output, False)
        os.set_blocking(self._ends.errors, False)
        self._loop.add_reader(self._ends.control, self._on_control)
        self._loop.add_reader(self._ends.data, self._on_data)
        self._loop.add_reader(self._ends.output, self._on_pipe, self._ends.output, "stdout")
        self._loop.add_reader(self._ends.errors, self._on_pipe, self._ends.errors, "stderr")
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), seconds)
        except TimeoutError:
            raise SessionError(f"the session did not start within {seconds:g} s; the machine may be overloaded: try again") from None

    async def send(self, kind: int, body: dict[str, Any]) -> None:
        """Send a frame to the guest.

        Raises:
            SessionError: it is gone.
        """
        data = channel.encode(kind, body)
        try:
            sent = self._ends.data.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # its end is reported by the warden
        if sent < len(data):
            try:
                await self._loop.sock_sendall(self._ends.data, data[sent:])
            except OSError:
                return  # likewise

    def acknowledge(self) -> None:
        """Let the guest go on after a display that waits."""
        try:
            self._ends.data.send(channel.encode(channel.ACKNOWLEDGE, {}))
        except OSError:
            return  # it is gone, or does not read: its action's limit ends it

    def order(self, **message: Any) -> None:
        """Send the warden an order: do="signal", do="watch" or do="kill"."""
        try:
            self._ends.control.send(json.dumps(message).encode())
        except OSError:
            return  # the warden is gone, and all with it

    def order_watch(self) -> None:
        """Let the warden count often from now on: an action takes long."""
        self.order(do="watch")

    def drain(self) -> None:
        """Read all text that is in the pipes now."""
        while self._open and self._read_pipe(self._ends.output, "stdout"):
            pass
        while self._open and self._read_pipe(self._ends.errors, "stderr"):
            pass

    async def close(self) -> None:
        """Kill everything and wait until it is gone."""
        if self._open:
            self.order(do="kill")
            with contextlib.suppress(TimeoutError):  # closing the sockets ends the warden as well
                await asyncio.wait_for(asyncio.shield(self._gone), _KILL_SECONDS)
        self.drain()
        self._shut()

    def _shut(self) -> None:
        if not self._open:
            return
        self._open = False
        for end in (self._ends.control, self._ends.data, self._ends.output, self._ends.errors):
            self._loop.remove_reader(end)
        self._ends.close()
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
            if not self._gone.done():
                self._gone.set_result(None)
            return
        event = json.loads(message)
        if event["event"] == "failed":
            self._fail(event["reason"])
        elif event["event"] == "killed":
            self._end(event)
            if not self._gone.done():
                self._gone.set_result(None)
        elif event["event"] != "started":
            self._end(event)

    def _on_data(self) -> None:
        try:
            data = self._ends.data.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:  # closed by the guest, which may live on: the warden reports its end, or the action's limit makes it
            self._loop.remove_reader(self._ends.data)
            return
        try:
            for frame, parts in self._decoder.feed(data):
                self._on_frame(frame, parts)
        except WireError as error:
            self._loop.remove_reader(self._ends.data)
            self.order(do="kill")
            self._end({"event": "lost", "reason": str(error)})

    def _on_frame(self, frame: channel.Frame, parts: list[bytes]) -> None:
        if isinstance(frame, channel.Ready):
            if not self._ready.done():
                self._ready.set_result(None)
            return
        self.drain()
        if isinstance(frame, channel.Display):
            self._listener.on_display(frame, parts)
        else:
            self._listener.on_done(frame, parts)

    def _on_pipe(self, pipe: int, name: Name) -> None:
        if self._read_pipe(pipe, name) is None:
            self._loop.remove_reader(pipe)

    def _read_pipe(self, pipe: int, name: Name) -> int | None:
        """Bytes read, 0 if there are none now, None at the end."""
        try:
            data = os.read(pipe, _READ_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            return None
        self._listener.on_text(name, data)
        return len(data)

    def _end(self, event: dict[str, Any]) -> None:
        if not self._ready.done():
            self._fail(f"it ended while starting: {event}")
            return
        if not self._ended:
            self._ended = True
            self.drain()
            self._listener.on_end(event)

    def _fail(self, reason: str) -> None:
        if not self._ready.done():
            self._ready.set_exception(SessionError(f"the session could not start: {reason}"))
