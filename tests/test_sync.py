"""The sync face: results, errors, Ctrl-C, threads, and a caller that runs a loop itself."""

import asyncio
import contextvars
import gc
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from codeact import errors
from codeact.sync import LoopRunner


@pytest.fixture
def runner() -> Iterator[LoopRunner]:
    runner = LoopRunner()
    yield runner
    runner.close()


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def loop_id() -> int:
    return id(asyncio.get_running_loop())


async def interrupted(log: list[str], pid: int) -> None:
    try:
        os.kill(pid, signal.SIGINT)
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        log.append("cleaned up")
        raise


def test_a_call_returns_the_coroutines_result(runner: LoopRunner) -> None:
    assert runner.call(double(21)) == 42


def test_an_error_of_the_coroutine_comes_out_as_it_is(runner: LoopRunner) -> None:
    async def fail() -> None:
        raise errors.SessionClosedError("it is closed")

    with pytest.raises(errors.SessionClosedError, match="it is closed"):
        runner.call(fail())


def test_all_calls_use_one_loop(runner: LoopRunner) -> None:
    assert runner.call(loop_id()) == runner.call(loop_id())


def test_the_callers_context_variables_are_seen(runner: LoopRunner) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")

    async def read() -> str:
        return variable.get()

    assert runner.call(read()) == "unset"
    variable.set("set")
    assert runner.call(read()) == "set"


def test_ctrl_c_cancels_the_coroutine_and_the_runner_goes_on(runner: LoopRunner) -> None:
    log: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        runner.call(interrupted(log, os.getpid()))
    assert log == ["cleaned up"]
    assert runner.call(double(2)) == 4


async def test_a_caller_inside_a_running_loop_gets_the_result_too(runner: LoopRunner) -> None:
    outside = id(asyncio.get_running_loop())
    inside = runner.call(loop_id())
    assert inside != outside
    assert runner.call(loop_id()) == inside


def test_ctrl_c_cancels_the_coroutine_of_a_caller_inside_a_running_loop() -> None:
    log: list[str] = []
    runner = LoopRunner()

    async def outer() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as Jupyter has it: Ctrl-C raises in the main thread
        with pytest.raises(KeyboardInterrupt):
            runner.call(interrupted(log, os.getpid()))
        runner.close()

    asyncio.run(outer())
    assert log == ["cleaned up"]


def test_a_second_thread_gets_a_clear_error_and_the_first_its_result(runner: LoopRunner) -> None:
    inside, leave = threading.Event(), threading.Event()
    results: list[str] = []

    async def wait() -> str:
        inside.set()
        await asyncio.to_thread(leave.wait)
        return "first"

    thread = threading.Thread(target=lambda: results.append(runner.call(wait())))
    thread.start()
    inside.wait()
    with pytest.raises(errors.InputError, match=r"'double' cannot run beside it: give each thread an object of its own"):
        runner.call(double(1))
    with pytest.raises(errors.InputError, match="cannot close while a call is running"):
        runner.close()
    leave.set()
    thread.join()
    assert results == ["first"]


def test_a_call_from_inside_a_call_is_a_clear_error(runner: LoopRunner) -> None:
    async def nested() -> int:
        return runner.call(double(1))

    with pytest.raises(errors.InputError, match="cannot run beside it"):
        runner.call(nested())


def test_a_closed_runner_refuses_calls_and_closes_twice_quietly() -> None:
    runner = LoopRunner()
    runner.call(double(1))
    runner.close()
    runner.close()
    with pytest.raises(errors.InputError, match="closed object"):
        runner.call(double(1))


def test_closing_cancels_what_a_call_left_on_the_loop() -> None:
    runner = LoopRunner()
    log: list[str] = []

    async def leave_a_task() -> asyncio.Task[None]:
        async def background() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                log.append("ended")

        task = asyncio.create_task(background())
        await asyncio.sleep(0)
        return task

    task = runner.call(leave_a_task())
    runner.close()
    assert task.cancelled()
    assert log == ["ended"]


async def test_closing_works_inside_a_running_loop() -> None:
    runner = LoopRunner()
    assert runner.call(double(3)) == 6
    runner.close()


def test_a_runner_that_is_dropped_frees_its_loop() -> None:
    runner = LoopRunner()

    async def own_loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    loop = runner.call(own_loop())
    assert not loop.is_closed()
    del runner
    gc.collect()
    assert loop.is_closed()
