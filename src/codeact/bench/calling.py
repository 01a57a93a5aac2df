"""Tools that remember how they were called, for suites that grade the calls of a run and not its answer.

Invariant: a call is remembered when its arguments fit the signature, with what came of it, in the order in which the calls began; one
that is refused before (a tool that is not there, arguments that do not bind or are of a wrong type) is no call, in any format. It does
not: say which call is right.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from codeact.tools.function import FunctionTool


@dataclass(slots=True)
class Made:
    """A call that was made.

    Args:
        tool: its name.
        arguments: those given, by name.
        value: what it returned.
        error: what it raised, in words; None: nothing.
    """

    tool: str
    arguments: dict[str, Any]
    value: Any = None
    error: str | None = None


@dataclass(slots=True)
class Log:
    """The calls of one attempt.

    Args:
        calls: all of them.
        seen: how many of them were graded already.
    """

    calls: list[Made] = field(default_factory=list)
    seen: int = 0

    def fresh(self) -> list[Made]:
        """The calls since this was last asked."""
        new = self.calls[self.seen :]
        self.seen = len(self.calls)
        return new

    def note(self, call: Made, run: Callable[[], Any]) -> Any:
        """Remember a call, make it, and remember what came of it.

        Raises:
            Exception: what the call raises.
        """
        self.calls.append(call)
        try:
            value = run()
        except Exception as error:
            call.error = f"{type(error).__name__}: {error}"
            raise
        call.value = copy.deepcopy(value)  # a tool may give out what a later call changes
        return value

    def tool(self, function: Callable[..., Any], name: str, description: str | None = None) -> "LoggedTool":
        """A function as a tool whose calls are remembered here.

        Args:
            function: synchronous; quick, since it runs on the event loop.
            name, description: as of `codeact.tools.function.FunctionTool`.
        """
        shape = signature(function)

        @functools.wraps(function)
        def remembered(*args: Any, **kwargs: Any) -> Any:
            given = dict(shape.bind(*args, **kwargs).arguments)
            return self.note(Made(name, given), lambda: function(*args, **kwargs))

        return LoggedTool(self, remembered, name=name, description=description, inline=True)


class LoggedTool(FunctionTool):
    """A tool of a log.

    Args:
        log: where its calls are remembered.
        function, name, description, inline: as of `codeact.tools.function.FunctionTool`.
    """

    def __init__(self, log: Log, function: Callable[..., Any], **given: Any) -> None:
        super().__init__(function, **given)
        self.log = log
