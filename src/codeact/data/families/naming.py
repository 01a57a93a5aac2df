"""Tools under names that chance chooses, so that they must be read and cannot be known by heart.

Invariant: a tool of another name, with parameters of other names, does the same. It does not: choose the names.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any

from codeact.tools.function import FunctionTool


def tool(function: Callable[..., Any], name: str, description: str, parameters: Mapping[str, str] | None = None) -> FunctionTool:
    """A quick function as a tool.

    Args:
        function: with type hints; none of its parameters is given by position only.
        name: that the model calls it by.
        description: what the model is told.
        parameters: new names of parameters, by their own.
    """
    return FunctionTool(renamed(function, parameters or {}), name=name, description=description, inline=True)


def quoted(value: Any) -> str:
    """A text, number, or list of them as code writes it, in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def renamed(function: Callable[..., Any], parameters: Mapping[str, str]) -> Callable[..., Any]:
    """The same function, with other names of parameters.

    Args:
        function: see `tool`.
        parameters: new names by the old ones; those that are missing stay.
    """
    old = {new: name for name, new in parameters.items()}

    def call(*args: Any, **named: Any) -> Any:
        return function(*args, **{old.get(name, name): value for name, value in named.items()})

    signature = inspect.signature(function)
    changed = [one.replace(name=parameters.get(one.name, one.name)) for one in signature.parameters.values()]
    call.__signature__ = signature.replace(parameters=changed)
    call.__annotations__ = {parameters.get(name, name): hint for name, hint in function.__annotations__.items()}
    call.__name__ = getattr(function, "__name__", "call")
    return call
