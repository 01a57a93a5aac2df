"""One action while it runs: what came of it so far, how it ended, and the observation made of that.

Invariant: an action ends once; the first ending that is reported stands. It does not: talk to processes (`session` does).
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from codeact.errors import CodeactError
from codeact.events import LimitHit, Limits, Observation, Status
from codeact.protocols import OnOutput
from codeact.sandbox import channel
from codeact.sandbox.output import Collector
from codeact.sandbox.workspace import Listing, changes

Stop = Literal["timeout", "interrupted"]

_RESTORED = "The interpreter and the workspace are as they were before this action."
ABANDONED = "The action before this one was cancelled: the interpreter and the workspace are as they were before that."
_RESTARTED = "The interpreter was restarted: its variables, imports and functions are gone; files in the workspace are still there."
_WORDS = {
    "action_seconds": "seconds for one action",
    "memory_mb": "MB of memory",
    "processes": "processes",
    "disk_mb": "MB in the workspace",
}


class Clock:
    """The time limit of an action, which does not run while somebody decides something.

    Args:
        seconds: until `ring` is called, None: never.
        ring: what happens then.
    """

    def __init__(self, seconds: float | None, ring: Callable[[], None]) -> None:
        self._left = seconds
        self._ring = ring
        self._pauses = 1
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def resume(self) -> None:
        """Run, from the first call on and once all pauses are over."""
        self._pauses -= 1
        if self._pauses == 0 and self._left is not None:
            loop = asyncio.get_running_loop()
            self._since, self._timer = loop.time(), loop.call_later(self._left, self._ring)

    def pause(self) -> None:
        """Stand still; pauses count."""
        self._pauses += 1
        if self._timer is not None and self._left is not None:
            self._timer.cancel()
            self._left = max(0.0, self._left - (asyncio.get_running_loop().time() - self._since))
            self._timer = None

    def stop(self) -> None:
        """For good."""
        self._left = None
        if self._timer is not None:
            self._timer.cancel()


class RunningAction:
    """From the start of an action to its observation.

    Args:
        number: counts the session's actions from 1.
        limits: in force.
        on_output: told of text as it comes.
        before: the workspace's files at the start.
        create: makes a file in the workspace, for output beyond the cap; returns a descriptor.
    """

    clock: Clock

    def __init__(self, number: int, limits: Limits, on_output: OnOutput | None, before: Listing, create: Callable[[str], int]) -> None:
        self.number = number
        self.calls = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stopped: Stop | None = None
        self.process_ended = False
        self.broken = ""
        self.mapped: tuple[str, ...] = ()
        self.collector = Collector(self._hear if on_output is not None else None, self._spill, limits.output_chars)
        self._on_output = on_output
        self._heard: deque[tuple[Literal["stdout", "stderr"], str]] = deque()
        self._news = asyncio.Event()
        self._limits = limits
        self._before = before
        self._create = create
        self._started = time.perf_counter()
        self._status: Status = "ok"
        self._exit_code: int | None = None
        self._signal: int | None = None
        self._limit: LimitHit | None = None
        self._notice = ""
        self._restored = False
        self._file: int | None = None
        self._file_name: str | None = None
        self._file_bytes = 0
        self._file_trouble = ""

    @property
    def was_restored(self) -> bool:
        """Whether the session is as it was before it."""
        return self._restored

    @property
    def running(self) -> bool:
        """Whether no ending was reported yet."""
        return not self.over.done()

    async def end(self) -> None:
        """Wait for the end, handing on text as it comes; what `on_output` raises is raised here."""
        if self._on_output is None:
            await self.over
            return
        self.over.add_done_callback(lambda _: self._news.set())
        while True:
            while self._heard:
                self._on_output(*self._heard.popleft())
            if self.over.done():
                return
            self._news.clear()
            await self._news.wait()

    def _hear(self, name: Literal["stdout", "stderr"], text: str) -> None:
        self._heard.append((name, text))
        self._news.set()

    def stop(self, reason: Stop, seconds: float | None) -> None:
        """Note that it is being stopped, by a limit of `seconds` or by the user."""
        self.stopped = reason
        if seconds is not None:
            self._limit = LimitHit(name="action_seconds", value=seconds)

    def done(self, frame: channel.Done, parts: list[bytes]) -> None:
        """The guest says that it is over."""
        result = channel.bundle(frame.result, parts) if frame.result is not None else None
        if frame.error is not None:
            name, message, traceback = frame.error
            self.collector.error(name, message, traceback)
        if result is not None:
            self.collector.result(result)
        self._status, self._exit_code = frame.status, frame.exit_code
        self.broken, self.mapped = frame.broken, frame.mapped
        if frame.broken:
            self._status = "crash" if frame.status == "ok" else frame.status
            self.process_ended = True
            self._notice = "The code broke parts of the interpreter itself."
        self.over.set_result(None)

    def ended(self, event: dict[str, Any]) -> None:
        """Its process is no more: the warden's event, or {"event": "lost", "reason": text}."""
        self.process_ended = True
        match event["event"]:
            case "exited" if event["code"] >= 0:
                self._status, self._exit_code = "crash", event["code"]
                self._notice = f"The interpreter's process ended with exit code {event['code']} (os._exit or the like)."
            case "exited":
                self._signal = -event["code"]
                self._status = "killed" if self._signal == 9 else "crash"
                self._notice = f"The interpreter's process was ended by signal {self._signal}."
            case "over":
                self._status = "memory" if event["limit"] == "memory_mb" else "killed"
                self._limit = LimitHit(name=event["limit"], value=float(getattr(self._limits, event["limit"])))
                self._notice = event.get("reason", "")  # of what could not be told, where that is why
            case "killed":
                self._status = self.stopped or "killed"
            case _:
                self._status = "lost"
                self._notice = f"The connection to the interpreter broke: {event['reason']}."
        self.over.set_result(None)

    def restored(self, remark: str) -> None:
        """The session was brought back to before it; `remark` says what was not."""
        self._restored = True
        self.remark(remark)
        if self.calls:
            self.remark(f"It had made {self.calls} call{'s' if self.calls > 1 else ''} of tools, which are not undone.")

    def not_restored(self, reason: str) -> None:
        """The session could not be brought back, for a reason, empty when nobody tried."""
        self.remark(f"There was no checkpoint before this action: {reason}." if reason else "")

    def remark(self, text: str) -> None:
        """Add a sentence to its notice."""
        self._notice = f"{self._notice} {text}".strip()

    def observe(self, after: Listing, ended_before: bool) -> Observation:
        """What came of it.

        Args:
            after: the workspace's files now.
            ended_before: the interpreter of the action before ended between the two.
        """
        status = self._status
        if self.stopped == "timeout" or (self.stopped == "interrupted" and self.process_ended):
            status = self.stopped
        notices = []
        if ended_before:
            notices.append(f"The interpreter had ended since the last action. {_RESTARTED}")
        if self._limit is not None:
            notices.append(f"Stopped at the limit of {self._limit.value:g} {_WORDS[self._limit.name]}.")
        notices += [self._notice, self._file_trouble]
        if self.process_ended:
            notices.append(_RESTORED if self._restored else _RESTARTED)
        whole = self._file_name if not self._file_trouble else None
        files = changes(self._before, after)
        return Observation(
            status=status,
            outputs=self.collector.finish(whole),
            files=() if self._restored else tuple(change for change in files if change.path != self._file_name),
            seconds=time.perf_counter() - self._started,
            notice=" ".join(filter(None, notices)),
            limit=self._limit,
            exit_code=self._exit_code,
            signal=self._signal,
            state_lost=(self.process_ended and not self._restored) or ended_before,
            restored=self._restored,
            output_bytes=self.collector.total,
            full_output=whole,
        )

    @property
    def full_output(self) -> str | None:
        """Name of the file that was made for the whole output, when it is long."""
        return self._file_name

    def close(self) -> None:
        """Close the file of the whole output, and let go of all that would keep the action alive."""
        self.over.cancel()
        self.collector.close()
        self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _spill(self, data: bytes) -> None:
        """Write to the file that holds the whole text, up to the limit on files; once that fails, no more is written."""
        if self._file_trouble:
            return
        try:
            if self._file is None:
                name = f"output-{self.number}.txt"
                self._file = self._create(name)
                self._file_name = name
            room = (self._limits.file_mb or 1 << 20) * (1 << 20) - self._file_bytes
            left = memoryview(data)[: max(room, 0)]
            while left:
                written = os.write(self._file, left)
                self._file_bytes += written
                left = left[written:]
        except CodeactError as error:  # the guest made a file of that name, its own loss; or there is no room for one
            self._file_trouble = f"There is no file of the whole output: {error}."
        except OSError as error:  # the disk is full, or the like: the action goes on, and what is kept in memory is shown
            self._close_file()
            begun = f"only the first {self._file_bytes} bytes of the output" if self._file_bytes else "nothing of the output"
            self._file_trouble = f"The file {self._file_name} holds {begun}: {error.strerror}."
