"""Events on a screen: thought as it streams, code, output folded, files, figures, how it ended.

Invariant: everything that a model, a guest or a file wrote goes through `flow.clean` and is printed as it is, never as markup; in a
pipe the same words come out with no escape sequences. It does not: print the answer (the verb does, to standard output) or decide anything.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from rich.cells import chop_cells
from rich.console import Console
from rich.status import Status
from rich.syntax import Syntax
from rich.text import Text

from codeact.cli.flow import HEAD, Fold, Lines, Until, Wrap, clean, folded
from codeact.events import (
    MIME,
    Action,
    Answered,
    AnyEvent,
    ApprovalAsked,
    DisplayOutput,
    ErrorOutput,
    Failed,
    Feedback,
    ModelDelta,
    ModelTurn,
    Observation,
    Output,
    ResultOutput,
    RunEnded,
    RunStarted,
    StreamChunk,
    StreamOutput,
    TaskGiven,
    ToolCalled,
    ToolReturned,
)
from codeact.export.calls import Calls

OPENERS = {
    "code": ("<execute>", "<solution>", "```"),
    "json": ('{"', "{'", "[{", "```", "<tool_call>"),
    "text": ("Action:", "Answer:", "```"),
}
"""What begins an action or an answer in each format: the thought streams up to there."""

BAR = "│ "
LONGEST = 2000
SaveFigure = Callable[[MIME], Path | None]


class Screen:
    """Shows the events of a run. Close it at the end.

    Args:
        console: where to print.
        save_figure: called with a bundle that may hold a figure; returns the file, None if there is no figure.
        show_task: whether the task is shown (`show` does, `run` was just given it).
        answers: where answers are shown; None if they are not.
        whole: whether output is shown unfolded.
        live: whether the events happen now, so that a spinner is in place.
    """

    def __init__(
        self,
        console: Console,
        save_figure: SaveFigure | None = None,
        *,
        show_task: bool = False,
        answers: Console | None = None,
        whole: bool = False,
        live: bool = True,
    ) -> None:
        self.console = console
        self._save_figure = save_figure
        self._show_task = show_task
        self._answers = answers
        self._head = sys.maxsize if whole else HEAD
        self._live = live and console.is_terminal
        self._busy: Status | None = None
        self._openers: tuple[str, ...] = ()
        self._until = Until(())
        self._thinking = False  # a line of thought is open
        self._wrap = Wrap(console.width if console.is_terminal else None)
        self._gap = ""  # line ends of the thought that are printed only if more of it comes
        self._turn_shown = 0
        self._heading = ""
        self._streamed_thought = False
        self._streamed_output = False
        self._streamed_size = 0
        self._shown = 0  # lines of output on the screen
        self._lines: dict[str, Lines] = {}
        self._fold = Fold()
        self._calls = Calls()
        self._asked = ""  # code that was shown when its approval was asked for

    def close(self) -> None:
        """Give the terminal back as it was."""
        self.wait("")
        self._end_thought()

    def wait(self, what: str) -> None:
        """Show that something is going on; an empty string ends that."""
        if not self._live:
            return
        if self._busy is not None:
            self._busy.stop()
            self._busy = None
        if what and not self._thinking:
            self._busy = self.console.status(Text(what, style="dim"), spinner="dots")
            self._busy.start()

    def note(self, text: str, style: str = "dim") -> None:
        """A line of ours."""
        self._end_thought()
        self.console.print(Text(clean(text), style=style), soft_wrap=True)

    def event(self, event: AnyEvent) -> None:
        """Show an event; a listener of the trajectory."""
        match event:
            case ModelDelta():
                self._delta(event)
            case StreamChunk():
                self._chunk(event)
            case ModelTurn():
                self._turn(event)
            case Action():
                self._action(event)
            case Observation():
                self._observation(event)
            case _:
                self._rest(event)

    def _rest(self, event: AnyEvent) -> None:
        match event:
            case RunStarted():
                self._openers = OPENERS.get(event.format, ())
                self.note(f"{event.model}, format {event.format}, isolation {event.isolation}")
            case TaskGiven():
                if self._show_task:
                    self.prose(event.text, "bold")
                self.wait("thinking")
            case ToolCalled() | ToolReturned():
                self._call(event)
            case ApprovalAsked() if self._live:
                self._question(event)
            case Feedback():
                self._head_turn()
                reason = "" if event.reason == "other" else f"{event.reason.replace('_', ' ')}; "
                self.note(f"{reason}the model was told:", "yellow")
                self.prose(event.text, "dim", BAR)
                self.wait("thinking")
            case Failed():
                self.note(f"failed at the {event.boundary} boundary ({event.kind}): {event.message}", "red")
            case Answered() if self._answers is not None:
                self.wait("")
                print_answer(self._answers, event.text)
            case RunEnded():
                self.wait("")
                self.note(ending(event), "green" if event.state == "answered" else "yellow")
            case _:
                pass

    def _question(self, event: ApprovalAsked) -> None:
        """What somebody is to decide about, whole."""
        self.wait("")
        self._begin_turn(event.turn)
        self._head_turn()
        if event.subject == "action":
            self._asked = event.content
            self.code(event.content)
        else:
            self.prose(event.content, "", BAR)

    def _call(self, event: AnyEvent) -> None:
        line = self._calls.line(event)
        if line is not None:
            self.note(line)

    def block(self, text: str, style: str = "") -> None:
        """Lines of somebody else's output, folded."""
        self._end_thought()
        for line in folded(text, self._head):
            self._line(line, style)

    def prose(self, text: str, style: str, bar: str = "") -> None:
        """Somebody else's words, whole, broken between words in a terminal."""
        self._end_thought()
        wrap = Wrap(self.console.width - len(bar) if self.console.is_terminal else None)
        for line in (wrap.push(clean(text)) + wrap.end()).split("\n"):
            self._line(line, style, bar)

    def _line(self, line: str | int, style: str, bar: str = BAR) -> None:
        if isinstance(line, int):
            self.console.print(Text(f"{bar}... {line:,} lines left out ...", style="dim italic"), soft_wrap=True)
            return
        left_out = len(line) - LONGEST
        shown = f"{line[:LONGEST]} ... {left_out:,} characters left out" if left_out > 0 else line
        shown = shown.expandtabs(8)
        width = self.console.width - len(bar) if self.console.is_terminal else 0
        for piece in chop_cells(shown, width) if width > 0 and shown else [shown]:
            self.console.print(Text.assemble((bar, "dim"), (piece, style)), soft_wrap=True)

    def _delta(self, event: ModelDelta) -> None:
        self._begin_turn(event.turn)
        if self._until.over:
            return
        text = self._until.push(event.text)
        if not self._streamed_thought:
            text = text.lstrip()
        if text:
            self._think(text)
        if self._until.over:
            self._end_thought()
            self.wait(f"turn {event.turn}: writing")

    def _begin_turn(self, turn: int) -> None:
        """A new turn: its heading waits until there is something to stand under it."""
        if turn != self._turn_shown:
            self._turn_shown = turn
            self._heading = f"\nturn {turn}"
            self._streamed_thought = False
            self._until = Until(self._openers)

    def _head_turn(self) -> None:
        if self._heading:
            heading, self._heading = self._heading, ""
            self.console.print(Text(heading, style="dim"))

    def _think(self, text: str) -> None:
        self._streamed_thought = True
        text = self._gap + clean(text)
        shown = text.rstrip("\n")
        self._gap = text[len(shown) :]
        self._put_thought(self._wrap.push(shown))

    def _put_thought(self, shown: str) -> None:
        if not shown:
            return
        if not self._thinking:
            self.wait("")
            self._head_turn()
        self._thinking = True
        self.console.print(Text(shown, style="italic"), end="", soft_wrap=True)

    def _end_thought(self) -> None:
        self._gap = ""
        self._put_thought(self._wrap.end())
        if self._thinking:
            self._thinking = False
            self.console.print()

    def _turn(self, event: ModelTurn) -> None:
        self._begin_turn(event.turn)
        rest = self._until.end()
        if rest and self._streamed_thought:
            self._think(rest)
        self._end_thought()
        self.wait("")
        if event.finish == "length":
            self._head_turn()
            self.note(f"cut at {event.usage.output_tokens} tokens", "yellow")

    def _action(self, event: Action) -> None:
        self._begin_turn(event.turn)
        self._head_turn()
        if event.thought.strip() and not self._streamed_thought:
            self.prose(event.thought.strip(), "italic")
        self._streamed_thought = False
        self._streamed_output = False
        self._streamed_size = 0
        self._lines = {}
        self._fold = Fold(self._head)
        self._shown = 0
        if event.code != self._asked:
            self.code(event.code)
        self._asked = ""
        self.wait(f"turn {event.turn}: running")

    def code(self, source: str) -> None:
        """Code, highlighted in a terminal."""
        source = clean(source).rstrip("\n")
        if self.console.is_terminal:
            self.console.print(Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True, padding=(0, 2)))
        else:
            self.console.print(Text("\n".join(f"    {line}" for line in source.split("\n"))), soft_wrap=True)

    def _chunk(self, event: StreamChunk) -> None:
        self._streamed_output = True
        self._streamed_size += len(event.text)
        lines = self._lines.setdefault(event.name, Lines())
        for line in lines.push(event.text):
            for shown in self._fold.push(line):
                self._shown += 1
                self._line(shown, _stream_style(event.name))

    def _observation(self, event: Observation) -> None:
        self.wait("")
        self._call(event)
        self._end_output(event)
        for output in event.outputs:
            self.output(output)
        if event.notice or (event.status != "ok" and event.error is None):
            self.note(f"{event.status}: {event.notice}" if event.notice else event.status, "yellow")
        if event.full_output:
            self.note(f"whole output: {event.full_output} (in the workspace)")
        for file in event.files:
            self.note(f"file {file.path} {file.change}" + ("" if file.change == "deleted" else f", {file.size:,} bytes"))
        self._streamed_output = False
        self.wait("thinking")

    def _end_output(self, event: Observation) -> None:
        """The last lines of what was streamed: from the observation if it holds more than came live (a session passes on only so much)."""
        streams = [output for output in event.outputs if isinstance(output, StreamOutput)]
        if self._streamed_output and sum(len(output.text) for output in streams) > self._streamed_size:
            lines, fold = Lines(), Fold(0 if self._head <= self._shown else self._head - self._shown)
            every = [*(line for output in streams for line in lines.push(output.text)), *lines.end()]
            for line in every[self._shown :]:
                for shown in fold.push(line):
                    self._line(shown, "")
            for last in fold.end():
                self._line(last, "")
        else:
            self._end_live()
        self._lines = {}

    def _end_live(self) -> None:
        for name, lines in self._lines.items():
            for line in lines.end():
                for shown in self._fold.push(line):
                    self._line(shown, _stream_style(name))
        for last in self._fold.end():
            self._line(last, "")

    def output(self, output: Output) -> None:
        """One output of an observation; streams only if they were not shown as they came."""
        match output:
            case StreamOutput() if not self._streamed_output:
                self.block(output.text, _stream_style(output.name))
            case DisplayOutput() | ResultOutput():
                self._bundle(output.data)
            case ErrorOutput():
                self.block(output.traceback or f"{output.name}: {output.message}", "red")
            case _:
                pass

    def _bundle(self, data: MIME) -> None:
        path = self._save_figure(data) if self._save_figure else None
        if path is not None:
            self.note(f"figure saved to {path}", "magenta")
        elif "text/plain" in data:
            self.block(data["text/plain"], "cyan")
        else:
            self.note(f"display of {', '.join(sorted(data)) or 'nothing'}")


def _stream_style(name: str) -> str:
    return "yellow" if name == "stderr" else ""


def print_answer(console: Console, text: str) -> None:
    """The answer alone in a pipe; under a heading in a terminal."""
    if console.is_terminal:
        console.print(Text("\nAnswer", style="bold green"))
        console.print(Text(clean(text) + "\n", style="bold"), soft_wrap=True)
    else:
        console.file.write(clean(text) + "\n")  # rich would turn tabs into spaces
        console.file.flush()


def ending(event: RunEnded) -> str:
    """How a run ended, in a line."""
    tokens = event.usage.input_tokens + event.usage.output_tokens
    cached = f", {event.usage.cached_tokens:,} cached" if event.usage.cached_tokens else ""
    cost = f" · ${event.usage.cost:.4f}" if event.usage.cost else ""
    turns = "1 turn" if event.turns == 1 else f"{event.turns} turns"
    reason = f" ({event.reason})" if event.reason and event.state != "error" else ""  # an error has been shown already
    return f"{event.state.replace('_', ' ')}{reason} · {turns} · {tokens:,} tokens{cached} · {event.seconds:.1f} s{cost}"
