"""`codeact export`: a saved run as a notebook, Markdown or chat lines.

Invariant: a file is written whole or not at all. It does not: need a model or a session.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from codeact import errors
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.export.chat import to_chat
from codeact.export.markdown import to_markdown
from codeact.export.notebook import to_notebook
from codeact.trajectory import Trajectory, load

FORMATS: dict[str, Callable[[Trajectory], str]] = {"ipynb": to_notebook, "md": to_markdown, "chat": to_chat}


@click.command(epilog="Example:  codeact export run.jsonl --to ipynb -o run.ipynb")
@click.argument("path", metavar="RUN.jsonl", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Choice(list(FORMATS)), help="The format; without it, the ending of the -o file decides.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="File to write; without it, standard output.")
def command(path: Path, target: str | None, output: Path | None) -> Exit:
    """Write a saved run as a Jupyter notebook (ipynb), Markdown (md) or JSON lines of chat messages (chat)."""
    target = target or (output.suffix.lstrip(".") if output else "")
    if target not in FORMATS:
        raise click.UsageError(f"say which format: --to {' | '.join(FORMATS)}" + (f" ({str(output)!r} does not tell)" if output else ""))
    trajectory = load(path)
    if trajectory.recovered:
        click.echo(f"codeact: {trajectory.recovered}", err=True)
    text = FORMATS[target](trajectory)
    if output is None:
        click.echo(clean(text) if sys.stdout.isatty() else text, nl=False)  # a file gets it as it is, a terminal made harmless
        return Exit.OK
    _write(output, text)
    click.echo(f"written: {output}", err=True)
    return Exit.OK


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise errors.InputError(f"cannot write {str(path)!r}: {error.strerror or error}; choose another file with -o") from error
