"""The oracle: the calls that the data has as right, with the first of the values that will do.

Invariant: it looks at nothing that comes back. It does not: leave out a parameter that it may give, unless only that will do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, Said
from codeact.bench.suites.gorilla.schema import parameters, tool_name
from codeact.bench.suites.gorilla.world import parsed
from codeact.bench.task import Task
from codeact.formats import calls as written
from codeact.protocols import Call

DONE = "done"


def code(task: Task) -> CodePolicy:
    """The policy in code: all calls of a message in one action."""
    *before, last = _rounds(task)
    for made in before:
        if made:
            yield _code(made)
        yield Said(DONE)
    if last:
        yield _code(last)
    return DONE


def calls(task: Task) -> CallPolicy:
    """The policy in calls: those of a message one after another, which the order of the list is."""
    *before, last = _rounds(task)
    for made in before:
        if made:
            yield made
        yield Said(DONE)
    if last:
        yield last
    return DONE


def _code(made: Sequence[Call]) -> str:
    return "\n".join(f"print({written.expression(call)})" for call in made)


def _rounds(task: Task) -> list[list[Call]]:
    """The calls that each message asks for."""
    right: Any = task.data["right"]
    described: Any = task.data.get("functions")
    if described is None:
        return [[Call(name, tuple(args), kwargs) for name, args, kwargs in map(parsed, one)] for one in right]
    known = {one["name"]: {each.name for each in parameters(one)} for one in described}
    return [[_call(one, known) for one in right]]


def _call(right: Mapping[str, Any], known: Mapping[str, set[str]]) -> Call:
    name, wanted = next(iter(right.items()))
    return Call(tool_name(name), (), _chosen({key: options for key, options in wanted.items() if key in known[name]}))


def _chosen(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The first value that will do of each parameter or key; one that may be left out only is."""
    found: dict[str, Any] = {}
    for key, options in wanted.items():
        given = [option for option in options if option != ""] if isinstance(options, list) else [options]
        if given:
            found[key] = _value(given[0])
    return found


def _value(option: Any) -> Any:
    if isinstance(option, Mapping):
        return _chosen(option)
    return [_value(one) for one in option] if isinstance(option, list) else option
