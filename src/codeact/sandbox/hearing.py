"""What a session hears of its guest, and who is told of it: the action that runs, the desk for calls, who looks at the variables.

Invariant: what comes while no action runs is kept for the next one, or noted; a look ends within its time and a short grace, whatever the
guest does, and an answer that comes later is dropped. It does not: bring back a guest that is gone, or silent (`session` does).
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from codeact.sandbox import channel
from codeact.sandbox.action import RunningAction
from codeact.sandbox.desk import Desk
from codeact.sandbox.guest_process import GuestProcess
from codeact.sandbox.output import Between, Name
from codeact.values import Variables

_SECONDS, _GRACE_SECONDS = 5.0, 1.0
_BROKEN = "the code has broken what tells them in this interpreter"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look has seen.

    Args:
        found: the variables; None: they cannot be told.
        trouble: why not.
        lost: what to do about it is to put another interpreter in the place of this one, which has ``ended`` or is ``silent``.
    """

    found: Variables | None
    trouble: str = ""
    lost: str = ""


class Looks:
    """Looks at the variables of a session, one at a time."""

    def __init__(self) -> None:
        self._count = 0
        self._answer: asyncio.Future[Seen] | None = None

    async def at(self, process: GuestProcess, most: float | None) -> Seen:
        """Look.

        Args:
            process: idle.
            most: seconds, None: no bound but the own one.
        """
        self._count += 1
        answer = self._answer = asyncio.get_running_loop().create_future()
        seconds = min(_SECONDS, most if most is not None else _SECONDS)
        try:
            process.send(channel.LOOK, {"id": self._count})
            await asyncio.wait([answer], timeout=seconds)
            if not answer.done():
                process.interrupt()
                await asyncio.wait([answer], timeout=_GRACE_SECONDS)
            return answer.result() if answer.done() else Seen(None, f"the interpreter did not answer within {seconds:g} s", "silent")
        finally:
            self._answer = None

    def answered(self, frame: channel.Looked) -> None:
        """The guest says what it found."""
        if self._answer is not None and not self._answer.done() and frame.id == self._count:
            self._answer.set_result(Seen(frame.found, "" if frame.found is not None else _BROKEN))

    def ended(self, event: dict[str, Any]) -> bool:
        """The guest is no more, see `channel.Listener`; whether somebody was looking."""
        if self._answer is None or self._answer.done():
            return False
        told = ", ".join(f"{name} {value}" for name, value in event.items() if name != "ticket")
        self._answer.set_result(Seen(None, f"the interpreter ended meanwhile ({told})", "ended"))
        return True


class Hearing:
    """A `channel.Listener`; see the module's docstring.

    Args:
        desk: for calls of tools.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._looks = Looks()
        self._between = Between()
        self._process: GuestProcess | None = None
        self._action: RunningAction | None = None
        self._ended_between = False

    def on_text(self, name: Name, data: bytes) -> None:
        """Told by the process: text came."""
        (self._between if self._action is None else self._action.collector).text(name, data)

    def on_display(self, frame: channel.Display, parts: list[bytes]) -> None:
        """Told by the process: a rich display."""
        if self._action is not None:
            self._action.collector.display(channel.bundle(frame.data, parts))
        if frame.wait and self._process is not None:
            self._process.send(channel.ACKNOWLEDGE, {})

    def on_done(self, frame: channel.Done | channel.Looked, parts: list[bytes]) -> None:
        """Told by the process: the action, or a look at the variables, is over."""
        if isinstance(frame, channel.Looked):
            self._looks.answered(frame)
        elif self._action is not None and self._action.running and frame.id == self._action.number:
            self._action.done(frame, parts)

    def on_call(self, frame: channel.Call, parts: list[bytes], weight: int) -> None:
        """Told by the process: the code calls a tool."""
        if self._process is not None:
            self._desk.take(frame, parts, weight, self._process, self._action)

    def on_end(self, event: dict[str, Any]) -> None:
        """Told by the process: the guest is no more."""
        if self._action is not None and self._action.running:
            self._action.ended(event)
        elif not self._looks.ended(event) and self._process is not None:
            self._ended_between = True  # between two actions, or right after the one that nobody has looked at yet
