"""``POST /v1/chat/completions``: a chat, of which each answer is the agent's.

Invariant: a conversation that is sent on goes on in the Python session that its last answer left, also after a restart. It does not: serve
tools of the client, pictures, or more than one answer to a request.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from codeact import errors
from codeact.server.api.access import Caller, allowed
from codeact.server.api.faults import Fault
from codeact.server.api.shapes import FAULTS
from codeact.server.engine.live import LiveRun
from codeact.server.engine.order import Order
from codeact.server.engine.runs import Runs
from codeact.server.openai_face.chat_shapes import ChatCompletion, ChatRequest
from codeact.server.openai_face.chat_telling import ChatTelling
from codeact.server.openai_face.following import fault_at_end, go_on, to_its_end
from codeact.server.openai_face.remembered import Remembered
from codeact.server.openai_face.rounds import Round, rounds_of
from codeact.server.openai_face.sse import DONE, STREAMS, sent, stream
from codeact.server.openai_face.talk import Said, Talk, heard, talk

Runner = Annotated[Caller, Depends(allowed("run"))]


def router() -> APIRouter:
    """The route."""
    made = APIRouter(prefix="/v1", tags=["openai"], responses=FAULTS)
    made.post("/chat/completions", response_model=ChatCompletion, responses=STREAMS)(_Chats().create)
    return made


@dataclass(frozen=True, slots=True)
class _Answering:
    """A message that is worked on: whose, in which run, what is told of it, and where its conversation is remembered."""

    said: Talk
    model: str
    caller: Caller
    live: LiveRun
    begun: Round
    telling: ChatTelling
    remembered: Remembered


class _Chats:
    """Chats."""

    async def create(self, request: Request, asked: ChatRequest, caller: Runner) -> ChatCompletion | EventSourceResponse:
        """The agent's answer to a chat."""
        asked.check()
        said = talk([heard(message, f"messages.{number}") for number, message in enumerate(asked.messages)], "messages")
        runs: Runs = request.app.state.runs
        model, remembered = asked.model or runs.agents.names[0], Remembered(runs.store.talks)
        live = await self._begun(runs, asked, model, said, caller)
        begun = rounds_of(live.record.events)[-1]
        telling = ChatTelling(live.run_id, model, begun.given.time, asked.codeact.show)
        answering = _Answering(said, model, caller, live, begun, telling, remembered)
        if asked.stream:
            usage = asked.stream_options is not None and bool(asked.stream_options.include_usage)
            return stream(self._pieces(answering, usage=usage), live.cancel)
        await to_its_end(request, live)
        for event in rounds_of(live.record.events)[begun.number - 1].happened:
            telling.add(event)
        await self._remember(answering)
        return telling.whole()

    async def _begun(self, runs: Runs, asked: ChatRequest, model: str, said: Talk, caller: Caller) -> LiveRun:
        """The run that works on the message: that of the conversation, or a new one."""
        known = await Remembered(runs.store.talks).find(caller.id, model, said.before)
        if known is not None:
            try:
                return await go_on(runs, *known, said.task, caller)
            except (errors.InputError, errors.SessionBusyError, errors.StoreConflictError):
                pass  # it is gone, or works on something else: what was said is told to a new one
        order = Order(
            task=said.task,
            model=model,
            temperature=asked.temperature,
            seed=asked.seed,
            max_tokens=asked.max_completion_tokens or asked.max_tokens,
            earlier=said.earlier,
        )
        return await runs.start(order, caller)

    async def _pieces(self, answering: _Answering, *, usage: bool) -> AsyncGenerator[ServerSentEvent]:
        """The answer as it comes; what fails after its beginning is told in it."""
        telling, live = answering.telling, answering.live
        yield sent(telling.first())
        async with aclosing(live.watch(answering.begun.first)) as happening:
            async for shown in happening:
                for chunk in telling.add(shown.event):
                    yield sent(chunk)
        if (fault := await fault_at_end(live)) is not None:
            yield sent(Fault(error=fault.told))
            return
        await self._remember(answering)
        for chunk in telling.last(usage=usage):
            yield sent(chunk)
        yield DONE

    async def _remember(self, answering: _Answering) -> None:
        """Remember where the conversation stands, once its client has this answer."""
        said = (*answering.said.said, Said("assistant", answering.telling.content))
        owner, model, run_id = answering.caller.id, answering.model, answering.live.run_id
        with suppress(errors.StoreError):  # then what was said is told to a new run the next time
            await answering.remembered.put(owner, model, said, run_id, answering.begun.number)
