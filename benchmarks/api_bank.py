"""API-Bank's recorded calls made again with our tools: how many give what the record says, and what the others give.

    python benchmarks/api_bank.py FOLDER      the original's data (DAMO-ConvAI, Apache-2.0): lv1-lv2-samples and init_database

Each call is made on tables as the earlier calls of its dialogue left them; then the right call is graded as an attempt would be, and, as a
foil, the next task's call in its place, if it is another. It asserts nothing: the tests are in tests/bench/api_bank.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from codeact.bench import suite as suites
from codeact.bench.suites.api_bank import dialogues
from codeact.bench.suites.api_bank.catalogue import functions, typed
from codeact.bench.suites.api_bank.checks import called, wanted
from codeact.bench.suites.api_bank.comparing import difference
from codeact.bench.suites.api_bank.tools import desk as desk_of
from codeact.bench.suites.api_bank.tools import make_tools

SHOWN = 60


def outputs(data: Path) -> dict[str, object]:
    """What the record says that each call gave, by the id of its task."""
    found: dict[str, object] = {}
    for dialogue in dialogues.read(data):
        turns = [turn for turn in dialogue.turns if turn.tool]
        found |= {f"{dialogue.level}/{dialogue.name}/{number}": turn.output for number, turn in enumerate(turns)}
    return found


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    record = outputs(data)
    for level in (1, 2):
        tasks = suites.read("api-bank", data=data, options={"level": level}).tasks
        silent = lambda name, arguments: dialogues.MISSING  # noqa: E731
        alone: Counter[str] = Counter()
        same: Counter[str] = Counter()
        total: Counter[str] = Counter()
        right = wrong = foils = 0
        lines: list[str] = []
        for task in tasks:
            name = task.tags[1]
            total[name] += 1
            made = wanted(task, data)
            if made.error is None and made.value == record[task.id]:
                same[name] += 1
            else:
                lines.append(f"  {task.id}: {(made.error or repr(made.value))[:140]} for {repr(record[task.id])[:100]}")
            desk = desk_of(task, data)
            desk.recall = silent
            call: Any = task.data["call"]
            try:
                value = functions(desk)[call["tool"]](**typed(call["tool"], call["arguments"]))
                alone[name] += value == record[task.id]
            except ValueError:
                pass
            tools = make_tools(task, data)
            {tool.spec.name: tool for tool in tools}[name](**made.arguments)
            right += called(task, tools, data).success
        for one, other in zip(tasks, [*tasks[1:], tasks[0]], strict=True):
            if one.data["call"] != other.data["call"]:
                foils += 1
                wrong += not difference(wanted(other, data), wanted(one, data))
        print(f"level {level}: {len(tasks)} calls of {len(total)} tools; {sum(same.values())} give what the record says,", end=" ")
        print(f"{sum(alone.values())} without it; {right} right calls are graded right, and {wrong} of {foils} foils")
        lacking = {name: f"{total[name] - alone[name]} of {total[name]}" for name in total if alone[name] < total[name]}
        print("  not without the record:", lacking)
        print(*lines[:SHOWN], sep="\n")


if __name__ == "__main__":
    main()
