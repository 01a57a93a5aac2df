"""What a tool takes, by name: an endpoint's calls have named arguments only, Python's have positions as well.

Invariant: `named` of what `call` made is the same object again. It does not: check values, or fill in what was left out, except a default
that a later position needs.
"""

import ast
from typing import Any

from codeact.errors import FormatError
from codeact.events import ToolSpec
from codeact.protocols import Call


class Parameters:
    """The parameters of a tool.

    Args:
        spec: of the tool; without a JSON schema its signature says what there is.
    """

    def __init__(self, spec: ToolSpec) -> None:
        found = _signature(spec.signature)
        self._only_positional = [one.arg for one in found.posonlyargs]
        self._positional = [*self._only_positional, *(one.arg for one in found.args)]
        self._rest = found.vararg.arg if found.vararg is not None else None
        self.schema: dict[str, Any] = {"type": "object", "properties": {}, **(spec.parameters or _schema(found))}

    def call(self, tool: str, given: dict[str, Any]) -> Call:
        """The call that named arguments stand for: by position where the tool takes no names."""
        rest = given.get(self._rest) if self._rest is not None else None
        wanted = self._positional if isinstance(rest, list) and rest else self._only_positional
        args: list[Any] = []
        for name in wanted:
            default = self.schema["properties"].get(name, {}).get("default", _MISSING)
            value = given.get(name, default if self._needed_behind(name, wanted, given, rest) else _MISSING)
            if value is _MISSING:
                break
            args.append(value)
        taken = set(wanted[: len(args)])
        if isinstance(rest, list) and len(args) == len(wanted):
            args += rest
            taken.add(str(self._rest))
        return Call(tool, tuple(args), {name: value for name, value in given.items() if name not in taken})

    def named(self, call: Call) -> dict[str, Any]:
        """The arguments of a call, each by its name.

        Raises:
            FormatError: there are more positions than names for them, or one is given twice.
        """
        named = dict(zip(self._positional, call.args, strict=False))
        rest = call.args[len(named) :]
        if rest and self._rest is not None:
            named[self._rest] = list(rest)
        elif rest:
            raise FormatError(f"{call.tool} takes {len(named)} arguments by position, and was given {len(call.args)}")
        twice = named.keys() & call.kwargs.keys()
        if twice:
            raise FormatError(f"the argument {min(twice)!r} is there twice")
        return named | call.kwargs

    def _needed_behind(self, name: str, wanted: list[str], given: dict[str, Any], rest: Any) -> bool:
        """Whether something that goes by position comes behind a parameter."""
        later = wanted[wanted.index(name) + 1 :]
        return bool(rest) or any(one in given for one in later)


_MISSING = object()


def _signature(text: str) -> ast.arguments:
    """The arguments of a signature; nothing for one that is no Python."""
    head = text.strip().removeprefix("async ").removeprefix("def ").removesuffix(":")
    try:
        function = ast.parse(f"def {head}: ...").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        function = None
    return function.args if isinstance(function, ast.FunctionDef) else _ANYTHING


_ANYTHING = ast.arguments([], [], None, [], [], ast.arg("arguments"), [])
"""Of a tool whose signature cannot be read: any names."""


def _schema(found: ast.arguments) -> dict[str, Any]:
    """What a signature says without types."""
    positional = [*found.posonlyargs, *found.args]
    required = [one.arg for one in positional[: len(positional) - len(found.defaults)]]
    required += [one.arg for one, default in zip(found.kwonlyargs, found.kw_defaults, strict=True) if default is None]
    properties: dict[str, Any] = {one.arg: {} for one in [*positional, *found.kwonlyargs]}
    if found.vararg is not None:
        properties[found.vararg.arg] = {"type": "array"}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": found.kwarg is not None}
