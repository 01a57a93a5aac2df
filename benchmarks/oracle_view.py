"""The oracle's view: what 20 tasks of several calls take in each format, if nobody errs. There is no model in it.

    python benchmarks/oracle_view.py

The tasks are those of tests/agent/oracles: journeys, trade, a shop's pages, messages to decode, sequences of plants. Each is done by the
real agent in a real session with the real tools; what stands for the model is a policy that knows the prompt, the signatures, and
what it has been shown, and never errs. An answer that is not the task's own, which is computed from the data and with no tool, ends the
script with status 1.

Rules that the policies keep:

- `code` composes what can be written without having seen what comes between, loops and conditions included, and prints the answer in its
  last action. It ends an action to look only where somebody has to read before going on: at a page whose form nobody knows yet. Arithmetic
  is code. It is not told more than the others: the form of what a tool gives is in the docstring.
- `json` and `text` make all calls that can be written already in one turn, side by side; in the columns `single`, one a turn. Comparing,
  counting, sorting, adding and reading cost nothing there: they happen in the head, with no thought written and no tool called.
- The answer is a turn of its own in all three. Nothing but actions and answers is written: no thoughts, no comments.

Calls are those that reached a tool. Tokens (of the local model) are those of all that was written, answers included, and of all that was
shown in reply; prompts are left out, being as long in each format.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from tokens import Tokens

from agent.oracles import TASKS
from agent.oracles.run import done, right

WAYS = {
    "code": ("code", False),
    "json": ("json", False),
    "text": ("text", False),
    "json single": ("json", True),
    "text single": ("text", True),
}
FIGURES = ("turns", "calls", "written", "shown")


async def show() -> int:
    """Print the table; the number of wrong answers."""
    tokens, sums, wrong = Tokens(), Counter[tuple[str, str]](), 0
    print("turns, calls, tokens written, tokens shown")
    print(f"{'':34}" + "".join(f"{way:>27}" for way in WAYS))
    for task in TASKS:
        cells: list[str] = []
        for way, (format, single) in WAYS.items():
            result = await done(task, format, single=single)
            figures = (result.turns, result.calls, sum(map(tokens.count, result.written)), sum(map(tokens.count, result.shown)))
            sums.update({(way, figure): number for figure, number in zip(FIGURES, figures, strict=True)})
            cells.append("{:>4} {:>4} {:>6} {:>6}".format(*figures))
            if not right(task, result.answer):
                wrong += 1
                print(f"WRONG: {task.name}, {way}: {result.answer!r}, not {task.gold()!r}", file=sys.stderr)
        print(f"{task.name:34}" + "".join(f"{cell:>27}" for cell in cells), flush=True)
    for title, count in (("sum", 1), ("a task", len(TASKS))):
        cells = ["{:>5.4g} {:>5.4g} {:>6.4g} {:>6.4g}".format(*(sums[way, figure] / count for figure in FIGURES)) for way in WAYS]
        print(f"{title:34}" + "".join(f"{cell:>27}" for cell in cells))
    tokens.close()
    return wrong


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(show()) else 0)
