"""Calls of tools that a session's code has made and that are not answered yet.

Invariant: each call gets one reply, or its process is no more; when an action ends, so do the calls that it left, and what their tools
give later is dropped. What open calls and unread replies take of the host's memory is bounded. It does not: know tools
(`protocols.Calls` does).
"""

import asyncio
import contextlib
import contextvars
from collections.abc import Iterator
from dataclasses import dataclass

from codeact.protocols import CallReply, CallRequest, Calls, CallsAtOnce
from codeact.sandbox import channel
from codeact.sandbox.action import RunningAction
from codeact.sandbox.guest_process import GuestProcess

MOST_AT_ONCE = 1000
MOST_CARRIED = 256 << 20
MOST_UNREAD = 256 << 20
"""Bounds: open calls; bytes of their arguments; bytes of replies that the guest has not read, beyond which replies are errors."""

_MOST_OF_ERRORS = 16 << 20  # bytes of unread replies beyond that, after which there are none


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A call that is not answered yet."""

    number: int
    request: CallRequest
    process: GuestProcess
    weight: int


class Desk:
    """Of one session.

    Args:
        calls: who answers; None: there are no tools.
    """

    def __init__(self, calls: Calls | None) -> None:
        self.calls = calls
        self._at_once = calls.at_once if isinstance(calls, CallsAtOnce) else None
        self._open: dict[int, _Open] = {}
        self._tasks: dict[_Open, asyncio.Task[None]] = {}
        self._carried = 0

    def install(self, process: GuestProcess) -> None:
        """Tell a new interpreter of the tools."""
        if self.calls is not None and self.calls.specs:
            process.send(channel.TOOLS, {"specs": [spec.model_dump(exclude={"parameters"}) for spec in self.calls.specs]})

    def take(self, frame: channel.Call, parts: list[bytes], weight: int, process: GuestProcess, action: RunningAction | None) -> None:
        """Begin with a call of so many bytes; its reply goes to the process that made it."""
        if self.calls is None:
            refused = ("NameError", f"there is no tool {frame.tool!r}")
        elif action is None or not action.running:
            refused = ("RuntimeError", f"{frame.tool} was called while no action ran: call it in an action, and wait for it there")
        elif len(self._open) >= MOST_AT_ONCE:
            refused = ("RuntimeError", f"more than {MOST_AT_ONCE} calls at once: wait for some of them first")
        elif self._carried + weight > MOST_CARRIED:
            refused = ("RuntimeError", f"the calls that are open carry more than {MOST_CARRIED >> 20} MB: wait for some of them first")
        elif frame.id in self._open:
            refused = ("RuntimeError", f"a call with the number {frame.id} is open already")
        else:
            request = CallRequest(frame.tool, frame.args, frame.kwargs, parts, lambda: _waiting(action))
            action.calls += 1
            reply = contextvars.copy_context().run(self._at_once, request) if self._at_once is not None else None
            if reply is not None:
                _reply(process, frame.id, reply)
                return
            self._begin(self.calls, _Open(frame.id, request, process, weight))
            return
        _reply(process, frame.id, CallReply(error=refused))

    def close(self) -> None:
        """End the calls that are open: the code hears of it at once, whatever their tools do."""
        calls, self._open = self._open, {}
        for call in calls.values():
            self._tasks[call].cancel()
            _reply(call.process, call.number, CallReply(error=_cancelled(call, "the action that called it is over")))

    def _begin(self, calls: Calls, call: _Open) -> None:
        self._open[call.number] = call
        self._carried += call.weight
        task = self._tasks[call] = asyncio.get_running_loop().create_task(self._answer(calls, call))
        task.add_done_callback(lambda _: self._forget(call))

    def _forget(self, call: _Open) -> None:
        del self._tasks[call]
        self._carried -= call.weight

    async def _answer(self, calls: Calls, call: _Open) -> None:
        try:
            reply = await calls.answer(call.request)
        except asyncio.CancelledError:
            self._finish(call, CallReply(error=_cancelled(call, "what it waited for was")))
            raise
        self._finish(call, reply)

    def _finish(self, call: _Open, reply: CallReply) -> None:
        """Reply to a call, unless its action is over: the number may be another call's by now."""
        if self._open.get(call.number) is call:
            del self._open[call.number]
            _reply(call.process, call.number, reply)


def _cancelled(call: _Open, reason: str) -> tuple[str, str]:
    return "RuntimeError", f"{call.request.tool} was cancelled: {reason}"


def _reply(process: GuestProcess, number: int, reply: CallReply) -> None:
    """Send a reply; one that is too large, or for which there is no room, is an error instead."""
    out = process.out
    if out is None:
        return
    body = {"id": number, "error": reply.error} if reply.error is not None else {"id": number, "value": reply.value}
    frame = channel.encode(channel.REPLY, body, reply.parts)
    unread = out.waiting
    if not channel.fits(frame):
        most = f"at most {channel.MOST_JSON} of JSON and {channel.MOST_BINARY} of bytes can be sent"
        frame = _error(number, "ValueError", f"the reply has {len(frame)} bytes; {most}: ask for less")
    elif unread and unread + len(frame) > MOST_UNREAD:
        frame = _error(number, "RuntimeError", f"replies of {unread >> 20} MB wait to be read: make fewer calls at once")
    if unread <= MOST_UNREAD + _MOST_OF_ERRORS:
        out.write(frame)


def _error(number: int, kind: str, message: str) -> bytes:
    return channel.encode(channel.REPLY, {"id": number, "error": (kind, message)})


@contextlib.contextmanager
def _waiting(action: RunningAction) -> Iterator[None]:
    """Time that somebody takes to decide is not the action's."""
    action.clock.pause()
    try:
        yield
    finally:
        action.clock.resume()
