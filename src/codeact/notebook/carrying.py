"""Values on their way between the notebook and a sandboxed session: `push` and `pull`.

Invariant: a value travels as those of tools do (`codeact.tools.values`): as JSON and bytes, never pickled, and what comes back is plain
data, taken for hostile. The code inside can take only what is being pushed, and give only while something is pulled. It does not: choose
what travels.
"""

from collections.abc import Sequence
from typing import Any

from codeact import errors, events
from codeact.protocols import CallReply, CallRequest, Calls, CallsAtOnce, Session
from codeact.tools import values

_MODULE = "notebook"
_TAKE = events.ToolSpec(name="take", module=_MODULE, signature="take(name: str)", description="A value that the notebook is pushing.")
_GIVE = events.ToolSpec(name="give", module=_MODULE, signature="give(value)", description="Hand a value to the notebook that asks for it.")


class Carrier:
    """The host's end of a session's calls, with two more: `take` and `give`, which no model is told of.

    Args:
        calls: who answers the others; None: there are no tools.
    """

    def __init__(self, calls: Calls | None) -> None:
        self._calls = calls
        self._offered: dict[str, CallReply] = {}
        self._asking = False
        self._given: list[Any] = []

    @property
    def specs(self) -> Sequence[events.ToolSpec]:
        """The tools there are, and the two."""
        return [*(self._calls.specs if self._calls is not None else ()), _TAKE, _GIVE]

    def at_once(self, request: CallRequest) -> CallReply | None:
        """See `CallsAtOnce`."""
        if request.tool.startswith(f"{_MODULE}.") or not isinstance(self._calls, CallsAtOnce):
            return None
        return self._calls.at_once(request)

    async def answer(self, request: CallRequest) -> CallReply:
        """See `Calls`."""
        match request.tool:
            case "notebook.take":
                return self._taken(request)
            case "notebook.give":
                return self._got(request)
            case _ if self._calls is not None:
                return await self._calls.answer(request)
            case _:
                return CallReply(error=("NameError", f"there is no tool {request.tool!r}"))

    async def push(self, session: Session, name: str, value: Any) -> None:
        """Give the session a variable.

        Args:
            session: whose calls these are.
            name: of the variable.
            value: of it.

        Raises:
            InputError: it cannot travel, or the session refuses it.
            SessionError: the session cannot go on.
        """
        try:
            self._offered[name] = CallReply(*values.encode(value))
        except (TypeError, ValueError) as error:
            raise errors.InputError(f"--push {name}: {error}; data can be pushed, and no functions, models or connections") from error
        try:
            seen = await session.arun(f"from tools.notebook import take as _take\n{name} = _take({name!r})\ndel _take")
        finally:
            self._offered.clear()
        _check(seen, f"--push {name}")

    async def pull(self, session: Session, name: str) -> Any:
        """The value of a variable of the session, as plain data.

        Args:
            session: whose calls these are.
            name: of the variable.

        Raises:
            InputError: there is none, or it cannot travel.
            SessionError: the session cannot go on.
        """
        self._given, self._asking = [], True
        try:
            seen = await session.arun(f"from tools.notebook import give as _give\n_give({name})\ndel _give")
        finally:
            self._asking = False
        _check(seen, f"--pull {name}")
        if not self._given:
            raise errors.InputError(f"--pull {name}: the session gave nothing")
        return self._given[0]

    def _taken(self, request: CallRequest) -> CallReply:
        try:
            args, _ = values.read(request)
        except ValueError as error:
            return CallReply(error=("ValueError", str(error)))
        reply = self._offered.get(args[0]) if len(args) == 1 and isinstance(args[0], str) else None
        return reply if reply is not None else CallReply(error=("LookupError", "the notebook pushes nothing of that name now"))

    def _got(self, request: CallRequest) -> CallReply:
        if not self._asking:
            return CallReply(error=("RuntimeError", "the notebook asks for nothing now"))
        try:
            args, _ = values.read(request)
        except ValueError as error:
            return CallReply(error=("ValueError", str(error)))
        self._given = [_plain(value) for value in args]
        return CallReply()


def _check(seen: events.Observation, what: str) -> None:
    if seen.status != "ok":
        why = f"{seen.error.name}: {seen.error.message}" if seen.error is not None else seen.notice or seen.status
        raise errors.InputError(f"{what}: {' '.join(why.split())}")


def _plain(value: Any) -> Any:
    """Objects of the session are dicts of their fields."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value
