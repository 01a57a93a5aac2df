"""A session rebuilt from the record of a run that was broken off: its actions once more, with the recorded results of their calls.

Invariant: nothing outside the session is touched. It does not: read the record (`standing` does).
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from codeact import errors
from codeact.agent.standing import Past
from codeact.events import Observation
from codeact.protocols import Calls, Session

_REBUILT = (
    "The program was started again, and your session was rebuilt by running your actions once more. Not everything came out as before, "
    "so what you know of these turns may no longer be so:"
)


@runtime_checkable
class RehearsedCalls(Protocol):
    """What the host's end of calls may also be able to do, for a run that was broken off."""

    def rehearse(self, recorded: Sequence[Any] | None, *, more: bool) -> None:
        """Answer the calls that follow from the record, without making or recording them.

        Args:
            recorded: events of one action; None: calls are made again as always.
            more: what is not in the record is called; so is a call that was not over, unless it may have had its effect. Else such calls
                are errors.
        """
        ...


def rehearse(calls: Calls | None, recorded: Sequence[Any] | None, *, more: bool) -> None:
    """Answer the calls that follow from the record; see `RehearsedCalls`.

    Args:
        calls: of the session, None without tools.

    Raises:
        InputError: they cannot be answered from a record.
    """
    if isinstance(calls, RehearsedCalls):
        calls.rehearse(recorded, more=more)
    elif calls is not None and recorded is not None:
        raise errors.InputError("the calls of this agent cannot be answered from the record, so the run cannot be gone on with")


async def rebuild(session: Session, calls: Calls | None, pasts: Sequence[Past], show: Callable[[Observation], str]) -> str:
    """Run actions again.

    Args:
        session: a new one.
        calls: of the session, None without tools.
        pasts: actions that are over, in order.
        show: what the model is shown of an observation.

    Returns:
        What the model is to be told of what did not come out as before; empty if all did.
    """
    found: list[str] = []
    for past in pasts:
        recorded = past.observation
        if recorded is None:
            continue
        rehearse(calls, past.calls, more=False)
        with errors.crossing("session"):
            seconds = recorded.seconds + 1 if recorded.status == "interrupted" else None
            text = show(await session.arun(past.action.code, timeout=seconds))
        if text != recorded.text:
            found.append(f"Turn {past.action.turn} now gives:\n{text}")
    rehearse(calls, None, more=True)
    return "\n\n".join([_REBUILT, *found]) if found else ""
