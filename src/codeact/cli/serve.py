"""`codeact serve`: agents and sessions over HTTP, kept in a database.

Invariant: standard output is left alone; what there is to say goes to standard error. It does not: know HTTP.
"""

import asyncio
from typing import Any

import click

from codeact import config, errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.runs import database
from codeact.cli.screen.stopping import until_stopped

try:
    from codeact.server import open_files, serving
except ModuleNotFoundError as error:
    if error.name is None or error.name.split(".")[0].startswith("codeact"):
        raise
    raise errors.MissingExtraError(error.name, "serve", "`codeact serve`") from None


@click.command(epilog="Example:  codeact serve --model local --tools shop.py")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; one that others reach needs a key.")
@click.option("--port", type=click.IntRange(0, 65535), default=serving.DEFAULT_PORT, show_default=True, help="0 takes a free one.")
@database
@click.option(
    "--runs", type=click.IntRange(min=1), default=16, show_default=True, help="Runs that are worked on at once; more are answered with 429."
)
@click.option(
    "--sessions", type=click.IntRange(min=1), default=32, show_default=True, help="Sessions without an agent that are awake at once."
)
@click.option(
    "--idle",
    type=click.FloatRange(min=0, min_open=True, max=1e9),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="What nobody uses for so long is put to sleep; it wakes when it is used.",
)
@click.option("--need-key", is_flag=True, help="Ask for a key on loopback too. Once a key was made, one is always needed.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A further name by which it may be reached. Repeatable.")
@click.option("--prefix", default="", metavar="/PATH", help="Path under which a proxy shows it.")
@click.option("--model", "-m", "models", multiple=True, help="A model that may be asked for, the first where none is. Repeatable.")
@click.option("--slots", type=click.IntRange(min=1), help="Requests that a local model computes at once.")
@options.run_options
@options.tool_options
@options.session_options
def command(**chosen: Any) -> Exit:
    """Serve agents and sessions over HTTP, to OpenAI's clients and to `codeact.Client`; runs survive the end of the process.

    Keys are made by `codeact keys make`. Exit code 130: Ctrl-C or SIGTERM; what was worked on is gone on with at the next start.
    """
    models = chosen.pop("models")
    settings = options.settings({**chosen, "model": models[0] if models else None})
    terms = serving.Terms(
        settings=settings,
        database=chosen["database"] or config.database_address(settings),
        models=models,
        host=chosen["host"],
        port=chosen["port"],
        hosts=chosen["hosts"],
        needs_key=chosen["need_key"],
        most_runs=chosen["runs"],
        most_sessions=chosen["sessions"],
        idle=chosen["idle"],
        prefix=_prefix(chosen["prefix"]),
    )
    limit = open_files.raised()
    short = open_files.shortage(limit, terms.most_runs, terms.most_sessions)
    return asyncio.run(until_stopped(serving.serve(terms, lambda opened: _tell(opened, short), on_progress=_Fetch(), on_note=_note)))


def _tell(opened: serving.Opened, short: str) -> None:
    _note(f"serving at {opened.url} (isolation: {opened.isolation}; models: {', '.join(opened.models)})")
    _note(f"runs are kept in {opened.database}")
    if opened.taken_up:
        _note(f"{opened.taken_up} runs of an earlier process are gone on with")
    if opened.lost:
        _note(f"{len(opened.lost)} runs could not be gone on with and have ended: {', '.join(opened.lost[:5])}")
    if short:
        _note(short)
    if not opened.needs_key:
        _note("no key is needed: whoever can connect to this address of this machine may use it (codeact keys make NAME)")


class _Fetch:
    """Tells of the fetch of a model's weights: that it goes on, and that it is done."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, done: int, of: int) -> None:
        """So many bytes of so many are here."""
        quarter = 4 * done // max(of, 1)
        if quarter > self._told:
            self._told = quarter
            _note(f"fetching the local model: {done >> 20} of {of >> 20} MiB")


def _note(text: str) -> None:
    click.echo(f"codeact: {text}", err=True)


def _prefix(given: str) -> str:
    if given and not given.startswith("/"):
        raise click.UsageError(f"--prefix {given!r} has to begin with a slash, as in /codeact")
    return given.rstrip("/")
