"""A session rebuilt from the record of a run that was broken off: its actions once more, with the recorded results of their calls.

Invariant: nothing outside the session is touched. It does not: read the record (`standing` does).
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from codeact import errors
from codeact.agent.standing import Given, Past
from codeact.events import Observation
from codeact.protocols import Calls, Session

File = Callable[[str], Awaitable[bytes]]
"""The content that is kept under a digest."""

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


@runtime_checkable
class SeededSession(Protocol):
    """A session whose random numbers come out the same again."""

    seed: int | None


@runtime_checkable
class ShownFolders(Protocol):
    """A session whose code can read folders of the host, at these paths."""

    folders: tuple[str, ...]


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


async def rebuild(
    session: Session,
    calls: Calls | None,
    steps: Sequence[Past | Given],
    show: Callable[[Observation], str],
    file: File,
) -> str:
    """Give files and run actions again.

    Args:
        session: a new one.
        calls: of the session, None without tools.
        steps: files that were given and actions that are over, in order.
        show: what the model is shown of an observation.
        file: the content that is kept under a digest.

    Returns:
        What the model is to be told of what did not come out as before; empty if all did.
    """
    found: list[str] = []
    for step in steps:
        if isinstance(step, Given):
            await _give(session, step, file)
            continue
        recorded = step.observation
        if recorded is None:
            continue
        rehearse(calls, step.calls, more=False)
        with errors.crossing("session"):
            text = show(await session.arun(step.action.code, timeout=_seconds(recorded)))
        if text != recorded.text:
            found.append(f"Turn {step.action.turn} now gives:\n{text}")
    rehearse(calls, None, more=True)
    return "\n\n".join([_REBUILT, *found]) if found else ""


def _seconds(recorded: Observation) -> float | None:
    """How long an action may take this time; None: as long as the session lets it.

    What was stopped is stopped again: at its own limit, which may have been what its run had left.
    """
    if recorded.status == "interrupted":
        return recorded.seconds + 1
    return recorded.limit.value if recorded.status == "timeout" and recorded.limit is not None else None


async def _give(session: Session, given: Given, file: File) -> None:
    for name, digest in zip(given.names, given.digests, strict=True):
        content = await file(digest)
        with tempfile.TemporaryDirectory(prefix="codeact-") as folder:
            copy = Path(folder) / "file"
            await asyncio.to_thread(copy.write_bytes, content)
            with errors.crossing("session"):
                await session.aadd_file(copy, name)
