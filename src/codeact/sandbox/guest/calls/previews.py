"""The beginning of a value as text, and its measures, whatever the value's class has to say about it.

Invariant: see `variables`. Types are told apart by what they are, never by comparing them: a metaclass may have its own way to compare,
to hash, and to name a class. It does not: know arrays and tables (`arrays` does).
"""

import datetime
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MethodType, ModuleType
from typing import Any

from . import arrays

_MOST_TEXT, _MOST_PART = 300, 60  # characters: of a value, of what is inside one
_ITEMS = (20, 6, 4)  # of a value, of what is inside it, and so on
_DEPTH = len(_ITEMS)
_MOST_BITS, _MOST_PARAMETERS = 512, 12
_VARIADIC, _KEYWORDS, _COROUTINE = 4, 8, 128  # flags of code

_type, _id, _len = type, id, len  # the user may put others in their places
_mro = type.__dict__["__mro__"].__get__
_type_name = type.__dict__["__name__"].__get__
_bases = type.__dict__["__bases__"].__get__
_item_size = type.__dict__["__itemsize__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_module_names = vars(ModuleType)["__dict__"].__get__
_arguments = BaseException.__dict__["args"].__get__
_zone = datetime.datetime.__dict__["tzinfo"].__get__
_MOMENT = [datetime.datetime.__dict__[name].__get__ for name in ("hour", "minute", "second", "microsecond")]
_DAY = [datetime.date.__dict__[name].__get__ for name in ("year", "month", "day")]


def cut(text: str, most: int) -> str:
    """A text, without its end if it is longer than `most` characters; of a subclass, as plain text."""
    part = str.__getitem__(text, slice(0, most))
    return part if str.__len__(text) <= most else f"{part[:-1]}…"


def class_name(value: Any) -> str:
    """The name of the class that a value is really of."""
    return name_of(_type(value))


def name_of(kind: type) -> str:
    """The name of a class."""
    return cut(_type_name(kind), _MOST_PART)


def rank(value: Any) -> int:
    """What is told first: 0 for values, 1 for functions and classes, 2 for modules."""
    base = _base(value)
    if base is ModuleType:
        return 2
    return 1 if base is type or base is FunctionType or base is BuiltinFunctionType or base is MethodType else 0


def measures(value: Any) -> tuple[int | None, int | None]:
    """The length of a value that has parts, and its own size in bytes, without what it refers to; None where it has none."""
    base = _base(value)
    if base is None:
        return None, None if _item_size(_type(value)) else object.__sizeof__(value)
    if rank(value):
        return None, None
    length = base.__len__(value) if _id(base) in _SIZED else None
    return length, base.__sizeof__(value)


def shown(value: Any, depth: int = 0) -> str:
    """The beginning of a value.

    Args:
        value: anything.
        depth: how many others it is inside of.
    """
    base, kind = _base(value), _type(value)
    if base is not kind and depth and (array := arrays.described(value, shown)) is not None:
        name, shape, _, preview = array
        return preview if shape is None else f"<{name} of {' x '.join(map(str, shape[:4]))}>"
    text = _attributes(value, depth) if base is None else _SHOWN[_id(base)](value, depth)
    if base is None or base is kind or _id(base) in _NAMED:
        return text
    return f"{name_of(kind)}{text}" if text[:1] == "(" else f"{name_of(kind)}({text})"


def _base(value: Any) -> Any:
    """The type that is known here and that a value is made of."""
    for base in _mro(_type(value)):
        if _id(base) in _SHOWN:
            return base
    return None


def _joined(parts: Iterable[Any], total: int, depth: int, show: Callable[[Any, int], str] = shown) -> str:
    """The first parts of something, with a mark if there are more."""
    if depth >= _DEPTH:
        return "…"
    texts: list[str] = []
    length = 0
    for each in islice(parts, _ITEMS[depth]):
        texts.append(show(each, depth + 1))
        length += _len(texts[-1])
        if length > _MOST_TEXT:
            break
    return ", ".join(texts if _len(texts) == total else [*texts, "…"])


def _room(depth: int) -> int:
    return _MOST_PART if depth else _MOST_TEXT


def _constant(value: Any, _: int) -> str:
    return "None" if value is None else "True" if value is True else "False" if value is False else "..."


def _integer(value: Any, _: int) -> str:
    bits = int.bit_length(value)
    return int.__repr__(value) if bits <= _MOST_BITS else f"an integer of {bits} bits"


def _float(value: Any, _: int) -> str:
    return float.__repr__(value)


def _complex(value: Any, _: int) -> str:
    return complex.__repr__(value)


def _text(value: Any, depth: int) -> str:
    most = _room(depth)
    text = str.__repr__(str.__getitem__(value, slice(0, most)))
    return text if str.__len__(value) <= most else f"{text}…"


def _bytes(value: Any, depth: int) -> str:
    most = _room(depth)
    text = bytes.__repr__(bytes.__getitem__(value, slice(0, most)))
    return text if bytes.__len__(value) <= most else f"{text}…"


def _bytearray(value: Any, depth: int) -> str:
    most = _room(depth)
    text = bytearray.__repr__(bytearray(bytearray.__getitem__(value, slice(0, most))))
    return text if bytearray.__len__(value) <= most else f"{text}…"


def _list(value: Any, depth: int) -> str:
    return f"[{_joined(list.__iter__(value), list.__len__(value), depth)}]"


def _tuple(value: Any, depth: int) -> str:
    total = tuple.__len__(value)
    return f"({_joined(tuple.__iter__(value), total, depth)}{',' if total == 1 else ''})"


def _deque(value: Any, depth: int) -> str:
    return f"deque([{_joined(deque.__iter__(value), deque.__len__(value), depth)}])"


def _set(value: Any, depth: int) -> str:
    return f"{{{_joined(set.__iter__(value), set.__len__(value), depth)}}}" if set.__len__(value) else "set()"


def _frozenset(value: Any, depth: int) -> str:
    total = frozenset.__len__(value)
    return f"frozenset({{{_joined(frozenset.__iter__(value), total, depth)}}})" if total else "frozenset()"


def _dict(value: Any, depth: int) -> str:
    return f"{{{_joined(dict.items(value), dict.__len__(value), depth, _pair)}}}"


def _pair(pair: tuple[Any, Any], depth: int) -> str:
    return f"{shown(pair[0], depth)}: {shown(pair[1], depth)}"


def _range(value: Any, depth: int) -> str:
    return f"range({', '.join(_integer(part, depth) for part in (value.start, value.stop, value.step))})"


def _date(value: Any, _: int) -> str:
    year, month, day = (part(value) for part in _DAY)
    return f"{year:04}-{month:02}-{day:02}"


def _datetime(value: Any, depth: int) -> str:
    hour, minute, second, micro = (part(value) for part in _MOMENT)
    zone = _zone(value)
    where = "" if zone is None else " UTC" if zone is datetime.UTC else " (with a time zone)"
    return f"{_date(value, depth)} {hour:02}:{minute:02}:{second:02}{f'.{micro:06}' if micro else ''}{where}"


def _timedelta(value: Any, _: int) -> str:
    return datetime.timedelta.__str__(value)


def _error(value: Any, depth: int) -> str:
    arguments = _arguments(value)
    return f"{class_name(value)}({_joined(tuple.__iter__(arguments), tuple.__len__(arguments), depth)})"


def _module(value: Any, _: int) -> str:
    names = _module_names(value)
    name, version = names.get("__name__"), names.get("__version__")
    text = cut(name, _MOST_PART) if _type(name) is str else "module"
    return f"{text} {cut(version, _MOST_PART)}" if _type(version) is str else text


def _class(value: Any, _: int) -> str:
    above = _bases(value)
    names = "" if _len(above) == 1 and above[0] is object else ", ".join(name_of(each) for each in above[:_MOST_PARAMETERS])
    return _with_words(f"class {name_of(value)}{f'({names})' if names else ''}", _namespace(value).get("__doc__"))


def _function(value: Any, _: int) -> str:
    code = value.__code__
    way = "async def" if code.co_flags & _COROUTINE else "def"
    return _with_words(f"{way} {cut(value.__qualname__, _MOST_PART)}({_parameters(value)})", value.__doc__)


def _parameters(function: FunctionType) -> str:
    """Names of what a function takes; what has a default is marked."""
    code, defaults, named = function.__code__, function.__defaults__, function.__kwdefaults__
    plain, place = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    needed = plain - (0 if defaults is None else tuple.__len__(defaults))
    parts = [name if index < needed else f"{name}=…" for index, name in enumerate(code.co_varnames[:plain])]
    if code.co_flags & _VARIADIC:
        parts.append(f"*{code.co_varnames[place]}")
    elif place > plain:
        parts.append("*")
    only = code.co_varnames[plain:place]
    parts += [name if named is None or not dict.__contains__(named, name) else f"{name}=…" for name in only]
    if code.co_flags & _KEYWORDS:
        parts.append(f"**{code.co_varnames[place + bool(code.co_flags & _VARIADIC)]}")
    more = ["…"] if _len(parts) > _MOST_PARAMETERS else []
    return ", ".join([*(cut(part, _MOST_PART) for part in parts[:_MOST_PARAMETERS]), *more])


def _with_words(text: str, words: object) -> str:
    """With the first line of a docstring."""
    line = cut(words, _MOST_TEXT).strip().partition("\n")[0] if _type(words) is str else ""
    return f"{text}: {line}" if line else text


def _builtin(value: Any, _: int) -> str:
    return f"{cut(value.__name__, _MOST_PART)}(…)"


def _method(value: Any, depth: int) -> str:
    return "a method" if depth >= _DEPTH else shown(value.__func__, depth + 1)


def _attributes(value: Any, depth: int) -> str:
    """An object of a class that is not known here: what it holds under names."""
    names: Any = None
    for base in _mro(_type(value)):
        getter = _namespace(base).get("__dict__")
        if getter is not None:
            names = getter.__get__(value) if _type(getter) is GetSetDescriptorType else None
            break
    head = class_name(value)
    if _type(names) is not dict or not names or depth >= _DEPTH:
        return f"<{head}>"
    held = [(name, part) for name, part in islice(dict.items(names), _ITEMS[0]) if _type(name) is str]
    return f"<{head} {_joined(held, dict.__len__(names), depth, _held)}>"


def _held(pair: tuple[str, Any], depth: int) -> str:
    return f"{cut(pair[0], _MOST_PART)}={shown(pair[1], depth)}"


_KNOWN: list[tuple[type, Callable[[Any, int], str]]] = [
    *((type(value), _constant) for value in (None, True, ...)),
    (int, _integer),
    (float, _float),
    (complex, _complex),
    (str, _text),
    (bytes, _bytes),
    (bytearray, _bytearray),
    (list, _list),
    (tuple, _tuple),
    (deque, _deque),
    (set, _set),
    (frozenset, _frozenset),
    (dict, _dict),
    (range, _range),
    (datetime.datetime, _datetime),
    (datetime.date, _date),
    (datetime.timedelta, _timedelta),
    (BaseException, _error),
    (ModuleType, _module),
    (type, _class),
    (FunctionType, _function),
    (BuiltinFunctionType, _builtin),
    (MethodType, _method),
]
_SHOWN = {id(kind): show for kind, show in _KNOWN}
_NAMED = {id(kind) for kind in (type, BaseException, ModuleType, datetime.datetime, datetime.date)}
_SIZED = {id(kind) for kind in (str, bytes, bytearray, list, tuple, deque, set, frozenset, dict)}
