"""Asking somebody whether an action may run, and telling the model when it may not.

Invariant: the question and the decision are both recorded, if somebody is asked at all. It does not: decide, or ask about calls of tools
(`tools.bridge` does, and asks an `Excused`).
"""

import secrets
from collections.abc import Callable

from codeact import events
from codeact.agent.budget import Budget
from codeact.protocols import Approve, Decision, Question, Sparing

BudgetOf = Callable[[], Budget | None]
"""The budget of the round that is worked on; None: there is none."""


async def ask(
    approve: Approve, record: Callable[[events.AnyEvent], None], turn: int, code: str, asked: events.ApprovalAsked | None = None
) -> Decision:
    """Ask about an action.

    Args:
        approve: who decides.
        record: takes the events.
        turn: of the model.
        code: that is to run.
        asked: the question, if it was asked before the run was broken off, and not answered.
    """
    number = f"{turn}-{secrets.token_hex(4)}" if asked is None else asked.approval_id
    question = Question("action", number, code)
    sparing: object = approve
    if asked is None and isinstance(sparing, Sparing) and not sparing.asks(question):
        return Decision()
    if asked is None:
        record(events.ApprovalAsked(turn=turn, approval_id=number, subject="action", content=code))
    decision = await approve(question)
    record(
        events.ApprovalGiven(
            turn=turn,
            approval_id=number,
            decision=decision.decision,
            content=decision.content,
            reason=decision.reason,
            for_run=decision.for_run,
        )
    )
    return decision


class Excused:
    """Somebody who decides about the calls of a round, in time that does not count.

    Args:
        approve: who decides.
        budget: see `BudgetOf`.
    """

    def __init__(self, approve: Approve, budget: BudgetOf) -> None:
        self._approve = approve
        self._budget = budget

    async def __call__(self, question: Question) -> Decision:
        """See `protocols.Approve`."""
        budget = self._budget()
        return await (self._approve(question) if budget is None else budget.excusing(self._approve(question)))

    def asks(self, question: Question) -> bool:
        """See `protocols.Sparing`."""
        sparing: object = self._approve
        return not isinstance(sparing, Sparing) or sparing.asks(question)


def refusal(decision: Decision) -> str:
    """What the model is told of an action that was not allowed."""
    return (
        "Your action was not run: the user did not allow it" + (f" ({decision.reason})" if decision.reason else "") + ". Try another way."
    )
