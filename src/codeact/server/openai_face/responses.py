"""``/v1/responses``: answers that are kept, and gone on from by their id.

A response is one message of a run and what came of it, ``resp_RUN_NUMBER``. The record of the run is kept until it is deleted, with
``store: false`` too; deleting one response deletes the whole conversation that it is of.

Invariant: an answer that goes on from another has the Python session as that one left it, whatever came after it. It does not: serve tools
of the client, or pictures as input.
"""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from codeact import errors, events
from codeact.server.api.access import Caller, allowed
from codeact.server.api.faults import FaultError, not_found
from codeact.server.api.shapes import FAULTS
from codeact.server.engine.live import LiveRun
from codeact.server.engine.order import Order
from codeact.server.engine.runs import Runs
from codeact.server.openai_face.following import fault_at_end, go_on, to_its_end
from codeact.server.openai_face.response_shapes import Deleted, Response, ResponseEvent, ResponseRequest
from codeact.server.openai_face.response_telling import ResponseTelling, place_of
from codeact.server.openai_face.rounds import Round, rounds_of
from codeact.server.openai_face.sse import STREAMS, sent, stream
from codeact.server.openai_face.talk import talk

Runner = Annotated[Caller, Depends(allowed("run"))]
Streamed = Annotated[bool, Query(alias="stream", description="In pieces, from the first one on.")]
After = Annotated[int, Query(ge=-1, description="Number of the last piece that was seen.")]


def router() -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/v1/responses", tags=["openai"], responses=FAULTS)
    made.post("", response_model=Response, responses=STREAMS)(create)
    made.get("/{response_id}", response_model=Response, responses=STREAMS)(look)
    made.post("/{response_id}/cancel")(cancel)
    made.delete("/{response_id}")(remove)
    return made


@dataclass(frozen=True, slots=True)
class _Kept:
    """A response: a message of a run."""

    live: LiveRun
    number: int

    @property
    def round(self) -> Round:
        """The message, and what has come of it so far."""
        return rounds_of(self.live.record.events)[self.number - 1]

    @property
    def is_latest(self) -> bool:
        """Whether the run has no later message."""
        return self.number == len(rounds_of(self.live.record.events))

    def telling(self, *, background: bool | None = None) -> ResponseTelling:
        """What tells of it, from its beginning."""
        started = self.live.record.events[0]
        assert isinstance(started, events.RunStarted)
        return ResponseTelling(started, self.round, background=background)

    def told(self, *, background: bool | None = None) -> Response:
        """The response as it stands."""
        telling = self.telling(background=background)
        for event in self.round.happened:
            telling.add(event)
        return telling.response


async def create(request: Request, asked: ResponseRequest, caller: Runner) -> Response | EventSourceResponse:
    """The agent's answer to what is said; with `previous_response_id`, in the Python session that one left."""
    asked.check()
    live = await _begun(request, asked, caller)
    kept = _Kept(live, len(rounds_of(live.record.events)))
    if asked.stream:
        return stream(_pieces(kept, background=asked.background), None if asked.background else live.cancel)
    if not asked.background:
        await to_its_end(request, live)
    return kept.told(background=asked.background)


async def look(
    request: Request, response_id: str, caller: Runner, streamed: Streamed = False, starting_after: After = -1
) -> Response | EventSourceResponse:
    """A response as it stands, or its pieces."""
    kept = await _kept(request, response_id, caller)
    return stream(_pieces(kept, after=starting_after)) if streamed else kept.told()


async def cancel(request: Request, response_id: str, caller: Runner) -> Response:
    """End the work on a response; one that has ended stays as it is."""
    kept = await _kept(request, response_id, caller)
    if kept.is_latest:
        await kept.live.cancel()
    return kept.told()


async def remove(request: Request, response_id: str, caller: Runner) -> Deleted:
    """Delete the conversation that the response is of."""
    kept = await _kept(request, response_id, caller)
    runs: Runs = request.app.state.runs
    await runs.remove(kept.live.run_id, caller)
    return Deleted(id=response_id)


async def _begun(request: Request, asked: ResponseRequest, caller: Caller) -> LiveRun:
    """The run that works on the message."""
    runs: Runs = request.app.state.runs
    said = talk(asked.said(), "input")
    if asked.previous_response_id is None:
        order = Order(
            task=said.task, model=asked.model, temperature=asked.temperature, max_tokens=asked.max_output_tokens, earlier=said.earlier
        )
        return await runs.start(order, caller)
    if said.earlier:
        raise FaultError(400, "with previous_response_id, give the next message only: what was before is known", "invalid", param="input")
    previous = await _kept(request, asked.previous_response_id, caller)
    model = previous.told().model
    if asked.model not in (None, model):
        raise FaultError(
            400, f"{asked.previous_response_id} is by the model {model!r}: leave model out, or give that", "invalid", param="model"
        )
    return await go_on(runs, previous.live.run_id, previous.number, said.task, caller)


async def _kept(request: Request, response_id: str, caller: Caller) -> _Kept:
    """A response that there is.

    Raises:
        FaultError: there is none of this id, or it is another's.
    """
    runs: Runs = request.app.state.runs
    place = place_of(response_id)
    if place is None:
        raise not_found("response", response_id)
    try:
        live = await runs.reach(place[0], caller)
    except errors.NotFoundError as error:
        raise not_found("response", response_id) from error
    if place[1] > len(rounds_of(live.record.events)):
        raise not_found("response", response_id)
    return _Kept(live, place[1])


async def _pieces(kept: _Kept, *, background: bool | None = None, after: int = -1) -> AsyncGenerator[ServerSentEvent]:
    """A response as it comes; what fails is told in it."""
    telling, live = kept.telling(background=background), kept.live
    for piece in _later(telling.first(), after):
        yield piece
    known = kept.round
    if known.ended is not None or not kept.is_latest:
        for event in known.happened:
            for piece in _later(telling.add(event), after):
                yield piece
        return
    async with aclosing(live.watch(known.first)) as happening:
        async for shown in happening:
            for piece in _later(telling.add(shown.event), after):
                yield piece
    if kept.round.ended is None and (fault := await fault_at_end(live)) is not None:
        yield sent(ResponseEvent(type="error", sequence_number=telling.next, **fault.told.model_dump(exclude={"type"})), "error")


def _later(pieces: Iterable[ResponseEvent], after: int) -> Iterable[ServerSentEvent]:
    """Those that come after one, as they are sent."""
    return [sent(piece, piece.type) for piece in pieces if piece.sequence_number > after]
