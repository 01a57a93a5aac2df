"""Recorded runs of real models through our parser, session and graders: tables of how they compare with what was recorded.

    python benchmarks/recorded_runs.py DATA [--models M ...] [--subsets S ...] [--limit N] [--jobs N] [--out DIR]

DATA is the folder with `processed/` (the tasks of github.com/xingyaoww/mint-bench) and `recorded/` (MODEL/DOMAIN/SUBSET/results.jsonl).
What was played is kept in the folder of --out, and not played again. `--tables` only prints the tables of what is there, and `--examples
CLASS` shows actions of a class. It does not: ask a model, or use the network.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from codeact import config, errors
from codeact.bench import suite
from codeact.bench.recorded import lines, runner
from codeact.bench.recorded.lines import PlayedRun
from codeact.bench.recorded.report import Report

_EVERY = 100
_WIDTH = 600


def main() -> None:
    """Read the arguments, play, print."""
    options = _options()
    try:
        report = Report.of(lines.read(options.out / runner.PLAYED)) if options.tables else asyncio.run(_play(options))
    except errors.CodeactError as error:
        sys.exit(str(error))
    print(report.markdown())
    if options.examples:
        _examples(report, options.examples)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with processed/ and recorded/ in it")
    parser.add_argument("--models", nargs="+", help="only of these models [all]")
    parser.add_argument("--subsets", nargs="+", help="only of these subsets [all]")
    parser.add_argument("--limit", type=int, help="runs of each model in each subset [all]")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time [2]")
    parser.add_argument("--out", type=Path, default=Path("recorded-runs"), help="folder for what was played [recorded-runs]")
    parser.add_argument("--tables", action="store_true", help="play nothing, print the tables of what is there")
    parser.add_argument("--examples", metavar="CLASS", help="show actions whose difference has a class that begins so")
    return parser.parse_args()


async def _play(options: argparse.Namespace) -> Report:
    tasks = suite.read("mint", data=options.data, options={"subset": options.subsets} if options.subsets else None)
    began, played, actions = time.perf_counter(), 0, 0

    def progress(run: PlayedRun, done: int, total: int) -> None:
        nonlocal played, actions
        played += 1
        actions += sum(seen is not None for turn in run.turns for seen in (turn.seen, turn.joined, turn.again))
        if played % _EVERY == 0 or done == total:
            seconds = time.perf_counter() - began
            print(
                f"{done}/{total} runs, {actions / seconds:.1f} actions/s, {(total - done) * seconds / played:.0f} s left", file=sys.stderr
            )

    return await runner.play(
        options.data / "recorded",
        suite=tasks,
        out=options.out,
        settings=config.load(),
        models=options.models,
        subsets=options.subsets,
        limit=options.limit,
        jobs=options.jobs,
        on_progress=progress,
    )


def _examples(report: Report, wanted: str) -> None:
    for run, judgements in zip(report.runs, report.judgements, strict=True):
        for turn, judgement in zip(run.turns, judgements, strict=True):
            if judgement is not None and judgement.why.startswith(wanted):
                print(f"\n### {judgement.why}: {run.model} {run.task}\n{turn.theirs.text[-_WIDTH:]}")
                print(f"--- recorded\n{(turn.shown or '')[-_WIDTH:]}")
                print(f"--- here\n{(turn.joined or turn.seen)!r}"[:_WIDTH])


if __name__ == "__main__":
    main()
