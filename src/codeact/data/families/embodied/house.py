"""A house told in words: places with things in and on them, which somebody goes to, opens, takes from and puts into.

Invariant: the state changes by the tools only, and each says in a short sentence what came of it; what cannot be done changes nothing and
says so. It does not: know what is wanted; `Goal` does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from codeact.tools.function import FunctionTool


class World(Protocol):
    """What tools act in."""

    @property
    def done(self) -> bool:
        """Whether all is as it should be."""
        ...


class WorldTool(FunctionTool):
    """A tool of a world, which the check of the task asks whether all is as it should be.

    Args:
        world: that it acts in.
        function, given: as of `codeact.tools.function.FunctionTool`.
    """

    def __init__(self, world: World, function: Callable[..., Any], **given: Any) -> None:
        super().__init__(function, **given)
        self.world = world


@dataclass(slots=True)
class Place:
    """Where things are.

    Args:
        name: for example ``drawer 2``.
        things: their names, in order.
        closed: it has to be opened before what is in it is seen; None: it cannot be closed.
    """

    name: str
    things: list[str] = field(default_factory=list)
    closed: bool | None = None


@dataclass
class House:
    """The places, and who is in it.

    Args:
        places: by name.
        changers: places that change a thing that is held: the place's name to the state that it gives.
        goal: whether all is as it should be.
        here: the place that was gone to last.
        held: the thing in hand.
        states: what was done to things: ``hot``, ``cold``, ``clean``.
        lit: lamps that are on.
    """

    places: dict[str, Place]
    changers: dict[str, str] = field(default_factory=dict)
    goal: Callable[["House"], bool] = lambda house: False
    here: str = ""
    held: str | None = None
    states: dict[str, set[str]] = field(default_factory=dict)
    lit: set[str] = field(default_factory=set)

    @property
    def done(self) -> bool:
        """Whether the goal is reached."""
        return self.goal(self)

    def where(self, thing: str) -> str | None:
        """The place that a thing is in, None: it is held or gone."""
        return next((place.name for place in self.places.values() if thing in place.things), None)

    def known(self, name: str) -> Place:
        """The place of a name.

        Raises:
            ValueError: there is none.
        """
        if name not in self.places:
            raise ValueError(f"there is no place {name!r}; there are: {', '.join(self.places)}")
        return self.places[name]

    def seen(self, place: Place) -> str:
        """What is to be seen at a place."""
        if place.closed:
            return f"The {place.name} is closed."
        things = ", ".join(place.things) or "nothing"
        return f"{'In' if place.closed is False else 'On'} the {place.name}: {things}."

    def go(self, name: str) -> str:
        """Go to a place."""
        place = self.known(name)
        self.here = name
        return self.seen(place)

    def unclose(self, name: str) -> str:
        """Open a place."""
        place = self.known(name)
        if self.here != name:
            return f"You are not at the {name}."
        if place.closed is None:
            return f"The {name} cannot be opened."
        place.closed = False
        return self.seen(place)

    def take(self, thing: str) -> str:
        """Take a thing at the place where one is."""
        place = self.places.get(self.here)
        if place is None or place.closed or thing not in place.things:
            return f"There is no {thing} here."
        if self.held is not None:
            return f"You already hold the {self.held}."
        place.things.remove(thing)
        self.held = thing
        return f"You hold the {thing}."

    def put(self, thing: str) -> str:
        """Put the held thing down where one is."""
        place = self.places.get(self.here)
        if self.held != thing:
            return f"You do not hold the {thing}."
        if place is None or place.closed:
            return f"The {self.here} is closed." if place else "You are nowhere."
        place.things.append(thing)
        self.held = None
        return f"The {thing} is now {'in' if place.closed is False else 'on'} the {place.name}."

    def change(self, thing: str, state: str) -> str:
        """Give the held thing a state; only at the place that does so."""
        if self.held != thing:
            return f"You do not hold the {thing}."
        if self.changers.get(self.here) != state:
            where = next((name for name, gives in self.changers.items() if gives == state), "right place")
            return f"That works at the {where} only."
        self.states.setdefault(thing, set()).symmetric_difference_update(self.states.get(thing, set()) & {"hot", "cold"})
        self.states[thing].add(state)
        return f"The {thing} is {state} now."

    def light(self, name: str) -> str:
        """Switch a lamp on or off where one is."""
        if self.here != name and self.where(name) != self.here:
            return f"There is no {name} here."
        self.lit.symmetric_difference_update({name})
        return f"The {name} is {'on' if name in self.lit else 'off'}."
