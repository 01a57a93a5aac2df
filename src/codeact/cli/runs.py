"""`codeact runs`: runs that are kept in a database.

Invariant: nothing is written but what `rm` removes, and that only after a yes. It does not: run anything, or make a database.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
from rich.table import Table

from codeact import config, errors
from codeact.cli import export, show
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.options import as_json, whole
from codeact.cli.screen.consoles import result_console

try:
    from codeact.store.kept import Store, open_store
except ModuleNotFoundError as error:
    if error.name is None or error.name.split(".")[0].startswith("codeact"):
        raise
    raise errors.MissingExtraError(error.name, "serve", "the database of runs") from None

T = TypeVar("T")

FORMATS = ("jsonl", *export.FORMATS)
STATES = ("running", "waiting", "answered", "gave_up", "limit", "error", "cancelled")
_SHOWN_ID = 12

database = click.option(
    "--database", metavar="ADDRESS", help="A path (SQLite), or postgresql://USER@HOST/NAME; without it, a file in the user's data folder."
)


def at_work(address: str | None, work: Callable[[Store], Awaitable[T]], *, make: bool = False) -> T:
    """Open the database, do the work, close it.

    Args:
        address: of the database; None: as the settings say.
        work: is given the store.
        make: whether a database that is not there is made.

    Raises:
        ConfigError, InputError, StoreError: the database cannot be opened, or the work fails.
    """

    async def do() -> T:
        store = await open_store(config.database_address(config.load(database=address)), make=make)
        try:
            return await work(store)
        finally:
            await store.aclose()

    return asyncio.run(do())


def when(seconds: float | None) -> str:
    """A time for people, of this place; empty for none."""
    return "" if seconds is None else datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


@click.group(epilog="Example:  codeact runs list --state running")
def command() -> None:
    """List, read, export and remove runs that are kept in a database (see `codeact serve`).

    The beginning of a run's id is enough where no other begins so.
    """


@command.command("list", epilog="Example:  codeact runs list --search prices --limit 10")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only runs in this state; may be repeated.")
@click.option("--search", default="", metavar="WORDS", help="Only runs with these words in the task or the answer.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="How many, the newest first.")
@as_json
@database
def list_(states: Sequence[str], search: str, limit: int, as_json: bool, database: str | None) -> Exit:
    """List runs, the newest first."""
    found = at_work(database, lambda store: store.runs(states=states, search=search, most=limit))
    if as_json:
        click.echo(json.dumps([asdict(run) for run in found], indent=1))
        return Exit.OK
    if not found:
        click.echo("codeact: no such runs are kept" if states or search else "codeact: no runs are kept", err=True)
        return Exit.OK
    table = Table("id", "when", "state", "turns", "model", "title", box=None, pad_edge=False, header_style="")
    for column in table.columns:
        column.no_wrap = True
    table.columns[-1].overflow = "ellipsis"
    for run in found:
        title = " ".join(clean(run.title).split())
        table.add_row(clean(run.id[:_SHOWN_ID]), when(run.created), run.state, str(run.turns), clean(run.model), title)
    result_console().print(table)
    return Exit.OK


@command.command("show", epilog="Example:  codeact runs show 3f2a | less")
@click.argument("run_id")
@as_json
@whole
@database
def show_(run_id: str, as_json: bool, whole: bool, database: str | None) -> Exit:
    """Read a run: task, thoughts, code, output, answer. Long output is folded."""

    async def read(store: Store) -> Exit:
        show.tell(await store.read((await store.named(run_id)).id), as_json=as_json, whole=whole)
        return Exit.OK

    return at_work(database, read)


@command.command("rm", epilog="Example:  codeact runs rm 3f2a 77b0")
@click.argument("run_ids", nargs=-1, required=True, metavar="RUN_ID...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database
def remove(run_ids: Sequence[str], yes: bool, database: str | None) -> Exit:
    """Remove runs, with the files that no other run was given. One that is worked on ends with an error."""
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("runs are removed after a yes, and standard input is no terminal to ask on: give --yes")

    async def find(store: Store) -> dict[str, str]:
        found = [await store.named(run_id) for run_id in run_ids]
        return {run.id: run.title for run in found}

    async def drop(store: Store) -> None:
        for run_id in found:
            await store.remove(run_id)
            click.echo(f"removed: {run_id}", err=True)

    found = at_work(database, find)
    if not yes:
        for run_id, title in found.items():
            click.echo(clean(f"{run_id}  {' '.join(title.split())}"), err=True)
        if not click.confirm("remove for ever?", err=True):
            return Exit.CANCELLED
    at_work(database, drop)
    return Exit.OK


@command.command("export", epilog="Example:  codeact runs export 3f2a -o run.jsonl")
@click.argument("run_id")
@export.target_options(FORMATS)
@database
def export_(run_id: str, target: str | None, output: Path | None, database: str | None) -> Exit:
    """Write a run as the file that `codeact show` reads (jsonl), as a notebook (ipynb), Markdown (md) or chat messages (chat)."""
    chosen = export.choose(target, output, FORMATS)

    async def text(store: Store) -> str:
        run = await store.named(run_id)
        return await store.as_file(run.id) if chosen == "jsonl" else export.FORMATS[chosen](await store.read(run.id))

    export.deliver(at_work(database, text), output)
    return Exit.OK
