"""Arguments of a call as the JSON that a server takes, checked against its schema.

Invariant: what goes to the server is JSON; what does not fit its schema is refused with the argument, its value and what would fit. What
cannot be checked here at a bounded cost is left to the server. It does not: bind arguments to parameters (`binding` does).
"""

import base64
import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from math import isfinite
from pathlib import PurePath
from typing import Any
from uuid import UUID

from codeact.tools.checking import at, told
from codeact.tools.incoming import Fields
from codeact.tools.mcp_client import schemas
from codeact.tools.outgoing import module_class, short

_MOST_CHECKED = 50_000
_MOST_DEPTH = 90


@dataclass(slots=True)
class _Budget:
    """What of a check is left: steps that may multiply, and levels of them."""

    steps: int = 5000
    levels: int = 100


_BUDGET: ContextVar[_Budget] = ContextVar("budget of a check")

_NAMES = {
    "string": "a valid string",
    "integer": "a valid integer",
    "number": "a valid number",
    "boolean": "a valid boolean",
    "array": "a valid list",
    "object": "a valid dictionary",
    "null": "None",
}
_BOUNDS = {
    "minimum": "greater than or equal to {}",
    "maximum": "less than or equal to {}",
    "exclusiveMinimum": "greater than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "of at least {} characters",
    "maxLength": "of at most {} characters",
    "minItems": "of at least {} items",
    "maxItems": "of at most {} items",
    "minProperties": "of at least {} keys",
    "maxProperties": "of at most {} keys",
}


def as_json(root: Any, node: Any, value: Any, title: str) -> Any:
    """A value of a session as JSON.

    Args:
        root: the tool's schema.
        node: the part of it that the value is for.
        value: plain, as `values.decode` gives it.
        title: what it is, to begin a message with.

    Raises:
        TypeError, ValueError: JSON has nothing for it.
    """
    return _Json(root, title).of(value, node, (), 0)


class _Json:
    def __init__(self, root: Any, title: str) -> None:
        self._root = root
        self._title = title

    def of(self, value: Any, node: Any, place: tuple[str | int, ...], depth: int) -> Any:
        if value is None or isinstance(value, bool | str | int):
            return value
        if depth > _MOST_DEPTH:
            raise ValueError(f"{self._title} is too deep: it has more than {_MOST_DEPTH} levels")
        if isinstance(value, float):
            return self._number(value, node, place)
        if isinstance(value, bytes):
            return self._text_of(value, node, place)
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, UUID | PurePath):
            return str(value)
        if isinstance(value, Decimal):
            return self._number(float(value), node, place) if _takes_numbers(self._root, node) else str(value)
        return self._container(_rows(value), node, place, depth)

    def _number(self, value: float, node: Any, place: tuple[str | int, ...]) -> int | float:
        if not isfinite(value):
            raise ValueError(f"{self._title}{at(place)}: should be a finite number, got {value!r}, which JSON does not have")
        whole = schemas.type_of(schemas.resolved(self._root, node)) == "integer" and value.is_integer()
        return int(value) if whole else value

    def _text_of(self, value: bytes, node: Any, place: tuple[str | int, ...]) -> str:
        if schemas.takes_bytes(self._root, node):
            return base64.b64encode(value).decode()
        raise TypeError(
            f"{self._title}{at(place)}: should be JSON, got {told(value)}; decode it to text, or write base64.b64encode(data).decode()"
        )

    def _container(self, value: Any, node: Any, place: tuple[str | int, ...], depth: int) -> Any:
        inside = schemas.resolved(self._root, node)
        if isinstance(value, set | frozenset):
            value = sorted(value, key=lambda each: (type(each).__name__, each if isinstance(each, str | int) else repr(each)))
        if isinstance(value, list | tuple):
            return [self.of(each, inside.get("items"), (*place, number), depth + 1) for number, each in enumerate(value)]
        if not isinstance(value, dict):
            raise TypeError(f"{self._title}{at(place)}: should be JSON, got {told(value)}")
        known, others = schemas.properties(inside), inside.get("additionalProperties")
        if isinstance(value, Fields):  # an object of a class, whose fields are None where they were not given
            value = {key: each for key, each in value.items() if each is not None or self._wants_none(inside, key)}
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"{self._title}{at(place)}: should have keys that are text, got the key {told(key)}")
        return {key: self.of(each, known.get(key, others), (*place, key), depth + 1) for key, each in value.items()}

    def _wants_none(self, inside: schemas.Node, key: str) -> bool:
        return key in schemas.required(inside) or schemas.takes_none(self._root, schemas.properties(inside).get(key))


def _rows(value: Any) -> Any:
    """A table as a list of rows, a column as a list."""
    if isinstance(value, module_class("pandas", "DataFrame")):
        return json.loads(value.to_json(orient="records", date_format="iso"))
    if isinstance(value, module_class("pandas", "Series")):
        return json.loads(value.to_json(orient="values", date_format="iso"))
    return value


def _takes_numbers(root: Any, node: Any) -> bool:
    one = schemas.resolved(root, node)
    return any(schemas.type_of(schemas.resolved(root, each)) in ("number", "integer") for each in [one, *schemas.options(one)])


@cache
def _validator() -> Any:
    """Checks by JSON schema, with a bound on the steps that multiply."""
    from jsonschema import Draft202012Validator, validators

    def counted(check: Any) -> Any:
        def step(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
            budget = _BUDGET.get()
            budget.steps -= 1
            if budget.steps > 0 and budget.levels > 0:
                budget.levels -= 1
                try:
                    yield from check(validator, value, instance, schema) or ()
                finally:
                    budget.levels += 1
            else:
                budget.steps = 0

        return step

    multiplying = ("$ref", "anyOf", "oneOf", "allOf")
    return validators.extend(Draft202012Validator, {key: counted(Draft202012Validator.VALIDATORS[key]) for key in multiplying})


class Faults:
    """What in a value does not fit a schema.

    Args:
        schema: of a server.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schemas.checkable(schema)

    def first(self, value: Any) -> Any:
        """The fault (a `jsonschema` error) that says most, None if the value fits, or checking it would take too long."""
        from jsonschema.exceptions import best_match

        if _size(value) > _MOST_CHECKED:
            return None
        budget = _Budget()
        kept = _BUDGET.set(budget)
        try:
            fault = best_match(_validator()(self._schema).iter_errors(value))
        except (RecursionError, OverflowError):
            return None
        finally:
            _BUDGET.reset(kept)
        return fault if budget.steps > 0 else None


def _size(value: Any) -> int:
    count, left = 0, [value]
    while left and count <= _MOST_CHECKED:
        one = left.pop()
        count += 1
        left += one if isinstance(one, list) else one.values() if isinstance(one, dict) else ()
    return count


def worded(fault: Any, title: str, place: tuple[str | int, ...]) -> Exception:
    """A fault as what to raise.

    Args:
        fault: of `Faults.first`.
        title: what was checked, to begin the message with.
        place: where in it the fault is.
    """
    words = _words(fault)
    kind = TypeError if fault.validator in ("type", "anyOf", "oneOf") else ValueError
    if fault.validator == "required":
        missing = next((name for name in fault.validator_value if name not in fault.instance), "")
        return ValueError(f"{title}{at((*place, missing))}: is missing")
    return kind(f"{title}{at(place)}: {words}, got {told(fault.instance)}")


def _words(fault: Any) -> str:
    wanted = fault.validator_value
    if fault.validator == "type":
        return f"should be {' or '.join(_NAMES[each] for each in ([wanted] if isinstance(wanted, str) else wanted))}"
    if fault.validator == "enum":
        listed = [short(each) for each in wanted[:20]]
        return f"should be {', '.join(listed[:-1])}{' or ' if listed[1:] else ''}{listed[-1]}{' ...' if len(wanted) > 20 else ''}"
    if fault.validator == "const":
        return f"should be {short(wanted)}"
    if fault.validator in _BOUNDS:
        return f"should be {_BOUNDS[fault.validator].format(wanted)}"
    if fault.validator == "additionalProperties" and wanted is False and isinstance(fault.instance, dict):
        extra = [key for key in fault.instance if key not in fault.schema.get("properties", {})]
        return f"should not have the key {', '.join(map(short, extra[:5]))}"
    return "should be of one of the forms that the tool takes"
