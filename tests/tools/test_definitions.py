"""Source of classes for a session, and annotations and defaults as text."""

import datetime
import enum
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, NewType, Optional

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from codeact.tools.annotations import UNSHOWN, classes_in, doc_of, hints_of, text_of, value_text
from codeact.tools.definitions import source_of

UserId = NewType("UserId", int)


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Mode(enum.StrEnum):
    FAST = "fast"


class Planet(enum.Enum):
    EARTH = (5.97e24, 6.37e6)
    OTHER = object()


@dataclass(frozen=True)
class Point:
    x: float = 0.0


@dataclass
class Everything:
    r'''All "kinds" of \fields\, and """quotes""".

    Two lines.
    '''

    kind: ClassVar[str] = "k"
    seed: InitVar[int]
    items: list[int] = field(default_factory=lambda: [1, 2])
    empty: dict[str, int] = field(default_factory=dict)
    day: datetime.date = datetime.date(2026, 1, 1)
    place: Path = Path("a/b")
    access: Access = Access.READ | Access.WRITE
    point: Point = Point(1.0)
    frame: "pandas.DataFrame | None" = None
    named: int = field(default=1, kw_only=True)
    made: int = field(default=0, init=False)


class Settings(BaseModel):
    names: list[str] = ["a"]
    price: Decimal = Decimal("1.5")
    count: int = Field(1, alias="Count")


class Part(TypedDict, total=False):
    a: typing.Required[int]
    b: str


class Row(NamedTuple):
    a: int
    b: tuple[int, ...] = ()


def source(*classes: Any) -> str:
    """Definitions of the classes and of all that they need."""
    return source_of(classes_in(list(classes), hints_of))


def defined(*classes: Any) -> dict[str, Any]:
    """The names that the definitions define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(source(*classes), names)
    return names


EVERYTHING = r'''
from dataclasses import dataclass, field
import datetime
from enum import Flag
import pathlib

class Access(Flag):
    READ = 1
    WRITE = 2

@dataclass(frozen=True)
class Point:
    x: float = 0.0

@dataclass
class Everything:
    """All \"kinds\" of \\fields\\, and \"\"\"quotes\"\"\".

    Two lines."""
    seed: int
    items: list[int] = None  # left out: the tool fills it in
    empty: dict[str, int] = field(default_factory=dict)
    day: datetime.date = datetime.date(2026, 1, 1)
    place: pathlib.Path = pathlib.Path('a/b')
    access: Access = Access.READ | Access.WRITE
    point: Point = None  # left out: the tool fills it in
    frame: 'pandas.DataFrame | None' = None
    named: int = field(default=1, kw_only=True)
    made: int = field(default=0, init=False)
'''


def test_the_fields_of_a_dataclass_keep_order_defaults_and_docstring() -> None:
    assert source(Everything) == EVERYTHING.lstrip()


def test_the_definitions_work_as_they_stand() -> None:
    names = defined(Everything, Settings, Part, Row, Mode, Planet)
    made = names["Everything"](3)
    assert (made.empty, made.access.value, made.named, made.__doc__.splitlines()[0]) == ({}, 3, 1, Everything.__doc__.splitlines()[0])  # pyright: ignore[reportOptionalMemberAccess]
    assert names["Settings"]().names == ["a"]
    assert names["Settings"]().names is not names["Settings"]().names
    assert (names["Part"].__required_keys__, names["Part"].__optional_keys__) == ({"a"}, {"b"})
    assert names["Row"](1) == (1, ())
    assert (names["Mode"].FAST, names["Planet"].EARTH.value, names["Planet"].OTHER.value) == ("fast", (5.97e24, 6.37e6), "OTHER")


@given(some.text())
def test_any_docstring_comes_out_as_it_is(text: str) -> None:
    kind = type("Noted", (enum.Enum,), enum.EnumMeta.__prepare__("Noted", (enum.Enum,)))
    kind.__doc__ = text
    names: dict[str, Any] = {}
    exec(source_of([kind]), names)
    assert doc_of(names["Noted"]) == doc_of(kind)


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        (None, "None"),
        (Any, "Any"),
        (Optional[int], "int | None"),  # noqa: UP045 -- the old way of writing is what is tried
        (list[int] | str, "list[int] | str"),
        (typing.List[int], "list[int]"),  # noqa: UP006 -- as above
        (tuple[int, ...], "tuple[int, ...]"),
        (tuple[()], "tuple[()]"),
        (dict[str, list["Row"]], "dict[str, list[Row]]"),
        (Sequence[Mapping[str, Any]], "Sequence[Mapping[str, Any]]"),
        (Callable[[int, str], None], "Callable[[int, str], None]"),
        (Literal["a", 1, None], "Literal['a', 1, None]"),
        (Literal[Mode.FAST], "Literal[Mode.FAST]"),
        (Annotated[int, Field(gt=1, description="n")], "Annotated[int, Field(gt=1, description='n')]"),
        (Annotated[str, "words"], "Annotated[str, 'words']"),
        (Annotated[str, object()], "str"),
        (UserId, "int"),
        (datetime.date, "datetime.date"),
        (Path, "pathlib.Path"),
        (pandas.DataFrame, "pandas.DataFrame"),
        (type[int], "type[int]"),
        (Row, "Row"),
    ],
)
def test_an_annotation_is_written_as_in_code(annotation: Any, text: str) -> None:
    assert text_of(annotation) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        (float("nan"), "float('nan')"),
        ({"a": (1,), 2: {3}}, "{'a': (1,), 2: {3}}"),
        (frozenset(), "frozenset()"),
        ([Mode.FAST], "[Mode.FAST]"),
        (datetime.timedelta(1), "datetime.timedelta(days=1)"),
        (Decimal("1.5"), "decimal.Decimal('1.5')"),
        (object(), UNSHOWN),
        ([object()], UNSHOWN),
        ({"a": object()}, UNSHOWN),
        (print, UNSHOWN),
    ],
)
def test_a_default_is_written_as_in_code_or_not_at_all(value: Any, text: str) -> None:
    assert value_text(value) == text
