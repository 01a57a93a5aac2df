"""Questions of a run, as its record has them.

Invariant: read from the record alone, so that they are the same in every process. It does not: ask or decide (`live` does).
"""

from collections.abc import Sequence

import pydantic_core

from codeact import events
from codeact.protocols import Question
from codeact.trajectory import Trajectory


def allowed_for_run(record: Trajectory) -> Sequence[tuple[str, str]]:
    """What was allowed for the whole run: subjects, and tools of calls."""
    asked = {event.approval_id: event for event in record.of_type(events.ApprovalAsked)}
    given = [event.approval_id for event in record.of_type(events.ApprovalGiven) if event.for_run and event.approval_id in asked]
    return [(asked[number].subject, tool_of(asked[number])) for number in given]


def open_in(record: Trajectory) -> Sequence[Question]:
    """Questions about actions that were asked, and neither decided nor made void by the end of the run. A call is asked about anew when its
    action runs again, under another number."""
    found: dict[str, Question] = {}
    for event in record.events:
        match event:
            case events.ApprovalAsked(subject="action"):
                found[event.approval_id] = Question("action", event.approval_id, event.content)
            case events.ApprovalGiven():
                found.pop(event.approval_id, None)
            case events.RunEnded():
                found.clear()
            case _:
                pass
    return list(found.values())


def tool_of(asked: events.ApprovalAsked) -> str:
    """The tool that is to be called; empty for an action."""
    return "" if asked.subject == "action" else str(pydantic_core.from_json(asked.content).get("tool", ""))
