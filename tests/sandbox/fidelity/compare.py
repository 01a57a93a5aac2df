"""Runs a group of snippets in a session and in plain CPython.

Invariant: each snippet starts from the same state: a new module, an empty folder. It does not judge; `seen.differences` does.
"""

from collections.abc import Iterator, Sequence

from codeact.events import Limits
from codeact.sandbox.session import PRELOAD, Session
from sandbox.fidelity import plain
from sandbox.fidelity.seen import Seen, in_session
from sandbox.fidelity.snippet import Snippet

_LIMITS = Limits(action_seconds=60)


def plainly(snippets: Sequence[Snippet], preload: Sequence[str] = PRELOAD) -> list[Seen]:
    """What plain CPython makes of them, where these modules were imported before."""
    answers = plain.run([snippet.code for snippet in snippets], preload)
    return [Seen(**{**answer, "error": tuple(answer.get("error", ("", "")))}) for answer in answers]


def in_sessions(snippets: Sequence[Snippet], preload: Sequence[str] = PRELOAD) -> Iterator[Seen]:
    """What a session makes of them, where these modules were imported before; it is brought back to its start after each."""
    with Session(limits=_LIMITS, preload=preload) as session:
        mark = session.checkpoint()
        for snippet in snippets:
            observation = session.run(snippet.code)
            yield in_session(observation, session.read_file(observation.full_output) if observation.full_output else None)
            session.rollback(mark)
