"""`codeact export`: a saved run as a page to hand on, a notebook, Markdown or chat lines.

Invariant: a file is written whole or not at all. It does not: need a model or a session.
"""

import sys
from collections.abc import Callable, Collection
from pathlib import Path

import click

from codeact import errors
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.options import F
from codeact.export.chat import to_chat
from codeact.export.markdown import to_markdown
from codeact.export.notebook import to_notebook
from codeact.server.page.standalone import to_html
from codeact.trajectory import Trajectory, load

FORMATS: dict[str, Callable[[Trajectory], str]] = {"ipynb": to_notebook, "md": to_markdown, "chat": to_chat, "html": to_html}


def target_options(formats: Collection[str]) -> Callable[[F], F]:
    """Options that say what is written where: --to, --output."""

    def add(command: F) -> F:
        output = click.option("--output", "-o", type=click.Path(path_type=Path), help="File to write; without it, standard output.")
        known = click.Choice(list(formats))
        return click.option("--to", "target", type=known, help="The format; without it, the ending of the -o file decides.")(
            output(command)
        )

    return add


@click.command(epilog="Example:  codeact export run.jsonl --to ipynb -o run.ipynb")
@click.argument("path", metavar="RUN.jsonl", type=click.Path(path_type=Path))
@target_options(FORMATS)
def command(path: Path, target: str | None, output: Path | None) -> Exit:
    """Write a saved run as a Jupyter notebook (ipynb), Markdown (md), JSON lines of chat messages (chat), or a page in one file (html)."""
    chosen = choose(target, output, FORMATS)
    trajectory = load(path)
    if trajectory.recovered:
        click.echo(f"codeact: {trajectory.recovered}", err=True)
    deliver(FORMATS[chosen](trajectory), output)
    return Exit.OK


def choose(target: str | None, output: Path | None, formats: Collection[str]) -> str:
    """The format that is asked for, by name or by the ending of a file.

    Raises:
        UsageError: neither tells.
    """
    chosen = target or (output.suffix.lstrip(".") if output else "")
    if chosen not in formats:
        raise click.UsageError(f"say which format: --to {' | '.join(formats)}" + (f" ({str(output)!r} does not tell)" if output else ""))
    return chosen


def deliver(text: str, output: Path | None) -> None:
    """Write an export to its file, whole or not at all; without one, to standard output.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        click.echo(clean(text) if sys.stdout.isatty() else text, nl=False)  # a file gets it as it is, a terminal made harmless
        return
    _write(output, text)
    click.echo(f"written: {output}", err=True)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise errors.InputError(f"cannot write {str(path)!r}: {error.strerror or error}; choose another file with -o") from error
