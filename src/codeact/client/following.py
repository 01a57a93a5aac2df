"""A run followed from outside: its events across lost connections, and answers to its questions.

Invariant: numbered events come in order, without gaps, none twice, however often the connection breaks; what is only shown as it happens is
not shown twice either, as long as the server stays the same. It does not: keep events.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

import pydantic_core

from codeact import errors, events
from codeact.client import addresses, answers
from codeact.client.patience import Patience
from codeact.client.sse import Sent
from codeact.client.told import RunInfo
from codeact.client.wire import Wire
from codeact.protocols import Approve, Decision, Question

_LOOK_SECONDS = 0.2
_AWAY = (errors.ServerUnavailableError, errors.ServerBusyError, errors.StoreUnavailableError)


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event with its number in the record; None: it is only shown as it happens."""

    number: int | None
    event: events.AnyEvent


async def followed(wire: Wire, run_id: str, after: int) -> AsyncGenerator[Numbered]:
    """The events of a run, to the end of the message that is worked on.

    Args:
        wire: to the server.
        run_id: of the run.
        after: number of the last event that was seen; -1: none was.

    Raises:
        ServerUnavailableError: the server was away for too long.
        NotFoundError: there is no such run (any more).
        CodeactError: another error of the server's.
    """
    patience, passing = Patience(wire.patience), _Passing()
    while True:
        passing.again()
        headers = {"Last-Event-ID": str(after)} if after >= 0 else {}
        try:
            async with aclosing(wire.stream("GET", addresses.path("runs", run_id, "stream"), headers=headers)) as source:
                async for sent in source:
                    if sent.event == "end":
                        return
                    number = _number(sent, after, wire.url)
                    if passing.is_old(sent, number) or (number is not None and number <= after):
                        continue
                    after = after if number is None else number
                    patience.renew()
                    yield Numbered(number, answers.read_event(sent.data, wire.url))
            lost = errors.ServerUnavailableError(f"{wire.url} ended the events of {run_id!r} before the run has ended")
        except _AWAY as error:
            lost = error
        asked = lost.retry_after if isinstance(lost, errors.ServerBusyError) else None
        if not wire.reached or not await patience.wait(asked):
            raise lost


class _Passing:
    """What was only shown as it happened, since the latest numbered event: a server shows it again to who comes back."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._expected: deque[str] = deque()

    def again(self) -> None:
        """The connection is a new one."""
        self._expected = deque(self._seen)

    def is_old(self, sent: Sent, number: int | None) -> bool:
        """Whether it was shown before."""
        if number is not None:
            self._seen.clear()
            self._expected.clear()
            return False
        if self._expected and self._expected[0] == sent.data:
            self._expected.popleft()
            return True
        self._expected.clear()
        self._seen.append(sent.data)
        return False


def _number(sent: Sent, after: int, url: str) -> int | None:
    if sent.id is None:
        return None
    if not (sent.id.isascii() and sent.id.isdigit()) or int(sent.id) > after + 1:
        raise errors.ServerError(f"{url} sent the event {sent.id!r} after the event {after}: the record has a gap; read the run anew")
    return int(sent.id)


class Answering:
    """Answers the questions of one run.

    Args:
        approve: who decides.
        look: tells of the run.
        decide: takes a decision to the server.
        tasks: where what waits for a decision lives.
    """

    def __init__(
        self,
        approve: Approve,
        look: Callable[[], Awaitable[RunInfo]],
        decide: Callable[[str, Decision], Awaitable[object]],
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._approve = approve
        self._look = look
        self._decide = decide
        self._tasks = tasks
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._sending: set[str] = set()

    def take(self, event: events.AnyEvent) -> None:
        """An event happened."""
        match event:
            case events.ApprovalAsked():
                question = Question(event.subject, event.approval_id, event.content, _tool(event))
                self._waiting[question.number] = self._tasks.create_task(self._answer(question))
            case events.ApprovalGiven():
                task = self._waiting.pop(event.approval_id, None)
                if task is not None and event.approval_id not in self._sending:
                    task.cancel()  # somebody else decided
            case events.RunEnded():
                self.close()
            case _:
                pass

    def close(self) -> None:
        """Nothing is to be decided any more."""
        for task in self._waiting.values():
            task.cancel()
        self._waiting.clear()

    async def _answer(self, question: Question) -> None:
        """Decide about a question that is open; of many a one the server itself knows that nobody is to be asked."""
        decision: Decision | None = None
        while question.number in self._waiting:
            if await self._is_open(question):
                decision = decision or await self._approve(question)
                if await self._sent(question, decision):
                    return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _sent(self, question: Question, decision: Decision) -> bool:
        """Whether the server took the decision."""
        self._sending.add(question.number)
        try:
            await self._decide(question.number, decision)
        except _AWAY:
            return False
        except errors.InputError:
            if question.number in self._waiting and await self._is_open(question):
                raise  # it is not late but wrong
            return False
        finally:
            self._sending.discard(question.number)
        return True

    async def _is_open(self, question: Question) -> bool:
        try:
            return any(one.id == question.number for one in (await self._look()).questions)
        except _AWAY:
            return False


def _tool(asked: events.ApprovalAsked) -> str:
    """Name of the tool that a question is about."""
    if asked.subject == "action":
        return ""
    try:
        call = pydantic_core.from_json(asked.content)
    except ValueError:
        return ""
    return str(call.get("tool", "")) if isinstance(call, dict) else ""
