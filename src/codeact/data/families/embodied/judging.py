"""Whether a house is as it should be.

Invariant: the state of the world that the tools of the attempt acted in decides; an answer has to be given too. It does not: read the code.
"""

from collections.abc import Sequence
from typing import Any

from codeact.bench.task import Score
from codeact.data.families.embodied.house import WorldTool


def house(answer: str | None, tools: Sequence[Any]) -> Score:
    """The check ``python:house``.

    Args:
        answer: None is none.
        tools: of the attempt, one of which at least belongs to a world.
    """
    world = next(tool.world for tool in tools if isinstance(tool, WorldTool))
    if answer is None or answer.strip().strip(".").lower() != "done":
        return Score.of(False, f"the answer is {answer!r} and not done")
    return Score.of(world.done, "the house is not as it should be")
