"""`codeact data`: tasks are made up and done, runs become examples, examples are counted and written for other tools.

Invariant: generation goes on from where it stopped; files are written whole or not at all. Standard output gets the table (with --json, one
document and nothing else), progress goes to standard error. It does not: decide what is kept; `codeact.data` does.
"""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter
from rich import box
from rich.table import Table

from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.runner import Runner
from codeact.bench.task import Task
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.screen import attempts
from codeact.cli.screen.consoles import progress_console, result_console
from codeact.data import catalogue, filters, leaks
from codeact.data import example as examples
from codeact.data import export as forms
from codeact.data import stats as counting
from codeact.data.family import SPLITS

TEACHERS = ("oracle", "slipped:oracle")


@click.group(
    epilog="""\b
Examples:
  codeact data generate --count 2000 --out runs-of-experts
  codeact data filter runs-of-experts --out train.jsonl
  codeact data stats train.jsonl
  codeact data export train.jsonl --form sharegpt --out train.sharegpt.jsonl"""
)
def command() -> None:
    """Make training data: runs of made-up tasks, filtered into examples."""


@command.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the runs; it is gone on with.")
@click.option("--count", type=click.IntRange(min=1), default=700, show_default=True, help="How many tasks.")
@click.option("--split", type=click.Choice(SPLITS), default="train", show_default=True, help="Which tasks.")
@click.option("--task-seed", type=int, default=0, show_default=True, help="Changes all tasks.")
@click.option("--domain", default="", help="Only these domains, with commas between.")
@click.option("--family", default="", help="Only these families, with commas between.")
@click.option(
    "--model",
    "-m",
    "models",
    multiple=True,
    default=TEACHERS,
    show_default=True,
    help="Who does them: any model; oracle: the experts; slipped:NAME: begins with a mistake (slipped:slipped:NAME: made twice). "
    "May be repeated.",
)
@click.option("--format", "formats", default="code", show_default=True, help="How actions are written, with commas between.")
@click.option("--repeats", type=click.IntRange(min=1), default=1, show_default=True, help="How often each task is done.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), default=2, show_default=True, help="Runs side by side.")
@click.option("--max-turns", type=click.IntRange(min=1), help="Model turns of a run, in place of the suite's bound.")
@click.option("--temperature", type=click.FloatRange(min=0), help="Sampling temperature; 0 is greedy.")
@click.option("--max-tokens", type=click.IntRange(min=1), help="Most tokens of one model turn.")
@click.option("--seed", type=int, help="Seed for sampling.")
@click.option("--slots", type=click.IntRange(min=1), help="Requests that a local model computes at once.")
@click.option("--base-url", help="Address of an OpenAI-compatible server.")
@click.option("--grammar/--no-grammar", default=None, help="Hold models to the format's grammar.")
@options.session_options
@click.option("--quiet", "-q", is_flag=True, help="No progress on standard error.")
def generate(**chosen: Any) -> Exit:
    """Make up tasks, and have teachers do them in the sandbox."""
    settings = options.settings({**chosen, "timeout": None, "max_turns": None})
    made = {name: chosen[name] for name in ("count", "split", "domain", "family")}
    suite = suites.read("instruct", seed=chosen["task_seed"], options=made)
    formats = [name.strip() for name in chosen["formats"].split(",") if name.strip()]
    plan = plans.plan(
        suite, settings, models=chosen["models"], formats=formats, repeats=chosen["repeats"], limits={"turns": chosen["max_turns"]}
    )
    console = progress_console()
    console.quiet = chosen["quiet"]
    try:
        results = asyncio.run(attempts.run(Runner(plan, suite, settings, chosen["out"], jobs=chosen["jobs"]), console))
    except asyncio.CancelledError:  # by SIGTERM
        return Exit.CANCELLED
    right = sum(result.score.success for result in results)
    click.echo(f"{len(results)} runs, {right} of them right; next: codeact data filter {chosen['out']} --out train.jsonl")
    return Exit.OK


@command.command(name="filter")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File of the examples.")
@click.option("--min-turns", type=click.IntRange(min=1), default=1, show_default=True, help="Fewer make no example.")
@click.option("--max-chars", type=click.IntRange(min=1), default=6000, show_default=True, help="Of a whole conversation.")
@click.option("--per-task", type=click.IntRange(min=1), default=4, show_default=True, help="Runs of one task, at most.")
@click.option("--per-domain", type=click.IntRange(min=1), help="Examples of one domain, at most.")
@click.option(
    "--self-debug", type=click.FloatRange(0, 0.9), default=0.25, show_default=True, help="Least share of runs with a mended mistake."
)
@click.option("--learn-failures/--no-learn-failures", default=False, show_default=True, help="Failed actions are learned too.")
@click.option("--check-leaks/--no-check-leaks", default=True, show_default=True, help="Leave out tasks that give away held-out ones.")
@click.option("--questions", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="More tasks that must not leak.")
@options.as_json
def filter_runs(folders: Sequence[Path], out: Path, as_json: bool, check_leaks: bool, questions: Path | None, **rules: Any) -> Exit:
    """Keep the runs that are worth learning from; says how many each step lets through."""
    runs = list(filters.read_runs(folders))
    leaking = set[str]()
    if check_leaks:
        report = leaks.check_all(_tasks(run.result.task for run in runs), questions=questions)
        leaking = {pair.trained for pair in report.pairs}
    kept, steps = filters.kept(runs, filters.Rules(**rules), leaking)
    examples.write(out, kept)
    if runs and not kept:
        click.echo(f"codeact: nothing is kept: {_none_passed(steps)}", err=True)
    if as_json:
        click.echo(TypeAdapter(list[filters.Passed]).dump_json(steps, indent=1).decode())
        return Exit.OK
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("step", "rule", "runs", "kept"):
        table.add_column(name, justify="right" if name in ("runs", "kept") else "left")
    for step in steps:
        table.add_row(step.name, step.rule, f"{step.came:,}", f"{step.passed:,}")
    result_console().print(table)
    return Exit.OK


def _none_passed(steps: Sequence[filters.Passed]) -> str:
    """Which step let none through, and what can be done about it."""
    step = next(step for step in steps if not step.passed)
    came = f"none of the {step.came} runs that came to the step {step.name!r}"
    if step is steps[-1]:
        return f"in {came} a mistake is mended; --self-debug 0 keeps them"
    return f"{came} passes ({step.rule})"


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.as_json
def stats(file: Path, as_json: bool) -> Exit:
    """Count a file of examples, beside the paper's data."""
    counted = counting.stats(list(examples.read(file)))
    if as_json:
        click.echo(counted.model_dump_json(indent=1))
        return Exit.OK
    about = "" if counted.exact else "about "
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("domain", "runs", "turns", "actions", "tokens", "learned", "self-debug"):
        table.add_column(name, justify="left" if name == "domain" else "right")
    for row in (*counted.rows, counting.PAPER):
        table.add_row(*_cells(row, about if row is not counting.PAPER else ""))
    result_console().print(table)
    teachers = ", ".join(f"{name} {count:,}" for name, count in counted.teachers.items())
    click.echo(f"{counted.families} families; teachers: {teachers}")
    return Exit.OK


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--form", type=click.Choice(forms.NAMES), default="chat", show_default=True, help="Which form.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
def export(file: Path, form: str, out: Path) -> Exit:
    """Write examples for other tools: chat lines, CodeActInstruct, ShareGPT, ATIF, Parquet."""
    done = forms.write(examples.read(file), form, out)
    click.echo(f"{done} examples: {out}")
    return Exit.OK


@command.command(name="leaks")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--count", type=click.IntRange(min=1), default=210, show_default=True, help="Tasks of each held-out split to look at.")
@click.option("--task-seed", type=int, default=0, show_default=True, help="Of those tasks.")
@click.option("--questions", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="More tasks that must not leak.")
@options.as_json
def leak_check(file: Path, count: int, task_seed: int, questions: Path | None, as_json: bool) -> Exit:
    """Look for what training must not have seen: held-out tasks, and those of the suites. Fails if anything is found."""
    report = leaks.check_all(_tasks(one.task for one in examples.read(file)), count=count, seed=task_seed, questions=questions)
    if as_json:
        click.echo(report.model_dump_json(indent=1))
    else:
        looked = ", ".join(f"{place} {many:,}" for place, many in report.measured.items())
        click.echo(f"{report.trained:,} tasks of training against {looked}: {len(report.pairs)} pairs, {len(report.tools)} names of tools")
    report.demand_clean()
    return Exit.OK


def _tasks(names: Iterable[str]) -> list[Task]:
    return [catalogue.task_of(name) for name in dict.fromkeys(names)]


def _cells(row: counting.Row, about: str) -> list[str]:
    """A line of the table; what is not known is left empty."""
    turns, actions = (f"{value:.1f}" if value else "" for value in (row.turns, row.actions))
    learned = f"{about}{row.learned:,}" if row.learned else ""
    return [row.name, f"{row.runs:,}", turns, actions, f"{about}{row.tokens:,}", learned, f"{row.self_debug:.0%}" if row.turns else ""]
