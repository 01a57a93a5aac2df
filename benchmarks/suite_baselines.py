"""The baselines of a suite: its oracle has to solve all of it in every format, silence none of it, and guesses next to none.

    python benchmarks/suite_baselines.py m3
    python benchmarks/suite_baselines.py m3 --variants 200 --seed 7
    python benchmarks/suite_baselines.py mint --data DIR --jobs 2

Everything runs as a bench does: real agents, real sessions, real tools, and policies for models. In `oracle:single` one call is made a
turn, even where several could be made side by side; in code there is no difference. Printed are, for each domain and over all, the share
of tasks that succeeded, and the mean and highest numbers of turns (the answer is one) and of calls that reached a tool. Status 1: the
oracle is under 100 %, silence above 0 %, or a guess above 5 %.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from codeact import config
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.results import Result
from codeact.bench.runner import Runner

ALL = ("oracle", "silent", "guess")
BOUNDS = {"oracle": (1.0, 1.0), "oracle:single": (1.0, 1.0), "silent": (0.0, 0.0), "guess": (0.0, 0.05)}
"""Least and highest share of successes that a baseline may have."""


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Run the baselines of a suite.")
    parser.add_argument("suite", help="name of one, or a folder")
    parser.add_argument("--data", type=Path, help="folder of the original's data")
    parser.add_argument("--variants", type=int, help="number of variants, for suites that make them up")
    parser.add_argument("--seed", type=int, default=0, help="of what a suite makes up")
    parser.add_argument("--rule", help="name of a rule, in place of the suite's own")
    parser.add_argument("--jobs", type=int, default=2, help="attempts side by side")
    parser.add_argument("--out", type=Path, help="folder for results that are to be kept; a run that was cut short goes on there")
    return parser.parse_args()


async def run(suite: suites.Suite, chosen: argparse.Namespace, out: Path) -> list[Result]:
    """All baselines; `oracle:single` where a turn may have several calls."""
    formats = suite.manifest.formats
    several = [name for name in formats if name != "code"]
    settings, results = config.load(), list[Result]()
    for names, where, folder in ((ALL, formats, "all"), (("oracle:single",), several, "single")):
        if where:
            planned = plans.plan(suite, settings, models=names, formats=where, rule=chosen.rule)
            results += await Runner(planned, suite, settings, out / folder, jobs=chosen.jobs, on_progress=_told).arun()
    return results


def _told(_: Result, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        print(f"{done}/{total}", end="\r" if done < total else "\n", file=sys.stderr, flush=True)


def lines(results: Sequence[Result]) -> Iterator[str]:
    """The table."""
    yield f"{'':37}{'baseline':15}{'format':7}{'success':>13}{'turns':>14}{'calls':>14}"
    for domain in [*dict.fromkeys(result.domain for result in results), "all domains"]:
        rows = [result for result in results if domain in (result.domain, "all domains")]
        for model, format in dict.fromkeys((result.model, result.format) for result in rows):
            some = [result for result in rows if (result.model, result.format) == (model, format)]
            right = sum(result.score.success for result in some)
            numbers = "".join(f"{sum(each) / len(each):>9.2f}{max(each):>5}" for each in ([r.turns for r in some], [r.calls for r in some]))
            yield f"{domain:37}{model:15}{format:7}{right:>5}/{len(some):<4}{100 * right / len(some):>3.0f}%{numbers}"


def faults(results: Sequence[Result]) -> Iterator[str]:
    """What is not as it has to be."""
    for model, format in dict.fromkeys((result.model, result.format) for result in results):
        some = [result for result in results if (result.model, result.format) == (model, format)]
        share = sum(result.score.success for result in some) / len(some)
        least, most = BOUNDS[model]
        if not least <= share <= most:
            yield f"{model} in {format}: {100 * share:.1f} % succeed, which is not between {100 * least:g} and {100 * most:g} %"
        for result in some:
            if result.score.success != (least == 1) and model != "guess":
                yield f"  {result.task}: {result.state}, answer {result.answer!r}, {result.score.reason or result.reason}"


def main() -> int:
    """Run, print, and say by the status whether all is as it has to be."""
    chosen = options()
    given = {} if chosen.variants is None else {"variants": chosen.variants}
    suite = suites.read(chosen.suite, data=chosen.data, seed=chosen.seed, options=given)
    with tempfile.TemporaryDirectory() as scratch:
        results = asyncio.run(run(suite, chosen, chosen.out or Path(scratch)))
    print(f"suite {suite.name}, {len(suite.tasks)} tasks, fingerprint {suite.fingerprint}, rule {chosen.rule or suite.manifest.rule}")
    print("\n".join(lines(results)))
    wrong = list(faults(results))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
