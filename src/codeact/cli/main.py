"""The command `codeact`: finds the verb, and turns whatever goes wrong into one line and an exit code.

Invariants: a verb's module is loaded only when the verb is called, so that `--help` is quick; no traceback reaches the user unless
CODEACT_DEBUG is set. It does not: know what a verb does.
"""

import difflib
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from codeact import __version__, errors
from codeact.cli import exits
from codeact.cli.exits import Exit
from codeact.cli.flow import clean

VERBS = {
    "run": "Answer a question by running Python (the verb may be left out).",
    "chat": "A conversation in the terminal; state is kept between messages.",
    "exec": "Run code in the sandbox, with no model.",
    "serve": "Serve agents and sessions over HTTP; runs survive the end of the process.",
    "mcp": "Serve the sandbox to MCP clients.",
    "show": "Read a saved run.",
    "replay": "Run a saved run's actions again, with no model, and compare.",
    "export": "Write a saved run as a notebook, Markdown or chat lines.",
    "runs": "List, read, export and remove runs that are kept in a database.",
    "keys": "List, make and revoke the keys of a server.",
    "bench": "Run a suite of tasks and report scores.",
    "train": "Fine-tune a model on conversations, and export it.",
    "data": "Make training data: runs of made-up tasks, filtered into examples.",
    "models": "List and fetch the local models.",
    "doctor": "What works on this machine, and how to mend what does not.",
}

EPILOG = f"""\b
Examples:
  codeact "How many primes are below 10000?"
  codeact run "Mean of the column price?" --file prices.csv --model openai:gpt-5
  x=$(codeact "What is 12345 * 6789?")      the answer alone is on standard output

\b
Exit codes:
{exits.table()}

Settings are read from config.toml in the user's settings folder, from ./codeact.toml and from CODEACT_* variables; options win.
"""


class Verbs(click.Group):
    """A group that loads verbs late, and takes a question without a verb for `run`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the verb's module; its command has the name `command`."""
        if cmd_name not in VERBS:
            return None
        return import_module(f"codeact.cli.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` in front of a question."""
        if args and args[0] not in VERBS and args[0] not in ("--help", "-h", "--version"):
            _refuse_slip(args, ctx)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; click itself would answer a broken pipe with the code 1."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            return _reader_gone()


def _refuse_slip(args: list[str], ctx: click.Context) -> None:
    """A lone word that is nearly a verb is a slip of the hand, not a question to spend tokens on."""
    word = args[0]
    close = difflib.get_close_matches(word, VERBS, n=1, cutoff=0.75)
    if close and not word.startswith("-"):
        raise click.UsageError(f"no verb {word!r}; did you mean {close[0]!r}? To ask it as a question: codeact run {word!r}", ctx)


@click.group(cls=Verbs, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="codeact")
def group() -> None:
    """Agents that act by running Python in a real, confined interpreter."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: without the program's name; None takes the process's own.

    Returns:
        The exit code, one of `codeact.cli.exits.Exit`.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that is not UTF-8 shows ? and does not fail
    try:
        with errors.crossing("codeact"):
            return _invoke(arguments)
    except errors.CodeactError as error:
        return _report(error)
    except KeyboardInterrupt:
        return Exit.CANCELLED


def _invoke(arguments: Sequence[str] | None) -> int:
    try:
        code = group.main(args=None if arguments is None else list(arguments), prog_name="codeact", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return Exit.CANCELLED
    except click.ClickException as error:
        error.show()
        return Exit.INPUT
    return code if isinstance(code, int) else Exit.OK


def _report(error: errors.CodeactError) -> int:
    if os.environ.get("CODEACT_DEBUG"):
        traceback.print_exception(error)
    click.echo(f"codeact: error: {' '.join(clean(str(error)).split())}", err=True)
    if isinstance(error, errors.UnexpectedError) and not os.environ.get("CODEACT_DEBUG"):
        click.echo("codeact: set CODEACT_DEBUG=1 to see where it happened", err=True)
    return exits.of_error(error)


def _reader_gone() -> int:
    """Give the dead pipe away, so that the interpreter's last flush is quiet too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(main())
