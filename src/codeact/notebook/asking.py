"""Asking the notebook's user whether an action may run or a tool be called.

Invariant: nothing is run or called before it was allowed. It does not: show the action (the screen does) or record the decision (the loop
does).
"""

import asyncio
from collections.abc import Iterable

from IPython.core.error import StdinNotImplementedError

from codeact.errors import InputError
from codeact.notebook.stage import Stage
from codeact.protocols import Decision, Question

_CHOICES = "[y]es, [n]o (what follows the n is told to the agent), yes to [a]ll that follow in this cell: "
_NOBODY = "the agent asks before each action, and nobody can answer here (the notebook has no input); --yes lets it go on without asking"


class Asking:
    """An `Approve` that asks by `input`.

    Args:
        stage: asks in the notebook's thread.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._asked: set[str] = set()
        self._turn = asyncio.Lock()  # calls may be made side by side

    def about(self, subjects: Iterable[str]) -> None:
        """What is asked about from now on: ``action``, ``call``."""
        self._asked = set(subjects)

    async def __call__(self, question: Question) -> Decision:
        """Ask, if it is to be asked about."""
        async with self._turn:
            while question.subject in self._asked:
                what = "run this?" if question.subject == "action" else f"call {question.tool}? {question.content}"
                line = await self._stage.here(lambda text=f"{what} {_CHOICES}": _line(text))
                match line[:1].lower():
                    case "y":
                        break
                    case "a":
                        self._asked.clear()
                    case "n":
                        return Decision("deny", reason=line.partition(" ")[2].strip())
                    case _:
                        continue
            return Decision()


def _line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (EOFError, OSError, StdinNotImplementedError) as error:
        raise InputError(_NOBODY) from error
