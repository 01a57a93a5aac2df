"""The tools by the names that the dialogues have for them, and the arguments of a recorded call as the tools take them.

Invariant: a tool's name is its method's, in capitals; the order of parameters is that of the recorded calls. It does not: compare calls.
"""

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, get_origin, get_type_hints

from codeact.bench.suites.api_bank.accounts import Accounts
from codeact.bench.suites.api_bank.desk import MISSING, Desk
from codeact.bench.suites.api_bank.health import Health
from codeact.bench.suites.api_bank.home import Home
from codeact.bench.suites.api_bank.knowledge import Knowledge
from codeact.bench.suites.api_bank.schedule import Schedule

SEARCHER, TOKEN = "ToolSearcher", "GetUserToken"
_FAMILIES = (Accounts, Schedule, Health, Home, Knowledge)
_OWN_NAMES = {"document_qa": "DocumentQA"}


def _called(method: str) -> str:
    return _OWN_NAMES.get(method) or method.title().replace("_", "")


METHODS: dict[str, tuple[type, str]] = {
    _called(name): (family, name)
    for family in _FAMILIES
    for name, thing in vars(family).items()
    if inspect.isfunction(thing) and name[0] != "_"
}
"""Name of a tool to its class and method: the 49 of the dialogues."""


def functions(desk: Desk) -> dict[str, Callable[..., Any]]:
    """All tools on a desk, by name, `SEARCHER` among them."""
    made = {family: family(desk) for family in _FAMILIES}
    found: dict[str, Callable[..., Any]] = {name: getattr(made[family], method) for name, (family, method) in METHODS.items()}
    return {**found, SEARCHER: Searcher(desk).tool_searcher}


class Searcher:
    """The tool that finds tools.

    Args:
        desk: whose record says what was found for words that were looked for in it.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def tool_searcher(self, keywords: str) -> list[dict[str, Any]] | dict[str, Any]:
        """Find a tool by words that say what it is for; with the one that gives a token, where it needs one."""
        said = self._desk.recall(SEARCHER, {"keywords": keywords})
        if said is not MISSING:
            return said
        words = set(_words(keywords))
        best = max(
            METHODS, key=lambda name: (len(words & set(_words(_split(name)))), len(words & set(_words(_described(name)["description"]))))
        )
        found = _described(best)
        return [_described(TOKEN), found] if "token" in found["input_parameters"] and best != TOKEN else found


def _described(name: str) -> dict[str, Any]:
    family, method = METHODS[name]
    function = getattr(family, method)
    parameters = [parameter for parameter in get_type_hints(function) if parameter != "return"]
    return {"name": name, "description": inspect.getdoc(function) or "", "input_parameters": parameters}


def _split(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _words(text: str) -> list[str]:
    return [word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())]


def typed(name: str, recorded: Mapping[str, str]) -> dict[str, Any]:
    """Recorded arguments, all of them text, as the parameters of the tool are annotated.

    Raises:
        KeyError: there is no such tool, or it has no such parameter.
        ValueError, SyntaxError: a text is not of the parameter's type.
    """
    if name == SEARCHER:
        return dict(recorded)
    family, method = METHODS[name]
    hints = get_type_hints(getattr(family, method))
    return {parameter: _as(hints[parameter], value) for parameter, value in recorded.items()}


def _as(hint: Any, value: str) -> Any:
    if hint is int:
        return int(value)
    if hint is bool:
        return {"true": True, "false": False}[value.strip().lower()]
    return ast.literal_eval(value) if get_origin(hint) is list else value
