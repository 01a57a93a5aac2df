"""Objects that a tool returned: instances of the classes that it named, or records and named tuples where it named none.

Invariant: no code of the class runs when one is made; two objects of one name are of one class. It does not: define the classes that
tools name (`classes` does).
"""

import base64
import dataclasses
from collections import namedtuple
from functools import lru_cache
from typing import Any


class Record:
    """An object that a tool returned and that has no class here: its fields are attributes."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and (type(self).__name__, vars(self)) == (type(other).__name__, vars(other))

    __hash__ = None  # type: ignore[assignment] # its attributes may change


class Image:
    """A picture that a tool returned; the value of an action shows it.

    Args:
        kind: MIME type.
        data: of the file.
    """

    def __init__(self, kind: str, data: bytes) -> None:
        self.kind = kind
        self.data = data

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), self.kind: base64.b64encode(self.data).decode()}

    def __repr__(self) -> str:
        return f"<{self.kind}, {len(self.data)} bytes>"


def made(name: str, fields: dict[str, Any], kind: type | None, *, ordered: bool) -> Any:
    """An object of its fields.

    Args:
        name: of its class.
        fields: by name.
        kind: the class, None where there is none.
        ordered: it is a named tuple.
    """
    if ordered:
        return _tuple_class(name, tuple(fields), kind)._make(fields.values())
    if kind is None or not dataclasses.is_dataclass(kind):
        kind = _record_class(name)
    one = object.__new__(kind)
    vars(one).update(fields)
    return one


@lru_cache(maxsize=1000)
def _record_class(name: str) -> type:
    return type(name if name.isidentifier() else Record.__name__, (Record,), {})


@lru_cache(maxsize=1000)
def _tuple_class(name: str, fields: tuple[str, ...], kind: type | None) -> Any:
    if getattr(kind, "_fields", None) == fields:
        return kind
    return namedtuple(name if name.isidentifier() else Record.__name__, fields, rename=True)
