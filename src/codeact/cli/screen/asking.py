"""--ask: somebody at the terminal decides about each action, each call of a tool, or both.

Invariant: nothing is run or called before it was allowed; what is edited is checked before it is taken. Waiting can be cancelled at any
time. It does not: show the action (the screen does) or record the decision (the loop does).
"""

import asyncio
import json
import os
import sys
import termios
from collections.abc import Callable
from typing import Any, Literal

import click

from codeact.errors import InputError
from codeact.protocols import Decision, Question

Asked = Literal["actions", "calls", "all"]

_CHOICES = "[y]es, [n]o, [e]dit, yes to [a]ll that follow: "


class Asking:
    """Asks on standard error and reads from standard input, a terminal (an `Approve`).

    Args:
        asked: about what; the rest is allowed.
        quiet: takes the spinner away.

    Raises:
        InputError: standard input is no terminal.
    """

    def __init__(self, asked: Asked, quiet: Callable[[], None]) -> None:
        if not sys.stdin.isatty():
            raise InputError(f"--ask {asked} asks on the terminal, and standard input is none; leave it out, or run in a terminal")
        self._asked = {"action", "call"} if asked == "all" else {asked.removesuffix("s")}
        self._quiet = quiet
        self._turn = asyncio.Lock()  # calls may be made side by side

    def asks(self, question: Question) -> bool:
        """Whether it is to be asked about; calls that are made side by side may yet find out that it is not."""
        return question.subject in self._asked

    async def __call__(self, question: Question) -> Decision:
        """Ask, if it is to be asked about."""
        async with self._turn:
            while question.subject in self._asked:
                self._quiet()
                heading = "run this?" if question.subject == "action" else "make this call?"
                match (await _line(f"{heading} {_CHOICES}")).strip().lower()[:1]:
                    case "y":
                        break
                    case "a":
                        self._asked.discard(question.subject)
                    case "n":
                        return Decision("deny", reason=(await _line("why? (the model is told; may be empty) ")).strip())
                    case "e" if (edited := await _edited(question)) is not None:
                        return Decision("edit", content=edited)
                    case _:
                        continue
            return Decision()


async def _line(prompt: str) -> str:
    """A line from the terminal.

    Raises:
        InputError: it was closed.
    """
    termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question is no answer to it
    click.echo(prompt, nl=False, err=True)
    loop = asyncio.get_running_loop()
    come: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sys.stdin, lambda: come.done() or come.set_result(None))
    try:
        await come
    finally:
        loop.remove_reader(sys.stdin)
    line = os.read(sys.stdin.fileno(), 4096)  # a terminal has a whole line, or none
    if not line:
        raise InputError("the terminal was closed while a decision was waited for")
    return line.decode(errors="replace")


async def _edited(question: Question) -> str | None:
    """What the user's editor makes of it; None if nothing changed or it cannot be used."""
    is_code = question.subject == "action"
    text = question.content if is_code else json.dumps(json.loads(question.content), indent=1, ensure_ascii=False)
    try:
        edited = await asyncio.to_thread(click.edit, text, extension=".py" if is_code else ".json")
    except click.ClickException as error:
        click.echo(f"the editor failed: {error.message}", err=True)
        return None
    if edited is None or edited == text:
        click.echo("nothing was changed", err=True)
        return None
    problem = "" if is_code else _problem(edited)
    if problem:
        click.echo(f"that cannot be called: {problem}", err=True)
    return None if problem else edited


def _problem(text: str) -> str:
    try:
        call: Any = json.loads(text)
    except ValueError as error:
        return f"it is not JSON: {error}"
    fits = isinstance(call, dict) and isinstance(call.get("args", []), list) and isinstance(call.get("kwargs", {}), dict)
    return "" if fits else 'write {"args": [...], "kwargs": {...}}'
