"""What the tasks may call: a house with state, and a search in a few notes.

Invariant: a house is of one attempt, and does the same whenever the same is done. It does not: know what its task wants; `checks` does.
"""

import re
from collections.abc import Callable
from typing import Any

from codeact.bench.task import Task

PLACES = ("table", "shelf", "cupboard", "fridge", "sink", "stove", "box")
CLOSING = ("cupboard", "fridge", "box")
NOTHING = "Nothing happens."

NOTES = {
    "Halden Observatory": "The Halden Observatory was founded in 1903 by Maren Holt. It stands on a hill, and is open on Sundays.",
    "Maren Holt": "Maren Holt (1871 to 1949) was an astronomer, who catalogued double stars.",
    "Orvik": "Orvik is a town with 12,400 people, at a bridge over the river Selna.",
    "Selna": "The river Selna, 310 km long, rises in the hills of Ligo and flows into the Sea of Tamsk.",
    "Ilse Brandt": "Ilse Brandt was a composer of songs. She was taught by Otto Kranz, and wrote an opera late in life.",
    "Otto Kranz": "Otto Kranz taught many composers. He was known for his playing of the cello.",
    "Mount Serra": "Mount Serra is a mountain of 2,954 metres, first climbed in 1868.",
    "Mount Ligo": "Mount Ligo is a mountain of 2,987 metres, with a hut near its top.",
    "Sea of Tamsk": "The Sea of Tamsk is shallow, and frozen for three months of the year.",
}


class House:
    """A small house.

    Args:
        things: what lies where at the beginning, by place.
    """

    def __init__(self, things: dict[str, list[str]]) -> None:
        self.things = {place: list(things.get(place, [])) for place in PLACES}
        self.states: dict[str, str] = {}
        self.closed = set(CLOSING)
        self.at = ""
        self.held = ""

    def has(self, thing: str, state: str, place: str) -> bool:
        """Whether a thing lies somewhere, in a state if one is named."""
        return thing in self.things[place] and (not state or self.states.get(thing) == state)

    def seen(self) -> str:
        """What is to be seen where one is."""
        if not self.at:
            return f"You are in the middle of a room. You see: {', '.join(PLACES)}."
        if self.at in self.closed:
            return f"The {self.at} is closed."
        return f"At the {self.at} you see: {', '.join(self.things[self.at]) or 'nothing'}."

    def changed(self, thing: str, place: str, state: str) -> str:
        """Clean, heat or cool what is held, where that can be done."""
        if not (thing and thing == self.held and place == self.at):
            return NOTHING
        self.states[thing] = state
        return f"The {thing} is {state} now."


def make_tools(task: Task) -> list[Any]:
    """The tools of a task: those of a house, or the search."""
    things: Any = task.data.get("things")
    if things is None:
        return [search]
    house = House(things)
    tools = [*_moving(house), *_changing(house)]
    for tool in tools:
        tool.house = house  # type: ignore[attr-defined]  # by which the check finds it
    return tools


def search(query: str) -> str:
    """Search the notes for a name, and return the note that fits best, or a sentence that says that there is none."""
    words = _words(query)
    best = max(NOTES, key=lambda title: (len(words & _words(title)) / len(_words(title)), len(words & _words(NOTES[title]))))
    if not words & _words(best):
        return f"There is no note on {query!r}."
    return NOTES[best]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - {"the", "of", "mount", "a"}


def _moving(house: House) -> list[Callable[..., str]]:
    def goto(receptacle: str) -> str:
        """Go to a place in the house, for example goto("table"); what is seen there."""
        if receptacle not in PLACES:
            return NOTHING
        house.at = receptacle
        return house.seen()

    def open_receptacle(receptacle: str) -> str:
        """Open a thing with a door or a lid, at which you are; what is in it."""
        if receptacle != house.at or receptacle not in house.closed:
            return NOTHING
        house.closed.discard(receptacle)
        return house.seen()

    def take_from(object: str, receptacle: str) -> str:
        """Take a thing from where you are, for example take_from("cup", "box"). You can carry one."""
        if house.held or receptacle != house.at or receptacle in house.closed or object not in house.things[receptacle]:
            return NOTHING
        house.things[receptacle].remove(object)
        house.held = object
        return f"You take the {object}."

    def put(object: str, receptacle: str) -> str:
        """Put what you carry where you are, for example put("cup", "shelf")."""
        if not house.held or object != house.held or receptacle != house.at or receptacle in house.closed:
            return NOTHING
        house.things[receptacle].append(object)
        house.held = ""
        return f"You put the {object} down at the {receptacle}."

    return [goto, open_receptacle, take_from, put]


def _changing(house: House) -> list[Callable[..., str]]:
    def clean(object: str, receptacle: str) -> str:
        """Clean what you carry, at the sink."""
        return house.changed(object, receptacle, "clean") if receptacle == "sink" else NOTHING

    def heat(object: str, receptacle: str) -> str:
        """Heat what you carry, at the stove."""
        return house.changed(object, receptacle, "hot") if receptacle == "stove" else NOTHING

    def look() -> str:
        """Look around where you are."""
        return house.seen()

    return [clean, heat, look]
