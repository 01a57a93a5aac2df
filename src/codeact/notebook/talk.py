"""A conversation that is kept between cells: an agent, its session, its record.

Invariant: a message that was interrupted ends its run and not the session; after a second interrupt the session is gone, and the next
message begins another. It does not: read what stands in a cell (`magics` does) or show anything.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from codeact import build, config, errors
from codeact.agent.loop import Agent
from codeact.events import RunStarted
from codeact.notebook.asking import Asking
from codeact.notebook.carrying import Carrier
from codeact.notebook.own_shell import OwnShell
from codeact.notebook.screen import Screen
from codeact.notebook.stage import Stage
from codeact.notebook.stopping import Stoppable
from codeact.notebook.terminal import Terminal
from codeact.protocols import Calls, Session
from codeact.tools.bridge import Bridge
from codeact.trajectory import Trajectory

ISOLATED_NOT = (
    "No isolation: with --here the agent's code runs in this notebook's own Python, with your variables, files, network and rights. "
    "Nothing that it does can be undone."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a conversation is to be; None: not said.

    Args:
        here: on the notebook's own variables, and not in a sandbox.
        model, format: by name.
        turns: most turns of a message.
        tools: names of tools.
    """

    here: bool = False
    model: str | None = None
    format: str | None = None
    turns: int | None = None
    tools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a cell asks for.

    Args:
        task: in words; empty: nothing.
        files: to give to the session.
        push: variables to give to it.
        pull: names of variables to bring back.
        ask: what is asked about: ``action``, ``call``.
    """

    task: str
    files: Sequence[Path] = ()
    push: Mapping[str, Any] = field(default_factory=dict)
    pull: Sequence[str] = ()
    ask: Sequence[str] = ()


@dataclass(slots=True)
class Outcome:
    """What came of it; `problem` is why something could not be brought back."""

    run: build.Run | None = None
    pulled: dict[str, Any] = field(default_factory=dict)
    problem: errors.CodeactError | None = None


class Talk:
    """See the module's docstring. Nothing is started yet.

    Args:
        wish: what it is to be.
        shell: the notebook's.

    Raises:
        InputError: it cannot be had.
        ToolServerError: an MCP server cannot be started.
    """

    def __init__(self, wish: Wish, shell: InteractiveShell) -> None:
        self._wish = wish
        self._shell = shell
        self._stage = Stage()
        self._asking = Asking(self._stage)
        self._screen: Screen | Terminal | None = None
        self._carrier = Carrier(None)
        self._settings = config.load(model=wish.model, format=wish.format, limits={"turns": wish.turns}, tools=wish.tools)
        self._model = Stoppable(build.named(self._settings, on_progress=self._fetching))
        self._record = Trajectory()
        self._agent = self._on_own_shell() if wish.here else self._on_sandbox()
        self._conversation = self._agent.conversation(self._record)

    @property
    def started(self) -> RunStarted | None:
        """How it began, if it has."""
        return self._record.last(RunStarted)

    def check(self, wish: Wish) -> None:
        """Refuse to go on as another.

        Raises:
            InputError: the wish is of another conversation.
        """
        for each in fields(wish):
            wanted, has = getattr(wish, each.name), getattr(self._wish, each.name)
            if wanted is not None and wanted != has:
                began = f"with {_said(has)}" if has is not None else "without it"
                raise errors.InputError(f"--{each.name}: this conversation began {began}; add --new to begin another with {_said(wanted)}")

    def message(self, message: Message, screen: Screen | Terminal) -> Outcome:
        """Do what a cell asks for.

        Args:
            message: that.
            screen: shows it.

        Raises:
            CodeactError: it cannot be done; a run that fails is a `Run`.
            asyncio.CancelledError: it was interrupted twice.
        """
        self._screen = screen
        stop_listening = self._record.listen(lambda event: self._stage.later(partial(screen.event, event)))
        try:
            return self._stage.play(self._done(message), stop=self._stop, tick=screen.tick)
        finally:
            stop_listening()
            screen.close()

    def close(self) -> None:
        """End the session and free the model."""
        with suppress(errors.ScriptError):  # turns of a script that are left are no mistake here
            self._stage.end(self._ended())
        self._stage.close()

    async def _ended(self) -> None:
        try:
            await self._conversation.aclose()
        finally:
            await self._agent.aclose()

    async def _done(self, message: Message) -> Outcome:
        self._model.resume()
        self._asking.about(message.ask)
        for name, value in message.push.items():
            session = await self._conversation.aopen()  # which may bring a carrier of its own
            await self._carrier.push(session, name, value)
        outcome = Outcome()
        if message.task:
            task = message.task + _pushed(message.push)
            outcome.run = await self._conversation.asend(task, message.files)
        try:
            for name in message.pull:
                session = await self._conversation.aopen()
                outcome.pulled[name] = await self._carrier.pull(session, name)
        except errors.CodeactError as error:
            outcome.problem = error
        return outcome

    async def _stop(self) -> None:
        """The user interrupts: the action that runs is stopped, and the model writes no more."""
        self._model.stop()
        with suppress(errors.CodeactError):
            await self._conversation.ainterrupt()

    def _on_sandbox(self) -> Agent:
        settings = self._settings
        action_format = build.format(settings.format, native=settings.native)
        toolbox = build.Toolbox(settings, on_note=self._note)

        async def opened(calls: Calls | None) -> Session:
            self._carrier = Carrier(calls)
            return await build.open_session(settings, self._carrier)

        return Agent(
            self._model,
            action_format,
            opened,
            tools=toolbox.tools,
            bridge=Bridge,
            approve=self._asking,
            owned=(toolbox,),
            limits=settings.limits,
            temperature=settings.temperature,
            seed=settings.seed,
            max_tokens=settings.max_tokens,
        )

    def _on_own_shell(self) -> Agent:
        settings = self._settings
        if settings.format != "code":
            raise errors.InputError(f"--here takes the format code, and not {settings.format!r}: the agent acts by what your notebook has")
        if self._wish.tools:
            raise errors.InputError("--here takes no --tools: import in a cell what the agent is to use, and name it in the task")
        shell = OwnShell(self._shell, self._stage, settings.limits.action_seconds)

        async def opened(_: Calls | None) -> Session:
            return shell

        return Agent(
            self._model,
            build.format("code"),
            opened,
            approve=self._asking,
            limits=settings.limits,
            temperature=settings.temperature,
            seed=settings.seed,
            max_tokens=settings.max_tokens,
        )

    def _note(self, text: str) -> None:
        if self._screen is not None:
            self._stage.later(partial(self._screen.note, text))

    def _fetching(self, done: int, of: int) -> None:
        if self._screen is not None:
            self._stage.later(partial(self._screen.begin, f"fetching the model's weights: {done >> 20} of {of >> 20} MB"))


def _said(wish: object) -> str:
    """What was wished, as it is written behind its option."""
    return ", ".join(map(repr, wish)) if isinstance(wish, tuple) else repr(wish)


def _pushed(values: Mapping[str, Any]) -> str:
    """What the agent is told of variables that were given to its session."""
    if not values:
        return ""
    names = ", ".join(f"{name} ({type(value).__name__})" for name, value in values.items())
    return f"\n\n(Variables that the session has from the user: {names}.)"
