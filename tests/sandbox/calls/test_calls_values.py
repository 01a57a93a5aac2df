"""What tools give is there in a session: their classes, tables, and values up to the bounds; beyond them is an error and no end."""
# ruff: noqa: E501 -- the cells that a guest runs are each kept in one piece

import enum
import xml.etree.ElementTree
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NotRequired

import numpy
import pandas
import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from codeact.events import Limits
from codeact.sandbox.session import Session
from codeact.tools.bridge import Bridge
from codeact.tools.function import as_tools


class Colour(enum.Enum):
    RED = "red"


class Right(enum.Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 0


class Film(TypedDict):
    title: str
    year: NotRequired[int]


@dataclass
class Leaf:
    colour: Colour


@dataclass
class Sheet:
    table: "pandas.DataFrame"
    next: "Sheet | None" = None
    root: "xml.etree.ElementTree.Element | None" = None


@dataclass
class Tree:
    """A tree."""

    leaves: list[Leaf] = field(default_factory=list)
    branches: "list[Tree]" = field(default_factory=list)


class Order(BaseModel):
    at: Point
    film: Film
    rights: Right = Right.READ


def grow(leaves: int = 1) -> Tree:
    """A tree."""
    return Tree([Leaf(Colour.RED)] * leaves, [Tree()])


def prune(tree: Tree) -> Tree:
    """Without branches."""
    return Tree(tree.leaves)


def pick(tree: Tree) -> Leaf:
    """The first leaf."""
    return tree.leaves[0]


def sheet() -> Sheet:
    """A sheet."""
    return Sheet(pandas.DataFrame({"a": [1, None]}, dtype=object))


def order() -> Order:
    """An order."""
    return Order(at=Point(1, 2), film={"title": "M"}, rights=Right.READ | Right.WRITE)


def any_order() -> Any:
    """An order, of which the signature says nothing."""
    return order()


def at(point: Point) -> Point:
    """A point."""
    return Point(point.y, point.x)


def corners() -> Any:
    """A named tuple, of which the signature says nothing."""

    class Corners(NamedTuple):
        left: int
        right: int

    return Corners(1, 2)


def size_of(value: Any) -> int:
    """How many."""
    return value.size if isinstance(value, pandas.DataFrame) else len(value)


def data(size: int) -> bytes:
    """Bytes."""
    return bytes(size)


def text(size: int) -> str:
    """Text."""
    return "ü" * (size // 2)


def numbers(rows: int, columns: int = 1) -> pandas.DataFrame:
    """A table."""
    return pandas.DataFrame(numpy.arange(rows * columns).reshape(rows, columns) / 7)


TOOLS = [grow, prune, pick, sheet, order, any_order, at, corners, size_of, data, text, numbers]


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    limits = Limits(action_seconds=180)  # one of them carries 128 MB, on a machine that may be busy
    async with Session(calls=Bridge(as_tools(TOOLS), lambda event: None), limits=limits) as session:
        yield session


async def printed(session: Session, code: str) -> str:
    seen = await session.arun(code)
    assert seen.status == "ok", seen
    return seen.stdout.strip()


async def test_a_class_that_several_tools_name_is_one(session: Session) -> None:
    code = "tree = grow(2)\nprint(isinstance(tree, Tree), isinstance(prune(tree), Tree), isinstance(pick(tree), Leaf), prune(tree).leaves == tree.leaves, type(tree.branches[0]) is Tree)"
    assert await printed(session, code) == "True True True True True"
    assert await printed(
        session, "import tools\nprint(tools.Tree is Tree, prune(Tree([Leaf(Colour.RED)])), pick(tree).colour is Colour.RED)"
    ) == ("True Tree(leaves=[Leaf(colour=<Colour.RED: 'red'>)], branches=[]) True")


async def test_annotations_of_the_classes_are_types(session: Session) -> None:
    code = "import typing, dataclasses\nfor kind in (Sheet, Tree, Point, Film, Order):\n    print(kind.__module__, kind.__name__, typing.get_type_hints(kind))\nprint([each.type for each in dataclasses.fields(Tree)])"
    assert await printed(session, code) == "\n".join(
        [
            "tools Sheet {'table': <class 'pandas.DataFrame'>, 'next': tools.Sheet | None, 'root': xml.Element | None}",
            "tools Tree {'leaves': list[tools.Leaf], 'branches': list[tools.Tree]}",
            "tools Point {'x': <class 'int'>, 'y': <class 'int'>}",
            "tools Film {'title': <class 'str'>, 'year': <class 'int'>}",
            "tools Order {'at': <class 'tools.Point'>, 'film': <class 'tools.Film'>, 'rights': <flag 'Right'>}",
            "[list[tools.Leaf], list[tools.Tree]]",
        ]
    )
    assert (
        await printed(session, "print(Film.__optional_keys__, Film.__required_keys__, Point.__doc__)")
        == "frozenset({'year'}) frozenset({'title'}) A place."
    )


async def test_objects_are_what_they_were(session: Session) -> None:
    code = "one = order()\nx, y = one.at\nprint(one, x, y, one.at[1], type(one.at) is Point, type(one.film), one.rights is Right.READ | Right.WRITE, one == order())"
    assert (
        await printed(session, code)
        == "Order(at=Point(x=1, y=2), film={'title': 'M'}, rights=<Right.READ|WRITE: 3>) 1 2 2 True <class 'dict'> True True"
    )
    code = "other = any_order()\nleft, right = corners()\nprint(isinstance(other, Order), left, right, corners().right, corners() == (1, 2), type(corners()) is type(corners()))"
    assert await printed(session, code) == "True 1 2 2 True True"
    assert (
        await printed(session, "print(at(Point(3, 4)), at((5, 6)), at({'x': 7, 'y': 8}))")
        == "Point(x=4, y=3) Point(x=6, y=5) Point(x=8, y=7)"
    )


async def test_two_classes_of_one_name_stay_apart() -> None:
    def first() -> Any: ...
    def second() -> Any: ...

    first.__annotations__["return"] = dataclass(type("Same", (), {"__annotations__": {"a": int}}))
    second.__annotations__["return"] = dataclass(type("Same", (), {"__annotations__": {"b": int}}))
    first_kind, second_kind = first.__annotations__["return"], second.__annotations__["return"]
    tools = as_tools([_giving("first", first_kind(a=1)), _giving("second", second_kind(b=2))])
    async with Session(preload=(), calls=Bridge(tools, lambda event: None)) as session:
        assert (
            await printed(session, "print(first(), second(), type(first()) is type(second()), type(second()) is Same)")
            == "Same(a=1) Same(b=2) False True"
        )


def _giving(name: str, value: Any) -> Any:
    def give() -> Any:
        return value

    give.__name__ = name
    give.__annotations__["return"] = type(value)
    return give


@pytest.mark.parametrize("name", ["list", "dict", "print"])
async def test_a_tool_of_a_builtins_name_does_not_disturb_the_classes(name: str) -> None:
    tools = as_tools([_giving(name, 1), _giving("tree", Tree([Leaf(Colour.RED)]))])
    async with Session(preload=(), calls=Bridge(tools, lambda event: None)) as session:
        seen = await session.arun("import typing\ntyping.get_type_hints(Tree)['leaves'], tree().leaves[0].colour.name")
        assert seen.result == "(list[tools.Leaf], 'RED')"


async def test_results_up_to_the_bound_work_and_larger_ones_are_errors_that_name_it(session: Session) -> None:
    most = 64 << 20
    assert (
        await printed(session, f"print(len(data({most})), len(text({most})) * 2 == {most}, numbers(700_000).shape)")
        == f"{most} True (700000, 1)"
    )
    for call, words in [
        (f"data({most} + 1)", f"a value of more than {most} bytes cannot be sent to the session"),
        (f"text({most} + 2)", f"a value of more than {most} bytes cannot be sent to the session"),
        ("numbers(1_000_001)", "a table of 1000001 x 1 cannot be sent to the session"),
        ("numbers(990_000)", "bytes of JSON (at most 16777216 can be) cannot be sent to the session"),
    ]:
        seen = await session.arun(call)
        assert seen.error is not None, call
        assert (seen.error.name, words in seen.error.message) == ("ValueError", True), seen.error
        assert await printed(session, "print(len(data(3)))") == "3"


async def test_arguments_up_to_the_bound_work_and_larger_ones_are_errors_that_name_it(session: Session) -> None:
    most = 64 << 20
    code = f"import pandas, numpy\nprint(size_of(bytes({most})), size_of('x' * {most}), size_of(pandas.DataFrame({{'a': numpy.arange(700_000) / 7}})))"
    assert await printed(session, code) == f"{most} {most} 700000"
    for call, words in [
        (
            f"size_of(bytes({most} + 1))",
            f"the arguments of size_of are {most + 1} bytes of bytes and long text; a call carries at most {most}",
        ),
        ("size_of([1 / 7] * 950_000)", "bytes of JSON; a call carries at most 16777216"),
        ("size_of([1] * 1_000_001)", "argument 1 of size_of[999999] makes this call one of more than 1000000 values"),
    ]:
        seen = await session.arun(call)
        assert seen.error is not None, call
        assert (seen.error.name, words in seen.error.message) == ("ValueError", True), seen.error
        assert await printed(session, "print(size_of('abc'))") == "3"
