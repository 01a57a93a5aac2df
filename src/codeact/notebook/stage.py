"""Where the notebook's own thread and the agent's loop meet: the loop turns in a thread beside it, and what has to be done in the
notebook's (showing, asking, running code of its own) is handed over as jobs.

Invariant: when `play` has returned, what it ran has ended, and every job was done, in order, in the thread that called it. It does not:
know what it plays, or what the jobs do.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from codeact import errors
from codeact.sync import LoopRunner

T = TypeVar("T")
Job = Callable[[], object]

STOPPED = "stopped by you; the variables are kept: go on in another cell"
_TICK = 0.1  # seconds between two looks at what is shown
_MOMENT = 0.005  # seconds that the loop has to pass on what it was told


class Stage:
    """One for each conversation: all it plays shares a loop."""

    def __init__(self) -> None:
        self._runner = LoopRunner()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._tick: Callable[..., object] = lambda: None
        self._errands: set[asyncio.Task[None]] = set()
        self._playing = False
        self._interrupts = 0

    def play(self, work: Coroutine[Any, Any, T], *, stop: Callable[[], Coroutine[Any, Any, None]], tick: Callable[..., object]) -> T:
        """Run a coroutine to its end, doing its jobs meanwhile.

        Args:
            work: not started yet.
            stop: run beside it when the user interrupts, to bring it to its end; a second interrupt cancels it.
            tick: called every now and then, in this thread; with now=True, if it will not be called again soon.

        Raises:
            InputError: something is played already.
            asyncio.CancelledError: it was cancelled.
        """
        if self._playing:
            work.close()
            raise errors.InputError("the agent is at work already: wait for its end (code that it runs cannot ask it)")
        self._playing, self._interrupts, self._task, self._stop, self._tick = True, 0, None, stop, tick
        thread = threading.Thread(target=self._turn, args=(work,), name="codeact-notebook")
        try:
            thread.start()
            while self._serve():
                pass
        except BaseException:
            while self._task is None and thread.is_alive():
                thread.join(_MOMENT)
            self._cancel()
            while thread.ident is not None and self._jobs.get() is not None:  # nobody does them any more
                pass
            raise
        finally:
            self._playing = False
        assert self._task is not None
        return self._task.result()

    def later(self, job: Job) -> None:
        """Have something done in the notebook's thread, and do not wait for it."""
        self._jobs.put(job)

    async def here(self, what: Callable[[], T]) -> T:
        """Have something done in the notebook's thread, and wait for what comes of it.

        Raises:
            CodeactError: what it raised, typed by its boundary if it is foreign; the user's interrupt is a `StoppedError`.
        """
        future: Future[T] = Future()
        self._jobs.put(lambda: _done(future, what))
        return await asyncio.wrap_future(future)

    def pump(self) -> None:
        """From inside a job: do those that came meanwhile; what was told the loop just now may have one."""
        try:
            while (job := self._jobs.get(timeout=_MOMENT)) is not None:
                job()
        except Empty:
            self._tick(now=True)
        else:
            self._jobs.put(None)

    def tell(self, what: Callable[..., object], *args: object) -> None:
        """From inside a job: have something called in the loop."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(what, *args)

    def interrupted(self) -> None:
        """The user has interrupted: the first time bring the work to its end, then cancel it."""
        self._interrupts += 1
        if self._interrupts > 1:
            self._cancel()
        else:
            self.tell(self._begin_stop)

    def close(self) -> None:
        """Free the loop."""
        self._runner.close()

    def end(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what frees things, without jobs."""
        self._runner.call(work)

    def _serve(self) -> bool:
        """Do one job, if there is one; False at the end."""
        try:
            try:
                job = self._jobs.get(timeout=_TICK)
            except Empty:
                job = self._tick
            if job is None:
                self._tick()
                return False
            job()
            self._tick()
        except KeyboardInterrupt:
            self.interrupted()
        return True

    def _turn(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            self._runner.call(self._kept(work))
        finally:
            self._jobs.put(None)

    async def _kept(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run it as a task, which keeps what it returned or raised."""
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(work)
        try:
            await asyncio.wait([self._task])
            if self._errands:
                await asyncio.wait(self._errands)
        finally:
            self._loop = None

    def _begin_stop(self) -> None:
        if self._stop is not None:
            errand = asyncio.get_running_loop().create_task(self._stop())
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)

    def _cancel(self) -> None:
        if self._task is not None:
            self.tell(self._task.cancel)


def _done(future: Future[T], what: Callable[[], T]) -> None:
    """Do it, and keep what comes of it."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        with errors.crossing("input"):
            result = what()
    except errors.CodeactError as error:
        future.set_exception(error)
    except BaseException:
        future.set_exception(errors.StoppedError(STOPPED))
        raise
    else:
        future.set_result(result)
