"""The host's end of the calls that a run makes: it finds the tool, asks for approval, keeps budgets and time limits, calls, and records.

Invariant: every call that is begun is recorded, and so is its end; a call gets a reply whatever the tool does. One bridge serves one
run; the tools themselves may serve many. It does not: talk to sessions, or undo what a tool did.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import JsonValue

from codeact import events
from codeact.protocols import Approve, CallReply, CallRequest, Decision, Question, Tool
from codeact.tools import values

_MOST_MESSAGE = 20_000

Record = Callable[[events.AnyEvent], None]


class Bridge:
    """See the module's docstring.

    Args:
        tools: names, with those of their modules, differ.
        record: takes the events.
        turn: number of the model's turn that a call belongs to.
        approve: asked before each call; None: all are allowed.
    """

    def __init__(self, tools: Sequence[Tool], record: Record, turn: Callable[[], int] = lambda: 0, approve: Approve | None = None) -> None:
        self._tools = {_full_name(tool.spec): tool for tool in tools}
        self._record = record
        self._turn = turn
        self._approve = approve
        self._made: Counter[str] = Counter()
        self._number = 0

    @property
    def specs(self) -> Sequence[events.ToolSpec]:
        """The tools there are."""
        return [tool.spec for tool in self._tools.values()]

    async def answer(self, request: CallRequest) -> CallReply:
        """See `protocols.Calls`."""
        tool = self._tools.get(request.tool)
        if tool is None:
            return CallReply(error=("NameError", f"there is no tool {request.tool!r}"))
        try:
            args, kwargs = values.decode(list(request.args), list(request.parts)), values.decode(dict(request.kwargs), list(request.parts))
        except ValueError as error:
            return CallReply(error=("ValueError", f"the arguments of {request.tool} cannot be read: {error}"))
        self._number += 1
        turn = self._turn()
        number = f"{turn}-{self._number}"
        started = time.perf_counter()
        self._record(events.ToolCalled(turn=turn, call_id=number, name=request.tool, arguments=_shown(args, kwargs)))
        reply, value = CallReply(error=("RuntimeError", "it did not end")), None
        try:
            args, kwargs = await self._allowed(turn, number, request, args, kwargs)
            self._spend(request.tool, tool)
            value = await self._call(tool, args, kwargs)
            reply = CallReply(*values.encode(value))
        except asyncio.CancelledError:
            reply = CallReply(error=("CancelledError", "the action that called it is over"))
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a tool raises is the reply
            reply = CallReply(error=_described(error))
        finally:
            self._record(
                events.ToolReturned(
                    turn=turn,
                    call_id=number,
                    value=_noted(value) if reply.error is None else None,
                    error=None if reply.error is None else f"{reply.error[0]}: {reply.error[1]}",
                    seconds=time.perf_counter() - started,
                )
            )
        return reply

    async def _call(self, tool: Tool, args: list[Any], kwargs: dict[str, Any]) -> Any:
        seconds = tool.limits.seconds
        clock = asyncio.timeout(seconds)
        try:
            async with clock:
                return await tool.acall(args, kwargs)
        except TimeoutError:
            if clock.expired():
                raise TimeoutError(f"{tool.spec.name} took longer than its limit of {seconds:g} s") from None
            raise

    def _spend(self, name: str, tool: Tool) -> None:
        most = tool.limits.calls
        if most is not None and self._made[name] >= most:
            raise RuntimeError(f"{name} may be called {most} time{'s' if most != 1 else ''} in a run, and has been")
        self._made[name] += 1

    async def _allowed(
        self, turn: int, number: str, request: CallRequest, args: list[Any], kwargs: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """The arguments that were allowed, which may be others than were asked for.

        Raises:
            PermissionError: the call was not allowed.
        """
        if self._approve is None:
            return args, kwargs
        content = json.dumps({"tool": request.tool, **_shown(args, kwargs)}, ensure_ascii=False)
        self._record(events.ApprovalAsked(turn=turn, approval_id=number, subject="call", content=content))
        with request.waiting():
            decision = await self._approve(Question("call", number, content, request.tool))
        self._record(
            events.ApprovalGiven(
                turn=turn, approval_id=number, decision=decision.decision, content=decision.content, reason=decision.reason
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


def _shown(args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments for the record: JSON, and never very long."""
    return {"args": [values.plain(each) for each in args], "kwargs": {name: values.plain(each) for name, each in kwargs.items()}}


def _noted(value: Any) -> JsonValue:
    try:
        return values.plain(value)
    except Exception:  # noqa: BLE001 -- a container of the tool's may raise anything when it is looked at
        return f"<{type(value).__name__}>"


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
