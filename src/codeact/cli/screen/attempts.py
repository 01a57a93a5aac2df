"""Attempts on the screen: a bench or a generation of data, with its progress.

Invariant: what is done is kept and told of, however it ends. It does not: say what the results mean.
"""

import asyncio
import signal
import time
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from codeact import errors
from codeact.bench.results import Result
from codeact.bench.runner import Runner
from codeact.cli.flow import clean

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(bar_width=24),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TimeRemainingColumn(),
    TextColumn("{task.fields[rate]}  {task.fields[note]}"),
)


async def run(runner: Runner, console: Console) -> list[Result]:
    """Run to the end, or until a signal; what is done is told of either way."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    told = Told(sum(1 for _ in runner.plan.keys), runner.done())
    with Progress(*COLUMNS, console=console) as progress:
        bar = progress.add_task(runner.plan.suite, total=told.total, completed=told.done, rate="", note="")

        def on_progress(result: Result, count: int, _: int) -> None:
            told.take(result, count)
            progress.update(bar, completed=count, rate=told.rate, note=told.note)

        try:
            return await replace(runner, on_progress=on_progress).arun()
        except (asyncio.CancelledError, errors.ModelError, errors.SessionError):
            kept = f"{told.done} of {told.total} attempts are done and kept in {runner.out}; the same command goes on from there"
            console.print(kept, soft_wrap=True, highlight=False, markup=False)
            raise


@dataclass(slots=True)
class Told:
    """What the line of progress says.

    Args:
        total: attempts in all.
        done: that are over, those of an earlier run among them.
    """

    total: int
    done: int
    rate: str = ""
    note: str = ""
    _began: float = field(default_factory=time.monotonic)
    _count: int = 0
    _tokens: int = 0

    def take(self, result: Result, done: int) -> None:
        """One more is over."""
        self.done, self._count = done, self._count + 1
        self._tokens += result.usage.output_tokens
        seconds = max(time.monotonic() - self._began, 1e-6)
        self.rate = f"{self._count / seconds:.1f}/s, {self._tokens / seconds:.0f} tokens/s"
        self.note = clean(f"{result.model} {result.format} {result.task}: {'right' if result.score.success else result.failure}")
