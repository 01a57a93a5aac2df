"""Events of a run in a notebook's cell: thought as it streams, code, output as it comes, tables, figures, errors, the answer.

Invariant: what streams is shown in one block that is updated, at most some times a second. It does not: make anything harmless (`blocks`
does), or know what Jupyter is.
"""

import time
from collections.abc import Callable

from codeact import events
from codeact.cli.flow import Until, clean
from codeact.cli.screen.render import OPENERS, ending
from codeact.export.calls import Calls
from codeact.notebook import blocks
from codeact.notebook.blocks import Block, Publish
from codeact.notebook.prose import fenced

_EVERY = 0.15  # seconds between two updates
_MOST_STREAMED = 200_000  # characters of output that are kept while it comes; the whole is shown at the end


class Screen:
    """The output of one cell.

    Args:
        publish: puts a bundle into it.
        started: how the conversation began, if it did so in an earlier cell.
    """

    def __init__(self, publish: Publish, started: events.RunStarted | None = None) -> None:
        self._publish = publish
        self._title = ""
        self._status = Block(publish)
        self._turn = 0
        self._openers: tuple[str, ...] = ()
        self._until = Until(())
        self._thought, self._thinking = "", Block(publish)
        self._asked = ""
        self._written: list[tuple[str, str]] = []
        self._output = Block(publish)
        self._calls = Calls()
        self._stale: dict[str, Callable[[], None]] = {}
        self._last = 0.0
        if started is not None:
            self._know(started)

    def begin(self, what: str = "starting") -> None:
        """Show that something is going on."""
        self._state(what)

    def end(self, what: str) -> None:
        """Show how it ended, where there was no run."""
        self._state(what)
        self.tick(now=True)

    def close(self) -> None:
        """Show what is left to be shown."""
        self.tick(now=True)

    def note(self, text: str, kind: str = "note") -> None:
        """A line of ours."""
        Block(self._publish).show(blocks.line(kind, text))

    def tick(self, *, now: bool = False) -> None:
        """Show what has changed, unless that was done just now."""
        if self._stale and (now or time.monotonic() - self._last > _EVERY):
            stale, self._stale = self._stale, {}
            for show in stale.values():
                show()
            self._last = time.monotonic()

    def event(self, event: events.AnyEvent) -> None:
        """Show an event."""
        match event:
            case events.ModelDelta():
                self._delta(event)
            case events.StreamChunk():
                self._chunk(event)
            case _:
                self.tick(now=True)
                self._step(event)

    def _step(self, event: events.AnyEvent) -> None:
        match event:
            case events.RunStarted():
                self._know(event)
                self._state("thinking")
            case events.TaskGiven():
                self._state("thinking")
            case events.ModelTurn():
                self._think(self._until.end())
            case events.ApprovalAsked() if event.subject == "action":
                self._asked = event.content
                self._code(event.content)
            case events.Action():
                self._action(event)
            case events.Observation():
                self._observation(event)
            case _:
                self._rest(event)

    def _rest(self, event: events.AnyEvent) -> None:
        match event:
            case events.ToolCalled() | events.ToolReturned():
                self._call(event)
            case events.Feedback():
                self.note(f"the agent was told: {blocks.fold(event.text)}")
            case events.Failed():
                self.note(f"failed at the {event.boundary} boundary ({event.kind}): {event.message}", "error")
            case events.Answered():
                Block(self._publish).show(blocks.markdown(event.text))
            case events.RunEnded():
                self._state(ending(event))
                if event.reason and event.state != "error":  # at the end too: the first line is far above what is long
                    self.note(event.reason, "warning")
            case _:
                pass

    def _know(self, started: events.RunStarted) -> None:
        self._title = f"{started.model} · {started.format} · isolation {started.isolation}"
        self._openers = OPENERS.get(started.format, ())

    def _state(self, what: str) -> None:
        title = f"{self._title} · " if self._title else ""
        self._stale["status"] = lambda: self._status.show(blocks.line("status", f"{title}{what}"))
        self.tick(now=True)

    def _begin_turn(self, turn: int) -> None:
        if turn != self._turn:
            self._turn = turn
            self._thought, self._thinking = "", Block(self._publish)
            self._until = Until(self._openers)

    def _delta(self, event: events.ModelDelta) -> None:
        self._begin_turn(event.turn)
        if not self._until.over:
            self._think(self._until.push(event.text))

    def _think(self, text: str) -> None:
        self._thought += text
        if self._thought.strip():
            block, shown = self._thinking, self._thought.strip()
            self._stale["thought"] = lambda: block.show(blocks.line("thought", shown))
        self.tick()

    def _action(self, event: events.Action) -> None:
        self._begin_turn(event.turn)
        if event.thought.strip() and not self._thought.strip():
            self._think(event.thought)
            self.tick(now=True)
        if event.code != self._asked:
            self._code(event.code)
        self._asked = ""
        self._written, self._output = [], Block(self._publish)
        self._state(f"turn {event.turn}: running")

    def _code(self, code: str) -> None:
        self.tick(now=True)
        Block(self._publish).show({"text/markdown": fenced(code), "text/plain": clean(code)})

    def _chunk(self, event: events.StreamChunk) -> None:
        if sum(len(text) for _, text in self._written) < _MOST_STREAMED:
            self._write(event.name, event.text)
        block, parts = self._output, self._written
        self._stale["output"] = lambda: block.show(blocks.verbatim(parts))
        self.tick()

    def _write(self, name: str, text: str) -> None:
        if self._written and self._written[-1][0] == name:
            text = self._written.pop()[1] + text
        self._written.append((name, text))

    def _observation(self, event: events.Observation) -> None:
        self._stale.pop("output", None)
        block, parts = self._output, list[tuple[str, str]]()
        for output in event.outputs:
            if isinstance(output, events.StreamOutput):
                parts.append((output.name, output.text))
                continue
            block, parts = self._shown(block, parts), []
            self._other(output)
        self._shown(block, parts)
        self._call(event)
        if event.notice or (event.status != "ok" and event.error is None):
            self.note(f"{event.status}: {event.notice}" if event.notice else event.status)
        for file in event.files:
            self.note(f"file {file.path} {file.change}" + ("" if file.change == "deleted" else f", {file.size:,} bytes"))
        self._state("thinking")

    def _shown(self, block: Block, parts: list[tuple[str, str]]) -> Block:
        """Show what was written up to here; what comes after it stands in another block."""
        if not parts:
            return block
        block.show(blocks.verbatim(parts))
        return Block(self._publish)

    def _other(self, output: events.Output) -> None:
        match output:
            case events.DisplayOutput() | events.ResultOutput():
                Block(self._publish).show(blocks.rich(output.data))
            case events.ErrorOutput():
                Block(self._publish).show(blocks.verbatim([("error", output.traceback or f"{output.name}: {output.message}")]))
            case _:
                pass

    def _call(self, event: events.AnyEvent) -> None:
        said = self._calls.line(event)
        if said is not None:
            self.note(said)
