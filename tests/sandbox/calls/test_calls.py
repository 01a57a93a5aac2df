"""Calls of tools on the host, from the session's code: what goes over, what comes back, and what happens to those that nobody waits for."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from codeact.events import Limits, StreamOutput, ToolSpec
from codeact.protocols import CallReply, CallRequest
from codeact.sandbox.session import Session

Answer = Callable[[CallRequest], Awaitable[CallReply]]


class Answers:
    """Tools that are nothing but their answers."""

    def __init__(self) -> None:
        self.seen: list[CallRequest] = []
        self.cancelled = 0
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.specs = [
            ToolSpec(name="echo", signature="echo(*args, **kwargs)", description="Give back what came.\n\nAll of it."),
            ToolSpec(name="price", signature="price(item: str, *, n: int = 1, when: Day = TODAY) -> float", description="Unit price."),
            ToolSpec(name="twice", signature="async twice(x: int) -> int", description="Slow."),
            ToolSpec(name="fail", signature="fail(kind: str, message: str)", description="Raise."),
            ToolSpec(name="wait", signature="wait()", description="Until the gate opens."),
            ToolSpec(
                name="search",
                signature="search(at: Point) -> list[Point]",
                description="Find issues.",
                module="github",
                definitions="from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: int = 2\n",
            ),
        ]

    async def answer(self, request: CallRequest) -> CallReply:
        self.seen.append(request)
        match request.tool:
            case "echo":
                return CallReply([list(request.args), dict(request.kwargs)], request.parts)
            case "price":
                return CallReply(1.5)
            case "twice":
                await asyncio.sleep(0.2)
                return CallReply(request.args[0] * 2)
            case "fail":
                return CallReply(error=(request.args[0], request.args[1]))
            case "wait":
                self.asked.set()
                try:
                    await self.gate.wait()
                except asyncio.CancelledError:
                    self.cancelled += 1
                    raise
                return CallReply("open")
            case "github.search":
                return CallReply([{"$": "object", "type": "Point", "fields": {"x": 7, "y": 8}}, request.args[0]])
        return CallReply(error=("NameError", request.tool))


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def session(answers: Answers) -> AsyncIterator[Session]:
    async with Session(preload=(), calls=answers) as session:
        yield session


async def printed(session: Session, code: str) -> str:
    seen = await session.arun(code)
    assert seen.status == "ok", seen
    return seen.stdout.strip()


async def test_a_tool_looks_like_a_function_of_the_session(session: Session) -> None:
    text = await printed(session, "help(price)")
    assert "price(item: str, *, n: int = 1, when: Day = TODAY) -> float" in text
    assert "Unit price." in text
    assert await printed(session, "import inspect\nprint(price.__name__, inspect.signature(price), echo.__doc__)") == (
        "price (item: str, *, n: int = 1, when: Day = TODAY) -> float Give back what came.\n\nAll of it."
    )


async def test_only_what_the_caller_passed_goes_over(session: Session, answers: Answers) -> None:
    assert await printed(session, "print(price('pear'), price(item='fig', n=3))") == "1.5 1.5"
    assert [(list(each.args), dict(each.kwargs)) for each in answers.seen] == [(["pear"], {}), ([], {"item": "fig", "n": 3})]


@pytest.mark.parametrize(
    "value",
    [
        "None", "True", "2**70", "1.5", "float('inf')", "'ü\\n'", "[1, [2]]", "{'a': {'b': 1}}", "{1: 2, (3, 4): 5}", "{'$': 1}", "(1, (2,))", "{1}", "frozenset({'x'})",
        "b'\\x00\\xff'", "[b'a', {'b': b'c'}]", "3+4j", "__import__('datetime').datetime(2026, 1, 2, 3, 4)", "__import__('datetime').timedelta(1.5)",
        "__import__('decimal').Decimal('1.10')", "__import__('uuid').UUID(int=5)", "__import__('pathlib').Path('/a/b')", "''", "[]", "{}", "()",
    ],
)  # fmt: skip
async def test_a_value_comes_back_as_it_went(session: Session, value: str) -> None:
    code = f"value = {value}\nback = echo(value, key=value)\nprint(back == [[value], {{'key': value}}], type(back[0][0]) is type(value))"
    assert await printed(session, code) == "True True"


async def test_not_a_number_comes_back_too(session: Session) -> None:
    assert await printed(session, "print(echo(float('nan'))[0][0])") == "nan"


async def test_tables_and_arrays_go_over(answers: Answers) -> None:
    async with Session(calls=answers) as session:
        code = (
            "import pandas as pd, numpy as np\nframe = pd.DataFrame({'a': [1, 2], 'b': ['x', None], 'c': pd.to_datetime(['2026-01-01', None])}, index=['p', 'q'])\n"
            "back = echo(frame)[0][0]\nprint(back.equals(frame), list(back.dtypes) == list(frame.dtypes), echo(np.arange(3), np.float64(0.5))[0])"
        )
        assert await printed(session, code) == "True True [[0, 1, 2], 0.5]"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("object()", "argument 1 of echo is of type 'object', which a call of a tool cannot carry"),
        ("[1, {'a': open('f', 'w')}]", "argument 1 of echo[1]['a'] is of type 'TextIOWrapper'"),
        ("lambda: 0", "is of type 'function'"),
    ],
)
async def test_a_value_that_cannot_go_over_is_a_type_error_that_says_where(session: Session, value: str, told: str) -> None:
    seen = await session.arun(f"echo({value})")
    assert seen.error is not None
    assert seen.error.name == "TypeError"
    assert told in seen.error.message


async def test_a_value_that_holds_itself_is_an_error(session: Session) -> None:
    seen = await session.arun("a = []\na.append(a)\necho(a)")
    assert seen.error is not None
    assert "holds itself" in seen.error.message


@pytest.mark.parametrize("kind", ["ValueError", "KeyError", "TimeoutError", "PermissionError", "ZeroDivisionError"])
async def test_an_error_of_the_tool_is_raised_as_what_it_was(session: Session, kind: str) -> None:
    assert (
        await printed(session, f"try:\n    fail('{kind}', 'why')\nexcept {kind} as error:\n    print(type(error) is {kind}, error.args)")
        == "True ('why',)"
    )


async def test_an_error_that_python_does_not_have_keeps_its_name(session: Session) -> None:
    seen = await session.arun("fail('QuotaError', 'too much')")
    assert seen.error is not None
    assert seen.error.traceback.endswith("tools.QuotaError: too much\n")
    assert (
        await printed(session, "import tools\ntry:\n    fail('QuotaError', 'x')\nexcept tools.ToolError as error:\n    print(error)") == "x"
    )


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "BaseException", "UnicodeDecodeError", "exit", "Exception"])
async def test_an_error_of_any_name_is_an_exception_that_can_be_caught(session: Session, kind: str) -> None:
    assert await printed(session, f"try:\n    fail('{kind}', 'x')\nexcept Exception as error:\n    print(error)") == "x"


async def test_the_traceback_shows_the_users_lines_only(session: Session) -> None:
    seen = await session.arun("def f():\n    return fail('ValueError', 'why')\nf()")
    assert seen.error is not None
    assert [line.strip() for line in seen.error.traceback.splitlines() if "File" in line] == [
        'File "<cell 1>", line 3, in <module>',
        'File "<cell 1>", line 2, in f',
    ]


async def test_tools_of_a_module_are_imported_with_their_classes(session: Session) -> None:
    code = (
        "from tools.github import search, Point\nfound = search(Point(1))\nprint(found, found[0] == Point(7, 8), type(found[1]) is Point)"
    )
    assert await printed(session, code) == "[Point(x=7, y=8), Point(x=1, y=2)] True True"
    assert await printed(session, "print('search' in globals(), hasattr(__import__('tools').github, 'dataclass'))") == "True False"


async def test_tools_can_be_searched(session: Session) -> None:
    assert "from tools.github import search" in await printed(session, "import tools\ntools.search('issues')")
    assert "No tool matches 'zebra'; there are 6" in await printed(session, "tools.search('zebra')")


async def test_awaited_calls_run_side_by_side(session: Session) -> None:
    seen = await session.arun("import asyncio\nprint(await asyncio.gather(*(twice(i) for i in range(100))) == [2 * i for i in range(100)])")
    assert seen.stdout == "True\n"
    assert seen.seconds < 100 * 0.2 / 2


async def test_threads_may_call(session: Session) -> None:
    code = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool:\n    print(sum(pool.map(lambda i: echo(i)[0][0], range(200))))"
    assert await printed(session, code) == "19900"


async def test_a_plain_call_within_awaited_ones_does_not_hold_them_up(session: Session) -> None:
    code = "import asyncio\nasync def plain():\n    return echo(5)[0][0]\nprint(await asyncio.gather(twice(1), plain(), twice(2)))"
    assert await printed(session, code) == "[2, 5, 4]"


async def test_a_display_between_calls_keeps_its_place(session: Session) -> None:
    seen = await session.arun("print(1)\ndisplay(echo(2)[0][0])\nprint(3)\nt = twice(1)\ndisplay(4)\nprint(await t)")
    assert [each.text if isinstance(each, StreamOutput) else each.type for each in seen.outputs] == [
        "1\n",
        "display",
        "3\n",
        "display",
        "2\n",
    ]


async def test_a_child_process_cannot_call(session: Session) -> None:
    code = "import os\npid = os.fork()\nif pid == 0:\n    try:\n        echo(1)\n    except RuntimeError as error:\n        print(error, flush=True)\n    os._exit(0)\nos.waitpid(pid, 0)\nprint(echo(2))"
    assert "by the session itself only" in (text := await printed(session, code))
    assert text.endswith("[[2], {}]")


async def test_a_call_that_is_interrupted_ends_and_the_next_one_works(session: Session, answers: Answers) -> None:
    seen = await session.arun("wait()", timeout=0.3)
    assert seen.status == "timeout"
    assert not seen.state_lost
    answers.gate.set()
    assert await printed(session, "print(wait(), echo(1))") == "open [[1], {}]"
    assert answers.cancelled == 1


async def test_a_reply_that_nobody_awaits_any_more_is_forgotten(session: Session) -> None:
    code = "import asyncio\ntry:\n    await asyncio.wait_for(twice(1), 0.05)\nexcept TimeoutError:\n    print('late', await twice(4), echo(5)[0])"
    assert await printed(session, code) == "late 8 [5]"


async def test_calls_end_with_the_action_that_made_them(session: Session, answers: Answers) -> None:
    await session.arun(
        "import asyncio\ntask = asyncio.ensure_future(twice(3))\nlater = asyncio.get_event_loop().create_task(asyncio.sleep(0))\nawait later"
    )
    seen = await session.arun("await task")
    assert seen.error is not None
    assert "the action that called it is over" in seen.error.message


async def test_a_cancelled_action_cancels_its_calls(session: Session, answers: Answers) -> None:
    task = asyncio.create_task(session.arun("wait()"))
    await answers.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert answers.cancelled == 1
    assert await printed(session, "print(echo(1))") == "[[1], {}]"


async def test_tools_are_there_again_after_a_crash_and_calls_made_are_told_of(session: Session) -> None:
    await session.arun("x = 1")
    seen = await session.arun("echo(1)\necho(2)\nimport os\nos._exit(1)")
    assert seen.restored
    assert "It had made 2 calls of tools, which are not undone." in seen.notice
    assert await printed(session, "print(x, echo(3))") == "1 [[3], {}]"


async def test_tools_are_there_in_a_new_interpreter(answers: Answers) -> None:
    async with Session(preload=(), calls=answers, checkpoints=False) as session:
        await session.arun("import os\nos._exit(1)")
        assert await printed(session, "print(echo(3))") == "[[3], {}]"


async def test_a_twin_and_a_rollback_keep_the_tools(session: Session) -> None:
    await session.arun("x = 1")
    mark = await session.acheckpoint()
    async with await session.afork() as twin:
        assert await printed(twin, "print(x, echo(1), await twice(2))") == "1 [[1], {}] 4"
    await session.arollback(mark)
    assert await printed(session, "print(x, echo(2), await twice(3))") == "1 [[2], {}] 6"


async def test_the_time_limit_stands_still_while_somebody_decides() -> None:
    class Slow(Answers):
        async def answer(self, request: CallRequest) -> CallReply:
            with request.waiting():
                await asyncio.sleep(0.6)
            return CallReply("decided")

    async with Session(preload=(), calls=Slow(), limits=Limits(action_seconds=0.4)) as session:
        assert await printed(session, "print(echo())") == "decided"
        assert (await session.arun("import time\ntime.sleep(5)")).status == "timeout"


async def test_large_values_go_both_ways(session: Session) -> None:
    assert await printed(session, "data = bytes(20 << 20)\nback = echo(data)[0][0]\nprint(back == data)") == "True"


async def test_a_session_without_tools_has_no_module_of_that_name() -> None:
    async with Session(preload=()) as session:
        seen = await session.arun("import tools")
        assert seen.error is not None
        assert seen.error.name == "ModuleNotFoundError"


FORGED = "import json, os, struct\ndef frame(kind, body, parts=b''):\n    body = json.dumps(body).encode()\n    os.write(3, struct.pack('>BII', kind, len(body), len(parts)) + body + parts)\n"


@pytest.mark.parametrize(
    "attack",
    [
        "frame(21, {'id': 1, 'tool': 'none', 'args': [], 'kwargs': {}})",
        "frame(21, {'id': -5, 'tool': 'echo', 'args': [], 'kwargs': {}})",
        "frame(21, {'id': 1, 'tool': 'x' * 600, 'args': [], 'kwargs': {}})",
        "frame(21, {'id': 1, 'tool': 'echo', 'args': {}, 'kwargs': []})",
        "frame(21, {'id': 1, 'tool': 'echo', 'args': [{'$': 'bytes', 'part': 9}], 'kwargs': {}})",
        "frame(21, {'id': 1, 'tool': 'echo', 'args': [], 'kwargs': {}, 'parts': [5]}, b'x')",
        "os.write(3, struct.pack('>BII', 21, 1 << 30, 0))",
        "for i in range(3000): frame(21, {'id': i, 'tool': 'twice', 'args': [1], 'kwargs': {}})",
        "for i in range(3): frame(21, {'id': 7, 'tool': 'twice', 'args': [1], 'kwargs': {}})",
    ],
)
async def test_forged_calls_cost_the_session_at_most(session: Session, attack: str) -> None:
    await session.arun(FORGED + attack, timeout=5.0)
    await session.arun("try:\n    echo(0)\nexcept Exception:\n    pass")  # may get what it forged
    assert await printed(session, "print(echo(1)[0][0])") == "1"


def test_the_sync_face_answers_calls() -> None:
    class Plain:
        specs = (ToolSpec(name="six", signature="six() -> int"),)

        async def answer(self, request: CallRequest) -> CallReply:
            return CallReply(6)

    with Session(preload=(), calls=Plain()) as session:
        assert session.run("six() * 7").result == "42"
