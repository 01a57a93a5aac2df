"""Whether calls are the right ones: each has a function and, for each parameter, the values that will do, in any order of the calls.

A parameter that may be left out has the empty text among its values. Texts are the same but for case, white space and the signs ,./-_*^
and quotes, as BFCL has it; an int and a float are the same if they are equal, true is not 1, a tuple is a list; in a list each member
counts in its place; of an object each key has its own values that will do.

Invariant: each right call is made once, and there is no other. It does not: know signatures.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from codeact.bench.calling import Made
from codeact.bench.suites.gorilla.schema import tool_name

Right = Mapping[str, Mapping[str, Sequence[Any]]]
"""Name of a function to its parameters, each with the values that will do."""

_IGNORED = re.compile(r"[ ,./\-_*^]")


def mismatch(made: Sequence[Made], right: Sequence[Right]) -> str:
    """What is wrong with calls, in words; empty if nothing."""
    if len(made) != len(right):
        return f"{len(made)} calls were made, not {len(right)}"
    partners: dict[int, int] = {}
    for place, call in enumerate(made):
        if not _paired(place, made, right, partners, set()):
            named = [one for one in right if tool_name(next(iter(one))) == call.tool]
            return f"{call.tool} was called with {call.arguments!r:.300}; right is {(named or list(right))!r:.300}"
    return ""


def _paired(place: int, made: Sequence[Made], right: Sequence[Right], partners: dict[int, int], tried: set[int]) -> bool:
    """Find a partner for a call, if need be by giving others another one (an augmenting path)."""
    for number, wanted in enumerate(right):
        if number in tried or not fits(made[place], wanted):
            continue
        tried.add(number)
        if number not in partners or _paired(partners[number], made, right, partners, tried):
            partners[number] = place
            return True
    return False


def fits(made: Made, right: Right) -> bool:
    """Whether a call is a right one."""
    name, wanted = next(iter(right.items()))
    return made.tool == tool_name(name) and _object(made.arguments, wanted)


def _object(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if not found.keys() <= wanted.keys():
        return False
    return all(_any(found[key], options) if key in found else may_lack(options) for key, options in wanted.items())


def may_lack(options: Any) -> bool:
    """Whether what has these values may be left out."""
    return isinstance(options, list) and "" in options


def _any(found: Any, options: Any) -> bool:
    return any(_same(found, option) for option in options) if isinstance(options, list) else _same(found, options)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return found == wanted
    if isinstance(found, str) and isinstance(wanted, str):
        return plain(found) == plain(wanted)
    if isinstance(found, list | tuple) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return _object(found, wanted)
    return found is None and wanted is None


def plain(text: str) -> str:
    """A text as it is compared."""
    return _IGNORED.sub("", text).lower().replace("'", '"')
