"""The magics `%%agent` and `%agent`: what stands in a cell, read and done.

Invariant: whatever goes wrong is one line and no traceback (a `UsageError` of IPython). It does not: work (`talk` does).
"""

import argparse
import asyncio
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments

from codeact import errors
from codeact.events import RunStarted
from codeact.notebook.screen import Screen
from codeact.notebook.talk import ISOLATED_NOT, Message, Outcome, Talk, Wish
from codeact.notebook.terminal import Terminal

_FLAGS = {"--here", "--new", "--ask", "--yes"}
_HELP = "%agent? lists the options"
_WORD = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|\S+)")


def _turns(text: str) -> int:
    """A number of turns."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of turns; write 1 or more")
    return int(text)


@magics_class
class AgentMagics(Magics):
    """One for each shell.

    Args:
        shell: of IPython, or of a kernel.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._own = shell
        self._talks: dict[bool, Talk] = {}  # by whether it is on the notebook's own variables

    @no_var_expand
    @magic_arguments()
    @argument("--model", "-m", metavar="M", help="local, local:PATH.gguf, openai:NAME, replay:FILE or script:FILE.")
    @argument("--format", metavar="F", help="How actions are written: code, json or text.")
    @argument("--turns", type=_turns, metavar="N", help="Most turns that a message may take.")
    @argument("--tools", action="append", metavar="MODULE", help="Functions that the code can call: MODULE or FILE.py; may be repeated.")
    @argument("--file", "-f", nargs="+", action="extend", default=[], metavar="FILE", help="Files to copy into the session's workspace.")
    @argument("--push", nargs="+", action="extend", default=[], metavar="NAME", help="Variables of the notebook to copy into the session.")
    @argument(
        "--pull", nargs="+", action="extend", default=[], metavar="NAME", help="Variables of the session to bring back, as plain data."
    )
    @argument("--out", default="_agent", metavar="NAME", help="Name of the variable that the run is kept in.")
    @argument("--new", action="store_true", help="Begin another conversation, on another session.")
    @argument("--here", action="store_true", help="Work on the notebook's own variables: NO isolation. Asks before each action.")
    @argument("--ask", action="store_true", help="Ask before each action and each call of a tool.")
    @argument("--yes", action="store_true", help="With --here: do not ask.")
    @line_cell_magic
    def agent(self, line: str, cell: str | None = None) -> None:
        """Have an agent do a task: the cell's body, or, as %agent, the rest of the line.

        The agent's code runs in a sandboxed session, which is kept for the cells that follow.
        """
        words, task = _split(line, cell)
        asked = _parsed(vars(AgentMagics)["agent"].parser, words, cell)
        try:
            self._do(asked, task)
        except errors.CodeactError as error:
            raise UsageError(" ".join(str(error).split())) from None
        except asyncio.CancelledError:
            raise UsageError("stopped at once: the session is gone, and the next message begins another") from None

    def close(self) -> None:
        """End all conversations."""
        for here in list(self._talks):
            self._talks.pop(here).close()

    def _do(self, asked: argparse.Namespace, task: str) -> None:
        message = Message(task, _files(asked.file), self._pushed(asked), _names("--pull", asked.pull), _ask(asked))
        _names("--out", [asked.out])
        if not (task or asked.push or asked.pull or asked.new):
            raise errors.InputError("there is no task: write it in the cell's body, or behind %agent")
        wish = Wish(asked.here, asked.model, asked.format, asked.turns, tuple(asked.tools) if asked.tools else None)
        if asked.new and asked.here in self._talks:
            self._talks.pop(asked.here).close()
        talk = self._talks.get(asked.here)
        if talk is not None:
            talk.check(wish)
        begins, talk = talk is None, talk if talk is not None else Talk(wish, self._own)
        self._talks[asked.here] = talk
        screen = self._screen(talk.started)
        if asked.here and begins:
            screen.note(ISOLATED_NOT, "warning")
        if not (task or asked.push or asked.pull):
            screen.end("a new conversation")
            screen.close()
            return
        screen.begin()
        self._keep(talk.message(message, screen), asked, screen)

    def _keep(self, outcome: Outcome, asked: argparse.Namespace, screen: Screen | Terminal) -> None:
        """Put what came of it where the user finds it."""
        if outcome.run is not None:
            self._own.user_ns[asked.out] = outcome.run
        else:
            done = [f"pushed {', '.join(asked.push)}"] if asked.push else []
            screen.end("; ".join([*done, *([f"pulled {', '.join(outcome.pulled)}"] if outcome.pulled else [])]))
            screen.close()
        self._own.user_ns.update(outcome.pulled)
        if outcome.problem is not None:
            raise outcome.problem

    def _pushed(self, asked: argparse.Namespace) -> Mapping[str, Any]:
        names = _names("--push", asked.push)
        if asked.here and (names or asked.pull):
            raise errors.InputError("--push and --pull are for the sandboxed session; with --here the agent has your variables already")
        missing = [name for name in names if name not in self._own.user_ns]
        if missing:
            raise errors.InputError(f"--push: the notebook has no variable {missing[0]!r}; run the cell that makes it")
        return {name: self._own.user_ns[name] for name in names}

    def _screen(self, started: RunStarted | None) -> Screen | Terminal:
        if getattr(self._own, "kernel", None) is None:
            return Terminal(started)
        return Screen(self._own.display_pub.publish, started)


def _parsed(parser: argparse.ArgumentParser, words: list[str], cell: str | None) -> argparse.Namespace:
    """What the words ask for.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return parser.parse_args(words)
    except UsageError as error:
        stray = cell is not None and words and not words[0].startswith("-")
        where = "the task of %%agent stands in the lines below it; " if stray else ""
        raise UsageError(f"{error}; {where}{_HELP}") from None


def _split(line: str, cell: str | None) -> tuple[list[str], str]:
    """The words of the options, and the task.

    Raises:
        UsageError: a quote is not closed.
    """
    if cell is not None:
        try:
            return shlex.split(line), cell.strip()
        except ValueError as error:
            raise UsageError(f"%%agent {line}: {error}; close it") from None
    words, place = list[str](), 0
    while (found := _WORD.match(line, place)) is not None and found[1].startswith("-") and len(found[1]) > 1:
        words.append(found[1])
        place = found.end()
        if found[1] == "--":
            words.pop()
            break
        if found[1] not in _FLAGS and "=" not in found[1] and (value := _WORD.match(line, place)) is not None:
            words.append(value[1].strip("\"'"))  # one: what comes after it is the task, or another option
            place = value.end()
    return words, line[place:].strip()


def _names(option: str, words: list[str]) -> list[str]:
    """Names of variables, with commas or blanks between.

    Raises:
        InputError: it is none.
    """
    names = [name for word in words for name in word.split(",") if name]
    for name in names:
        if not name.isidentifier():
            raise errors.InputError(f"{option}: {name!r} is no name of a variable")
    return names


def _files(words: list[str]) -> list[Path]:
    files = [Path(word).expanduser() for word in words]
    for file in files:
        if not file.is_file():
            raise errors.InputError(f"--file: there is no file {str(file)!r}")
    return files


def _ask(asked: argparse.Namespace) -> list[str]:
    if asked.yes and asked.ask:
        raise errors.InputError("--ask and --yes exclude each other; leave one out")
    if asked.ask:
        return ["action", "call"]
    return ["action"] if asked.here and not asked.yes else []
