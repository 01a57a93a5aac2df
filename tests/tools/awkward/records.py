"""Tools whose parameters and values are records, tables, bytes and dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, NotRequired
from uuid import UUID, uuid4

import numpy
import pandas
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from codeact.tools.values import Fields
from tools.awkward.case import Case, call
from tools.awkward.scalars import Colour


@dataclass
class Address:
    """Where somebody lives."""

    street: str
    city: str = "Paris"


@dataclass(frozen=True)
class Person:
    """Somebody."""

    name: str
    homes: list[Address] = field(default_factory=list)
    colour: Colour = Colour.RED
    token: UUID = field(default_factory=uuid4)


@dataclass
class Tree:
    value: int
    children: list[Tree] = field(default_factory=list)


@dataclass
class Cat:
    name: str


@dataclass
class Dog:
    name: str


class Item(BaseModel):
    """A line of an order."""

    name: str = Field(min_length=1)
    price: Decimal
    count: int = 1


class Order(BaseModel):
    """What somebody buys."""

    items: list[Item]
    placed: datetime.date = datetime.date(2026, 1, 1)


class Movie(TypedDict):
    """A film."""

    title: str
    year: NotRequired[int]


class Point(NamedTuple):
    x: float
    y: float = 0.0


def move(person: Person, to: Address) -> Person:
    """A person with one more home."""
    return Person(person.name, [*person.homes, to], person.colour, UUID(int=0))


def total(order: Order) -> Decimal:
    """What an order costs."""
    return sum((item.price * item.count for item in order.items), Decimal(0))


def describe(movie: Movie) -> str:
    """A film in words."""
    return f"{movie['title']} ({movie.get('year', '?')})"


def mirror(point: Point) -> Point:
    """The other side."""
    return Point(-point.x, point.y)


def depth(tree: Tree) -> int:
    """Levels of a tree."""
    return 1 + max((depth(child) for child in tree.children), default=0)


def sound(animal: Cat | Dog) -> str:
    """What it says."""
    return "meow" if isinstance(animal, Cat) else "woof"


def reverse(data: bytes) -> bytes:
    """Bytes, backwards."""
    return data[::-1]


def busiest(table: pandas.DataFrame, column: str = "n") -> pandas.DataFrame:
    """The row with the most."""
    return table.nlargest(1, column).reset_index(drop=True)


def scale(values: numpy.ndarray, by: float = 2.0) -> numpy.ndarray:
    """Values times a number."""
    return values * by


def later(moment: datetime.datetime, by: datetime.timedelta = datetime.timedelta(hours=1)) -> datetime.datetime:
    """A later moment."""
    return moment + by


def stem(path: Path = Path("a/b.txt")) -> str:
    """A file's name without its ending."""
    return path.stem


CASES = (
    Case(
        "nested dataclasses with a default of the host",
        lambda: move,
        "move(person: Person, to: Address) -> Person",
        "A person with one more home.",
        call({"name": "Ann", "homes": [{"street": "A"}], "colour": "green"}, Fields("Address", {"street": "B", "city": "Rome"})),
        {
            "$": "object",
            "type": "Person",
            "fields": {
                "name": "Ann",
                "homes": [
                    {"$": "object", "type": "Address", "fields": {"street": "A", "city": "Paris"}},
                    {"$": "object", "type": "Address", "fields": {"street": "B", "city": "Rome"}},
                ],
                "colour": {"$": "enum", "type": "Colour", "name": "GREEN", "v": "green"},
                "token": {"$": "uuid", "v": "00000000-0000-0000-0000-000000000000"},
            },
        },
        call({"name": "Ann", "homes": [{"street": "A", "town": "B"}]}, {"street": "C"}),
        (
            TypeError,
            "move() argument 'person' (Person) at .homes[0]: Address has no field 'town', only street, city, got "
            "{'street': 'A', 'town': 'B'} (dict)",
        ),
        defines=("Address", "Colour", "Person"),
    ),
    Case(
        "pydantic models",
        lambda: total,
        "total(order: Order) -> decimal.Decimal",
        "What an order costs.",
        call({"items": [{"name": "x", "price": "1.50", "count": 2}]}),
        {"$": "decimal", "v": "3.00"},
        call({"items": [{"name": "", "price": "a"}]}),
        (
            ValueError,
            "total() argument 'order' (Order) at .items[0].name: string should have at least 1 character, got '' "
            "(str); at .items[0].price: should be a valid decimal, got 'a' (str)",
        ),
        defines=("Item", "Order"),
    ),
    Case(
        "TypedDict",
        lambda: describe,
        "describe(movie: Movie) -> str",
        "A film in words.",
        call({"title": "M"}),
        "M (?)",
        call({"title": "M", "jear": 1}),
        (TypeError, "describe() argument 'movie' (Movie): should not have the key 'jear', got {'jear': 1, 'title': 'M'} (dict)"),
        defines=("Movie",),
    ),
    Case(
        "NamedTuple",
        lambda: mirror,
        "mirror(point: Point) -> Point",
        "The other side.",
        call([1, 2]),
        {"$": "object", "type": "Point", "fields": {"x": -1.0, "y": 2.0}, "tuple": True},
        call({"x": "1"}),
        (TypeError, "mirror() argument 'point' (Point) at .x: should be a valid number, got '1' (str)"),
        defines=("Point",),
    ),
    Case(
        "recursive type",
        lambda: depth,
        "depth(tree: Tree) -> int",
        "Levels of a tree.",
        call({"value": 1, "children": [{"value": 2}]}),
        2,
        call({"value": 1, "children": [{"valu": 2}]}),
        (ValueError, "depth() argument 'tree' (Tree) at .children[0].value: is missing"),
        defines=("Tree",),
    ),
    Case(
        "union of classes with the same fields",
        lambda: sound,
        "sound(animal: Cat | Dog) -> str",
        "What it says.",
        call(Fields("Dog", {"name": "x"})),
        "woof",
        call(Fields("Cow", {"nom": "x"})),
        (ValueError, "sound() argument 'animal' (Cat | Dog) at .name: is missing"),
        defines=("Cat", "Dog"),
    ),
    Case(
        "bytes",
        lambda: reverse,
        "reverse(data: bytes) -> bytes",
        "Bytes, backwards.",
        call(b"abc"),
        {"$": "bytes", "part": 0},
        call([1]),
        (TypeError, "reverse() argument 'data' (bytes): should be bytes, got [1] (list)"),
        parts=(b"cba",),
    ),
    Case(
        "DataFrame",
        lambda: busiest,
        "busiest(table: pandas.DataFrame, column: str = 'n') -> pandas.DataFrame",
        "The row with the most.",
        call([{"n": 1}, {"n": 2}]),
        {"$": "table", "columns": ["n"], "dtypes": ["int64"], "data": [[2]], "index": None},
        call("x"),
        (
            ValueError,
            "busiest() argument 'table' (pandas.DataFrame): should be a table: a DataFrame, a list of rows, or a "
            "dict of columns, got 'x' (str)",
        ),
    ),
    Case(
        "array",
        lambda: scale,
        "scale(values: numpy.ndarray, by: float = 2.0) -> numpy.ndarray",
        "Values times a number.",
        call([1, 2]),
        [2.0, 4.0],
        call([[1], [1, 2]]),
        (
            ValueError,
            "scale() argument 'values' (numpy.ndarray): should be an array: a list of numbers, or of lists of "
            "equal length, got [[1], [1, 2]] (list)",
        ),
    ),
    Case(
        "datetime",
        lambda: later,
        "later(moment: datetime.datetime, by: datetime.timedelta = datetime.timedelta(seconds=3600)) -> datetime.datetime",
        "A later moment.",
        call("2026-01-01T00:00:00"),
        {"$": "datetime", "v": "2026-01-01T01:00:00"},
        call(5),
        (TypeError, "later() argument 'moment' (datetime.datetime): should be a datetime, as ISO text, got 5 (int)"),
    ),
    Case(
        "Path",
        lambda: stem,
        "stem(path: pathlib.Path = pathlib.Path('a/b.txt')) -> str",
        "A file's name without its ending.",
        call(),
        "b",
        call(3),
        (TypeError, "stem() argument 'path' (pathlib.Path): is not a valid path, got 3 (int)"),
    ),
)
