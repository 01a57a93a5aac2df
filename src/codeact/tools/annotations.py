"""Annotations and defaults as Python text, and the classes that an annotation names.

Invariant: the text is Python that can be parsed, and is the same in every run: no addresses, and no `repr` of a foreign object, which
may hold a secret. It does not: resolve annotations written as text (`faces` does).
"""

import dataclasses
import enum
import inspect
import math
import sys
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, ForwardRef, Literal, TypeVar, Union
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_BARE = {"builtins", "typing", "typing_extensions", "collections.abc"}
_IMPORTED = (date, time, timedelta, Decimal, UUID)
UNSHOWN = "..."


def is_typed_dict(kind: type) -> bool:
    """Whether it is a TypedDict, of `typing` or of `typing_extensions`."""
    return issubclass(kind, dict) and hasattr(kind, "__required_keys__")


def is_defined(annotation: Any) -> bool:
    """Whether it is a class that a session is given a definition of."""
    if not isinstance(annotation, type) or isinstance(annotation, types.GenericAlias):
        return False
    return (
        dataclasses.is_dataclass(annotation)
        or (issubclass(annotation, Enum) and annotation not in vars(enum).values())
        or (issubclass(annotation, BaseModel) and annotation is not BaseModel)
        or is_typed_dict(annotation)
        or (issubclass(annotation, tuple) and hasattr(annotation, "_fields"))
    )


def is_union(annotation: Any) -> bool:
    """Whether it is `A | B`, `Union[A, B]` or `Optional[A]`."""
    return typing.get_origin(annotation) in (Union, types.UnionType)


def parts_of(annotation: Any) -> Iterator[Any]:
    """An annotation and all that it is made of; literals and metadata are not."""
    yield annotation
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return
    arguments = typing.get_args(annotation)
    for argument in arguments[:1] if origin is Annotated else arguments:
        for one in argument if isinstance(argument, list) else [argument]:
            yield from parts_of(one)


def text_of(annotation: Any) -> str:
    """An annotation as Python text, for example ``list[Flight] | None``; foreign classes with the package that they are from."""
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is Ellipsis:
        return "..."
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    if isinstance(annotation, list):
        return f"[{', '.join(map(text_of, annotation))}]"
    if typing.get_origin(annotation) is not None:
        return _generic(annotation)
    if isinstance(annotation, type):
        return _class(annotation)
    if isinstance(annotation, TypeVar):
        return annotation.__name__
    if isinstance(annotation, dataclasses.InitVar):
        return text_of(annotation.type)
    supertype = getattr(annotation, "__supertype__", None)  # of a NewType
    return text_of(supertype) if supertype is not None else getattr(annotation, "__name__", "Any")


def _class(kind: type) -> str:
    module = kind.__module__
    if is_defined(kind) or module in _BARE:
        return kind.__name__ if is_defined(kind) else kind.__qualname__
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names and top not in {"collections", "__main__"}:
        return f"{top}.{kind.__qualname__}"
    if top == "collections" or "." in kind.__qualname__ or top == "__main__":
        return kind.__name__
    return f"{top}.{kind.__name__}"


def _generic(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if is_union(annotation):
        return " | ".join(map(text_of, arguments))
    if origin is Literal:
        return f"Literal[{', '.join(map(value_text, arguments))}]"
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    name = getattr(origin, "__name__", None) or getattr(origin, "_name", None) or "Any"
    if isinstance(origin, type):
        name = _class(origin)
    inside = ", ".join(map(text_of, arguments)) or "()"
    return f"{name}[{inside}]"


def _annotated(annotation: Any, metadata: tuple[Any, ...]) -> str:
    """Bounds and descriptions as pydantic's `Field` takes them; what else may be in the metadata is the host's matter."""
    notes: list[str] = []
    fields: dict[str, Any] = {}
    for item in metadata:
        if isinstance(item, str):
            notes.append(repr(item))
            continue
        for bound in item.metadata if isinstance(item, FieldInfo) else [item]:
            fields |= _bounds(bound)
        if isinstance(item, FieldInfo) and item.description:
            fields["description"] = item.description
    if fields:
        notes.append(f"Field({', '.join(f'{name}={value!r}' for name, value in fields.items())})")
    text = text_of(annotation)
    return f"Annotated[{text}, {', '.join(notes)}]" if notes else text


_BOUNDS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern")


def _bounds(item: Any) -> dict[str, Any]:
    found = {name: getattr(item, name, None) for name in _BOUNDS}
    return {name: value for name, value in found.items() if isinstance(value, str | int | float)}


def value_text(value: Any) -> str:
    """A default as Python text; `UNSHOWN` for what has no text of its own, or one that is not fixed."""
    if isinstance(value, Enum):
        return _member_text(value)
    if value is None or type(value) in (bool, int, str, bytes):
        return repr(value)
    if type(value) is float:
        return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
    if isinstance(value, PurePath):
        return f"pathlib.Path({str(value)!r})"
    if type(value) in _IMPORTED or (type(value) is datetime and value.tzinfo is None):
        text = repr(value)
        module = type(value).__module__.partition(".")[0]
        return text if text.startswith(f"{module}.") else f"{module}.{text}"
    if type(value) in (list, tuple, set, frozenset, dict):
        return _container_text(value)
    return UNSHOWN


def _member_text(value: Enum) -> str:
    kind, name = type(value).__name__, value.name or ""
    return " | ".join(f"{kind}.{one}" for one in name.split("|")) if name else UNSHOWN


def _container_text(value: Any) -> str:
    if type(value) is dict:
        texts = [f"{value_text(key)}: {value_text(item)}" for key, item in value.items()]
        return UNSHOWN if any(UNSHOWN in (value_text(k), value_text(v)) for k, v in value.items()) else f"{{{', '.join(texts)}}}"
    members = value if isinstance(value, list | tuple) else sorted(value, key=repr)
    texts = [value_text(item) for item in members]
    if UNSHOWN in texts:
        return UNSHOWN
    inside = ", ".join(texts)
    if type(value) is list:
        return f"[{inside}]"
    if type(value) is tuple:
        return f"({inside},)" if len(texts) == 1 else f"({inside})"
    if type(value) is set:
        return f"{{{inside}}}" if texts else "set()"
    return f"frozenset({{{inside}}})" if texts else "frozenset()"


def doc_of(thing: Any) -> str:
    """A docstring of its own, cleaned; empty without one. What `dataclass` and `NamedTuple` write themselves is none."""
    doc = thing.__dict__.get("__doc__") if isinstance(thing, type) else getattr(thing, "__doc__", None)
    if not isinstance(doc, str) or (isinstance(thing, type) and doc.startswith(f"{thing.__name__}(")):
        return ""
    return inspect.cleandoc(doc)


def hints_of(thing: Any, local: dict[str, Any] | None = None) -> dict[str, Any]:
    """Annotations of a function or class with those written as text resolved; metadata is kept.

    Raises:
        NameError: a name in one of them is not there; so too AttributeError, SyntaxError and TypeError for one that is no annotation.
    """
    return typing.get_type_hints(thing, localns=local, include_extras=True)


def classes_in(annotations: list[Any], resolve: Callable[[type], dict[str, Any]]) -> list[type]:
    """The classes to define, nested ones first; each once.

    Args:
        annotations: of a signature.
        resolve: gives a class's annotations.
    """
    found: dict[type, None] = {}
    under_way: set[type] = set()

    def visit(annotation: Any) -> None:
        for part in parts_of(annotation):
            if isinstance(part, dataclasses.InitVar):
                visit(part.type)
                continue
            kind = typing.get_origin(part) or part
            if not is_defined(kind) or kind in under_way:
                continue
            under_way.add(kind)
            if not issubclass(kind, Enum):
                for inner in resolve(kind).values():
                    visit(inner)
            found[kind] = None

    for annotation in annotations:
        visit(annotation)
    return list(found)
