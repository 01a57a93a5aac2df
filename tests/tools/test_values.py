"""Values go over the wire and come back; what is hostile or cannot be sent is refused in words."""

import dataclasses
import datetime
import json
import math
import pathlib
import socket
import types
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from typing import Any, NamedTuple

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import BaseModel, SecretStr, computed_field

from codeact.tools.incoming import MOST_HASHED
from codeact.tools.values import Fields, decode, encode, plain


class Colour(Enum):
    RED = "red"
    THING = object()


class Number(IntEnum):
    ONE = 1


class Right(Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Box:
    width: int
    inside: Any = None


class Pair(NamedTuple):
    a: int
    b: str


class Model(BaseModel):
    count: int

    @computed_field
    @property
    def twice(self) -> int:
        return 2 * self.count


def round_trip(value: Any) -> Any:
    """Out, through JSON as the wire writes it, and in."""
    body, parts = encode(value)
    text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    return decode(json.loads(text), parts)


SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False)
    | some.text()
    | some.binary()
    | some.complex_numbers(allow_nan=False)
    | some.datetimes(timezones=some.none() | some.just(datetime.UTC)).map(lambda moment: moment.replace(fold=0))
    | some.dates()
    | some.times().map(lambda moment: moment.replace(fold=0))
    | some.timedeltas()
    | some.decimals(allow_nan=False)
    | some.uuids()
    | some.builds(pathlib.Path, some.text("ab/.", min_size=1))
)
KEYS = (
    some.none() | some.booleans() | some.integers() | some.text() | some.binary() | some.dates() | some.tuples(some.integers(), some.text())
)
VALUES = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.lists(inner, max_size=4).map(tuple)
        | some.dictionaries(some.text("$ab", max_size=3), inner, max_size=4)
        | some.dictionaries(KEYS, inner, max_size=4)
        | some.sets(KEYS, max_size=4)
        | some.frozensets(KEYS, max_size=4)
    ),
    max_leaves=20,
)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text("$v", max_size=2), inner, max_size=4),
    max_leaves=10,
)
KINDS = ["float", "tuple", "set", "frozenset", "dict", "bytes", "image", "object", "enum", "datetime", "date", "time", "timedelta"]
KINDS += ["decimal", "uuid", "path", "complex", "table", "pickle"]
FIELDS = ["v", "part", "type", "name", "fields", "columns", "dtypes", "data", "index", "series", "names", "labels"]
HOSTILE = some.recursive(
    JSON,
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.builds(
            lambda kind, rest: {"$": kind, **rest},
            some.sampled_from(KINDS),
            some.dictionaries(some.sampled_from(FIELDS), inner, max_size=5),
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_a_plain_value_comes_back_equal_and_of_the_same_type(value: Any) -> None:
    back = round_trip(value)
    assert back == value
    assert repr(back) == repr(value) or isinstance(value, set | frozenset | dict | list | tuple)
    assert encode(back) == encode(value)


@given(HOSTILE)
def test_whatever_comes_in_is_a_value_or_a_value_error(body: Any) -> None:
    try:
        decode(body, [b"part"])
    except ValueError as error:
        assert 0 < len(str(error)) < 2000


@given(VALUES | HOSTILE)
def test_the_record_of_any_value_is_short_json(value: Any) -> None:
    assert len(json.dumps(plain(value), allow_nan=False)) < 100_000


@given(
    some.lists(
        some.tuples(some.none() | some.integers(-(2**60), 2**60), some.floats(), some.none() | some.text(max_size=5), some.booleans()),
        max_size=6,
    ),
    some.booleans(),
)
def test_a_table_comes_back_equal(rows: list[tuple[Any, ...]], labelled: bool) -> None:
    frame = pandas.DataFrame(rows, columns=["whole", "number", "text", "truth"])
    frame = frame.set_index(["truth", "text"]) if labelled and rows and all(row[2] is not None for row in rows) else frame
    pandas.testing.assert_frame_equal(round_trip(frame), frame)


@pytest.mark.parametrize(
    "frame",
    [
        pandas.DataFrame({"at": pandas.to_datetime(["2026-01-01", None])}),
        pandas.DataFrame({"a": pandas.Categorical(["x", "y"])}),
        pandas.DataFrame({1: [1], "b": [2]}),
        pandas.DataFrame([[1, 2]], columns=pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
        pandas.DataFrame([[1, 2]], columns=["same", "same"]),
        pandas.DataFrame({"n": [1, 2]}, index=pandas.Index(["x", "y"], name="key")),
        pandas.DataFrame({"n": [1, 2]}, index=[5, 5]),
        pandas.DataFrame(),
        pandas.DataFrame(index=["a", "b"]),
        pandas.DataFrame({"a": []}),
    ],
    ids=[
        "dates",
        "categories",
        "mixed names",
        "levels of names",
        "a name twice",
        "index",
        "label twice",
        "nothing",
        "rows",
        "column",
    ],
)
def test_an_awkward_table_keeps_its_cells_names_and_labels(frame: pandas.DataFrame) -> None:
    pandas.testing.assert_frame_equal(round_trip(frame), frame, check_dtype=False, check_index_type=False, check_column_type=False)


def test_not_a_number_goes_as_text_since_json_has_none() -> None:
    assert encode([math.nan, math.inf, -math.inf])[0] == [{"$": "float", "v": name} for name in ("nan", "inf", "-inf")]
    assert [repr(value) for value in round_trip([math.nan, math.inf, -math.inf])] == ["nan", "inf", "-inf"]


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (Box(1, [Pair(2, "x")]), {"width": 1, "inside": [{"$": "object", "type": "Pair", "fields": {"a": 2, "b": "x"}, "tuple": True}]}),
        (Model(count=3), {"count": 3, "twice": 6}),
    ],
)
def test_objects_go_with_the_name_of_their_class_and_come_as_fields(value: Any, body: Any) -> None:
    assert encode(value)[0] == {"$": "object", "type": type(value).__name__, "fields": body}
    back = round_trip(value)
    assert (type(back), back.kind) == (Fields, type(value).__name__)


@pytest.mark.parametrize(
    ("value", "name", "v"),
    [
        (Colour.RED, "RED", "red"),
        (Colour.THING, "THING", "THING"),
        (Number.ONE, "ONE", 1),
        (Right.READ | Right.WRITE, "READ|WRITE", 3),
    ],
)
def test_a_member_of_an_enumeration_goes_with_its_name_and_comes_as_its_value(value: Enum, name: str, v: Any) -> None:
    assert encode(value)[0] == {"$": "enum", "type": type(value).__name__, "name": name, "v": v}
    assert round_trip(value) == v


@pytest.mark.parametrize(
    ("value", "same_as"),
    [
        (numpy.float64(1.5), 1.5),
        (numpy.int64(2), 2),
        (numpy.bool_(True), True),
        (numpy.str_("x"), "x"),
        (numpy.longdouble(1.5), 1.5),
        (numpy.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (numpy.array(["2026-01-01"], dtype="M8[ns]"), [datetime.datetime(2026, 1, 1)]),
        (numpy.array([1 + 2j]), [1 + 2j]),
        (pandas.Timestamp("2026-01-01"), datetime.datetime(2026, 1, 1)),
        (pandas.Index([1, 2]), [1, 2]),
        ([pandas.NA, pandas.NaT], [None, None]),
        (deque([1]), [1]),
        (range(3), [0, 1, 2]),
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(int, a=1), {"a": 1}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (bytearray(b"a"), b"a"),
        (memoryview(b"a"), b"a"),
    ],
)
def test_values_of_libraries_go_as_the_plain_ones_that_they_stand_for(value: Any, same_as: Any) -> None:
    assert encode(value) == encode(same_as)


def test_a_picture_goes_as_png() -> None:
    class Picture:
        def _repr_png_(self) -> bytes:
            return b"\x89PNG"

    assert encode({"it": Picture()}) == ({"it": {"$": "image", "type": "image/png", "part": 0}}, [b"\x89PNG"])


def cyclic() -> list[Any]:
    """A list in a dict in itself."""
    made: list[Any] = [1]
    made.append({"again": made})
    return made


def deep(levels: int) -> Any:
    """Lists in lists."""
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (lambda: 1, TypeError, "a value of type function cannot be sent to the session: call it, and return what it gives"),
        ([1, {"a": Box(1, {2: int})}], TypeError, "a value of type type (at value[1]['a'].inside[2]) cannot be sent"),
        ({"k": (i for i in ())}, TypeError, "a value of type generator (at value['k']) cannot be sent to the session: return list() of it"),
        (ValueError("x"), TypeError, "a value of type ValueError cannot be sent to the session: raise it, or return str() of it"),
        (SecretStr("x"), TypeError, "a value of type pydantic.types.SecretStr cannot be sent"),
        (json, TypeError, "a value of type module cannot be sent to the session: return its name, or what you need of it"),
        ({(1, int): 1}, TypeError, "a value of type type (at value key (1, <type>)[1]) cannot be sent"),
        (pandas.DataFrame({"c": [[1], [object()]]}), TypeError, "a value of type object (at value['c'][1][0]) cannot be sent"),
        (cyclic(), ValueError, "a list that holds itself (at value[1]['again']) cannot be sent"),
        (deep(101), ValueError, "a value of more than 100 levels (at value[0][0][0][0][0][0][0][0]...) cannot be sent"),
        ([0] * 1_000_001, ValueError, "a value of more than 1000000 parts"),
        (numpy.zeros((1001, 1000)), ValueError, "an array of shape (1001, 1000), 1001000 values, cannot be sent"),
        (pandas.DataFrame(numpy.zeros((1001, 1000))), ValueError, "a table of 1001 x 1000 cannot be sent"),
        (b"x" * (64 * 2**20 + 1), ValueError, "a value of more than 67108864 bytes cannot be sent"),
        (["a\ud800"], ValueError, "text with a lone surrogate, 'a\\ud800', (at value[0]) cannot be sent"),
        ({"\ud800": 1}, ValueError, "text with a lone surrogate"),
        pytest.param(1 << 20_000, ValueError, "an integer of 20001 bits cannot be sent", id="a huge integer"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_type_its_place_and_what_to_return(value: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind) as caught:
        encode(value)
    assert (type(caught.value), str(caught.value)[: len(words)]) == (kind, words)


def test_a_value_that_is_there_twice_is_no_cycle() -> None:
    shared = [1]
    assert round_trip([shared, {"a": shared}]) == [[1], {"a": [1]}]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"$": "pickle", "v": "x"}, "value is of the unknown kind 'pickle'"),
        ({"$": []}, "value has [] for '$'; it must be text"),
        ({"$": {"$": "set", "v": []}}, "value has <class 'dict'> for '$'; it must be text"),
        ([{"a": {"$": None, "v": 1}}], "value[0]['a'] has <class 'NoneType'> for '$'; it must be text"),
        ({"$": "bytes", "part": 1}, "value names part 1; there are 1"),
        ({"$": "bytes", "part": -1}, "value names part -1; there are 1"),
        ({"$": "bytes", "part": True}, "value names part <class 'bool'>; there are 1"),
        ({"$": "tuple", "v": {}}, "value must be a list"),
        ({"$": "tuple"}, "value of kind 'tuple' has the keys ['$']; they must be ['$', 'v']"),
        ({"$": "set", "v": [[1]]}, "value has a member or key that cannot be one"),
        ({"$": "dict", "v": [[1]]}, "value must hold pairs of key and value"),
        ({"$": "dict", "v": [[{}, 1]]}, "value has a member or key that cannot be one"),
        ({"$": "set", "v": [*range(MOST_HASHED + 1)]}, "value has 10001 members; at most 10000 are taken, send a list"),
        ({"a": [{"$x": 1}]}, "value['a'][0] has the key '$x'"),
        ({"$": "float", "v": "1"}, "value is no float: '1'"),
        ({"$": "datetime", "v": "yesterday"}, "value is no datetime: 'yesterday': Invalid isoformat string"),
        ({"$": "decimal", "v": "1e999999"}, "value is no decimal: '1e999999': its exponent is beyond 6144"),
        ({"$": "decimal", "v": "x"}, "value is no decimal: 'x'"),
        ({"$": "timedelta", "v": "99999999999999"}, "value is no timedelta: '99999999999999'"),
        ({"$": "timedelta", "v": "1e3"}, "value is no timedelta: '1e3': it must be seconds in decimal digits"),
        ({"$": "path", "v": "x" * 5000}, "value must be text of at most 4500 characters"),
        ({"$": "object", "type": "A", "fields": {"$": "set", "v": []}}, "value has the key '$'"),
        ({"$": "table", "columns": ["a"], "dtypes": ["int64"], "data": [[1], [2]], "index": None}, "value is a table whose columns"),
        ({"$": "table", "columns": ["a", "b"], "dtypes": ["", ""], "data": [[1], []], "index": None}, "value is a table whose columns"),
        ({"$": "table", "columns": ["a"], "dtypes": ["int64"], "data": [["x"]], "index": None}, "value is no table that pandas can hold"),
        (
            {"$": "table", "columns": [], "dtypes": [], "data": [], "index": {"names": [], "dtypes": [], "data": []}},
            "value.index must have a name",
        ),
        (deep(140), "more than 130 levels"),
        (1j, "value is no JSON value"),
    ],
)
def test_hostile_input_is_refused_with_what_is_wrong(body: Any, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        decode(body, [b""])
    assert str(caught.value)[: len(words)] == words


def test_the_record_is_cut_and_never_runs_foreign_code() -> None:
    class Trap:
        def __repr__(self) -> str:
            raise AssertionError("its repr was asked for")

        __str__ = __repr__

    with socket.socket() as opened:
        seen = plain({"s": opened, "t": Trap(), "b": b"abc", "n": math.nan, "f": pandas.DataFrame({"a": [1], "b": [2]}), "e": Colour.RED})
    assert seen == {
        "s": "<socket.socket>",
        "t": f"<{__name__}.{Trap.__qualname__}>",
        "b": "<bytes, 3 bytes>",
        "n": "nan",
        "f": "<DataFrame 1 x 2: a, b>",
        "e": "Colour.RED",
    }
    assert plain("x" * 5000) == "x" * 2000 + "... (5000 characters)"
    assert plain([*range(100)]) == [*range(50), "... (100 items)"]
    assert plain(dict.fromkeys(range(60), 0)) == {**{str(key): 0 for key in range(50)}, "...": "(60 items)"}
    assert plain(cyclic()) == [1, {"again": [1, {"again": [1, {"again": "<list>"}]}]}]
    assert plain(Box(1, (uuid.UUID(int=0), Decimal("1.5")))) == {"width": 1, "inside": [str(uuid.UUID(int=0)), "1.5"]}
    assert len(json.dumps(plain([["x" * 1000] * 50] * 50))) < 25_000
