"""Where the verbs print: progress to standard error, results to standard output.

Invariant: a reader that goes away silences progress and ends results. It does not: make text harmless (`flow.clean` does).
"""

import sys

from rich.console import Console


class QuietConsole(Console):
    """A console that falls silent when its reader goes away, so that the run behind it still comes to an orderly end."""

    def on_broken_pipe(self) -> None:
        """Rich would leave the process here."""
        self.quiet = True


class PipeConsole(Console):
    """A console for results: a reader that goes away ends the command."""

    def on_broken_pipe(self) -> None:
        """Rich would leave the process here with its own code."""
        raise BrokenPipeError


def progress_console() -> Console:
    """Where progress goes: standard error."""
    return QuietConsole(file=sys.stderr, highlight=False, markup=False, emoji=False)


def result_console() -> Console:
    """Where results go: standard output."""
    return PipeConsole(file=sys.stdout, highlight=False, markup=False, emoji=False)
