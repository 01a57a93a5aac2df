"""`codeact exec`: run code in the sandbox, with no model.

Invariant: what the code writes goes to the stream that it was written to, as it comes; what is not text of the code (notices, names of
files) goes to standard error. It does not: ask a model, or save a trajectory.
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import click

from codeact import build, errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen.artifacts import Figures, copy_made
from codeact.cli.screen.interrupts import Interrupts
from codeact.config import Settings
from codeact.events import MIME, DisplayOutput, ErrorOutput, Observation, ResultOutput

_CELL = re.compile(r"^# ?%%.*\n?", re.MULTILINE)


@click.command(epilog="Example:  echo 'import math; math.pi' | codeact exec -")
@click.argument("source", metavar="FILE|-", type=click.Path(path_type=Path, allow_dash=True))
@options.files
@click.option("--timeout", "cell_timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Seconds a cell may take.")
@click.option("--stop", is_flag=True, help="Stop at the first cell that does not end well.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Copy the files that the code made to this folder.")
@options.tool_options
@options.session_options
@options.as_json
def command(**chosen: Any) -> Exit:
    """Run a file's code in the sandbox, with no model; lines `# %%` cut it into cells, which share their state.

    Exit code 0: all cells ended well; 7: one did not (it raised, left, or hit a limit).
    """
    cells = split(_read(chosen["source"]))
    return asyncio.run(_exec(cells, options.settings(chosen), chosen))


def split(source: str) -> list[str]:
    """The cells of a source text, in order; those without any code are left out."""
    return [cell for cell in _CELL.split(source) if cell.strip()]


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(f"cannot read the code {str(path)!r}: {error}; give a file of Python, or - for standard input") from error


async def _exec(cells: list[str], settings: Settings, chosen: dict[str, Any]) -> Exit:
    execution = Execution(settings, chosen)
    interrupts = execution.interrupts
    try:
        await interrupts.steer(execution.run(cells), execution.stop_action)
    except asyncio.CancelledError:
        return Exit.CANCELLED
    finally:
        if chosen["as_json"]:
            click.echo(json.dumps([one.model_dump(mode="json") for one in execution.observations], indent=1))
    return Exit.OK if all(one.status == "ok" for one in execution.observations) else Exit.CELL


def _note(text: str) -> None:
    click.echo(clean(f"codeact: {text}"), err=True)


class Execution:
    """Cells on their way through one session.

    Args:
        settings: what the session is made of.
        chosen: the verb's options.
    """

    def __init__(self, settings: Settings, chosen: dict[str, Any]) -> None:
        self.observations: list[Observation] = []
        self.interrupts = Interrupts(_note)
        self._settings = settings
        self._chosen = chosen
        self._session: build.Session | None = None
        self._figures = Figures(Path("codeact-output"))
        self._passed = {"stdout": 0, "stderr": 0}

    async def stop_action(self) -> None:
        """Interrupt the cell that runs."""
        if self._session is not None:
            await self._session.ainterrupt()

    async def run(self, cells: list[str]) -> None:
        """Run the cells in a new session, and show what comes."""
        async with build.Toolbox(self._settings, on_note=_note) as tools, await self._open(tools) as session:
            self._session = session
            for file in self._chosen["files"]:
                await session.aadd_file(file)
            for number, code in enumerate(cells, start=1):
                observation = await self._cell(session, code, number, len(cells))
                if self._chosen["stop"] and observation.status != "ok":
                    break
            if self._chosen["out"]:
                for line in copy_made(session.workspace, self.observations, self._chosen["out"], self._settings.limits):
                    click.echo(clean(line), err=True)
        self._session = None

    async def _open(self, tools: build.Toolbox) -> build.Session:
        return await build.open_session(self._settings, tools.calls(lambda event: None))

    async def _cell(self, session: build.Session, code: str, number: int, count: int) -> Observation:
        show = not self._chosen["as_json"]
        self._passed = {"stdout": 0, "stderr": 0}
        self.interrupts.action_began()
        observation = await session.arun(code, on_output=self._pass_on if show else None)
        self.interrupts.action_ended()
        observation = observation.model_copy(update={"turn": number})
        self.observations.append(observation)
        if show:
            self._finish(observation, number if count > 1 else 0)
        return observation

    def _pass_on(self, name: str, text: str) -> None:
        self._passed[name] += len(text)
        stream = sys.stderr if name == "stderr" else sys.stdout
        stream.write(clean(text.replace("\r", "\n")))
        stream.flush()

    def _finish(self, observation: Observation, number: int) -> None:
        """What came besides the streams, and the end of streams that were too long to pass on whole."""
        self._pass_on("stdout", observation.stdout[self._passed["stdout"] :])
        self._pass_on("stderr", observation.stderr[self._passed["stderr"] :])
        for output in observation.outputs:
            match output:
                case DisplayOutput() | ResultOutput():
                    self._bundle(output.data)
                case ErrorOutput():
                    click.echo(clean(output.traceback or f"{output.name}: {output.message}"), err=True)
                case _:
                    pass
        if observation.notice or observation.status not in ("ok", "error"):
            where = f"cell {number}: " if number else ""
            click.echo(clean(f"codeact: {where}{observation.status}: {observation.notice}".rstrip(": ")), err=True)

    def _bundle(self, data: MIME) -> None:
        path = self._figures.save(data)
        if path is not None:
            click.echo(f"figure saved to {path}", err=True)
        elif "text/plain" in data:
            click.echo(clean(data["text/plain"]))
