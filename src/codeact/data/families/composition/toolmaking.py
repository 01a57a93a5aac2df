"""Tools whose names, parameters, docstrings and results are made up as the program runs.

Invariant: what a tool shows of itself is what it takes and gives. It does not: remember calls.
"""

import json
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any

from codeact.tools.function import FunctionTool


def tool(name: str, parameters: Mapping[str, Any], returns: Any, doc: str, function: Callable[..., Any]) -> FunctionTool:
    """A tool.

    Args:
        name: of the tool.
        parameters: name to annotation, in order.
        returns: annotation.
        doc: one line.
        function: takes the arguments in order.
    """

    def call(**given: Any) -> Any:
        return function(*(given[one] for one in parameters))

    kinds = [Parameter(one, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind) for one, kind in parameters.items()]
    setattr(call, "__signature__", Signature(kinds, return_annotation=returns))  # noqa: B010
    call.__annotations__ = {**parameters, "return": returns}
    call.__name__ = call.__qualname__ = name
    call.__doc__ = doc
    return FunctionTool(call, name=name, inline=True)


def written(value: Any) -> str:
    """A value as a careful hand writes it in Python: texts in double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{written(key)}: {written(one)}' for key, one in value.items())}}}"
    return repr(value)
