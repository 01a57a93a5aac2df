"""What a session could send by hand: refused as a `ValueError` that names the part, and in memory that the input bounds."""

import json
import tracemalloc
from typing import Any

import pandas
import pytest

from codeact.errors import WireError
from codeact.sandbox import channel
from codeact.tools.values import decode

SPARE = 8 << 20
"""Bytes that decoding may take whatever came."""

TIMES = 40
"""Bytes for each byte of input: a Python object is larger than its JSON."""

HUGE = "9" * 4000


def axis(*levels: list[Any], kinds: list[Any] | None = None) -> dict[str, Any]:
    return {"names": [None] * len(levels), "dtypes": kinds or ["object"] * len(levels), "data": [*levels]}


def table(columns: Any = None, dtypes: Any = None, data: Any = None, index: Any = None, **more: Any) -> dict[str, Any]:
    usual = {"columns": columns or ["a"], "dtypes": dtypes or ["int64"], "data": data or [[1]]}
    return {"$": "table", **usual, "index": index, **more}


def categories(values: list[Any], kind: str = "object") -> dict[str, Any]:
    return {"categories": values, "dtype": kind, "ordered": False}


def nested(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = {"$": "tuple", "v": [made]}
    return made


HOSTILE: dict[str, tuple[Any, str]] = {
    "exponent": ({"$": "decimal", "v": "1e999999999"}, "its exponent is beyond"),
    "exponent of nothing": ({"$": "decimal", "v": "0e-999999999"}, "its exponent is beyond"),
    "digits": ({"$": "decimal", "v": "1" * 10_000}, "text of at most 4500"),
    "payload": ({"$": "decimal", "v": "nan" + "1" * 10_000}, "text of at most 4500"),
    "seconds": ({"$": "timedelta", "v": HUGE}, "seconds in decimal digits"),
    "days": ({"$": "timedelta", "v": "99999999999999.999999"}, "is no timedelta"),
    "year": ({"$": "datetime", "v": "10000-01-01"}, "is no datetime"),
    "day": ({"$": "date", "v": "2026-02-30"}, "is no date"),
    "hour": ({"$": "time", "v": "25:00"}, "is no time"),
    "fold": ({"$": "datetime", "v": "2026-01-01", "fold": 2}, "for 'fold'"),
    "fold of truth": ({"$": "datetime", "v": "2026-01-01", "fold": True}, "for 'fold'"),
    "zone of a file": ({"$": "datetime", "v": "2026-01-01", "zone": "../../../etc/passwd"}, "there is no time zone"),
    "zone of a folder": ({"$": "datetime", "v": "2026-01-01", "zone": "Europe"}, "there is no time zone"),
    "zone of nobody": ({"$": "time", "v": "10:00", "zone": "No/Such"}, "there is no time zone"),
    "zone of a list": ({"$": "time", "v": "10:00", "zone": ["UTC"]}, "must be text"),
    "complex": ({"$": "complex", "v": "1+"}, "is no complex"),
    "uuid": ({"$": "uuid", "v": "x" * 32}, "is no uuid"),
    "path with a null": ({"$": "path", "v": 5}, "must be text"),
    "kind in a list": ({"$": ["table"]}, "for '$'; it must be text"),
    "missing what": ({"$": "missing", "v": ["NA"]}, "for what is missing"),
    "text that is none": ({"$": "text", "part": 0}, "is no text"),
    "named tuple or not": ({"$": "object", "type": "A", "fields": {}, "tuple": "yes"}, "for 'tuple'"),
    "nested": (nested(200), "more than 130 levels"),
    "equal hashes": ({"$": "set", "v": [n * (2**61 - 1) for n in range(20_000)]}, "at most 10000"),
    "keys of equal hashes": ({"$": "dict", "v": [[n * (2**61 - 1), 0] for n in range(20_000)]}, "at most 10000"),
    "labels of equal hashes": (
        table(data=[[0] * 20_000], index=axis([n * (2**61 - 1) for n in range(20_000)], ["x"] * 20_000)),
        "at most 10000",
    ),
    "categories of equal hashes": (table(dtypes=[categories([n * (2**61 - 1) for n in range(20_000)])], data=[[0]]), "at most 10000"),
    "rows that are not there": (table(index=axis([*range(1000)])), "do not fit each other"),
    "columns that are not there": (table(columns=["a", "b"]), "do not fit each other"),
    "columns by the million": (table(columns=[*range(500_000)], dtypes=["int64"] * 500_000, data=[[]] * 500_000), "at most 10000"),
    "levels by the thousand": (table(index=axis(*([[1]] * 1000))), "1 to 50 levels"),
    "levels of unequal length": (table(index=axis([1], [1, 2])), "as many labels"),
    "an index of nothing": (table(index={"names": [], "dtypes": [], "data": []}), "must have a name"),
    "an index of more": (table(index={**axis([1]), "freq": "D"}), "names, dtypes and data"),
    "a frame as a series": (table(columns=["a", "b"], dtypes=["int64"] * 2, data=[[1], [1]], series=True), "do not fit"),
    "a series or not": (table(series=1), "do not fit"),
    "codes beyond": (table(dtypes=[categories(["x"])], data=[[7]]), "no table that pandas can hold"),
    "codes below": (table(dtypes=[categories(["x"])], data=[[-7]]), "no table that pandas can hold"),
    "codes that are huge": (table(dtypes=[categories(["x"])], data=[[2**70]]), "no table that pandas can hold"),
    "codes that are text": (table(dtypes=[categories(["x"])], data=[["0"]]), "whole numbers, not str"),
    "categories twice": (table(dtypes=[categories(["x", "x"])], data=[[0]]), "no table that pandas can hold"),
    "categories that are lists": (table(dtypes=[categories([[1]])], data=[[0]]), "cannot be one"),
    "categories of more": (table(dtypes=[{**categories(["x"]), "more": 1}], data=[[0]]), "categories, dtype and ordered"),
    "counts beyond": (table(dtypes=["datetime64[ns]"], data=[[2**64]]), "no table that pandas can hold"),
    "counts of a half": (table(dtypes=["timedelta64[s]"], data=[[0.5]]), "whole numbers, not float"),
    "counts of truth": (table(dtypes=["datetime64[us]"], data=[[True]]), "whole numbers, not bool"),
    "zone of a dtype": (table(dtypes=["datetime64[ns, dateutil//etc/passwd]"], data=[[1]]), "there is no time zone"),
    "dtype of numbers that are none": (table(dtypes=["float64"], data=[["x"]]), "no table that pandas can hold"),
    "dtype in a list": (table(dtypes=[["int64"]]), "must be text"),
    "dtype of much text": (table(dtypes=["x" * 5000]), "text of at most 4500"),
    "names of lists": (table(columns=[["a"]]), "cannot be one"),
    "whole numbers beyond": (table(dtypes=["int64"], data=[[10**30]]), "no table that pandas can hold"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_in_words_and_in_bounded_memory(name: str) -> None:
    body, words = HOSTILE[name]
    size = len(json.dumps(body))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError) as caught:
            decode(body, [b"\xff\xfe"])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(caught.value) is ValueError
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1000
    assert most < SPARE + TIMES * size


@pytest.mark.parametrize(
    "dtype",
    [
        "int64[pyarrow]",
        "M8[ns]",
        "V1000000000",
        "S1000000000",
        "<U100000000",
        "period[D]",
        "interval",
        "Sparse[int64]",
        "O",
        "no such dtype",
    ],
)
def test_a_dtype_that_is_not_one_of_ours_is_never_asked_for(dtype: str) -> None:
    tracemalloc.start()
    try:
        made = decode(table(dtypes=[dtype], data=[[1, 2]]), [])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(made, pandas.DataFrame)
    assert made["a"].tolist() == [1, 2]
    assert str(made["a"].dtype) == "int64"
    assert most < SPARE


def call(text: str) -> bytes:
    body = f'{{"id":1,"tool":"t","args":[{text}],"kwargs":{{}}}}'.encode()
    return channel.HEADER.pack(channel.CALL, len(body), 0) + body


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, "9" * 1_000_000, "-" + "9" * 5000, '"\\ud800"', "nul"],
    ids=["lists", "objects", "digits", "negative", "half a pair", "no JSON"],
)
def test_a_call_that_is_no_json_of_ours_is_a_wire_error_in_bounded_memory(text: str) -> None:
    frame = call(text)
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            list(channel.Decoder().feed(frame))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < SPARE + TIMES * len(frame)


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    ((frame, _),) = channel.Decoder().feed(call('{"$":"decimal","$":"set","v":"1e999999999","v":[1]}'))
    assert isinstance(frame, channel.Call)
    assert decode(frame.args[0], []) == {1}
