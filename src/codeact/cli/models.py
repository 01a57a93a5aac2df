"""`codeact models`: list and fetch the models that need no server.

Invariant: `list` looks at the disk only. It does not: load a model.
"""

import json

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from codeact import build
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.options import as_json
from codeact.cli.screen.consoles import progress_console


@click.group(epilog="Example:  codeact models pull")
def command() -> None:
    """List and fetch the models that need no server."""


@command.command("list", epilog="Example:  codeact models list --json")
@as_json
def list_(as_json: bool) -> Exit:
    """Say which local models there are, and whether their weights are here."""
    found = build.local_models()
    if as_json:
        rows = [
            {"name": one.name, "licence": one.licence, "bytes": one.size, "path": str(one.path), "present": one.present} for one in found
        ]
        click.echo(json.dumps(rows, indent=1))
        return Exit.OK
    for one in found:
        state = f"at {one.path}" if one.present else "not fetched; get it with: codeact models pull"
        click.echo(clean(f"{one.name:<10} {one.size / 1e6:>8.1f} MB  {one.licence}  {state}"))
    return Exit.OK


@command.command("pull", epilog="Example:  codeact models pull local")
@click.argument("name", default="local")
def pull(name: str) -> Exit:
    """Fetch a model's weights and check their checksum, also if they are here already."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task(f"fetching {clean(name)}", total=None)
        path = build.pull_model(name, lambda done, total: progress.update(bar, completed=done, total=total))
    click.echo(str(path))
    return Exit.OK
