"""What a callable shows of itself: its parameters with resolved annotations, its signature as text, the classes that it names.

Invariant: what a session can never give is never shown: values bound by `functools.partial`, and parameters with a default whose type
nothing in a session fits. Everything wrong with a callable is told here, before a run, as `InputError`. It does not: call it.
"""

import functools
import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter
from math import isfinite
from typing import Any

from pydantic import JsonValue, PydanticUserError
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticSerializationError, SchemaError, to_jsonable_python

from codeact.errors import InputError
from codeact.tools.annotations import UNSHOWN, classes_in, hints_of, text_of, value_text
from codeact.tools.checking import Check
from codeact.tools.definitions import check_names, source_of

EMPTY = Parameter.empty
_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter that a session can give.

    Args:
        name, kind, default: as `inspect.Parameter` has them.
        check: checks and converts a value; of one member for ``*args`` and ``**kwargs``.
        schema: JSON schema of a value, references below ``#/$defs``.
    """

    name: str
    kind: Any
    default: Any
    check: Check
    schema: dict[str, JsonValue]

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is EMPTY and self.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Face:
    """What is known of a callable.

    Args:
        arguments: in order.
        signature: as `events.ToolSpec.signature`.
        parameters: JSON schema of all arguments by name.
        definitions: source of `classes`.
        positional: parameters that may be given by position, in order, those too that a session cannot give.
    """

    arguments: tuple[Argument, ...]
    positional: tuple[Parameter, ...]
    signature: str
    parameters: dict[str, JsonValue]
    classes: tuple[type, ...]
    definitions: str


def face_of(function: Callable[..., Any], name: str) -> Face:
    """Read a callable.

    Args:
        function: any callable.
        name: of the tool, for the signature and for messages.

    Raises:
        InputError: it has no signature, an annotation cannot be resolved, or nothing that a session can send fits a parameter.
    """
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        raise InputError(f"the signature of {name!r} cannot be read; write a function with type hints that calls it") from None
    hints = _hints(function, name)
    bound = _bound_names(function)
    shown = [one for one in signature.parameters.values() if one.name not in bound]
    annotated = [one.replace(annotation=_annotation(one, hints, name)) for one in shown]
    result = hints.get("return", signature.return_annotation)
    result = list[_yielded(result)] if makes_items(function) else result
    try:
        classes = classes_in([*(one.annotation for one in annotated), result], hints_of)
        check_names(classes)
        definitions = source_of(classes)
    except (NameError, TypeError, ValueError, AttributeError, SyntaxError) as error:
        raise InputError(f"a class in the signature of {name!r} cannot be shown: {error}; {_MEND}") from None
    known = {kind.__name__: kind for kind in classes}
    arguments, defs = _arguments(annotated, name, known)
    text = f"{'async ' if is_awaited(function) else ''}{name}({_listed(annotated, {one.name for one in arguments})})"
    text += "" if result is EMPTY else f" -> {text_of(result)}"
    return Face(
        arguments, tuple(one for one in shown if one.kind in _POSITIONAL), text, _schema(arguments, defs), tuple(classes), definitions
    )


def plain_function(function: Any) -> Any:
    """What is behind partials, methods and callable objects: where code flags and annotations are."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif isinstance(function, types.MethodType | staticmethod | classmethod):
            function = function.__func__
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif not inspect.isroutine(function) and not isinstance(function, type) and isinstance(type(function).__call__, types.FunctionType):
            function = type(function).__call__
        else:
            return function


def is_awaited(function: Any) -> bool:
    """Whether its calls are awaited: a coroutine function or an async generator, behind whatever wraps it."""
    plain = plain_function(function)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain)


def makes_items(function: Any) -> bool:
    """Whether it is a generator of either kind."""
    plain = plain_function(function)
    return inspect.isgeneratorfunction(plain) or inspect.isasyncgenfunction(plain)


_MEND = "import what it names where the function stands (not under TYPE_CHECKING, not inside a function), or give it another annotation"


def _hints(function: Any, name: str) -> dict[str, Any]:
    plain = plain_function(function)
    code = getattr(plain, "__code__", None)
    local: dict[str, Any] = {}
    for variable, cell in zip(getattr(code, "co_freevars", ()), getattr(plain, "__closure__", None) or (), strict=False):
        try:
            local[variable] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    try:
        return hints_of(plain, {**getattr(plain, "__globals__", {}), **local} if local else None)
    except (NameError, TypeError, AttributeError, SyntaxError) as error:
        written = {key: value for key, value in getattr(plain, "__annotations__", {}).items() if isinstance(value, str)}
        raise InputError(f"the annotations of {name!r} cannot be resolved ({error}): {written!r}; {_MEND}") from None


def _bound_names(function: Any) -> set[str]:
    names: set[str] = set()
    while isinstance(function, functools.partial):
        names |= function.keywords.keys()
        function = function.func
    return names


def _annotation(parameter: Parameter, hints: dict[str, Any], name: str) -> Any:
    if isinstance(parameter.default, FieldInfo):
        raise InputError(
            f"parameter {parameter.name!r} of {name!r} has Field(...) for a default, which a function is given as it is; "
            f"write {parameter.name}: Annotated[TYPE, Field(...)] = DEFAULT"
        )
    written = EMPTY if isinstance(parameter.annotation, str) else parameter.annotation
    return hints.get(parameter.name, written)


def _yielded(result: Any) -> Any:
    arguments = typing.get_args(result)
    return arguments[0] if arguments else Any


def _arguments(parameters: list[Parameter], name: str, classes: dict[str, type]) -> tuple[tuple[Argument, ...], dict[str, JsonValue]]:
    arguments: list[Argument] = []
    defs: dict[str, JsonValue] = {}
    for one in parameters:
        annotation = Any if one.annotation is EMPTY else one.annotation
        try:
            check = Check(annotation, classes)
            schema, inner = check.schema()
        except (PydanticUserError, PydanticInvalidForJsonSchema, PydanticSerializationError, SchemaError, NameError, TypeError) as error:
            if getattr(error, "code", None) == "typed-dict-version":
                raise InputError(
                    f"parameter {one.name!r} of {name!r} is made of a TypedDict of typing, which can be checked from Python 3.12 on only; "
                    "make it with typing_extensions.TypedDict"
                ) from None
            if one.default is not EMPTY:
                continue  # nothing in a session fits it: it stays what its default is
            raise InputError(
                f"parameter {one.name!r} of {name!r} is {text_of(annotation)}, for which a session has no value "
                f"({str(error).splitlines()[0].rstrip('.')}); give it a default, bind it with functools.partial, or take plain values"
            ) from None
        defs |= inner
        arguments.append(Argument(one.name, one.kind, one.default, check, {**schema, **_default(one.default)}))
    return tuple(arguments), defs


def _default(value: Any) -> dict[str, JsonValue]:
    if value is EMPTY:
        return {}
    try:
        shown = value_text(value) != UNSHOWN and not isinstance(value, bytes) and not (isinstance(value, float) and not isfinite(value))
        return {"default": to_jsonable_python(value)} if shown else {}
    except (PydanticSerializationError, ValueError):
        return {}


def _schema(arguments: tuple[Argument, ...], defs: dict[str, JsonValue]) -> dict[str, JsonValue]:
    properties: dict[str, JsonValue] = {}
    more: JsonValue = False
    for one in arguments:
        if one.kind is Parameter.VAR_KEYWORD:
            more = one.schema or True
        elif one.kind is Parameter.VAR_POSITIONAL:
            properties[one.name] = {"type": "array", "items": one.schema}
        else:
            properties[one.name] = one.schema
    required: list[JsonValue] = [one.name for one in arguments if one.required]
    schema: dict[str, JsonValue] = {"type": "object", "properties": properties, "required": required, "additionalProperties": more}
    return {**schema, "$defs": defs} if defs else schema


def _listed(parameters: list[Parameter], given: set[str]) -> str:
    texts: list[str] = []
    seen: list[Any] = []
    for one in parameters:
        if one.name not in given:
            continue
        if one.kind is not Parameter.POSITIONAL_ONLY and seen and seen[-1] is Parameter.POSITIONAL_ONLY:
            texts.append("/")
        if one.kind is Parameter.KEYWORD_ONLY and not {Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL} & set(seen):
            texts.append("*")
        seen.append(one.kind)
        texts.append(_one(one))
    if seen and seen[-1] is Parameter.POSITIONAL_ONLY:
        texts.append("/")
    return ", ".join(texts)


def _one(parameter: Parameter) -> str:
    star = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    text = f"{star}{parameter.name}"
    if parameter.annotation is not EMPTY:
        text += f": {text_of(parameter.annotation)}"
    if parameter.default is not EMPTY:
        text += f"{' = ' if parameter.annotation is not EMPTY else '='}{value_text(parameter.default)}"
    return text
