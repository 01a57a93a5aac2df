"""Arrays of numpy and tables of pandas, described: type, shape, bytes, and the first values.

Invariant: nothing is imported for it. An array is known by its type, which no code in Python can make: it is asked by numpy's own
functions, as a plain array, whatever class it was given. A table is known by its class, and asked by pandas' methods. It does not: show
values (who asks does).
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

_HEAP_TYPE = 1 << 9  # a class that was made at run time
_MOST_COLUMNS = 1000  # of which the bytes are counted
_MOST_CELL = 1000  # bytes of one value that is copied to be shown
_ROWS, _COLUMNS = 3, 6
_LINE = 12
_KINDS = {"i": "int", "u": "uint", "f": "float", "c": "complex"}
_NAMES = {"b": "bool", "O": "object", "U": "str", "S": "bytes", "M": "datetime64", "m": "timedelta64", "V": "void", "T": "str"}
_INDEXES = ("Index", "RangeIndex", "DatetimeIndex", "TimedeltaIndex", "PeriodIndex", "CategoricalIndex", "IntervalIndex", "MultiIndex")

_type = type  # the user may put another in its place
_mro = type.__dict__["__mro__"].__get__
_flags = type.__dict__["__flags__"].__get__
_name = type.__dict__["__name__"].__get__
_module = type.__dict__["__module__"].__get__
_module_names = vars(ModuleType)["__dict__"].__get__

Show = Callable[[Any, int], str]
Described = tuple[str, tuple[int, ...] | None, int | None, str]
"""Type, shape, bytes, the first values."""


def described(value: Any, show: Show) -> Described | None:
    """An array, a number of numpy's, a table, a column or an index; None: it is something else.

    Args:
        value: anything.
        show: shows a value at a depth in others.
    """
    for base in _mro(_type(value)):
        if not _flags(base) & _HEAP_TYPE and _module(base) == "numpy":
            name = _name(base)
            if name == "ndarray":
                return _array(base, value, show)
            if name == "generic":
                return _scalar(base, value, show)
    return _table(value, show)


def _array(base: Any, value: Any, show: Show) -> Described:
    plain = base.view(value, base)
    kind = f"{_name(_type(value))}[{_dtype(plain.dtype)}]"
    return kind, plain.shape, plain.nbytes, _corner(plain, show) if plain.dtype.itemsize <= _MOST_CELL else ""


def _scalar(base: Any, value: Any, show: Show) -> Described:
    item = base.item(value) if base.itemsize.__get__(value) <= _MOST_CELL else None
    text = _cell(item, show) if item is not None and _type(item) is not _type(value) else ""
    return _name(_type(value)), None, base.nbytes.__get__(value), text


def _dtype(dtype: Any) -> str:
    if dtype.kind in _KINDS:
        return f"{_KINDS[dtype.kind]}{dtype.itemsize * 8}"
    return _NAMES.get(dtype.kind) or "other"


def _corner(plain: Any, show: Show) -> str:
    """The first values of an array, nested as they are."""
    shape = plain.shape
    if not shape:
        return _cell(plain.item(), show)
    if 0 in shape:
        return "[]"
    outer = len(shape) - 2 if len(shape) > 2 else 0
    inner = (slice(0, _LINE),) if len(shape) == 1 else (slice(0, _ROWS), slice(0, _COLUMNS))
    part = plain[(0,) * outer + inner]
    text = _nested(part.tolist(), shape[outer:], show)
    ends = [", …]" if size > 1 else "]" for size in reversed(shape[:outer])]
    return "[" * outer + text + "".join(ends) if outer <= _LINE else text


def _nested(values: Any, shape: tuple[int, ...], show: Show) -> str:
    if not shape:
        return _cell(values, show)
    texts = [_nested(each, shape[1:], show) for each in values]
    return f"[{', '.join(texts if shape[0] == len(values) else [*texts, '…'])}]"


def _cell(value: Any, show: Show) -> str:
    return f"{value:.6g}" if _type(value) is float else show(value, 2)


def _table(value: Any, show: Show) -> Described | None:
    """A table, a column or an index of pandas', if that was imported."""
    pandas = sys.modules.get("pandas")
    if _type(pandas) is not ModuleType:
        return None
    kind, names = _type(value), _module_names(pandas)
    if kind is names.get("DataFrame"):
        return _frame(value, show)
    if kind is names.get("Series"):
        size = int(value.memory_usage(deep=False))
        return f"Series[{_dtype_of(value)}]", value.shape, size, f"[{_values(value, show)}]"
    if any(kind is names.get(name) for name in _INDEXES):
        return _name(kind), value.shape, None, f"[{_values(value, show)}]"
    return None


def _frame(frame: Any, show: Show) -> Described:
    rows, columns = frame.shape
    size = int(frame.memory_usage(deep=False).sum()) if columns <= _MOST_COLUMNS else None
    labels, texts = frame.columns[:_COLUMNS].tolist(), []
    for place, label in enumerate(labels):
        column = frame.iloc[:, place]
        name = label if _type(label) is str else show(label, 1)
        texts.append(f"{name[:40]} {_dtype_of(column)}: {_values(column, show)}")
    more = ["…"] if columns > _COLUMNS else []
    return "DataFrame", (rows, columns), size, "; ".join([*texts, *more])


def _values(column: Any, show: Show) -> str:
    """The first values of a column or an index, if their kind is one of numpy's or pandas' own."""
    if not _is_theirs(column.dtype):
        return "…"
    texts = [_cell(each, show) for each in column[:_ROWS].tolist()]
    return ", ".join(texts if len(column) <= _ROWS else [*texts, "…"])


def _dtype_of(column: Any) -> str:
    dtype = column.dtype
    if not _is_theirs(dtype):
        return _name(_type(dtype))
    return _dtype(dtype) if not _flags(_type(dtype)) & _HEAP_TYPE or hasattr(dtype, "char") else str(dtype.name)[:40]


def _is_theirs(dtype: Any) -> bool:
    module = _module(_type(dtype))
    return _type(module) is str and module.partition(".")[0] in ("numpy", "pandas")
