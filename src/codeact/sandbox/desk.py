"""Calls of tools that a session's code has made and that are not answered yet.

Invariant: each call gets one reply, or its process is no more; when an action ends, so do the calls that it left. It does not: know tools
(`protocols.Calls` does).
"""

import asyncio
import contextlib
from collections.abc import Iterator

from codeact.protocols import CallReply, CallRequest, Calls
from codeact.sandbox import channel
from codeact.sandbox.action import RunningAction
from codeact.sandbox.guest_process import GuestProcess

_MOST_AT_ONCE = 1000


class Desk:
    """Of one session.

    Args:
        calls: who answers; None: there are no tools.
    """

    def __init__(self, calls: Calls | None) -> None:
        self.calls = calls
        self._open: dict[int, asyncio.Task[None]] = {}

    def install(self, process: GuestProcess) -> None:
        """Tell a new interpreter of the tools."""
        if self.calls is not None and self.calls.specs:
            process.send(channel.TOOLS, {"specs": [spec.model_dump(exclude={"parameters"}) for spec in self.calls.specs]})

    def take(self, frame: channel.Call, parts: list[bytes], process: GuestProcess, action: RunningAction | None) -> None:
        """Begin with a call; its reply goes to the process that made it."""
        if self.calls is None:
            refused = ("NameError", f"there is no tool {frame.tool!r}")
        elif action is None or not action.running:
            refused = ("RuntimeError", f"{frame.tool} was called while no action ran: call it in an action, and wait for it there")
        elif len(self._open) >= _MOST_AT_ONCE:
            refused = ("RuntimeError", f"more than {_MOST_AT_ONCE} calls at once: wait for some of them first")
        elif frame.id in self._open:
            refused = ("RuntimeError", f"a call with the number {frame.id} is open already")
        else:
            request = CallRequest(frame.tool, frame.args, frame.kwargs, parts, lambda: _waiting(action))
            action.calls += 1
            task = self._open[frame.id] = asyncio.get_running_loop().create_task(self._answer(self.calls, frame.id, request, process))
            task.add_done_callback(lambda _: self._open.pop(frame.id, None))
            return
        _reply(process, frame.id, CallReply(error=refused))

    def close(self) -> None:
        """End the calls that are open."""
        for task in list(self._open.values()):
            task.cancel()

    async def _answer(self, calls: Calls, number: int, request: CallRequest, process: GuestProcess) -> None:
        try:
            reply = await calls.answer(request)
        except asyncio.CancelledError:
            _reply(process, number, CallReply(error=("RuntimeError", f"{request.tool} was cancelled: the action that called it is over")))
            raise
        _reply(process, number, reply)


def _reply(process: GuestProcess, number: int, reply: CallReply) -> None:
    body = {"id": number, "error": reply.error} if reply.error is not None else {"id": number, "value": reply.value}
    process.send(channel.REPLY, body, reply.parts)


@contextlib.contextmanager
def _waiting(action: RunningAction) -> Iterator[None]:
    """Time that somebody takes to decide is not the action's."""
    action.clock.pause()
    try:
        yield
    finally:
        action.clock.resume()
