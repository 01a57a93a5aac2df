"""All 586 tasks of MINT: each starts, is given a wrong answer and a right one, and grades them so, corrected and as the original did.

    python benchmarks/mint_tasks.py DATA [SUBSET ...]

Wrong: a silent end, and an answer of the right kind (another number, letter or name; a program that returns nothing; a house in which
only a look was taken). Right: the reference, the solution that comes with the task, the trajectory that comes with the game, by the
functions that an agent would call. Exit code 1 if a task is graded otherwise.
"""

import asyncio
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from codeact import config, events
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.suite import Suite, read
from codeact.bench.suites.mint.oracle import answer_of
from codeact.bench.task import Task

COLUMNS = ("tasks", "start", "silent", "wrong", "right", "original: wrong", "original: right", "seconds")


def wrong_answer(task: Task) -> str:
    """An answer of the right kind that is wrong."""
    reference = task.answer
    if "tests" in task.data:
        return f"def {task.data['name']}(*args, **kwargs):\n    return None\n"
    if isinstance(reference, bool):
        return str(not reference)
    if isinstance(reference, list):
        return str([int(str(item)) + 1 for item in reference])
    if task.domain in ("gsm8k", "math", "theoremqa") and str(reference) not in "abcd":
        return str(float(str(reference)) * 1.5 + 7.25)
    if str(reference) in "abcd":
        return "abcd"[("abcd".index(str(reference)) + 1) % 4].upper()
    return "Napoleon" if str(reference) not in ("yes", "no") else ("no" if reference == "yes" else "yes")


async def play(tools: list[Any], calls: list[list[Any]]) -> None:
    """Make calls, one after another, in a thread, as an agent's are."""
    named = {tool.__name__: tool for tool in tools}
    for name, *args in calls:
        await asyncio.to_thread(named[name], *args)


async def graded(suite: Suite, task: Task, answer: str | None, calls: list[list[Any]], sandbox: Any) -> tuple[bool, bool]:
    """Whether an attempt is right, and whether the original would have said so."""
    tools = suite.tools(task)
    try:
        await play(tools, calls)
        corrected = await Grader(suite, task, tools, sandbox)(answer, None)
        theirs = await Grader(suite, task, tools, sandbox, suite.grading("original"))(answer, None)
        return corrected.success, theirs.success
    finally:
        for tool in tools:
            if hasattr(tool, "close"):
                tool.close()


async def main(data: Path, subsets: list[str]) -> int:
    """Go through the tasks, and print the table."""
    suite = read("mint", data=data, options={"subset": list(subsets)} if subsets else None)
    settings = config.load()
    sandbox = sandbox_of(settings, events.Limits())
    table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    faults = []
    for task in suite.tasks:
        began, row, house = time.perf_counter(), table[task.domain], "game" in task.data
        expert: Any = task.data.get("expert", [])
        silent = await graded(suite, task, None, [], sandbox) if not house else (False, False)
        wrong = await graded(suite, task, wrong_answer(task) if not house else "done", [["look"]] if house else [], sandbox)
        right = await graded(suite, task, answer_of(task), expert, sandbox)
        row["tasks"] += 1
        row["start"] += 1
        row["silent"] += not silent[0]
        row["wrong"] += not wrong[0]
        row["right"] += right[0]
        row["original: wrong"] += not wrong[1]
        row["original: right"] += right[1]
        row["seconds"] += time.perf_counter() - began
        print(f"{sum(each['tasks'] for each in table.values()):.0f}/{len(suite.tasks)} {task.id}", end="\r", file=sys.stderr, flush=True)
        if silent[0] or wrong[0] or not right[0]:
            faults.append(task.id)
            print(f"{task.id}: silent {silent}, wrong {wrong}, right {right}", flush=True)
    show(table)
    return 1 if faults else 0


def show(table: dict[str, dict[str, float]]) -> None:
    """The table, with a line for all."""
    rows = [*table.items(), ("all", {name: sum(row[name] for row in table.values()) for name in COLUMNS})]
    print("| subset | " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * (len(COLUMNS) + 1))
    for name, row in rows:
        print(f"| {name} | " + " | ".join(f"{row[column]:.0f}" for column in COLUMNS) + " |")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(Path(sys.argv[1]), sys.argv[2:])))
