"""Arguments of a call bound to parameters, with CPython's own words where they do not fit.

A name that stands for a positional-only parameter, or for ``*args`` as a list, is taken too (unless there is a ``**kwargs`` that it would
belong to): a call written as JSON has only names.

Invariant: what is bound is what was given; defaults are the function's own. It does not: look at values.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import Parameter
from typing import Any, Protocol

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class Bindable(Protocol):
    """A parameter, as `inspect.Parameter` has its name and kind."""

    @property
    def name(self) -> str:
        """As a call names it."""
        ...

    @property
    def kind(self) -> Any:
        """How it can be given."""
        ...

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        ...


@dataclass(slots=True)
class Bound:
    """What was given: by the parameter's name, the members of ``*args``, those of ``**kwargs``."""

    named: dict[str, Any] = field(default_factory=dict)
    members: list[Any] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)


def bind(name: str, arguments: Sequence[Bindable], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Bound:
    """Bind a call.

    Args:
        name: of the tool.
        arguments: its parameters.
        args, kwargs: as given.

    Raises:
        TypeError: they do not fit, in CPython's words.
    """
    positional = [one for one in arguments if one.kind in _POSITIONAL]
    collects = any(one.kind is Parameter.VAR_POSITIONAL for one in arguments)
    bound = Bound(named={one.name: value for one, value in zip(positional, args, strict=False)}, members=list(args[len(positional) :]))
    for key, value in kwargs.items():
        _bind_name(name, arguments, bound, key, value)
    if len(args) > len(positional) and not collects:
        raise TypeError(_too_many(name, arguments, positional, len(args), bound))
    for kind, word in ((_POSITIONAL, "positional"), ((Parameter.KEYWORD_ONLY,), "keyword-only")):
        missing = [one.name for one in arguments if one.kind in kind and one.required and one.name not in bound.named]
        if missing:
            plural = "s" if len(missing) > 1 else ""
            raise TypeError(f"{name}() missing {len(missing)} required {word} argument{plural}: {_listed(missing)}")
    return bound


def bind_by_name(names: Mapping[str, Any], required: set[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Bind a call of a function whose parameters may all be given by name; None: it does not fit, and `bind` says why.

    Args:
        names: of the parameters, in order.
        required: those that have no default.
        args, kwargs: as given.
    """
    named = dict(zip(names, args, strict=False))
    if len(args) > len(names) or not kwargs.keys() <= names.keys() or kwargs.keys() & named.keys():
        return None
    named.update(kwargs)
    return named if required <= named.keys() else None


def _bind_name(name: str, arguments: Sequence[Bindable], bound: Bound, key: str, value: Any) -> None:
    open_ended = any(one.kind is Parameter.VAR_KEYWORD for one in arguments)
    found = next((one for one in arguments if one.name == key and one.kind is not Parameter.VAR_KEYWORD), None)
    hidden = found is not None and found.kind in (Parameter.POSITIONAL_ONLY, Parameter.VAR_POSITIONAL)
    if open_ended and (found is None or hidden):
        bound.others[key] = value
    elif found is None:
        names = [one.name for one in arguments if one.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]
        near = difflib.get_close_matches(key, names, n=1)
        raise TypeError(f"{name}() got an unexpected keyword argument {key!r}{f'. Did you mean {near[0]!r}?' if near else ''}")
    elif found.kind is Parameter.VAR_POSITIONAL:
        if bound.members or not isinstance(value, list | tuple):
            raise TypeError(f"{name}() got an unexpected keyword argument {key!r}")
        bound.members = list(value)
    elif key in bound.named:
        raise TypeError(f"{name}() got multiple values for argument {key!r}")
    else:
        bound.named[key] = value


def _too_many(name: str, arguments: Sequence[Bindable], positional: list[Bindable], count: int, bound: Bound) -> str:
    most = len(positional)
    least = sum(one.required for one in positional)
    takes = f"from {least} to {most}" if least != most else f"{most}"
    plural = "" if takes == "1" else "s"
    keywords = sum(one.kind is Parameter.KEYWORD_ONLY and one.name in bound.named for one in arguments)
    given = f"{count}"
    if keywords:
        given += f" positional argument{'s' if count != 1 else ''} (and {keywords} keyword-only argument{'s' if keywords != 1 else ''})"
    were = "was" if count == 1 and not keywords else "were"
    return f"{name}() takes {takes} positional argument{plural} but {given} {were} given"


def _listed(names: list[str]) -> str:
    quoted = [repr(name) for name in names]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
