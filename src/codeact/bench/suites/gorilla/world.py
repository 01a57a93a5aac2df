"""The simulators of conversations: the package's own classes, loaded with a task's state, and their state and results compared.

Invariant: a world is of one attempt; the right calls are made in one of their own. What is compared are attributes that do not begin with
an underscore, and results as text, as BFCL does. Numbers with which the host would count for ever are refused. It does not: offer a
model what the descriptions do not name.
"""

import ast
import copy
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from codeact import errors
from codeact.bench.suites.gorilla.source import INSTALL

DOCUMENTS = {
    "GorillaFileSystem": "gorilla_file_system.json",
    "MathAPI": "math_api.json",
    "MessageAPI": "message_api.json",
    "TicketAPI": "ticket_api.json",
    "TradingBot": "trading_bot.json",
    "TravelAPI": "travel_booking.json",
    "TwitterAPI": "posting_api.json",
    "VehicleControlAPI": "vehicle_control.json",
}
"""Class to the file of its functions' descriptions; the module that has the class is called as the file is."""

_HOME = "bfcl_eval.eval_checker.multi_turn_eval.func_source_code"

_MOST = {"power": ("exponent", 1000), "logarithm": ("precision", 1000), "square_root": ("precision", 1000)}
"""Functions of the simulators to an argument and its greatest value."""


def simulator(name: str) -> Any:
    """A new simulator, by the name of its class.

    Raises:
        InputError: there is none of that name; or the package, or what it needs of others, is not installed.
    """
    if name not in DOCUMENTS:
        raise errors.InputError(f"there is no simulator {name!r}; there are: {', '.join(DOCUMENTS)}")
    try:
        return getattr(importlib.import_module(f"{_HOME}.{Path(DOCUMENTS[name]).stem}"), name)()
    except (ImportError, AttributeError) as error:
        needed = f"{INSTALL}; pip install mpmath"
        raise errors.InputError(f"conversations of the suite 'gorilla' need the simulators of bfcl-eval ({error}): {needed}") from None


class World:
    """Simulators with the state of a task.

    Args:
        names: of the classes.
        state: of each, by name.

    Raises:
        InputError: as of `simulator`.
    """

    def __init__(self, names: Sequence[str], state: Mapping[str, Any]) -> None:
        self.parts = {name: simulator(name) for name in names}
        for name, part in self.parts.items():
            load: Any = getattr(part, "_load_scenario", None)
            if load is not None:
                load(copy.deepcopy(state.get(name, {})))

    def function(self, name: str) -> Callable[..., Any]:
        """A function of one of the simulators.

        Raises:
            InputError: none has it.
        """
        for part in self.parts.values():
            if not name.startswith("_") and hasattr(part, name):
                return getattr(part, name)
        raise errors.InputError(f"none of the simulators {', '.join(self.parts)} has a function {name!r}")

    def run(self, call: str) -> str:
        """Make a call that is written as Python; what it gave, or the error, as text."""
        name, args, kwargs = parsed(call)
        try:
            return text_of(self.function(name)(*args, **kwargs))
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError) as error:
            return error_text(error)

    def differences(self, other: "World") -> list[str]:
        """Names of attributes that are not the same in another world of the same classes."""
        return [
            f"{kind}.{name}"
            for kind, part in other.parts.items()
            for name, value in vars(part).items()
            if not name.startswith("_") and getattr(self.parts[kind], name, None) != value
        ]


def check_bounds(name: str, given: Mapping[str, Any]) -> None:
    """Refuse a call that would take the host too long.

    Raises:
        ValueError: a number is too great.
    """
    argument, most = _MOST.get(name, ("", 0))
    value = given.get(argument, 0)
    if isinstance(value, int | float) and abs(value) > most:
        raise ValueError(f"{name}(): {argument} may be at most {most} here, not {value!r:.40}")


def parsed(call: str) -> tuple[str, list[Any], dict[str, Any]]:
    """A call that is written as Python, with literals for arguments.

    Raises:
        InputError: it is none.
    """
    try:
        node: Any = ast.parse(call, mode="eval").body
        args = [ast.literal_eval(one) for one in node.args]
        return node.func.id, args, {one.arg: ast.literal_eval(one.value) for one in node.keywords}
    except (SyntaxError, ValueError, AttributeError) as error:
        raise errors.InputError(f"the right call {call!r} cannot be read: {error}") from None


def plain(value: Any) -> Any:
    """A result as JSON has it: a simulator may give numbers and objects of its own, which no session is sent."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    return float(value) if hasattr(value, "__float__") else str(value)


def error_text(error: Exception) -> str:
    """An error in place of a result, as it is compared."""
    return f"Error: {error}"


def text_of(value: Any) -> str:
    """A result as it is compared."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, sort_keys=True)
    except TypeError:
        return str(value)
