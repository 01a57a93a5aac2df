"""`codeact keys`: who may ask a server.

Invariant: a key is shown once, when it is made, on standard output; nothing else that is printed holds a secret. It does not: talk to a
server (a server that runs reads the same database).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.table import Table

from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.options import as_json
from codeact.cli.runs import at_work, database, when
from codeact.cli.screen.consoles import result_console
from codeact.store.keys import SCOPES, Key

USUAL = ("read", "run", "session")


@click.group(epilog="Example:  codeact keys make 'the web page' --scope read --scope run")
def command() -> None:
    """List, make and revoke the keys of a server (see `codeact serve`). Once there is one, a server asks everybody for theirs."""


@command.command("list", epilog="Example:  codeact keys list --json")
@as_json
@database
def list_(as_json: bool, database: str | None) -> Exit:
    """List keys, without their secrets, revoked ones too."""
    found = at_work(database, lambda store: store.keys.all())
    if as_json:
        click.echo(json.dumps([{**asdict(key), "scopes": _scopes(key).split()} for key in found], indent=1))
        return Exit.OK
    if not found:
        click.echo("codeact: there are no keys; make one with: codeact keys make NAME", err=True)
        return Exit.OK
    table = Table("id", "name", "scopes", "bounds", "made", "last used", "revoked", box=None, pad_edge=False, header_style="")
    for key in found:
        table.add_row(key.id, clean(key.name), _scopes(key), _bounds(key), when(key.created), when(key.last_used), when(key.revoked))
    result_console().print(table)
    return Exit.OK


@command.command("make", epilog="Example:  codeact keys make Ann --sessions 2 --runs 4 --tokens 1000000")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    default=USUAL,
    show_default=True,
    help="What it allows: to read, to run agents, to use sessions, or everything and of everybody (admin). Repeatable.",
)
@click.option("--sessions", type=click.IntRange(min=0), metavar="N", help="Sessions that it may have open at once.")
@click.option("--runs", type=click.IntRange(min=0), metavar="N", help="Runs that it may have open at once.")
@click.option("--tokens", type=click.IntRange(min=0), metavar="N", help="Tokens that its runs may use in 24 hours.")
@database
def make(name: str, scopes: Sequence[str], database: str | None, **most: int | None) -> Exit:
    """Make a key and print it to standard output: it cannot be had again."""
    bounds = {f"most_{what}": bound for what, bound in most.items()}
    key, text = at_work(database, lambda store: store.keys.make(name, scopes, **bounds), make=True)
    click.echo(text)
    click.echo(f"codeact: the key {key.id} ({', '.join(_scopes(key).split())}); it is shown only now, keep it safe", err=True)
    return Exit.OK


@command.command("revoke", epilog="Example:  codeact keys revoke 3f2a77b0")
@click.argument("key_id")
@database
def revoke(key_id: str, database: str | None) -> Exit:
    """Let a key be good for nothing from now on, also with a server that runs."""
    at_work(database, lambda store: store.keys.revoke(key_id))
    click.echo(f"revoked: {clean(key_id)}", err=True)
    return Exit.OK


def _scopes(key: Key) -> str:
    return " ".join(scope for scope in SCOPES if scope in key.scopes)


def _bounds(key: Key) -> str:
    bounds = (("sessions", key.most_sessions), ("runs", key.most_runs), ("tokens", key.most_tokens))
    return ", ".join(f"{bound:,} {what}" for what, bound in bounds if bound is not None)
