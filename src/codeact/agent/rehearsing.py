"""Calls of tools that are answered from the record of a run that was broken off.

Invariant: a host's end of calls that cannot do so is never asked to run recorded code. It does not: read the record (`standing` does).
"""

from collections.abc import Sequence
from typing import Any

from codeact.errors import InputError
from codeact.protocols import Calls, RehearsedCalls

REBUILT = (
    "The program was started again, and your session was rebuilt by running your actions once more. Not everything came out as before, "
    "so what you know of these turns may no longer be so:"
)


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
        raise InputError("the calls of this agent cannot be answered from the record, so the run cannot be gone on with")
