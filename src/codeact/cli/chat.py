"""`codeact chat`: a conversation in the terminal.

Invariant: one session and one record for all messages, until /reset; a message that was stopped ends the message and not the chat. It
does not: interpret anything but lines that start with a slash.
"""

import asyncio
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from codeact import errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen.artifacts import files_made
from codeact.cli.screen.consoles import progress_console, result_console
from codeact.cli.screen.live import Live
from codeact.cli.screen.past import before_last_message, turns_of
from codeact.cli.screen.render import print_answer
from codeact.cli.screen.variables import lines_of
from codeact.config import Settings
from codeact.trajectory import Trajectory

HELP = """\
/help          this list
/add FILE      give a file to the session, with the next message
/files         files in the session's workspace
/vars          variables of the session: type, shape, size and beginning of each
/turns         the turns so far, by their numbers
/undo          go back to before the last message
/back N        go back to the end of turn N, and go on from there; what came after stays in its file
/save FILE     write the conversation so far to a file
/reset         forget everything and start anew
/quit          leave (so does Ctrl-D)
Ctrl-C once stops the action that runs, twice what is being worked on."""


@click.command(epilog="Example:  codeact chat --model local --file prices.csv")
@options.model_options
@options.files
@options.tool_options
@options.ask
@options.session_options
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="At the end, copy the files that were made to this folder.")
@options.save_options
def command(**chosen: Any) -> Exit:
    """Talk with the agent; variables, files and messages are kept until /reset. /help lists what can be typed.

    Messages are lines of standard input, which may be a pipe; answers go to standard output.
    """
    signal.signal(signal.SIGTERM, _terminated)
    with asyncio.Runner() as runner:
        chat = Chat(options.settings(chosen), chosen, runner)
        try:
            chat.talk()
        finally:
            chat.close()
    return Exit.OK


def _terminated(number: int, frame: object) -> None:
    """At the prompt; while a message is worked on, `Interrupts` has the signal."""
    signal.signal(number, signal.SIG_IGN)  # a second one would cut the clean-up short
    raise _Terminated


class _Terminated(KeyboardInterrupt):
    """The process is to end, where Ctrl-C at the prompt is not meant so."""


class Chat:
    """The prompt, and what is typed at it.

    Args:
        settings: what the agent is made of.
        chosen: the verb's options.
        runner: runs what waits.
    """

    def __init__(self, settings: Settings, chosen: dict[str, Any], runner: asyncio.Runner) -> None:
        self._settings = settings
        self._chosen = chosen
        self._runner = runner
        self._results = result_console()
        self._files: list[Path] = list(chosen["files"])
        self._given: list[str] = []
        self._typed = sys.stdin.isatty()
        self._live = self._new()

    def talk(self) -> None:
        """Read messages until the end."""
        if self._typed:
            if find_spec("readline"):
                import_module("readline")  # gives input() editing and history
            self._live.screen.note("/help lists what can be typed; Ctrl-D leaves")
        while (line := self._read()) is not None:
            word, _, rest = line.strip().partition(" ")
            try:
                if word == "/quit":
                    return
                if word.startswith("/"):
                    self._command(word, rest.strip())
                elif word:
                    self._send(line.strip())
            except (errors.InputError, errors.SessionError) as error:
                self._live.screen.note(str(error), "red")

    def close(self) -> None:
        """End the session; copy files out first, if wanted."""
        try:
            for line in self._live.copy_files():
                self._live.screen.note(line)
        finally:
            self._runner.run(self._live.close())
        if self._live.trajectory.path is not None:
            self._live.screen.note(f"saved to {self._live.trajectory.path}")

    def _new(self) -> Live:
        shown_live = self._results if self._results.is_terminal else None
        places = options.places(self._settings, self._chosen)
        return Live(self._settings, places, progress_console(), shown_live, ask=self._chosen["ask"], goes_back=True)

    def _read(self) -> str | None:
        """The next line; None at the end."""
        if not self._typed:
            return sys.stdin.readline() or None
        while True:
            try:
                return input("> ")
            except EOFError:
                return None
            except _Terminated:
                raise
            except KeyboardInterrupt:
                self._live.screen.note("\n/quit or Ctrl-D leaves")

    def _send(self, text: str) -> None:
        files, self._files = self._files, []
        run = self._runner.run(self._live.ask(text, files))
        self._given += [path.name for path in files]
        if run is not None and run.answer is not None and not self._results.is_terminal:
            print_answer(self._results, run.answer)

    def _command(self, word: str, rest: str) -> None:
        match word:
            case "/help":
                self._live.screen.note(HELP)
            case "/add" if rest:
                if not Path(rest).is_file():
                    raise errors.InputError(f"there is no file {rest!r}")
                self._files.append(Path(rest))
            case "/files":
                names = [*self._given, *(name for name in files_made(self._live.trajectory.events) if name not in self._given)]
                waiting = [f"{path} (with the next message)" for path in self._files]
                self._live.screen.note("\n".join([*names, *waiting]) or "no files")
            case "/vars":
                lines = lines_of(self._runner.run(self._live.variables()))
                self._live.screen.note("\n".join(lines) or "no variables")
            case "/save" if rest:
                self._save(Path(rest))
            case "/turns" | "/undo" | "/back":
                self._travel(word, rest)
            case "/reset":
                self._reset()
            case _:
                self._live.screen.note(f"no such command: {clean(word)}{'' if rest else ' without a file'}; /help lists them", "yellow")

    def _travel(self, word: str, rest: str) -> None:
        record = self._live.trajectory
        if word == "/turns":
            self._live.screen.note("\n".join(turns_of(record)) or "no turns yet")
        elif word == "/undo":
            self._go_back(before_last_message(record))
        elif rest.isascii() and rest.isdigit():
            self._go_back(int(rest))
        else:
            raise errors.InputError(f"/back takes the number of a turn, not {rest!r}; /turns lists them")

    def _go_back(self, turn: int) -> None:
        left = self._live.trajectory.path
        self._runner.run(self._live.go_back(turn))
        where = f"; what came after it is in {left}" if left is not None else ""
        self._live.screen.note(f"back at {f'the end of turn {turn}' if turn else 'the beginning'}{where}")

    def _save(self, path: Path) -> None:
        copy = Trajectory(path)
        try:
            for event in self._live.trajectory.events:
                copy.append(event)
        finally:
            copy.close()
        self._live.screen.note(f"saved to {path}")

    def _reset(self) -> None:
        self.close()
        self._given = []
        self._chosen["save"] = None  # the named file holds the first conversation; this one gets a file of its own
        self._live = self._new()
        self._live.screen.note("a new conversation")
