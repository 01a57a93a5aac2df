"""The host's end of the calls that a run makes: it finds the tool, asks for approval, keeps budgets and time limits, calls, and records.

Invariant: every call that is begun is recorded, and so is its end; a call gets a reply whatever the tool does. One bridge serves one
run; the tools themselves may serve many. It does not: talk to sessions, or undo what a tool did.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeact import events
from codeact.protocols import Approve, CallReply, CallRequest, Decision, InlineTool, Question, Settled, Sparing, Tool
from codeact.tools import record, values
from codeact.tools.recorded import Returns, reply

_MOST_MESSAGE = 20_000
UNKNOWN = "its outcome is not known"

Record = Callable[[events.AnyEvent], object]


@dataclass(slots=True)
class _Begun:
    """A call that was read and recorded."""

    turn: int
    number: str
    args: list[Any]
    kwargs: dict[str, Any]
    started: float


class _Ending:
    """What came of a call so far: a value, and the reply that is made of it."""

    def __init__(self, tool: str) -> None:
        self.value: Any = None
        self.reply = CallReply(error=("RuntimeError", f"{tool} did not end"))

    def give(self, value: Any) -> None:
        """The tool gave this.

        Raises:
            TypeError, ValueError: it cannot be sent.
        """
        self.reply = CallReply(*values.encode(value))
        self.value = value

    def fail(self, error: Exception) -> None:
        """The call raised this."""
        self.reply = CallReply(error=_described(error))


class Bridge:
    """See the module's docstring.

    Args:
        tools: names, with those of their modules, differ.
        record: takes the events.
        turn: number of the model's turn that a call belongs to.
        approve: asked before each call; None: all are allowed.
        settled: waited for before a tool is called, so that one which may have had an effect is known of; None: a record is safe at once.
    """

    def __init__(
        self,
        tools: Sequence[Tool],
        record: Record,
        turn: Callable[[], int] = lambda: 0,
        approve: Approve | None = None,
        settled: Settled | None = None,
    ) -> None:
        self._tools = {_full_name(tool.spec): tool for tool in tools}
        self._inline = {name: tool for name, tool in self._tools.items() if isinstance(tool, InlineTool) and tool.inline}
        self._record = record
        self._turn = turn
        self._approve = approve
        self._settled = settled
        self._past: Returns | None = None
        self._more = True
        self._made: Counter[str] = Counter()
        self._number = 0

    @property
    def specs(self) -> Sequence[events.ToolSpec]:
        """The tools there are."""
        return [tool.spec for tool in self._tools.values()]

    def at_once(self, request: CallRequest) -> CallReply | None:
        """See `protocols.CallsAtOnce`: calls of inline tools that nobody is asked about and nothing is waited for."""
        alone = self._approve is None and self._settled is None and self._past is None
        tool = self._inline.get(request.tool) if alone else None
        if tool is None:
            return None
        begun = self._begin(request)
        if isinstance(begun, CallReply):
            return begun
        ending = _Ending(request.tool)
        try:
            self._spend(request.tool)
            ending.give(tool.call(begun.args, begun.kwargs))
        except Exception as error:  # noqa: BLE001 -- whatever a tool raises is the reply
            ending.fail(error)
        finally:
            self._end(begun, ending)
        return ending.reply

    def rehearse(self, recorded: Sequence[Any] | None, *, more: bool) -> None:
        """Answer the calls that follow from the record of a run that was broken off; see `agent.rebuilding.RehearsedCalls`."""
        self._past = None if recorded is None else Returns(recorded)
        self._more = more
        for event in recorded or ():
            if isinstance(event, events.ToolCalled):
                self._number = max(self._number, int(event.call_id.rpartition("-")[2]))
                self._made[event.name] += 1

    async def answer(self, request: CallRequest) -> CallReply:
        """See `protocols.Calls`."""
        known = None if self._past is None else self._known(self._past, request)
        if isinstance(known, CallReply):
            return known
        begun = self._begin(request)
        if isinstance(begun, CallReply):
            return begun
        ending, tool = _Ending(request.tool), self._tools[request.tool]
        try:
            args, kwargs = await self._allowed(begun, request, note=known or "")
            self._spend(request.tool)
            if self._settled is not None:
                await self._settled()
            ending.give(await self._call(tool, args, kwargs))
        except asyncio.CancelledError:
            ending.reply = CallReply(error=("CancelledError", "the action that called it is over"))
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a tool raises is the reply
            ending.fail(error)
        finally:
            self._end(begun, ending)
        return ending.reply

    def _known(self, past: Returns, request: CallRequest) -> CallReply | str | None:
        """The reply to a call that the record holds; None: it is to be made; a text: it is, if somebody who is told that allows it."""
        try:
            args, kwargs = values.read(request)
        except ValueError:
            return None
        found = past.take(request.tool, record.shown(args, kwargs))
        if isinstance(found, events.ToolReturned):
            return reply(request.tool, found)
        if not self._more:
            return CallReply(error=("LookupError", f"{request.tool} gave nothing that is recorded when this was first run"))
        tool = self._tools.get(request.tool)
        if found is None or tool is None or not tool.limits.effect or found.call_id in past.undecided:
            return None
        if self._approve is not None:
            return f"{UNKNOWN}: the program was ended while it ran; allow to call it again"
        unknown = f"{UNKNOWN}: the program was ended while {request.tool} ran, and it is not called again"
        self._record(events.ToolReturned(turn=found.turn, call_id=found.call_id, error=f"RuntimeError: {unknown}"))
        return CallReply(error=("RuntimeError", unknown))

    def _begin(self, request: CallRequest) -> "_Begun | CallReply":
        """Read a call and record it; a reply, if it is none."""
        if request.tool not in self._tools:
            return CallReply(error=("NameError", f"there is no tool {request.tool!r}"))
        try:
            args, kwargs = values.read(request)
        except ValueError as error:
            return CallReply(error=("ValueError", str(error)))
        self._number += 1
        turn = self._turn()
        begun = _Begun(turn, f"{turn}-{self._number}", args, kwargs, time.perf_counter())
        self._record(events.ToolCalled(turn=turn, call_id=begun.number, name=request.tool, arguments=record.shown(args, kwargs)))
        return begun

    def _end(self, begun: "_Begun", ending: "_Ending") -> None:
        error = ending.reply.error
        self._record(
            events.ToolReturned(
                turn=begun.turn,
                call_id=begun.number,
                error=None if error is None else f"{error[0]}: {error[1]}",
                seconds=time.perf_counter() - begun.started,
                **(_noted(ending.value, ending.reply) if error is None else {}),
            )
        )

    async def _call(self, tool: Tool, args: list[Any], kwargs: dict[str, Any]) -> Any:
        seconds = tool.limits.seconds
        if seconds is None:
            return await tool.acall(args, kwargs)
        clock = asyncio.timeout(seconds)
        try:
            async with clock:
                return await tool.acall(args, kwargs)
        except TimeoutError:
            if clock.expired():
                raise TimeoutError(f"{tool.spec.name} took longer than its limit of {seconds:g} s") from None
            raise

    def _spend(self, name: str) -> None:
        most = self._tools[name].limits.calls
        if most is not None and self._made[name] >= most:
            raise RuntimeError(f"{name} may be called {most} time{'s' if most != 1 else ''} in a run, and has been")
        self._made[name] += 1

    async def _allowed(self, begun: "_Begun", request: CallRequest, *, note: str = "") -> tuple[list[Any], dict[str, Any]]:
        """The arguments that were allowed, which may be others than were asked for.

        Raises:
            PermissionError: the call was not allowed.
        """
        turn, number, args, kwargs = begun.turn, begun.number, begun.args, begun.kwargs
        if self._approve is None:
            return args, kwargs
        noted = {"note": note} if note else {}
        content = json.dumps({"tool": request.tool, **record.shown(args, kwargs), **noted}, ensure_ascii=False)
        question = Question("call", number, content, request.tool)
        sparing: object = self._approve
        if isinstance(sparing, Sparing) and not sparing.asks(question):
            return args, kwargs
        self._record(events.ApprovalAsked(turn=turn, approval_id=number, subject="call", content=content))
        with request.waiting():
            decision = await self._approve(question)
        self._record(
            events.ApprovalGiven(
                turn=turn,
                approval_id=number,
                decision=decision.decision,
                content=decision.content,
                reason=decision.reason,
                for_run=decision.for_run,
            )
        )
        return _decided(request.tool, decision, args, kwargs)


def _decided(tool: str, decision: Decision, args: list[Any], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    if decision.decision == "deny":
        raise PermissionError(f"{tool} was not allowed" + (f": {decision.reason}" if decision.reason else ""))
    if decision.decision == "edit" and decision.content is not None:
        edited = json.loads(decision.content)
        return list(edited.get("args", [])), dict(edited.get("kwargs", {}))
    return args, kwargs


def _noted(value: Any, reply: CallReply) -> dict[str, Any]:
    try:
        return record.returned(value, reply)
    except Exception:  # noqa: BLE001 -- a container of the tool's may raise anything when it is looked at
        return {"value": f"<{type(value).__name__}>", "summary": True}


def _described(error: Exception) -> tuple[str, str]:
    """Class name and message of what a tool raised, as the session's code sees them."""
    try:
        message = str(error.args[0]) if isinstance(error, KeyError) and len(error.args) == 1 else str(error)
    except Exception as another:  # noqa: BLE001 -- a `__str__` of the tool's
        message = f"(its __str__ raised {type(another).__name__})"
    if len(message) > _MOST_MESSAGE:
        message = f"{message[:_MOST_MESSAGE]}... ({len(message)} characters)"
    return type(error).__name__, message


def _full_name(spec: events.ToolSpec) -> str:
    return f"{spec.module}.{spec.name}" if spec.module else spec.name
