"""The gradings of MINT, corrected and as the original's, held against the verdicts in recorded runs of real models.

    python benchmarks/mint_gradings.py DATA [--list] [SUBSET ...]

DATA is the folder that holds `processed` and `recorded`. Each answer with a verdict counts once; those of code tasks run in the sandbox.
The column `unlike the record` says how often the original's grading, told again, is not what the record says: that should be nearly never.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codeact import config, events
from codeact.bench.grading import Grader, sandbox_of
from codeact.bench.suite import read
from codeact.bench.suites.mint.tasks import SUBSETS

COLUMNS = ("answers", "recorded right", "unlike the record", "corrected right", "now right", "now wrong")
_SOLUTION = re.compile(r"<solution>(.*?)</solution>", re.DOTALL)
_WRONG = "Observation:\nYour answer is wrong"


def verdicts(folder: Path, subset: str) -> Iterator[tuple[str, str, bool]]:
    """Task, answer and verdict, of all models."""
    for path in sorted(folder.glob(f"*/*/{subset}/results.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            turns = record["state"]["history"][1:]
            for turn, after in zip(turns, [*turns[1:], None], strict=True):
                found = _SOLUTION.search(turn["content"]) if turn["role"] == "assistant" else None
                if found and (after is None or after["content"].startswith(_WRONG)):
                    yield f"{subset}/{record['task']['task_id']}", found.group(1), after is None and bool(record["state"]["success"])


async def compare(data: Path, subset: str, shown: bool) -> Counter[str]:
    """Counts of one subset."""
    suite = read("mint", data=data, options={"subset": subset})
    tasks = {task.id: task for task in suite.tasks}
    sandbox = sandbox_of(config.load(), events.Limits())
    few = asyncio.Semaphore(4)
    rows = list(verdicts(data / "recorded", subset))

    async def both(name: str, answer: str) -> tuple[bool, bool]:
        async with few:
            made = [await Grader(suite, tasks[name], [], sandbox, check)(answer, None) for check in (None, "python:original")]
        return made[0].success, made[1].success

    different = list(dict.fromkeys((name, answer) for name, answer, _ in rows))
    known = dict(zip(different, await asyncio.gather(*(both(*each) for each in different)), strict=True))
    counts: Counter[str] = Counter()
    for name, answer, recorded in rows:
        corrected, original = known[name, answer]
        counts += Counter(
            {
                "answers": 1,
                "recorded right": recorded,
                "unlike the record": original != recorded,
                "corrected right": corrected,
                "now right": corrected and not recorded,
                "now wrong": recorded and not corrected,
            }
        )
        if shown and (original != recorded or corrected != recorded):
            print(f"{name}: recorded {recorded}, original {original}, corrected {corrected}: {answer.strip()[:160]!r}", flush=True)
    return counts


async def main(data: Path, subsets: list[str], shown: bool) -> None:
    """The table."""
    rows = {subset: await compare(data, subset, shown) for subset in subsets or [name for name in SUBSETS if name != "alfworld"]}
    print("| subset | " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * (len(COLUMNS) + 1))
    for name, counts in [*rows.items(), ("all", sum(rows.values(), Counter()))]:
        print(f"| {name} | " + " | ".join(str(counts[column]) for column in COLUMNS) + " |")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--list"]
    if not words:
        sys.exit(__doc__)
    asyncio.run(main(Path(words[0]), words[1:], "--list" in sys.argv))
