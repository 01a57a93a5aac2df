"""What these families have in common: an instance of code in steps, and of calls.

Invariant: the answer is the last line that the last action prints. It does not: make values.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import Tolerance
from codeact.data.family import Family, Instance, Slip
from codeact.tools.function import FunctionTool


def family(name: str, make: Callable[..., Instance], phrasings: Sequence[str], unseen: Sequence[str], *, held_out: bool = False) -> Family:
    """A family of the domain."""
    return Family(f"composition/{name}", "composition", make, tuple(phrasings), tuple(unseen), held_out=held_out)


def done(
    prompt: str,
    answer: Any,
    actions: Sequence[str],
    calls: Callable[[], CallPolicy],
    *,
    tools: Sequence[FunctionTool],
    chance: random.Random,
    check: str = "exact",
    slips: tuple[Slip, ...] = (),
) -> Instance:
    """The instance.

    Args:
        prompt, answer, check, slips: as of `Instance`.
        actions: of the expert, one after the other.
        calls: the policy in calls.
        tools: in any order; they are shuffled.
        chance: shuffles.
    """

    def code() -> CodePolicy:
        said = ""
        for action in actions:
            said = yield action
        return (said.strip().splitlines() or [""])[-1]

    shuffled = chance.sample(list(tools), len(tools))
    tolerance = Tolerance(rel=1e-9, abs=0.0101) if check in ("number", "list", "set", "json") else None
    return Instance(prompt, answer, code, calls, check, tolerance, tuple(shuffled), {}, slips)
