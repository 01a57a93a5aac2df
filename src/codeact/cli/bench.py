"""`codeact bench`: run a suite of tasks, and say how well each model and format did.

Invariant: what is done is kept, whatever ends the command; the same command goes on from there. Standard output gets the table (with
--json, one document and nothing else), progress goes to standard error. It does not: grade or count; `codeact.bench` does.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from codeact import config, errors
from codeact.bench import plan as plans
from codeact.bench import suite as suites
from codeact.bench.recorded import runner as playing
from codeact.bench.report import comparison, words, writing
from codeact.bench.runner import Runner
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen import attempts
from codeact.cli.screen.consoles import progress_console, result_console

_MAY_GO = ("cached", "cost")
BASELINES = ("silent", "guess", "oracle")


@click.command(
    epilog="""\b
Examples:
  codeact bench m3 --model local --format code,json,text --repeats 3 --out m3-local
  codeact bench ./my_suite --model openai:gpt-5 --out results --jobs 8
  codeact bench --compare before after

The same command goes on where it stopped. Models are named as everywhere, or: silent, guess, oracle, oracle:single, flawed:RATE."""
)
@click.argument("suite", required=False)
@click.option("--model", "-m", "models", multiple=True, help="Who does the tasks; may be repeated. Without it, the model of the settings.")
@click.option(
    "--format",
    "formats",
    metavar="code,json,text",
    help="How actions are written, with commas between; without it, all that the suite has.",
)
@click.option("--repeats", type=click.IntRange(min=1), default=1, show_default=True, help="How often each task is attempted.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the results; one with results of the same plan is gone on with.",
)
@click.option("--jobs", "-j", type=click.IntRange(min=1), default=2, show_default=True, help="Attempts side by side.")
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), help="Folder of the original's data, for suites that have none of their own."
)
@click.option(
    "--option", "given", multiple=True, metavar="KEY=VALUE", help="More that the suite takes, for example variants=200; may be repeated."
)
@click.option("--suite-seed", type=int, default=0, show_default=True, help="Seed of suites that make tasks up.")
@click.option("--task", "tasks", multiple=True, help="Only this task; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="Only tasks with this tag; may be repeated.")
@click.option("--rule", help="Which answers count, for example strict or retry; without it, the suite's own.")
@click.option("--grading", help="Another way to grade, if the suite has one, for example original.")
@click.option("--baselines/--no-baselines", default=True, help="Run silent, guess and oracle too, to print beside every score.")
@click.option("--compare", nargs=2, type=click.Path(path_type=Path, exists=True, file_okay=False), help="Compare two folders of results.")
@click.option(
    "--recorded",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Play runs recorded elsewhere (MODEL/DOMAIN/SUBSET/results.jsonl) instead of asking a model.",
)
@click.option("--max-turns", type=click.IntRange(min=1), help="Model turns of a run, in place of the suite's bound.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Seconds of a run, in place of the suite's bound."
)
@click.option("--temperature", type=click.FloatRange(min=0), help="Sampling temperature; 0 is greedy.")
@click.option("--max-tokens", type=click.IntRange(min=1), help="Most tokens of one model turn.")
@click.option("--seed", type=int, help="Seed for sampling; each repetition takes the next one.")
@click.option("--slots", type=click.IntRange(min=1), help="Requests that a local model computes at once.")
@click.option("--base-url", help="Address of an OpenAI-compatible server.")
@click.option("--native/--no-native", default=None, help="Write actions as the endpoint's own calls (tools) instead of text.")
@click.option("--grammar/--no-grammar", default=None, help="Hold models to the format's grammar.")
@options.session_options
@click.option("--quiet", "-q", is_flag=True, help="No progress on standard error.")
@options.as_json
def command(**chosen: Any) -> Exit:
    """Run a suite and write its scores and a report.

    SUITE: m3, api-bank, api-bank-small, mint, mint-small, gorilla, instruct, or a folder with a suite.toml.

    Each task is done in a session of its own, in every format, by every model. The folder gets the record of each run, results.jsonl,
    scores.json, and report.html. Ctrl-C stops; the same command goes on.
    """
    if chosen["compare"]:
        return _compare(*chosen["compare"], as_json=chosen["as_json"])
    if chosen["suite"] is None or chosen["out"] is None:
        raise click.UsageError("name a suite and where its results go, for example: codeact bench m3 --out m3-results")
    settings = options.settings({**chosen, "timeout": None, "max_turns": None})
    suite = suites.read(chosen["suite"], data=chosen["data"], seed=chosen["suite_seed"], options=_pairs(chosen["given"]))
    console = progress_console()
    console.quiet = chosen["quiet"]
    if chosen["recorded"]:
        return _play(suite, settings, chosen, console)
    plan = _plan(suite, settings, chosen)
    try:
        asyncio.run(attempts.run(Runner(plan, suite, settings, chosen["out"], jobs=chosen["jobs"]), console))
    except asyncio.CancelledError:  # by SIGTERM
        return Exit.CANCELLED
    report = writing.write(chosen["out"])
    if chosen["as_json"]:
        click.echo(report.scores.json_text, nl=False)
    else:
        result_console().print(_table(report))
    console.print(f"report: {report.page}", soft_wrap=True, highlight=False, markup=False)
    return Exit.OK


def _play(suite: suites.Suite, settings: config.Settings, chosen: dict[str, Any], console: Console) -> Exit:
    """Recorded runs; the tables go to standard output and, as Markdown, to the folder."""

    async def play(on_progress: Any) -> Any:
        return await playing.play(
            chosen["recorded"],
            suite=suite,
            out=chosen["out"],
            settings=settings,
            models=chosen["models"] or None,
            subsets=chosen["tags"] or None,
            jobs=chosen["jobs"],
            on_progress=on_progress,
        )

    with Progress(*attempts.COLUMNS, console=console) as progress:
        bar = progress.add_task("recorded runs", total=None, rate="", note="")

        def on_progress(run: Any, done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total, note=clean(f"{run.model} {run.task}"))

        report = asyncio.run(play(on_progress))
    text = report.markdown()
    (chosen["out"] / "recorded.md").write_text(text, encoding="utf-8")
    click.echo(clean(text))
    return Exit.OK


def _compare(first: Path, second: Path, *, as_json: bool) -> Exit:
    compared = comparison.compare(first, second)
    if as_json:
        click.echo(TypeAdapter(comparison.Comparison).dump_json(compared, indent=1).decode())
    else:
        click.echo(clean(comparison.text(compared)))
    return Exit.OK


def _table(report: writing.Written) -> Table:
    """The summary; a column that says nothing anywhere (no cost, nothing cached) is left out."""
    rows = writing.summary(report.scores, report.times)
    nothing = {words.amount(0), words.money(0)}
    kept = [place for place, name in enumerate(writing.COLUMNS) if name not in _MAY_GO or not {row[place] for row in rows} <= nothing]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place in kept:
        name = writing.COLUMNS[place]
        table.add_column(name, justify="left" if name in ("model", "format") else "right", no_wrap=name != "model", overflow="fold")
    for row in rows:
        table.add_row(*(clean(row[place]) for place in kept))
    return table


def _plan(suite: suites.Suite, settings: config.Settings, chosen: dict[str, Any]) -> plans.Plan:
    formats = tuple(name.strip() for name in (chosen["formats"] or ",".join(suite.manifest.formats)).split(",") if name.strip())
    models = list(chosen["models"] or (settings.model,))
    if chosen["baselines"]:
        models += [name for name in BASELINES if name not in models and (name != "oracle" or suite.has_oracle)]
    return plans.plan(
        suite,
        settings,
        models=models,
        formats=formats,
        repeats=chosen["repeats"],
        tasks=_tasks(suite, chosen["tasks"], chosen["tags"]),
        rule=chosen["rule"],
        grading=chosen["grading"],
        limits={"turns": chosen["max_turns"], "seconds": chosen["timeout"]},
    )


def _tasks(suite: suites.Suite, ids: Sequence[str], tags: Sequence[str]) -> list[str] | None:
    if not tags:
        return list(ids) or None
    there = {tag for task in suite.tasks for tag in task.tags}
    unknown = next((tag for tag in tags if tag not in there), None)
    if unknown is not None:
        raise errors.InputError(f"the suite {suite.name!r} has no task with the tag {unknown!r}; its tags are: {', '.join(sorted(there))}")
    return [*ids, *(task.id for task in suite.tasks if set(tags) & set(task.tags) and task.id not in ids)]


def _pairs(given: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE, the value in JSON or, if it is none, as text."""
    pairs: dict[str, Any] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise click.UsageError(f"the option {pair!r} is not of the form KEY=VALUE, for example variants=200")
        try:
            pairs[key] = json.loads(value)
        except ValueError:
            pairs[key] = value
    return pairs
