"""Tools with awkward parameters of simple types."""

import functools
import math
from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum, auto
from typing import Annotated, Any, Literal, Optional, TypeVar, Union

from pydantic import Field

from tools.awkward.case import Case, call

T = TypeVar("T")


class Colour(Enum):
    """Of a lamp."""

    RED = "red"
    GREEN = "green"


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


def add(a: int, b: int = 2) -> int:
    """Sum of two numbers."""
    return a + b


def area(*, width: float, height: float = 1.0) -> float:
    """Area of a rectangle."""
    return width * height


def power(base: float, exponent: float, /) -> float:
    """A power."""
    return base**exponent


def minimum(*values: float) -> float:
    """The least of the values."""
    return min(values)


def label(text: str, **tags: int) -> str:
    """Text with its tags."""
    return text + "".join(f" {name}={value}" for name, value in tags.items())


def everything(a: int, /, b: int, *rest: int, c: int, d: int = 4, **others: int) -> list[int]:
    """Parameters of all five kinds."""
    return [a, b, *rest, c, d, *others.values()]


def greet(name: Optional[str] = None) -> str:  # noqa: UP045 -- the old way of writing is what is tried
    """Say hello."""
    return f"hello {name}"


def double(value: Union[int, list[int]]) -> Union[int, list[int]]:  # noqa: UP007 -- as above
    """Twice a number, or each of several."""
    return value * 2 if isinstance(value, int) else [2 * one for one in value]


def convert(amount: float, unit: Literal["km", "mile"] = "km") -> str:
    """An amount with its unit."""
    return f"{amount} {unit}"


def roll(sides: Annotated[int, Field(ge=2, le=100, description="how many sides")], times: Annotated[int, "throws"] = 1) -> int:
    """Most that a roll can give."""
    return sides * times


def paint(colour: Colour = Colour.RED) -> Colour:
    """Paint it."""
    return colour


def raise_to(level: Level) -> int:
    """A level's number."""
    return level.value


def untyped(a, b=None):
    return [a, b]


def undocumented(a: int) -> int:
    return a


def collect(item: str, into: list[str] = []) -> list[str]:  # noqa: B006 -- a mutable default is what is tried
    """Add an item to those before."""
    into.append(item)
    return [*into]


_UNSET = object()


def lookup(key: str, default: Any = _UNSET) -> Any:
    """A value, or the default."""
    return "nothing" if default is _UNSET else default


def sum(values: Sequence[float]) -> float:
    """Exact sum."""
    return math.fsum(values)


def größe(länge: float) -> float:  # noqa: PLC2401 -- letters beyond ASCII are what is tried
    """Size of a length."""
    return länge * 2


def first(items: Sequence[T]) -> T:
    """The first of several."""
    return items[0]


def count(words: Mapping[str, int], skip: set[int] = frozenset()) -> int:  # pyright: ignore[reportArgumentType] -- a lie, as people write
    """Sum of the counts that are not skipped."""
    return math.trunc(math.fsum(value for value in words.values() if value not in skip))


def weather(city: str, key: str, units: str = "metric") -> str:
    """Weather of a city."""
    return f"{city} {units} {'with' if key else 'without'} a key"


keyed_weather = functools.partial(weather, key="sk-secret")


CASES = (
    Case(
        "default",
        lambda: add,
        "add(a: int, b: int = 2) -> int",
        "Sum of two numbers.",
        call(1),
        3,
        call("3"),
        (TypeError, "add() argument 'a' (int): should be a valid integer, got '3' (str)"),
    ),
    Case(
        "keyword-only",
        lambda: area,
        "area(*, width: float, height: float = 1.0) -> float",
        "Area of a rectangle.",
        call(width=2),
        2.0,
        call(2),
        (TypeError, "area() takes 0 positional arguments but 1 was given"),
    ),
    Case(
        "positional-only",
        lambda: power,
        "power(base: float, exponent: float, /) -> float",
        "A power.",
        call(2, 3),
        8.0,
        call(2),
        (TypeError, "power() missing 1 required positional argument: 'exponent'"),
    ),
    Case(
        "varargs",
        lambda: minimum,
        "minimum(*values: float) -> float",
        "The least of the values.",
        call(3, 1.5),
        1.5,
        call(1, "x"),
        (TypeError, "minimum() argument '*values[1]' (float): should be a valid number, got 'x' (str)"),
    ),
    Case(
        "keyword arguments",
        lambda: label,
        "label(text: str, **tags: int) -> str",
        "Text with its tags.",
        call("a", x=1),
        "a x=1",
        call("a", x=1.5),
        (ValueError, "label() argument 'x' (int): should be a valid integer, got 1.5 (float)"),
    ),
    Case(
        "all kinds of parameters",
        lambda: everything,
        "everything(a: int, /, b: int, *rest: int, c: int, d: int = 4, **others: int) -> list[int]",
        "Parameters of all five kinds.",
        call(1, 2, 3, c=5, e=6),
        [1, 2, 3, 5, 4, 6],
        call(1, c=2),
        (TypeError, "everything() missing 1 required positional argument: 'b'"),
    ),
    Case(
        "Optional",
        lambda: greet,
        "greet(name: str | None = None) -> str",
        "Say hello.",
        call(),
        "hello None",
        call(3),
        (TypeError, "greet() argument 'name' (str | None): should be a valid string, got 3 (int)"),
    ),
    Case(
        "Union",
        lambda: double,
        "double(value: int | list[int]) -> int | list[int]",
        "Twice a number, or each of several.",
        call([1, 2]),
        [2, 4],
        call("x"),
        (TypeError, "double() argument 'value' (int | list[int]): should be a valid integer; or should be a valid list, got 'x' (str)"),
    ),
    Case(
        "Literal",
        lambda: convert,
        "convert(amount: float, unit: Literal['km', 'mile'] = 'km') -> str",
        "An amount with its unit.",
        call(1),
        "1.0 km",
        call(1, "m"),
        (ValueError, "convert() argument 'unit' (Literal['km', 'mile']): should be 'km' or 'mile', got 'm' (str)"),
    ),
    Case(
        "Annotated with Field",
        lambda: roll,
        "roll(sides: Annotated[int, Field(ge=2, le=100, description='how many sides')], times: Annotated[int, 'throws'] = 1) -> int",
        "Most that a roll can give.",
        call(6),
        6,
        call(1),
        (ValueError, "roll() argument 'sides' (int): should be greater than or equal to 2, got 1 (int)"),
    ),
    Case(
        "Enum",
        lambda: paint,
        "paint(colour: Colour = Colour.RED) -> Colour",
        "Paint it.",
        call("GREEN"),
        {"$": "enum", "type": "Colour", "name": "GREEN", "v": "green"},
        call("blue"),
        (ValueError, "paint() argument 'colour' (Colour): should be 'red' or 'green', got 'blue' (str)"),
        defines=("Colour",),
    ),
    Case(
        "IntEnum",
        lambda: raise_to,
        "raise_to(level: Level) -> int",
        "A level's number.",
        call(2),
        2,
        call(7),
        (ValueError, "raise_to() argument 'level' (Level): should be 1 or 2, got 7 (int)"),
        defines=("Level",),
    ),
    Case(
        "no hints",
        lambda: untyped,
        "untyped(a, b=None)",
        "",
        call({"a": 1}),
        [{"a": 1}, None],
        call(1, 2, 3),
        (TypeError, "untyped() takes from 1 to 2 positional arguments but 3 were given"),
    ),
    Case(
        "no docstring",
        lambda: undocumented,
        "undocumented(a: int) -> int",
        "",
        call(3.0),
        3,
        call(3.5),
        (ValueError, "undocumented() argument 'a' (int): should be a valid integer, got 3.5 (float)"),
    ),
    Case(
        "mutable default",
        lambda: collect,
        "collect(item: str, into: list[str] = []) -> list[str]",
        "Add an item to those before.",
        call("a", ["b"]),
        ["b", "a"],
        call("a", "b"),
        (TypeError, "collect() argument 'into' (list[str]): should be a valid list, got 'b' (str)"),
    ),
    Case(
        "default that is no literal",
        lambda: lookup,
        "lookup(key: str, default: Any = ...) -> Any",
        "A value, or the default.",
        call("k"),
        "nothing",
        call(default=1),
        (TypeError, "lookup() missing 1 required positional argument: 'key'"),
    ),
    Case(
        "name of a builtin",
        lambda: sum,
        "sum(values: Sequence[float]) -> float",
        "Exact sum.\n\nThis tool has the name of a builtin of Python, which is builtins.sum here.",
        call([1, 2]),
        3.0,
        call(1, 2),
        (TypeError, "sum() takes 1 positional argument but 2 were given"),
    ),
    Case(
        "name beyond ASCII",
        lambda: größe,
        "größe(länge: float) -> float",
        "Size of a length.",
        call(länge=2),
        4.0,
        call(lange=2),
        (TypeError, "größe() got an unexpected keyword argument 'lange'. Did you mean 'länge'?"),
    ),
    Case(
        "type variable",
        lambda: first,
        "first(items: Sequence[T]) -> T",
        "The first of several.",
        call(["a"]),
        "a",
        call({"a": 1}),
        (TypeError, "first() argument 'items' (Sequence[T]): should be an instance of Sequence, got {'a': 1} (dict)"),
    ),
    Case(
        "mapping and set",
        lambda: count,
        "count(words: Mapping[str, int], skip: set[int] = frozenset()) -> int",
        "Sum of the counts that are not skipped.",
        call({"a": 1, "b": 2}, [2]),
        1,
        call({"a": "1"}),
        (TypeError, "count() argument 'words' (Mapping[str, int]) at .a: should be a valid integer, got '1' (str)"),
    ),
    Case(
        "partial that holds a secret",
        lambda: keyed_weather,
        "weather(city: str, *, units: str = 'metric') -> str",
        "Weather of a city.",
        call("Rome"),
        "Rome metric with a key",
        call("Rome", key="k"),
        (TypeError, "weather() got an unexpected keyword argument 'key'"),
    ),
)
