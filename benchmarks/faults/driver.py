"""One session of the soak, with a model of what it must be like: its counter, its files, whether checkpoints can be taken.

Invariant: every observation is compared with the model, and what does not fit is in `tally.wrong`. It does not: decide how many sessions
there are, or look for what they leave behind.
"""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from codeact import Session
from codeact.errors import SessionClosedError
from codeact.events import Observation
from faults.kinds import KINDS, Kind

_WEIGHTS = [kind.weight for kind in KINDS]
_SOFT = ("timeout", "interrupted")
_REACT_SECONDS = 0.15
_LOOKS = 0.2
_BEGIN = "import os\nn = {n}\nprint('{tag}')"
_ACTION = "TAG = '{tag}'\nn += 1\nopen(TAG, 'w').close()\n{code}"
_LOOK = "print('{tag}', n, *sorted(name for name in os.listdir() if not name.startswith('output-')))\nn"


@dataclass
class Tally:
    """What happened: actions by kind, problems, sessions and actions so far, and how often lost state was not told of."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sessions: int = 0
    actions: int = 0
    began: float = field(default_factory=time.monotonic)


@dataclass
class Driver:
    """Drives one session.

    Args:
        number: of the session; tags begin with it.
        session: not started.
        checkpoints: whether it takes them.
        chance: decides everything.
        tally: where to count.
    """

    number: int
    session: Session
    checkpoints: bool
    chance: random.Random
    tally: Tally
    n: int = 0
    files: set[str] = field(default_factory=set)
    threads: bool = False
    count: int = 0
    closed: bool = False

    async def live(self, actions: int) -> None:
        """From its start to its end, after about so many actions."""
        async with self.session:
            await self._begin(lost=False)
            while self.count < actions and not self.closed:
                await self._act(self.chance.choices(KINDS, _WEIGHTS)[0])
                if not self.closed and self.chance.random() < _LOOKS:
                    await self._look()
            if not self.closed:
                await self._look()
        self.tally.sessions += 1

    async def _begin(self, *, lost: bool) -> None:
        """Set the variables of a new interpreter; `lost`: the session must say that it is new."""
        tag = self._next_tag()
        seen = await self.session.arun(_BEGIN.format(n=self.n, tag=tag))
        self.threads = False
        self._compare("begin", seen, status=seen.status == "ok", stdout=seen.stdout == f"{tag}\n", state_lost=seen.state_lost == lost)

    async def _look(self) -> None:
        tag = self._next_tag()
        seen = await self.session.arun(_LOOK.format(tag=tag))
        said = " ".join([tag, str(self.n), *sorted(self.files)])
        self._compare("look", seen, status=seen.status == "ok", stdout=seen.stdout == f"{said}\n", result=seen.result == str(self.n))

    async def _act(self, kind: Kind) -> None:
        self.tally.kinds[kind.name] += 1
        tag = self._next_tag()
        code = _ACTION.format(tag=tag, code=kind.code)
        match kind.from_outside:
            case "interrupt":
                await self._interrupt(kind, tag, code)
            case "cancel":
                await self._cancel(kind, tag, code)
            case "close":
                await self._close(kind, code)
            case _:
                await self._stopped_or_judged(kind, tag, await self.session.arun(code, timeout=kind.seconds))

    def _undone(self, kind: Kind) -> bool:
        return kind.ends and self.checkpoints and not self.threads

    async def _judge(self, kind: Kind, tag: str, seen: Observation) -> None:
        """Compare an observation with what its kind must bring, and keep the model in step."""
        killed = kind.ends or (kind.status in _SOFT and (seen.restored or seen.state_lost))  # busy machine: it did not end in the grace
        undone, compiled = killed and self.checkpoints and not self.threads, kind.error != "SyntaxError"
        if compiled and not undone:
            self.files.add(tag)
        if compiled and not killed:
            self.n += 1
        self._compare(
            kind.name,
            seen,
            status=seen.status == kind.status,
            stdout=kind.stdout is None or seen.stdout == kind.stdout.format(tag=tag),
            exit_code=kind.exit_code is None or seen.exit_code == kind.exit_code,
            signal=kind.signal is None or seen.signal == kind.signal,
            error=kind.error is None or (seen.error is not None and seen.error.name == kind.error),
            total=kind.total is None or seen.output_bytes == kind.total,
            restored=seen.restored == undone,
            state_lost=seen.state_lost == (killed and not undone),
        )
        self.threads = self.threads or kind.thread
        if killed and not undone:
            await self._begin(lost=False)

    async def _interrupt(self, kind: Kind, tag: str, code: str) -> None:
        action = asyncio.create_task(self.session.arun(code, timeout=kind.seconds))
        await asyncio.sleep(_REACT_SECONDS)
        await self.session.ainterrupt()
        await self._stopped_or_judged(kind, tag, await action)

    async def _stopped_or_judged(self, kind: Kind, tag: str, seen: Observation) -> None:
        if kind.status not in _SOFT or seen.stdout:
            await self._judge(kind, tag, seen)
            return
        self._compare(kind.name, seen, status=seen.status == kind.status)  # it hit before the print: what was done by then is unknown
        await self._adopt(tag)

    async def _cancel(self, kind: Kind, tag: str, code: str) -> None:
        action = asyncio.create_task(self.session.arun(code, timeout=kind.seconds))
        await asyncio.sleep(_REACT_SECONDS)
        action.cancel()
        await asyncio.wait({action})
        self._note(kind.name, "the task was not cancelled", action.cancelled())
        if self._undone(kind):
            await self._look()
        else:
            await self._adopt(tag, lost=True)

    async def _adopt(self, tag: str, *, lost: bool = False) -> None:
        if tag in os.listdir(self.session.workspace):  # noqa: PTH208 -- names, no paths
            self.files.add(tag)
        threads = self.threads
        await self._begin(lost=lost)
        self.threads = threads and not lost

    async def _close(self, kind: Kind, code: str) -> None:
        self.closed = True
        action = asyncio.create_task(self.session.arun(code, timeout=kind.seconds))
        await asyncio.sleep(_REACT_SECONDS)
        await self.session.aclose()
        await asyncio.wait({action}, timeout=30)
        if not action.done():
            self._note(kind.name, "the action that ran when the session was closed never ended", False)
            action.cancel()
            return
        error = None if action.cancelled() else action.exception()
        self._note(kind.name, f"the action that ran raised {error!r}", error is None or isinstance(error, SessionClosedError))

    def _next_tag(self) -> str:
        self.count += 1
        self.tally.actions += 1
        return f"s{self.number}-a{self.count}"

    def _compare(self, what: str, seen: Observation, **checks: bool) -> None:
        bad = [name for name, right in checks.items() if not right]
        if bad:
            told = f"{seen.model_dump(exclude={'outputs'})!r}, output {seen.stdout[:300]!r}, error {seen.error!r}"
            self._note(what, f"{', '.join(bad)} of {told}, model n={self.n} files={sorted(self.files)[-5:]} threads={self.threads}", False)

    def _note(self, what: str, problem: str, right: bool) -> None:
        if not right:
            text = f"session {self.number}, action {self.count} ({what}, checkpoints {self.checkpoints}): {problem}"
            self.tally.wrong.append(text)
            print(text, flush=True)
