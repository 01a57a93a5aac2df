"""Values through both ends of the wire: what the host sends, the session has; what the session sends back is what the host sent."""

import datetime
import json
import math
import pathlib
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import BaseModel

from codeact.sandbox import channel, desk
from codeact.sandbox.guest import wire
from codeact.sandbox.guest.calls import stubs
from codeact.sandbox.guest.calls import values as guest
from codeact.tools import incoming, outgoing, refusals, tables
from codeact.tools.values import Fields, decode, encode

BEYOND = 2**80
PARIS = ZoneInfo("Europe/Paris")


def to_guest(value: Any, classes: dict[str, type] | None = None) -> Any:
    """Encoded by the host, written and read as a frame, decoded by the guest."""
    body, parts = encode(value)
    frame = channel.encode(channel.REPLY, {"value": body}, parts)
    _, size, _ = channel.HEADER.unpack_from(frame)
    read = json.loads(frame[channel.HEADER.size : channel.HEADER.size + size])
    return guest.decode(read["value"], list(parts), classes or {})


def to_host(value: Any) -> Any:
    """Encoded by the guest, written and read as a frame, decoded by the host."""
    writer = guest.Writer()
    body = writer.write(value, "it")
    frame = wire.Wire().pack(wire.CALL, {"id": 1, "tool": "t", "args": [body], "kwargs": {}}, writer.parts)
    ((call, parts),) = channel.Decoder().feed(frame)
    assert isinstance(call, channel.Call)
    return decode(call.args[0], parts)


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types all through, signs of zero and kinds of not-a-number included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            same(a, b) and same(one[a], other[b]) for a, b in zip(sorted(one, key=repr), sorted(other, key=repr), strict=True)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, set | frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    if isinstance(one, datetime.datetime | datetime.time):
        return (one.isoformat(), one.fold, one.tzinfo) == (other.isoformat(), other.fold, other.tzinfo)
    return repr(one) == repr(other)


ZONES = some.none() | some.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=-3, minutes=-30)), PARIS])
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.sampled_from([BEYOND, -BEYOND, 0, 10**4200])
    | some.floats()
    | some.text()
    | some.binary()
    | some.complex_numbers()
    | some.datetimes(timezones=ZONES, allow_imaginary=True)
    | some.times(timezones=ZONES)
    | some.dates()
    | some.timedeltas()
    | some.decimals()
    | some.uuids()
    | some.builds(pathlib.Path, some.text("ab/.", min_size=1))
)
KEYS = some.none() | some.booleans() | some.integers() | some.text() | some.binary() | some.dates() | some.tuples(some.integers())
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


@given(VALUES)
def test_a_value_is_the_same_at_both_ends(value: Any) -> None:
    there = to_guest(value)
    assert same(there, value)
    assert same(to_host(there), value)


def column(*cells: Any, dtype: Any = None) -> some.SearchStrategy[Any]:
    """Columns of some of the cells."""
    return some.lists(some.sampled_from(cells), max_size=6).map(lambda chosen: pandas.Series(chosen, dtype=dtype))


MOMENTS = ["2026-03-29 00:30:00.000000001", "1700-01-01", None]
COLUMNS = {
    "object": column(None, math.nan, pandas.NA, pandas.NaT, 1, True, "x", b"y", (1, 2), [3], {"a": 1}, Decimal("1.5"), dtype=object),
    "bool": column(True, False, dtype="bool"),
    "boolean": column(True, False, None, dtype="boolean"),
    "Int64": column(1, None, 2**62 + 1, dtype="Int64"),
    "UInt8": column(255, None, dtype="UInt8"),
    "int8": column(-128, 127, dtype="int8"),
    "uint64": column(2**64 - 1, 0, dtype="uint64"),
    "float64": column(0.0, -0.0, math.nan, math.inf, 0.1, dtype="float64"),
    "float32": column(0.1, math.nan, dtype="float32"),
    "Float32": column(0.1, None, dtype="Float32"),
    "complex128": column(1 + 2j, complex(math.nan, -0.0), dtype="complex128"),
    "str": column("x", "", None, "ü", dtype="str"),
    "string": column("x", None, dtype="string"),
    "datetime64[ns]": column(*MOMENTS, dtype="datetime64[ns]"),
    "datetime64[s]": column("2026-01-01", None, dtype="datetime64[s]"),
    "datetime64[us, Europe/Paris]": column(*MOMENTS, dtype="datetime64[us, Europe/Paris]"),
    "datetime64[ns, UTC]": column(*MOMENTS, dtype="datetime64[ns, UTC]"),
    "datetime64[ns, UTC-03:30]": column(*MOMENTS, dtype="datetime64[ns, UTC-03:30]"),
    "timedelta64[ns]": column(1, -1, None, dtype="timedelta64[ns]"),
    "category": column("b", "a", None, dtype=pandas.CategoricalDtype(["a", "b", "c"], ordered=True)),
    "category of int64": column(2, None, dtype=pandas.CategoricalDtype([3, 2])),
    "category of datetime64": column(None, dtype=pandas.CategoricalDtype(pandas.to_datetime(["2026-01-01"]))),
}


def alike(one: Any, other: Any) -> None:
    """Assert that two tables are equal to the dtype and to the kind of what is missing."""
    if isinstance(other, pandas.Series):
        pandas.testing.assert_series_equal(one, other, check_freq=False)
    else:
        pandas.testing.assert_frame_equal(one, other, check_freq=False, check_column_type="equiv")
    cells = [(one, other)] if isinstance(other, pandas.Series) else [(one.iloc[:, n], other.iloc[:, n]) for n in range(other.shape[1])]
    for mine, yours in cells:
        assert list(map(type, mine.tolist())) == list(map(type, yours.tolist()))


def both_ways(table: Any) -> None:
    """Assert that a table comes through both ends as it is."""
    there = to_guest(table)
    alike(there, table)
    alike(to_host(there), table)


@pytest.mark.parametrize("kind", COLUMNS)
@settings(max_examples=25)
@given(some.data())
def test_a_column_of_any_dtype_is_the_same_at_both_ends(kind: str, data: some.DataObject) -> None:
    column = data.draw(COLUMNS[kind])
    both_ways(column.rename(data.draw(some.sampled_from([None, "n", 0, ("a", 1), datetime.date(2026, 1, 1)]))))
    both_ways(pandas.DataFrame({"a": column, "b": range(len(column))}))
    if not any(isinstance(cell, list | dict) for cell in column):
        both_ways(pandas.DataFrame({"a": range(len(column))}, index=pandas.Index(column.array, name="i", tupleize_cols=False)))


@pytest.mark.parametrize(
    "table",
    [
        pandas.DataFrame(),
        pandas.DataFrame(index=range(5)),
        pandas.DataFrame(index=["a", "b"]),
        pandas.DataFrame({"a": []}),
        pandas.DataFrame(columns=["a", "b"]),
        pandas.DataFrame({1: [1], "b": [2]}),
        pandas.DataFrame({1: [1], 2: [2]}),
        pandas.DataFrame([[1, 2]], columns=["same", "same"]),
        pandas.DataFrame([[1, 2]], columns=pandas.Index(["a", "b"], name="names")),
        pandas.DataFrame([[1, 2]], columns=pandas.Index(["a", "b"], dtype=object)),
        pandas.DataFrame([[1, 2]], columns=pandas.to_datetime(["2026-01-01", "2026-01-02"])),
        pandas.DataFrame([[1, 2]], columns=pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])),
        pandas.DataFrame({"n": [1, 2]}, index=[5, 5]),
        pandas.DataFrame({"n": [1, 2]}, index=range(4, 8, 2)),
        pandas.DataFrame({"n": [1, 2]}, index=pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"])),
        pandas.DataFrame({"n": []}, index=pandas.MultiIndex.from_arrays([[], []])),
        pandas.DataFrame({"n": [1, 2]}, index=pandas.date_range("2026-01-01", periods=2, tz="Europe/Paris")),
        pandas.DataFrame({"n": [1, 2]}, index=pandas.CategoricalIndex(["x", "y"])),
        pandas.DataFrame({"n": [1, 2]}, index=pandas.Index([(1, 2), (3, 4)], tupleize_cols=False)),
        pandas.DataFrame({"t": [pandas.DataFrame({"a": [1]})]}).map(lambda inner: [inner.shape]),
        pandas.DataFrame({"long": ["x" * 70_000]}),
        pandas.Series([], dtype="float64"),
        pandas.Series([1, 2], index=["a", "b"], name="s"),
    ],
    ids=lambda table: " ".join(repr(table).split())[:60],
)
def test_an_awkward_table_is_the_same_at_both_ends(table: Any) -> None:
    both_ways(table)


def test_dtypes_that_cannot_be_named_come_as_pandas_infers_them_and_periods_are_refused() -> None:
    assert to_guest(pandas.DataFrame({"a": pandas.arrays.SparseArray([1, 0])}))["a"].tolist() == [1, 0]
    for period in (pandas.Series(pandas.period_range("2026", periods=1)), pandas.Series([pandas.Interval(0, 1)])):
        with pytest.raises(TypeError, match=r"a value of type pandas\S+ \(at value\[None\]\[0\]\) cannot be sent"):
            encode(period)
        with pytest.raises(TypeError, match=r"x \(column None\)\[0\] is of type '(Period|Interval)'"):
            guest.Writer().write(period, "x")


class Point(NamedTuple):
    x: int
    y: int = 0


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    A = "a"


class Right(Flag):
    READ = 1
    WRITE = 2


class Model(BaseModel):
    a: int
    inner: list["Model"] = []


def test_a_named_tuple_is_one_whether_its_class_is_known_or_not() -> None:
    known, unknown = to_guest(Point(1, 2), {"Point": Point}), to_guest(Point(1, 2))
    assert type(known) is Point
    x, y = unknown
    assert (x, y, unknown.x, unknown[1], repr(unknown)) == (1, 2, 1, 2, "Point(x=1, y=2)")
    assert type(unknown) is type(to_guest(Point(3, 4)))
    back = to_host(unknown)
    assert (back, back.kind, back.ordered) == (Fields("Point", {"x": 1, "y": 2}), "Point", True)


def test_members_of_enumerations_are_members_where_the_class_is_known_and_else_their_values() -> None:
    members = [Colour.RED, Level.LOW, Word.A, Right.READ, Right.READ | Right.WRITE, Right(0)]
    assert to_guest(members, {kind.__name__: kind for kind in (Colour, Level, Word, Right)}) == members
    assert to_guest(members) == ["red", 1, "a", 1, 3, 0]


def test_a_model_without_a_class_is_a_record_with_attributes_repr_and_equality() -> None:
    record = to_guest(Model(a=1, inner=[Model(a=2)]))
    assert (record.a, record.inner[0].a, repr(record)) == (1, 2, "Model(a=1, inner=[Model(a=2, inner=[])])")
    assert record == to_guest(Model(a=1, inner=[Model(a=2)]))
    assert record != to_guest(Model(a=1))
    assert type(record) is type(record.inner[0])
    assert to_host(record) == {"a": 1, "inner": [{"a": 2, "inner": []}]}


class Text(str):
    def __str__(self) -> str:
        return "other"


class Whole(int):
    def __int__(self) -> int:
        return 7


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Text("x"), "x"),
        (Whole(1), 1),
        (type("Names", (dict,), {})(a=1), {"a": 1}),
        (numpy.float32(0.5), 0.5),
        (numpy.array([[1.5]]), [[1.5]]),
        (numpy.array(3), 3),
        (numpy.array([], dtype="int64"), []),
        (numpy.datetime64("2026-01-01T00:00:00.000001", "us"), datetime.datetime(2026, 1, 1, microsecond=1)),
        (numpy.timedelta64(1, "s"), datetime.timedelta(seconds=1)),
        (numpy.bool_(True), True),
        (pandas.Index([1, 2]), [1, 2]),
        (pandas.Timestamp("2026-01-01"), datetime.datetime(2026, 1, 1)),
        (pandas.Timedelta("1s"), datetime.timedelta(seconds=1)),
        ([pandas.NA, pandas.NaT], [None, None]),
        (range(2), [0, 1]),
        (bytearray(b"x"), b"x"),
    ],
)
def test_what_stands_for_a_plain_value_comes_as_that_from_either_end(value: Any, plain: Any) -> None:
    assert same(to_guest(value), plain)
    assert same(to_host(value), plain)


def cyclic() -> list[Any]:
    made: list[Any] = [1]
    made += [made, {"again": made}]
    return made


def deep(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


def wide(levels: int) -> Any:
    made: Any = [1]
    for _ in range(levels):
        made = [made, made]
    return made


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (object(), TypeError, "x is of type 'object', which a call of a tool cannot carry; send JSON types"),
        ({"a": [1, {2: open}]}, TypeError, "x['a'][1][2] is of type 'builtin_function_or_method'"),
        ({(1, print): 1}, TypeError, "x (the key (1, <built-in function print>))[1] is of type"),
        ({object}, TypeError, "x (an element) is of type 'type'"),
        (cyclic(), ValueError, "x[1] is a list that holds itself: send a value without a cycle"),
        (deep(61), ValueError, "x[0][0][0][0][0][0][0][0]... is nested more than 60 deep: send a flatter value"),
        (wide(30), ValueError, "makes this call one of more than 1000000 values"),
        ([1 << 20_000], ValueError, "x[0] is an integer of 20001 bits, and at most 14000 go: send hex() of it"),
        (["a\ud800"], ValueError, "x[0] is text with a lone surrogate, which cannot be sent"),
        ({"\ud800": 1}, ValueError, "x is text with a lone surrogate"),
        (pandas.DataFrame({"c": [open]}), TypeError, "x (column 'c')[0] is of type 'builtin_function_or_method'"),
        (pandas.DataFrame(numpy.zeros((1, 10_001))), ValueError, "x is a table of shape (1, 10001): send a part of it, or bytes"),
    ],
    ids=lambda value: "" if isinstance(value, type) else None,
)
def test_what_a_session_cannot_send_is_refused_with_the_part(value: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind) as caught:
        guest.Writer().write(value, "x")
    assert type(caught.value) is kind
    assert words in str(caught.value)


def test_the_deepest_value_that_a_session_sends_is_one_that_the_host_reads() -> None:
    assert to_host(deep(60)) == deep(60)
    nested: Any = ()
    for _ in range(59):
        nested = (nested,)
    assert to_host(nested) == nested
    keyed: Any = 1
    for _ in range(59):
        keyed = {1: keyed}
    assert to_host(keyed) == keyed


def test_both_ends_have_the_same_bounds() -> None:
    assert (channel.MOST_JSON, channel.MOST_BINARY) == (stubs.MOST_JSON, stubs.MOST_BINARY) == (outgoing.MOST_JSON, outgoing.MOST_BYTES)
    assert (tables.MOST_COLUMNS, refusals.MOST_INT_BITS) == (guest.tables.MOST_COLUMNS, guest.MOST_INT_BITS)
    assert outgoing.LONG_TEXT == guest.LONG_TEXT
    assert guest.MOST_VALUES <= incoming.MOST_VALUES
    assert desk.MOST_UNREAD > channel.MOST_JSON + channel.MOST_BINARY
