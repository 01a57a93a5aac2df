"""The checks of the tasks: corrected, and as the original graded.

Invariant: only the house grades without an answer, for what counts there is what was done. It does not: hold rules; `reasoning`,
`programs` and `original` do.
"""

from collections.abc import Sequence
from typing import Any, cast

from codeact.bench.grading import Sandbox
from codeact.bench.suites.mint import original as theirs
from codeact.bench.suites.mint import programs, reasoning
from codeact.bench.suites.mint.tools import visit_of
from codeact.bench.task import Score, Task

_NO_ANSWER = "there is no answer"


def question(answer: str | None, task: Task) -> Score:
    """A reasoning task."""
    if answer is None:
        return Score.of(False, _NO_ANSWER)
    data: dict[str, Any] = {name: task.data[name] for name in ("answer_type", "options", "ordered") if name in task.data}
    return reasoning.grade(str(task.data["subset"]), answer, task.answer, **data)


async def program(answer: str | None, task: Task, sandbox: Sandbox) -> Score:
    """A code task."""
    if answer is None:
        return Score.of(False, _NO_ANSWER)
    given, tests, name = (str(task.data[each]) for each in ("given", "tests", "name"))
    return await programs.passes(answer, prompt=given, tests=tests, name=name, sandbox=sandbox)


def house(tools: Sequence[Any]) -> Score:
    """A game: won, whatever is said at the end."""
    visit = visit_of(tools)
    return Score.of(visit.won, f"the task was not done after {visit.steps} steps")


async def original(answer: str | None, task: Task, tools: Sequence[Any], sandbox: Sandbox) -> bool:
    """Any task, as the original graded it."""
    subset = str(task.data["subset"])
    if subset == "alfworld":
        return visit_of(tools).done
    if answer is None:
        return False
    if "tests" in task.data:
        return await programs.passes_as_original(answer, str(task.data["reference"]), sandbox)
    data = task.data
    options = cast(dict[str, str], data.get("options"))
    return theirs.right(subset, answer, task.answer, answer_type=cast(str | None, data.get("answer_type")), options=options)
