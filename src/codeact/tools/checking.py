"""One argument's value checked against its annotation and converted, and what is said of one that does not fit.

What is taken: what pydantic takes, as long as nothing is lost or guessed. 3 and 3.0 are an int, an int is a float, a list is a tuple or
set, ISO text is a date, text is a path, bytes (as UTF-8), a decimal or UUID, a member of an enumeration comes by value or by name, a
mapping is a dataclass, model, TypedDict or named tuple, rows or columns are a DataFrame. "3" is no int, True is no int, 1 is no bool,
bytes are no text, a number is no date, 3.5 is no int, and a field that a dataclass does not have is refused and not dropped. A pydantic
model, and an annotation with a validator of its own, keep the rules that they were written with.

Invariant: what comes out is valid for the annotation; what goes in is plain (`incoming`). It does not: bind arguments to parameters.
"""

import dataclasses
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cached_property, lru_cache
from math import isnan
from types import UnionType
from typing import Annotated, Any, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, PydanticUserError, TypeAdapter, ValidationError, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails

from codeact.tools.annotations import is_union, parts_of, text_of
from codeact.tools.definitions import members_of
from codeact.tools.incoming import MOST_HASHED, Fields
from codeact.tools.refusals import short

Place = tuple[str | int, ...]
_ARBITRARY = ConfigDict(arbitrary_types_allowed=True)
_PLAIN = (str, int, float, bool, bytes, type(None), Any, list, dict, Union, UnionType)
"""Of which an annotation may be made, for what it comes to to be made once for all tools."""
_MOST_PLACES = 3
_WANTED = {int: "a valid integer", float: "a valid number", bool: "a valid boolean", str: "a valid string"}
_TYPE_FAULTS = ("int_parsing", "float_parsing", "bool_parsing", "is_instance_of")
_ASIDES = re.compile(r", unable to parse string as (an integer|a number)|, got a number with a fractional part| for <class '[^']*'>")
_TABLE = {
    "type": "array",
    "items": {"type": "object"},
    "description": "a table, as a list of rows",
}
_ARRAY = {"type": "array", "items": {}}


class _Schemas(GenerateJsonSchema):
    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 -- an attribute of the class that it extends

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # a field's title would only be its name again


class _Adapter:
    """What pydantic makes of an annotation, which takes it a millisecond."""

    def __init__(self, annotation: Any) -> None:
        wrapped = tuple[_adapted(annotation)]  # in a tuple, since a dataclass by itself takes no config from outside
        self.adapter: TypeAdapter[Any] = TypeAdapter(wrapped, config=_ARBITRARY)

    @cached_property
    def schema(self) -> dict[str, Any]:
        return self.adapter.json_schema(by_alias=False, schema_generator=_Schemas)


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    """An annotation by its text: ``int | str`` and ``str | int`` are equal, but are not checked in the same order."""

    text: str
    annotation: Any = dataclasses.field(compare=False)


@lru_cache(maxsize=1024)
def _made_once(written: _Written) -> _Adapter:
    return _Adapter(written.annotation)


class Check:
    """A check of one parameter.

    Args:
        annotation: resolved.
        classes: of the tool, by name, for objects that say of which class they are.

    Raises:
        PydanticUserError: pydantic cannot check the annotation.
    """

    def __init__(self, annotation: Any, classes: Mapping[str, type]) -> None:
        self.annotation = annotation
        self._classes = classes
        self._exact = annotation if annotation in (int, str, bool, bytes) else None  # what pydantic would give back as it is
        parts = list(parts_of(annotation))
        plain = all((typing.get_origin(part) or part) in _PLAIN for part in parts)
        self._made = _made_once(_Written(repr(annotation), annotation)) if plain else _Adapter(annotation)
        self._own_rules = any(hasattr(note, "__get_pydantic_core_schema__") for part in parts for note in getattr(part, "__metadata__", ()))
        self._hashes = any((typing.get_origin(part) or part) in (set, frozenset, dict) for part in parts)

    def schema(self) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
        """JSON schema of a value, and the definitions that it refers to.

        Raises:
            PydanticInvalidForJsonSchema: no JSON fits.
        """
        whole = deepcopy(self._made.schema)
        return whole["prefixItems"][0], whole.get("$defs", {})

    def __call__(self, raw: Any, title: str) -> Any:
        """The value for the function.

        Args:
            raw: as it came.
            title: what it is, to begin a message with: ``f() argument 'x'``.

        Raises:
            TypeError, ValueError: it does not fit.
        """
        if type(raw) is self._exact:
            return raw
        if self._hashes and isinstance(raw, list | tuple) and len(raw) > MOST_HASHED:
            raise ValueError(f"{title}: has {len(raw)} members; at most {MOST_HASHED} are taken")
        value = revived(raw, self._classes)
        try:
            (made,) = self._made.adapter.validate_python((value,), by_alias=True, by_name=True)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False)
            raise _worded(title, self.annotation, value, faults) from None
        except RecursionError:
            raise ValueError(f"{title}: is too deep") from None
        for place, words, inner in () if self._own_rules else losses(value, made, ()):
            raise TypeError(f"{_headed(title, self.annotation)}{at(place)}: {words}, got {told(inner)}")
        return made


def _adapted(annotation: Any) -> Any:
    """The annotation with our own ways in: enumerations by name, tables and arrays from plain values."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return Annotated[(_adapted(arguments[0]), *arguments[1:])]
    if is_union(annotation):
        return Union[tuple(_adapted(one) for one in arguments)]  # noqa: UP007 -- of computed members
    if origin is list:
        return list.__class_getitem__(_adapted(arguments[0]))
    kind = origin or annotation
    if not isinstance(kind, type):
        return annotation
    if issubclass(kind, Enum):
        return Annotated[annotation, BeforeValidator(_member(kind))]
    if kind in (_pandas("DataFrame"), _pandas("Series")):
        return Annotated[kind, BeforeValidator(_table(kind)), WithJsonSchema(_TABLE if kind.__name__ == "DataFrame" else _ARRAY)]
    numpy: Any = sys.modules.get("numpy")
    if kind is getattr(numpy, "ndarray", None):  # another thread may be importing it right now
        return Annotated[kind, BeforeValidator(_array(numpy)), WithJsonSchema(_ARRAY)]
    return annotation


def _pandas(name: str) -> Any:
    return getattr(sys.modules.get("pandas"), name, None)


def _member(kind: type[Enum]) -> Callable[[Any], Any]:
    def member(value: Any) -> Any:
        if type(value) is not str or any(one.value == value for one in kind):
            return value
        return kind.__members__.get(value, value)

    return member


def _table(kind: Any) -> Callable[[Any], Any]:
    frame = kind.__name__ == "DataFrame"

    def table(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        columns = isinstance(value, dict) and all(isinstance(column, list) for column in value.values())
        if (frame and (rows or columns)) or (not frame and isinstance(value, list)):
            return kind(value)
        raise ValueError(
            "should be a table: a DataFrame, a list of rows, or a dict of columns" if frame else "should be a Series or a list"
        )

    return table


def _array(numpy: Any) -> Callable[[Any], Any]:
    def array(value: Any) -> Any:
        try:
            made = numpy.asarray(value) if isinstance(value, list | tuple | numpy.ndarray) else None
        except ValueError:
            made = None
        if made is None or made.dtype == object:
            raise ValueError("should be an array: a list of numbers, or of lists of equal length")
        return made

    return array


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    wrapped: Any = tuple.__class_getitem__(kind)
    return TypeAdapter(wrapped, config=_ARBITRARY)


def revived(value: Any, classes: Mapping[str, type]) -> Any:
    """A plain value with objects that say they are of a class of the tool made into instances, where they fit it.

    What does not fit stays a mapping, so that the whole check can say what is wrong.
    """
    if type(value) is list:
        return [revived(item, classes) for item in value]
    if type(value) is tuple:
        return tuple(revived(item, classes) for item in value)
    if type(value) is dict:
        return {key: revived(item, classes) for key, item in value.items()}
    if not isinstance(value, Fields):
        return value
    fields = {key: revived(item, classes) for key, item in value.items()}
    kind = classes.get(value.kind)
    if kind is None or issubclass(kind, Enum):
        return tuple(fields.values()) if value.ordered else fields
    own = {member.name: member for member in members_of(kind)}
    fields = {
        key: item
        for key, item in fields.items()
        if key not in own or (own[key].given and not (own[key].hidden and item is None))  # the session's stand-in for a default
    }
    try:
        (made,) = _adapter(kind).validate_python((fields,), by_alias=True, by_name=True)
    except (ValidationError, PydanticUserError):
        return fields
    return fields if any(losses(fields, made, ())) else made


def losses(raw: Any, made: Any, place: Place) -> Iterator[tuple[Place, str, Any]]:
    """Where a conversion lost or guessed something: the place, what it should be, and what it is."""
    kind = type(made)
    if raw is made:
        return
    if kind in _WANTED:
        if not _kept(raw, made):
            yield place, f"should be {_WANTED[kind]}", raw
    elif isinstance(made, date | time):
        if isinstance(raw, int | float):
            yield place, f"should be a {kind.__name__}, as ISO text", raw
    elif isinstance(raw, Mapping):
        yield from _lost_fields(raw, made, place)
    elif isinstance(raw, list | tuple | set | frozenset):
        yield from _lost_members(raw, made, place)


def _lost_members(raw: Any, made: Any, place: Place) -> Iterator[tuple[Place, str, Any]]:
    if isinstance(made, list | tuple):
        for number, (before, after) in enumerate(zip(raw, made, strict=False)):
            yield from losses(before, after, (*place, number))
        return
    kinds = {type(member) for member in made} if isinstance(made, set | frozenset) else set()
    if kinds <= _WANTED.keys():
        for member in raw if kinds else ():
            if not (type(member) in kinds or (kinds & {int, float} and type(member) in (int, float, Decimal))):
                yield place, f"should hold {' or '.join(sorted(_WANTED[one] for one in kinds))}", member


def _kept(raw: Any, made: Any) -> bool:
    kind = type(made)
    if kind in (bool, str):
        return isinstance(raw, kind)
    return isinstance(raw, int | float | Decimal) and not isinstance(raw, bool) and (raw == made or isnan(raw))


def _lost_fields(raw: Mapping[Any, Any], made: Any, place: Place) -> Iterator[tuple[Place, str, Any]]:
    if isinstance(made, BaseModel):
        model = type(made)
        if "extra" not in model.model_config:
            names = {*model.model_fields, *(str(field.alias) for field in model.model_fields.values() if field.alias)}
            yield from _unknown(raw, names, model, place) if not _has_other_names(model) else ()
    elif dataclasses.is_dataclass(made) and not isinstance(made, type):
        kind = type(made)
        names = {member.name for member in members_of(kind) if member.given}
        yield from _unknown(raw, names, kind, place)
        for name in names & raw.keys():
            yield from losses(raw[name], getattr(made, name, raw[name]), (*place, name))
    elif isinstance(made, tuple):
        for name, after in zip(getattr(made, "_fields", ()), made, strict=False):
            yield from losses(raw.get(name, after), after, (*place, name))
    elif isinstance(made, dict):
        yield from _lost_items(raw, made, place)


def _has_other_names(model: type[BaseModel]) -> bool:
    return any(field.validation_alias not in (None, field.alias) for field in model.model_fields.values())


def _lost_items(raw: Mapping[Any, Any], made: dict[Any, Any], place: Place) -> Iterator[tuple[Place, str, Any]]:
    if len(raw) != len(made):
        extra = [key for key in raw if key not in made]
        words = f"should not have the key {', '.join(map(short, extra))}" if extra else "should not have one key twice"
        yield place, words, raw
        return
    for (key, before), (after_key, after) in zip(raw.items(), made.items(), strict=True):
        if type(after_key) in _WANTED and not _kept(key, after_key) and str(after_key) != key:
            yield place, f"should have keys that are {_WANTED[type(after_key)]}", key
        yield from losses(before, after, (*place, after_key if isinstance(after_key, str | int) else str(after_key)))


def _unknown(raw: Mapping[Any, Any], names: set[str], kind: type, place: Place) -> Iterator[tuple[Place, str, Any]]:
    for key in raw:
        if key not in names:
            known = ", ".join(member.name for member in members_of(kind) if member.given)
            yield place, f"{kind.__name__} has no field {short(key)}, only {known}", raw


def _headed(title: str, annotation: Any) -> str:
    bare = typing.get_args(annotation)[0] if typing.get_origin(annotation) is Annotated else annotation
    return f"{title} ({text_of(bare)})"


def told(value: Any) -> str:
    """A value in short, with its type."""
    return f"{short(value)}{'' if value is None else f' ({type(value).__name__})'}"


def at(place: Place) -> str:
    """Where inside a value something is, as the rest of its title."""
    return f" at {''.join(f'[{step}]' if isinstance(step, int) else f'.{step}' for step in place)}" if place else ""


def _worded(title: str, annotation: Any, value: Any, faults: list[ErrorDetails]) -> Exception:
    """One exception for all faults: those at one place are what would fit there, joined by "or"."""
    places: dict[Place, tuple[list[str], Any]] = {}
    for fault in faults:
        place = _walked(value, fault["loc"][1:])
        words, _ = places.setdefault(place, ([], fault["input"]))
        if (said := _said(fault)) not in words:
            words.append(said)
    deepest = [
        f"{at(place)}: {'; or '.join(words)}{'' if words == ['is missing'] else f', got {told(given)}'}"
        for place, (words, given) in list(places.items())[:_MOST_PLACES]
    ]
    more = f"; and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    kind = TypeError if faults[0]["type"].endswith("_type") or faults[0]["type"] in _TYPE_FAULTS else ValueError
    return kind(f"{_headed(title, annotation)}{';'.join(deepest)}{more}")


def _said(fault: ErrorDetails) -> str:
    words = fault["msg"]
    if fault["type"] == "missing":
        return "is missing"
    for prefix in ("Value error, ", "Assertion failed, ", "Input "):
        words = words.removeprefix(prefix)
    words = _ASIDES.sub("", words).replace("a valid bytes", "bytes")
    return words[0].lower() + words[1:] if words[:6] == "String" else words


def _walked(given: Any, steps: tuple[Any, ...]) -> Place:
    """The steps of a fault's place that lead into the value; the rest are names of a union's members."""
    place: list[int | str] = []
    value: Any = given
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        inside = isinstance(value, Mapping) and step in value
        if inside or (isinstance(step, int) and isinstance(value, list | tuple) and step < len(value)):
            value = value[step]
        elif not (isinstance(value, Mapping) and last and isinstance(step, str) and step.isidentifier()):
            continue
        place.append(step)
    return tuple(place)
