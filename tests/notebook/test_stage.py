"""Work beside the notebook's thread: what is done there, and what an interrupt does to it."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import pytest

from codeact.errors import StoppedError, UnexpectedError
from codeact.events import Message
from codeact.notebook.stage import STOPPED, Stage
from codeact.notebook.stopping import Stoppable
from codeact.protocols import Completion, ModelRequest


class Endless:
    """A model that never comes to an end."""

    name = "endless"
    uses_grammar = False

    def __init__(self) -> None:
        self.closed = False

    async def generate(self, request: ModelRequest) -> AsyncGenerator[str | Completion]:
        """One piece, and then nothing."""
        try:
            yield "once"
            await asyncio.Event().wait()
        finally:
            self.closed = True

    async def aclose(self) -> None:
        """Nothing to free."""


async def nothing() -> None:
    """No way to bring work to its end."""


def interrupt() -> None:
    """What a signal does in the notebook's thread."""
    raise KeyboardInterrupt


def play(stage: Stage, work: object, **faces: object) -> object:
    """Played with nothing to show."""
    return stage.play(work, **{"stop": nothing, "tick": lambda now=False: None, **faces})  # type: ignore[arg-type]


def test_what_is_handed_over_is_done_in_the_callers_thread_and_in_order() -> None:
    stage, done = Stage(), list[object]()

    async def work() -> int:
        stage.later(lambda: done.append("shown"))
        done.append(await stage.here(threading.get_ident))
        return 7

    assert play(stage, work()) == 7
    assert done == ["shown", threading.get_ident()]
    stage.close()


async def test_it_plays_inside_a_running_loop_too() -> None:
    stage = Stage()

    async def work() -> int:
        return await stage.here(threading.get_ident)

    assert play(stage, work()) == threading.get_ident()
    stage.close()


def test_what_is_raised_there_comes_back_with_a_type() -> None:
    stage = Stage()

    async def work() -> None:
        await stage.here(lambda: 1 / 0)

    with pytest.raises(UnexpectedError, match="division by zero"):
        play(stage, work())
    stage.close()


def test_the_first_interrupt_brings_the_work_to_its_end_and_the_second_cancels_it() -> None:
    stage, stopped = Stage(), list[str]()

    async def stop() -> None:
        stopped.append("asked")
        stage.later(interrupt)

    async def work() -> None:
        stage.later(interrupt)
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        play(stage, work(), stop=stop)
    assert stopped == ["asked"]

    async def more() -> str:
        return "goes on"

    assert play(stage, more()) == "goes on"
    stage.close()


def test_an_interrupt_of_what_is_done_in_the_notebook_ends_the_run() -> None:
    stage = Stage()

    async def work() -> None:
        await stage.here(interrupt)

    with pytest.raises(StoppedError, match=STOPPED):
        play(stage, work())
    stage.close()


async def test_a_model_that_is_stopped_ends_at_once_and_is_closed() -> None:
    endless = Endless()
    model, pieces = Stoppable(endless), list[object]()
    with pytest.raises(StoppedError, match=STOPPED):
        async for piece in model.generate(ModelRequest([Message(role="user", content="go")])):
            pieces.append(piece)
            asyncio.get_running_loop().call_soon(model.stop)
    assert (pieces, endless.closed) == (["once"], True)
