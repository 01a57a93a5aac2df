"""The same for IPython in a terminal, where nothing can be shown again: the screen of the command line.

Invariant: it has the face of `screen.Screen`. It does not: show figures (it names them).
"""

from codeact.cli.screen import render
from codeact.cli.screen.consoles import result_console
from codeact.events import AnyEvent, RunStarted

_STYLES = {"note": "dim", "warning": "yellow", "error": "red"}


class Terminal:
    """The output of one cell.

    Args:
        started: how the conversation began, if it did so in an earlier cell.
    """

    def __init__(self, started: RunStarted | None = None) -> None:
        console = result_console()
        self._screen = render.Screen(console, answers=console)
        if started is not None:
            self._screen.event(started)

    def begin(self, what: str = "starting") -> None:
        """Show that something is going on."""
        self._screen.wait(what)

    def end(self, what: str) -> None:
        """Show how it ended, where there was no run."""
        self._screen.note(what)

    def note(self, text: str, kind: str = "note") -> None:
        """A line of ours."""
        self._screen.note(text, _STYLES[kind])

    def tick(self, *, now: bool = False) -> None:
        """Nothing: what happens is shown when it happens."""

    def event(self, event: AnyEvent) -> None:
        """Show an event."""
        self._screen.event(event)

    def close(self) -> None:
        """Give the terminal back as it was."""
        self._screen.close()
