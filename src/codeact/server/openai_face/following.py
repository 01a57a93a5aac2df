"""A message of a client and the run that works on it: begun, gone on with, waited for, ended when the client goes.

Invariant: a client that waits for an answer and goes ends the work on it. It does not: know how an answer is written.
"""

import asyncio
from contextlib import suppress

from fastapi import Request

from codeact import errors
from codeact.server.api.access import Caller
from codeact.server.api.faults import FaultError, of_error
from codeact.server.engine.live import LiveRun
from codeact.server.engine.order import Onward
from codeact.server.engine.runs import Runs
from codeact.server.openai_face.rounds import rounds_of

_LOOK_SECONDS = 0.25


async def go_on(runs: Runs, run_id: str, number: int, text: str, caller: Caller) -> LiveRun:
    """Give a run its next message; one that has gone on since is branched, so that the state is that of then.

    Args:
        runs: of the server.
        run_id: of the run.
        number: of its message after which this one comes.
        text: the message.
        caller: who asks.

    Raises:
        NotFoundError: there is no such run, or no such message.
        InputError: it is working on that message.
        CodeactError: see `Runs.send` and `Runs.branch`.
    """
    live = await runs.reach(run_id, caller)
    rounds = rounds_of(live.record.events)
    if not 1 <= number <= len(rounds):
        raise errors.NotFoundError(f"the run {run_id!r} has no message {number}")
    if number == len(rounds):
        return await runs.send(run_id, text, (), caller)
    turn = rounds[number - 1].last_turn
    if not turn:
        raise errors.InputError(f"nothing came of the message {number} of the run {run_id!r}: give the conversation anew")
    return await runs.branch(run_id, turn, caller, Onward(text))


async def to_its_end(request: Request, live: LiveRun) -> None:
    """Wait for the end of the work on a message.

    Raises:
        FaultError: it ended with an error, was not kept, or is left to the next process.
    """
    while live.works:
        with suppress(TimeoutError, errors.CodeactError):  # an error is told of below
            await asyncio.wait_for(live.ended(), _LOOK_SECONDS)
        if live.works and await request.is_disconnected():
            await live.cancel()
    if (fault := await fault_at_end(live)) is not None:
        raise fault


async def fault_at_end(live: LiveRun) -> FaultError | None:
    """What is told of a run that ended with an error, was not kept, or did not end here; None: it ended otherwise."""
    try:
        run = await live.ended()
    except errors.CodeactError as error:
        return _unrepeated(of_error(error), live)
    if run is not None and run.error is not None:
        return _unrepeated(of_error(run.error), live)
    if run is None and rounds_of(live.record.events)[-1].ended is None:
        return _unrepeated(
            FaultError(503, f"the server is ending; the run {live.run_id} goes on when it is back", "ending", type="busy"), live
        )
    return None


def _unrepeated(fault: FaultError, live: LiveRun) -> FaultError:
    """The same, told so that clients of OpenAI's, which try again by themselves, do not do everything once more."""
    fault.headers = {"x-should-retry": "false", "x-codeact-run": live.run_id}
    return fault
