"""`codeact replay`: a saved run's actions once more, with no model, and what differs.

Invariant: the actions run in the recorded order in one new session with the recorded limits; the recorded file is only read. Calls of
tools are answered from the record, so that nothing is done twice, unless tools are named. It does not: bring back the files that the run
was given; they are named with --file.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codeact import build, config, errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen.consoles import result_console
from codeact.cli.screen.interrupts import Interrupts
from codeact.events import Action, AnyEvent, Observation, RunEnded, RunStarted, TaskGiven, ToolCalled, ToolReturned
from codeact.export.differences import Difference, differences
from codeact.trajectory import Trajectory, load


@click.command(epilog="Example:  codeact replay run.jsonl --file prices.csv")
@click.argument("path", metavar="RUN.jsonl", type=click.Path(path_type=Path))
@options.files
@click.option("--save", type=click.Path(path_type=Path), help="Write the new run here.")
@options.tool_options
@options.session_options
@options.as_json
def command(**chosen: Any) -> Exit:
    """Run a saved run's actions again, with no model, and compare each observation with the recorded one.

    Status, output, results, displays, errors and files must be equal; seconds do not count. Exit code 0: all equal; 8: something differs.
    Calls of tools are answered from the record; with --tools or --mcp they are made again.
    """
    recorded = load(chosen["path"])
    if recorded.recovered:
        click.echo(f"codeact: {recorded.recovered}", err=True)
    _need_files(recorded, chosen["files"])
    fresh = Trajectory(chosen["save"])
    try:
        return asyncio.run(_replay(recorded, fresh, chosen))
    finally:
        fresh.close()


@dataclass(frozen=True, slots=True)
class Row:
    """One action, played again."""

    turn: int
    recorded: Observation
    now: Observation
    found: tuple[Difference, ...]


def _need_files(recorded: Trajectory, given: tuple[Path, ...]) -> None:
    wanted = {name for event in recorded.of_type(TaskGiven) for name in event.files}
    missing = sorted(wanted - {path.name for path in given})
    if missing:
        raise errors.InputError(f"the run was given files that a trajectory does not hold: {', '.join(missing)}; give each with --file")


def _name_folders(recorded: Trajectory, settings: config.Settings) -> None:
    told = sorted({path for event in recorded.of_type(TaskGiven) for path in event.folders})
    if told and not settings.folders:
        click.echo(f"codeact: the run could read the folders {', '.join(told)}; to show them again, give each with --folder", err=True)


async def _replay(recorded: Trajectory, fresh: Trajectory, chosen: dict[str, Any]) -> Exit:
    interrupts = Interrupts(lambda text: click.echo(f"codeact: {text}", err=True))
    settings = _settings(recorded, chosen)
    _name_folders(recorded, settings)
    play = Play(recorded, fresh, settings, chosen["files"], interrupts)
    try:
        await interrupts.steer(play.run(), play.stop_action)
    except asyncio.CancelledError:
        return Exit.CANCELLED
    if chosen["as_json"]:
        click.echo(json.dumps([_document(row) for row in play.rows], indent=1))
    else:
        _print(result_console(), play.rows)
    return Exit.DIFFERENT if any(row.found for row in play.rows) else Exit.OK


def _settings(recorded: Trajectory, chosen: dict[str, Any]) -> config.Settings:
    """The options; for limits that were not given, those of the recorded run."""
    settings = options.settings(chosen)
    started = recorded.last(RunStarted)
    if started is None:
        return settings
    limits = started.limits
    if chosen["memory"] is not None:
        limits = limits.model_copy(update={"memory_mb": chosen["memory"]})
    return settings.model_copy(update={"limits": limits})


class Play:
    """A recorded run on its way through a new session.

    Args:
        recorded: what is played.
        fresh: gets the recorded events, with new observations.
        settings: what the session is made of.
        files: host files that the run was given.
        interrupts: told when an action runs.
    """

    def __init__(
        self, recorded: Trajectory, fresh: Trajectory, settings: config.Settings, files: tuple[Path, ...], interrupts: Interrupts
    ) -> None:
        self.rows: list[Row] = []
        self._recorded = recorded
        self._fresh = fresh
        self._settings = settings
        self._files = files
        self._interrupts = interrupts
        self._session: build.Session | None = None
        self._turn = 0

    async def stop_action(self) -> None:
        """Interrupt the action that runs."""
        if self._session is not None:
            await self._session.ainterrupt()

    async def run(self) -> None:
        """Play all actions that have an observation."""
        begun = time.monotonic()
        try:
            async with build.Toolbox(self._settings) as tools, await self._open(tools) as session:
                self._session = session
                for file in self._files:
                    await session.aadd_file(file)
                waiting: Action | None = None
                for event in self._recorded.events:
                    if isinstance(event, Action):
                        waiting = event
                        self._fresh.append(event)
                    elif isinstance(event, Observation) and waiting is not None:
                        await self._act(session, waiting, event)
                        waiting = None
                    elif not isinstance(event, ToolCalled | ToolReturned):  # calls are made, and recorded, anew
                        self._fresh.append(self._renewed(event, session.isolation))
        except asyncio.CancelledError:
            self._fresh.append(RunEnded(state="cancelled", turns=len(self.rows), seconds=time.monotonic() - begun))
            raise
        finally:
            self._session = None

    async def _open(self, tools: build.Toolbox) -> build.Session:
        record, turn = self._fresh.append, lambda: self._turn
        calls = tools.calls(record, turn) or build.recorded_calls(self._recorded.events, record, turn)
        return await build.open_session(self._settings, calls)

    async def _act(self, session: build.Session, action: Action, recorded: Observation) -> None:
        self._turn = action.turn
        self._interrupts.action_began()
        now = await session.arun(action.code)
        self._interrupts.action_ended()
        started = self._recorded.last(RunStarted)
        shown = build.format(started.format if started else "code").show(now, self._settings.limits.output_chars)
        now = now.model_copy(update={"turn": action.turn, "text": shown})
        self._fresh.append(now)
        self.rows.append(Row(action.turn, recorded, now, tuple(differences(recorded, now))))

    def _renewed(self, event: AnyEvent, isolation: str) -> AnyEvent:
        if not isinstance(event, RunStarted):
            return event
        update = {"run_id": uuid.uuid4().hex, "parent": event.run_id, "isolation": isolation, "limits": self._settings.limits}
        return event.model_copy(update=update)


def _document(row: Row) -> dict[str, Any]:
    return {
        "turn": row.turn,
        "equal": not row.found,
        "status": row.now.status,
        "differences": [{"what": one.what, "recorded": one.recorded, "now": one.now} for one in row.found],
    }


def _print(console: Console, rows: list[Row]) -> None:
    different = sum(1 for row in rows if row.found)
    if console.is_terminal:
        table = Table("turn", "status", "seconds", "compared", box=None, pad_edge=False)
        for cells in _cells(rows):
            table.add_row(*(Text(cell) for cell in cells[:3]), Text(cells[3], style="green" if cells[3] == "equal" else "red"))
        console.print(table)
    else:
        for cells in _cells(rows):
            click.echo("\t".join(cells))  # rich would turn tabs into spaces
    for row in rows:
        for one in row.found:
            console.print(
                Text(f"turn {row.turn}, {one.what}:\n  recorded {_shown(one.recorded)}\n  now      {_shown(one.now)}"), soft_wrap=True
            )
    total = f"{len(rows)} action{'' if len(rows) == 1 else 's'}"
    console.print(Text(f"{total}, {different} different" if different else f"{total}, all observations equal"), soft_wrap=True)


def _cells(rows: list[Row]) -> Iterator[tuple[str, str, str, str]]:
    for row in rows:
        verdict = "different: " + ", ".join(one.what for one in row.found) if row.found else "equal"
        yield str(row.turn), row.now.status, f"{row.now.seconds:.2f}", verdict


def _shown(text: str, most: int = 300) -> str:
    return clean(repr(text[:most])) + ("..." if len(text) > most else "")
