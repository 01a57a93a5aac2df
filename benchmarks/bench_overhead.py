"""What the runner of benches adds to the runs themselves, and what running side by side gives.

    python benchmarks/bench_overhead.py [SUITE] [--tasks 60] [--rounds 5] [--jobs 2]

The model is instant: a scripted oracle. Three ways do the same tasks in turns (A B C A B C ...), in the format code:

    one after another  the agent alone, a task at a time, as the original's harness goes: no record on disk, nothing graded, nothing kept
    runner, 1 job      the same through the runner: plan, record of each run, grading, results on disk, each safe before the next
    runner, N jobs     several at a time

The overhead is the second over the first. Medians over the rounds; it asserts no time.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from codeact import build, config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.baselines import baseline
from codeact.bench.plan import Plan
from codeact.bench.runner import Runner

_ERRANDS = Path(__file__).parents[1] / "examples" / "suites" / "errands"


def planned(suite: suites.Suite, settings: config.Settings, tasks: int) -> Plan:
    """The oracle in code on the suite's first tasks, as often as it takes to have as many as are wanted."""
    chosen = [task.id for task in suite.tasks][:tasks]
    return plans.plan(suite, settings, models=["oracle"], formats=["code"], repeats=max(1, tasks // len(chosen)), tasks=chosen)


async def alone(suite: suites.Suite, settings: config.Settings, plan: Plan) -> int:
    """The agent alone, one task after another; the number of answers."""
    tasks, answered = {task.id: task for task in suite.tasks}, 0
    settings = settings.model_copy(update={"format": "code", "limits": plan.limits})
    for key in plan.keys:
        task = tasks[key.task]
        model = baseline("oracle", suite, task, build.format("code"), key.repeat)
        with tempfile.TemporaryDirectory() as aside:
            async with build.agent(settings, model=model, tools=suite.tools(task)) as agent:
                run = await agent.arun(task.prompt, files=suite.files(task, Path(aside)))
        answered += run.answer is not None
    return answered


async def through(suite: suites.Suite, settings: config.Settings, plan: Plan, jobs: int) -> int:
    """The runner; the number of right answers."""
    with tempfile.TemporaryDirectory() as folder:
        results = await Runner(plan, suite, settings, Path(folder) / "out", jobs).arun()
    return sum(result.score.success for result in results)


async def measure(suite: suites.Suite, tasks: int, rounds: int, jobs: int) -> None:
    """Print the table."""
    settings = config.load()
    plan = planned(suite, settings, tasks)
    total = sum(1 for _ in plan.keys)
    ways = {
        "one after another": lambda: alone(suite, settings, plan),
        "runner, 1 job": lambda: through(suite, settings, plan, 1),
        f"runner, {jobs} jobs": lambda: through(suite, settings, plan, jobs),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    await ways["one after another"]()  # the zygote and the caches
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            done = await way()
            seconds[name].append(time.perf_counter() - began)
            assert done == total, f"{name}: {done} of {total}"
    first = statistics.median(seconds["one after another"])
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    print(f"{suite.name}: {total} tasks, {rounds} rounds, load {load}, {os.cpu_count()} processors")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        ratios = [one / other for one, other in zip(taken, seconds["one after another"], strict=True)]
        rate = f"{median:7.2f} s {total / median:7.1f} tasks/s"
        print(f"{name:20} {rate}   {statistics.median(ratios):5.2f} of the first   ({' '.join(f'{each:.2f}' for each in taken)})")
    more = statistics.median(seconds["runner, 1 job"]) / first - 1
    print(f"overhead of the runner: {100 * more:+.1f} %")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", nargs="?", default=str(_ERRANDS))
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    asyncio.run(measure(suites.read(given.suite), given.tasks, given.rounds, given.jobs))
