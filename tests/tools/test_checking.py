"""What is taken for what: converted where nothing is lost or guessed, and refused elsewhere."""

import datetime
import sys
import types
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import numpy
import pandas
import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from codeact.tools.checking import Check
from codeact.tools.function import tool
from codeact.tools.values import Fields


class Size(Enum):
    SMALL = 1
    LARGE = 2


class Word(Enum):
    A = "B"
    B = "A"


@dataclass
class Box:
    width: int
    note: str = ""
    size: Size = Size.SMALL
    serial: int = field(default_factory=lambda: 77)
    area: int = field(init=False, default=0)


class Pair(NamedTuple):
    a: int
    b: str = "x"


class Model(BaseModel):
    count: int = Field(1, alias="Count")


class Open(BaseModel):
    model_config = ConfigDict(extra="ignore")
    count: int


async def passed(annotation: Any, value: Any) -> Any:
    """What a function with one parameter of that type is called with."""

    def f(x):
        return x

    f.__annotations__["x"] = annotation
    return await tool(f, inline=True).acall([value], {})


@pytest.mark.parametrize(
    ("annotation", "value", "becomes"),
    [
        (int, 3.0, 3),
        (int, Decimal("4"), 4),
        (float, 3, 3.0),
        (float, Decimal("0.5"), 0.5),
        (bytes, "é", "é".encode()),
        (tuple[int, str], [1, "a"], (1, "a")),
        (set[int], [1, 2, 2.0], {1, 2}),
        (frozenset[str], ["a"], frozenset({"a"})),
        (list[int], (1, 2), [1, 2]),
        (dict[int, str], {"1": "a"}, {1: "a"}),
        (dict[str, list[float]], {"a": [1]}, {"a": [1.0]}),
        (datetime.date, "2026-01-02", datetime.date(2026, 1, 2)),
        (datetime.timedelta, 90, datetime.timedelta(seconds=90)),
        (Decimal, "1.10", Decimal("1.10")),
        (Path, "a/b", Path("a/b")),
        (UUID, "00000000-0000-0000-0000-000000000001", UUID(int=1)),
        (Size, 2, Size.LARGE),
        (Size, "LARGE", Size.LARGE),
        (Word, "A", Word.B),  # a value comes before a name
        (list[Size], ["SMALL", 2], [Size.SMALL, Size.LARGE]),
        (Size | None, "SMALL", Size.SMALL),
        (int | str, "3", "3"),
        (int | None, None, None),
        (Any, {"a": (1, {2})}, {"a": (1, {2})}),
        (Box, {"width": 2.0, "size": 2}, Box(2, size=Size.LARGE)),
        (list[Box], [Fields("Box", {"width": 1, "note": "n", "size": 1, "serial": None, "area": None})], [Box(1, "n")]),
        (Pair, [1], Pair(1)),
        (Pair, {"a": 1, "b": "y"}, Pair(1, "y")),
        (Model, {"count": 2}, Model(Count=2)),
        (Model, {"Count": "2"}, Model(Count=2)),  # a pydantic model keeps its own rules
        (Open, {"count": 1, "more": 2}, Open(count=1)),
        (Annotated[int, BeforeValidator(int)], "3", 3),  # so does an annotation with a validator
        (Annotated[int, Field(ge=1)], 1, 1),
        (float, float("inf"), float("inf")),
    ],
)
async def test_what_fits_without_loss_is_converted(annotation: Any, value: Any, becomes: Any) -> None:
    seen = await passed(annotation, value)
    assert (seen, type(seen)) == (becomes, type(becomes))


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        (int, "3", "(int): should be a valid integer, got '3' (str)"),
        (int, True, "(int): should be a valid integer, got True (bool)"),
        (int, 3.5, "(int): should be a valid integer, got 3.5 (float)"),
        (float, "3", "(float): should be a valid number, got '3' (str)"),
        (float, 2**53 + 1, f"(float): should be a valid number, got {2**53 + 1} (int)"),
        (float, False, "(float): should be a valid number, got False (bool)"),
        (bool, 1, "(bool): should be a valid boolean, got 1 (int)"),
        (bool, "yes", "(bool): should be a valid boolean, got 'yes' (str)"),
        (str, b"a", "(str): should be a valid string, got b'a' (bytes)"),
        (str, 1, "(str): should be a valid string, got 1 (int)"),
        (datetime.date, 0, "(datetime.date): should be a date, as ISO text, got 0 (int)"),
        (list[int], [1, "2"], "(list[int]) at [1]: should be a valid integer, got '2' (str)"),
        (set[int], ["1"], "(set[int]): should hold a valid integer, got '1' (str)"),
        (set[int], [True], "(set[int]): should hold a valid integer, got True (bool)"),
        (dict[int, str], {"01": "a"}, "(dict[int, str]): should have keys that are a valid integer, got '01' (str)"),
        (dict[int, int], {"1": "2"}, "(dict[int, int]) at [1]: should be a valid integer, got '2' (str)"),
        (Literal[1, 2], "1", "(Literal[1, 2]): should be 1 or 2, got '1' (str)"),
        (Literal[1], True, "(Literal[1]): should be a valid integer, got True (bool)"),
        (Size, "HUGE", "(Size): should be 1 or 2, got 'HUGE' (str)"),
        (Box, {"width": "2"}, "(Box) at .width: should be a valid integer, got '2' (str)"),
        (
            Box,
            {"width": 2, "hight": 1},
            "(Box): Box has no field 'hight', only width, note, size, serial, got {'hight': 1, 'width': 2} (dict)",
        ),
        (Box, {}, "(Box) at .width: is missing"),
        (Box | None, 3, "(Box | None): should be a dictionary or an instance of Box, got 3 (int)"),
        (Pair, {"a": "1"}, "(Pair) at .a: should be a valid integer, got '1' (str)"),
        (Model, {"cuont": 1}, "(Model): Model has no field 'cuont', only count, got {'cuont': 1} (dict)"),
        (
            list[Annotated[int, Field(ge=0)]],
            [-1, -2, -3, -4, -5],
            "(list[Annotated[int, Field(ge=0)]]) at [0]: should be greater than or equal to 0, got -1 (int); "
            "at [1]: should be greater than or equal to 0, got -2 (int); "
            "at [2]: should be greater than or equal to 0, got -3 (int); and 2 more",
        ),
        (set[int], [*range(10_001)], "f() argument 'x': has 10001 members; at most 10000 are taken"),
    ],
)
async def test_what_would_lose_or_guess_something_is_refused_in_words(annotation: Any, value: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        await passed(annotation, value)
    assert str(caught.value).removeprefix("f() argument 'x' ") == words


async def test_rows_columns_and_frames_are_tables() -> None:
    frame = pandas.DataFrame({"a": [1, 2]})
    for value in (frame, [{"a": 1}, {"a": 2}], {"a": [1, 2]}):
        pandas.testing.assert_frame_equal(await passed(pandas.DataFrame, value), frame)
    assert await passed(pandas.DataFrame | None, None) is None
    pandas.testing.assert_series_equal(await passed(pandas.Series, [1, 2]), pandas.Series([1, 2]))
    assert (await passed(numpy.ndarray, [[1, 2]])).shape == (1, 2)


@pytest.mark.parametrize("value", ["a", 3, [1], {"a": 1}])
async def test_what_is_no_table_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="should be a table: a DataFrame, a list of rows, or a dict of columns"):
        await passed(pandas.DataFrame, value)


async def test_a_value_too_long_to_show_is_shown_in_part() -> None:
    with pytest.raises(TypeError) as caught:
        await passed(int, "x" * 10_000)
    assert len(str(caught.value)) < 250


async def test_a_deep_value_is_refused_and_not_a_crash() -> None:
    value: Any = 1
    for _ in range(100):
        value = [value]
    assert await passed(Any, value) == value


async def test_the_validators_of_a_model_speak_for_themselves() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise ValueError("must be even")
        return value

    with pytest.raises(ValueError, match=r"^f\(\) argument 'x' \(int\): must be even, got 3 \(int\)$"):
        await passed(Annotated[int, BeforeValidator(even)], 3)


def test_a_tool_may_be_made_while_another_thread_imports_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", types.ModuleType("numpy"))

    def double(number: int) -> int:
        return 2 * number

    assert tool(double).spec.signature == "double(number: int) -> int"


def test_what_is_made_once_for_all_tools_keeps_the_order_of_a_union_and_is_not_shared() -> None:
    for annotation, kinds in ((int | str, ["integer", "string"]), (str | int, ["string", "integer"])):
        for _ in range(2):
            schema, _ = Check(annotation, {}).schema()
            assert [one["type"] for one in schema["anyOf"]] == kinds  # type: ignore[index,union-attr,call-overload]
            schema.clear()
