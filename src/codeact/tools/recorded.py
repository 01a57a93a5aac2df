"""Calls answered from the record of a run, with no tool behind them: what a replay needs.

Invariant: each recorded call answers one call, the earliest that is left of the same tool and arguments; nothing outside is touched. It
does not: answer a call that the recorded run did not make.
"""

import base64
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from codeact import events
from codeact.protocols import CallReply, CallRequest
from codeact.tools import values
from codeact.tools.record import shown


class Returns:
    """What recorded calls gave, each once, the earliest that is left of the same tool and arguments first.

    Args:
        recorded: events, among them calls and what came back.

    Attributes:
        undecided: ids of calls that somebody was asked about and did not decide on: they were not made.
    """

    def __init__(self, recorded: Iterable[events.AnyEvent]) -> None:
        self._left: defaultdict[str, deque[events.ToolReturned]] = defaultdict(deque)
        self._open: defaultdict[str, deque[events.ToolCalled]] = defaultdict(deque)
        called: dict[str, events.ToolCalled] = {}
        self.undecided: set[str] = set()
        for event in recorded:
            match event:
                case events.ToolCalled():
                    called[event.call_id] = event
                case events.ApprovalAsked():
                    self.undecided.add(event.approval_id)
                case events.ApprovalGiven():
                    self.undecided.discard(event.approval_id)
                case events.ToolReturned() if event.call_id in called:
                    call = called.pop(event.call_id)
                    self._left[_key(call.name, call.arguments)].append(event)
                case _:
                    pass
        for call in called.values():
            self._open[_key(call.name, call.arguments)].append(call)

    def take(self, tool: str, arguments: dict[str, Any]) -> events.ToolReturned | events.ToolCalled | None:
        """What came back of the next such call; the call itself if nothing is recorded of its end; None if there is no further one."""
        for left in (self._left, self._open):
            found = left[_key(tool, arguments)]
            if found:
                return found.popleft()
        return None


class RecordedCalls:
    """The host's end of the calls of a run that is played again (`protocols.Calls`).

    Args:
        recorded: events of the run.
        record: takes the events of the calls that are made now.
        turn: number of the turn that a call belongs to.
    """

    def __init__(self, recorded: Iterable[events.AnyEvent], record: Callable[[events.AnyEvent], object], turn: Callable[[], int]) -> None:
        self._record = record
        self._turn = turn
        self._specs: Sequence[events.ToolSpec] = ()
        self._number = 0
        known = list(recorded)
        self._returns = Returns(known)
        for event in known:
            if isinstance(event, events.RunStarted):
                self._specs = event.tools

    @property
    def specs(self) -> Sequence[events.ToolSpec]:
        """The tools that the run had."""
        return self._specs

    async def answer(self, request: CallRequest) -> CallReply:
        """See `protocols.Calls`."""
        try:
            args, kwargs = values.read(request)
        except ValueError as error:
            return CallReply(error=("ValueError", str(error)))
        self._number += 1
        number, arguments = f"{self._turn()}-{self._number}", shown(args, kwargs)
        self._record(events.ToolCalled(turn=self._turn(), call_id=number, name=request.tool, arguments=arguments))
        found = self._returns.take(request.tool, arguments)
        if not isinstance(found, events.ToolReturned):
            error = (
                f"LookupError: the recorded run has no (further) call of {request.tool} with these arguments, and a replay calls no tools"
            )
            returned = events.ToolReturned(turn=self._turn(), call_id=number, error=error)
        else:
            returned = found.model_copy(update={"turn": self._turn(), "call_id": number, "seconds": 0.0})
        self._record(returned)
        return reply(request.tool, returned)


def _key(tool: str, arguments: dict[str, Any]) -> str:
    return json.dumps([tool, arguments], sort_keys=True)


def reply(tool: str, returned: events.ToolReturned) -> CallReply:
    """What a recorded call gave, as it went back."""
    if returned.error is not None:
        kind, _, message = returned.error.partition(": ")
        return CallReply(error=(kind, message))
    if not returned.summary:
        return CallReply(value=returned.value)
    if returned.sent is None:
        return CallReply(error=("RuntimeError", f"what {tool} returned was too large for the record: {json.dumps(returned.value)[:200]}"))
    value, parts = returned.sent
    return CallReply(value=value, parts=[base64.b64decode(part) for part in parts])
