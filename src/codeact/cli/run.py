"""`codeact run`: answer a question by running Python.

Invariant: standard output gets the answer and nothing else (with --json, one document and nothing else); progress goes to standard
error. It does not: keep state between two calls.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click
from pydantic import JsonValue

from codeact import build
from codeact.cli import exits, options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen.consoles import progress_console, result_console
from codeact.cli.screen.live import Live
from codeact.cli.screen.render import print_answer
from codeact.config import Settings
from codeact.events import Failed, LimitReached, RunEnded

ANSWER_TYPES: dict[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "json": dict[str, JsonValue] | list[JsonValue] | float | bool | None,
}


@click.command(epilog='Example:  codeact run "Which month sold most?" --file sales.csv --save run.jsonl')
@click.argument("task", nargs=-1, required=True)
@options.model_options
@options.files
@options.tool_options
@options.ask
@options.session_options
@click.option("--cell-timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Seconds that one action may take.")
@click.option("--answer-type", type=click.Choice(list(ANSWER_TYPES)), help="What the answer must be; another one goes back to the model.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Copy the files that the actions made to this folder.")
@options.save_options
@click.option("--quiet", "-q", is_flag=True, help="No progress on standard error.")
@options.as_json
def command(**chosen: Any) -> Exit:
    """Answer a question by running Python. TASK - reads it from standard input.

    The answer alone goes to standard output, progress to standard error. Ctrl-C once stops the action that runs, twice the run.
    """
    task = sys.stdin.read() if chosen["task"] == ("-",) else " ".join(chosen["task"])
    if not task.strip():
        raise click.UsageError('the task is empty; write what to do, for example: codeact run "What is 2**100?"')
    return asyncio.run(_run(task.strip(), options.settings(chosen), chosen))


async def _run(task: str, settings: Settings, chosen: dict[str, Any]) -> Exit:
    progress, results = progress_console(), result_console()
    progress.quiet = chosen["quiet"]
    shown_live = results.is_terminal and not chosen["as_json"]
    places = options.places(settings, chosen)
    answer_type = ANSWER_TYPES.get(chosen["answer_type"] or "")
    live = Live(settings, places, progress, results if shown_live else None, answer_type=answer_type, ask=chosen["ask"])
    try:
        run = await live.ask(task, chosen["files"])
        copied = live.copy_files()
    finally:
        await live.close()
        if live.trajectory.path is not None:
            live.screen.note(f"saved to {live.trajectory.path}")
    for line in copied:
        live.screen.note(line)
    if chosen["as_json"]:
        click.echo(json.dumps(document(run, live), indent=1))
    elif run is not None and run.answer is not None and not shown_live:
        print_answer(results, run.answer)
    failed = live.trajectory.last(Failed)
    code = exits.of_run(run.state if run else "cancelled", failed.boundary if failed else "")
    if code is not Exit.OK and chosen["quiet"] and run is not None:
        click.echo(clean(f"codeact: {run.state}: {run.reason}"), err=True)
    return code


def document(run: build.Run | None, live: Live) -> dict[str, Any]:
    """What --json prints."""
    ended = live.trajectory.last(RunEnded) or RunEnded(state="cancelled")
    failed, limit = live.trajectory.last(Failed), live.trajectory.last(LimitReached)
    return {
        "state": ended.state,
        "answer": run.answer if run else None,
        "value": _value(run),
        "reason": ended.reason,
        "turns": ended.turns,
        "seconds": ended.seconds,
        "usage": ended.usage.model_dump(),
        "limit": limit.limit.model_dump() if limit else None,
        "error": {"boundary": failed.boundary, "kind": failed.kind, "message": failed.message} if failed else None,
        "figures": [str(path) for path in live.figures.saved],
        "trajectory": str(live.trajectory.path) if live.trajectory.path else None,
    }


def _value(run: build.Run | None) -> JsonValue:
    """Only types of `ANSWER_TYPES` come here, which JSON holds as they are."""
    return run.value if run is not None else None
