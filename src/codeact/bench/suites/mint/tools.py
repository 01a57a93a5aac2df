"""The tools of the tasks: the house's, which remember what was done, and the search of an encyclopaedia, which is not to be had offline.

Invariant: names and signatures are those that the original's models were told, so that recorded runs can be played again. The house is
started with the first thing done in it. It does not: use the network.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from codeact import errors
from codeact.bench.suites.mint import world
from codeact.bench.suites.mint.tasks import folder_of
from codeact.bench.task import Task

MOST_STEPS = 50
"""After so many things done the original called a game done."""


class Place(Protocol):
    """What a visit needs of a house."""

    @property
    def won(self) -> bool:
        """Whether what the task wants is so."""
        ...

    def act(self, command: str) -> str:
        """Do something; what is seen then."""
        ...

    def close(self) -> None:
        """Free it."""
        ...


class Visit:
    """An agent in a house.

    Args:
        start: makes the house, when the first thing is done in it.
    """

    def __init__(self, start: Callable[[], Place]) -> None:
        self._start = start
        self._house: Place | None = None
        self._lock = threading.Lock()
        self._left = False
        self.steps = 0
        self.won = False

    @property
    def done(self) -> bool:
        """What the original called success: won, or the last step taken."""
        return self.won or self.steps >= MOST_STEPS

    def start(self) -> None:
        """Open the house, which takes a moment; acting in it does so too.

        Raises:
            InputError: the visit is over.
        """
        with self._lock:
            self._opened()

    def act(self, command: str) -> str:
        """Do something in the house; what is seen then.

        Raises:
            InputError: the visit is over.
        """
        with self._lock:
            house = self._opened()
            self.steps += 1
            seen = house.act(command)
            self.won = self.won or house.won
            return seen

    def _opened(self) -> Place:
        if self._left:
            raise errors.InputError("the visit to the house is over")
        if self._house is None:
            self._house = self._start()
        return self._house

    def close(self) -> None:
        """Leave, and free the game; more than once does no harm."""
        with self._lock:
            self._left = True
            if self._house is not None:
                self._house.close()
                self._house = None


class Doing:
    """A tool of the house: a function, and the visit that it belongs to.

    Args:
        visit: in which it acts.
        function: what the agent calls; its name, signature and docstring are the tool's.
    """

    def __init__(self, visit: Visit, function: Callable[..., str]) -> None:
        self.visit = visit
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Call the function."""
        return self._function(*args, **kwargs)

    def close(self) -> None:
        """Leave the house."""
        self.visit.close()


def make_tools(task: Task, data: Path | None) -> list[Any]:
    """The tools of a task.

    Args:
        task: of which `data` may hold "recorded_searches", what an encyclopaedia once answered, by query.
        data: folder of the original's data.
    """
    if "game" in task.data:
        game = folder_of(data) / str(task.data["game"])
        visit = Visit(lambda: world.House(game))
        return tools_of(visit)
    recorded = task.data.get("recorded_searches")
    return [_search(recorded if isinstance(recorded, dict) else {})]


def visit_of(tools: Any) -> Visit:
    """The visit that tools belong to.

    Raises:
        InputError: they are not those of a house.
    """
    for tool in tools:
        if isinstance(getattr(tool, "visit", None), Visit):
            return tool.visit
    raise errors.InputError("the task is one of a house, and its tools are not")


def _search(recorded: dict[str, Any]) -> Callable[[str], str]:
    def wikipedia_search(query: str) -> str:
        """Search an encyclopaedia for a person, a place, a thing or a word, and return the beginning of what it says of it."""
        if query in recorded:
            return str(recorded[query])
        raise ConnectionError("there is no network: the encyclopaedia cannot be searched; do without it")

    return wikipedia_search


def tools_of(visit: Visit) -> list[Doing]:
    """What can be done on a visit."""
    return [Doing(visit, function) for function in (*_handling(visit), *_changing(visit))]


def _handling(visit: Visit) -> list[Callable[..., str]]:
    def put(object: str, receptacle: str) -> str:
        """Put what you carry in or on a receptacle at which you are, for example put("mug 1", "desk 2")."""
        return visit.act(f"put {object} in/on {receptacle}")

    def goto(receptacle: str) -> str:
        """Go to a receptacle, for example goto("drawer 1")."""
        return visit.act(f"go to {receptacle}")

    def take_from(object: str, receptacle: str) -> str:
        """Take a thing out of or off a receptacle at which you are, for example take_from("mug 1", "shelf 2"). You can carry one thing."""
        return visit.act(f"take {object} from {receptacle}")

    def open_receptacle(receptacle: str) -> str:
        """Open a receptacle at which you are, for example open_receptacle("fridge 1")."""
        return visit.act(f"open {receptacle}")

    def toggle(object_or_receptacle: str) -> str:
        """Turn a thing or a receptacle on or off, for example toggle("light 2")."""
        return visit.act(f"toggle {object_or_receptacle}")

    def close_receptacle(receptacle: str) -> str:
        """Close a receptacle at which you are, for example close_receptacle("microwave 1")."""
        return visit.act(f"close {receptacle}")

    return [put, goto, take_from, open_receptacle, toggle, close_receptacle]


def _changing(visit: Visit) -> list[Callable[..., str]]:
    def clean(object: str, receptacle: str) -> str:
        """Clean what you carry, at a receptacle with water, for example clean("cloth 1", "sinkbasin 1")."""
        return visit.act(f"clean {object} with {receptacle}")

    def heat(object: str, receptacle: str) -> str:
        """Heat what you carry, at a receptacle that heats, for example heat("egg 1", "microwave 1")."""
        return visit.act(f"heat {object} with {receptacle}")

    def cool(object: str, receptacle: str) -> str:
        """Cool what you carry, at a receptacle that cools, for example cool("bottle 1", "fridge 1")."""
        return visit.act(f"cool {object} with {receptacle}")

    def use(receptacle: str) -> str:
        """Use a thing that stands where you are, such as a lamp: use("desklamp 1")."""
        return visit.act(f"use {receptacle}")

    def look() -> str:
        """Look around: what is near you."""
        return visit.act("look")

    return [clean, heat, cool, use, look]
