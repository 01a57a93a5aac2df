"""A conversation as a terminal sees it: recorded in a file, shown as it happens, steered by Ctrl-C.

Invariant: however a message ends, the record on disk is a valid trajectory and the session is gone when `close` has returned. It does
not: read the user's words or print the answer into a pipe (the verbs do).
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from codeact import build, errors
from codeact.agent.branching import beginning
from codeact.cli.screen.artifacts import Figures, copy_made, files_made
from codeact.cli.screen.asking import Asked, Asking
from codeact.cli.screen.given_files import GivenFiles
from codeact.cli.screen.interrupts import Interrupts
from codeact.cli.screen.render import Screen
from codeact.config import Settings
from codeact.events import Action, AnyEvent, Observation, RunStarted, Variables
from codeact.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Places:
    """Where things go. None: nowhere.

    Args:
        save: file of the record, as the user named it.
        runs: folder for records that nobody named.
        out: folder for files that the actions made.
        figures: whether figures are saved.
    """

    save: Path | None
    runs: Path | None
    out: Path | None = None
    figures: bool = True


class Live:
    """One conversation.

    Args:
        settings: what the agent is made of.
        places: where things go.
        console: for progress.
        answers: where answers are shown among the progress; None if the verb prints them.
        answer_type: type of the answer.
        ask: what is asked about on the terminal, None: nothing.
        goes_back: whether it can be gone back in; the files that it is given are held in memory then.
    """

    def __init__(
        self,
        settings: Settings,
        places: Places,
        console: Console,
        answers: Console | None = None,
        *,
        answer_type: Any = None,
        ask: Asked | None = None,
        goes_back: bool = False,
    ) -> None:
        self._places = places
        self._limits = settings.limits
        self.figures = _figures(places)
        self.screen = Screen(console, self.figures.save if places.figures else None, answers=answers)
        self.interrupts = Interrupts(lambda text: self.screen.note(text, "yellow"))
        self._session: build.Session | None = None
        self._agent = build.agent(
            settings,
            approve=Asking(ask, lambda: self.screen.wait("")) if ask is not None else None,
            answer_type=answer_type,
            on_progress=self._fetching,
            on_session=self._opened,
            on_note=self.screen.note,
        )
        self._given = GivenFiles() if goes_back else None
        self.trajectory = Trajectory(places.save or _unnamed(places.runs), keeper=self._given)
        self._named = places.runs is None or places.save is not None
        self._conversation = self._agent.conversation(self.trajectory)
        self._stop_listening = self.trajectory.listen(self._heard)
        self._answered = False

    async def ask(self, text: str, files: Sequence[Path] = ()) -> build.Run | None:
        """Send a message and wait for its end; None if it was cancelled."""
        self._answered = False
        self.screen.wait("starting")
        try:
            run = await self.interrupts.steer(self._conversation.asend(text, files), self._conversation.ainterrupt)
        except asyncio.CancelledError:
            return None
        finally:
            self.screen.wait("")
        self._answered = run.state == "answered"
        return run

    async def go_back(self, turn: int) -> None:
        """Go on from the end of a turn, in a record of its own; what came after it stays in the one that there was.

        Args:
            turn: of the model; 0: before the first message.

        Raises:
            InputError: there is no such turn, or the record cannot be made.
        """
        child = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        past = beginning(self.trajectory, turn, child)
        folder = self._places.runs
        record = Trajectory(None if folder is None else folder / f"{child}.jsonl", events=past, keeper=self._given)
        await self._conversation.aclose()
        self._stop_listening()
        self.trajectory.close()
        self._named, self.trajectory = True, record
        self._conversation = self._agent.conversation(record, rebuilds=True)
        self._stop_listening = record.listen(self._heard)

    async def variables(self) -> Variables:
        """The variables of the session; none, if no session is open.

        Raises:
            SessionError: they cannot be told.
        """
        session = self._conversation.session
        return await session.avariables() if isinstance(session, build.Session) else Variables()

    def copy_files(self) -> list[str]:
        """Copy the files that the actions made to the `out` folder; returns a line on each."""
        if self._places.out is None or self._session is None:
            return []
        if self._conversation.session is None:
            made = files_made(self.trajectory.events)
            return [f"not copied, since the session is over: {', '.join(made)}"] if made else []
        return list(copy_made(self._session.workspace, self.trajectory.events, self._places.out, self._limits))

    async def close(self) -> None:
        """End the session, the model and the record.

        Raises:
            ScriptError: a scripted model has turns left, though the last message was answered.
        """
        try:
            await self._conversation.aclose()
            await self._agent.aclose()
        except errors.ScriptError:
            if self._answered:
                raise  # after a limit or a cancel it is only natural that turns are left
        finally:
            self._stop_listening()
            self.trajectory.close()
            self.screen.close()

    def _opened(self, session: build.Session) -> None:
        self._session = session

    def _fetching(self, done: int, total: int) -> None:
        self.screen.wait(f"fetching the model: {done / 1e6:.0f} of {total / 1e6:.0f} MB")

    def _heard(self, event: AnyEvent) -> None:
        match event:
            case RunStarted() if not self._named:
                self._name(event.run_id)
            case Action():
                self.interrupts.action_began()
            case Observation():
                self.interrupts.action_ended()
        self.screen.event(event)

    def _name(self, run_id: str) -> None:
        """Give the file the run's id for a name, now that there is one; the open file goes with it."""
        self._named = True
        path = self.trajectory.path
        if path is not None and not (named := path.with_name(f"{run_id}.jsonl")).exists():
            self.trajectory.path = path.rename(named)


def _unnamed(runs: Path | None) -> Path | None:
    return None if runs is None else runs / f"starting-{secrets.token_hex(4)}.jsonl"


def _figures(places: Places) -> Figures:
    """Beside a record that the user named; otherwise in a folder of the working directory."""
    if places.save is not None:
        return Figures(places.save.parent, f"{places.save.stem}-")
    return Figures(Path("codeact-output"))
