"""What is told of the variables of a session, and that being told leaves the session as it was."""

import asyncio
from collections.abc import Iterator

import pytest

from codeact.errors import SessionBusyError, SessionClosedError
from codeact.events import Limits, ToolSpec, Variable, Variables
from codeact.protocols import CallReply, CallRequest
from codeact.sandbox.session import Session

KINDS = """
import collections, datetime, enum, math

class Point:
    "A place."
    def __init__(self, x):
        self.x = x

class Color(enum.IntEnum):
    RED = 1

def area(r, *more, unit="m", **rest):
    "Area of a circle.\\n\\nMore."

count, ratio, word, nothing = 3, 0.5, "hi", None
numbers, pair, names, unique = list(range(50)), (1, "a"), {"a": [1, 2]}, {1}
blob, when, point, red = b"abc", datetime.datetime(2026, 1, 2, 3, 4), Point(1), Color.RED
error = ValueError("no", 3)
tally, deep = collections.Counter("aab"), [[[[[1]]]]]
"""


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(preload=(), limits=Limits(action_seconds=20, memory_mb=512)) as one:
        yield one


@pytest.fixture(scope="module")
def library() -> Iterator[Session]:
    with Session(preload=("numpy", "pandas"), limits=Limits(action_seconds=30, memory_mb=1024)) as one:
        yield one


def by_name(found: Variables) -> dict[str, Variable]:
    return {one.name: one for one in found.variables}


def test_a_new_session_has_none() -> None:
    with Session(preload=()) as session:
        assert session.variables() == Variables()


def test_each_is_told_with_type_shape_size_and_the_beginning_of_its_value(session: Session) -> None:
    session.run(KINDS)
    found = by_name(session.variables())
    shown = {name: (one.type, one.shape, one.preview) for name, one in found.items()}
    assert shown == {
        "count": ("int", None, "3"),
        "ratio": ("float", None, "0.5"),
        "word": ("str", (2,), "'hi'"),
        "nothing": ("NoneType", None, "None"),
        "numbers": ("list", (50,), f"[{', '.join(map(str, range(20)))}, …]"),
        "pair": ("tuple", (2,), "(1, 'a')"),
        "names": ("dict", (1,), "{'a': [1, 2]}"),
        "unique": ("set", (1,), "{1}"),
        "blob": ("bytes", (3,), "b'abc'"),
        "when": ("datetime", None, "2026-01-02 03:04:00"),
        "point": ("Point", None, "<Point x=1>"),
        "red": ("Color", None, "Color(1)"),
        "error": ("ValueError", None, "ValueError('no', 3)"),
        "tally": ("Counter", (2,), "Counter({'a': 2, 'b': 1})"),
        "deep": ("list", (1,), "[[[[…]]]]"),
        "Point": ("type", None, "class Point: A place."),
        "Color": ("EnumType", None, "class Color(IntEnum)"),
        "area": ("function", None, "def area(r, *more, unit=…, **rest): Area of a circle."),
        "collections": ("module", None, "collections"),
        "datetime": ("module", None, "datetime"),
        "enum": ("module", None, "enum"),
        "math": ("module", None, "math"),
    }
    assert [one.name for one in session.variables().variables[-4:]] == ["collections", "datetime", "enum", "math"]
    assert found["blob"].size is not None and found["blob"].size > 3
    assert found["math"].size is None


def test_arrays_and_tables_are_told_with_their_shapes_and_bytes(library: Session) -> None:
    library.run(
        "import numpy as np, pandas as pd\n"
        "grid = np.arange(12.0).reshape(3, 4) / 3\ncube = np.zeros((2, 3, 4), 'int16')\nwide = np.broadcast_to(np.zeros(1), (10**9,))\n"
        "one = np.float64(1.5)\nobjects = np.array([{'a': 1}, None], dtype=object)\n"
        "prices = pd.DataFrame({'item': ['apple', 'pear', 'plum', 'fig'], 'price': [1.25, 2.0, 3.0, 4.0]})\n"
        "column = prices['price']\nindex = pd.date_range('2026-01-01', periods=4)"
    )
    found = by_name(library.variables())
    shown = {name: (one.type, one.shape, one.size) for name, one in found.items() if one.type != "module"}
    assert shown["grid"] == ("ndarray[float64]", (3, 4), 96)
    assert shown["cube"] == ("ndarray[int16]", (2, 3, 4), 48)
    assert shown["wide"] == ("ndarray[float64]", (10**9,), 8 * 10**9)
    assert shown["one"] == ("float64", None, 8)
    assert shown["column"] == ("Series[float64]", (4,), found["column"].size)
    assert shown["index"][:2] == ("DatetimeIndex", (4,))
    assert found["prices"].shape == (4, 2)
    assert found["prices"].size is not None and found["prices"].size > 64
    assert found["grid"].preview == "[[0, 0.333333, 0.666667, 1], [1.33333, 1.66667, 2, 2.33333], [2.66667, 3, 3.33333, 3.66667]]"
    assert found["cube"].preview == "[[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], …]"
    assert found["objects"].preview == "[{'a': 1}, None]"
    assert "'apple', 'pear', 'plum', …; price float64: 1.25, 2, 3, …" in found["prices"].preview


def test_what_is_not_the_users_own_is_left_out(session: Session) -> None:
    session.run("import numbers as _numbers\n_private = 1\n5\nmine = 2\nexit = 3\nglobals()[7] = 8")
    assert {name: one.preview for name, one in by_name(session.variables()).items()} == {"mine": "2", "exit": "3"}


class Adds:
    """One tool."""

    specs = (ToolSpec(name="add", signature="add(a: int, b: int) -> Total", definitions="class Total:\n    value: int"),)

    async def answer(self, request: CallRequest) -> CallReply:
        return CallReply(value=3)


def test_tools_and_their_classes_are_left_out_until_the_code_puts_something_else_in_their_place() -> None:
    with Session(preload=(), calls=Adds()) as session:
        session.run("got = add(1, 2)")
        assert list(by_name(session.variables())) == ["got"]
        session.run("add = 5")
        assert list(by_name(session.variables())) == ["add", "got"]


def test_the_latest_two_hundred_are_told_values_first_and_the_others_counted(session: Session) -> None:
    session.run("import math\ndef f(): pass\nfor number in range(300): globals()[f'v{number}'] = number")
    found = session.variables()
    assert [one.name for one in found.variables] == [f"v{number}" for number in range(100, 300)]
    assert found.more == 103


def test_nothing_is_recorded_or_changed_by_looking(session: Session) -> None:
    session.run("import random\nrandom.seed(5)\nx = 1\nx")
    session.run("'second'")
    mark = session.checkpoint()
    for _ in range(3):
        session.variables()
    seen = session.run("drawn = random.random(); len(In), len(Out), get_ipython().execution_count, _, __")
    assert (seen.files, seen.notice, seen.state_lost) == ((), "", False)
    assert seen.result == "(4, 2, 4, 'second', 1)"
    assert session.run("random.seed(5); drawn == random.random()").result == "True"
    session.variables()
    session.rollback()
    assert session.run("x").result == "1"
    session.rollback(mark)
    assert "drawn" not in by_name(session.variables())


def test_the_latest_action_can_be_undone_after_a_look(session: Session) -> None:
    session.run("x = 1")
    session.run("x = 2")
    assert by_name(session.variables())["x"].preview == "2"
    session.rollback()
    assert by_name(session.variables())["x"].preview == "1"


def test_a_twin_tells_its_own(session: Session) -> None:
    if session.isolation != "strict":
        pytest.skip("twins need tier strict")
    session.run("x = 1")
    with session.fork() as twin:
        twin.run("x = 2; y = 3")
        assert list(by_name(twin.variables())) == ["x", "y"]
        assert by_name(session.variables())["x"].preview == "1"


async def test_they_are_not_told_while_an_action_runs() -> None:
    async with Session(preload=()) as session:
        begun = asyncio.Event()
        code = "import time\nprint('begun', flush=True)\ntime.sleep(60)"
        running = asyncio.create_task(session.arun(code, on_output=lambda *_: begun.set()))
        await begun.wait()
        with pytest.raises(SessionBusyError, match="while an action runs; wait for it"):
            await session.avariables()
        await session.ainterrupt()
        assert (await running).status == "interrupted"
        assert [one.name for one in (await session.avariables()).variables] == ["time"]


async def test_an_action_that_comes_during_looks_waits_for_them_and_they_do_not_fail() -> None:
    async with Session(preload=()) as session:
        await session.arun("x = 1")
        for number in range(10):
            looks = [asyncio.create_task(session.avariables()) for _ in range(3)]
            await asyncio.sleep(0)
            observation = await session.arun(f"x = {number}; x")
            assert (observation.status, observation.result) == ("ok", str(number))
            for look in await asyncio.gather(*looks, return_exceptions=True):
                assert isinstance(look, Variables | SessionBusyError)


async def test_a_closed_session_says_so() -> None:
    session = Session(preload=())
    await session.arun("x = 1")
    await session.aclose()
    with pytest.raises(SessionClosedError):
        await session.avariables()
