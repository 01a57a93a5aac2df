"""`codeact show`: read a saved run.

Invariant: the file is only read. It does not: need a model or a session.
"""

import json
from pathlib import Path

import click

from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.screen.consoles import result_console
from codeact.cli.screen.render import Screen
from codeact.trajectory import Trajectory, load


@click.command(epilog="Example:  codeact show run.jsonl | less")
@click.argument("path", metavar="RUN.jsonl", type=click.Path(path_type=Path))
@options.as_json
@options.whole
def command(path: Path, as_json: bool, whole: bool) -> Exit:
    """Read a saved run: task, thoughts, code, output, answer. Long output is folded."""
    trajectory = load(path)
    if trajectory.recovered:
        click.echo(f"codeact: {trajectory.recovered}", err=True)
    tell(trajectory, as_json=as_json, whole=whole)
    return Exit.OK


def tell(trajectory: Trajectory, *, as_json: bool, whole: bool) -> None:
    """Print a run to standard output.

    Args:
        trajectory: of the run.
        as_json: its events as one JSON document, and nothing else.
        whole: long output unfolded.
    """
    if as_json:
        events = ",\n".join(json.dumps(event.model_dump(mode="json")) for event in trajectory.events)  # ASCII: no control characters
        click.echo(f"[\n{events}\n]")
        return
    console = result_console()
    screen = Screen(console, show_task=True, answers=console, whole=whole, live=False)
    for event in trajectory.events:
        screen.event(event)
